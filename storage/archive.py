"""The archive: every document as it came, in WARC files, written and synced before anything else is believed.

    archive/2026/11/23/ingest-20261123T060000Z.warc.gz     one file a run

A file is append-only and gzip'd record by record, so that an offset finds a record and a torn end costs only the
record that was being written. Library and format: warcio, WARC 1.1 (ISO 28500). Once its run is committed a file may go
elsewhere (storage/store/): it is read from there, by ranges.
"""

import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from zlib_ng import zlib_ng

from extract.errors import Broken, Refused, Transient
from extract.records import Ask, Hop, Page
from storage import disk, salvage
from storage.files import sync_folder
from storage.salvage import Mended, Span
from storage.store import names
from storage.store.names import DECISION as DECISION
from storage.store.names import began as began
from storage.store.names import decides as decides
from storage.store.names import part as part
from storage.store.names import run_of as run_of
from storage.store.place import Place
from storage.store.ranged import Ranged

File = io.RawIOBase | io.BufferedIOBase
Note = tuple[str, Any]  # what it is of, and what it says
LEVEL = 5
GZIP = 31  # as zlib calls a gzip member
OURS = "WARC-Newsduck"  # our one header: what the record is for, as JSON
SAID = 120  # characters of what a library says of damage: it may show the bytes
# The body is kept decoded, so these no longer describe it; the archive community renames them, we do the same.
AS_SENT = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class _Writer(WARCWriter):  # type: ignore[misc]  # warcio ships no types
    """warcio's writer, but for the compression, which warcio leaves to zlib at level 9: a quarter of the time, 2 % more bytes."""

    def _write_warc_record(self, out: IO[bytes], record: ArcWarcRecord) -> None:
        plain = io.BytesIO()
        super()._write_warc_record(plain, record)
        out.write(zlib_ng.compress(plain.getvalue(), LEVEL, wbits=GZIP))


def file_name(run_name: str, now: datetime) -> str:
    """The name of the file of a run that begins now, below the archive's folder."""
    return f"{now:%Y/%m/%d}/{run_name}.warc.gz"


