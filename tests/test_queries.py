"""What a query means, held against plain Python over words; in every script; and by stems."""

import random
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extract import words
from extract.errors import BadQuery
from extract.tag.evidence import Why
from extract.tag.index import Index
from extract.tag.queries import parse
from extract.tag.topics import tag
from extract.tracked import Document, Topic

CASES = tomllib.loads((Path(__file__).parent / "cases" / "scripts.toml").read_text(encoding="utf-8"))["cases"]
VOCABULARY = ["oil", "oils", "ship", "shipping", "gas", "price", "prices", "élan", "war"]


def document(number: int, title: str, *parts: str, language: str = "en", **more: Any) -> Document:
    return Document(number, datetime(2026, 11, 1, tzinfo=UTC), title, parts, language, **more)


def finds(query: str, *documents: Document, stem: str = "") -> list[int]:
    return sorted(m.article_id for m in tag(documents, [parse(Topic("t", query, stem=stem))]))


Rule = tuple[Any, ...]


def draw(dice: random.Random, depth: int = 3) -> Rule:
    kind = dice.choice(
        ["word", "word", "prefix", "phrase", "near", "and", "or", "not", "title"] if depth else ["word", "prefix"]
    )
    if kind in ("and", "or"):
        return kind, *(draw(dice, depth - 1) for _ in range(dice.randint(2, 3)))
    if kind == "not":
        return "and", draw(dice, 0), ("not", draw(dice, depth - 1))
    if kind == "title":
        return kind, draw(dice, 0)
    if kind == "phrase":
        return kind, *dice.sample(VOCABULARY, dice.randint(2, 3))
    if kind == "near":
        return kind, dice.randint(1, 4), *dice.sample(VOCABULARY, 2)
    return kind, dice.choice(VOCABULARY)[:3] if kind == "prefix" else dice.choice(VOCABULARY)


def written(rule: Rule) -> str:
    kind, *rest = rule
    if kind in ("and", "or"):
        return "(" + f" {kind.upper()} ".join(map(written, rest)) + ")"
    if kind == "not":
        return f"NOT {written(rest[0])}"
    if kind == "title":
        return f"title:({written(rest[0])})"
    if kind == "phrase":
        return '"' + " ".join(rest) + '"'
    if kind == "near":
        return f'"{rest[1]} {rest[2]}"~{rest[0]}'
    return f"{rest[0]}{'*' if kind == 'prefix' else ''}"


def holds(rule: Rule, fields: list[list[str]]) -> bool:
    """Whether a document, as the words of its title and text, matches: what Lucene means, in plain Python."""
    kind, *rest = rule
    if kind == "and":
        return all(holds(r, fields) for r in rest)
    if kind == "or":
        return any(holds(r, fields) for r in rest)
    if kind == "not":
        return not holds(rest[0], fields)
    if kind == "title":
        return holds(rest[0], fields[:1])
    if kind == "near":
        near, a, b = rest
        return any(
            abs(j - i - 1) <= near for f in fields for i, x in enumerate(f) if x == a for j, y in enumerate(f) if y == b
        )
    if kind == "phrase":
        return any(f[n : n + len(rest)] == rest for f in fields for n in range(len(f)))
    return any(w.startswith(rest[0]) if kind == "prefix" else w == rest[0] for f in fields for w in f)


@pytest.mark.promise("A topic finds the articles that its query says, and no others")
def test_random_queries_find_what_plain_python_finds(trials: Callable[[int, int, int], int]) -> None:
    dice = random.Random(6)
    texts = [
        [dice.choices(VOCABULARY, k=dice.randint(0, 3)), dice.choices(VOCABULARY, k=dice.randint(1, 9))]
        for _ in range(150)
    ]
    documents = [document(n, " ".join(title), " ".join(text)) for n, (title, text) in enumerate(texts)]
    for _ in range(trials(80, 200, 2_000)):
        rule = draw(dice)
        expected = [n for n, fields in enumerate(texts) if holds(rule, fields)]
        matches = tag(documents, [parse(Topic("t", written(rule)))])
        assert sorted(m.article_id for m in matches) == expected, written(rule)
        assert all(m.matched for m in matches), written(rule)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"][:12])
