"""A body whose paragraphs stand in many parts of a page: how much of it there has to be, and which lines are of it."""

import pytest

from extract.read.body import scattered
from extract.read.body.habits import mask
from extract.read.layout import lay_out
from tests.pages import URL
from tests.test_lines import TITLE, p
from tests.test_stories import prose


def part(length: int, n: int = 0, tag: str = "p", linked: int = 0) -> str:
    """A part of a page with a paragraph of so many words, of which the last ones may be a link."""
    told = prose(900 + n, length).split()
    link = f'<a href="/x">{" ".join(told[length - linked :])}</a>' if linked else ""
    return f'<div class="tile"><div><{tag}>{" ".join(told[: length - linked])} {link}</{tag}></div></div>'


def parts(length: int, count: int, tag: str = "p", linked: int = 0) -> str:
    return "".join(part(length, n, tag, linked) for n in range(count))


def instead(
    found: int,
    rest: str,
    above: str = "",
    around: str = "{}{}",
    standfirst: str = "",
    repeated: frozenset[int] = frozenset(),
) -> list[str]:
    """The lines taken instead of a paragraph of so many words, which is all that was chosen."""
    first = prose(7, found)
    told = around.format(f"<section>{p(first)}</section>", rest)
    html = f"<html><body>{above}<main><h1>{TITLE}</h1>{told}</main></body></html>"
    page = lay_out(html.encode(), URL).under(TITLE)
    chosen = [(b.text, n) for n, b in enumerate(page.blocks) if b.text == first]
    assert chosen
    return [line for line, _ in scattered.instead(page, [*chosen, ("of a script", 10_000)], standfirst, repeated)]


@pytest.mark.parametrize(
    ("found", "rest", "lines"),
    [
        (100, parts(50, 6), 7),  # four hundred words
        (100, parts(50, 5) + part(49, 9), 0),
        (139, parts(29, 9), 10),  # a third of them was found
        (140, parts(26, 10), 0),
        (100, parts(15, 20), 21),
        (100, parts(14, 30), 0),  # too short for paragraphs
        (100, parts(50, 6, "li"), 7),
        (100, parts(50, 6, "div"), 0),
        (100, parts(20, 15, "p", 5), 16),
        (100, parts(20, 15, "p", 6), 0),  # three in ten lead away
    ],
)
def test_four_hundred_words_of_paragraphs_of_which_a_third_was_found_are_taken_whole(
    found: int, rest: str, lines: int
) -> None:
    assert len(instead(found, rest)) == lines


MORE = parts(60, 8)


@pytest.mark.parametrize(
    ("extra", "taken"),
    [
        ("<p>One two</p>", True),
        ('<p>One <a href="/x">two three</a> four</p>', False),  # half of it
        ('<p>One <a href="/x">two</a> three</p>', True),
        (f"<h2>{TITLE}</h2>", False),
        ("<p>The deck.</p>", False),
        ("<p>All the news of town</p>", False),
        ("<aside><p>One two</p></aside>", False),
        ('<div class="related"><p>One two</p></div>', False),
    ],
)
def test_which_lines_are_of_it(extra: str, taken: bool) -> None:
    found = instead(100, MORE + extra, standfirst="The deck", repeated=frozenset([mask("all the news of town")]))
    assert len(found) == 9 + taken


@pytest.mark.parametrize(("outside", "lines"), [(140, 9), (150, 10)])
def test_the_element_that_holds_four_fifths_of_its_words_is_the_bodys(outside: int, lines: int) -> None:
    """Of 580 and as many as stand outside."""
    found = instead(100, f"{MORE}</main><section>{p(prose(3, outside))}</section><main>")
    assert len(found) == lines


def test_what_stands_above_the_headline_is_not_of_it() -> None:
    for count in (1, 3, 4):
        assert len(instead(100, MORE, above=p(prose(4, 9)) * count)) == 9
    assert instead(100, parts(50, 5), above=parts(60, 8)) == []


def test_what_stands_outside_the_article_of_what_was_found_is_not_of_it() -> None:
    assert len(instead(100, MORE, around="<article>{}{}</article>")) == 9
    assert instead(100, MORE, around="<article>{}</article>{}") == []
    assert (
        len(instead(100, MORE, around="{}<article>{}</article>")) == 8
    )  # and is not of an article that holds the rest
