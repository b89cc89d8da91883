"""Whether two texts are one, at each bound: texts are made of numbered shingles."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from extract.group import shingles
from extract.group.likeness import Likeness, Side, decide_alike, likeness_of_titles, near
from extract.group.shingles import Text
from extract.records import Member

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WINDOW = timedelta(days=14)
TITLE = "Ferries stop as crews walk out"


def side(n: int, order: Sequence[int], told: Sequence[int] = (), scale: int = 1, **changes: Any) -> Side:
    values = {"article_id": n, "site": f"outlet{n}.example", "text": "", "first_seen_at": NOW}
    keys = np.unique(np.array(order, np.int64))
    text = Text(np.array(order, np.int64), keys, np.array(told, np.int64), scale)
    return Side(Member(**{**values, **changes}), text, keys, np.array(told, np.int64))


def mixed(n: int, total: int, common: int) -> list[int]:
    """So many shingles, of which so many are everybody's, spread evenly among one's own."""
    found, left = [], iter(range(common))
    for at in range(total):
        found.append(next(left) if (at + 1) * common // total > at * common // total else 1000 * n + at)
    return found


def alike(total: int, common: int, window: timedelta = WINDOW, **changes: Any) -> Likeness | None:
    """Of one article and another, on the same site where `site` is given, that share so many of their shingles."""
    one = side(1, mixed(1, total, common), **{k: v for k, v in changes.items() if k in ("site", "title", "scale")})
    return decide_alike(one, side(2, mixed(2, total, common), **changes), window)


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, 40),
        ({"site": "herald.example"}, 50),
        ({"title": TITLE}, 30),
        ({"title": TITLE, "site": "herald.example"}, 50),
        ({"title": "Out now"}, 40),
    ],
)
def test_how_much_of_a_text_has_to_stand_in_the_other(changes: dict[str, Any], needed: int) -> None:
    assert alike(100, needed - 1, **changes) is None
    found = alike(100, needed, **changes)
    assert found is not None and found.containment == needed / 100
    assert found.top == pytest.approx(needed / 100, abs=0.02)


@pytest.mark.parametrize(("scale", "needed"), [(1, 25), (2, 50)])
def test_how_many_shingles_have_to_be_shared(scale: int, needed: int) -> None:
    assert alike(needed + 5, needed - 1, scale=scale) is None
    assert alike(needed + 5, needed, scale=scale) is not None


def test_the_smaller_text_is_measured() -> None:
    small, large = side(1, mixed(1, 60, 40)), side(2, mixed(2, 400, 40))
    for pair in ((small, large), (large, small)):
        found = decide_alike(pair[0], pair[1], WINDOW)
        assert found is not None and found.containment == pytest.approx(40 / 60)


@pytest.mark.parametrize(("told", "alike_"), [(29, False), (30, True)])
def test_of_what_reporters_wrote_themselves_a_third_has_to_be_shared(told: int, alike_: bool) -> None:
    order = mixed(1, 100, 60)
    mine, theirs = sorted([*range(told), *range(5000, 5100 - told)]), sorted([*range(told), *range(6000, 6150 - told)])
    found = decide_alike(side(1, order, mine), side(2, mixed(2, 100, 60), theirs), WINDOW)
    assert (found is not None) is alike_
    assert decide_alike(side(1, order), side(2, mixed(2, 100, 60), theirs), WINDOW) is not None, "all of it is quoted"


def block(n: int, before: int, in_top: int, inside: int, rest: int = 0) -> list[int]:
    """A text of its own with `in_top` shared shingles in its top, then a shared block, then shared ones far apart."""
    top = [*range(500, 500 + in_top), *range(1000 * n, 1000 * n + before - in_top)]
    return [*top, *range(inside), *(k for m in range(rest) for k in (1000 * n + 500 + m, 700 + m))]


@pytest.mark.parametrize(
    ("in_top", "inside", "rest", "alike_"),
    [
        (0, 100, 0, False),
        (8, 100, 0, False),
        (9, 100, 0, True),  # of sixty: both begin with one text
        (0, 50, 50, False),  # half of what is shared, in one piece
        (0, 49, 51, True),
    ],
)
def test_a_block_set_into_both_makes_them_one_only_with_a_top(
    in_top: int, inside: int, rest: int, alike_: bool
) -> None:
    pair = [side(n, block(n, 60, in_top, inside, rest)) for n in (1, 2)]
    assert (decide_alike(pair[0], pair[1], WINDOW) is not None) is alike_


@pytest.mark.parametrize(
    ("inside", "rest", "changes", "alike_"),
    [
        (90, 10, {}, False),
        (89, 11, {}, True),
        (90, 10, {"title": TITLE}, True),
        (90, 10, {"site": "post.example"}, True),
    ],
)
def test_a_part_of_a_sites_round_up_is_not_the_round_up(
    inside: int, rest: int, changes: dict[str, Any], alike_: bool
) -> None:
    told = {"site": "herald.example", **changes}
    carried = side(1, block(1, 0, 0, inside, rest), site="herald.example", title=told.get("title", ""))
    round_up = side(2, block(2, 60, 0, inside, rest), **told)
    for pair in ((carried, round_up), (round_up, carried)):
        assert (decide_alike(pair[0], pair[1], WINDOW) is not None) is alike_


@pytest.mark.parametrize(
    ("total", "common", "seconds", "alike_"),
    [(100, 60, 0, True), (100, 59, 0, False), (100, 60, 1, False), (100, 100, 0, True)],
)
def test_what_dates_part_has_to_be_seen_together_and_shared_by_more(
    total: int, common: int, seconds: int, alike_: bool
) -> None:
    seen = NOW + WINDOW + timedelta(seconds=seconds)
    one = side(1, mixed(1, total, common), published_at=NOW)
    far = NOW - WINDOW - timedelta(seconds=1)
    found = decide_alike(one, side(2, mixed(2, total, common), published_at=far, first_seen_at=seen), WINDOW)
    assert (found is not None) is alike_
    same_time = side(2, mixed(2, total, common), published_at=NOW - WINDOW, first_seen_at=seen)
    assert decide_alike(one, same_time, WINDOW) is not None


@pytest.mark.parametrize(("in_top", "alike_"), [(8, False), (9, True)])
def test_and_one_of_them_begins_with_it(in_top: int, alike_: bool) -> None:
    orders = [
        [*range(500, 500 + in_top), *range(1000 * n, 1000 * n + 60 - in_top), *mixed(n, 150, 149)] for n in (1, 2)
    ]
    orders = [[k for m, k in enumerate(o) if k not in range(20, 149, 40)] for o in orders]  # in pieces
    pair = [side(1, orders[0], published_at=NOW), side(2, orders[1], published_at=NOW - 2 * WINDOW)]
    assert (decide_alike(pair[0], pair[1], WINDOW) is not None) is alike_


@pytest.mark.parametrize(
    ("seen", "published", "is_near"),
    [
        (0, (0, 14), True),
        (99, (0, 14), True),
        (0, (0, 15), False),
        (14, (None, 99), True),
        (15, (None, 0), False),
        (14, (0, None), True),
        (-14, (None, None), True),
        (-15, (None, None), False),
    ],
)
def test_a_time_is_that_of_the_dates_or_of_our_sight(
    seen: int, published: tuple[int | None, int | None], is_near: bool
) -> None:
    mine, theirs = (None if days is None else NOW + timedelta(days=days) for days in published)
    one = side(1, [1], published_at=mine).member
    other = side(2, [1], published_at=theirs, first_seen_at=NOW + timedelta(days=seen)).member
    assert near(one, other, WINDOW) is near(other, one, WINDOW) is is_near


def test_briefs_are_one_where_they_are_equal_and_of_one_time() -> None:
    assert decide_alike(side(1, [7]), side(2, [7]), WINDOW) == Likeness(1.0, 1.0)
    assert decide_alike(side(1, [7]), side(2, [8]), WINDOW) is None
    assert decide_alike(side(1, [7]), side(2, mixed(2, 100, 40)), WINDOW) == Likeness(1.0, 1.0)
    late = NOW + WINDOW + timedelta(seconds=1)
    assert decide_alike(side(1, [7]), side(2, [7], first_seen_at=late), WINDOW) is None
    home: dict[str, Any] = {"site": "herald.example"}
    assert decide_alike(side(1, [7], title="A", **home), side(2, [7], title="a!", **home), WINDOW) is not None
    assert decide_alike(side(1, [7], title="A", **home), side(2, [7], title="B", **home), WINDOW) is None
    assert decide_alike(side(1, [7], title="A"), side(2, [7], title="B"), WINDOW) is not None


@pytest.mark.parametrize(
    ("one", "other", "like"),
    [
        ("One two three four", "ONE, two: three four!", 1.0),
        ("One two three", "One two three", 0.0),  # too short to tell
        ("One two three four", "One two three five six seven", 0.75),
        ("One two three four five six seven eight nine ten", "one two three four five six seven x y z", 0.7),
        ("", "", 0.0),
        ("one one one one", "one one one one", 0.0),
    ],
)
def test_headlines(one: str, other: str, like: float) -> None:
    assert likeness_of_titles(one, other) == likeness_of_titles(other, one) == like


@pytest.mark.parametrize(("same", "needed"), [(7, 30), (6, 40)])
def test_seven_tenths_of_a_headline_are_nearly_the_same(same: int, needed: int) -> None:
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    other = " ".join([*words[:same], *"abcdefghij"[same:]])
    pair = [side(1, mixed(1, 100, needed), title=" ".join(words)), side(2, mixed(2, 100, needed), title=other)]
    assert decide_alike(pair[0], pair[1], WINDOW) is not None
    fewer = [side(1, mixed(1, 100, needed - 1), title=" ".join(words)), side(2, mixed(2, 100, needed - 1), title=other)]
    assert decide_alike(fewer[0], fewer[1], WINDOW) is None


@pytest.mark.parametrize(
    ("one", "another"),
    [
        ("18", "１８"),
        ("94", "٩٤"),
        ("1932", "१९३२"),
        ("über", "uber"),
        ("عامًا", "عاما"),
        ("الأضواء", "الاضواء"),
        ("човек", "čovek"),
        ("џеп", "džep"),
        ("љубав", "ljubav"),
    ],
)
def test_a_word_is_one_however_houses_print_it(one: str, another: str) -> None:
    assert shingles.printed(one) == shingles.printed(another)


@pytest.mark.parametrize(
    ("one", "another"), [("18", "81"), ("щука", "шука"), ("мой", "мои"), ("十", "10"), ("half", "1/2")]
)
def test_and_others_stay_others(one: str, another: str) -> None:
    assert shingles.printed(one) != shingles.printed(another)


def test_a_word_in_a_script_with_vowel_signs_is_one_word() -> None:
    text = " ".join(f"पुल{n} के" for n in range(30))
    assert len(shingles.of(text).order) == 60 - shingles.SHINGLE + 1
