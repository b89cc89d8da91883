"""How an extractor's lines are found again among a page's blocks, and what comes back with them: each step at its bound."""

import pytest

from extract.read.blocks import fold
from extract.read.body import lines
from tests.test_lines import TOLD, WORDS, p, walked, words


def near(line: str, *blocks: str, start: int = 0) -> list[int]:
    found = walked("".join(map(p, blocks)))
    return lines._near(fold(line), found, [b.folded for b in found], start)


@pytest.mark.parametrize(
    ("length", "more", "place"), [(20, 8, [0]), (20, 9, []), (15, 6, [0]), (15, 7, []), (14, 2, []), (40, 16, [0]), (40, 17, [])]
)  # fmt: skip
def test_a_block_of_which_a_line_lacks_words_has_four_tenths_more_at_most(
    length: int, more: int, place: list[int]
) -> None:
    assert near(" ".join(WORDS[:length]), " ".join(WORDS[: length + more])) == place


@pytest.mark.parametrize(("kept", "place"), [(17, []), (18, [0]), (20, [0])])
def test_nine_tenths_of_a_line_stand_in_its_block(kept: int, place: list[int]) -> None:
    line = [f"w{n}" for n in range(20)]
    assert near(" ".join(line), " ".join(line[:kept])) == place
    assert near(" ".join(line), " ".join([*line[:kept], *["other"] * (20 - kept)])) == place


def test_the_first_block_from_the_last_line_on_is_the_one() -> None:
    line = words(20)
    assert near(line, "else", line + " x", line + " y") == [1]
    assert near(line, "else", line + " x", line + " y", start=1) == [1]
    assert near(line, "else", line + " x", line + " y", start=2) == [2]
    assert near(line, "else", line + " x", line + " y", start=3) == []


def parts(line: str, *texts: str, start: int = 0) -> list[int]:
    return lines._parts(line, texts, start)


LONG = "a" * 40


@pytest.mark.parametrize(
    ("between", "text", "found"),
    [
        (" ", "b" * 39, True),
        ("xx ", "b" * 39, False),  # a short one stands right behind
        ("x" * 40, LONG.replace("a", "b"), True),
        ("x" * 41, LONG.replace("a", "b"), False),
    ],
)
def test_a_part_of_a_line_begins_soon_behind_the_one_before(between: str, text: str, found: bool) -> None:
    whole = "c" * 400
    assert (2 in parts(whole + LONG + between + text, whole, LONG, text)) is found


@pytest.mark.parametrize(("held", "found"), [(88, []), (89, [0])])
def test_nine_tenths_of_a_line_are_its_parts(held: int, found: list[int]) -> None:
    """Of a hundred letters; a part counts a blank behind it."""
    assert parts("a" * held + "x" * (100 - held), "a" * held) == found


def test_parts_stand_in_their_order_from_the_last_line_on() -> None:
    assert parts("one two three", "one", "two", "three") == [0, 1, 2]
    assert parts("one two three", "one", "", "two", "else", "three") == [0, 2, 4]
    assert parts("one two three", "three", "one", "two") == []
    assert parts("one two", "one", "two", "one", "two", start=1) == [2, 3]
    assert parts("one two", "one", "two", "one", "two", start=3) == []


def within(number: int, given: list[str], body: str, start: int = 0) -> list[int]:
    return lines._within(number, given, walked(body), start)


def test_a_piece_is_of_the_block_that_holds_one_beside_it_too() -> None:
    one, two, three = (" ".join(WORDS[n : n + 6]) for n in (0, 6, 12))
    whole = p(f"{one} {two} {three}")
    assert [within(n, [one, two, three], whole) for n in range(3)] == [[0], [0], [0]]
    assert within(0, [one, "else", two], whole) == []  # not the next but one
    assert within(2, [two, "else", one], whole) == []
    assert within(1, ["else", one, two], whole) == within(1, [two, one, "else"], whole) == [0]
    assert within(0, [one, two], f"<pre>{one} {two}</pre>") == []
    assert within(0, [one, two], whole * 3, 1) == [1]
    assert within(0, [one, ""], whole) == within(0, [one], whole) == []
    assert within(0, [one, two], p(f"{one}s {two}")) == []  # whole words


def row(first: int, length: int = 10) -> str:
    return " ".join(f"w{n}" for n in range(first, first + length))


def table(*rows: str) -> str:
    return "".join(map(p, rows))


@pytest.mark.parametrize(
    ("line", "rows", "found"),
    [
        (row(0, 60), [row(n, 10) for n in range(0, 60, 10)], [0, 1, 2, 3, 4, 5]),
        (row(0, 59), [row(n, 10) for n in range(0, 50, 10)], []),  # too short for a table
        (row(0, 60), [row(0, 42)], [0]),  # seven tenths of it
        (row(0, 60), [row(0, 41)], []),
        (row(0, 60), [row(0, 50), row(50, 5)], [0, 1]),
        (row(0, 60), [row(0, 50), row(50, 4)], [0]),
        (row(0, 60), [row(0, 25), row(25, 3), row(28, 30)], [0, 1, 2]),  # short, but between
        (row(0, 60), [row(0, 25), "else where", row(28, 30)], [0, 2]),
        (row(0, 60), ["else where we are now", row(0, 50)], [1]),
        (row(0, 60), [row(0, 50), f"{row(50, 5)} x"], [0, 1]),  # of five pairs four
        (row(0, 60), [row(0, 50), f"{row(50, 4)} x"], [0]),  # of four three
    ],
)
def test_a_line_of_a_tables_words_is_its_blocks(line: str, rows: list[str], found: list[int]) -> None:
    assert lines._spread(line, walked(table(*rows))) == found


