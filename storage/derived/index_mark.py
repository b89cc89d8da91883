"""What the search index beside the warehouse holds, and whether its files are still those that were written.

The index is derived: a file that is missing, cut or was written by anybody else makes it be built anew.
"""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from extract.errors import Broken
from storage import disk
from storage.files import replace_file
from storage.look.kept import State

NAME = "newsduck.json"


File = tuple[int, int, str]  # bytes, time of the last write in ns, SHA-256 of what is in it (0.2 had none)


@dataclass(frozen=True, slots=True)
class Mark:
    """What an index was made from."""

    format: int
    state: State  # of the people's file
    runs: tuple[int, ...]  # whose articles it has
    files: dict[str, File]


def read(folder: Path) -> Mark | None:
    """The mark of an index whose files are all as they were written, by their sizes and times; None where they are not."""
    mark = _marked(folder)
    try:
        there = {path.name: _stat(path) for path in _paths(folder)}
    except OSError:
        return None
    return mark if mark is not None and there == {name: file[:2] for name, file in mark.files.items()} else None


def recognize(folder: Path) -> None:
    """Mark an index once more whose files were copied, and have other times, if they are those that were written by what is in
    them; the caller holds it alone."""
    mark = _marked(folder)
    with suppress(OSError, Broken):  # who may not do so has it made anew, or is told
        if mark is not None and read(folder) is None:
            files = _files(folder, {})
            contents = [{name: (size, told) for name, (size, _, told) in some.items()} for some in (files, mark.files)]
            if contents[0] == contents[1]:
                _put(folder, replace(mark, files=files))


def write(folder: Path, format: int, state: State, runs: set[int]) -> None:
    """Mark an index as whole."""
    mark = _marked(folder)
    _put(folder, Mark(format, state, tuple(sorted(runs)), _files(folder, mark.files if mark is not None else {})))


def _marked(folder: Path) -> Mark | None:
    """The mark as it stands in its file; None where it is none."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = {name: (size, at, "".join(content)) for name, (size, at, *content) in found["files"].items()}
        return Mark(found["format"], tuple(found["state"]), tuple(map(int, found["runs"])), files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _put(folder: Path, mark: Mark) -> None:
    replace_file(folder / NAME, json.dumps(asdict(mark)).encode())


def _paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != NAME)


def _stat(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _files(folder: Path, known: Mapping[str, File]) -> dict[str, File]:
    """The files of an index. Those that are `known` by size and time are not read: tantivy never changes one that it has written."""
    found = {}
    for path in _paths(folder):
        size, at = _stat(path)
        before = known.get(path.name, (0, 0, ""))
        if before[2] and before[:2] == (size, at):
            found[path.name] = before
            continue
        with path.open("rb") as file:
            found[path.name] = size, at, hashlib.file_digest(file, "sha256").hexdigest()
    return found


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
