"""Numbered migrations: each SQL file of storage/migrations is applied once, in order, each in a transaction."""

from pathlib import Path

from extract.errors import Broken
from storage.duck import Connection

FOLDER = Path(__file__).with_name("migrations")


def migrate(connection: Connection) -> list[str]:
    """Bring a file up to date; gives the names of the migrations applied, none for a file that was.

    Ends with a checkpoint when it changed anything: replaying table definitions from a write-ahead log after a crash
    has had bugs, so they never stay in one.
    """
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (name VARCHAR PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())"
    )
    done = {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}
    known = sorted(FOLDER.glob("*.sql"))
    if ahead := done - {path.stem for path in known}:
        raise Broken(f"the working file was written by a newer newsduck ({', '.join(sorted(ahead))}): upgrade newsduck")
    applied = []
    for path in known:
        if path.stem not in done:
            connection.begin()
            connection.execute(path.read_text(encoding="utf-8"))
            connection.execute("INSERT INTO migrations (name) VALUES (?)", [path.stem])
            connection.commit()
            applied.append(path.stem)
    if applied:
        connection.execute("COMMENT ON TABLE migrations IS 'Which migrations this file has.'")
        connection.execute("COMMENT ON COLUMN migrations.name IS 'Name of the migration.'")
        connection.execute("COMMENT ON COLUMN migrations.applied_at IS 'When it was applied.'")
        connection.execute("CHECKPOINT")
    return applied
