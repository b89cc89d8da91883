"""Real pages behind feeds made for them: every page gets its one outcome, nothing crashes, the run balances."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from extract.sandbox import Sandbox
from storage import duck
from tests.line import ingest, settings_for
from tests.served import Server


@pytest.fixture
def served(real: Path, tmp_path: Path, trials: Callable[[int, int, int], int]) -> Iterator[int]:
    """Two sets of real pages on loopback, or a third of each, a feed a set; gives the number of pages."""
    pages: dict[str, Path] = {}
    feeds: dict[str, list[str]] = {}
    for name in ("fundus", "aeb"):
        rows = gzip.decompress((real / "data/pages" / name / "gold.jsonl.gz").read_bytes()).splitlines()
        for row in map(json.loads, rows[:: trials(3, 1, 1)]):
            path = f"/{name}/{row['id']}"
            pages[path] = real / "data/pages" / name / f"{row['id']}.html.gz"
            feeds.setdefault(name, []).append(path)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = self.path.strip("/").removesuffix(".xml")
            if name in feeds:
                items = "".join(f"<item><title>{escape(p)}</title><link>{p}</link></item>" for p in feeds[name])
                self._send(
                    f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'.encode(),
                    "application/rss+xml",
                )
            elif self.path not in pages:
                self.send_error(404)
            else:
                self._send(gzip.decompress(pages[self.path].read_bytes()), "text/html")

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    outlines = "".join(
        f"<outline xmlUrl={quoteattr(f'http://{name}.localhost:{server.server_port}/{name}.xml')}/>" for name in feeds
    )
    (tmp_path / "feeds.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    yield len(pages)
    server.shutdown()
    server.server_close()


@pytest.mark.promise("Every page gets its one outcome, whatever it is")
def test_every_real_page_gets_its_one_outcome(served: int, tmp_path: Path, sandbox: Sandbox) -> None:
    row = ingest(settings_for(tmp_path, {"any": "the"}), sandbox)
    assert row["seen"] == served
    assert row["stored"] >= 0.95 * served
    assert row["quarantined"] == row["deferred"] == 0
    path = tmp_path / "data" / "warehouse.duckdb"
    assert duck.ask(path, "SELECT count(*) FROM entries WHERE outcome <> 'stored' AND reason = ''")[1] == [(0,)]
    assert duck.ask(path, "SELECT count(*) FROM articles WHERE story_id IS NULL")[1] == [(0,)]
    assert duck.ask(path, "SELECT count(*) FROM articles WHERE regexp_matches(text, '[\\x00-\\x08\\x0b-\\x1f]')")[
        1
    ] == [(0,)]
    assert ingest(settings_for(tmp_path, {"any": "the"}), sandbox)["stored"] == 0
