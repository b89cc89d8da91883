"""What the search index beside the warehouse holds, and whether its files are still those that were written.

The index is derived: a file that is missing, cut or was written by anybody else makes it be built anew.
"""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from storage import disk
from storage.files import replace_file
from storage.look.kept import State

NAME = "newsduck.json"


@dataclass(frozen=True, slots=True)
class Mark:
    """What an index was made from."""

    format: int
    state: State  # of the people's file
    runs: tuple[int, ...]  # whose articles it has
    files: dict[str, tuple[int, int]]  # name → bytes, time of the last write in ns


def read(folder: Path) -> Mark | None:
    """The mark of an index whose files are all as they were written; None where they are not."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        mark = Mark(
            format=found["format"],
            state=tuple(found["state"]),
            runs=tuple(found["runs"]),
            files={name: (size, at) for name, (size, at) in found["files"].items()},
        )
        return mark if mark.files == _files(folder) else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write(folder: Path, format: int, state: State, runs: set[int]) -> None:
    """Mark an index as whole."""
    mark = Mark(format, state, tuple(sorted(runs)), _files(folder))
    replace_file(folder / NAME, json.dumps(asdict(mark)).encode())


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    found = {path.name: path.stat() for path in folder.iterdir() if not path.name.startswith(".") and path.name != NAME}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in sorted(found.items())}


@contextmanager
def held(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold the index: together with others who only read it, or alone."""
    path = folder.with_name(f"{folder.name}.lock")
    with disk.told(f"writing {path}", "the index is as it was"):
        folder.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    with file:
        fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def empty(folder: Path) -> None:
    """Make room for a new index; the caller holds it alone."""
    with disk.told(f"making {folder}", "the warehouse has everything; the next search makes the index anew"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
