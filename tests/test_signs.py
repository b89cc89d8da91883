"""Where on a page a credit can stand: lines of pages whose paragraphs are numbered."""

from collections.abc import Sequence

import pytest

from extract.credit import agencies, consider, signs
from extract.credit.signs import Line
from extract.read.layout import lay_out
from extract.read.page import decide
from tests.pages import LD, html
from tests.test_lines import walked
from tests.test_stories import prose

KNOWN = agencies.load()
URL = "https://www.herald.example/news/2026/11/rain"
TITLE = "Rain floods the lower town"


def words(n: int, name: str = "w") -> str:
    return " ".join([f"{name}{k}" for k in range(n)])


def of_page(above: str = "", below: str = "", head: str = "", paragraphs: int = 12, over: str = "") -> list[Line]:
    told = "".join(f"<p>Number{n} {prose(n, 40)}.</p>" for n in range(paragraphs))
    page = html(f"<div>{over}</div><article><h1>{TITLE}</h1>{above}<div>{told}</div></article>{below}", head, LD)
    decided = decide(page, URL, "text/html", KNOWN)
    return list(signs.of_page(decided.page, decided.text, decided.byline).lines)


def at(lines: Sequence[Line], *places: str) -> list[str]:
    """The first words of the lines at these places."""
    return [line.text.split()[0] for line in lines if line.place in places]


def test_a_texts_first_and_last_paragraphs_are_looked_at() -> None:
    found = of_page()
    assert at(found, "opening") == ["Number0", "Number1", "Number2"]
    assert at(found, "closing") == ["Number8", "Number9", "Number10", "Number11"]
    assert [(line.text, line.source) for line in found if line.place == "field"][:2] == [
        ("Ann Lee", "jsonld"),
        ("By Max Orr", "jsonld"),
    ]


def text_of(*counts: int) -> list[tuple[str, str]]:
    """(place, first word) of each line of a text whose paragraphs have so many words."""
    text = "\n".join(words(count, f"p{n}x") for n, count in enumerate(counts))
    return [(line.place, line.text.split("x")[0]) for line in signs.of_text(text, (), "herald.example").lines]


def test_of_a_text_alone_four_paragraphs_open_and_six_close() -> None:
    found = text_of(*[30] * 20)
    assert [n for place, n in found if place == "opening"] == ["p0", "p1", "p2", "p3"]
    assert [n for place, n in found if place == "closing"] == [f"p{n}" for n in range(14, 20)]
    assert [n for place, n in text_of(30, 30) if place == "closing"] == ["p0", "p1"]


@pytest.mark.parametrize(("count", "place"), [(1, "head"), (14, "head"), (15, "opening")])
def test_a_short_first_paragraph_is_a_line_above_the_text(count: int, place: str) -> None:
    assert text_of(count, *[30] * 12)[0] == (place, "p0")


@pytest.mark.parametrize("short", [0, 1, 2, 3, 4])
def test_short_paragraphs_push_the_opening_down_by_as_many_at_most(short: int) -> None:
    found = [n for place, n in text_of(*[5] * short, *[30] * 20) if place in ("head", "opening")]
    assert found == [f"p{n}" for n in range(4 + short)]
    assert len([n for place, n in text_of(*[5] * 9, *[30] * 20) if place == "head"]) == 8


@pytest.mark.parametrize(
    ("line", "noted"),
    [
        ("With material from dpa", True),
        ("Mit Material von dpa", True),
        ("Contributed: AP", True),
        ("With the agencies", True),
        ("The agencies said so", False),
        ("He came with his material", False),
    ],
)
def test_between_first_and_last_only_a_note_counts(line: str, noted: bool) -> None:
    paragraphs = [words(30, f"p{n}x") for n in range(20)]
    paragraphs[10] = line
    found = signs.of_text("\n".join(paragraphs), (), "herald.example").lines
    assert (Line("note", line) in found) is noted
    for n in (3, 14):
        near = [*paragraphs[:10], *paragraphs[11:]]
        near[n] = "With material from dpa"
        places = {x.place for x in signs.of_text("\n".join(near), (), "").lines if x.text == near[n]}
        assert places == ({"head"} if n == 3 else {"closing"})


def test_a_photographers_line_signs_no_text() -> None:
    assert at(signs.of_text("x", ("Ann Lee", ""), "").lines, "byline") == ["Ann"]
    assert at(signs.of_text("x", ("Ann Lee", "Photo: Max Orr"), "").lines, "byline") == []


@pytest.mark.parametrize(("count", "place"), [(15, "head"), (25, "head"), (26, "opening")])
def test_a_line_between_headline_and_text_has_twenty_five_words_at_most(count: int, place: str) -> None:
    found = of_page(f"<div>{words(count)}</div>")
    assert [line.place for line in found if line.text == words(count)] == [place]


def test_lines_over_the_headline_are_short_and_near() -> None:
    over = "".join(f"<div>{words(3, f'o{n}x')}</div>" for n in range(20))
    assert at(of_page(over=over), "above") == [f"o{n}x0" for n in range(5, 20)]
    assert at(of_page(over=f"<div>{words(14)}</div>"), "above") == ["w0"]
    assert at(of_page(over=f"<div>{words(15)}</div>"), "above") == []


