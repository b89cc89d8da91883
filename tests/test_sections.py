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


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/2024/5/storm", True),
        ("/20240512/storm", True),
        ("/a/12345", True),
        ("/a/1234", True),
        ("/a/123", False),
        ("/world-1234", True),
        ("/a/abcdef0123", True),
        ("/a/abcdef012", False),
        ("/a/1b2c3d4e-5f60-x", True),
        ("/one-two-three-four", True),
        ("/one-two-three", False),
        ("/one_two_three_four", True),
        ("/a?id=123", True),
        ("/a?id=12", False),
        ("/a?page=123", False),
        ("/a?x=1&article_id=777", True),
        ("/TAG/one-two-three-four", False),
        ("/news/search", False),
        ("/search/12345", False),
        ("/12345.JPG", False),
        ("/a%2Fb/one-two-three-four", True),
    ],
)
def test_addresses_at_their_bounds(path: str, is_one: bool) -> None:
    assert sections.looks_like_an_article(f"https://a.example{path}") is is_one


@pytest.mark.parametrize(("words", "taken"), [(3, False), (4, True), (40, True), (41, False)])
def test_a_headline_has_four_to_forty_words(words: int, taken: bool) -> None:
    found = parsed(page(*CARDS, card("/2026/11/20/one-more-of-them", " ".join(["word"] * words))))
    assert (len(found.entries) == len(CARDS) + 1) is taken


@pytest.mark.parametrize(("sure", "taken"), [(4, False), (5, True)])
def test_five_articles_are_a_list(sure: int, taken: bool) -> None:
    if taken:
        assert len(parsed(page(*CARDS[:sure])).entries) == sure
    else:
        with pytest.raises(NotAFeed, match=f"4 links to articles; a list of them has {sections.FEWEST} at least"):
            parsed(page(*CARDS[:sure]))


def plain_card(path: str, kind: str, title: str) -> str:
    return f'<div class="{kind}"><p><a href="{path}">{title}</a></p></div>'


@pytest.mark.parametrize(
    ("sure", "others", "taken"),
    [(2, 1, False), (3, 1, True), (3, 3, True), (3, 4, False), (4, 4, True), (4, 5, False)],
)
def test_a_place_is_articles_where_three_and_half_of_its_links_are(sure: int, others: int, taken: bool) -> None:
    there = [plain_card(f"/2026/11/1{n}/a-headline-of-words", "box", f"A headline of words {n}") for n in range(sure)]
    there += [plain_card(f"/local/pier-{n}", "box", f"Another headline of words {n}") for n in range(others)]
    found = {e.url for e in parsed(page(*CARDS, *there)).entries}
    assert (len(found) == len(CARDS) + sure + others) is taken
    assert len(found) >= len(CARDS) + sure


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("/local/pier", True),
        ("/pier-two", True),
        ("/pier", False),
        ("/local/pier.pdf", False),
        ("/tag/pier", False),
        ("/local/search", False),
    ],
)
def test_what_may_be_an_article_where_a_heading_or_its_place_says_so(path: str, taken: bool) -> None:
    found = parsed(page(*CARDS, card(path, "The harbour gets a second pier after all")))
    assert (f"https://herald.example{path}" in {e.url for e in found.entries}) is taken


@pytest.mark.parametrize("heading", ["h1", "h2", "h5", "h6", "b"])
def test_a_heading_makes_a_link_an_article_wherever_it_stands(heading: str) -> None:
    title = "The harbour gets a second pier after all"
    inside = f'<section><a href="/local/pier"><{heading}>{title}</{heading}><span>Local</span></a></section>'
    above = f'<section><{heading}><span><a href="/local/dock">{title}</a></span></{heading}></section>'
    far = f'<section><{heading}><i><b><a href="/local/quay">{title}</a></b></i></{heading}></section>'
    found = {e.url.rpartition("/")[2]: e.title for e in parsed(page(*CARDS, inside, above, far)).entries}
    is_one = heading in ("h1", "h2", "h5")
    assert ("pier" in found, "dock" in found, "quay" in found) == (is_one, is_one, False)
    assert not is_one or found["pier"] == title, "a card's heading is its title"