def test_words_of_every_script_are_found(case: dict[str, Any]) -> None:
    text = document(1, "", case["text"])
    for query in case["finds"]:
        assert finds(query, text) == [1], query
    for query in case["misses"]:
        assert finds(query, text) == [], query


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'Été à Zürich", ["l", "ete", "a", "zurich"]),
        ("e\u0301te\u0301 STRASSE Straße", ["ete", "strasse", "strasse"]),
        ("Ångström Łódź Øre", ["angstrom", "lodz", "ore"]),
        ("Йод и ёж", ["йод", "и", "еж"]),
        ("東京AI技術", ["東", "京", "ai", "技", "術"]),
        ("ＡＢＣ １２", ["abc", "12"]),
        ("x" * 500, ["x" * 200]),
        ("a_b U.S. don’t", ["a_b", "u", "s", "don", "t"]),
    ],
)
def test_words_are_compared_without_case_and_accents(text: str, expected: list[str]) -> None:
    assert words.words(text) == expected
    assert len(words.spans(text)) == len(expected)


def test_every_text_is_cut_into_the_same_words_however_it_is_looked_at() -> None:
    """The quick ways for western texts find what the one for all scripts finds."""
    for text in ("plain words only", "Zürich – “quoted” Čapek ½ 5€", "mixed 東京 текст हिन्दी"):
        slow = [words.fold(w) for w in words.pattern().findall(text)]
        assert words.words(text) == slow


def test_each_field_is_looked_at_alone() -> None:
    one = document(
        1, "Harbour", "Deck words", "Body words", outlet="The Tide", site="tide.co.uk", section="Sea",
        authors=("Ann Lee", "Bo Ray"), agency=("mna", "Meridian News Agency")
    )  # fmt: skip
    for query in ("title:harbour", "text:body", "text:deck", "source:tide", 'source:"the tide"', "site:tide.co.uk",
                  "site:co.uk", "section:sea", 'author:"ann lee"', "author:bo", "agency:mna", 'agency:"news agency"',
                  "language:en", "author:(lee AND ray)"):  # fmt: skip
        assert finds(query, one) == [1], query
    for query in ("title:body", "text:harbour", "harbour AND text:harbour", 'author:"lee bo"', '"deck words body"', "site:tide",
                  "tide", "lee"):  # fmt: skip
        assert finds(query, one) == ([1] if query == "site:tide" else []), query


def test_stems_match_in_their_language_only() -> None:
    texts = (
        document(1, "", "The policies of elected judges"),
        document(2, "", "policies", language="de"),
        document(3, "", "policy", language="de"),
    )
    assert finds("policy", *texts, stem="en") == [1, 3]
    assert finds('"policy of electing"', *texts, stem="en") == [1]
    assert finds("polic*", *texts, stem="en") == [1, 2, 3]
    assert finds("policy", *texts) == [3]
    assert finds("wahlen", document(1, "", "Die Wahl", language="de"), stem="de") == [1]


def test_a_match_shows_the_printed_words_and_where_they_stand() -> None:
    text = "First comes a lot of other prose. " * 20 + "The Café Müller closes. " + "More prose follows. " * 20
    (match,) = tag([document(1, "Closed", text)], [parse(Topic("t", '"cafe muller" AND clos*'))])
    assert match.matched == ("café müller", "closed", "closes")
    assert "**Café Müller** **closes**" in match.snippet
    assert match.snippet.startswith("… ") and match.snippet.endswith(" …")
    assert len(match.snippet) < 280


def test_a_score_does_not_depend_on_what_else_came() -> None:
    one = document(1, "Oil", "oil and gas")
    alone = tag([one], [parse(Topic("t", "oil OR gas"))])[0]
    among = tag([document(n, "", "gas") for n in range(2, 50)] + [one], [parse(Topic("t", "oil OR gas"))])
    assert alone in among
    assert alone.score == max(m.score for m in among) <= 1


def test_a_title_is_shown_with_the_words_marked() -> None:
    query = parse(Topic("t", "ölpreis"))
    assert Why(document(1, "Der Ölpreis steigt", "")).title(query) == "Der **Ölpreis** steigt"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("oil and gas", "write AND for 'and'"),
        ("oil && gas", "write AND for '&&'"),
        ('"oil', 'a closing " was expected'),
        ("oil) gas", "')' is not expected here, but AND, OR, NOT or another word"),
        ("AND oil", "'AND' is not expected here, but a word, a phrase or a group"),
        ("(oil OR", "a closing parenthesis was expected"),
        ("東?京", "without wildcards"),
        (" OR ".join(f"w{n}*" for n in range(101)), "100 are the most"),
        ("a" * 50_001, "more than 50,000 letters"),
        ("a" * 51 + "*", "more than 50 letters"),
        ('"so* change"', "put 3 letters before the *"),
        ("oil^2", "is not supported"),
    ],
)
def test_a_query_that_cannot_be_used_says_what_was_expected(query: str, words: str) -> None:
    with pytest.raises(BadQuery, match=re.escape(words)):
        parse(Topic("t", query))


