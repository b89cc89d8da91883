"""The folder an export goes to: written aside, and put in place whole by a rename."""

import glob
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from extract.errors import BadInput
from storage import aside, disk
from storage.files import sync_folder

PACKAGE = "datapackage.json"
MARK = "x-newsduck"  # the key of datapackage.json by which an export is known
BLOCK = 2**20


def read(folder: Path) -> dict[str, Any]:
    """The datapackage.json of an export. Raises BadInput where the folder is none."""
    try:
        found = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{folder} is no export of newsduck: it has no {PACKAGE} that can be read") from error
    if not isinstance(found, dict) or not isinstance(found.get(MARK), dict):
        raise BadInput(f"{folder} is no export of newsduck: its {PACKAGE} is another's")
    return found


def check(folder: Path) -> None:
    """Raises BadInput where a folder that is there is no export, or holds what is not of the export: it would be lost."""
    if not folder.parent.is_dir():
        raise BadInput(f"{folder.parent} is no folder: make it first, or choose another place")
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir():
        raise BadInput(f"{folder} is a file: choose another name for the export")
    try:
        package = read(folder)
        papers: Mapping[str, str] = package[MARK]["papers"]
        listed = {str(one["path"]) for one in package["resources"]} | {PACKAGE, *papers}
    except (BadInput, KeyError, TypeError, AttributeError) as error:
        raise BadInput(
            f"{folder} is there and is no export of newsduck: nothing in it is touched; choose another folder, or empty it"
        ) from error
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not path.is_dir() and name not in listed:
            raise BadInput(f"{path} is no part of the export and would be lost: move it away, or choose another folder")
        if name in papers and digest(path) != papers[name]:
            raise BadInput(f"{path} was changed since it was written: move it away, or choose another folder")


def digest(path: Path) -> str:
    """SHA-256 of a file, as a data package has it: "sha256:" and hexadecimal."""
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return f"sha256:{found.hexdigest()}"


@contextmanager
def written(folder: Path, *, private: bool = False) -> Iterator[Path]:
    """A new folder beside, to write an export into; it takes the folder's place at the end, and goes where something fails. With
    `private` it is its owner's alone. Raises Broken where the disk refuses."""
    folder = folder.resolve()
    fresh, old = (folder.with_name(f".{folder.name}.{what}-{os.getpid()}") for what in ("new", "old"))
    with disk.told(f"writing {folder}", "what was there is as it was"):
        _sweep(folder, "new")
        fresh.mkdir(mode=0o700 if private else 0o777)
        try:
            yield fresh
            check(folder)  # once more: somebody may have put something there meanwhile
            _synced(fresh)
            _exchange(folder, fresh, old)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        sync_folder(folder.parent)
        shutil.rmtree(old, ignore_errors=True)
        _sweep(folder, "old")


def _exchange(folder: Path, fresh: Path, old: Path) -> None:
    if folder.exists():
        folder.rename(old)
    try:
        fresh.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise


def _sweep(folder: Path, what: str) -> None:
    """Take away what exports to this folder left beside it that were killed."""
    for left in folder.parent.glob(f".{glob.escape(folder.name)}.{what}-*"):
        if not aside.is_at_work(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)


def _synced(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)