def test_an_address_has_the_longest_of_its_texts_or_its_heading() -> None:
    links = [
        '<a href="/2026/11/20/the-pier-is-built">More of it here</a>',
        '<a href="/2026/11/20/the-pier-is-built">The second pier is built at last</a>',
        '<a href="/2026/11/20/the-pier-is-built">Read on, it is here</a>',
        '<h3><a href="/2026/11/21/a-ferry-of-wood">A ferry made of wood</a></h3>',
        '<a href="/2026/11/21/a-ferry-of-wood">A ferry made of wood is what the island wants, and more</a>',
    ]
    titles = {e.title for e in parsed(page(*CARDS, *links)).entries}
    assert {"The second pier is built at last", "A ferry made of wood"} <= titles
    assert not any("More" in t or "wants" in t for t in titles)


@pytest.mark.parametrize(("depth", "dated"), [(0, True), (2, True), (3, True), (4, False)])
def test_a_date_stands_within_four_elements_above_its_link(depth: int, dated: bool) -> None:
    boxes = [
        f'<div>{"<div>" * depth}<a href="/story-{n}00000">A headline of six words, {n}</a>{"</div>" * depth}'
        f'<time datetime="2026-11-2{n}T08:00:00Z"></time></div>'
        for n in range(5)
    ]
    assert all((e.published_at is not None) is dated for e in parsed(page(*boxes)).entries)


def test_one_day_above_many_links_is_the_lists_and_one_moment_theirs() -> None:
    def dated(moment: str) -> list[datetime | None]:
        boxes = [
            card(f"/story-{n}00000", f"A headline of six words, {n}", f'<time datetime="{moment}">') for n in range(5)
        ]
        return [e.published_at for e in parsed(page(*boxes)).entries]

    assert dated("2026-11-20") == [None] * 5
    assert dated("2026-11-20T08:00:00Z") == [datetime(2026, 11, 20, 8, tzinfo=UTC)] * 5


def test_the_page_itself_and_what_is_furniture_are_no_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    headline = "A headline of six words again"
    more = [
        f'<{tag}><a href="/2026/11/20/one-of-the-{tag}">{headline}</a></{tag}>'
        for tag in ("footer", "form", "dialog", "aside")
    ]
    found = [e.url for e in parsed(page(*CARDS, *more, card("/news#top", headline))).entries]
    assert found[len(CARDS) :] == ["https://herald.example/2026/11/20/one-of-the-aside"]
    monkeypatch.setattr(sections, "LINKS", 2 + 2 * len(CARDS))  # the menu's two first
    assert len(parsed(page(*CARDS, card("/2026/11/20/one-more-of-them", headline))).entries) == len(CARDS)


@pytest.mark.parametrize("kind", ["aside", "zoo"])
def test_what_stands_at_another_place_says_nothing_of_this_one(kind: str) -> None:
    there = [plain_card(f"/2026/11/1{n}/a-headline-of-words", "box", f"A headline of words {n}") for n in range(3)]
    there += [plain_card(f"/local/pier-{n}", "box", f"Another headline of words {n}") for n in range(3)]
    more = [plain_card(f"/local/quay-{n}", kind, f"Another headline of words {n}") for n in range(20)]
    assert len(parsed(page(*CARDS, *there, *more)).entries) == len(CARDS) + 6


def test_a_time_in_a_box_of_two_articles_is_neithers() -> None:
    boxes = [
        f'<div><a href="/story-{n}00000">A headline of six words, {n}</a><a href="/story-{n}00001">Another one of six words, {n}</a>'
        f'<time datetime="2026-11-2{n}T08:00:00Z"></time></div>'
        for n in range(5)
    ]
    assert [e.published_at for e in parsed(page(*boxes)).entries] == [None] * 10
