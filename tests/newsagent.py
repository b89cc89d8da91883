"""A publisher that misbehaves on demand: a route a fault, at socket level where HTTP libraries would be too well-behaved."""

import contextlib
import gzip
import socket
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable
from functools import cache
from types import TracebackType
from typing import Self

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
STORY = b"<p>A story of some length, so that half of it is not all of it.</p>" * 200
Route = Callable[[socket.socket, str], None]


class Newsagent:
    """Serves 127.0.0.1 on a free port. `asked` holds the requests as they came, `times` when, `shelf` what a test puts
    there by path: a whole answer as bytes, one for all or one a request."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = int(self._server.getsockname()[1])
        self.asked: list[str] = []
        self.times: list[float] = []
        self.shelf: dict[str, bytes | list[bytes]] = {}
        self._routes: dict[str, Route] = ROUTES | {
            "/loop": lambda s, r: self._redirect(s, "/loop"),
            "/longer": lambda s, r: self._redirect(s, f"/longer?{len(self.asked)}"),
            "/once": lambda s, r: self._redirect(s, "/fine?utm_source=x"),
            "/inside": lambda s, r: self._redirect(s, "http://10.0.0.1/"),
            "/to-file": lambda s, r: self._redirect(s, "file:///etc/passwd"),
            "/to-user": lambda s, r: self._redirect(s, f"http://me:secret@127.0.0.1:{self.port}/fine"),
        }

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of a route; any name below .localhost is a host of its own."""
        return f"http://{host}:{self.port}{path}"

    def on(self, path: str, route: Route) -> None:
        """Have a path answered by a test's own route."""
        self._routes[path] = route

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.split(" ")[1] for request in self.asked]

    def _redirect(self, s: socket.socket, to: str) -> None:
        s.sendall(f"HTTP/1.1 301 Moved\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):  # the client had enough
            request = connection.recv(65536).decode("latin-1")
            if not request:
                return
            self.asked.append(request)
            self.times.append(time.monotonic())
            path = request.split(" ")[1].split("?")[0]
            if path in self.shelf:
                answer = self.shelf[path]
                connection.sendall(
                    answer if isinstance(answer, bytes) else answer.pop(0) if len(answer) > 1 else answer[0]
                )
            else:
                self._routes.get(path, _missing)(connection, request)


def answer(body: bytes | str, status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; a header's underscores are dashes."""
    raw = body.encode() if isinstance(body, str) else body
    told = {"Content-Type": "text/html", "Content-Length": str(len(raw)), "Connection": "close"}
    told |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items()), "", ""]
    return "\r\n".join(lines).encode() + raw


def _send(head: bytes, body: bytes = b"") -> Route:
    return lambda s, r: s.sendall(head + b"\r\n" + body)


