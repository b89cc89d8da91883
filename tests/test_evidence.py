"""Why an article matches: how much of the query it holds, which of its words, and the passage that shows them."""

from datetime import UTC, datetime

import pytest

from extract.tag import evidence
from extract.tag.evidence import Why
from extract.tag.queries import parse
from extract.tracked import Document, Match, Topic


def why(query: str, title: str = "", *parts: str, language: str = "en", stem: str = "") -> Match:
    document = Document(1, datetime(2026, 11, 1, tzinfo=UTC), title, parts, language)
    return Why(document).match(parse(Topic("t", query, 3, stem)))


def filler(letters: int, word: str = "abcdefghi") -> str:
    """Text of so many letters, a blank behind each nine."""
    return ((word + " ") * (letters // 10 + 1))[:letters]


@pytest.mark.parametrize(
    ("query", "title", "text", "score"),
    [
        ("oil", "", "oil", 1 / 3),
        ("oil", "", "oil oil", 0.5),
        ("oil", "", "oil " * 6, 0.75),
        ("oil", "oil", "gas", 0.6),  # a word of the title counts three times
        ("oil", "oil", "oil", 4 / 6),
        ("oil OR gas", "", "oil", 1 / 6),
        ("oil OR gas", "", "oil gas gas", (1 / 3 + 0.5) / 2),
        ("oil NOT gas", "", "oil", 1 / 3),
        ('"oil price"', "", "oil price, oil and price, oil price", 0.5),
        ("title:oil", "oil", "oil oil", 0.6),
        ("oil*", "", "oil oils oily", 0.6),
    ],
)
def test_a_score_is_how_much_of_the_query_there_is(query: str, title: str, text: str, score: float) -> None:
    found = why(query, title, text)
    assert (found.score, found.topic, found.version, found.article_id) == (round(score, 4), "t", 3, 1)


def test_words_are_told_as_printed_each_once_and_fifty_at_most() -> None:
    assert why("oil* OR élan", "OIL", "Oils, oil and Elan").matched == ("oil", "oils", "elan")
    many = why("w*", "", " ".join(f"w{n:03}" for n in range(80)))
    assert many.matched == tuple(f"w{n:03}" for n in range(50))


@pytest.mark.parametrize(
    ("query", "text", "matched"),
    [
        ('"oil price"', "oil. Price", ("oil price",)),
        ('"price oil"', "oil price", ()),
        ('"oil oil price"', "oil oil oil price", ("oil oil price",)),
        ('"oil gas"~1', "oil or gas", ("oil or gas",)),
        ('"oil gas"~1', "oil or more gas", ()),
        ('"oil gas"~2', "gas, more or oil", ("gas more or oil",)),
        ('"oil gas"~1', "oil gas oil gas", ("oil gas",)),
        ('"oil gas"~3', "oil oil gas x x x x x gas oil", ("oil oil gas", "gas oil")),
        ("東京", "東京と東京湾", ("東京",)),
    ],
)
def test_where_phrases_and_near_words_stand(query: str, text: str, matched: tuple[str, ...]) -> None:
    assert why(f"{query} OR nothing", "", text).matched == matched


def test_a_phrase_ends_with_its_paragraph() -> None:
    assert why('"oil price"', "", "oil", "price").matched == ()
    assert why('"oil price"~5', "", "oil", "price").matched == ()
    assert why('"oil price"', "", "price oil", "oil price").matched == ("oil price",)
    found = why("price", "", "gas", "the price")
    assert (found.matched, found.snippet) == (("price",), "gas the **price**")


def test_words_of_one_stem_match_where_the_topic_says_so() -> None:
    assert why("price", "", "prices", stem="en").matched == ("prices",)
    assert why("price", "", "prices", stem="de").matched == ()
    assert why("price", "", "price", stem="en").score == round(1 / 3, 4), "not counted twice"


@pytest.mark.parametrize("before", [0, 10, 20, 30, 60, 100, 120, 130, 200, 600])
@pytest.mark.parametrize("behind", [0, 5, 100, 115, 300, 600])
def test_a_passage_shows_the_word_amid_what_stands_around_it(before: int, behind: int) -> None:
    text = f"{filler(before)}oil{filler(behind, ' bcdefghi')}"
    found = why("oil*", "", text).snippet
    assert "**" in found
    bare = found.replace("**", "").strip("… ")
    assert len(bare) <= 240
    text = " ".join(text.split())
    assert bare in text
    assert found.startswith("… ") is not text.startswith(bare) and found.endswith(" …") is not text.endswith(bare)


def snippet(before: int, behind: int, between: str = "oil") -> str:
    return why("oil", "", f"{filler(before)}{between}{' ' + filler(behind) if behind else ''}").snippet


def test_the_word_stands_in_the_middle_but_never_cut() -> None:
    found = snippet(1000, 1000)
    left, _, right = found.partition("**oil**")
    assert (len(left), len(right)) == (112, 112)
    assert left.startswith("… abcdefghi ") and right.endswith("abcdefghi …"), "cut between words"
    assert snippet(10, 1000).startswith("abcdefghi **oil** "), "from the beginning where that is near"
    assert len(snippet(10, 1000)) == 239
    assert snippet(1000, 0).endswith("**oil**")


def test_the_passage_is_that_of_most_words() -> None:
    text = f"oil {filler(600)} oil and oil and gas {filler(600)} oil"
    found = why("oil OR gas", "", text).snippet
    assert found.count("**") == 6 and "**oil** and **oil** and **gas**" in found
    first = why("oil", "", f"oil {filler(600)} oil")
    assert first.snippet.startswith("**oil** abc"), "the first of equals"
    for gap, both in ((150, True), (192, True), (193, True), (194, False), (250, False)):
        near = why("oil", "", f"{filler(500)}oil {filler(gap)[:-1]} oil {filler(500)}").snippet
        assert (near.count("**") == 4) is both, gap


def test_without_a_word_in_the_text_it_is_the_beginning() -> None:
    found = why("title:oil", "oil", filler(1000)).snippet
    assert found.startswith("abcdefghi ") and found.endswith(" …") and len(found) <= 242
    assert why("title:oil", "oil", "Short.").snippet == "Short."
    assert why("title:oil", "oil", "x" * 500).snippet == "x" * 240 + " …"
    assert why("title:oil", "oil", "").snippet == ""


def test_a_word_that_overlaps_another_is_marked_once() -> None:
    assert why('oil OR "oil price" OR price', "", "the oil price rose").snippet == "the **oil** **price** rose"
    assert why('"oil price" OR "price rose"', "", "the oil price rose").snippet == "the **oil price** rose"


def test_a_title_is_shown_with_its_words_marked() -> None:
    document = Document(1, datetime(2026, 11, 1, tzinfo=UTC), "Oil and the price of OIL", ("oil",), "en")
    assert Why(document).title(parse(Topic("t", "oil"))) == "**Oil** and the price of **OIL**"
    assert Why(document).title(parse(Topic("t", "text:oil"))) == "Oil and the price of OIL"


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        (0, "one two three"),
        (3, "… two three"),
        (4, "… two three"),
        (5, "… three"),
        (7, "… three"),
        (8, "… three"),
        (12, "… e"),
    ],
)
def test_a_passage_begins_with_a_whole_word(first: int, shown: str) -> None:
    assert evidence._cut("one two three", first, 13, []) == shown


@pytest.mark.parametrize(("before", "shown"), [(198, 2), (199, 1)])
def test_the_first_two_hundred_words_are_looked_at_for_the_best_passage(before: int, shown: int) -> None:
    text = f"oil {filler(300)} " * before + "oil oil"
    assert why("oil", "", text).snippet.count("**") == 2 * shown
