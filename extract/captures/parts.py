"""An archive file as parts, each packed by itself (a gzip member, mostly one record), or as the one part of a file that is not packed. Of
a part no more is held than a few pieces; a place in it is found again, and what is damaged ends where the next part begins."""

import zlib
from dataclasses import dataclass
from typing import Protocol

from extract.errors import BadInput, Refused

MAGIC = b"\x1f\x8b\x08"  # how a gzip member begins
RECORD = b"WARC/"  # how a record does
PIECE = 64 * 1024  # bytes taken from the file, and unpacked, at a time
HEAD = 4096  # packed bytes that tell whether a member begins with a record
STEP = 1 << 20  # bytes looked through at a time for the next part
STRANGE = {  # beginnings of what is no WARC file, and what to do with it
    b"filedesc:": "an ARC file, which is older than WARC: `warcio recompress OLD NEW.warc.gz` makes one of the other",
    b"\x28\xb5\x2f\xfd": "packed by zstd: `zstd -d FILE` unpacks it",
    b"\x2a\x4d\x18": "packed by zstd with a dictionary of its own: unpack it with the tools of whoever made it",
}


class Torn(Refused):
    """A record that is not whole: bytes of it are damaged or missing."""


class Binary(Protocol):
    """A file that can be read from any place of it."""

    def read(self, size: int, /) -> bytes: ...

    def seek(self, at: int, /) -> int: ...


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file a record begins."""

    at: int = 0  # byte of the file at which its part begins
    within: int = 0  # bytes of the part, unpacked, before it


class Reel:
    """A file read forward, piece by piece, from which what was read too much can be given back."""

    def __init__(self, file: Binary) -> None:
        self._file = file
        self._ahead = b""
        self.at = 0  # of the next byte to be taken
        file.seek(0)

    def take(self) -> bytes:
        """The next bytes, none at the end."""
        data = self._ahead or self._file.read(PIECE)
        self._ahead = b""
        self.at += len(data)
        return data

    def give_back(self, data: bytes) -> None:
        """These, the last that were taken, come again."""
        self._ahead = data + self._ahead
        self.at -= len(data)

    def go(self, at: int) -> None:
        """What is taken next begins here."""
        if at != self.at:
            self._ahead = b""
            self._file.seek(at)
            self.at = at

    def past_zeros(self, place: Place) -> Place | None:
        """The place, or the first behind the zeros that stand there; None at the end of the file."""
        if place.within:
            return place
        self.go(place.at)
        while piece := self.take():
            if rest := piece.lstrip(b"\0"):
                self.give_back(rest)
                return Place(self.at)
        return None

    def find(self, what: bytes, at: int) -> int | None:
        """Where from here on the next part begins: a record behind an end of line, or a member with one in it."""
        self.go(at)
        window, start = b"", at
        while True:
            more = b""
            while len(more) < STEP and (piece := self.take()):
                more += piece
            window += more
            last = len(window) if not more else len(window) - HEAD
            found = window.find(what)
            while 0 <= found < max(last, 0):
                if what != MAGIC or _is_record(window[found : found + HEAD]):
                    return start + found
                found = window.find(what, found + 1)
            if not more:
                return None
            left = max(last, 0)
            window, start = window[left:], start + left


def _is_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(packed, len(RECORD)) == RECORD
    except zlib.error:
        return False


class Part:
    """The one part of a file that is not packed."""

    packed = False

    def __init__(self, reel: Reel) -> None:
        self._reel = reel
        self._place = Place()
        self._told = 0  # bytes given so far
        self.torn = False  # and whoever reads it knows

    def begin(self, place: Place) -> None:
        """Read from here on."""
        self._place = place
        self._reel.go(place.at)

    def tell(self) -> int:
        """Bytes given so far: fastwarc asks."""
        return self._told

    def read(self, size: int) -> bytes:
        """The next bytes, none at the end."""
        data = self._take(size)
        self._told += len(data)
        return data

    def of(self, told: int) -> Place:
        """The place of what began when so many bytes had been given."""
        return Place(self._place.at + told)

    def look_ahead(self) -> None:
        """Nothing here tells whether it is whole."""

    def finish(self) -> None:
        """Read to the end."""
        while self._take(PIECE):
            pass

    def _take(self, size: int) -> bytes:
        data = self._reel.take()
        self._reel.give_back(data[size:])
        return data[:size]


class Member(Part):
    """A gzip member."""

    packed = True

    def __init__(self, reel: Reel) -> None:
        super().__init__(reel)
        self._one = zlib.decompressobj(31)
        self._rest, self._next = b"", b""  # packed, and unpacked

    def begin(self, place: Place) -> None:
        """Read from here on. Raises Torn where it is damaged before."""
        super().begin(place)
        left = place.within
        while left and (data := self._take(min(left, PIECE))):
            left -= len(data)

    def of(self, told: int) -> Place:
        """The place of what began when so many bytes had been given."""
        return Place(self._place.at, self._place.within + told)

    def look_ahead(self) -> None:
        """Read on a little: where the member ends there, its checksum is looked at. Raises Torn where that is not its own."""
        self._next += self._unpack(PIECE)

    def _take(self, size: int) -> bytes:
        data = self._next or self._unpack(size)
        data, self._next = data[:size], data[size:]
        return data

    def _unpack(self, size: int) -> bytes:
        while not self._one.eof:
            packed = self._rest or self._reel.take()
            if not packed:
                raise Torn("the file ends in the middle of a record")
            try:
                data = self._one.decompress(packed, size)
            except zlib.error as error:
                raise Torn("a record's bytes are damaged") from error
            self._rest = self._one.unconsumed_tail
            if self._one.eof:
                self._reel.give_back(self._one.unused_data)
            if data:
                return data
        return b""


def kind_of(reel: Reel, name: str) -> type[Part]:
    """What a file is made of. Raises BadInput where it is no WARC file, with what it is as far as that can be told."""
    reel.go(0)
    head = b""
    while len(head) < HEAD and (piece := reel.take()):
        head += piece
    reel.give_back(head)
    kind: type[Part] = Part
    if head.startswith(MAGIC):
        kind = Member
        try:
            head = zlib.decompressobj(31).decompress(head, PIECE)
        except zlib.error:
            return kind  # its first record is damaged; others may not be
    if head.startswith(RECORD):
        return kind
    told = next((what for mark, what in STRANGE.items() if head[: len(mark) + 1].find(mark) in (0, 1)), "no WARC file")
    raise BadInput(f"{name} is {told if head else 'empty'}")
