"""The working file when it is gone or damaged while the people's copy is whole: taken from that copy, and said.

Both hold the same tables, and the copy is put in place after every run: nothing that was published is lost by it. What a
committed run has not published is in the archive, and is loaded from there.
"""

from pathlib import Path

from extract.errors import Broken, Busy
from storage import compact, disk, duck, whole
from storage.duck import Connection
from storage.files import aside, sync_folder

DAMAGED = "damaged"  # a file beside the working file: a run found it damaged in the middle of its work


def mark(working: Path) -> None:
    """Remember that the working file is damaged: it opens, and some of its blocks do not read."""
    (working.parent / DAMAGED).touch()


def scan(working: Path) -> None:
    """Read every row of the working file; raises Damaged, and remembers it, where one cannot be read."""
    try:
        with duck.open_file(working, read_only=True) as connection:
            tables = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
            for (table,) in connection.execute(tables).fetchall():
                connection.execute(f'SELECT bit_xor(hash(t)) FROM "{table}" t')
    except duck.Damaged:
        mark(working)
        raise


def bring_back(working: Path, published: Path) -> list[str]:
    """Put a working file in place where it is gone, damaged, or behind the people's; tells what was done. Raises Broken where
    each of the two has runs that the other lacks: nobody but the person can say which is theirs."""
    marked = (working.parent / DAMAGED).exists()
    try:
        theirs = _runs(published)
    except Busy:
        # A person has it open for writing: nothing is known of it, and nothing is wanted of it while ours is there.
        if marked or _runs(working) is None:
            raise
        return []
    if theirs is None:
        return []  # nothing to take it from: a first run, or one whose archive is loaded anew
    ours = None if marked else _runs(working)
    if ours is not None:
        if theirs <= ours:
            return []
        if ours - theirs:
            raise Broken(
                f"{working} and {published} each have runs that the other lacks ({len(ours - theirs)} and "
                f"{len(theirs - ours)}): move the one that is not yours away; the next run goes on from the other"
            )
    why = "was gone" if not working.exists() else "was damaged" if ours is None else "was older than the published file"
    with disk.told(f"taking {working} from {published}", "the published file is whole"):
        kept = _set_aside(working)
        _copy(published, working)
        (working.parent / DAMAGED).unlink(missing_ok=True)
    was = f"; as it was it is set aside as {kept}" if kept else ""
    return [f"the working file {why} and was taken from {published} ({len(theirs):,} runs){was}"]


def make_way(working: Path, published: Path, ours: set[int] | None) -> None:
    """Let the people's copy be written anew: one that is damaged is set aside, for what may still be had of it. `ours` are the working
    file's runs; None: it is no warehouse. Raises Broken where the people's has runs that it lacks, Damaged where it is no warehouse:
    nothing is published over them."""
    try:
        theirs = _runs(published)
    except Busy:  # a person has it open for writing; whoever put another one there would not
        return
    if theirs is None and published.exists():
        with disk.told(f"setting {published} aside", "the working file has everything"):
            _set_aside(published)
    if theirs and ours is None:
        mark(working)
        raise duck.Damaged(f"{working} is damaged; {published} is whole, and the next run takes it from there")
    if theirs and ours is not None and (missing := theirs - ours):
        raise Broken(
            f"{published} has {len(missing)} runs that {working} lacks, and is left as it is: the next run goes on from it"
        )


def _runs(path: Path) -> set[int] | None:
    """The runs a file has; None where there is none, it is damaged, or no warehouse. Raises Busy where another process has it,
    Broken where it cannot be read for another reason."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with duck.open_file(path, read_only=True) as connection:
            return runs_of(connection)
    except duck.Damaged:
        return None


def runs_of(connection: Connection) -> set[int] | None:
    """The runs of a file that is open; None where it is no warehouse."""
    tables = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'runs' AND database_name = current_database()"
    if not connection.execute(tables).fetchall():
        return None
    return {run for (run,) in connection.execute("SELECT run_id FROM runs").fetchall()}


def _set_aside(file: Path) -> str:
    """Keep what is there under another name; gives that name."""
    kept = [path.rename(aside(path)) for path in (file, duck.log_of(file)) if path.exists()]
    return kept[0].name if kept else ""


def _copy(published: Path, working: Path) -> None:
    fresh = working.with_name(f".{working.name}.new")
    working.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not whole.copy(published, fresh):
        compact.compact(fresh)  # an index of it is damaged, or a block not in use; rows that cannot be read are told
    fresh.replace(working)
    sync_folder(working.parent)
