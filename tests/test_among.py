"""What stands among a body's kept lines and comes back by its place: each rule at its bound. Texts are made of invented words."""

import pytest

from extract.read.blocks import walk
from extract.read.body import among
from extract.read.body.among import is_alone
from extract.read.layout import lay_out
from tests.pages import URL
from tests.test_lines import TOLD, chosen, p, walked, words
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


LINK = '<a href="/x">{}</a>'


def held(extra: str, around: str = "{}", text: str = "") -> bool:
    """Whether one more block, in an element of its own or none, is of the body of three kept paragraphs above it and one below."""
    kept = [around.format(p(told)) for told in TOLD[:4]]
    blocks = walked(f"<main><section>{''.join(kept[:3])}{extra}{kept[3]}</section></main>")
    places = {n for n, b in enumerate(blocks) if b.text in TOLD}
    other = [n for n, b in enumerate(blocks) if n not in places and text in b.text]
    return among._Kept(places, blocks).holds(other[0])


def deep(inner: str, depth: int) -> str:
    return "<div>" * depth + inner + "</div>" * depth


@pytest.mark.parametrize(
    ("extra", "depth", "found"),
    [
        (p(words(3)), 0, True),
        (p(words(3, "")), 0, False),  # no sentence
        (p(words(3)), 1, False),
        (f"<ul><li>{words(3, '')}</li></ul>", 0, True),
        (f"<ul><li>{words(3, '')}</li></ul>", 3, True),
        (f"<ul><li>{words(3, '')}</li></ul>", 4, False),
        (f"<ul><li>{words(7, '')} {LINK.format(words(3, ''))}</li></ul>", 0, True),
        (f"<ul><li>{words(6, '')} {LINK.format(words(3, ''))}</li></ul>", 0, False),  # a third leads away
        (f"<pre>{words(3, '')}</pre>", 0, True),
        (f"<pre>{words(3, '')}</pre>", 1, False),
        (f"<div>{words(15)}</div>", 0, True),
        (f"<div>{words(14)}</div>", 0, False),
        (f"<div>{words(15, '')}</div>", 0, False),
        (f"<div>{words(15)}</div>", 1, False),
        ("<h3>One two</h3>", 0, True),
        ("<h3>One two</h3>", 1, False),
        (f"<h3>One {LINK.format('two')}</h3>", 0, True),  # half of it
        (f"<h3>One {LINK.format('two three')}</h3>", 0, False),
    ],
)
def test_what_stands_right_beside_kept_lines(extra: str, depth: int, found: bool) -> None:
    assert held(deep(extra, depth)) is found


@pytest.mark.parametrize(
    ("depth", "length", "found"), [(1, 5, True), (1, 4, False), (2, 5, True), (2, 4, False), (3, 9, False)]
)
def test_a_paragraph_of_their_kind_stands_three_steps_from_them_at_most(depth: int, length: int, found: bool) -> None:
    around = deep("{}", depth)
    assert held(around.format(p(words(length, ""))), around) is found


def test_a_heading_of_their_kind_stands_anywhere() -> None:
    box = '<div><div><div><h3 class="{}">{}</h3></div></div></div>'
    kept = [*(box.format("a", f"Part {n} of it") for n in range(3)), p(TOLD[0])]
    for name, found in (("a", True), ("b", False)):
        blocks = walked(
            f"<main><section>{kept[0]}{box.format(name, 'Another one')}{''.join(kept[1:])}</section></main>"
        )
        places = {n for n, b in enumerate(blocks) if "Another" not in b.text}
        assert among._Kept(places, blocks).holds(1) is found


@pytest.mark.parametrize(("kept", "found"), [(2, False), (3, True)])
def test_a_linked_heading_stays_among_three_kept_ones_of_its_kind(kept: int, found: bool) -> None:
    heading = f"<h3>{LINK.format('One two three')}</h3>"
    blocks = walked(f"<main><section>{heading * (kept + 1)}{p(TOLD[0])}</section></main>")
    assert among._Kept(set(range(kept)), blocks).holds(kept) is found
    other = heading.replace("<h3>", '<h3 class="b">')
    blocks = walked(f"<main><section>{heading * kept}{other}</section></main>")
    assert not among._Kept(set(range(kept)), blocks).holds(kept)


@pytest.mark.parametrize(("kept", "found"), [(1, False), (2, True)])
def test_a_linked_item_stays_among_two_kept_ones(kept: int, found: bool) -> None:
    item = f"<li>{LINK.format('One two three')}</li>"
    blocks = walked(f"<main><section><ul>{item * (kept + 1)}</ul></section></main>")
    assert among._Kept(set(range(kept)), blocks).holds(kept) is found


@pytest.mark.parametrize(
    ("answer", "name", "found"),
    [
        (words(8), "faq", True),
        (words(7), "faq", False),
        (words(8, ""), "faq", False),
        (f"{words(7, '')} {LINK.format('one two three.')}", "faq", True),
        (f"{words(6, '')} {LINK.format('one two three.')}", "faq", False),
        (words(8), "faq related", True),  # too far up to say so
        (words(8), "other", False),
    ],
)
def test_an_answer_that_opens_on_a_click(answer: str, name: str, found: bool) -> None:
    assert held(f'<div class="{name}">{deep(f"<div>{answer}</div>", 3)}</div>') is found


