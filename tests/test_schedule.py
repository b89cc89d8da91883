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


@pytest.mark.parametrize(
    ("hours", "window"),
    [
        ((0, 1, 2, 3), None),  # too few to tell
        ((0, 1, 2, 3, 4), 3.0),
        (tuple(range(20)), 17.0),
        (tuple(range(3, 33)), 26.0),
        ((0, 1 / 3, 2 / 3, 1, 4), 1.0),
        ((0, 0.1, 0.2, 1 / 3, 9), 0.33),
    ],
)
def test_the_window_leaves_out_the_oldest_tenth(hours: tuple[float, ...], window: float | None) -> None:
    assert schedule.window_hours(document(*hours)) == window


@pytest.mark.parametrize(
    ("new", "minutes"), [(0, 84), (2, 84), (3, 60), (5, 60), (6, 45), (10, 45), (11, 30), (20, 30)]
)
def test_a_share_counts_once_it_is_more_than_a_tenth_a_quarter_and_half(new: int, minutes: float) -> None:
    assert schedule.decide_interval(FEED, poll(entries_new=new), BOUNDS) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("interval", "told", "window", "minutes"),
    [
        (15.0, {"entries_new": 20, "overlap": False}, None, 15),  # never sooner than the shortest
        (1440.0, {"entries_new": 0}, None, 1440),  # nor later than the longest
        (1200.0, {"entries_new": 0}, None, 1440),
        (60.0, {"entries_new": 3}, 1.0, 30),  # half of what was told before
        (60.0, {"entries_new": 3, "window_hours": 3.0}, 1.0, 60),  # what is told now counts
        (60.0, {"entries_new": 3, "window_hours": 0.0}, 1.0, 60),
        (60.0, {"entries_new": 20, "overlap": True}, None, 30),
        (60.0, {"outcome": "failed", "entries_new": 20}, None, 60),  # a failure says nothing of the list
    ],
)
def test_the_interval_stays_within_its_bounds_and_the_window(
    interval: float, told: dict[str, Any], window: float | None, minutes: float
) -> None:
    feed = replace(FEED, interval_minutes=interval, window_hours=window)
    assert schedule.decide_interval(feed, poll(**told), BOUNDS) == timedelta(minutes=minutes)


def test_a_wish_is_believed_up_to_half_the_window() -> None:
    assert wait(replace(FEED, interval_minutes=15.0, wish_minutes=60, window_hours=2.0)) == 60
    assert wait(replace(FEED, interval_minutes=15.0, wish_minutes=61, window_hours=2.0)) < 16
    assert wait(replace(FEED, interval_minutes=15.0, wish_minutes=61, window_hours=0.0)) == 61
    assert wait(replace(FEED, wish_minutes=600), overlap=True) == 600


def failing(failures: int, **told: Any) -> float:
    return wait(replace(FEED, **{"failures": failures, "status": "failing", **told}), outcome="failed")


def test_each_failure_doubles_the_wait_to_a_day_a_week_or_a_month() -> None:
    share = failing(1) / 120  # the feed's own more or less at this moment
    assert [failing(n) / share for n in range(6)] == pytest.approx([60, 120, 240, 480, 960, 1440])
    assert [failing(n, status="dead") / share for n in (5, 7, 8, 90)] == pytest.approx([1920, 7680, 10_080, 10_080])
    gone = [failing(n, status="gone") / share / 1440 for n in (0, 1, 2, 3, 5, 6, 99)]
    assert gone == pytest.approx([1, 1, 2, 4, 16, 25, 25])
    assert failing(1, interval_minutes=1.0) / share == pytest.approx(30)  # from the shortest interval on
    long = schedule.decide_next(
        replace(FEED, failures=99, status="failing"), poll(outcome="failed"), Bounds(longest=timedelta(days=3))
    )
    assert (long - NOW) / timedelta(days=1) / share == pytest.approx(3)


def test_feeds_that_failed_together_do_not_come_back_together() -> None:
    waits = [failing(1, feed_id=n) / 120 for n in range(300)]
    assert 0.8 <= min(waits) < 0.81 and 1.19 < max(waits) <= 1.2


def test_a_retry_after_that_is_over_sooner_shortens_nothing() -> None:
    soon = poll(outcome="failed", retry_at=NOW + timedelta(minutes=1))
    assert schedule.decide_next(replace(FEED, failures=1), soon, BOUNDS) - NOW > timedelta(minutes=90)


def test_a_feed_that_skips_every_day_is_looked_at_after_a_week() -> None:
    at = schedule.decide_next(replace(FEED, skip_days=tuple(range(7))), poll(), BOUNDS)
    assert at == NOW.replace(minute=0) + timedelta(days=7, hours=1)


def test_failures_count_up_to_the_twelfth() -> None:
    """From then on the wait is what it is, whatever the longest may be."""
    bounds = Bounds(shortest=timedelta(minutes=1), longest=timedelta(days=30))

    def waited(failures: int) -> float:
        feed = replace(FEED, failures=failures, status="failing", interval_minutes=1.0)
        return (schedule.decide_next(feed, poll(outcome="failed"), bounds) - NOW) / timedelta(minutes=1)

    assert waited(11) * 2 == pytest.approx(waited(12)) and waited(12) == waited(13) == waited(99)
