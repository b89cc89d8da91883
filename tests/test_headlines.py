"""Titles, bylines and decks, each rule at its bound."""

from typing import Any

import pytest

from extract.read import layout
from extract.read.blocks import Block, common, count, is_beside, walk
from extract.read.body import standfirsts
from extract.read.layout import Layout, lay_out
from extract.read.people import authors
from tests.pages import BODY, PARAGRAPHS, URL, html
from tests.test_stories import prose

TITLE = "Rain floods the lower town"


def laid(body: str, head: str = "", ld: Any = None, title: str = TITLE) -> Layout:
    return lay_out(html(body, head, ld), URL).under(title)


def blocks_of(body: str) -> list[Block]:
    return walk(lay_out(f"<html><body>{body}</body></html>".encode(), URL).tree)


@pytest.mark.parametrize(
    ("body", "title", "place"),
    [
        ("<p>x</p><h1>Rain floods the town</h1>", "Rain floods the town", 1),
        ("<p>Rain floods the town</p><h2>Rain floods the town</h2>", "Rain floods the town", 1),
        ("<h2>Rain floods the town</h2><h1>Rain floods the town</h1>", "Rain floods the town", 1),
        ("<h1>Weather Rain floods the town</h1>", "Rain floods the town", 0),
        ("<h1>Rain floods the town again</h1><p>Rain floods the town</p>", "Rain floods the town", 1),
        ("<p>x</p><h1>Rain in town</h1>", "Rain floods the town", 1),  # two words of four
        ("<p>x</p><h1>Rain in May</h1>", "Rain floods the town", None),
        ("<h1>Rain in town</h1><h1>Rain floods a town</h1>", "Rain floods the town", 1),
        ("<p>Rain floods</p><p>Rain floods the</p><p>floods the town</p>", "Rain floods the town", 1),
        ("<p>x</p><div>Rain floods the</div><div>floods the lower</div>", "Rain floods the lower town", 2),
        ("<p>Rain floods the town</p>", "", None),
        ("<p>the town</p>", "Rain floods the town", None),
    ],
)
def test_where_the_headline_stands(body: str, title: str, place: int | None) -> None:
    assert layout.headline(blocks_of(body), title) == place


def byline(near: str, before: int = 0, more: str = "") -> str:
    filled = "".join(f"<p>Line {n}</p>" for n in range(before))
    return authors.byline(laid(f"<article><h1>{TITLE}</h1>{filled}{near}{BODY}{more}</article>"))


@pytest.mark.parametrize(
    ("near", "line"),
    [
        ("<p>By Ann Lee</p>", "By Ann Lee"),
        (f"<p>By {' '.join(['Ann'] * 14)}</p>", f"By {' '.join(['Ann'] * 14)}"),
        (f"<p>By {' '.join(['Ann'] * 15)}</p>", ""),
        ("<p>By Ann Lee Updated 10:30</p>", "By Ann Lee"),
        ("<p>By Ann Lee. Filed under: Rain</p>", "By Ann Lee"),
        ('<p class="byline">Ann Lee</p>', "Ann Lee"),
        ('<p class="byline">ABC</p>', ""),
        ('<p class="byline">ABCD</p>', "ABCD"),
        (f'<p class="byline">{"x" * 300}</p>', "x" * 300),
        (f'<p class="byline">{"x" * 301}</p>', ""),
        (f'<p class="byline">{"a " * 40}</p>', ("a " * 40).strip()),
        (f'<p class="byline">{"a " * 41}</p>', ""),
        ('<p class="byline">Photo: Ann Lee</p>', ""),
        (f'<p class="byline">{TITLE}</p>', ""),
        ('<p class="author-bio">Ann Lee</p>', ""),
        ('<figure><p class="byline">Ann Lee</p></figure>', ""),
        ('<p class="byline">Updated</p><p class="author">Ann Lee</p>', "Ann Lee"),
        ('<p>Berlin <span class="author">Ann Lee</span></p>', "Ann Lee"),
        ('<p>Berlin <a rel="author" href="/x">Ann Lee</a></p>', "Ann Lee"),
        (f'<p>Berlin <a rel="author" href="/x">{"x" * 199}</a></p>', "x" * 199),
        (f'<p>Berlin <a rel="author" href="/x">{"x" * 200}</a></p>', ""),
    ],
)
def test_which_line_is_the_byline(near: str, line: str) -> None:
    assert byline(near) == line