def test_below_the_text_eight_lines_of_eighty_words_are_looked_at() -> None:
    below = "".join(f'<div class="b">{words(3, f"u{n}x")}</div>' for n in range(12))
    assert at(of_page(below=below), "below") == [f"u{n}x0" for n in range(8)]
    assert at(of_page(below=f"<section>{words(80)}</section>"), "below") == ["w0"]
    assert at(of_page(below=f"<section>{words(81)}</section>"), "below") == []


@pytest.mark.parametrize(("linked", "place"), [(0, "below"), (1, "below"), (2, "foot"), (4, "foot")])
def test_what_is_half_links_is_the_pages_foot(linked: int, place: str) -> None:
    line = f'<div>{words(4 - linked, "v")} <a href="/x">{words(linked)}</a></div>'
    assert at(of_page(below=line), place) in (["v0"], ["w0"])
    assert at(of_page(below=f"<footer>{words(4)}</footer>"), "foot") == ["w0"]


def test_a_label_alone_is_read_with_the_line_behind_it() -> None:
    texts = [line.text for line in of_page(below="<section><div>Source:</div><div>dpa</div><div>More</div></section>")]
    assert "Source: dpa" in texts and "More" in texts and "dpa" not in texts
    texts = [
        line.text for line in of_page(below="<section><div>Copyright</div><div>2026</div><div>dpa</div></section>")
    ]
    assert "Copyright 2026 dpa" in texts


def test_links_in_a_row_are_topics_and_one_alone_may_be_an_author() -> None:
    alone = '<div><a href="/a">Ann Lee dpa</a></div>'
    assert "Ann Lee dpa" in [line.text for line in of_page(alone) if line.place == "head"]
    row = alone + '<div><a href="/b">Floods</a></div>'
    assert "Ann Lee dpa" not in [line.text for line in of_page(row) if line.place == "head"]
    apart = alone + "<div>a word</div>" + '<div><a href="/b">Floods</a></div>'
    assert "Ann Lee dpa" in [line.text for line in of_page(apart) if line.place == "head"]


def considered(line: str) -> consider.Considered:
    body = html(
        f"<article><h1>{TITLE}</h1><p>{line}</p>{''.join(f'<p>{prose(n, 40)}.</p>' for n in range(8))}</article>",
        "",
        LD,
    )
    found = consider.page(body, URL, "text/html", ())
    return next(one for one in found.lines if one.text == line)


@pytest.mark.parametrize(
    ("line", "named", "credited", "why"),
    [
        ("LIMA (Reuters) - It rained.", True, ("reuters",), "the shape “"),
        ("Nobody is named here", False, (), "names no agency"),
        ("Photo of Reuters", True, (), "speaks of a picture"),
        ("He told Reuters so", True, (), "has no shape of a credit there (read as KxNx)"),
        ("By Ann Lee and AP", True, ("ap",), ", with others"),
        ("With material from dpa", True, ("dpa",), ", contributed"),
    ],
)
def test_each_line_says_why_it_credits_somebody_or_nobody(
    line: str, named: bool, credited: tuple[str, ...], why: str
) -> None:
    found = considered(line)
    assert (found.named, found.agencies) == (named, credited)
    assert why in found.why


@pytest.mark.parametrize(("count", "shown"), [(38, "x" * 20), (40, "x" * 20), (41, "…"), (60, "…")])
def test_a_long_row_of_letters_is_shortened(count: int, shown: str) -> None:
    line = "He told Reuters " + "so " * (count - 3)
    why = considered(line.strip()).why
    assert shown in why
    assert len(why.partition("read as ")[2]) == min(count, 41) + len(")")


@pytest.mark.parametrize("row", [2, 3, 4])
def test_all_links_of_a_row_are_topics(row: int) -> None:
    linked = "".join(f'<div><a href="/{n}">Topic {n} dpa</a></div>' for n in range(row))
    for before in ("", "<div>one</div>", "<div>one</div><div>two</div>"):
        assert not [line for line in of_page(before + linked) if line.text.startswith("Topic")]


def around(blocks: int, body: Sequence[int], headline: int | None = 0, odd: str = "") -> dict[str, list[str]]:
    """The lines around a body of numbered blocks, by place: those that are not the body's own paragraphs. `odd` takes the second
    block's place."""
    told = [f"<p>b{n}</p>" for n in range(blocks)]
    if headline is not None:
        told[headline] = f"<h1>{TITLE}</h1>"
    if odd:
        told[1] = odd
    page = lay_out(f"<html><body><main>{''.join(told)}</main></body></html>".encode(), URL).under(TITLE)
    found: dict[str, list[str]] = {}
    for line in signs._around(page, body):
        if line.text not in {page.blocks[n].spaced for n in body}:
            found.setdefault(line.place, []).append(line.text)
    return found


