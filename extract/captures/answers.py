"""What a host answered, out of an archive's record, and its body as a browser would have had it. What a header says of how a body is
packed may be of before it was archived: CC-NEWS kept it over plain bodies until May 2019, browser archives keep it either way."""

import re
from dataclasses import dataclass

from extract.errors import NewsduckError, TooLarge, Unreachable
from extract.fetch import decode, heads

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")  # also HTTP/2's, which has no reason phrase
_END = re.compile(rb"\r?\n\r?\n")
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")  # of a chunk
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # signs that no text holds, in whatever encoding of bytes
LOOKED = 2048  # bytes by which text is told
PAGE = ("text/html", "application/xhtml+xml")
_MARKUP = re.compile(rb"\s*(?:<!doctype html|<html)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered, as it was captured."""

    status: int  # 0 where there is none
    headers: tuple[tuple[str, str], ...]
    body: bytes  # as it is kept, packed or not

    def header(self, name: str) -> str:
        """A header's value, empty where it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def is_page(self) -> bool:
        """Whether it is said to be HTML; where nothing is said, whether it begins like that."""
        said = self.header("content-type").split(";")[0].strip().lower()
        return said in PAGE if said else _MARKUP.match(self.body) is not None


def parse(raw: bytes) -> Answer:
    """An answer as it stands in a record: its head, which may say what browsers pass over, and its body."""
    end = _END.search(raw)
    head, body = (raw[: end.end()], raw[end.end() :]) if end else (raw, b"")
    lines = heads.mended(head).split(b"\r\n")
    status = _STATUS.match(lines[0])
    pairs = [line.split(b": ", 1) for line in lines[1:] if b": " in line]
    return Answer(int(status[1]) if status else 0, tuple((_text(name), _text(value)) for name, value in pairs), body)


def _text(header: bytes) -> str:
    try:
        return header.decode("utf-8")
    except UnicodeDecodeError:
        return header.decode("latin-1")


def unpacked(answer: Answer, limit: int) -> bytes:
    """The body, without chunks and codings. Raises TooLarge where it is more bytes than the limit, Unreachable where it is packed
    as nothing that is known, or not whole."""
    body = answer.body
    if "chunked" in answer.header("transfer-encoding").lower():
        body = _joined(body)
    named = answer.header("content-encoding")
    try:
        collected = decode.Body(named, limit)
        collected.add(body)
        return collected.whole()
    except NewsduckError:
        # A packed body shows signs that no text has: one that shows none was unpacked before it was archived.
        if not named or _BINARY.search(body[:LOOKED]):
            raise
    if len(body) > limit:
        raise TooLarge(f"more than {limit / 2**20:g} MiB")
    return body


def _joined(body: bytes) -> bytes:
    """The chunks put together; the body as it is where these are none, for somebody did so before. Raises Unreachable where they
    begin as chunks and break off."""
    parts: list[bytes] = []
    at = 0
    while size := _SIZE.match(body, at):
        length, start = int(size[1], 16), size.end()
        if not length:
            return b"".join(parts)
        if body[start + length : start + length + 1] not in (b"\r", b"\n"):
            break
        parts.append(body[start : start + length])
        at = start + length + (2 if body[start + length : start + length + 2] == b"\r\n" else 1)
    if parts:
        raise Unreachable("its chunks break off")
    return body