@pytest.mark.parametrize(("before", "found"), [(23, True), (24, False)])
def test_a_byline_stands_near_the_headline(before: int, found: bool) -> None:
    assert bool(byline("<p>By Ann Lee</p>", before)) is found
    assert bool(byline('<p class="byline">Ann Lee</p>', before)) is found


def people(near: str, ld: Any = None, head: str = "", above: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    page = laid(f"{above}<article><h1>{TITLE}</h1>{near}{BODY}</article>", head, ld)
    return authors.read(page, authors.byline(page), {"herald"}, lambda name: name == "AP")


@pytest.mark.parametrize(
    ("near", "named"),
    [
        ("<p>Ann Lee</p>", ("Ann Lee",)),
        ("<p>Ann</p>", ()),
        ("<p>Ann Mary Jo Van De Lee</p>", ()),  # six words are no name
        ("<p>Ann Mary Jo Van Lee</p>", ("Ann Mary Jo Van Lee",)),
        ("<p>Ann Lee.</p>", ()),
        ("<p>Ann lee</p>", ()),
        ('<p><a href="/x">Ann</a> Lee</p>', ()),
        ("<div>Ann Lee</div>", ()),
        (f"<p>{'One line ' * 8}</p><p>20.11.2026, Ann Lee</p>", ("Ann Lee",)),
        (f"<p>20.11.2026 {'One line ' * 7}, Ann Lee</p>", ()),
        ('<p><a href="/authors/lee">Ann Lee</a></p>', ("Ann Lee",)),
        ('<p><a href="/authors/">Ann Lee</a></p>', ()),
        ('<p><a href="/topics/lee">Ann Lee</a></p>', ()),
        ("<p>By AP</p>", ()),
        ("<p>By Herald</p>", ()),
        ('<p>By Ann Lee and Max Orr</p><p><a href="/authors/lee">Ann Lee</a></p>', ("Ann Lee", "Max Orr")),
    ],
)
def test_who_signs(near: str, named: tuple[str, ...]) -> None:
    assert people(near)[0] == named


@pytest.mark.parametrize(("count_", "named"), [(6, True), (7, False)])
def test_a_crowd_of_names_are_others(count_: int, named: bool) -> None:
    names = [f"{a}nn Lee" for a in "ABCDEFG"[:count_]]
    links = "".join(f'<p><a href="/authors/{n}">{name}</a></p>' for n, name in enumerate(names))
    assert bool(people(links)[0]) is named
    tagged = "".join(f'<p>x <span itemprop="author">{name}</span></p>' for name in names)
    assert len(people(tagged)[0]) == (count_ if named else 1), "of a crowd the first, as the byline"


@pytest.mark.parametrize(("before", "named"), [(13, True), (14, False)])
def test_a_line_with_its_day_stands_near_the_headline(before: int, named: bool) -> None:
    filled = "".join(f"<p>Line {n}</p>" for n in range(before))
    assert bool(people(f"{filled}<p>20.11.2026, Ann Lee</p>")[0]) is named


@pytest.mark.parametrize(("between", "named"), [(3, True), (4, False)])
def test_or_just_above_it(between: int, named: bool) -> None:
    above = "<p>20.11.2026, Ann Lee</p>" + "".join(f"<p>Line {n}</p>" for n in range(between))
    assert bool(people("", above=above)[0]) is named


def deck(*parts: str, description: str = "") -> tuple[str, str]:
    page = laid(f"<article><h1>{TITLE}</h1><header>{''.join(parts)}</header><div>{BODY}</div></article>")
    first = next(n for n, block in enumerate(page.blocks) if block.text == PARAGRAPHS[0])
    return standfirsts.marked(page, description), standfirsts.above(page, range(first, len(page.blocks)))


@pytest.mark.parametrize(
    ("name", "deck"),
    [("video-desc", False), ("video-asset", False), ("credit", False), ("videology", True), ("desc", True)],
)
def test_what_is_told_of_a_film_above_the_text_is_no_deck(name: str, deck: bool) -> None:
    said = "How does one bake bread with water of the sea?"
    page = laid(f'<h1>{TITLE}</h1><div class="{name}"><p>{said}</p></div><div>{BODY}</div>')
    assert standfirsts.above(page, range(2, 8)) == (said if deck else "")


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ('<div class="news-lead">{}</div>', True),
        ('<div class="c-preamble"><p>{}</p></div>', True),
        ('<div class="has-lead">{}</div>', False),
        ('<div class="lead"><p>By Mia Orr, {}</p></div>', False),
        ('<figure class="lead"><figcaption>{}</figcaption></figure>', False),
        ('<div class="lead"><p class="image-caption">{}</p></div>', False),
    ],
)
def test_a_deck_is_marked_as_what_leads_and_is_no_pictures_caption(part: str, found: bool) -> None:
    assert deck(part.format("Rain for a week"))[0] == ("Rain for a week" if found else "")


