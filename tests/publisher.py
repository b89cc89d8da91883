"""A publisher that misbehaves on demand: a route a fault, at socket level where HTTP libraries would be too well-behaved."""

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"


class Publisher:
    """Serves 127.0.0.1 on a free port; `asked` holds the requests as they came."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.asked: list[str] = []
        self.times: list[float] = []
        self._routes: dict[str, Callable[[socket.socket, str], None]] = {
            "/fine": lambda s, r: s.sendall(OK + b"Content-Length: 5\r\n\r\nhello"),
            "/drip": _drip,
            "/endless": _endless,
            "/bomb": _bomb,
            "/stacked": lambda s, r: s.sendall(
                OK + b"Content-Encoding: gzip, gzip\r\n\r\n" + gzip.compress(gzip.compress(b"x"))
            ),
            "/reset": lambda s, r: s.sendall(OK + b"Content-Length: 100\r\n\r\nonly so much"),
            "/silent": lambda s, r: time.sleep(3),
            "/nonsense": lambda s, r: s.sendall(b"\x00\xff not http at all\r\n\r\n"),
            "/bad-gzip": lambda s, r: s.sendall(OK + b"Content-Encoding: gzip\r\n\r\nnot gzip"),
            "/odd-header": lambda s, r: s.sendall(OK + b"X-Odd: caf\xe9\r\nContent-Length: 2\r\n\r\nok"),
            "/loop": lambda s, r: self._redirect(s, "/loop"),
            "/once": lambda s, r: self._redirect(s, "/fine?utm_source=x"),
            "/inside": lambda s, r: self._redirect(s, "http://10.0.0.1/"),
            "/to-file": lambda s, r: self._redirect(s, "file:///etc/passwd"),
            "/gone": lambda s, r: s.sendall(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
            "/etag": _etag,
        }

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

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
        with connection:
            request = connection.recv(65536).decode("latin-1")
            if not request:
                return
            self.asked.append(request)
            self.times.append(time.monotonic())
            path = request.split(" ")[1].split("?")[0]
            with contextlib.suppress(OSError):  # the client had enough
                self._routes.get(path, _missing)(connection, request)


def _missing(s: socket.socket, _: str) -> None:
    s.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")


def _drip(s: socket.socket, _: str) -> None:
    s.sendall(OK + b"Content-Length: 1000\r\n\r\n")
    for _n in range(60):
        s.sendall(b"x")
        time.sleep(0.1)


def _endless(s: socket.socket, _: str) -> None:
    s.sendall(OK + b"\r\n")
    for _n in range(2000):
        s.sendall(b"x" * 65536)


def _bomb(s: socket.socket, _: str) -> None:
    s.sendall(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b" " * (64 << 20), 9))


def _etag(s: socket.socket, request: str) -> None:
    if 'If-None-Match: "7"' in request:
        s.sendall(b'HTTP/1.1 304 Not Modified\r\nETag: "7"\r\nConnection: close\r\n\r\n')
    else:
        s.sendall(OK + b'ETag: "7"\r\nContent-Length: 4\r\n\r\nbody')
