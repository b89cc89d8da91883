"""Going back in time: older parts of a feed's list are followed, kept once, and fetched by the next ingest."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from demo.newsroom import Newsroom
from extract.poll import feeds, paging
from extract.records import Feed
from extract.sandbox import Sandbox
from flows import backfill, feed_list
from flows.line import look
from flows.line.back import follow
from flows.line.fetch import fetch_all
from storage import archive
from tests.line import at_work, settings_for

ITEM = "<item><title>Story {0}</title><link>{1}/story/{0}</link><guid>{0}</guid></item>"


class Paged(BaseHTTPRequestHandler):
    """/feed: three parts of two stories each, numbered as WordPress does, overlapping by one; the fourth is a 404. /endless:
    a list whose every part names another one, with the same story in it."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        part = int(parse_qs(parts.query).get("paged", ["1"])[0])
        base = f"http://{self.headers['Host']}"
        numbers = [2 * part - 1, 2 * part, 2 * part + 1] if parts.path == "/feed" else [100]
        items = "".join(ITEM.format(n, base) for n in numbers)
        body = f'<rss version="2.0"><channel><title>{parts.path}</title><generator>https://wordpress.org/?v=6.4</generator>{items}</channel></rss>'
        self.send_response(200 if part < 4 or parts.path != "/feed" else 404)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Paged) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def run(folder: Path, sandbox: Sandbox, pages: int) -> tuple[int, int]:
    """(parts read, entries that are new) of one backfill, by the steps of flows/backfill.py."""
    with at_work("backfill", settings_for(folder, {}), sandbox) as (work, listed):
        message = backfill.line(work, listed, pages=pages).message
    new, parts = re.findall(r"(\d+) (?:entries|parts)", message)
    return int(parts), int(new)


def put(folder: Path, *addresses: str) -> None:
    outlines = "".join(f'<outline xmlUrl="{address}"/>' for address in addresses)
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>', encoding="utf-8")


def test_older_parts_are_kept_once(site: str, tmp_path: Path, sandbox: Sandbox) -> None:
    put(tmp_path, f"{site}/feed")
    assert run(tmp_path, sandbox, 10) == (3, 7)
    assert run(tmp_path, sandbox, 10)[1] == 0, "what is known is not new again"


def test_it_ends_where_nothing_new_comes_and_after_so_many_parts(site: str, tmp_path: Path, sandbox: Sandbox) -> None:
    put(tmp_path, f"{site}/endless")
    assert run(tmp_path, sandbox, 50) == (2, 1)
    put(tmp_path, f"{site}/feed")
    assert run(tmp_path, sandbox, 1)[0] == 2


URL = "https://a.example/feed/"


@pytest.mark.parametrize(
    ("links", "generator", "expected"),
    [
        ([("next", "?page=2")], "", f"{URL}?page=2"),
        ([("next", "/n"), ("prev-archive", "/archive/7")], "", "https://a.example/archive/7"),
        ([("next", "https://b.example/x")], "", ""),
        ([("next", URL)], "", ""),
        ([("self", "/x"), ("next", "javascript:alert(1)")], "", ""),
        ([], "https://wordpress.org/?v=6.4", f"{URL}?paged=2"),
        ([], "http://wordpress.org/?v=3.1", f"{URL}?paged=2"),
        ([], "Drupal", ""),
    ],
)
def test_where_the_older_part_is(links: list[tuple[str, str]], generator: str, expected: str) -> None:
    assert paging.older(links, generator, URL) == expected


def test_wordpress_numbers_go_on_and_other_parameters_stay() -> None:
    assert paging.older([], "https://wordpress.org/?v=6", f"{URL}?cat=3&paged=2") == f"{URL}?cat=3&paged=3"


def test_documents_say_where_their_older_part_is() -> None:
    now, feed = datetime(2026, 11, 1, tzinfo=UTC), Feed(1, URL)
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><link rel="next" href="?p=2"/><entry><id>1</id><link href="{URL}1"/></entry></feed>'
    assert feeds.parse(atom.encode(), feed, URL, now).older == f"{URL}?p=2"
    json = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "t", "next_url": "https://a.example/2", "items": []}'
    )
    assert feeds.parse(json.encode(), feed, URL, now).older == "https://a.example/2"


def test_feeds_are_named_as_people_name_them() -> None:
    listed = [Feed(1, "https://a.example/feed", "The Tide"), Feed(2, "https://b.example/feed", "The Harbour")]
    assert feed_list.named(["tide", "https://b.example/feed"], listed) == listed


def test_a_backfill_that_died_is_finished_from_its_archive(site: str, tmp_path: Path, sandbox: Sandbox) -> None:
    """It had fetched and archived the parts, and told nobody: the next run of any kind takes their entries, asks nobody
    again, and takes a part for no look at the feed."""
    put(tmp_path, f"{site}/feed")
    found = settings_for(tmp_path, {})
    with at_work("backfill", found, sandbox) as (work, listed):
        follow.follow(look.on_list(listed, work.warehouse.feeds()), work, 5)
    put(tmp_path, "http://127.0.0.1:9/feed")  # and meanwhile the feed has left the list
    with at_work("poll", found, sandbox) as (work, _):
        entries = work.warehouse._ask("SELECT url, outcome FROM entries ORDER BY url")
        runs = work.warehouse._ask("SELECT kind, seen, deferred FROM runs")
        polls = work.warehouse._ask("SELECT * FROM polls")
    assert [(e["url"].rsplit("/", 1)[1], e["outcome"]) for e in entries] == [(str(n), "deferred") for n in range(1, 8)]
    assert runs == [{"kind": "recovered", "seen": 7, "deferred": 7}]
    assert polls == []


def test_robots_txt_of_a_run_that_died_is_not_asked_for_again(
    tmp_path: Path, sandbox: Sandbox, newsroom: Newsroom
) -> None:
    (tmp_path / "feeds.opml").write_text(newsroom.opml(), encoding="utf-8")
    found = settings_for(tmp_path, {})
    with at_work("ingest", found, sandbox) as (work, listed):
        looked = look.poll(look.on_list(listed, work.warehouse.feeds()), work)
        fetch_all(look.plan(looked, work).plan.fetch, work)
        learned = set(work.book.learned)
    with at_work("poll", found, sandbox) as (work, _):
        known = {robots.origin for robots in work.warehouse.robots()}
        assert work.warehouse._ask("SELECT count(*) AS n FROM articles") == [{"n": 54}]
    assert learned and known == learned


def test_a_page_whose_feed_is_lost_is_not_lost(tmp_path: Path, sandbox: Sandbox, newsroom: Newsroom) -> None:
    """The feeds' documents in the archive file are damaged; the pages are whole."""
    (tmp_path / "feeds.opml").write_text(newsroom.opml(), encoding="utf-8")
    found = settings_for(tmp_path, {})
    with at_work("ingest", found, sandbox) as (work, listed):
        looked = look.poll(look.on_list(listed, work.warehouse.feeds()), work)
        fetch_all(look.plan(looked, work).plan.fetch, work)
        file = work.warehouse.archive.path(work.archive.name)
    first = next(
        page for page in archive.read_file(work.warehouse.archive, work.archive.name) if page.ask.role == "page"
    )
    data = file.read_bytes()
    file.write_bytes(bytes(first.warc_offset) + data[first.warc_offset :])
    put(tmp_path, "http://127.0.0.1:9/feed")
    with at_work("poll", found, sandbox) as (work, _):
        assert work.warehouse._ask("SELECT count(*) AS n FROM articles")[0]["n"] >= 54
    assert list(file.parent.glob("*.damaged-1"))
