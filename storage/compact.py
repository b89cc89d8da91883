"""The working file written anew, without the room that deleted rows left."""

import os
from contextlib import suppress
from pathlib import Path

from extract.errors import Broken
from storage import disk, duck
from storage.files import sync_folder

WORTH = 0.25  # of the file free: below, writing it anew costs more than it brings


def free_share(path: Path) -> float:
    """How much of a file is free blocks, 0 to 1."""
    with duck.open_file(path) as connection:
        connection.execute("CHECKPOINT")
        row = connection.execute(
            "SELECT total_blocks, free_blocks FROM pragma_database_size() WHERE database_name = 'file'"
        ).fetchone()
    return row[1] / row[0] if row and row[0] else 0.0


def compact(path: Path) -> tuple[int, int]:
    """Write a file anew and put it in place by one rename; gives its bytes before and after. Either file is whole at any
    moment. The caller holds the pipeline's lock."""
    fresh = path.with_name(f".{path.name}.compact")
    try:
        with disk.told(f"writing {path} anew", "it stays as it is"):
            return _compact(path, fresh)
    except Broken:
        with suppress(OSError):
            _remove(fresh)
        raise


def _compact(path: Path, fresh: Path) -> tuple[int, int]:
    before = path.stat().st_size
    _remove(fresh)
    with duck.open_file(path) as connection:
        connection.execute("CHECKPOINT")
        with duck.attached(connection, fresh, "fresh", duck.WRITTEN):
            connection.execute("COPY FROM DATABASE file TO fresh")
            counts = [_counts(connection, name) for name in ("file", "fresh")]
            connection.execute("CHECKPOINT fresh")
    if counts[0] != counts[1]:
        raise Broken(f"{path} could not be written anew: rows differ; it stays as it is")
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    fresh.replace(path)
    sync_folder(path.parent)
    return before, path.stat().st_size


def _remove(fresh: Path) -> None:
    for path in (fresh, duck.log_of(fresh)):
        path.unlink(missing_ok=True)


def _counts(connection: duck.Connection, name: str) -> dict[str, int]:
    """Rows of each table of an attached file."""
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY table_name", [name]
    ).fetchall()
    found = {}
    for (table,) in tables:
        row = connection.execute(f'SELECT count(*) FROM {name}.main."{table}"').fetchone()
        found[table] = int(row[0]) if row else 0
    return found