def test_what_leads_in_the_texts_own_element_is_its_first_paragraph() -> None:
    told = '<div class="{}">Rain for a week</div>' + BODY
    assert standfirsts.marked(laid(f"<h1>{TITLE}</h1><div>{told.format('lead')}</div>"), "") == ""
    inside = f'<h1>{TITLE}</h1><div><p class="lead">Rain for a week</p>{BODY}</div>'
    assert standfirsts.marked(laid(inside), "") == ""
    beside = f'<h1>{TITLE}</h1><div><p class="lead">Rain for a week</p><section>{BODY}</section></div>'
    assert standfirsts.marked(laid(beside), "") == ""


def test_the_deck_of_a_videos_page_is_no_caption() -> None:
    video = f'<article class="post format-video video"><h1>{TITLE}</h1><p class="subtitle">Rain for a week</p>{BODY}</article>'
    assert standfirsts.marked(laid(video), "") == "Rain for a week"


def sentence(words: int) -> str:
    return " ".join(["Word"] * words) + "."


@pytest.mark.parametrize(
    ("tag", "words", "found"),
    [
        ("p", 5, False),
        ("p", 6, True),
        ("p", 80, True),
        ("p", 81, False),
        ("div", 11, False),
        ("div", 12, True),
        ("h2", 6, True),
        ("h4", 6, True),
        ("h5", 30, False),
        ("li", 30, False),
    ],
)
def test_a_deck_that_is_not_marked_is_a_sentence(tag: str, words: int, found: bool) -> None:
    assert deck(f"<{tag}>{sentence(words)}</{tag}>")[1] == (sentence(words) if found else "")


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("<p>One two three four five six</p>", False),  # no sentence
        ("<p>One two three at 10:30 in town.</p>", False),
        (f"<p>At 10:30 {sentence(18)}</p>", True),
        (f"<p>At 10:30 {sentence(16)}</p>", False),
        ("<p>By Ann Lee of the Herald in town.</p>", False),
        (f'<p class="author-bio">{sentence(20)}</p>', False),
        (f"<figure><p>{sentence(20)}</p></figure>", False),
        (f'<p>{" ".join(["Word"] * 15)} <a href="/x">one two three four five.</a></p>', True),
        (f'<p>{" ".join(["Word"] * 13)} <a href="/x">one two three four five six.</a></p>', False),
    ],
)
def test_what_stands_between_headline_and_body_and_is_no_deck(part: str, found: bool) -> None:
    assert bool(deck(part)[1]) is found


@pytest.mark.parametrize(("words", "count_", "told"), [(25, 4, 4), (25, 5, 4), (33, 3, 3), (34, 3, 0), (60, 1, 1)])
def test_a_deck_of_several_sentences_has_a_hundred_words_at_most(words: int, count_: int, told: int) -> None:
    found = deck(*[f"<p>{sentence(words)}</p>"] * count_)[1]
    assert count(found) == words * told


@pytest.mark.parametrize(
    ("part", "description", "found"),
    [
        ('<p class="deck">One two three four</p>', "", True),
        ('<p class="deck">One two three</p>', "", False),
        (f'<p class="deck">{sentence(80)}</p>', "", True),
        (f'<p class="deck">{sentence(81)}</p>', "", False),
        ("<p>One two three four</p>", "One, two, three - four!", True),
        ("<h3>One two three four</h3>", "One two three four", False),
        ("<p>One two three four</p>", "One two three", False),
        ('<p class="deck">One <a href="/x">two</a> three four</p>', "", True),
        ('<p class="deck">One <a href="/x">two three</a> four</p>', "", False),
        ('<p class="deck">One two three four</p>' * 2, "", True),
        ('<p class="deck">One two three four</p>' * 3, "", False),
        ("<p>x</p>" * 6 + '<p class="deck">One two three four</p>', "", True),
        ("<p>x</p>" * 7 + '<p class="deck">One two three four</p>', "", False),
    ],
)
def test_a_deck_is_marked_or_says_what_the_description_says(part: str, description: str, found: bool) -> None:
    assert deck(part, description=description)[0].startswith("One" if "One" in part else "Word") is found


