"""A body as it arrives: decoded bit by bit, never beyond its limit, and whole or refused.

aiohttp could decode too, but does not tell a stream that ends early from a whole one, and half an article is no article.
"""

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli

from extract.errors import TooLarge, Unreachable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
STEP = 256 * 1024  # bytes decoded at a time: what a bomb may take beyond the limit
MEMBERS = 100  # gzip members or zstd frames in one body; servers that flush often make a few
WINDOW = 23  # 8 MiB, what RFC 8878 recommends and browsers take; the library's default reserves 128


class _Stream(Protocol):
    @property
    def ended(self) -> bool:
        """Whether what has come so far is a whole stream."""
        ...

    def run(self, data: bytes) -> Iterator[bytes]:
        """The decoded pieces, none longer than STEP."""
        ...


class _Plain:
    ended = True

    def run(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Zlib:
    """gzip, and deflate in both its readings: with zlib's header, as the standard has it, and without, as some send it."""

    def __init__(self) -> None:
        self._bits, self._members = 0, 0

    @property
    def ended(self) -> bool:
        return self._members > 0 and self._one.eof

    def run(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._members == 0:
                headed = data[0] & 0x0F == 8 or data[:1] == b"\x1f"
                self._bits = zlib.MAX_WBITS | 32 if headed else -zlib.MAX_WBITS
                self._next()
            elif self._one.eof:
                if data[:1] != b"\x1f":
                    return  # padding behind the end is no news
                self._next()
            yield self._one.decompress(data, STEP)
            data = self._one.unused_data if self._one.eof else self._one.unconsumed_tail

    def _next(self) -> None:
        self._members = _counted(self._members)
        self._one = zlib.decompressobj(self._bits)


class _Brotli:
    def __init__(self) -> None:
        self._one = brotli.Decompressor()

    @property
    def ended(self) -> bool:
        return bool(self._one.is_finished())

    def run(self, data: bytes) -> Iterator[bytes]:
        # Until nothing comes: with a limit the decoder keeps output back and says all the same that it takes more.
        while not self.ended and (piece := self._one.process(data, output_buffer_limit=STEP)):
            data = b""
            yield piece


class _Zstd:
    def __init__(self) -> None:
        self._frames = 0
        self._next()

    def _next(self) -> None:
        self._frames = _counted(self._frames)
        self._one = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: WINDOW})

    @property
    def ended(self) -> bool:
        return self._one.eof

    def run(self, data: bytes) -> Iterator[bytes]:
        while True:
            if self._one.eof:
                if not data:
                    return
                self._next()
            yield self._one.decompress(data, STEP)
            data = self._one.unused_data if self._one.eof else b""
            if not data and (self._one.eof or self._one.needs_input):
                return


def _counted(members: int) -> int:
    if members >= MEMBERS:
        raise TooLarge(f"compressed in more than {MEMBERS} pieces, which only bombs are")
    return members + 1


_COMPRESSED: dict[str, Callable[[], _Stream]] = {
    "gzip": _Zlib,
    "x-gzip": _Zlib,
    "deflate": _Zlib,
    "br": _Brotli,
    "zstd": _Zstd,
}
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!--|(?:!doctype|html|\?xml|rss|feed)\b)", re.IGNORECASE
)  # nothing packed begins so
_STRANGE = frozenset({"compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip", "aes128gcm"})  # IANA's others


TAIL = 4096  # bytes of a body's end that are looked at: caches and plugins sign their pages there
# The last tag of a page or a feed, and what may stand behind it.
_LAST = re.compile(rb"</(?:html|rss|feed|rdf:rdf)\s*>(?:\s|<!--(?:(?!-->).)*-->)*\Z", re.IGNORECASE | re.DOTALL)


class Body:
    """Collects a body of at most `limit` decoded bytes. Raises TooLarge beyond it, Unreachable for what does not decode."""

    def __init__(self, encoding: str, limit: int, setting: str = "") -> None:
        """`setting` is the limit's name, for who is told of it. Raises TooLarge for what is compressed twice, Unreachable for a compression that was not asked for. What is none
        (`utf-8`, `none`) is passed over, as browsers do."""
        named = [
            name for part in encoding.lower().split(",") if (name := part.strip()) in _COMPRESSED or name in _STRANGE
        ]
        if len(named) > 1:
            raise TooLarge("compressed more than once, which only bombs are")
        encoding = "".join(named)
        if encoding in _STRANGE:
            raise Unreachable(f"sent as {encoding!r}, which was not asked for")
        self._stream: _Stream = _COMPRESSED.get(encoding, _Plain)()
        self._encoding, self._limit = encoding, limit
        self._way = f"; `{setting}` in newsduck.toml allows more" if setting else ""
        self._body = bytearray()
        self._begun = False

    def add(self, data: bytes) -> None:
        """Take what has arrived; raises TooLarge or Unreachable as above. What is said to be packed and begins as a page or a feed
        does was not packed."""
        if not self._begun and _MARKUP.match(data):
            self._stream = _Plain()
        self._begun = self._begun or bool(data)
        try:
            for piece in self._stream.run(data):
                self._body += piece
                if len(self._body) > self._limit:
                    raise TooLarge(f"more than {self._limit / 2**20:g} MiB{self._way}")
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise Unreachable(f"said to be {self._encoding}, and is not") from error

    def is_document(self) -> bool:
        """Whether what has come is a page or a feed to its last tag: then whoever broke off had nothing more to say."""
        return self._stream.ended and _LAST.search(self._body, max(0, len(self._body) - TAIL)) is not None

    def whole(self) -> bytes:
        """The body; raises Unreachable where its stream has not ended."""
        if self._begun and not self._stream.ended:
            raise Unreachable(f"its {self._encoding} stream was cut short after {len(self._body):,} bytes")
        return bytes(self._body)