class ArchiveWriter:
    """Appends a run's documents, and its journal, to one file. `keep` and `note` write, `sync` makes what was written safe."""

    def __init__(self, place: Place, run_name: str, now: datetime) -> None:
        self.name = file_name(run_name, now)
        self.first: Callable[[], tuple[str, Any]] | None = None  # a note that stands before all else in the file
        self._folder = place.folder
        self._file: io.FileIO | None = None
        self._failed: Broken | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Make what was kept safe, and let go of the file."""
        if self._file is not None:
            try:
                if self._failed is None:
                    self.sync()
            finally:
                self._file.close()
                self._file = None

    def keep(self, page: Page) -> Page:
        """Write a document; gives it back with its place in the archive. Raises Broken where the disk takes no more: then
        nothing is kept any more by this writer, and what was kept before is whole."""
        offset = self._write(
            lambda writer: writer.write_request_response_pair(_request(writer, page), _response(writer, page))
        )
        return replace(page, warc_file=self.name, warc_offset=offset)

    def note(self, what: str, said: Any) -> None:
        """Write down what left no document and cannot be computed again, as JSON in a `metadata` record. Raises as `keep`."""
        self._write(lambda writer: writer.write_record(_note(writer, what, said)))

    def _write(self, records: Callable[[_Writer], object]) -> int:
        """Write records, after those that begin a file; gives the place of the first."""
        if self._failed is not None:
            raise self._failed
        plain = io.BytesIO()
        writer = _Writer(plain, gzip=False, warc_version="1.1")
        try:
            with self._told():
                if self._file is None:
                    self._file = _opened(self._folder, self.name)
                offset = self._file.tell()
                if offset == 0:
                    info = writer.create_warcinfo_record(Path(self.name).name, {"software": "newsduck"})
                    writer.write_record(info)
                    if self.first is not None:
                        writer.write_record(_note(writer, *self.first()))
                    offset = plain.tell()
                records(writer)
                self._append(plain.getvalue())
        except Broken as error:
            self._failed = error
            raise
        return offset

    def _append(self, data: bytes) -> None:
        """Write all of it or, as far as the disk lets us, nothing."""
        assert self._file is not None
        before, left = self._file.tell(), memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            with suppress(OSError):  # a torn end is cut off by whoever reads the file
                self._file.truncate(before)
            raise

    def sync(self) -> None:
        """Everything kept so far survives a power cut from here on."""
        if self._file is not None:
            with self._told():
                os.fsync(self._file.fileno())
                for folder in list((self._folder / self.name).parents)[:4]:  # day, month, year and the archive itself
                    sync_folder(folder)

    @contextmanager
    def _told(self) -> Iterator[None]:
        with disk.told(
            f"writing {self._folder / self.name}", "what was archived before is whole and is loaded by the next run"
        ):
            yield


def _opened(folder: Path, name: str) -> io.FileIO:
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("ab", buffering=0)


def _note(writer: WARCWriter, what: str, said: Any) -> ArcWarcRecord:
    return writer.create_warc_record(
        f"urn:newsduck:{what}",
        "metadata",
        payload=io.BytesIO(json.dumps(said, ensure_ascii=False, default=_plainly).encode()),
        warc_content_type="application/json",
        warc_headers_dict={OURS: json.dumps({"note": what})},
    )


def _plainly(value: object) -> object:
    """What JSON has no words for."""
    return (
        value.isoformat()
        if isinstance(value, datetime)
        else sorted(value)
        if isinstance(value, frozenset)
        else str(value)
    )


def _response(writer: WARCWriter, page: Page) -> ArcWarcRecord:
    headers = [
        (f"X-Archive-Orig-{name}" if name.lower() in AS_SENT else name, _in_ascii(value))
        for name, value in page.headers
    ]
    headers.append(("Content-Length", str(len(page.body))))
    ask = {"ask": asdict(page.ask), "hops": [asdict(hop) for hop in page.hops], "seconds": page.seconds}
    return writer.create_warc_record(
        page.url,
        "response",
        payload=io.BytesIO(page.body),
        http_headers=StatusAndHeaders(str(page.status), headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": page.fetched_at.isoformat().replace("+00:00", "Z"), OURS: json.dumps(ask)},
    )


def _in_ascii(value: str) -> str:
    """A header's value with whatever is no ASCII quoted. warcio does that only where it stands behind a `name=` or the value
    has no semicolon, and raises for a cookie whose name is not ASCII."""
    return value if value.isascii() else "".join(c if c.isascii() else quote(c) for c in value)


def _request(writer: WARCWriter, page: Page) -> ArcWarcRecord:
    sent = [("Host", page.url.split("/")[2])]
    sent += [("If-None-Match", _in_ascii(page.ask.etag))] * bool(page.ask.etag)
    sent += [("If-Modified-Since", _in_ascii(page.ask.last_modified))] * bool(page.ask.last_modified)
    path = "/" + "/".join(page.url.split("/")[3:])
    return writer.create_warc_record(
        page.url, "request", http_headers=StatusAndHeaders(f"GET {path} HTTP/1.1", sent, is_http_request=True)
    )


def read_file(
    place: Place, name: str, skipped: list[str] | None = None, spans: Sequence[Span] | None = None
) -> Iterator[Page]:
    """Every document of an archive file, in order; with `spans`, as `whole` gives them, those that are whole. A file whose run died
    needs `mend` first. A record of ours that cannot be understood is named in `skipped`, and raises Damaged without it. Raises as
    Store does where the file is elsewhere."""
    yield from (one for one in read_all(place, name, skipped, spans) if isinstance(one, Page))


def read_notes(place: Place, name: str) -> list[Note]:
    """The notes of an archive file, in order. Raises Damaged as `read_file`."""
    return [one for one in read_all(place, name) if not isinstance(one, Page)]


def read_all(
    place: Place, name: str, skipped: list[str] | None = None, spans: Sequence[Span] | None = None
) -> Iterator[Page | Note]:
    """Documents and notes as they stand. `skipped`, `spans`, and raises, as `read_file`."""
    with _opened_at(place, name) as file:
        for part, start in _parts(file, spans):
            yield from _records(part, name, start, skipped)


def whole(place: Place, name: str) -> list[Span]:
    """Where in a file that is here records are whole; the file is left as it is."""
    with disk.told(f"reading {place.path(name)}", "nothing was changed"):
        return salvage.whole(place.path(name))


def _parts(file: File, spans: Sequence[Span] | None) -> Iterator[tuple[File, int]]:
    """A file, or these stretches of it, each as a file of its own, with where it begins."""
    if spans is None:
        yield file, 0
        return
    for span in spans:
        file.seek(span.start)
        yield io.BytesIO(file.read(span.end - span.start) or b""), span.start


class Damaged(Broken):
    """An archive file that is not as it was written; what is in it is left alone."""


def mend(place: Place, name: str) -> Mended:
    """Make a file that is here one of whole records only, where its run died while writing it, or it was damaged since."""
    with disk.told(f"mending {place.path(name)}", "what is whole in it is untouched"):
        return salvage.mend(place.path(name))


def set_aside(place: Place, name: str) -> str:
    """Take a file that is here out of the archive's reckoning, whole, under a name that says why; gives that name."""
    with disk.told(f"setting {place.path(name)} aside", "it is untouched"):
        return salvage.set_aside(place.path(name))


