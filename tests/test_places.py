"""Where a site keeps its bodies is learned from its pages, used on the next, and checked there."""

from dataclasses import replace

import pytest
from lxml.html import HtmlElement

from demo.newsroom import Newsroom
from extract.read import blocks
from extract.read.body import places
from extract.read.layout import lay_out
from extract.read.page import PLACE, read_page
from extract.records import Observation, Place
from flows.settings import Read
from tests.line import Line
from tests.pages import URL
from tests.test_stories import prose

DECK = '<div class="share-42">Share this with whoever you like and say it on the other side</div>'


def page(number: int, body: str = "story-body", extra: str = "") -> bytes:
    told = "".join(f"<p>{prose(number * 10 + n, 40)}.</p>" for n in range(5))
    return (
        f"<html><head><title>Headline number {number} of the day</title></head><body><div class=nav>Home News</div>"
        f'<main id=m><h1>Headline number {number} of the day</h1><div class="{body}">{told}{DECK}{extra}</div></main>'
        f"<div class=more><h3><a href=/x>Another story altogether</a></h3></div></body></html>"
    ).encode()


@pytest.fixture
def known() -> tuple[Place, ...]:
    """What three pages teach."""
    taught = [read_page(page(n), URL).taught for n in range(3)]
    return places.decide_places([o for o in taught if o])


def test_three_pages_show_where_the_body_stands(known: tuple[Place, ...]) -> None:
    (place,) = known
    assert place.body == "div.story-body<main.m"
    assert place.kept
    two = [read_page(page(n), URL).taught for n in range(2)]
    assert places.decide_places([o for o in two if o]) == ()


def test_a_page_read_at_its_place_says_what_the_full_reader_says(known: tuple[Place, ...]) -> None:
    full, placed = read_page(page(7), URL), read_page(page(7), URL, known_places=known)
    assert placed.extractor == PLACE
    assert placed.taught is None, "a reading at the place teaches nothing about the place"
    assert (placed.title, placed.text, placed.language) == (full.title, full.text, full.language)


@pytest.mark.parametrize(
    "other",
    [
        page(7, body="other-body"),
        page(7, extra="".join(f"<section><p>{prose(n, 40)}.</p></section>" for n in range(90, 93))),
        page(7).replace(b"</main>", b"<div class=story-body><p>Twice.</p></div></main>"),
        b"<html><body><main id=m><h1>Short</h1><div class=story-body><p>Too short to tell.</p></div></main></body></html>",
    ],
    ids=["another layout", "parts not seen before", "two of one name", "a stub"],
)
def test_a_page_that_fails_the_check_is_for_the_full_reader(other: bytes, known: tuple[Place, ...]) -> None:
    article = read_page(other, URL, known_places=known)
    assert article.extractor.startswith("trafilatura")
    assert article.text == read_page(other, URL).text


def test_a_part_that_most_pages_dropped_is_dropped() -> None:
    seen = [
        Observation("f", "b", kept=(1,), dropped=(2,)),
        Observation("f", "b", kept=(1, 2)),
        Observation("f", "b", (1,), (2,)),
    ]
    (place,) = places.decide_places(seen)
    assert (place.kept, place.dropped) == (frozenset({1}), frozenset({2}))


def test_unnamed_elements_are_told_by_their_way_down() -> None:
    def table(number: int) -> bytes:
        told = "".join(f"<p>{prose(number * 10 + n, 40)}.</p>" for n in range(5))
        return (
            f"<html><body><table><tr><td>Home</td><td><h1>Headline {number} of today</h1><table><tr><td>{told}</td></tr></table></td>"
            f"</tr></table></body></html>"
        ).encode()

    taught = [read_page(table(n), URL).taught for n in range(3)]
    known = places.decide_places([o for o in taught if o])
    assert read_page(table(8), URL, known_places=known).extractor == PLACE


def test_a_later_run_reads_where_an_earlier_one_learned(both_days: Line) -> None:
    """And says the same: whatever is new on day two has the paragraphs that its outlet wrote."""
    how = dict(both_days.ask("SELECT extractor = 'place', count(*) FROM articles WHERE text_from = 'page' GROUP BY 1"))
    assert how[False] > 0
    full = replace(both_days, folder=both_days.folder / "full", newsroom=_at_day_one(both_days.newsroom))
    full.folder.mkdir()
    full.run(read=Read(places=False))
    full.newsroom.day = 2
    full.run(read=Read(places=False))
    query = "SELECT url, title, text FROM articles ORDER BY url"
    assert both_days.ask(query) == full.ask(query)
    assert full.ask("SELECT count(*) FROM articles WHERE extractor = 'place'") == [(0,)]


def _at_day_one(room: Newsroom) -> Newsroom:
    room.day = 1
    return room


