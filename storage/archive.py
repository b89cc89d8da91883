"""The archive: every document as it came, in WARC files, written and synced before anything else is believed.

    archive/2026/11/23/ingest-20261123T060000Z.warc.gz     one file a run

A file is append-only and gzip'd record by record, so that an offset finds a record and a torn end costs only the
record that was being written. Library and format: warcio, WARC 1.1 (ISO 28500).
"""

import gzip
import io
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Self

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extract.errors import Broken
from extract.records import Ask, Hop, Page
from storage.files import sync_folder

_OURS = re.compile(r"[a-z]+-\d{8}T\d{6}Z\.warc\.gz")
LEVEL = 5
OURS = "WARC-Newsduck"  # our one header: what the record is for, as JSON
# The body is kept decoded, so these no longer describe it; the archive community renames them, we do the same.
AS_SENT = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio ships no types
    """warcio's writer, but for the level of compression, which warcio has fixed at 9: half the time, 2 % more bytes."""

    def _write_warc_record(self, out: IO[bytes], record: ArcWarcRecord) -> None:
        plain = io.BytesIO()
        super()._write_warc_record(plain, record)
        out.write(gzip.compress(plain.getvalue(), LEVEL, mtime=0))


class ArchiveWriter:
    """Appends a run's documents to one file. `keep` writes, `sync` makes what was written safe."""

    def __init__(self, folder: Path, run_name: str, now: datetime) -> None:
        self.name = f"{now:%Y/%m/%d}/{run_name}.warc.gz"
        self._folder = folder
        self._file: io.BufferedWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self.sync()
            self._file.close()
            self._file = None

    @property
    def written(self) -> bool:
        """Whether anything was kept, so that there is a file."""
        return self._file is not None

    def keep(self, page: Page) -> Page:
        """Write a document; gives it back with its place in the archive."""
        if self._file is None:
            self._file = _opened(self._folder, self.name)
            self._writer = _Writer(self._file, gzip=False, warc_version="1.1")
            if self._file.tell() == 0:
                info = self._writer.create_warcinfo_record(Path(self.name).name, {"software": "newsduck"})
                self._writer.write_record(info)
        offset = self._file.tell()
        self._writer.write_request_response_pair(_request(self._writer, page), _response(self._writer, page))
        return replace(page, warc_file=self.name, warc_offset=offset)

    def sync(self) -> None:
        """Everything kept so far survives a power cut from here on."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            for folder in list((self._folder / self.name).parents)[:4]:  # day, month, year and the archive itself
                sync_folder(folder)


def _opened(folder: Path, name: str) -> io.BufferedWriter:
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except OSError as error:
        raise Broken(f"{path} cannot be written: {error.strerror}; nothing is loaded that is not archived") from error


def _response(writer: WARCWriter, page: Page) -> ArcWarcRecord:
    headers = [(f"X-Archive-Orig-{name}" if name.lower() in AS_SENT else name, value) for name, value in page.headers]
    headers.append(("Content-Length", str(len(page.body))))
    ask = {"ask": asdict(page.ask), "hops": [asdict(hop) for hop in page.hops], "seconds": page.seconds}
    return writer.create_warc_record(
        page.url,
        "response",
        payload=io.BytesIO(page.body),
        http_headers=StatusAndHeaders(str(page.status), headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": page.fetched_at.isoformat().replace("+00:00", "Z"), OURS: json.dumps(ask)},
    )


def _request(writer: WARCWriter, page: Page) -> ArcWarcRecord:
    sent = [("Host", page.url.split("/")[2])]
    sent += [("If-None-Match", page.ask.etag)] * bool(page.ask.etag)
    sent += [("If-Modified-Since", page.ask.last_modified)] * bool(page.ask.last_modified)
    path = "/" + "/".join(page.url.split("/")[3:])
    return writer.create_warc_record(
        page.url, "request", http_headers=StatusAndHeaders(f"GET {path} HTTP/1.1", sent, is_http_request=True)
    )


def read_file(folder: Path, name: str) -> Iterator[Page]:
    """Every document of an archive file, in order. A file whose run died needs `mend` first."""
    with (folder / name).open("rb") as file:
        yield from _pages(file, name)


class Damaged(Broken):
    """An archive file that is not as it was written; what is in it is left alone."""


def mend(folder: Path, name: str) -> int:
    """Cut a torn last record off a file whose run died while writing it; gives the bytes cut, 0 for a whole file.

    A gzip member that does not end was never synced, so nothing that was promised is lost. A file that is damaged in
    any other way is not touched: raises Damaged.
    """
    path = folder / name
    whole, position = 0, 0
    member = zlib.decompressobj(wbits=31)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            while chunk:
                try:
                    member.decompress(chunk)
                except zlib.error as error:
                    raise Damaged(f"{path} is damaged behind byte {whole}: {error}") from error
                position += len(chunk) - len(member.unused_data)
                chunk = member.unused_data
                if member.eof:
                    whole, member = position, zlib.decompressobj(wbits=31)
    torn = path.stat().st_size - whole
    if torn:
        os.truncate(path, whole)
    return torn


def set_aside(folder: Path, name: str) -> str:
    """Take a file out of the archive's reckoning, whole, under a name that says why; gives that name."""
    path = folder / name
    return path.rename(path.with_name(path.name + ".damaged")).name


def read_page(folder: Path, name: str, offset: int) -> Page:
    """The document at a place in the archive."""
    try:
        with (folder / name).open("rb") as file:
            file.seek(offset)
            return next(_pages(file, name))
    except (OSError, StopIteration) as error:
        raise Broken(f"{folder / name}: no document at byte {offset}; restore the archive from a backup") from error


def files(folder: Path) -> list[str]:
    """The names of all archive files of runs, oldest first; whatever else lies there is not ours."""
    return sorted(
        str(p.relative_to(folder)) for p in folder.glob("*/*/*/*.warc.gz") if _OURS.fullmatch(p.name) and p.is_file()
    )


def _pages(file: io.BufferedReader, name: str) -> Iterator[Page]:
    records = ArchiveIterator(file)
    try:
        for record in records:
            if record.rec_type == "response" and (ours := record.rec_headers.get_header(OURS)):
                page = _page(record, json.loads(ours), name)
                # Asking for the offset reads the record to its end, so the body has to be taken before.
                yield replace(page, warc_offset=records.get_record_offset())
    except (ArchiveLoadFailed, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Damaged(f"{name} holds what is no record of ours: {error}") from error


def _page(record: ArcWarcRecord, ours: dict[str, Any], name: str) -> Page:
    return Page(
        ask=Ask(**ours["ask"]),
        url=record.rec_headers.get_header("WARC-Target-URI"),
        status=int(record.http_headers.get_statuscode()),
        headers=tuple(h for h in record.http_headers.headers if h[0] != "Content-Length"),
        body=record.content_stream().read(),
        fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
        seconds=float(ours["seconds"]),
        hops=tuple(Hop(**hop) for hop in ours["hops"]),
        warc_file=name,
    )
