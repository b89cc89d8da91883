"""A site's sitemaps, back to a day."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from extract.errors import BadInput, NotAFeed
from extract.poll import past
from extract.sandbox import Sandbox
from flows.cli import newsduck
from flows.line.back.past import follow
from storage import duck
from tests.line import settings_for
from tests.newsagent import Newsagent, answer

SINCE = date(2026, 3, 1)
HOME = "https://herald.example"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def index(*parts: tuple[str, str]) -> str:
    listed = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>" for loc, at in parts
    )
    return f"<sitemapindex {NS}>{listed}</sitemapindex>"


def listing(*items: tuple[str, str, str]) -> str:
    """Of (address, last change, when published)."""
    news = "<news:news><news:title>Rain</news:title><news:publication_date>{0}</news:publication_date></news:news>"
    listed = "".join(
        f"<url><loc>{loc}</loc><lastmod>{at}</lastmod>{news.format(claim) if claim else ''}</url>"
        for loc, at, claim in items
    )
    return f"<urlset {NS}>{listed}</urlset>"


def read(text: str) -> past.Sitemap:
    return past.read(text.encode(), f"{HOME}/sitemap.xml", "text/xml", SINCE)


def test_of_an_index_the_parts_of_the_time_since() -> None:
    found = read(
        index(
            (f"{HOME}/2026-02.xml", "2026-11-01"),  # written anew, and yet of February
            (f"{HOME}/2026-03.xml", ""),
            (f"{HOME}/old.xml", "2026-02-27"),
            (f"{HOME}/new.xml", "2026-03-02"),
            (f"{HOME}/any.xml", ""),
            ("https://other.example/a.xml", ""),
        )
    )
    assert found.parts == (f"{HOME}/2026-03.xml", f"{HOME}/new.xml", f"{HOME}/any.xml")
    assert (found.older, found.odd) == (2, 1)


def test_of_a_listing_the_articles_of_the_time_since() -> None:
    found = read(
        listing(
            (f"{HOME}/2026/03/01/rain-floods-the-lower-town", "2026-11-01", ""),
            (f"{HOME}/2026/02/01/rain-floods-the-lower-town", "2026-11-01", ""),
            (f"{HOME}/rain", "2026-11-01", "2026-03-05T10:00:00Z"),
            (f"{HOME}/snow", "2026-11-01", "2026-02-05T10:00:00Z"),
            (f"{HOME}/contact", "2026-11-01", ""),
            (f"{HOME}/rain-floods-the-upper-town-again", "", ""),
        )
    )
    assert [(one.url, one.claim) for one in found.listed] == [
        (f"{HOME}/2026/03/01/rain-floods-the-lower-town", ""),
        (f"{HOME}/rain", "2026-03-05T10:00:00Z"),
    ]
    assert (found.older, found.odd) == (3, 1)


@pytest.mark.parametrize("body", ["", "<html/>", "<rss/>"])
def test_what_is_no_sitemap_is_told(body: str) -> None:
    with pytest.raises(NotAFeed):
        read(body)


def test_robots_txt_names_them_else_they_are_where_they_usually_are() -> None:
    told = f"User-agent: *\nSitemap: {HOME}/a.xml\nsitemap: https://other.example/b.xml\n"
    assert past.named(told, HOME) == [f"{HOME}/a.xml"]
    assert past.named("", HOME) == [f"{HOME}/sitemap_index.xml", f"{HOME}/sitemap.xml"]


def test_a_site_is_gone_through_and_its_articles_wait(tmp_path: Path, sandbox: Sandbox) -> None:
    found = settings_for(tmp_path, {})
    with Newsagent() as agent:
        base = agent.url("")
        agent.shelf["/robots.txt"] = answer(f"Sitemap: {base}/index.xml")
        agent.shelf["/index.xml"] = answer(index((f"{base}/2026-02.xml", ""), (f"{base}/2026-03.xml", ""), (f"{base}/index.xml", ""), (f"{base}/gone.xml", "")))  # fmt: skip
        agent.shelf["/2026-03.xml"] = answer(listing((f"{base}/rain", "2026-03-05", "2026-03-05T10:00:00Z"), (f"{base}/rain", "2026-03-05", "2026-03-05")))  # fmt: skip
        came = follow(base, SINCE, found, sandbox, lambda _: None)
        assert (came.documents, came.older, came.came.added) == (2, 1, 1)
        assert "/2026-02.xml" not in agent.paths()
        path = tmp_path / "data" / "warehouse.duckdb"
        assert duck.ask(path, "SELECT url, title, published_at, outcome FROM entries")[1] == [
            (f"{base}/rain", "Rain", datetime(2026, 3, 5, tzinfo=UTC), "deferred")
        ]
        assert follow(base, SINCE, found, sandbox, lambda _: None).came.skipped == {"known already": 1}
        assert follow(f"{base}/2026-03.xml", SINCE, found, sandbox, lambda _: None).documents == 1
        agent.shelf.clear()
        with pytest.raises(BadInput, match="has no sitemap"):
            follow(base, SINCE, found, sandbox, lambda _: None)


def test_a_site_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "newsduck.toml").write_text('data = "data"\n')
    done = CliRunner().invoke(newsduck, ["backfill", "--sitemap", "http://", "--since", "2026-03-01"])
    assert "is no site" in str(done.exception)


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("/2026-02.xml", "2026-02-28 23:59"),
        ("/2028/02/", "2028-02-29 23:59"),
        ("/2026-12.xml", "2026-12-31 23:59"),
        ("/2026_11.xml", "2026-11-30 23:59"),
        ("/2026.1.xml", "2026-01-31 23:59"),
        ("/1999/03/04/rain", "1999-03-04 23:59"),
        ("/20260304", "2026-03-04 23:59"),
        ("/2026-02-31", ""),
        ("/202603", ""),
        ("/2026-13", ""),
        ("/12026-03", ""),
        ("/rain", ""),
    ],
)
def test_the_end_of_the_day_or_month_that_an_address_names(path: str, end: str) -> None:
    found = past._in(f"{HOME}{path}")
    assert (f"{found:%Y-%m-%d %H:%M}" if found else "") == end


@pytest.mark.parametrize(("at", "older"), [("2026-02-28T23:59:59Z", 1), (f"{SINCE}T00:00:00Z", 0)])
def test_a_day_begins_at_its_midnight(at: str, older: int) -> None:
    assert read(index((f"{HOME}/a.xml", at))).older == older
    assert read(listing((f"{HOME}/rain", "", at))).older == older


@pytest.mark.parametrize(("length", "kept"), [(499, 499), (500, 500), (501, 500)])
def test_a_title_has_five_hundred_letters(length: int, kept: int) -> None:
    news = listing((f"{HOME}/rain", "", f"{SINCE}T10:00:00Z")).replace("Rain", "x" * length)
    assert len(read(news).listed[0].title) == kept


def test_what_says_neither_moment_nor_day_is_of_before() -> None:
    assert read(listing((f"{HOME}/rain-floods-the-lower-town", "", ""))).older == 1
    assert read(listing((f"{HOME}/rain", "", "tomorrow"))).older == 1
    assert read(index((f"{HOME}/a.xml", "tomorrow"))).parts == (f"{HOME}/a.xml",)
