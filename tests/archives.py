"""Archives as others make them: records in every dialect, as raw bytes, so that they may say what no library would write."""

import gzip
import io
import sys
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from extract.keys import body_key, key
from tests.pages import LD, html
from tests.test_stories import prose

Made = bytes
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda body: bytes(brotli.compress(body)),
    "zstd": lambda body: bytes(zstd.compress(body)),
}
DAY = "2020-03-01"


def page(number: int, title: str = "") -> bytes:
    """An article's page, each with a text of its own."""
    title = title or f"Headline {number} of the town"
    paragraphs = "".join(f"<p>{prose(1000 * number + n, 40).capitalize()}.</p>" for n in range(6))
    told = {**LD, "headline": title, "datePublished": f"{DAY}T10:00:00Z", "dateModified": f"{DAY}T10:00:00Z"}
    return html(f"<article><h1>{title}</h1>{paragraphs}</article>", ld=told)


def record(kind: str, url: str, block: bytes, at: str = f"{DAY}T12:00:00Z", **more: str) -> Made:
    """A record with this block; more headers as keywords, an underscore for a dash."""
    lines = [
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{key(kind, url, at, str(body_key(block))) % 2**64:032x}>",
        f"WARC-Date: {at}",
    ]
    lines += [f"WARC-Target-URI: {url}"] if url else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    if not any(name == "Content_Type" for name in more):
        lines.append("Content-Type: application/http; msgtype=response")
    head = "\r\n".join(["WARC/1.0", *lines, f"Content-Length: {len(block)}", "", ""])
    return head.encode() + block + b"\r\n\r\n"


def http(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    """An answer as it came."""
    return "\r\n".join([status, f"Content-Type: {kind}", *headers, "", ""]).encode() + body


def response(
    url: str, body: bytes, *headers: str, at: str = f"{DAY}T12:00:00Z", status: str = "HTTP/1.1 200 OK", **more: str
) -> Made:
    """A record of an answer."""
    return record("response", url, http(body, *headers, status=status), at, **more)


def chunked(body: bytes, size: int = 1000) -> bytes:
    """A body in chunks, with an extension and trailers, as they may be."""
    parts = [body[n : n + size] for n in range(0, len(body), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nX-Trailer: 1\r\n\r\n"


def zipped(data: bytes) -> bytes:
    """A gzip member without a moment: the same bytes in each process that collects tests."""
    return gzip.compress(data, 6, mtime=0)


def packed(records: Sequence[Made]) -> bytes:
    """Each a gzip member, as crawlers write them."""
    return b"".join(zipped(one) for one in records)


def wacz(records: Sequence[Made], name: str = "archive/data.warc.gz") -> bytes:
    """A package, as browsers' archives are."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("datapackage.json", "{}")
        package.writestr(name, packed(records))
        package.writestr("pages/pages.jsonl", "{}\n" * 1000)
    return made.getvalue()


class Depot(ThreadingHTTPServer):
    """Serves files with ranges on loopback. What is in `moods` answers so before it gives anything: a status, `cut` (breaks off after so
    many bytes) or `whole` (gives no ranges)."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Depot)
        self.files, self.asked = files, list[tuple[str, str]]()
        self.moods: list[tuple[str, int]] = []
        self.ranges = True
        Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        """The address of a file."""
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Depot(BaseHTTPRequestHandler):
    server: Depot

    def do_GET(self) -> None:
        told = self.headers.get("Range", "")
        self.server.asked.append((self.path, told))
        mood, number = self.server.moods.pop(0) if self.server.moods else ("", 0)
        data = self.server.files.get(self.path)
        if mood == "status" or data is None:
            self.send_response(number or 404)
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = int(told.removeprefix("bytes=").rstrip("-") or 0) if self.server.ranges else 0
        self.send_response(206 if self.server.ranges else 200)
        if self.server.ranges:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("ETag", f'"{zlib.crc32(data)}"')
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(data[start : start + number] if mood == "cut" else data[start:])

    def log_message(self, format: str, *arguments: object) -> None:
        pass
