"""Topics: queries and what they find, in cases/queries.toml; and what is refused, with where and why."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extract.errors import BadQuery
from extract.tag.queries import parse
from extract.tag.topics import tag
from extract.tracked import Document, Topic

CASES = tomllib.loads((Path(__file__).parent / "cases" / "queries.toml").read_text(encoding="utf-8"))
ARTICLES = [
    Document(
        n,
        datetime(2026, 11, 1 + n, tzinfo=UTC),
        title=t["title"],
        parts=(t["text"],),
        site=f"outlet{n}.example",
        language="de" if n == 3 else "en",
    )
    for n, t in enumerate(CASES["texts"])
]


@pytest.mark.parametrize("case", CASES["queries"], ids=lambda c: c["query"])
def test_queries(case: dict[str, Any]) -> None:
    matches = tag(ARTICLES, [parse(Topic("t", case["query"]))])
    assert sorted(m.article_id for m in matches) == case["finds"]
    assert all(m.matched for m in matches)


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        ("oil OR election*", ("oil", "elections")),
        ('"oil prices"', ("oil prices",)),
        ("price AND NOT film", ("price",)),
        ('"price rose"~3', ("price of oil rose",)),
    ],
)
def test_a_match_shows_the_words_that_matched(query: str, matched: tuple[str, ...]) -> None:
    assert tag(ARTICLES[:1], [parse(Topic("t", query))])[0].matched == matched


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "is empty"),
        ("oil AND", "ends too early"),
        ("(oil", "ends too early"),
        ("oil AND OR gas", "column 9: 'OR' is not expected"),
        ("colour:red", "there is no field 'colour'; there are title, text"),
        ("*oil", "begins with a wildcard"),
        ("NOT oil", "only excludes"),
        ("!!!", "names no word"),
        ("(" * 10_000 + "a" + ")" * 10_000, "nested too deeply"),
        ("a*b*c*d*", "more than 3 wildcards"),
        ("東*京", "without wildcards"),
        ("東?", "without wildcards"),
        ('"a b"~1.5', "no whole number"),
        ('"a b"~99999999999999999999', "whole number of moves"),
        ("/o.l/", "is not supported"),
        ("oil~2", "is not supported"),
        ("[a TO b]", "is not supported"),
        (" OR ".join(f"w{n}" for n in range(1100)), "1024 are the most"),
    ],
)
def test_a_query_that_cannot_be_used_says_where_and_why(query: str, words: str) -> None:
    with pytest.raises(BadQuery) as told:
        parse(Topic("oil", query))
    assert words in str(told.value)
    assert "'oil'" in str(told.value)


def test_many_topics_at_once_keep_apart() -> None:
    matches = tag(ARTICLES, [parse(Topic("a", "oil", 3)), parse(Topic("b", "labour", 1))])
    assert {(m.topic, m.version, m.article_id) for m in matches} == {("a", 3, 0), ("a", 3, 1), ("b", 1, 2)}


def test_no_articles_or_no_topics_is_no_match() -> None:
    assert tag([], [parse(Topic("a", "oil"))]) == tag(ARTICLES, []) == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("x" * 70 + " AND", f"{'x' * 56} AND ⟵   (the query ends too early: a word, phrase or group was expected)"),
        ("(" + "x" * 70, f"{'x' * 60} ⟵   (the query ends too early: a closing parenthesis was expected)"),
        ("x" * 70 + " ) " + "y" * 70, f"{'x' * 59}  ⟶ ) {'y' * 58}   (column 72: ')' is not expected here, but AND, OR, NOT or another word)"),
        ("oil ) gas", "oil  ⟶ ) gas   (column 5: ')' is not expected here, but AND, OR, NOT or another word)"),
        (") gas", " ⟶ ) gas   (column 1: ')' is not expected here, but a word, a phrase or a group)"),
        ("oil AND ]", "oil AND  ⟶ ]   (column 9: ']' is not expected here, but a word, a phrase or a group)"),
        ('oil "gas', 'oil  ⟶ "gas   (column 5: a closing " was expected)'),
    ],
)  # fmt: skip
def test_where_a_query_does_not_parse_is_shown_with_sixty_letters_around(query: str, told: str) -> None:
    with pytest.raises(BadQuery) as error:
        parse(Topic("oil", query))
    assert str(error.value) == f"topic 'oil': {told}"
