"""Section pages as feeds."""

from datetime import UTC, datetime

import pytest

from extract.errors import NotAFeed
from extract.poll import feeds, sections
from extract.records import Feed, FeedDocument

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
URL = "https://herald.example/news"
FEED = Feed(1, URL, format="page")
MENU = (
    '<nav><a href="/sport">Everything about sport and games</a></nav><a href="/about">About us and our four offices</a>'
)


def card(path: str, title: str, more: str = "") -> str:
    return f'<div class="card"><a href="{path}"><img src="/x.jpg"></a><h3><a href="{path}">{title}</a></h3>{more}</div>'


def page(*cards: str) -> bytes:
    return f"<html><head><title>News</title></head><body>{MENU}<main>{''.join(cards)}</main></body></html>".encode()


def parsed(body: bytes) -> FeedDocument:
    return feeds.parse(body, FEED, URL, NOW, "text/html; charset=utf-8")


CARDS = [card(f"/2026/11/{n}/ferry-crews-walk-out", f"Ferry crews walk out for the day {n}") for n in range(10, 16)]


def test_links_to_articles_are_its_entries_in_the_pages_order() -> None:
    found = parsed(page(*CARDS))
    assert found.format == "page" and found.title == "News"
    assert [e.url for e in found.entries] == [
        f"https://herald.example/2026/11/{n}/ferry-crews-walk-out" for n in range(10, 16)
    ]
    assert found.entries[0].title == "Ferry crews walk out for the day 10"


def test_what_stands_where_articles_stand_is_one_though_its_address_does_not_say_so() -> None:
    found = parsed(page(*CARDS, card("/local/harbour", "The harbour gets a second pier after all")))
    assert "https://herald.example/local/harbour" in {e.url for e in found.entries}


def test_menus_other_sites_and_parts_of_the_site_are_none() -> None:
    more = [
        card("/tag/ferry-crews-and-their-walk-outs", "All about ferry crews and strikes"),
        card("https://other.example/2026/11/12/not-one-of-ours", "What another site has to say"),
        card("/2026/11/12/picture-of-the-day.jpg", "A picture of the ferry today"),
        '<p><a href="/2026/11/13/short-word-here">More</a></p>',
    ]
    assert len(parsed(page(*CARDS, *more)).entries) == len(CARDS)


def test_a_date_counts_where_it_is_the_cards_own() -> None:
    dated = [
        card(f"/story-{n}00000", f"A headline of six words, {n}", f'<time datetime="2026-11-2{n}T08:00:00Z"></time>')
        for n in range(5)
    ]
    found = parsed(page(*dated))
    assert [e.published_at for e in found.entries] == [datetime(2026, 11, 24 - n, 8, tzinfo=UTC) for n in range(5)]
    listed = parsed(b"<time datetime='2026-11-26'>" + page(*CARDS))
    assert all(e.published_at is None for e in listed.entries)


def test_headlines_without_blanks_are_counted_too() -> None:
    cards = [card(f"/a/2026112{n}01", "港湾当局は来月から新しい料金を導入すると発表した") for n in range(6)]
    assert len(parsed(page(*cards)).entries) == 6


def test_a_page_with_few_articles_is_no_list_of_them() -> None:
    with pytest.raises(NotAFeed, match="2 links to articles"):
        parsed(page(*CARDS[:2]))


def test_a_page_is_one_only_where_the_list_says_so_and_a_challenge_never_is() -> None:
    with pytest.raises(NotAFeed, match="is an HTML page"):
        feeds.parse(page(*CARDS), Feed(1, URL), URL, NOW, "text/html")
    with pytest.raises(NotAFeed, match="bot's challenge"):
        parsed(b"<html><head><title>Just a moment...</title></head><body></body></html>")


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/2024/05/12/storm", True),
        ("/world/2024-05-12-storm", True),
        ("/politik/steuern-steigen-im-naechsten-jahr-a-1234.html", True),
        ("/news/articles/c4gd5k1rz2eo-98765", True),
        ("/story.php?id=81234", True),
        ("/artikel/7654321", True),
        ("/", False),
        ("/world", False),
        ("/world/europe", False),
        ("/tag/a-very-long-tag-name", False),
        ("/author/jane-van-der-berg", False),
        ("/files/2024/05/report-of-the-year.pdf", False),
    ],
)
def test_addresses(path: str, is_one: bool) -> None:
    assert sections.looks_like_an_article(f"https://a.example{path}") is is_one
