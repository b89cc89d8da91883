"""HTTP on loopback: answers found by host and path, with conditional requests, gzip and redirects."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from urllib.parse import urlsplit
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answers."""

    body: bytes
    media: str = "text/html; charset=utf-8"
    status: int = 200
    location: str = ""  # where a 301 leads
    gzip: bool = False  # sent compressed to those who accept it
    validator: str = ""  # etag, modified: what a conditional request may go by
    modified: datetime | None = None

    @property
    def etag(self) -> str:
        return f'"{crc32(self.body):08x}"'


Find = Callable[[str, str], Answer]  # host without port, path with query
Note = Callable[[str, str, dict[str, str]], None]


class Server(ThreadingHTTPServer):
    """Serves what `find` finds, on 127.0.0.1 only, and tells `note` of each request as it comes.

    Threads are joined at the close, so that no socket outlives a test; every connection is closed after its answer
    and a silent one after five seconds, so that the join is short.
    """

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, port: int, find: Find, note: Note) -> None:
        self.find = find
        self.note = note
        super().__init__(("127.0.0.1", port), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a client that hangs up is the client's business, and the terminal belongs to `newsduck demo`."""

    def server_bind(self) -> None:
        # HTTPServer's own also asks DNS for this machine's name, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else a body waits 40 ms until its headers are acknowledged
    timeout = 5

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").rsplit(":", 1)[0].lower()
        path = self.path if self.path.startswith("/") else urlsplit(self.path)._replace(scheme="", netloc="").geturl()
        self.server.note(host, path, dict(self.headers.items()))
        self._send(self.server.find(host, path))

    do_HEAD = do_GET

    def _send(self, answer: Answer) -> None:
        unchanged = answer.status == 200 and self._unchanged(answer)
        body = b"" if unchanged else answer.body
        packed = answer.gzip and body != b"" and "gzip" in self.headers.get("Accept-Encoding", "")
        if packed:
            body = gzip.compress(body, mtime=0)
        self.send_response(304 if unchanged else answer.status)
        if not unchanged:
            self.send_header("Content-Type", answer.media)
            self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        if answer.gzip:
            self.send_header("Vary", "Accept-Encoding")
        if answer.location:
            self.send_header("Location", answer.location)
        if answer.validator == "etag":
            self.send_header("ETag", answer.etag)
        if answer.validator == "modified" and answer.modified:
            self.send_header("Last-Modified", format_datetime(answer.modified.astimezone(UTC), usegmt=True))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _unchanged(self, answer: Answer) -> bool:
        if answer.validator == "etag":
            return answer.etag in self.headers.get("If-None-Match", "")
        since = self.headers.get("If-Modified-Since")
        if answer.validator != "modified" or answer.modified is None or not since:
            return False
        try:
            return answer.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except ValueError:
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: requests are kept in Newsroom.requests."""