def numbered(*places: range | int) -> list[str]:
    return [f"b{n}" for place in places for n in (place if isinstance(place, range) else [place])]


@pytest.mark.parametrize(
    ("body", "headline", "head"),
    [
        (range(4, 40), 0, numbered(range(1, 4))),
        (range(20, 40), 0, numbered(range(4, 20))),  # sixteen at most
        (range(20, 40), None, numbered(range(13, 20))),  # without a headline eight
        (range(4, 40), None, numbered(range(1, 4))),
        (range(20, 40), 10, numbered(range(11, 20))),
        (range(4, 40), 10, numbered(range(1, 4))),  # a headline in the text is none
        (range(1, 40), 0, []),
        ([3, 5, 30], 0, numbered(1, 2, 4, range(6, 11))),  # of the lines that were left out those near the top
        ([3, 5], 0, numbered(1, 2, 4)),
        ([3, 5, 11], 0, numbered(1, 2, 4, range(6, 11))),
        ([3, 5, 10], 0, numbered(1, 2, 4, range(6, 10))),
    ],
)
def test_what_stands_between_headline_and_text(body: Sequence[int], headline: int | None, head: list[str]) -> None:
    assert around(41, body, headline).get("head", []) == head


@pytest.mark.parametrize(
    ("body", "below"),
    [
        (range(3, 20), range(20, 28)),
        (range(3, 33), range(33, 40)),
        (range(3, 40), range(0)),
        ([3, *range(5, 20)], range(20, 28)),  # what was left out of the top is not below
    ],
)
def test_what_stands_below_a_text(body: Sequence[int], below: range) -> None:
    assert around(40, body).get("below", []) == numbered(below)


@pytest.mark.parametrize(
    ("body", "below"),
    [
        ([3, 20], [*range(12, 20), *range(21, 29)]),
        ([15, 20], [*range(16, 20), *range(21, 29)]),
        ([3, 5], [4, *range(6, 14)]),
    ],
)
def test_and_among_its_last_eight_blocks(body: Sequence[int], below: list[int]) -> None:
    assert around(40, body)["below"] == numbered(*below)


def test_of_no_text_nothing_is_above_or_below() -> None:
    assert around(40, []) == around(40, [], 20) == {}
    assert around(40, range(25, 30), 20)["above"] == numbered(range(5, 20))


@pytest.mark.parametrize(("length", "marked"), [(1, True), (6, True), (7, False)])
def test_a_marked_line_of_six_words_is_a_byline(length: int, marked: bool) -> None:
    line = f'<p class="author-name">{words(length)}</p>'
    assert around(10, range(3, 9), odd=line).get("byline", []) == ([words(length)] if marked else [])
    assert around(10, range(3, 9), odd=line)["head"] == [words(length), "b2"]
    assert "byline" not in around(10, range(1), odd=line)


def linked(*rows: bool) -> list[int]:
    """Which of these blocks, links or not, are left."""
    blocks = walked("".join(f'<p><a href="/x">b{n}</a></p>' if row else f"<p>b{n}</p>" for n, row in enumerate(rows)))
    return [int(block.text[1:]) for block in signs._no_rows(blocks)]


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ((True, True), []),
        ((True, False, True), [0, 1, 2]),
        ((True, False, False, True), [0, 1, 2, 3]),
        ((True, False, True, True), [0, 1]),
        ((True, True, False, True), [2, 3]),
        ((False, True, True, True, False), [0, 4]),
        ((True,), [0]),
        ((), []),
    ],
)
def test_links_right_upon_each_other_are_a_row(rows: tuple[bool, ...], left: list[int]) -> None:
    assert linked(*rows) == left


@pytest.mark.parametrize(("linked_", "row"), [(1, False), (2, True)])
def test_a_block_more_than_half_of_which_is_linked_is_a_link(linked_: int, row: bool) -> None:
    told = ["a", "b"] if linked_ == 1 else ["a", "b", "c"]
    block = f'<p>{" ".join(told[linked_:])} <a href="/x">{" ".join(told[:linked_])}</a></p>'
    assert (signs._no_rows(walked(block * 2)) == []) is row


def test_the_joined_line_is_held_until_it_says_more() -> None:
    def joined(*texts: str) -> list[str]:
        return list(signs._joined(walked("".join(f"<p>{text}</p>" for text in texts))))

    assert joined("By", "Ann Lee", "dpa") == ["By Ann Lee", "dpa"]
    assert joined("dpa", "Source:") == ["dpa"]
    assert joined("By", "By", "dpa", "By", "AP") == ["By By dpa", "By AP"]


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("byline", True),
        ("meta author", True),
        ("article-source", True),
        ("agency", True),
        ("authority", False),
        ("byline photo", False),
        ("lead", False),
    ],
)
def test_a_short_line_in_the_place_of_who_wrote_is_the_byline(name: str, marked: bool) -> None:
    line = f'<p class="{name}">AP</p>'
    assert ("AP" in at(of_page(above=line), "byline")) is marked
    assert "AP" not in at(of_page(above=f"<figure>{line}</figure>"), "byline")
