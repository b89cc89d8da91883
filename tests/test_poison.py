"""Pages that would cost a reader minutes, gigabytes or the interpreter cost their own row, and nobody else's."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from extract import articles
from extract.errors import NewsduckError, Poison
from extract.records import Article
from extract.sandbox import Sandbox
from flows.settings import Read
from storage import duck
from tests.line import ingest, settings_for
from tests.pages import BODY, URL, html
from tests.poison import PAGES

GOOD = html(f"<article><h1>Rain</h1>{BODY}</article>")
ODD_JSON = [
    None,
    3,
    [{"@type": ["NewsArticle", 5], "headline": [{"x": 1}], "author": {"name": None}, "datePublished": {"@value": 7}}],
]


@pytest.fixture(scope="module")
def hasty() -> Iterator[Sandbox]:
    """Two readers that give a page two seconds, lest the suite wait."""
    with Sandbox(2, seconds=2.0) as workers:
        yield workers


@pytest.mark.parametrize("name", PAGES)
def test_poison_costs_its_own_row(name: str, hasty: Sandbox) -> None:
    """Read, or told as poison by its clock or its memory; never by an error of the reader's own."""
    found = hasty.map(articles.read, [(GOOD, URL), (PAGES[name], URL), (GOOD, URL)])
    assert isinstance(found[1], Article | NewsduckError)
    if isinstance(found[1], Poison):
        assert "broke its reader" not in str(found[1])
    assert all(isinstance(found[n], Article) and found[n].words > 200 for n in (0, 2))  # type: ignore[union-attr]


def test_structured_data_of_any_shape_is_no_poison() -> None:
    assert articles.read(html("<p>x</p>", ld=ODD_JSON), URL).title


def _read_among(good: int, poison: int, folder: Path, sandbox: Sandbox, seconds: float) -> tuple[dict[str, Any], int]:
    """One run over so many pages of each sort from a server on loopback; its row, and how many good ones are stored."""
    names = list(PAGES)
    pages = {f"/good/{n}": GOOD.replace(b"<h1>Rain", b"<h1>Rain on day %d of the year" % n) for n in range(good)}
    step = max(1, good // max(1, poison))
    paths = list(pages)
    for n in range(poison):
        paths.insert((step + 1) * n, f"/poison/{n}")
        pages[f"/poison/{n}"] = PAGES[names[n % len(names)]]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/feed":
                items = "".join(f"<item><title>{path}</title><link>{path}</link></item>" for path in paths)
                body = f'<rss version="2.0"><channel><title>all</title>{items}</channel></rss>'.encode()
            else:
                body = pages.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/xml" if self.path == "/feed" else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        (folder / "feeds.opml").write_text(
            f'<opml version="2.0"><body><outline xmlUrl="http://127.0.0.1:{server.server_port}/feed"/></body></opml>'
        )
        settings = settings_for(folder, {}, read=Read(seconds=seconds))
        row = ingest(settings, sandbox)
    finally:
        server.shutdown()
        server.server_close()
    published = settings.data_folder / "warehouse.duckdb"
    stored = duck.ask(published, "SELECT count(*) FROM articles WHERE url LIKE '%/good/%' AND words > 200")[1]
    return row, int(stored[0][0])  # type: ignore[call-overload]  # a count


def test_all_good_pages_among_poison_are_stored(tmp_path: Path, hasty: Sandbox) -> None:
    row, stored = _read_among(30, len(PAGES), tmp_path, hasty, 2.0)
    assert stored == 30
    assert row["seen"] == 30 + len(PAGES)


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_a_thousand_good_pages_among_a_hundred_poisonous_ones(
    request: pytest.FixtureRequest, tmp_path: Path, sandbox: Sandbox
) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("long: run `make faults`")
    row, stored = _read_among(1000, 100, tmp_path, sandbox, 20.0)
    assert stored == 1000
    assert row["seen"] == 1100
