"""What stands among a body's kept lines and comes back by its place: each rule at its bound. Texts are made of invented words."""

import pytest

from extract.read.blocks import walk
from extract.read.body.among import is_alone
from extract.read.layout import lay_out
from tests.pages import URL
from tests.test_lines import TOLD, chosen, p
from tests.test_stories import prose

HEADINGS = ["How it began", "What came of it", "Who paid for it"]
ASKED = prose(90, 8).capitalize() + "."


def boxed(*inside: str, name: str = "widget") -> str:
    """A part of a page that an editor sets in boxes: each piece in one of its own, two deep, with its number."""
    return "".join(
        f'<div class="{name} {name}-7f{n}"><div class="inner">{piece}</div></div>' for n, piece in enumerate(inside)
    )


def sections(*headings: str) -> str:
    """Three parts of three paragraphs, each piece in a box of its own."""
    parts = [boxed(heading, *map(p, TOLD[3 * n : 3 * n + 3])) for n, heading in enumerate(headings)]
    return "".join(parts)


def back(body: str) -> list[str]:
    """What comes back of a body of which the extractor took the paragraphs TOLD only."""
    return [line for line in chosen(body, taken=TOLD[:9]) if line not in TOLD]


def test_a_heading_in_a_box_of_its_own_stands_above_its_paragraph() -> None:
    assert back(sections(*[f"<h2>{told}</h2>" for told in HEADINGS])) == HEADINGS[1:]  # the first stands above the body


@pytest.mark.parametrize(
    ("heading", "stays"),
    [
        ("<h2>{}</h2>", True),
        ('<h2><a href="#part">{}</a></h2>', True),  # an anchor of its own page
        ('<h2><a href="/another">{}</a></h2>', False),
        ('<a href="/another"><h2>{}</h2></a>', False),
        ('<h2>{}</h2><img src="/video.jpg">', False),  # a film's title
        ("<h2>{}</h2><ul><li>And</li><li>Or</li></ul>", False),  # over a list of something else
        ("<aside><h2>{}</h2></aside>", False),
        ("<h2>{}</h2><h3>And more</h3>", True),
    ],
)
def test_a_heading_above_a_kept_line_stays_unless_it_is_a_teasers(heading: str, stays: bool) -> None:
    found = back(sections(TOLD[9], heading.format(HEADINGS[1]), TOLD[9]))
    assert (HEADINGS[1] in found) is stays


@pytest.mark.parametrize(
    ("link", "tested", "stay"),
    [
        ('href="https://shop.example/{}" target="_blank"', 3, True),
        ('href="https://shop.example/{}" rel="sponsored"', 3, True),
        ('href="https://shop.example/{}" rel="nofollow noopener"', 3, True),
        ('href="https://shop.example/{}"', 3, False),
        ('href="/story/{}" target="_blank"', 3, False),
        ('href="https://shop.example/{}" target="_blank"', 2, False),
    ],
)
def test_headings_that_lead_to_shops_name_what_a_text_tests(link: str, tested: int, stay: bool) -> None:
    parts = [f"<h2><a {link.format(n)}>The {told}</a></h2>" for n, told in enumerate(HEADINGS)][:tested]
    found = back("".join([boxed(p(TOLD[0])), *(boxed(h, *map(p, TOLD[2 * n + 1 : 2 * n + 3])) for n, h in enumerate(parts)), *map(p, TOLD[7:9])]))  # fmt: skip
    assert bool(found) is stay


@pytest.mark.parametrize(
    ("name", "answer", "stays"),
    [
        ("accordion-item", ASKED, True),
        ("faq", ASKED, True),
        ("panel", ASKED, False),
        ("accordion-item", " ".join(ASKED.split()[:7]) + ".", False),
        ("accordion-item", ASKED.rstrip("."), False),
        ("accordion-item", f'<a href="/x">{ASKED}</a>', False),
    ],
)
def test_answers_that_open_on_a_click_are_of_the_body_they_stand_in(name: str, answer: str, stays: bool) -> None:
    folded = (
        f'<div><div class="{name}"><div><h4>Is that so?</h4><div><div><p>{answer}</p></div></div></div></div></div>'
    )
    found = back("".join(map(p, TOLD[:5])) + folded + "".join(map(p, TOLD[5:9])))
    assert any(line.startswith(ASKED[:20]) for line in found) is stays


def test_answers_below_a_body_are_not_of_it() -> None:
    """As often the house's as the article's."""
    folded = f'<div><div class="faq"><div><p>{ASKED}</p></div></div></div>'
    assert back("".join(map(p, TOLD[:9])) + folded) == []


def test_numbers_that_an_editor_gives_its_boxes_make_no_other_kind() -> None:
    page = lay_out(
        f"<html><body><main><section>{boxed(*map(p, TOLD[:2]))}</section></main></body></html>".encode(), URL
    )
    assert len({block.signature for block in page.blocks}) == 1
    other = walk(lay_out(f"<html><body><main><section>{boxed(p(TOLD[0]), name='note')}</section></main></body></html>".encode(), URL).tree)  # fmt: skip
    assert other[0].signature != page.blocks[0].signature


@pytest.mark.parametrize(
    ("inside", "alone"),
    [("<h2>One</h2>", True), ("<h2>One</h2><h3>Two</h3>", True), ("<h2>One</h2> two", False), ("<h2>One</h2><iframe></iframe>", False)],
)  # fmt: skip
def test_a_heading_is_alone_in_its_box(inside: str, alone: bool) -> None:
    box = lay_out(f"<html><body><p>{TOLD[0]}</p><div>{inside}</div></body></html>".encode(), URL).tree.find(".//div")
    assert box is not None
    assert is_alone(box) is alone