@pytest.mark.parametrize(("inside", "held"), [(79, False), (80, True)])
def test_the_element_that_holds_most_words_is_the_deepest(inside: int, held: bool) -> None:
    blocks = blocks_of(f"<section><div><p>{prose(1, inside)}</p></div><p>{prose(2, 100 - inside)}</p></section>")
    found = common(blocks, 0.8)
    assert found is not None and (found.tag == "p") is held
    assert common([], 0.8) is None


@pytest.mark.parametrize(
    ("body", "beside"),
    [
        ("<aside><div><div><div><div><p>x</p></div></div></div></div></aside>", True),
        ('<div class="related"><div><div><p>x</p></div></div></div>', True),
        ('<div class="related"><div><div><div><p>x</p></div></div></div></div>', False),
        ("<p>x</p>", False),
    ],
)
def test_what_stands_beside_the_article(body: str, beside: bool) -> None:
    assert is_beside(blocks_of(body)[0]) is beside


@pytest.mark.parametrize(
    ("body", "text", "words", "linked"),
    [
        ('<p>one <a href="/x">two three</a> four</p>', "one two three four", 4, 2),
        ('<p><a href="/x">one two</a></p>', "one two", 2, 2),
        ("<p>one<br>two</p>", "one", 1, 0),
        ("<p>one<script>x</script><b>two</b></p>", "onetwo", 1, 0),
        ("<p>one<!-- no -->two</p>", "onetwo", 1, 0),
        ("<div>one<p>two</p>three</div>", "one", 1, 0),
        ("<p>東京湾岸</p>", "東京湾岸", 2, 0),
        ("<p>東</p>", "東", 1, 0),
        ("<p>東京 Tower</p>", "東京 Tower", 2, 0),
    ],
)
def test_blocks(body: str, text: str, words: int, linked: int) -> None:
    first = blocks_of(body)[0]
    assert (first.text, first.words, first.link_words) == (text, words, linked)
    assert first.link_density == linked / words


@pytest.mark.parametrize(
    ("box", "named"),
    [
        (
            '<div class="author-bio"><h4>Ann Lee</h4><p>She writes for us about rain and ferries in the town.</p></div>',
            ("Ann Lee",),
        ),
        ('<div class="author-bio"><h4>About Ann Lee</h4></div>', ("Ann Lee",)),
        ('<div class="author-bio"><h4>About the author: Ann Lee</h4></div>', ("Ann Lee",)),
        ('<div class="author-bio"><h4>Ann</h4></div>', ()),
        ('<div class="author-bio"><h4>Ann Mary Jo Lee</h4></div>', ("Ann Mary Jo Lee",)),
        ('<div class="author-bio"><h4>Ann Mary Jo Bea Lee</h4></div>', ()),
        ('<div class="author-bio"><h4>Ann lee</h4></div>', ()),
        ('<div class="author-bio"><h4>More From Us</h4></div>', ()),
        ('<div class="box"><h4>Ann Lee</h4></div>', ()),
        ('<div class="comment"><div class="author-name"><h4>Ann Lee</h4></div></div>', ()),
        ('<div class="author-bio"><h4>Ann Lee</h4></div><div class="author-bio"><h4>Max Orr</h4></div>', ()),
        (
            '<div class="author-bio"><h4>Ann Lee</h4></div>' * 2 + '<div class="author-bio"><h4>Max Orr</h4></div>',
            ("Ann Lee",),
        ),
    ],
)
def test_who_is_presented_in_a_box_below(box: str, named: tuple[str, ...]) -> None:
    page = laid(f"<article><h1>{TITLE}</h1>{BODY}</article>{box}")
    assert authors.read(page, "", set(), lambda _: False)[0] == named


@pytest.mark.parametrize(("between", "named"), [(4, True), (5, False)])
def test_a_name_that_leads_to_its_bearers_page_stands_near_the_headline(between: int, named: bool) -> None:
    filled = "".join(f"<p>Line {n}</p>" for n in range(9))
    above = filled + '<p><a href="/authors/lee">Ann Lee</a></p>' + "".join(f"<p>Line {n}</p>" for n in range(between))
    assert bool(people("", above=above)[0]) is named


