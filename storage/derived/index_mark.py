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
    """The mark of an index whose files are all as they were written; None where they are not. Of files that were copied, and have
    other times, it is told by what is in them, and marked once more."""
    try:
        mark = _marked(folder)
        files = _files(folder, mark.files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    if files == mark.files:
        return mark
    if {name: _content(file) for name, file in files.items()} != {n: _content(file) for n, file in mark.files.items()}:
        return None
    copied = replace(mark, files=files)
    with suppress(OSError):  # who may not write here looks at them again the next time
        _put(folder, copied)
    return copied


def write(folder: Path, format: int, state: State, runs: set[int]) -> None:
    """Mark an index as whole."""
    try:
        known = _marked(folder).files
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        known = {}
    _put(folder, Mark(format, state, tuple(sorted(runs)), _files(folder, known)))


def _marked(folder: Path) -> Mark:
    found = json.loads((folder / NAME).read_text(encoding="utf-8"))
    files = {name: (size, at, "".join(content)) for name, (size, at, *content) in found["files"].items()}
    return Mark(found["format"], tuple(found["state"]), tuple(found["runs"]), files)


def _put(folder: Path, mark: Mark) -> None:
    replace_file(folder / NAME, json.dumps(asdict(mark)).encode())


def _files(folder: Path, known: Mapping[str, File]) -> dict[str, File]:
    """The files of an index. Those that are `known` by size and time are not read: tantivy never changes one that it has written."""
    found = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == NAME:
            continue
        stat = path.stat()
        told = known.get(path.name)
        if told is not None and told[:2] == (stat.st_size, stat.st_mtime_ns):
            found[path.name] = told
            continue
        with path.open("rb") as file:
            found[path.name] = stat.st_size, stat.st_mtime_ns, hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _content(file: File) -> tuple[int, str]:
    size, _, content = file
    return size, content


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