def test_a_second_look_is_read_as_the_first_was(stored: Line) -> None:
    """Two ways of reading would look like a silent edit of the publisher's."""
    before = stored.ask("SELECT article_id, extractor FROM articles ORDER BY 1")
    stored.newsroom.day = 2
    stored.run()
    after = dict(stored.ask("SELECT article_id, extractor FROM articles"))
    assert all(after[article_id] == extractor for article_id, extractor in before)


@pytest.mark.parametrize(
    ("kept", "unknown", "outside", "read_there"),
    [
        (120, 0, 0, True),
        (119, 0, 0, False),
        (200, 30, 0, True),  # fifteen in a hundred
        (200, 31, 0, False),
        (200, 0, 30, True),
        (200, 0, 31, False),
        (200, 15, 16, False),
    ],
)
def test_a_place_holds_where_enough_stands_in_it_and_little_beside(
    kept: int, unknown: int, outside: int, read_there: bool
) -> None:
    def words(count: int) -> str:
        return " ".join(["word"] * count)

    def shown(own: int, new: int, away: int) -> HtmlElement:
        body = f"<p>{words(own)}</p><section><p>{words(new)}</p></section><nav>Menu</nav>"
        told = f"<main id=m><h1>Rain in town</h1><div class=body>{body}</div><div><p>{words(away)}</p></div></main>"
        return lay_out(f"<html><body>{told}</body></html>".encode(), URL).tree

    taught = blocks.walk(shown(200, 0, 0))
    seen = places.observe(taught, [1], 0)
    assert seen is not None
    known = places.decide_places([seen] * 3)
    found = places.find(shown(kept, unknown, outside), known)
    assert (found is not None) is read_there
    if found:
        assert [found[0][n].words for n in found[1]] == [kept]
    assert places.decide_places([seen] * 2) == ()


@pytest.mark.parametrize(
    ("block", "counts"),
    [
        ("<p>{14}</p>", False),
        ("<p>{31}</p>", True),
        ("<div>{31}</div>", False),  # no paragraph
        ('<p><a href="/x">{31}</a></p>', False),
    ],
)
def test_paragraphs_elsewhere_count_against_a_place(block: str, counts: bool) -> None:
    extra = block.replace("{31}", "word " * 31).replace("{14}", "word " * 14) * (3 if "{14}" in block else 1)
    page = f"<html><body><main id=m><h1>Rain in town</h1><div class=body><p>{'word ' * 200}</p></div>%s</main></body></html>"
    taught = blocks.walk(lay_out((page % "").encode(), URL).tree)
    seen = places.observe(taught, [1], 0)
    assert seen is not None
    tree = lay_out((page % extra).encode(), URL).tree
    assert (places.find(tree, places.decide_places([seen] * 3)) is None) is counts


def test_a_part_belongs_where_half_of_the_pages_keep_it_and_the_usual_place_comes_first() -> None:
    half = [Observation("f", "b", kept=(1,)), Observation("f", "b", dropped=(1,)), Observation("f", "b", (2,), (2,))]
    (place,) = places.decide_places(half)
    assert (place.kept, place.dropped) == (frozenset({1, 2}), frozenset())
    both = places.decide_places([*[Observation("f", "rare", (1,))] * 3, *[Observation("f", "usual", (1,))] * 4])
    assert [one.body for one in both] == ["usual", "rare"]


TREE = """<html><body class="front"><main id="m"><div class="story-12"><p>One</p><p>Two</p><ul><li>Three</li></ul></div>
<div><section><p>Four</p></section><section><p>Five</p></section></div></main><aside><p>Six</p></aside></body></html>"""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("One", "p[0]<div.story-0"),  # numbers differ from page to page
        ("Two", "p[1]<div.story-0"),
        ("Three", "li[0]<ul[0]<div.story-0"),
        ("Four", "p[0]<section[0]<div[1]<main.m"),
        ("Five", "p[0]<section[1]<div[1]<main.m"),
        ("Six", "p[0]<aside[0]<body.front"),
    ],
)
def test_an_element_is_named_by_its_way_down_from_what_its_makers_named(text: str, name: str) -> None:
    tree = lay_out(TREE.encode(), URL).tree
    element = next(e for e in tree.iter("p", "li") if e.text == text)
    assert places._name(element) == name
    assert places._element(tree, name) is element


def test_a_name_that_two_elements_have_is_nobodys() -> None:
    tree = lay_out(b'<html><body><div class="a"><p>x</p></div><div class="a"><p>y</p></div></body></html>', URL).tree
    assert places._element(tree, "p[0]<div.a") is None
    assert places._element(tree, "p[1]<div.a") is None
    assert places._element(tree, "p[0]<section.a") is None
    assert places._element(tree, "div.a") is None