SECOND = "The ferries stay in port until the storm is over"


@pytest.mark.parametrize(
    ("part", "found"),
    [
        (f"<h2>{SECOND}</h2>", True),
        (f"<p>12 May 2026</p><h3>{SECOND}</h3>", True),
        (f"<p>{SECOND}</p>", False),  # no sentence
        (f'<h2><a href="/b">{SECOND}</a></h2>', False),
        (f"<h2>{TITLE} {SECOND.split()[0]}</h2>", False),  # the title once more
        (f"<h2>By {SECOND}</h2>", False),
        ("<h2>Last changed on Monday 4 May 2026</h2>", False),
        ("<h2>A word with Ann Lee of Harbourton</h2>", False),  # who wrote it
        (f'<div class="related"><h2>{SECOND}</h2></div>', False),
        (f"<h2>{SECOND}</h2><h2>And another one of its kind here</h2>", False),
        ("<h2>In four words only</h2>", False),
        ("<h3>This article is for subscribers only</h3>", False),
        ("<h3>Sign up for our daily newsletter today</h3>", False),
        ("<h4>Photo: the mayor opens the bridge / Reuters</h4>", False),
        ("<h4>This article is more than five years old</h4>", False),
        ("<h4>Share this story with your friends now</h4>", False),
        ("<h4>Updated Friday 5 March at ten in the morning</h4>", False),
        ("<h4>There are 24 comments on it so far</h4>", False),
    ],
)
def test_a_second_headline_is_the_deck(part: str, found: bool) -> None:
    page = laid(f"<article><h1>{TITLE}</h1>{part}{BODY}</article>")
    first = next(n for n, block in enumerate(page.blocks) if block.text == PARAGRAPHS[0])
    assert standfirsts.above(page, range(first, len(page.blocks)), ["Ann Lee"]) == (SECOND if found else "")


@pytest.mark.parametrize(
    "name", ["article__subdeck", "storydeck", "ContentHeaderDek x1", "subhead", "news-teaser", "articleSubTitle"]
)
def test_names_of_decks(name: str) -> None:
    assert deck(f'<div class="{name}">{SECOND}</div>')[0] == SECOND
    assert deck(f'<div class="{name}">By Ann Lee, 12 May 2026, 12:30</div>')[0] == ""


def test_names_that_are_no_decks() -> None:
    for name in ("subtitle-2", "teaser", "news-subscribe", "subheadings-list"):
        assert deck(f'<div class="{name}">{SECOND}</div>')[0] == "", name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Por qué el precio del aceite no baja", True),
        ("Von Berlin bis München: So feiern die Städte", True),
        ("Da Meloni a Schlein: chi vince e chi perde", True),
        ("How the games of 2024 changed the city", True),
        ("The bridge closes at 10:30 and the ferries stop", True),
        ("Ann Lee on why the bridge matters to her", True),
        ("Text: Ann Lee, Fotos: Bob Miller", False),
        ("Ann Lee, Friday 12 May 2026", False),
        ("Last changed on 12 May 2026", False),
        ("By Ann Lee and Bob Miller", False),
        ("von Nadja Demel13.12.2022 - 08:13 Uhr13.12.2022 - 08:13 Uhr", False),
        ("By the end of 2027 the ferries are free", True),
    ],
)
def test_a_marked_deck_is_no_signature_for_a_word_it_begins_with(text: str, found: bool) -> None:
    page = laid(f'<article><h1>{TITLE}</h1><p class="standfirst">{text}</p>{BODY}</article>')
    assert standfirsts.marked(page, "", ["Ann Lee"]) == (text if found else "")


def test_a_teaser_that_leads_away_and_a_heading_below_a_paragraph_are_no_decks() -> None:
    blurb = "The company wants two pounds more for each passenger."
    for part in (
        f'<div class="article-teaser"><b><a href="/b">Ferries</a></b><p>{blurb}</p></div>',
        '<div class="content-teaser">Sign up for our newsletter and get the news by mail.</div>',
        f'<p>{PARAGRAPHS[0]}</p><h3 class="subhead">How it all began in the storm</h3>',
    ):
        assert standfirsts.marked(laid(f"<article><h1>{TITLE}</h1>{part}{BODY}</article>"), "") == ""
