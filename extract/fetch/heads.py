"""The head of an answer as browsers take it: what no header is, or says what another said already, is passed over.

Half of the servers that send such a line have been doing so for years, and nobody but the strict ever notices.
"""

import functools
import re
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

MOST = 256 * 1024  # bytes of a head that are waited for
_END = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:[ \t]*(.*)", re.DOTALL)
_CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? *(\d{3})")
_LENGTH = re.compile(rb"\r\ncontent-length: (\d{1,15})(?=\r\n)", re.IGNORECASE)
NO_BODY = (204, 304)


def mended(head: bytes) -> bytes:
    """A head, up to its empty line, with the lines that are headers. A length that is none, stands beside chunks, or is the
    same as before goes; two lengths that differ stay, and with them the refusal."""
    status, *lines = re.split(rb"\r?\n", head.rstrip(b"\r\n"))
    found: list[tuple[bytes, bytes]] = []
    whole = True
    for line in lines:
        if line[:1] in (b" ", b"\t"):  # the line above goes on
            if found and whole:
                found[-1] = found[-1][0], found[-1][1] + b" " + _CONTROLS.sub(b" ", line.strip())
            continue
        header = _HEADER.fullmatch(line)
        whole = header is not None
        if header is not None:
            found.append((header.group(1), _CONTROLS.sub(b" ", header.group(2)).strip()))
    chunked = any(name.lower() == b"transfer-encoding" and b"chunked" in value.lower() for name, value in found)
    kept: dict[tuple[bytes, bytes], bytes] = {}
    for number, (name, value) in enumerate(found):
        if name.lower() == b"content-length":
            lengths = {part.strip() for part in value.split(b",")}
            value = lengths.pop() if len(lengths) == 1 else value
            if not chunked and value.isdigit():
                kept.setdefault((b"content-length", value), name + b": " + value)
        else:
            kept[name, b"%d" % number] = name + b": " + value
    return b"\r\n".join([status, *kept.values(), b"", b""])


class Connector(aiohttp.TCPConnector):
    """aiohttp's, with heads mended before they are parsed."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self._factory = functools.partial(_Handler, loop=self._loop)  # type: ignore[assignment]  # a subclass does


class _Handler(ResponseHandler):
    """Holds what comes back until the answer's head is whole."""

    _head: bytes | None = None  # what has come of a head; None behind it
    _over = False  # what comes now belongs to no answer
    _left: int | None = None  # bytes of the body that are still to come, where its length was told

    def set_response_params(self, **how: Any) -> None:
        self._head, self._over, self._left = b"", False, None
        super().set_response_params(**how)

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        if self._head is None or self._parser is None or not data:
            super().data_received(self._within(data))
            return
        self._head += data
        end = _END.search(self._head)
        if end is None:
            if len(self._head) > MOST or not b"HTTP/".startswith(self._head[:5]):
                self._flush()
            return
        head, rest = self._head[: end.end()], self._head[end.end() :]
        found = _STATUS.match(head)
        status = int(found.group(1)) if found else 0
        self._head = b"" if 100 < status < 200 and status != 101 else None
        if status in NO_BODY and (rest or b"content-length" in head.lower()):
            self._over, rest = True, b""  # some send a body all the same: the connection ends here
            self._should_close = True
        if self._head is None:
            head = mended(head)
            lengths = _LENGTH.findall(head)
            self._left = int(lengths[0]) if len(lengths) == 1 and status not in NO_BODY else None
            super().data_received(head + self._within(rest))
            return
        super().data_received(mended(head))
        self.data_received(rest)

    def _within(self, data: bytes) -> bytes:
        """What of it is of the body by the length that was told: some count letters for bytes, or go on printing. No browser
        shows what stands behind; the connection ends there."""
        if self._left is None:
            return data
        if len(data) > self._left:
            self._over, data = True, data[: self._left]
            self._should_close = True
        self._left -= len(data)
        return data

    def connection_lost(self, exc: BaseException | None) -> None:
        self._flush()
        super().connection_lost(exc)

    def _flush(self) -> None:
        """What came is no whole head: aiohttp says what it makes of it."""
        came, self._head = self._head, None
        if came:
            super().data_received(came)
