"""The index that queries are asked: what it finds, from when to when, in which order, and what it no longer holds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.errors import Broken
from extract.tag.index import Index
from extract.tag.queries import parse
from extract.tracked import Document, Topic

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
OIL = parse(Topic("oil", "oil"))


def document(n: int, text: str = "oil", title: str = "", language: str = "en") -> Document:
    """The nth article, of the nth day."""
    return Document(n, FIRST + timedelta(days=n), title, (text,), language)


@pytest.fixture
def made(tmp_path: Path) -> Index:
    """An index of four articles in a folder."""
    index = Index(tmp_path)
    index.write([document(1), document(2, "gas"), document(3, "oil oil oil"), document(4)])
    return index


def test_all_that_match_come_newest_first(made: Index) -> None:
    assert made.find(OIL) == (4, 3, 1)
    assert made.find(OIL, FIRST + timedelta(days=3)) == (4, 3)  # from then on
    assert made.find(OIL, FIRST + timedelta(days=3, seconds=1)) == (4,)
    assert (made.count(), made.ids()) == (4, {1, 2, 3, 4})


def test_the_first_so_many_are_shown_best_or_newest_first(made: Index) -> None:
    total, best = made.show(OIL, 2)
    assert (total, best[0].article_id, len(best)) == (3, 3, 2)
    total, newest = made.show(OIL, 2, newest=True)
    assert (total, [one.article_id for one in newest]) == (3, [4, 3])
    assert newest[0] == document(4)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, None, [4, 3, 1]),
        (1, None, [4, 3, 1]),
        (2, None, [4, 3]),
        (None, 4, [3, 1]),
        (None, 5, [4, 3, 1]),
        (3, 4, [3]),
        (3, 3, []),
    ],
)
def test_those_from_one_moment_to_before_another(
    made: Index, since: int | None, until: int | None, found: list[int]
) -> None:
    first, last = (None if day is None else FIRST + timedelta(days=day) for day in (since, until))
    total, shown = made.show(OIL, 9, newest=True, since=first, until=last)
    assert (total, [one.article_id for one in shown]) == (len(found), found)


def test_an_article_is_put_in_place_of_itself_and_taken_out(made: Index, tmp_path: Path) -> None:
    made.write([document(1, "gas"), document(5)], gone=[3])
    assert made.find(OIL) == (5, 4)
    assert made.ids() == {1, 2, 4, 5}
    assert Index(tmp_path).find(OIL) == (5, 4), "as it stands on disk"


def test_stems_are_kept_of_the_languages_that_are_asked_for() -> None:
    index = Index()
    index.write([document(1, "prices"), document(2, "prices", language="de"), document(3, "x", "Prices")], ["en"])
    assert index.find(parse(Topic("p", "price", stem="en"))) == (3, 1)
    assert index.find(parse(Topic("p", "price", stem="de"))) == index.find(parse(Topic("p", "price"))) == ()
    assert index.find(parse(Topic("p", "section:price", stem="en"))) == ()
    other = Index()
    other.write([document(1, "prices")])
    assert other.find(parse(Topic("p", "price", stem="en"))) == ()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"oil price"', [1]),
        ('"oil price"~1', [1, 2]),
        ('"price oil"~2', [1]),
        ('"price oil"~3', [1, 2]),
        ("oi*", [1, 2, 3]),
        ('"oil pri*"', [1]),
        ('"a.b oil"~3', [3]),  # what was written without a blank stays together
        ("oil AND NOT price", [3]),
        ("+oil price", [1, 2, 3]),
        ("price OR gas", [1, 2, 4]),
    ],
)
def test_what_queries_find(query: str, found: list[int]) -> None:
    index = Index()
    index.write([document(1, "oil price"), document(2, "oil and price"), document(3, "oil a b"), document(4, "gas")])
    assert sorted(index.find(parse(Topic("t", query)))) == found


def test_a_folder_that_holds_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Broken, match=f"the search index {tmp_path} cannot be used"):
        Index(tmp_path)
    with pytest.raises(Broken, match=f"the search index {tmp_path / 'none'} cannot be used"):
        Index(tmp_path / "none")
