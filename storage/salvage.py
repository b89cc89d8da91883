"""What is whole of an archive file that is not: its records are gzip members, each with a checksum of its own, so that
damaged bytes cost the records they stand in and no other."""

import mmap
import os
import shutil
import zlib
from dataclasses import dataclass
from pathlib import Path

from storage import files
from storage.files import private, sync_folder

MAGIC = b"\x1f\x8b\x08"  # how a gzip member begins
STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Mended:
    """What was done to a file."""

    torn: int = 0  # bytes cut off its end: a record that was being written
    damaged: int = 0  # bytes left out from between whole records
    aside: str = ""  # the name under which the whole damaged file was set aside


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of a file, from one up to before another."""

    start: int
    end: int


def mend(path: Path) -> Mended:
    """Make a file of whole records only; a whole one is not touched.

    A record that was being written when its run died is cut off: it was never synced, so nothing that was promised is lost;
    zeros behind the last record are such an end too. Where bytes are damaged the file is set aside as it is, and what is
    whole before and behind them takes its place.
    """
    size = path.stat().st_size
    if not size:
        return Mended()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        spans = _whole(data)
        end = spans[-1].end if spans else 0
        torn = size - end if is_torn(data, end) else 0
        damaged = size - torn - sum(span.end - span.start for span in spans)
        if damaged:
            return _set_aside(path, data, spans, Mended(torn, damaged, files.aside(path).name))
    if torn:
        os.truncate(path, end)
    return Mended(torn)


def whole(path: Path) -> list[Span]:
    """The places of the records that are whole in a file, which is left as it is; those side by side as one."""
    if not path.stat().st_size:
        return []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return _whole(data)


def _whole(data: mmap.mmap) -> list[Span]:
    """The places of the records that are whole, those side by side as one."""
    spans: list[Span] = []
    at = 0
    while 0 <= at < len(data):
        if (end := _end(data, at)) is None:
            at = data.find(MAGIC, at + 1)
            continue
        if spans and spans[-1].end == at:
            spans[-1] = Span(spans[-1].start, end)
        else:
            spans.append(Span(at, end))
        at = end
    return spans


def _end(data: mmap.mmap, start: int) -> int | None:
    """Where the record that begins here ends, where it is a whole one."""
    member, head, at = zlib.decompressobj(wbits=31), b"", start
    try:
        while not member.eof and at < len(data):
            chunk = data[at : at + STEP]
            plain = member.decompress(chunk)
            head = head or plain[:5]
            at += len(chunk) - len(member.unused_data)
    except zlib.error:
        return None
    return at if member.eof and head == b"WARC/" else None


def is_torn(data: mmap.mmap, start: int) -> bool:
    """Whether what stands behind the last whole record is one that was being written: it ends too early, and is not wrong."""
    rest = data[start:].rstrip(b"\0")
    if not rest:
        return True
    member = zlib.decompressobj(wbits=31)
    try:
        member.decompress(rest)
    except zlib.error:
        return False
    return rest.startswith(MAGIC[: len(rest)]) and not member.eof


def set_aside(path: Path) -> str:
    """Take a whole file out of the archive's reckoning; gives its name now."""
    return path.rename(files.aside(path)).name


def _set_aside(path: Path, data: mmap.mmap, spans: list[Span], done: Mended) -> Mended:
    """Keep the file under another name, and what is whole of it under its own."""
    fresh, aside = path.with_name(f".{path.name}.new"), path.with_name(done.aside)
    fresh.unlink(missing_ok=True)
    with open(fresh, "xb", opener=private) as target:
        for span in spans:
            target.writelines(data[at : min(at + STEP, span.end)] for at in range(span.start, span.end, STEP))
        target.flush()
        os.fsync(target.fileno())
    try:
        aside.hardlink_to(path)
    except OSError:  # a file system without: a copy takes room, and does as well
        shutil.copyfile(path, aside)
    fresh.replace(path)
    sync_folder(path.parent)
    return done