def test_the_dearest_queries_allowed_are_bounded() -> None:
    """As many wildcards as are allowed, over words made to be matched slowly: it ends, well within the test's time."""
    text = " ".join("a" * n + "b" for n in range(1, 200))
    query = " OR ".join(f"a*a*a{'c' * (n % 40)}{n}*" for n in range(98))
    assert finds(f"{query} OR b OR aab", document(1, "", text)) == [1]


def test_near_words_in_a_long_text_take_no_longer_than_the_text() -> None:
    """A page of half a mebibyte in which both words stand everywhere: it took half a minute once."""
    text = document(1, "", "the end of the road of " * 25_000)
    (match,) = tag([text], [parse(Topic("t", '"the of"~2'))])
    assert match.matched[0] == "the end of"


def test_a_text_that_begins_without_a_word_marks_the_right_one() -> None:
    (match,) = tag([document(1, "", "…", "The big ferry strike began")], [parse(Topic("t", "ferry"))])
    assert match.matched == ("ferry",) and "big **ferry** strike" in match.snippet


def test_a_query_that_means_too_many_words_costs_its_own_topic_only() -> None:
    many = document(1, "", " ".join(f"word{n}" for n in range(20_000)) + " change")
    told: list[str] = []
    matches = tag([many], [parse(Topic("wide", '"wor* change"')), parse(Topic("good", "change"))], told.append)
    assert [m.topic for m in matches] == ["good"]
    assert "topic 'wide' was not looked for in 1 articles" in told[0]


@pytest.mark.parametrize(
    "query", ["cats NEAR/5 dogs", "cats w/5 dogs", "cats ADJ3 dogs", "NEAR(cats dogs)", "!dogs cats"]
)
def test_other_systems_operators_are_refused_with_the_way_out(query: str) -> None:
    with pytest.raises(BadQuery, match=r'"one other"~5|write NOT dogs'):
        parse(Topic("pets", query))


def test_letters_that_arabic_and_persian_writers_use_for_one_another_are_one() -> None:
    assert words.words("مدرسة على کتاب") == words.words("مدرسه علي كتاب") == words.words("مدرسه علی كتاب")


@pytest.mark.parametrize(
    "query",
    [
        " OR ".join(f"w{n}" for n in range(1024)),
        " OR ".join(f"w{n}*" for n in range(100)),
        "a" * 49 + "*",
        "a*b*c*",
        '"som* change"',
        '"a b"~1000',
        '"a b"~0',
        "東京*",
        "(" * 20 + "a" + ")" * 20,
    ],
)
def test_a_query_may_be_as_large_as_its_bounds(query: str) -> None:
    assert parse(Topic("t", query)).leaves


@pytest.mark.parametrize(
    "query", [" OR ".join(f"w{n}" for n in range(1025)), "a" * 50 + "*", "a*b*c*d*", '"so* change"', '"a b"~1001']
)
def test_and_no_larger(query: str) -> None:
    with pytest.raises(BadQuery):
        parse(Topic("t", query))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("+oil gas", [1, 3]),  # gas only makes it match better
        ("oil gas", [1, 2, 3]),
        ("+oil +gas", [3]),
        ("oil -gas", [1]),
        ("oil NOT gas", [1]),
        ("title:(oil OR gas)", []),
        ('"oil gas"', [3]),
        ("o?l", [1, 3]),
        ("o?", []),
        ("oi*", [1, 3]),
        ('"o.i.l"', []),
        ("U.S.", [4]),
        ('"U.S. court"~1', [4]),
        ('"S.U. court"~9', []),  # what is written without a blank stays together
    ],
)
def test_what_a_query_means(query: str, found: list[int]) -> None:
    texts = (
        document(1, "", "oil"),
        document(2, "", "gas"),
        document(3, "", "oil gas"),
        document(4, "", "the U.S. high court"),
    )
    assert finds(query, *texts) == found


def test_since_a_moment_and_until_before_another() -> None:
    index = Index()
    index.write([document(n, "", "oil") for n in (1,)])
    at, second = datetime(2026, 11, 1, tzinfo=UTC), timedelta(seconds=1)
    query = parse(Topic("t", "oil"))
    assert [index.find(query, since) for since in (at - second, at, at + second)] == [(1,), (1,), ()]
    counts = [
        index.show(query, 9, since=a, until=b)[0]
        for a, b in ((None, at), (None, at + second), (at, at + second), (at, at))
    ]
    assert counts == [0, 1, 1, 0]
    assert index.count() == 1 and index.ids() == {1}


def test_the_newest_are_found_first() -> None:
    texts = [Document(n, datetime(2026, 11, n, tzinfo=UTC), "", ("oil",), "en") for n in (2, 3, 1)]
    index = Index()
    index.write(texts)
    assert index.find(parse(Topic("t", "oil"))) == (3, 2, 1)
