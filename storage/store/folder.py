"""An archive's files in a folder that others share, such as a mount of another machine's disk."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from extract.errors import Unreachable
from storage import disk
from storage.files import private, sync_folder
from storage.store import names
from storage.store.place import MARK, Held

STEP = 1 << 20


class Shared:
    """Such a folder. It is used only where it is there, and, once files have gone to it, where their mark is: an empty mount point
    is nobody's archive."""

    def __init__(self, root: Path, record: Path) -> None:
        self._root, self._record = root, record

    def names(self, since: str = "") -> list[str]:
        """As Store says."""
        with self._there():
            return names.all_here(self._root, since)

    def read(self, name: str, start: int, size: int) -> bytes:
        """As Store says."""
        with self._there(), (self._root / name).open("rb") as file:
            file.seek(start)
            return file.read(size)

    def held(self, name: str) -> Held | None:
        """As Store says."""
        with self._there():
            path = self._root / name
            return held(path) if path.exists() else None

    def put(self, path: Path, name: str, held: Held) -> None:
        """As Store says. Raises Unreachable where what was written is not what is read back."""
        with self._there(but_mark=name == MARK):
            target = self._root / name
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = target.with_name(f".{target.name}.new")
            try:
                fresh.unlink(missing_ok=True)
                with path.open("rb") as source, open(fresh, "xb", opener=private) as copy:
                    shutil.copyfileobj(source, copy, STEP)
                    copy.flush()
                    os.fsync(copy.fileno())
                if _held(fresh) != held:
                    raise Unreachable(f"{target} is not what was written there: look at that disk")
                fresh.replace(target)
            finally:
                with suppress(OSError):
                    fresh.unlink(missing_ok=True)
            for folder in list(target.parents)[:4]:
                sync_folder(folder)
                if folder == self._root:
                    break

    def drop_older(self, name: str) -> None:
        """As Store says: a folder keeps nothing."""

    def delete(self, name: str) -> None:
        """As Store says."""
        with self._there():
            names.unlink(self._root, name)

    @contextmanager
    def _there(self, *, but_mark: bool = False) -> Iterator[None]:
        try:
            if not self._root.is_dir():
                raise Unreachable(f"the archive's folder {self._root} is not there: mount it, or make it")
            if not but_mark and self._record.exists() and not (self._root / MARK).exists():
                raise Unreachable(
                    f"{self._root} is there and {MARK} in it is not, so it is not the folder that the archive is in: mount that"
                )
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise Unreachable(f"the archive's folder {self._root}: {disk.way_out(error)}") from error


def held(path: Path) -> Held:
    """A file's size and digest. Raises Broken where it cannot be read."""
    with disk.told(f"reading {path}", "nothing was changed"):
        return _held(path)


def _held(path: Path) -> Held:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Held(file.tell(), digest)
