"""Tables for people."""

import io
from datetime import UTC, datetime

import pytest

from flows.commands import _drawn, _tables
from flows.questions import QUESTIONS

WIDE = ("title", "url", "outlet", "words")
ROW = (
    "Ferry crews walk out at Port Alder after pay talks fail in the night",
    "https://www.herald.example/news/ferry-crews-walk-out-81234",
    "Herald",
    812,
)


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def drawn(
    columns: int,
    monkeypatch: pytest.MonkeyPatch,
    *,
    names: tuple[str, ...] = WIDE,
    rows: tuple[tuple[object, ...], ...] = (ROW,),
    expand: bool = False,
) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = Screen()
    _drawn.table(names, rows, out, expand=expand)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = drawn(columns, monkeypatch)
    assert max(map(len, lines)) <= columns
    assert lines[1].split() == list(WIDE), "a table"
    assert lines[3].rstrip().endswith("812"), "numbers are whole, and right"
    assert any("herald.example/" in line for line in lines)
    assert ("https://" in lines[3]) == (columns >= 120), "an address loses its scheme first"


def test_where_a_table_does_not_fit_each_row_is_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    names = tuple(f"column_{n}" for n in range(12))
    lines = drawn(80, monkeypatch, names=names, rows=(("some words of a row " * 3,) * 12, ("x",) * 12))
    assert max(map(len, lines)) <= 80
    assert [line[:5] for line in lines if line.startswith("──")] == ["── 1 ", "── 2 "]
    assert lines[-1] == "2 rows"
    assert drawn(200, monkeypatch, expand=True)[1].split(maxsplit=1) == ["title", ROW[0]]


def test_a_column_is_of_numbers_whatever_its_first_row_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = drawn(80, monkeypatch, names=("n", "day"), rows=((None, datetime(2026, 11, 26, tzinfo=UTC)), (5, None)))
    assert lines[4].startswith("  5 ")
    assert drawn(80, monkeypatch, names=("name", "n"), rows=((None, None), ("x", 1000)))[4].endswith("1000  ")


def test_ids_are_text_in_json_and_so_are_numbers_that_floats_cannot_hold() -> None:
    out = io.StringIO()
    _tables.write(("story_id", "words", "big", "yes"), [(12, 13, 2**60, True)], "jsonl", out)
    assert out.getvalue() == '{"story_id": "12", "words": 13, "big": "1152921504606846976", "yes": true}\n'


def test_the_questions_are_questions() -> None:
    assert len(QUESTIONS) >= 15
    assert all(q.words.endswith(("?", ".)")) and q.sql.startswith(("SELECT", "FROM")) for q in QUESTIONS)
