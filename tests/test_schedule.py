"""When a feed is due again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.poll import schedule
from extract.poll.schedule import Bounds
from extract.records import Entry, Feed, FeedDocument, Poll
from extract.vocabulary import FeedStatus, PollOutcome

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # a Monday
BOUNDS = Bounds()
FEED = Feed(7, "https://a.example/feed", interval_minutes=60.0, body_hash=1)


def poll(**told: Any) -> Poll:
    values: dict[str, Any] = {"outcome": "new", "entries_seen": 20, "entries_new": 3}
    return Poll(7, NOW, **{**values, **told})


def document(*hours: float) -> FeedDocument:
    return FeedDocument(
        "", "", tuple(Entry(n, 7, "", published_at=NOW - timedelta(hours=h)) for n, h in enumerate(hours))
    )


def test_the_window_is_what_the_list_spans_but_for_pinned_entries() -> None:
    assert schedule.window_hours(document(*range(10), 5000)) == 9.0
    assert schedule.window_hours(document(1, 2, 3)) is None


@pytest.mark.parametrize(
    ("told", "minutes"),
    [
        ({"entries_new": 3}, 60),  # 15 % new: as it is
        ({"entries_new": 0}, 84),
        ({"outcome": "unchanged", "entries_seen": 0, "entries_new": 0}, 84),
        ({"entries_new": 8}, 45),
        ({"entries_new": 15}, 30),
        ({"entries_new": 20, "overlap": False}, 15),
        ({"window_hours": 1.0}, 30),  # twice before it can have turned over
    ],
)
def test_the_interval_follows_the_share_of_what_is_new(told: dict[str, Any], minutes: float) -> None:
    assert schedule.decide_interval(FEED, poll(**told), BOUNDS) == timedelta(minutes=minutes)


def test_a_new_feed_starts_with_the_first_interval_or_half_its_window() -> None:
    new = replace(FEED, interval_minutes=0.0)
    assert schedule.decide_interval(new, poll(entries_new=20), BOUNDS) == BOUNDS.first
    assert schedule.decide_interval(new, poll(entries_new=20, window_hours=1.0), BOUNDS) == timedelta(minutes=30)


def wait(feed: Feed = FEED, **told: Any) -> float:
    """Minutes until the feed is due."""
    return (schedule.decide_next(feed, poll(**told), BOUNDS) - NOW).total_seconds() / 60


def test_the_next_look_comes_after_the_interval_give_or_take_a_twentieth() -> None:
    waits = [wait(replace(FEED, feed_id=n)) for n in range(200)]
    assert 57 <= min(waits) < 59
    assert 61 < max(waits) <= 63


def test_what_the_feed_and_its_server_ask_for_is_kept_within_a_day() -> None:
    assert wait(fresh_seconds=7200) == 120
    assert wait(replace(FEED, wish_minutes=180)) == 180
    assert wait(replace(FEED, wish_minutes=525_600)) == 1440
    assert wait(fresh_seconds=10**9) == 1440


def test_a_feed_that_turns_over_sooner_than_it_wishes_to_be_asked_is_asked_sooner() -> None:
    assert wait(replace(FEED, wish_minutes=600, window_hours=2.0)) < 64
    assert wait(replace(FEED, wish_minutes=600), overlap=False) < 64


def test_hours_and_days_the_feed_asks_to_skip_are_skipped() -> None:
    feed = replace(FEED, skip_hours=(13, 14))
    assert schedule.decide_next(feed, poll(), BOUNDS) == NOW.replace(hour=15, minute=0)
    feed = replace(FEED, skip_days=(0, 1))
    assert schedule.decide_next(feed, poll(), BOUNDS) == NOW.replace(day=25, hour=0, minute=0)


def test_a_failing_feed_waits_longer_each_time_and_a_day_at_most() -> None:
    waits = [wait(replace(FEED, failures=n, status="failing"), outcome="failed") for n in (1, 2, 3, 30)]
    for minutes, want in zip(waits, (120, 240, 480, 1440), strict=True):
        assert want * 0.8 <= minutes <= want * 1.2


def test_a_busy_host_is_not_asked_before_its_time() -> None:
    later = NOW + timedelta(hours=20)
    assert schedule.decide_next(replace(FEED, failures=1), poll(outcome="failed", retry_at=later), BOUNDS) == later


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["active", "failing", "dead", "gone", "new"]),
    st.integers(0, 10**6),
    st.floats(0, 1440),
    st.sampled_from(["new", "unchanged", "failed", "refused"]),
    st.floats(0, 1e9),
    st.floats(0, 1e7),
    st.sets(st.integers(0, 23), max_size=23),
    st.sets(st.integers(0, 6), max_size=6),
)
def test_no_listed_feed_is_ever_given_up(
    status: FeedStatus,
    failures: int,
    interval: float,
    outcome: PollOutcome,
    fresh: float,
    wish: float,
    hours: set[int],
    days: set[int],
) -> None:
    feed = replace(
        FEED,
        status=status,
        failures=failures,
        interval_minutes=interval,
        wish_minutes=wish,
        skip_hours=tuple(hours),
        skip_days=tuple(days),
    )
    at = schedule.decide_next(feed, poll(outcome=outcome, fresh_seconds=fresh), BOUNDS)
    assert NOW <= at <= NOW + timedelta(days=30)