def _sized(body: bytes, encoding: str) -> Route:
    return _send(OK + f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n".encode(), body)


def _made(make: Callable[[], bytes], encoding: str) -> Route:
    """A body that takes a moment to make, made when it is first asked for."""
    return lambda s, r: s.sendall(OK + f"Content-Encoding: {encoding}\r\n\r\n".encode() + make())


@cache
def _deflated(bits: int) -> bytes:
    """A gigabyte of spaces in a megabyte: one compressed megabyte, a thousand times."""
    head = zlib.compressobj(9, zlib.DEFLATED, bits)
    first = head.compress(b" " * 2**20) + head.flush(zlib.Z_FULL_FLUSH)
    again = head.compress(b" " * 2**20) + head.flush(zlib.Z_FULL_FLUSH)
    return first + again * 1023


@cache
def _brotli() -> bytes:
    one = brotli.Compressor(quality=1)
    return b"".join(one.process(b" " * 2**20) for _ in range(1024)) + bytes(one.finish())


@cache
def _zstd() -> bytes:
    one = zstd.ZstdCompressor(level=3)
    return b"".join(one.compress(b" " * 2**20) for _ in range(1024)) + one.flush()


def _missing(s: socket.socket, _: str) -> None:
    s.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def _drip(s: socket.socket, _: str) -> None:
    s.sendall(OK + b"Content-Length: 1000\r\n\r\n")
    for _n in range(60):
        s.sendall(b"x")
        time.sleep(0.1)


def _slow_header(s: socket.socket, _: str) -> None:
    for letter in OK * 2:
        s.sendall(bytes([letter]))
        time.sleep(0.1)


def _endless_header(s: socket.socket, _: str) -> None:
    s.sendall(OK + b"X-Long: ")
    for _n in range(2000):
        s.sendall(b"x" * 65536)


def _endless(s: socket.socket, _: str) -> None:
    s.sendall(OK + b"\r\n")
    for _n in range(2000):
        s.sendall(b"x" * 65536)


def _spaces(s: socket.socket, _: str) -> None:
    """A gigabyte of spaces, as it is."""
    s.sendall(OK + b"\r\n")
    for _n in range(1024):
        s.sendall(b" " * 2**20)


def _reset(s: socket.socket, _: str) -> None:
    """The connection breaks in the middle of the body, the hard way."""
    s.sendall(OK + b"Content-Length: 100000\r\n\r\nonly so much")
    time.sleep(0.05)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _etag(s: socket.socket, request: str) -> None:
    if 'If-None-Match: "7"' in request:
        s.sendall(b'HTTP/1.1 304 Not Modified\r\nETag: "7"\r\nConnection: close\r\n\r\n')
    else:
        s.sendall(OK + b'ETag: "7"\r\nContent-Length: 4\r\n\r\nbody')


ROUTES: dict[str, Route] = {
    "/fine": _send(OK + b"Content-Length: 5\r\n", b"hello"),
    "/drip": _drip,
    "/slow-header": _slow_header,
    "/endless-header": _endless_header,
    "/endless": _endless,
    "/silent": lambda s, r: time.sleep(3),
    "/nonsense": lambda s, r: s.sendall(b"\x00\xff not http at all\r\n\r\n"),
    "/nothing": lambda s, r: None,
    "/reset": _reset,
    "/short": _send(OK + b"Content-Length: 100\r\n", b"only so much"),
    "/long": _send(OK + b"Content-Length: 5\r\n", b"hello and much more than was said"),
    "/chunks": _send(OK + b"Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n0\r\n\r\n"),
    "/cut-chunk": _send(OK + b"Transfer-Encoding: chunked\r\n", b"40\r\nonly so much"),
    "/bad-chunk": _send(OK + b"Transfer-Encoding: chunked\r\n", b"zz\r\nonly so much"),
    "/gzip": _sized(gzip.compress(STORY), "gzip"),
    "/br": _sized(brotli.compress(STORY), "br"),
    "/zstd": _sized(zstd.compress(STORY), "zstd"),
    "/deflate": _sized(zlib.compress(STORY), "deflate"),
    "/raw-deflate": _sized(zlib.compress(STORY, wbits=-15), "deflate"),
    "/cut-gzip": _sized(gzip.compress(STORY)[:-20], "gzip"),
    "/cut-br": _sized(brotli.compress(STORY)[:-5], "br"),
    "/cut-zstd": _sized(zstd.compress(STORY)[:-5], "zstd"),
    "/bad-gzip": _sized(b"not gzip", "gzip"),
    "/odd-encoding": _sized(b"hello", "compress"),
    "/bomb-gzip": _made(lambda: _deflated(31), "gzip"),
    "/bomb-deflate": _made(lambda: _deflated(15), "deflate"),
    "/bomb-br": _made(_brotli, "br"),
    "/bomb-zstd": _made(_zstd, "zstd"),
    "/bomb-stacked": _made(lambda: gzip.compress(_deflated(31)), "gzip, gzip"),
    "/bomb-spaces": _spaces,
    "/film": _send(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nConnection: close\r\n", b"\0" * 100),
    "/odd-header": _send(OK + b"X-Odd: caf\xe9\r\nContent-Length: 2\r\n", b"ok"),
    "/gone": _send(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n"),
    "/busy": _send(b"HTTP/1.1 429 Slow down\r\nRetry-After: 3600\r\nContent-Length: 0\r\nConnection: close\r\n"),
    "/etag": _etag,
}
