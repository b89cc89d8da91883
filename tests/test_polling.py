"""Polling and ingest over a publisher's feeds, run after run, with what the warehouse says of it."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from extract.entries import RELISTED
from extract.keys import key
from extract.records import Poll
from extract.sandbox import Sandbox
from flows import settings
from flows.board import summary
from flows.commands import sql, status
from flows.line.work import Looked
from storage import duck
from storage.look import day
from storage.warehouse import Warehouse
from tests.line import ingest, poll, settings_for
from tests.newsagent import Newsagent, answer

WORDS = "The council met on Monday to talk about the bridge that has been closed since the flood of last spring. "


@dataclass
class Publisher:
    """One feed and its articles on a newsagent, polled into a warehouse of its own."""

    agent: Newsagent
    folder: Path
    sandbox: Sandbox
    form: str = "rss"

    def lists(self, items: Sequence[str], path: str = "/feed", title: str = "Herald", **headers: str) -> None:
        """Let the feed list these items; each a whole <item>."""
        body = f'<rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'
        self.agent.shelf[path] = answer(body, content_type="application/rss+xml", **headers)

    def item(self, n: int, title: str = "", guid: str = "", date: str = "", path: str = "", summary: str = "") -> str:
        """An item whose article is there."""
        path = path or f"/story/{n}"
        title = title or f"Council argues over bridge number {n}"
        text = "".join(f"<p>{WORDS} Article {n}, part {part}, {title}.</p>" for part in range(6))
        self.agent.shelf.setdefault(
            path,
            answer(
                f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"
            ),
        )
        return (
            f"<item><title>{escape(title)}</title><link>{self.agent.url(path)}</link>"
            + (f"<guid isPermaLink='false'>{guid}</guid>" if guid else "")
            + (f"<pubDate>{date}</pubDate>" if date else "")
            + (f"<description>{escape(summary)}</description>" if summary else "")
            + "</item>"
        )

    def settings(self, *urls: str, **changes: Any) -> settings.Settings:
        outlines = "".join(
            f'<outline type="{self.form}" xmlUrl="{url}"/>' for url in urls or (self.agent.url("/feed"),)
        )
        (self.folder / "feeds.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>", encoding="utf-8")
        return settings_for(self.folder, {"bridges": "bridge"}, **changes)

    def poll(self, *urls: str, **changes: Any) -> dict[str, Any]:
        return poll(self.settings(*urls, **changes), self.sandbox)

    def ingest(self, *urls: str, **changes: Any) -> dict[str, Any]:
        return ingest(self.settings(*urls, **changes), self.sandbox)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return duck.ask(Warehouse(self.folder / "data").published, sql)[1]

    def one(self, sql: str) -> Any:
        return self.ask(sql)[0][0]


@pytest.fixture
def herald(tmp_path: Path, sandbox: Sandbox) -> Iterator[Publisher]:
    with Newsagent() as agent:
        yield Publisher(agent, tmp_path, sandbox)


def test_poll_stores_entries_and_ingest_fetches_their_articles(herald: Publisher) -> None:
    herald.lists([herald.item(n) for n in range(3)])
    row = herald.poll()
    assert (row["kind"], row["seen"], row["deferred"], row["stored"]) == ("poll", 3, 3, 0)
    assert not any(path.startswith("/story") for path in herald.agent.paths())
    assert set(herald.ask("SELECT outcome, reason, attempts FROM entries")) == {
        ("deferred", "its page is fetched by the next ingest", 0)
    }
    first = herald.one("SELECT min(first_seen_at) FROM entries")
    herald.lists([herald.item(n) for n in range(1, 4)])  # the oldest has left the list before its page was fetched
    row = herald.ingest()
    assert (row["seen"], row["stored"]) == (4, 4)
    assert herald.one("SELECT min(first_seen_at) FROM articles") == first
    assert herald.one("SELECT count(*) FROM story_topics") == herald.one("SELECT count(*) FROM stories")


def test_polling_keeps_the_topics(herald: Publisher) -> None:
    herald.lists([herald.item(1)])
    herald.ingest()
    herald.lists([herald.item(2)])
    herald.poll()
    assert herald.ask("SELECT topic, version, current FROM topics") == [("bridges", 1, True)]
    assert herald.one("SELECT count(*) FROM article_topics") == 1


def test_a_feed_that_is_not_due_is_left_alone(herald: Publisher) -> None:
    patient = settings.Poll(every_minutes=120, shortest_minutes=120)
    herald.lists([herald.item(1)])
    herald.poll(poll=patient)
    row = herald.poll(poll=patient)
    assert (row["feeds"], herald.agent.paths()) == (0, ["/feed"])
    assert herald.one("SELECT next_poll_at > last_polled_at + INTERVAL 100 MINUTE FROM feeds")


def test_lost_entries_are_told(herald: Publisher) -> None:
    herald.lists([herald.item(n) for n in range(10)])
    herald.poll()
    herald.lists([herald.item(n) for n in range(10, 20)])
    herald.poll()
    assert herald.ask("SELECT overlap FROM polls ORDER BY polled_at") == [(None,), (False,)]
    assert herald.ask("SELECT losses, lost_at IS NOT NULL FROM feeds") == [(1, True)]
    assert herald.one("SELECT losses FROM volume_by_feed") == 1
    told = status.status(Warehouse(herald.folder / "data").published)
    assert "lost     Herald: entries were probably missed" in told


def test_a_busy_host_is_asked_again_when_it_said(herald: Publisher) -> None:
    herald.agent.shelf["/feed"] = answer("", "503 Busy", retry_after="7200")
    herald.poll()
    assert herald.one("SELECT next_poll_at - last_polled_at >= INTERVAL 2 HOUR FROM feeds")
    herald.lists([herald.item(1)])
    assert herald.poll()["feeds"] == 0
    assert "failing  " in status.status(Warehouse(herald.folder / "data").published)


def test_a_feed_that_is_gone_is_marked_and_comes_back(herald: Publisher) -> None:
    herald.poll(herald.agent.url("/gone"))
    assert herald.ask("SELECT status FROM feeds") == [("gone",)]
    working = Warehouse(herald.folder / "data").path
    with duck.open_file(working) as connection:
        connection.execute("UPDATE feeds SET next_poll_at = now()")
    herald.lists([herald.item(1)], path="/gone")
    assert herald.poll(herald.agent.url("/gone"))["seen"] == 1
    assert herald.ask("SELECT status, failures FROM feeds") == [("active", 0)]


def test_a_feed_that_moved_for_good_is_asked_for_at_its_new_place(herald: Publisher) -> None:
    herald.lists([herald.item(1)], path="/new-feed")
    herald.agent.shelf["/feed"] = answer("", "301 Moved", location="/new-feed")
    for _ in range(4):
        herald.poll()
    assert herald.agent.paths().count("/feed") == 3
    assert herald.agent.paths().count("/new-feed") == 4
    assert herald.one("SELECT address FROM feeds") == herald.agent.url("/new-feed")
    assert herald.one("SELECT count(*) FROM feeds") == 1


def test_a_feed_listed_anew_under_other_addresses_is_not_ingested_twice(herald: Publisher) -> None:
    date = "Mon, 23 Nov 2026 08:0{}:00 GMT"
    herald.lists([herald.item(n, guid=f"a{n}", date=date.format(n)) for n in range(5)])
    herald.ingest()
    herald.lists([herald.item(n, guid=f"b{n}", date=date.format(n), path=f"/moved/{n}") for n in range(5)])
    row = herald.ingest()
    assert (row["stored"], row["duplicate"]) == (0, 5)
    assert "other addresses" in herald.one("SELECT held FROM feeds")
    assert "listed 5 known entries" in status.status(Warehouse(herald.folder / "data").published)
    assert herald.one("SELECT count(*) FROM entries WHERE article_id IS NOT NULL") == 10
    warehouse = Warehouse(herald.folder / "data")
    assert "listed 5" in warehouse.accept(key(herald.agent.url("/feed")), datetime.now(UTC), RELISTED)
    assert herald.ingest()["stored"] == 5
    assert herald.one("SELECT held FROM feeds") == ""


def test_guids_that_change_at_every_poll_bring_nothing_twice(herald: Publisher) -> None:
    for look in range(3):
        herald.lists([herald.item(n, guid=f"{look}-{n}") for n in range(4)])
        row = herald.ingest()
    assert row["stored"] == 0
    assert herald.one("SELECT count(*) FROM entries") == 4


def test_items_that_change_at_every_poll_stop_counting_as_updates(herald: Publisher) -> None:
    for look in range(6):
        herald.lists([herald.item(1, summary=f"{look} comments")])
        herald.ingest()
    assert herald.agent.paths().count("/story/1") == 4  # once, and three times in vain
    herald.lists([herald.item(1, summary="9 comments")])
    assert herald.ingest()["unchanged"] == 1


def test_robots_txt_keeps_pages_away_and_the_feeds_own_text_stands_in(herald: Publisher) -> None:
    whole = f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'><![CDATA[<p>{WORDS * 8}</p>]]></content:encoded></item>"
    herald.agent.shelf["/robots.txt"] = answer("User-agent: *\nDisallow: /story/", content_type="text/plain")
    herald.lists([herald.item(1).replace("</item>", whole), herald.item(2, path="/open/2"), herald.item(3)])
    herald.ingest()
    assert not any(path.startswith("/story") for path in herald.agent.paths())
    assert set(herald.ask("SELECT outcome, text_from FROM entries LEFT JOIN articles USING (article_id)")) == {
        ("stored", "feed"),
        ("stored", "page"),
        ("refused", None),
    }
    assert "robots.txt" in herald.one("SELECT reason FROM entries WHERE outcome = 'refused'")
    herald.lists([herald.item(4, path="/open/4")])
    herald.ingest()
    assert herald.agent.paths().count("/robots.txt") == 1  # a day's worth


def test_a_page_that_fails_waits_and_is_tried_again(herald: Publisher) -> None:
    herald.lists([herald.item(1)])
    story = herald.agent.shelf["/story/1"]
    herald.agent.shelf["/story/1"] = answer("", "503 Busy")
    hour = settings.Fetch(allow_loopback=True, pause=0.0, timeout=5.0, retry_minutes=60)
    assert herald.ingest(fetch=hour)["deferred"] == 1
    assert herald.ask("SELECT attempts, retry_at > now() + INTERVAL 55 MINUTE FROM entries") == [(1, True)]
    herald.ingest(fetch=hour)
    assert herald.agent.paths().count("/story/1") == 1
    herald.agent.shelf["/story/1"] = story
    with duck.open_file(Warehouse(herald.folder / "data").path) as connection:
        connection.execute("UPDATE entries SET retry_at = now()")
    assert herald.ingest(fetch=hour)["stored"] == 1


HOSTILE = "<script>alert(1)</script> \u009b31m | `x` [a](javascript:alert(1)) \u202eevil"


def test_hostile_words_are_plain_text_wherever_they_are_shown(herald: Publisher) -> None:
    herald.lists(
        [
            f"<item><title>{escape(escape(HOSTILE))}</title><link>javascript:alert(1)</link><guid>../../../etc/passwd</guid></item>",
            f"<item><title>{escape('=HYPERLINK(1)')}</title><link>http://me:secret@127.0.0.1/x</link></item>",
            herald.item(3, title="Council <b>votes</b> &lt;img src=x onerror=alert(1)&gt; at last"),
        ],
        title=escape(HOSTILE),
    )
    row = herald.ingest()
    assert (row["stored"], row["refused"]) == (1, 2)
    assert [url for (url,) in herald.ask("SELECT DISTINCT url FROM entries ORDER BY url")] == [
        "",
        herald.agent.url("/story/3"),
    ]
    assert "secret" not in str(herald.ask("FROM entries"))
    assert not (herald.folder / "etc").exists()
    shown = []
    path = Warehouse(herald.folder / "data").published
    for form in ("table", "csv", "json"):
        out = io.StringIO()
        sql.ask(path, "SELECT title, url, guid FROM entries ORDER BY title", form, out)
        shown.append(out.getvalue())
    assert "'=HYPERLINK(1)" in shown[1]
    (feed,) = Warehouse(herald.folder / "data").feeds().values()
    look = Looked(feed, Poll(feed.feed_id, row["started_at"], "failed", error=HOSTILE), None)
    shown += [status.status(path), summary.summary_markdown(row, [look], day.lost(path, row["run_id"]))]
    assert summary.feeds_table([look])[0]["why"] == summary.escape(summary.reason(look)), "cells are Markdown too"
    for text in shown:
        assert not set("\x1b\x07\u009b\u202e") & set(text)
    assert "\\<script" in shown[-1] and " [a](javascript" not in shown[-1]


def test_an_article_is_looked_at_once_more(herald: Publisher) -> None:
    soon = {"fetch": settings.Fetch(allow_loopback=True, pause=0.0, retry_minutes=0.0, again_hours=1e-7)}
    herald.lists([herald.item(1), herald.item(2)])
    herald.ingest(**soon)
    asked = herald.agent.paths().count("/story/1")
    corrected = herald.agent.shelf["/story/1"]
    assert isinstance(corrected, bytes)
    herald.agent.shelf["/story/1"] = corrected.replace(b"bridge that", b"tunnel that")
    del herald.agent.shelf["/story/2"]
    row = herald.ingest(**soon)
    assert (row["stored"], row["unchanged"], row["seen"]) == (1, 1, 2)
    assert herald.one("SELECT reason FROM versions") == "publisher"
    assert herald.one("SELECT count(*) FROM articles WHERE text LIKE '%tunnel that%'") == 1
    assert herald.one("SELECT count(*) FROM articles") == 2, "a page that is gone by then leaves its article"
    assert str(herald.one("SELECT reason FROM entries WHERE outcome = 'unchanged'")).startswith("looked at again: ")
    herald.ingest(**soon)
    assert herald.agent.paths().count("/story/1") == asked + 1, "once, and not a third time"


def test_an_index_of_sitemaps_is_followed_to_those_for_news(herald: Publisher) -> None:
    herald.item(1), herald.item(2)
    story = "<url><loc>{}</loc><news:news><news:title>{}</news:title></news:news></url>"
    news = "".join(story.format(herald.agent.url(f"/story/{n}"), f"Council argues over bridge {n}") for n in (1, 2))
    herald.agent.shelf["/news.xml"] = answer(f"<urlset>{news}</urlset>", content_type="text/xml")
    parts = "".join(f"<sitemap><loc>{herald.agent.url(path)}</loc></sitemap>" for path in ("/all.xml", "/news.xml"))
    herald.agent.shelf["/feed"] = answer(f"<sitemapindex>{parts}</sitemapindex>", content_type="text/xml")
    herald.ingest()
    assert herald.ask("SELECT format, whole_at IS NOT NULL FROM feeds") == [("sitemap-index", True)]
    assert herald.ask("SELECT count(*) FROM articles") == [(2,)]
    assert "/all.xml" not in herald.agent.paths()


def test_indexes_of_several_sites_are_followed_side_by_side_and_each_site_politely(herald: Publisher) -> None:
    names, pause = ("a.localhost", "b.localhost"), 0.3
    for n in (1, 2):
        news = f"<url><loc>/story/{n}</loc><news:news><news:title>Council argues over bridge {n}</news:title></news:news></url>"
        herald.agent.shelf[f"/news{n}.xml"] = answer(f"<urlset>{news}</urlset>", content_type="text/xml")
    parts = "".join(f"<sitemap><loc>/{path}.xml</loc></sitemap>" for path in ("news1", "news2"))
    herald.agent.shelf["/news.xml"] = answer(f"<sitemapindex>{parts}</sitemapindex>", content_type="text/xml")
    part = "<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>"
    herald.agent.shelf["/maps.xml"] = answer(part, content_type="text/xml")
    fetch = settings.Fetch(allow_loopback=True, pause=pause, timeout=5.0, retry_minutes=0.0)
    herald.poll(*(herald.agent.url("/maps.xml", name) for name in names), fetch=fetch)
    assert herald.ask("SELECT entries_seen FROM polls") == [(2,), (2,)]
    asked = [next(name for name in names if f"Host: {name}" in request) for request in herald.agent.asked]
    assert all(set(asked[n : n + 2]) == set(names) for n in range(0, len(asked), 2)), asked
    for name in names:
        times = [at for at, whose in zip(herald.agent.times, asked, strict=True) if whose == name]
        assert len(times) == 4 and all(b - a > pause / 2 for a, b in pairwise(times))


def test_an_index_is_followed_though_it_is_the_same_again(herald: Publisher) -> None:
    for n in (1, 2):
        herald.item(n)
        loc = f"<url><loc>{herald.agent.url(f'/story/{n}')}</loc><news:news/></url>"
        herald.agent.shelf["/news.xml"] = answer(f"<urlset>{loc}</urlset>", content_type="text/xml")
        part = f"<sitemapindex><sitemap><loc>{herald.agent.url('/news.xml')}</loc></sitemap></sitemapindex>"
        herald.agent.shelf["/feed"] = answer(part, content_type="text/xml", etag='"1"')
        herald.ingest()
    assert herald.ask("SELECT count(*) FROM articles") == [(2,)]


def test_a_section_page_is_watched_for_new_links(herald: Publisher) -> None:
    herald.form = "page"
    for n in range(7):
        herald.item(n, path=f"/2026/11/2{n}/story")
    links = "".join(f'<h2><a href="/2026/11/2{n}/story">Council argues over bridge {n}</a></h2>' for n in range(6))
    herald.agent.shelf["/feed"] = answer(f"<html><body>{links}</body></html>")
    herald.ingest()
    assert herald.ask("SELECT format, status FROM feeds") == [("page", "active")]
    assert herald.ask("SELECT count(*) FROM articles") == [(6,)]
    more = '<h2><a href="/2026/11/26/story">Council argues over bridge 6</a></h2>'
    herald.agent.shelf["/feed"] = answer(f"<html><body>{more}{links}</body></html>")
    herald.ingest()
    assert herald.ask("SELECT count(*) FROM articles") == [(7,)]


def test_an_item_whose_whole_text_is_in_the_feed_needs_no_link(herald: Publisher) -> None:
    text = "".join(f"<p>{WORDS} Part {part}.</p>" for part in range(25))
    items = [
        f"<item><title>Bridge news {n}</title><guid>g{n}</guid><description>{escape(text + str(n))}</description></item>"
        for n in (1, 2)
    ]
    herald.lists([*items, "<item><title>A title alone</title><guid>g3</guid></item>"])
    herald.poll()
    assert herald.ask("SELECT outcome, count(*) FROM entries GROUP BY ALL ORDER BY ALL") == [
        ("deferred", 2),
        ("refused", 1),
    ]
    herald.ingest()
    assert herald.ask("SELECT title, text_from, site FROM articles ORDER BY ALL") == [
        ("Bridge news 1", "feed", "127.0.0.1"),
        ("Bridge news 2", "feed", "127.0.0.1"),
    ]
    assert herald.ingest()["stored"] == 0


def test_such_an_item_is_at_home_though_its_feed_is_not_looked_at_again(herald: Publisher) -> None:
    text = "".join(f"<p>{WORDS} Part {part}.</p>" for part in range(25))
    item = f"<item><title>Bridge news</title><guid isPermaLink='false'>g</guid><description>{escape(text)}</description></item>"
    herald.lists([item])
    herald.poll(poll=settings.Poll(every_minutes=600, shortest_minutes=600, longest_minutes=600))
    asked = len(herald.agent.asked)
    herald.ingest(poll=settings.Poll(every_minutes=600, shortest_minutes=600, longest_minutes=600))
    assert len(herald.agent.asked) == asked
    assert herald.ask("SELECT site, url = (SELECT url FROM feeds) || '#g' FROM articles") == [("127.0.0.1", True)]
