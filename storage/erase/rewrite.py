"""Archive files written anew without what is forgotten, beside the old ones: nothing is in place before the rows are.

Pages of forgotten addresses go, with their requests. Of a list that carried one only its item goes; where it cannot be cut
out, the whole list.
"""

import json
import mmap
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from storage import archive, disk, files, salvage
from storage.erase import records
from storage.erase.records import Record
from storage.files import private
from storage.store import send
from storage.store.place import Place

SUFFIX = ".erased"  # of a file written anew that is not in place yet
LONGEST = timedelta(days=2)  # from a run's begin, which its file is named by, to the last document it fetched


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as the archive has it."""

    subject: str  # the feed's URL
    url: str  # where it was found
    content_type: str
    body: bytes
    fetched_at: datetime


Cut = Callable[
    [Listing], bytes | None
]  # the body without what goes, the same where nothing does; None: it cannot be cut


@dataclass(frozen=True, slots=True)
class Wanted:
    """What goes out of the archive."""

    urls: frozenset[str]  # canonical addresses of pages
    noted: Callable[[str, Any], Any] = lambda _, said: said  # what is left of a run's note, by what it is of
    places: frozenset[tuple[str, int]] = frozenset()  # (file, byte) of pages, whatever their address
    since: datetime | None = None  # it was not seen before; None: it may be in any file
    until: datetime | None = None  # nor after
    feeds: frozenset[str] | None = None  # the lists to look into, by their feeds' URLs; None: all


@dataclass(slots=True)
class Rewritten:
    """A file written anew, and what became of it."""

    name: str
    pages: int = 0  # documents that went
    cut: int = 0  # lists that lost an item
    lists: list[str] = field(default_factory=list)  # of which feeds whole lists went
    damaged: int = 0  # bytes that are no record, and not in the new file
    aside: str = ""  # where the file is kept as it was for them
    moved: list[tuple[int, int]] = field(default_factory=list)  # where each record stood and stands


def fresh(path: Path) -> Path:
    """Where a file is written anew."""
    return path.with_name(f".{path.name}{SUFFIX}")


def sweep(place: Place, but: Collection[str] = ()) -> None:
    """Take away what was written anew by an erasure that was cut off before it was decided, but for these files. Raises
    Broken where the disk refuses."""
    kept = {fresh(place.path(name)) for name in but}
    with disk.told(f"clearing {place.folder}", "nothing was changed"):
        for left in set(place.folder.glob(f"*/*/*/.*{SUFFIX}")) - kept:
            left.unlink(missing_ok=True)


def names(place: Place, wanted: Wanted) -> list[str]:
    """The archive files that may hold what goes, oldest first. Raises as storage/store/ says where some are elsewhere."""
    found = []
    for name in archive.files(place):
        began = archive.began(name)
        assert began is not None
        if wanted.since is not None and began < wanted.since - LONGEST:
            continue
        if wanted.until is not None and began > wanted.until + timedelta(days=1):
            continue
        found.append(name)
    return found


def rewrite(
    place: Place, name: str, wanted: Wanted, cut: Cut, stays: Collection[int] = (), *, only_say: bool = False
) -> Rewritten | None:
    """Write a file anew beside itself, safe on the disk, without what goes, but for what `stays` at these bytes; None where nothing does. With `only_say` nothing is
    written. One that is elsewhere is brought for it. Raises Broken where the disk refuses, and as storage/store/ says."""
    with (
        disk.told(f"writing {place.path(name)} anew", "it is as it was"),
        send.at_hand(place, name) as path,
        path.open("rb") as file,
    ):
        if path.stat().st_size == 0:
            return None
        return _rewrite(path, file, name, wanted, cut, stays, only_say=only_say)


def _rewrite(
    path: Path, file: IO[bytes], name: str, wanted: Wanted, cut: Cut, stays: Collection[int], *, only_say: bool
) -> Rewritten | None:
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        done = Rewritten(name)
        parts = _decided(data, wanted, cut, stays, done)
        if not (done.pages or done.cut or done.lists):
            return None
        if not only_say:
            if done.damaged:  # evidence, which is the person's to delete
                aside = files.aside(path)
                aside.hardlink_to(path)
                done.aside = aside.name
            _write(fresh(path), parts)
        return done


Part = tuple[int, bytes]  # where a record stood, and its bytes


def _decided(data: mmap.mmap, wanted: Wanted, cut: Cut, stays: Collection[int], done: Rewritten) -> Iterable[Part]:
    """What the new file is of; says in `done` what goes."""
    stay: list[tuple[Record, bytes | None]] = []
    gone: set[str] = set()
    for record in records.read(data):
        if not isinstance(record, Record):
            start, end = record
            if end < len(data) or not salvage.is_torn(data, start):
                done.damaged += end - start
            continue
        edited = None if record.start in stays else _edited(data, record, wanted, cut, done)
        if edited == b"":
            gone.add(record.identity)
        else:
            stay.append((Record(record.start, record.end, record.head, b""), edited))
    kept = [(record, edited) for record, edited in stay if not gone or not _is_of(record, gone)]
    at = 0
    for record, edited in kept:
        done.moved.append((record.start, at))
        at += record.end - record.start if edited is None else len(edited)
    return _bytes(data, kept)


def _bytes(data: mmap.mmap, kept: list[tuple[Record, bytes | None]]) -> Iterator[Part]:
    for record, edited in kept:
        yield record.start, data[record.start : record.end] if edited is None else edited


def _is_of(record: Record, gone: set[str]) -> bool:
    """Whether a record, such as a request, only tells of another that goes."""
    return any(record.head.get(name, "") in gone for name in ("warc-concurrent-to", "warc-refers-to"))


def _edited(data: mmap.mmap, record: Record, wanted: Wanted, cut: Cut, done: Rewritten) -> bytes | None:
    """None for a record that stays as it is, b"" for one that goes, else what it becomes."""
    if what := record.note:
        said = json.loads(record.block)
        left = wanted.noted(what, said)
        if left == said:
            return None
        done.cut += 1
        return records.with_block(data, record, json.dumps(left, ensure_ascii=False).encode())
    if not (ours := record.ours):
        return None
    ask = ours["ask"]
    role, subject = ask.get("role"), str(ask.get("subject"))
    if role in ("page", "capture"):
        url = record.head.get("warc-target-uri", "")
        if (
            wanted.urls.isdisjoint((url, subject, str(ask.get("url"))))
            and (done.name, record.start) not in wanted.places
        ):
            return None
        done.pages += 1
        return b""
    if role not in ("feed", "older") or (wanted.feeds is not None and subject not in wanted.feeds):
        return None
    body = record.http[1]
    if not body:
        return None
    told = Listing(
        subject,
        record.head.get("warc-target-uri", ""),
        record.header("content-type"),
        body,
        datetime.fromisoformat(record.head["warc-date"]),
    )
    left = cut(told)
    if left is None:
        done.lists.append(subject)
        return b""
    if left is body or left == body:
        return None
    done.cut += 1
    return records.with_body(data, record, left)


def _write(path: Path, parts: Iterable[Part]) -> None:
    path.unlink(missing_ok=True)
    try:
        with open(path, "xb", opener=private) as target:
            target.writelines(part for _, part in parts)
            target.flush()
            os.fsync(target.fileno())
    except OSError:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise
