"""Where an archive is: the folder in which its files are written, and where they go once their run is committed.

    data/archive ── written and synced ── run committed ── sent whole, checked ──→ a shared folder, or s3://bucket/prefix

A place is a plain value, which any process may be given: what asks a store is made where it is needed, once a process.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from extract.errors import BadInput

S3 = "s3://"
RECORD = ".elsewhere"  # of the folder: where its files have gone, and by which mark that store is known
MARK = "newsduck-archive.txt"  # of the store: the same, so that an empty mount point or another archive is not taken for it
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(/[A-Za-z0-9!_.*'()-]+)*/?")


@dataclass(frozen=True, slots=True)
class Held:
    """A file as a store has it."""

    size: int  # bytes
    digest: str  # its SHA-256, in hexadecimal


class Store(Protocol):
    """Where files are kept whole under their names. Each of these raises Unreachable where it does not answer now, and BadInput,
    with the way out, where it does not exist or refuses."""

    def names(self, since: str = "") -> list[str]:
        """The names of what looks like archive files, those that are `since` or greater."""

    def read(self, name: str, start: int, size: int) -> bytes:
        """At most so many bytes of a file from there on; none behind its end. Raises FileNotFoundError."""

    def held(self, name: str) -> Held | None:
        """A file, where it is there."""

    def put(self, path: Path, name: str, held: Held) -> None:
        """Put a file there whole, in the place of whatever has the name; the store has checked it against its digest."""

    def drop_older(self, name: str) -> None:
        """Delete what the store keeps of a file from before it was put anew."""

    def delete(self, name: str) -> None:
        """Delete a file and all that was kept of it; one that is not there is deleted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an archive is."""

    folder: Path  # where its files are written; all of them are there where nothing is sent elsewhere
    elsewhere: str = ""  # a folder, or s3://bucket/prefix; empty: nowhere

    def __str__(self) -> str:
        return self.elsewhere or str(self.folder)

    def path(self, name: str) -> Path:
        """Where a file stands while it is here."""
        return self.folder / name

    @property
    def store(self) -> Store | None:
        """Where its files go, to be asked; made once a process. Raises BadInput where that cannot be."""
        if not self.elsewhere:
            return None
        key = (os.getpid(), self)  # what is connected does not survive a fork
        if key not in _stores:
            _stores[key] = self._made()
        return _stores[key]

    def _made(self) -> Store:
        if self.elsewhere.startswith(S3):
            from storage.store.s3 import Bucket  # the import needs an extra, and time

            parts = urlsplit(self.elsewhere)
            return Bucket(parts.netloc, parts.path.strip("/"))
        from storage.store.folder import Shared

        return Shared(Path(self.elsewhere), self.folder / RECORD)


_stores: dict[tuple[int, Place], Store] = {}


def check(elsewhere: str, folder: Path) -> None:
    """Raises BadInput where the archive of this folder cannot go there, by what the words say; nobody is asked."""
    if "://" in elsewhere:
        try:
            parts = urlsplit(elsewhere)
            told = bool(parts.username or parts.password or parts.query or parts.fragment) or "@" in elsewhere
        except ValueError:
            told = "@" in elsewhere
        if told:  # which is not shown
            raise BadInput(
                "`archive` holds more than s3://bucket/prefix: keys do not belong into the settings; they come from the environment "
                "(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE) or from the machine's role"
            )
        if (
            not elsewhere.startswith(S3)
            or not _BUCKET.fullmatch(parts.netloc)
            or not _PREFIX.fullmatch(parts.path)
            or "//" in parts.path
        ):
            raise BadInput(
                f"archive = {elsewhere!r} is no place for an archive: s3://bucket/prefix is one, with letters, digits and -._/ in it, or a folder"
            )
        return
    there = Path(elsewhere)
    if elsewhere and (folder.is_relative_to(there) or there.is_relative_to(folder)):
        raise BadInput(
            f"archive = {elsewhere!r} is {folder} itself, in it or around it, where files are written first: name another folder, or leave it out"
        )
