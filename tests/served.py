"""Pages at hand, served on loopback behind one feed that lists them."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Server(ThreadingHTTPServer):
    """One that many may ask at once, and that answers at once: of those that wait beyond five, its usual measure, each begins anew
    after a second or more, and a body would wait 40 ms until its headers are acknowledged."""

    daemon_threads = True
    request_queue_size = 512

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection, address


@contextmanager
def served(pages: Mapping[str, bytes], folder: Path) -> Iterator[None]:
    """Inside, the pages (path → body) and their feed are answered as they are at that moment, and the folder holds a feeds.opml that names it."""

    def feed() -> bytes:
        items = "".join(f"<item><title>{path}</title><link>{path}</link></item>" for path in pages)
        return f'<rss version="2.0"><channel><title>all</title>{items}</channel></rss>'.encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = feed() if self.path == "/feed" else pages.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/xml" if self.path == "/feed" else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/feed"
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><body><outline xmlUrl="{address}"/></body></opml>')
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