def read_page(place: Place, name: str, offset: int) -> Page:
    """The document at a place in the archive. Raises Broken where there is none, and as Store does where the file is elsewhere and
    that does not answer: then nothing is known of it."""
    try:
        with _file(place, name, offset) as file:
            return next(one for one in _records(file, name, 0, None) if isinstance(one, Page))
    except (FileNotFoundError, StopIteration) as error:
        raise Broken(f"{place}/{name}: no document at byte {offset}; restore the archive from a backup") from error
    except OSError as error:
        raise Broken(f"{place}/{name}: {disk.way_out(error)}") from error


@contextmanager
def _opened_at(place: Place, name: str) -> Iterator[File]:
    with disk.told(f"reading {place}/{name}", "nothing was changed"), _file(place, name) as file:
        yield file


def _file(place: Place, name: str, offset: int = 0) -> File:
    """A file from a byte on: the one that is here, else the one elsewhere."""
    try:
        file = place.path(name).open("rb")
    except FileNotFoundError:
        if (store := place.store) is None:
            raise
        return Ranged(store, name, offset)
    file.seek(offset)
    return file


def is_taken(place: Place, name: str) -> bool:
    """Whether there is such a file, or one here of another run of that second: runs are replayed in the order of their names' times.
    Where nobody answers elsewhere, what is here decides."""
    if part(name) is None and any(
        began(other) == began(name) for other in names.all_here(place.folder, name[:10]) if part(other) is None
    ):
        return True
    with suppress(Transient, Refused):
        store = place.store
        return place.path(name).exists() or (store is not None and store.held(name) is not None)
    return False


def files(place: Place, since: str = "") -> list[str]:
    """The names of all archive files of runs, in the order in which the runs began; whatever else lies there is not ours. Of
    those elsewhere only the ones whose names are `since` or greater. Raises as Store does."""
    store = place.store
    return names.ordered([*names.here(place.folder), *(store.names(since) if store else ())])


def of_runs(place: Place, since: str = "") -> list[str]:
    """Of these files those that a run has written. Raises as Store does."""
    return [name for name in files(place, since) if not decides(name)]


def odd(place: Place, *, here: bool = False) -> list[str]:
    """The names of archive files that no run of ours gave; `here`: of those that are here. Raises as Store does."""
    store = None if here else place.store
    found = {*names.all_here(place.folder), *(store.names() if store else ())}
    return sorted(name for name in found if not began(name))


def _records(file: File, name: str, start: int, skipped: list[str] | None) -> Iterator[Page | Note]:
    """What stands in a file that begins at such a byte of the archive's."""
    records = ArchiveIterator(file)
    try:
        for record in records:
            if not (ours := record.rec_headers.get_header(OURS)) or record.rec_type not in ("metadata", "response"):
                continue
            try:
                if record.rec_type == "response":
                    one: Page | Note = _page(record, json.loads(ours), name)
                else:
                    one = str(json.loads(ours)["note"]), json.loads(record.content_stream().read())
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                if skipped is None:
                    raise
                skipped.append(f"{record.rec_headers.get_header('WARC-Target-URI')}: {error}")
                continue
            # Asking for the offset reads the record to its end, so the body has to be taken before.
            yield replace(one, warc_offset=start + records.get_record_offset()) if isinstance(one, Page) else one
    except (ArchiveLoadFailed, AttributeError, KeyError, TypeError, ValueError) as error:
        raise Damaged(f"{name} holds what is no record of ours: {str(error)[:SAID]}") from error


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
