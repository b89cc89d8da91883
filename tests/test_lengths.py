"""How long what others wrote may be where it is kept: one letter more than that is cut, and the last that may be is not."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from extract.poll import feeds, polls, sections
from extract.poll.items import person
from extract.records import Ask, Feed, Page
from tests.pages import LD, read

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
URL = "https://herald.example/feed"


def meta(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{value}">'


def json_feed(length: int) -> int:
    told = {"title": "x" * length, "items": [{"id": "1", "title": "a"}]}
    return len(feeds.parse(json.dumps(told).encode(), Feed(1, URL), URL, NOW).title)


def section_page(length: int) -> int:
    links = "".join(f'<a href="/2026/11/1{n}/a-headline-of-words">A headline of words {n}</a>' for n in range(6))
    page = f"<html><head><title>{'x' * length}</title></head><body>{links}</body></html>"
    return len(sections.parse(page.encode(), Feed(1, URL, format="page"), URL, NOW).title)


def sitemap(length: int) -> int:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    news = f"<news:news><news:publication><news:name>{'x' * length}</news:name></news:publication><news:title>Rain</news:title></news:news>"
    told = f"<urlset {space}><url><loc>https://herald.example/1</loc>{news}</url></urlset>"
    return len(feeds.parse(told.encode(), Feed(1, URL), URL, NOW).title)


def answered(length: int, status: int = 200, name: str = "ETag") -> Page:
    told = ((name, "x" * length),) if length else ()
    body = b'<rss version="2.0"><channel><title>A</title><item><title>a</title></item></channel></rss>'
    return Page(Ask(URL, "feed", URL, 1000), URL, status, told, body if status == 200 else b"", NOW, 0.1)


def etag(status: int) -> Callable[[int], int]:
    return lambda length: len(polls.decide_poll(Feed(1, URL, body_hash=7), answered(length, status), NOW)[0].etag)


def last_modified(length: int) -> int:
    return len(polls.decide_poll(Feed(1, URL), answered(length, name="Last-Modified"), NOW)[0].last_modified)


def name(length: int) -> int:
    return len(person("x" * length))


def name_beside_an_address(length: int) -> int:
    return len(person(f"ann@paper.example ({'x' * length})"))


def section(length: int) -> int:
    return len(read(ld=LD | {"articleSection": "x" * length}).section)


def description(length: int) -> int:
    return len(read(head=meta("og:description", "x" * length)).description)


def keywords(count: int) -> int:
    return len(read(head="".join(meta("article:tag", f"tag {n}") for n in range(count))).tags)


def claim(length: int) -> int:
    return len(read(ld=LD | {"datePublished": "2026-11-22".ljust(length, ".")}).published_claim)


@pytest.mark.parametrize(
    ("kept", "most"),
    [
        (json_feed, 500), (section_page, 500), (sitemap, 500), (etag(200), 1000), (etag(304), 1000), (last_modified, 100),
        (name, 200), (name_beside_an_address, 200), (section, 200), (description, 2000), (keywords, 30), (claim, 100),
    ],
    ids=["json", "page", "sitemap", "etag", "etag as before", "last modified", "name", "name and address", "section", "description",
         "keywords", "claim"],
)  # fmt: skip
def test_what_is_longer_is_cut(kept: Callable[[int], int], most: int) -> None:
    assert [kept(most - 1), kept(most), kept(most + 1)] == [most - 1, most, most]


def test_a_page_that_claims_no_day_has_no_precision() -> None:
    article = read(ld=LD | {"datePublished": ""})
    assert (article.published_at, article.published_from, article.published_precision, article.published_day) == (
        None,
        "",
        "",
        None,
    )
    two = read(ld=LD | {"datePublished": "03/04/2026"})
    assert (two.published_at, two.published_from, two.published_precision) == (None, "jsonld", "ambiguous")


@pytest.mark.parametrize("length", [2000, 2001, 5000])
def test_a_summary_that_is_as_long_as_an_article_is_one(length: int) -> None:
    told = {"items": [{"id": "1", "title": "a", "summary": f"{'x' * (length - 6)} &lt;"}]}
    (entry,) = feeds.parse(json.dumps(told).encode(), Feed(1, URL), URL, NOW).entries
    assert bool(entry.content) is (length - 3 >= 2000)


@pytest.mark.parametrize(
    ("end", "kept"),
    [
        ("</channel></rss>", ["t0", "t1"]),
        ("<item><title>t2</ti", ["t0", "t1"]),
        ("</channel></rss><item><title>t2</ti", ["t0", "t1"]),  # what ended before it does not end it
        ("<item><title>t2</title></channel></rss>", ["t0", "t1", "t2"]),
    ],
)
def test_an_item_that_breaks_off_goes(end: str, kept: list[str]) -> None:
    items = "".join(f"<item><title>t{n}</title></item>" for n in range(2))
    found = feeds.parse(f'<rss version="2.0"><channel><title>A</title>{items}{end}'.encode(), Feed(1, URL), URL, NOW)
    assert [entry.title for entry in found.entries] == kept
