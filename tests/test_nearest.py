"""Which events a story is likened to at all: found by their members' most telling words. Vectors are made up."""

import math
from datetime import UTC, datetime

import pytest

from extract.group import events
from extract.group.frequencies import Frequencies
from extract.tales import Tale, Told

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
STORY = Tale(999, "xx", "", "ferry", NOW)  # of one word: its vector is that word alone


def told(n: int, share: float, *, words: int = 1, language: str = "xx") -> Told:
    """A story of an event of its own that is so like ours; the word that they share is the last of so many."""
    rest = math.sqrt((1 - share * share) / words)
    vector = {f"w{n}x{k}": rest for k in range(words - 1)} | {"ferry": share, f"w{n}x{words}": rest}
    return Told(n, n, language, NOW, vector)


def joined(*near: Told) -> int:
    """The event of the story among these; 0 for its own."""
    event = events.join([STORY], near, Frequencies())[0].event_id
    return event if event in {one.event_id for one in near} else 0


def test_the_likest_event_is_found_by_the_word_that_both_tell() -> None:
    assert joined(told(1, 0.98), told(2, 0.2)) == 1
    assert joined(told(1, 0.2), told(2, 0.98)) == 2
    assert joined(told(1, 0.9), told(2, 0.9)) == 1
    assert joined(told(1, 0.98, language="yy")) == 0
    assert joined() == 0


@pytest.mark.parametrize(("words", "found"), [(14, True), (15, False)])
def test_an_event_is_found_by_its_members_fourteen_most_telling_words(words: int, found: bool) -> None:
    assert (joined(told(1, 0.5, words=words)) == 1) is found


@pytest.mark.parametrize("others", [19, 20, 30])
def test_of_many_events_the_twenty_likest_are_looked_at(others: int) -> None:
    """By their words, whatever their numbers."""
    assert joined(*(told(n, 0.5) for n in range(1, others + 1)), told(100, 0.9)) == 100
    assert joined(told(100, 0.5), *(told(n, 0.9) for n in range(101, 101 + others))) == 101


def test_an_event_is_as_near_as_its_nearest_member() -> None:
    far, near = told(1, 0.1), told(2, 0.9)
    pair = Told(3, 1, "xx", NOW, {"ferry": 0.95, "x": math.sqrt(1 - 0.95**2)})
    assert joined(far, pair) == 1
    assert joined(pair, far) == 1
    assert joined(far, near) == 2


def test_the_members_of_an_event_stand_in_the_order_of_their_times() -> None:
    """However they are given: the last thirty vote."""
    early = [Told(n, 1, "xx", NOW.replace(day=1, minute=n % 60), {"other": 1.0, "ferry": 0.01}) for n in range(1, 32)]
    late = [Told(100 + n, 1, "xx", NOW.replace(day=25, minute=n % 60), {"ferry": 1.0}) for n in range(30)]
    told_of = [Tale(1_000, "xx", "", "ferry", NOW)]
    for given in (early + late, late + early, [*late[:9], *early, *late[9:]]):
        assert events.join(told_of, given, Frequencies())[0].event_id == 1
