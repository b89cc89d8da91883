"""The records of a WARC file, one after the other, each with its place; what is damaged costs the records it stands in and no other.
Library: fastwarc, over parts that are unpacked here, so that each record has a place from which reading can go on."""

from collections.abc import Iterator
from datetime import UTC, datetime

from fastwarc.warc import ArchiveIterator, WarcRecord

from extract import plain
from extract.captures.answers import Answer, parse
from extract.captures.parts import MAGIC, Binary, Part, Place, Reel, Torn, kind_of
from extract.errors import TooLarge

HEAD = 256 * 1024  # bytes a record may have beside its body: HTTP's own head
START = Place()
BEHIND = b"\r\n\r\nWARC/1."  # how a record follows another where nothing is packed
ANSWERS = frozenset({"response", "resource", "revisit"})  # records that tell what a host answered


class Record:
    """A record of a file. What it holds can be had until the next one is asked for."""

    def __init__(self, record: WarcRecord, part: Part) -> None:
        self._record, self._part = record, part
        self.place = part.of(record.stream_pos)
        self.kind = self.header("WARC-Type").lower()
        self.answers = self.kind in ANSWERS

    def header(self, name: str) -> str:
        """A header of the archive's own, empty where there is none."""
        return (self._record.headers.get(name) or "").strip()

    @property
    def url(self) -> str:
        """The address that was asked; some tools put it between angle brackets."""
        return unbracketed(self.header("WARC-Target-URI"))

    @property
    def id(self) -> str:
        """What the archive knows it by."""
        return plain.line(self.header("WARC-Record-ID") or f"{self.header('WARC-Date')} {self.url}")[:200]

    @property
    def date(self) -> datetime | None:
        """When it was captured; None where that cannot be read."""
        return moment(self.header("WARC-Date"))

    def answer(self, limit: int) -> Answer:
        """What was answered. Raises TooLarge where that is more bytes than the limit, Torn where it is not whole."""
        expected = self._record.content_length
        if expected > limit + HEAD:
            raise TooLarge(f"more than {limit / 2**20:g} MiB")
        try:
            raw = self._record.reader.read()
            self._part.look_ahead()
        except Torn:
            self._part.torn = True  # told here
            raise
        if len(raw) < expected:
            raise Torn("a record ends too early")
        return (
            Answer(200, (("Content-Type", self.header("Content-Type")),), raw)
            if self.kind == "resource"
            else parse(raw)
        )


def unbracketed(url: str) -> str:
    """An address without the angle brackets around it."""
    return url.removeprefix("<").removesuffix(">")


def moment(said: str) -> datetime | None:
    """A WARC-Date as a moment."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def records(file: Binary, name: str, start: Place = START) -> Iterator[Record | None]:
    """The records of a file from a place on, in order; None where bytes are damaged and something is lost. Raises BadInput where it
    is no WARC file."""
    reel = Reel(file)
    kind = kind_of(reel, name)
    place, told = reel.past_zeros(start), False
    while place is not None:
        part, begun, last = kind(reel), place, place
        try:
            part.begin(begun)
            for record in ArchiveIterator(part, parse_http=False, stream_detect=False):  # type: ignore[arg-type]  # its stub wants a class of its own
                found = Record(record, part)
                last, told = found.place, False
                yield found
            part.finish()
            place = reel.past_zeros(Place(reel.at)) if kind.packed else None
            told = False
        except (Torn, OSError) as error:
            if isinstance(error, OSError) and error.errno:
                raise  # the disk's
            if not (told or part.torn):
                yield None
            # What is not packed is looked through from the last record that was one: its own length may be what is wrong.
            at = reel.find(MAGIC, begun.at + 1) if kind.packed else reel.find(BEHIND, last.at + 1)
            place, told = None if at is None else Place(at if kind.packed else at + len(BEHIND) - len(b"WARC/1.")), True
