"""Where DuckDB lays aside what its memory does not hold: in a folder beside the file it works on, no longer than its process is there."""

import itertools
import os
import shutil
from pathlib import Path

PREFIX = ".sql-"  # what such folders are called, before the number of their process
_numbers = itertools.count()


def beside(path: Path) -> Path:
    """A folder beside a file that this process has not used yet; DuckDB makes it when it needs it, and takes it away. What
    processes left there that were killed goes now."""
    sweep(path.parent)
    return path.parent / f"{PREFIX}{os.getpid()}-{next(_numbers)}"


def sweep(folder: Path) -> None:
    """Take away what was laid aside in a folder by processes that were killed, as far as the disk lets it."""
    try:
        there = list(folder.glob(f"{PREFIX}*"))
    except OSError:  # told, where it matters, by whoever opens the file beside it
        return
    for left in there:
        if not is_at_work(left.name.removeprefix(PREFIX).split("-")[0]):
            shutil.rmtree(left, ignore_errors=True)


def is_at_work(process: str) -> bool:
    """Whether a process, by its number as a name has it, is there; what is no number is none."""
    try:
        os.kill(int(process), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True
