"""The people's file written by what is new, not by what is kept.

A file system that shares blocks between files clones the working file. On others the people's file of the run before is kept
beside the new one, where nobody sees it, and the next run brings it up to date: blocks that are equal are read and left alone.
It is brought up only while no process has it open, for a reader of it must not see it change; else, and where there is no
room for it, all of it is written.
"""

import errno
import fcntl
import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from storage import whole
from storage.files import private

LEAST = 64 * 2**20  # bytes: below, a copy is written before one could look for what differs
CLONE = 0x40049409  # FICLONE, Linux: include/uapi/linux/fs.h
# What a file system says that cannot do it.
UNABLE = {errno.EOPNOTSUPP, errno.ENOTTY, errno.EXDEV, errno.EINVAL, errno.ENOSYS}


def write(working: Path, published: Path, fresh: Path) -> bool:
    """Make `fresh` a copy of the working file, safe on the disk; gives whether each block that was not there before has its
    checksum. Raises OSError where it cannot be written."""
    if clone(working, fresh):
        return whole.check(working)
    if _take(former(published), fresh):
        return whole.bring_up(working, fresh)
    return whole.copy(working, fresh)


def keep(published: Path) -> None:
    """Keep the people's file, which another is about to replace, for the run after that one; not where a run has no use for it,
    or the disk no room."""
    drop(published)
    with suppress(OSError):  # it costs the next run a copy
        size = published.stat().st_size
        if size >= LEAST and hasattr(fcntl, "F_SETLEASE") and shutil.disk_usage(published.parent).free > size:
            os.link(published, former(published))


def drop(published: Path) -> None:
    """Let go of what is kept for the next run: it has what the working file had two runs ago."""
    former(published).unlink(missing_ok=True)


def former(published: Path) -> Path:
    """Where the people's file of the run before is kept."""
    return published.with_name(f".{published.name}.former")


def clone(working: Path, fresh: Path) -> bool:
    """Make `fresh` share the working file's blocks; gives whether the file system does that."""
    fresh.unlink(missing_ok=True)
    with working.open("rb") as source, open(fresh, "xb", opener=private) as target:
        try:
            fcntl.ioctl(target.fileno(), CLONE, source.fileno())
            os.fsync(target.fileno())
        except OSError as error:
            if error.errno not in UNABLE:
                raise
            return False
    return True


def _take(path: Path, fresh: Path) -> bool:
    """Rename a file that nobody else has open or knows by another name; gives whether it is ours now."""
    fresh.unlink(missing_ok=True)
    try:
        path.replace(fresh)
    except FileNotFoundError:
        return False
    with fresh.open("rb+") as file:
        if os.fstat(file.fileno()).st_nlink == 1 and _alone(file.fileno()):
            return True
    fresh.unlink()
    return False


def _alone(descriptor: int) -> bool:
    """Whether no other process has a file open or mapped: only then does the system lend it to us (man 2 fcntl, leases)."""
    try:
        # Whoever opens it in the instant of the loan has a signal sent to us, by default one that ends us.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError:
        return False
    return True
