"""An upgrade as one act: a working file that an older newsduck wrote is brought up to date in a copy, and the copy takes its
place once it is whole. Until that rename nothing has changed; after it the old file is still there, for the way back.

look for room ─ copy ─ migrate the copy ─ keep the old file as before-upgrade.duckdb ─ put the copy in its place
"""

import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from extract.errors import Broken
from storage import compact, disk, duck, restore, whole
from storage.duck import Connection
from storage.files import sync_folder
from storage.migrate import migrate, waiting

BEFORE = "before-upgrade.duckdb"  # beside the working file: what it was
KEPT = timedelta(days=30)  # how long

# Free disk that an upgrade is begun with, in sizes of the working file. At the peak two files stand there that did not before:
# the old one, and what publishing writes before it takes the other's place. With 100,000 articles that was 2.0 sizes, from the
# newest earlier state as from the oldest (benchmarks/bench_upgrade.py); one that wrote every article anew took 3.5, and was
# mended. tests/faults/test_upgrade.py fails where a migration takes more than this.
ROOM = 3
LEAST = 16 * 2**20  # bytes besides: a file of a few rows grows by more than its size


def is_due(connection: Connection) -> bool:
    """Whether migrations wait for a file in which runs have written. A file without any is made, not upgraded."""
    done, due = waiting(connection)
    return bool(done and due) and connection.execute("SELECT run_id FROM runs LIMIT 1").fetchone() is not None


def upgrade(working: Path, tell: Callable[[str], object]) -> list[str]:
    """Bring a working file up to date; gives the migrations applied, and tells how to go back. Raises Broken where the disk has
    no room for it or a migration fails: the file is as it was then. The caller holds the pipeline's lock."""
    working = working.resolve()
    fresh = _fresh(working)
    with disk.told(f"upgrading {working}", "it is as it was"):
        try:
            _sweep(working)
            came_from = _settle(working)
            _look_for_room(working)
            if not whole.copy(working, fresh):
                restore.scan(working)
                compact.compact(fresh)  # every row reads: what is damaged is an index, or not in use
            applied = _migrate(working, fresh)
            _swap(working, fresh)
        except BaseException as error:
            _sweep(working)
            if isinstance(error, duck.Damaged):
                restore.mark(working)
            raise
    tell(
        f"the working file was upgraded{came_from}: {len(applied)} migration{'s' if len(applied) > 1 else ''} "
        f"({', '.join(applied)}). As it was it is kept as {working.with_name(BEFORE)} for {KEPT.days} days, or until "
        "`newsduck forget` deletes something; docs/deploy.md, Upgrade, says how to go back to it"
    )
    return applied


def drop_before(working: Path, older_than: datetime | None = None) -> bool:
    """Delete what is kept for the way back, if the upgrade was before that moment; gives whether it was deleted."""
    before = working.resolve().with_name(BEFORE)
    with disk.told(f"deleting {before}", "nothing else was changed"):
        if not before.exists() or (older_than and before.stat().st_mtime >= older_than.timestamp()):
            return False
        before.unlink()
        sync_folder(before.parent)
    return True


def _fresh(working: Path) -> Path:
    return working.with_name(f".{working.name}.upgrade")


def _sweep(working: Path) -> None:
    """Take away what an upgrade left that was cut off; a log of it would be read into the next copy."""
    with disk.told(f"clearing {working.parent}", "what is in use is as it was"):
        for left in (*working.parent.glob(f"{_fresh(working).name}*"), working.with_name(f".{BEFORE}.new")):
            left.unlink(missing_ok=True)


def _settle(working: Path) -> str:
    """Make one file whole by itself, without a log beside it; gives the newsduck that wrote it last, in words."""
    with duck.open_file(working) as connection:
        connection.execute("CHECKPOINT")
        wrote = connection.execute("SELECT newsduck FROM runs ORDER BY finished_at DESC LIMIT 1").fetchone()
    if (log := duck.log_of(working)).exists():
        raise Broken(f"{working} cannot be copied whole: {log.name} stays beside it; is it open elsewhere?")
    return f" from that of newsduck {wrote[0]}" if wrote and wrote[0] else ""


def _look_for_room(working: Path) -> None:
    needed = ROOM * working.stat().st_size + LEAST
    free = shutil.disk_usage(working.parent).free
    if free < needed:
        before = working.with_name(BEFORE)
        also = f" ({before}, kept from an earlier upgrade, may go)" if before.exists() else ""
        raise Broken(
            f"upgrading {working} needs {needed / 2**20:,.0f} MiB of free disk, and {free / 2**20:,.0f} MiB are free: nothing was "
            f"changed; make room{also}, then run it again"
        )


def _migrate(working: Path, fresh: Path) -> list[str]:
    """Bring the copy up to date, and make it safe on the disk."""
    names: list[str] = []
    safe = f"{working} is as it was, and so is the published file"
    try:
        with duck.open_file(fresh) as connection:
            migrate(connection, names.append)
    except duck.Damaged as error:
        raise duck.Damaged(
            f"{working} is damaged, as its upgrade found; the next run takes it from the published file, if that is whole"
        ) from error
    except duck.Failed as error:
        raise Broken(
            f"upgrading {working} failed in the migration {''.join(names[-1:])} ({error.said}); {safe}: go on with the newsduck that wrote "
            "it, and report this"
        ) from error
    except Broken as error:
        raise Broken(f"upgrading {working} failed: {error}; {safe}") from error
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    return names


def _swap(working: Path, fresh: Path) -> None:
    """Keep the old file under another name and put the new one in its place. At every moment there is a whole one."""
    before, beside = working.with_name(BEFORE), working.with_name(f".{BEFORE}.new")
    try:
        beside.hardlink_to(working)
    except OSError:  # a file system without second names
        whole.copy(working, beside)
    beside.chmod(0o600)
    os.utime(beside)  # its age counts from now
    beside.replace(before)
    beside.unlink(missing_ok=True)  # a rename between two names of one file leaves both
    sync_folder(working.parent)
    fresh.replace(working)
    sync_folder(working.parent)