def back(body: str, taken: list[str]) -> list[str]:
    """What comes back of a page beside these lines."""
    blocks = walked(body)
    return [line.text for line in lines.recover(lines.align(taken, blocks), blocks) if line.text not in taken]


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        (p(words(5)), True),
        (p(words(4)), False),
        (f"<article>{p(words(20))}</article>", False),  # another one
        (f'<div class="other">{p(words(20))}</div>', False),
    ],
)
def test_a_paragraph_on_the_same_path_is_brought_back_to_the_next_article(extra: str, found: bool) -> None:
    boxes = [f"<section><div>{p(text)}</div></section>" for text in TOLD]
    body = f"<main>{''.join(boxes[:4])}<section><div>{extra}</div></section>{''.join(boxes[4:])}</main>"
    assert bool(back(body, TOLD)) is found


def test_what_stands_above_the_first_kept_paragraph_is_not_on_its_path() -> None:
    boxes = [f"<section><div>{p(text)}</div></section>" for text in TOLD]
    body = f"<main>{''.join(boxes)}</main>"
    assert back(body, TOLD[1:]) == []
    assert back(body, [TOLD[0], *TOLD[2:]]) == [TOLD[1]]


BETWEEN = "<br>".join


@pytest.mark.parametrize(
    ("place", "text", "found"),
    [
        (1, words(15), True),
        (1, words(14), False),
        (1, words(15, ""), False),
        (1, f'{words(14, "")} <a href="/x">{words(6)}</a>', True),  # three in ten
        (1, f'{words(13, "")} <a href="/x">{words(7)}</a>', False),
        (2, words(15), True),
        (3, words(15), False),
    ],
)
@pytest.mark.parametrize("below", [True, False])
def test_a_loose_paragraph_comes_back_two_blocks_from_the_body(place: int, text: str, found: bool, below: bool) -> None:
    """Its first or last one, without an element of its own."""
    told = "".join(map(p, TOLD[:4]))
    short = "".join(f"<b>No {n}</b><br>" for n in range(place - 1))
    body = f"<div>{told}{short}{text}</div>" if below else f"<div>{text}<br>{short}{told}</div>"
    assert bool(back(body, TOLD[:4])) is found


@pytest.mark.parametrize(("kept", "found"), [(2, False), (3, True)])
def test_items_and_headings_come_back_beside_three_kept_paragraphs(kept: int, found: bool) -> None:
    told = "".join(map(p, TOLD[: kept - 1]))
    for extra in ("<ul><li>One two three</li></ul>", "<h3>One</h3>", "<pre>One two three four five</pre>"):
        assert bool(back(f"<div>{told}{extra}{p(TOLD[9])}</div>", [*TOLD[: kept - 1], TOLD[9]])) is found
    deep = "<ul><div><li>One two three</li></div></ul>"
    assert not back(f"<div>{told}{deep}{p(TOLD[9])}</div>", [*TOLD[: kept - 1], TOLD[9]])


def test_a_lines_own_mark_of_a_list_is_not_of_its_text() -> None:
    blocks = walked(p(TOLD[0]))
    for mark in ("-", "•"):
        assert [line.text for line in lines.align([f"{mark}  {TOLD[0]}"], blocks)] == [TOLD[0]]


def test_lines_above_the_first_that_was_found_stand_where_it_does() -> None:
    blocks = walked("".join(map(p, TOLD)))
    found = lines.align(["Odd one", "Odd two", TOLD[4], "Odd three"], blocks)
    assert [(line.text, line.place) for line in found] == [
        ("Odd one", 4), ("Odd two", 4), (TOLD[4], 4), ("Odd three", 4)
    ]  # fmt: skip
    assert [line.place for line in lines.align(["Odd one", "Odd two"], blocks)] == [0, 0]
    twice = walked("".join(map(p, [TOLD[0], TOLD[1], TOLD[0]])))
    assert [line.place for line in lines.align([TOLD[1], TOLD[0]], twice)] == [1, 2]  # the next of two
    assert [line.place for line in lines.align([TOLD[0], TOLD[0], TOLD[0]], twice)] == [0, 2]


def test_text_between_line_breaks_comes_back_among_three_kept_pieces_of_its_element() -> None:
    lost = "One two three four five"
    assert back(f"<div>{BETWEEN([*TOLD[:2], lost, TOLD[2]])}</div>", TOLD[:3]) == [lost]
    assert back(f"<div>{BETWEEN([TOLD[0], lost, TOLD[1]])}</div>", TOLD[:2]) == []
    assert back(f"<div>{BETWEEN([*TOLD[:2], 'One two three four', TOLD[2]])}</div>", TOLD[:3]) == []
