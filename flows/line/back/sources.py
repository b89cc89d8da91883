"""The files of web archives that a person names: WARC files, folders of them, WACZ files, web addresses of either, and the months of
Common Crawl's news."""

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from extract import urls
from extract.captures.parts import Binary
from extract.errors import BadInput
from extract.fetch import decode
from extract.fetch.manners import Manners
from extract.fetch.remote import Remote

COMMON_CRAWL = "https://data.commoncrawl.org"
MONTH = re.compile(r"ccnews:(\d{4})-(0[1-9]|1[0-2])")
LIST = 16 * 2**20  # bytes of a month's list of files; 354 of them take 30 KB
ENDINGS = (".warc", ".warc.gz", ".wacz")
MEMBER = re.compile(r"archive/[^/]+\.warc(?:\.gz)?", re.IGNORECASE)  # of a WACZ file
LOCAL = 30  # bytes of a zip entry's own head, before its name


@dataclass(frozen=True, slots=True)
class Source:
    """One WARC file, wherever it is, while it is open."""

    name: str
    size: int  # -1 where the host does not say
    mark: str  # what tells it from another file of that name
    file: Binary


class Window:
    """A stretch of a file as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def seek(self, at: int, /) -> int:
        self._at = at
        return at

    def read(self, size: int, /) -> bytes:
        self._file.seek(self._start + self._at)
        data = self._file.read(max(0, min(size, self._size - self._at)))
        self._at += len(data)
        return data


def named(text: str, manners: Manners, crawl: str = COMMON_CRAWL) -> Iterator[str]:
    """The files and addresses that a person's word stands for, in order. Raises BadInput where it is nothing of the kind."""
    if month := MONTH.fullmatch(text):
        yield from _month(f"{crawl}/crawl-data/CC-NEWS/{month[1]}/{month[2]}/warc.paths.gz", manners, crawl)
    elif text.startswith("ccnews:"):
        raise BadInput(f"{text!r} is no month of Common Crawl's news: one is such as ccnews:2026-07")
    elif text.lower().startswith(("http://", "https://")):
        yield text
    elif Path(text).is_dir():
        found = sorted(path for path in Path(text).rglob("*") if path.name.lower().endswith(ENDINGS) and path.is_file())
        if not found:
            raise BadInput(f"{text} has no file that ends in {', '.join(ENDINGS)}")
        yield from map(str, found)
    elif Path(text).is_file():
        yield text
    else:
        raise BadInput(f"{text} is no file, no folder, no web address and no month such as ccnews:2026-07")


def _month(address: str, manners: Manners, crawl: str) -> Iterator[str]:
    with _remote(address, manners) as file:
        body = decode.Body("gzip", LIST)
        while piece := file.read(64 * 1024):
            body.add(piece)
    for line in body.whole().decode("utf-8", "replace").splitlines():
        if line.strip():
            yield f"{crawl}/{line.strip()}"


@contextmanager
def _remote(address: str, manners: Manners) -> Iterator[Remote]:
    found = urls.canonical(address)
    if found is None:
        raise BadInput(f"{address!r} is no web address")
    remote = Remote(found, manners)
    try:
        yield remote
    finally:
        remote.close()


def opened(name: str, manners: Manners) -> Iterator[Source]:
    """The WARC files that a file or address holds, one after the other, each open until the next is asked for. Raises BadInput where it
    cannot be read or, for a WACZ file, holds none."""
    with ExitStack() as stack:
        file: BinaryIO
        if name.lower().startswith(("http://", "https://")):
            remote = stack.enter_context(_remote(name, manners))
            file, told, size, mark = cast(BinaryIO, remote), remote.url, remote.size, remote.mark
        else:
            path = Path(name).resolve()
            try:
                file, stat = stack.enter_context(path.open("rb")), path.stat()
            except OSError as error:
                raise BadInput(f"{name} cannot be read: {error.strerror}") from error
            told, size, mark = str(path), stat.st_size, str(stat.st_mtime_ns)
        if told.split("?")[0].lower().endswith(".wacz"):
            yield from _within(file, told, mark, sized=size >= 0)
        else:
            yield Source(told, size, mark, file)


def _within(file: BinaryIO, name: str, mark: str, *, sized: bool) -> Iterator[Source]:
    if not sized or (isinstance(file, Remote) and not file.ranges):
        raise BadInput(
            f"{name} cannot be read from its end, where a WACZ file says what it holds: fetch it, and name the file"
        )
    whole = io.BufferedReader(file) if isinstance(file, Remote) else file  # which gives as much as is asked for
    try:
        with zipfile.ZipFile(whole) as package:
            found = [one for one in package.infolist() if MEMBER.fullmatch(one.filename)]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, struct.error) as error:
        raise BadInput(f"{name} is no WACZ file: {error}") from error
    finally:
        if isinstance(whole, io.BufferedReader) and whole is not file:
            whole.detach()
    if not found:
        raise BadInput(f"{name} holds no file of archive/ that ends in .warc or .warc.gz")
    for one in found:
        if one.compress_type != zipfile.ZIP_STORED:
            raise BadInput(f"{name} holds {one.filename} packed a second time: unzip it, and name the folder")
        yield Source(f"{name}!{one.filename}", one.file_size, f"{mark} {one.CRC:08x}", _window(file, one))


def _window(file: BinaryIO, one: zipfile.ZipInfo) -> Window:
    file.seek(one.header_offset)
    head = b""
    while len(head) < LOCAL and (piece := file.read(LOCAL - len(head))):
        head += piece
    if len(head) < LOCAL or not head.startswith(b"PK\x03\x04"):
        raise BadInput(f"{one.filename} is not where its WACZ file says")
    name, extra = struct.unpack("<HH", head[26:30])
    return Window(file, one.header_offset + LOCAL + name + extra, one.file_size)