def above(body: str, kept: set[int], more: tuple[int, ...] = ()) -> set[int]:
    page = among._Kept(kept, walked(f"<main>{body}</main>"))
    page.tell(more)
    return page.above


def test_headings_stand_right_above_a_line_with_headings_between_at_most() -> None:
    body = f"<h2>A</h2><h3>B</h3>{p(TOLD[0])}<h2>C</h2>{p(TOLD[1])}<h2>D</h2>"
    assert above(body, {2}) == {0, 1}
    assert above(body, {2, 4}) == {0, 1, 3}
    assert above(body, {2}, (4,)) == {0, 1, 3}
    assert above(body, {4}) == {3}
    assert above(body, {5}) == set()
    assert above(f"{p(TOLD[0])}<h2>A</h2>", {0}) == set()
    assert above(f"<h2>A</h2>{p(TOLD[0])}", {1}) == {0}


@pytest.mark.parametrize(
    ("links", "within", "out"),
    [
        ("", True, False),
        ('<a href="#a">x</a>', True, False),
        ("<a>x</a>", True, False),
        ('<a href="#a">x</a><a href="/b">x</a>', False, False),
        ('<a href="https://b.example/" target="_blank">x</a>', False, True),
        ('<a href="https://b.example/" target="_self">x</a>', False, False),
        ('<a href="https://b.example/" rel="sponsored">x</a>', False, True),
        ('<a href="https://b.example/" target="_blank">x</a><a href="#a">x</a>', False, False),
        ('<a href="/b" target="_blank">x</a>', False, False),
    ],
)
def test_where_a_heading_leads(links: str, within: bool, out: bool) -> None:
    block = walked(f"<main><h2>One {links}</h2></main>")[0]
    assert (among._leads_within(block), among._leads_out(block)) == (within, out)


@pytest.mark.parametrize(("linked", "heads"), [("two", True), ("two three", False)])
def test_a_heading_half_of_which_leads_elsewhere_heads_its_paragraph(linked: str, heads: bool) -> None:
    page = among._Kept({1}, walked(f"<main><h2>One {LINK.format(linked)}</h2>{p(TOLD[0])}</main>"))
    page.tell(())
    assert page._heads(0, ()) is heads


@pytest.mark.parametrize(
    ("box", "stays"),
    [
        ("<div><div><ul>{}</ul></div></div>", True),  # as page builders set it
        ("<div><div><h3>Buy it</h3><ul>{}</ul></div></div>", False),
        ('<div class="related"><div><ul>{}</ul></div></div>', False),
        ('<div><div><ul>{}</ul><img src="/a.jpg"></div></div>', False),
    ],
)
def test_a_list_alone_in_a_box_of_its_own_stands_among_the_lines(box: str, stays: bool) -> None:
    items = ["Bring a warm coat", "Leave the dog at home", "Pay at the gate"]
    body = [*map(p, TOLD[:4]), box.format("".join(f"<li>{item}</li>" for item in items)), *map(p, TOLD[4:9])]
    assert back("".join(body)) == (items if stays else [])


def test_a_box_with_a_list_of_single_words_does_not() -> None:
    menu = (
        "<div><div><ul>"
        + "".join(f"<li>{word}</li>" for word in ("Politics", "Sports", "Weather"))
        + "</ul></div></div>"
    )
    assert back("".join([*map(p, TOLD[:4]), menu, *map(p, TOLD[4:9])])) == []


@pytest.mark.parametrize("head", ["12 comments", "3 Replies", "Related stories", "Weitere Artikel"])
def test_no_body_ends_with_what_readers_wrote_or_with_other_stories(head: str) -> None:
    items = [prose(91 + n, 20).capitalize() for n in range(3)]
    body = "".join(map(p, TOLD[:9]))
    said = "".join(f"<li>{item}.</li>" for item in items)
    assert back(f"{body}<h3>{head}</h3><ul>{said}</ul>") == []
    assert back(f"{body}<h3>More of it</h3><ul>{said.replace('.<', '<')}</ul>") == []  # headlines


def test_a_box_with_a_list_of_links_does_not() -> None:
    links = (
        "<div><div><ul><li>More</li>" + '<li><a href="/a">Another story of the day</a></li>' * 3 + "</ul></div></div>"
    )
    assert back("".join([*map(p, TOLD[:4]), links, *map(p, TOLD[4:9])])) == []


@pytest.mark.parametrize(
    ("end", "stays"),
    [
        ("<h2>In short</h2><ul>{}</ul>", True),
        ("<ol>{}</ol>", True),
        ("<div><ul>{}</ul></div>", False),  # beside no line of the text
        ("<div>Tags</div><ul>{}</ul>", False),
    ],
)
def test_a_body_ends_with_a_list_of_its_own(end: str, stays: bool) -> None:
    items = [words(among.CLOSING // 2), prose(91, among.CLOSING // 2).capitalize() + "."]
    found = back("".join(map(p, TOLD[:9])) + end.format("".join(f"<li>{item}</li>" for item in items)))
    assert (found[-2:] == items) is stays
    short = end.format("".join(f"<li>{item}</li>" for item in (items[0], " ".join(items[1].split()[3:]))))
    assert back("".join(map(p, TOLD[:9])) + short) == []
    links = end.format("".join(f'<li><a href="/a">{item}</a></li>' for item in items))
    assert back("".join(map(p, TOLD[:9])) + links) == []
