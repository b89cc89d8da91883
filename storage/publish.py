"""The people's file: a whole copy of the working file, put in place by one rename."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from extract.errors import Broken, Busy
from storage import access, compact, disk, duck, generation, restore, whole
from storage.files import sync_folder


def publish(working: Path, published: Path, group: str = "") -> None:
    """Make `published` a copy of the working file. Readers who have the old one open keep it; nobody sees half of one.

    The copy is of bytes: after a checkpoint the file is whole by itself, and copying it takes a hundredth of the time of
    writing every table anew. How it is written is storage/generation.py's. It is its owner's alone, and the group's where one is named. Raises Broken where it
    cannot be written, Damaged where a row of the working file cannot be read; the old one stays then.
    """
    with duck.open_file(working) as connection:
        connection.execute("CHECKPOINT")
        ours = restore.runs_of(connection)
    restore.make_way(working, published, ours)
    published = published.resolve()  # a link stays one
    fresh = published.with_name(f".{published.name}.new")
    try:
        if not generation.write(working, published, fresh):
            restore.scan(working)
            compact.compact(working)  # every row reads: it is an index, made anew with the file, or a block not in use
            whole.copy(working, fresh)
        access.shared(fresh, group)
        # Somebody who wrote into the old file may have left a log of it, which would make the new one unreadable.
        duck.log_of(published).unlink(missing_ok=True)
        generation.keep(published)
        fresh.replace(published)
        sync_folder(published.parent)
    except (OSError, Broken) as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        if isinstance(error, Broken):
            raise
        raise Broken(
            f"writing {published} failed: {disk.way_out(error)}; the working file has everything, the next run publishes it"
        ) from error


def is_behind(last: datetime | None, published: Path) -> bool:
    """Whether the run that ended last is missing from the people's file: its process died between its commit and its end."""
    try:
        if not published.exists():
            return True
        with duck.open_file(published, read_only=True) as connection:
            return connection.execute("SELECT max(finished_at) FROM runs").fetchall() != [(last,)]
    except (Broken, Busy):  # damaged, or opened by somebody for writing: publishing puts a whole one in its place
        return True
