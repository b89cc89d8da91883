"""Numbered migrations: each SQL file of storage/migrations is applied once, in order, each in a transaction."""

from collections.abc import Callable
from pathlib import Path

from extract.errors import Broken
from storage.duck import Connection

FOLDER = Path(__file__).with_name("migrations")


def waiting(connection: Connection) -> tuple[list[str], list[Path]]:
    """(the migrations a file has, those it waits for); raises Broken where a newer newsduck wrote it."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (name VARCHAR PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())"
    )
    done = {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}
    known = sorted(FOLDER.glob("*.sql"))
    if ahead := done - {path.stem for path in known}:
        raise Broken(f"the working file was written by a newer newsduck ({', '.join(sorted(ahead))}): upgrade newsduck")
    return sorted(done), [path for path in known if path.stem not in done]


def migrate(connection: Connection, begins: Callable[[str], object] = lambda _: None) -> list[str]:
    """Bring a file up to date; gives the names of the migrations applied, none for a file that was. `begins` is told each
    name before its turn.

    Ends with a checkpoint when it changed anything: replaying table definitions from a write-ahead log after a crash
    has had bugs, so they never stay in one.
    """
    _, due = waiting(connection)
    for path in due:
        begins(path.stem)
        connection.begin()
        connection.execute(path.read_text(encoding="utf-8"))
        connection.execute("INSERT INTO migrations (name) VALUES (?)", [path.stem])
        connection.commit()
    if due:
        connection.execute("COMMENT ON TABLE migrations IS 'Which migrations this file has.'")
        connection.execute("COMMENT ON COLUMN migrations.name IS 'Name of the migration.'")
        connection.execute("COMMENT ON COLUMN migrations.applied_at IS 'When it was applied.'")
        connection.execute("CHECKPOINT")
    return [path.stem for path in due]
