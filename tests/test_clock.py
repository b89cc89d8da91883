"""A clock that was wrong for a run stops nothing, and is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.fetch import freshness
from extract.records import Ask, Feed, Page
from extract.vocabulary import FeedStatus
from flows.commands import status
from storage import duck
from storage.clock import DAY
from storage.warehouse import Warehouse
from storage.write.batch import Batch, Run
from storage.write.feeds import write_feeds
from tests.empty import empty
from tests.line import Line

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    return empty(tmp_path / "data")


def feed(number: int, status: FeedStatus, minutes: float, polled: datetime, due: datetime) -> Feed:
    return Feed(
        number, f"http://{number}/", status=status, interval_minutes=minutes, last_polled_at=polled, next_poll_at=due
    )


def write(house: Warehouse, *feeds: Feed) -> None:
    with duck.open_file(house.path) as connection:
        write_feeds(connection, Batch(Run(1, "x", "poll", NOW), NOW, feeds=feeds))


def due(house: Warehouse) -> dict[int, timedelta]:
    return {f.feed_id: (f.next_poll_at or NOW) - NOW for f in house.feeds().values()}


@pytest.mark.parametrize("ahead", [timedelta(hours=12), 2 * DAY, 40 * DAY])
def test_feeds_that_a_fast_clock_stopped_are_due_within_their_interval_and_not_all_at_once(
    house: Warehouse, ahead: timedelta
) -> None:
    late = NOW + ahead + timedelta(hours=1)
    write(house, *(feed(number * 7919, "active", 60.0, NOW + ahead, late) for number in range(50)))
    assert house.mend_times(NOW, DAY, DAY).feeds == 50
    waits = sorted(due(house).values())
    assert waits[0] >= timedelta(0) and waits[-1] <= timedelta(hours=1)
    assert len(set(waits)) > 25, "spread over the hour"
    assert house.mend_times(NOW, DAY, DAY).feeds == 0


def test_times_that_the_settings_can_produce_stay(house: Warehouse) -> None:
    write(house, feed(1, "active", 1440.0, NOW, NOW + DAY))
    write(house, feed(2, "dead", 60.0, NOW, NOW + 7 * DAY))
    write(house, feed(3, "gone", 60.0, NOW, NOW + 30 * DAY))
    write(house, feed(4, "failing", 60.0, NOW, NOW + DAY))
    before = due(house)
    assert house.mend_times(NOW, DAY, DAY).feeds == 0 and due(house) == before


def test_a_whole_run_with_a_fast_clock_delays_nothing(stored: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entries that were to be looked at again, and the feeds, wait for a day that is forty days away."""
    with duck.open_file(stored.warehouse.path) as connection:
        connection.execute(
            "UPDATE feeds SET next_poll_at = next_poll_at + INTERVAL 40 DAY, last_polled_at = last_polled_at + INTERVAL 40 DAY"
        )
        connection.execute("UPDATE entries SET retry_at = now() + INTERVAL 41 DAY WHERE outcome = 'stored'")
        connection.execute("UPDATE runs SET finished_at = finished_at + INTERVAL 40 DAY")
    mended = stored.warehouse.mend_times(datetime.now(UTC), DAY, DAY)
    assert mended.feeds >= 14 and mended.entries >= 50
    from storage import publish

    publish.publish(stored.warehouse.path, stored.warehouse.published)
    wanted = status.needs_somebody(stored.warehouse.published, datetime.now(UTC))
    assert any("this machine's clock is behind, or was ahead then" in line for line in wanted)


@pytest.mark.parametrize(("hours", "words"), [(48, "2.0 days ahead of"), (-3, "180 minutes behind")])
def test_a_clock_that_is_off_is_told_by_what_the_hosts_say(stored: Line, hours: int, words: str) -> None:
    with duck.open_file(stored.warehouse.path) as connection:
        (off,) = connection.execute("SELECT clock_off FROM runs").fetchone() or (None,)
        assert off is not None and abs(off) < 60
        connection.execute("UPDATE runs SET clock_off = ?", [hours * 3600.0])
    from storage import publish

    publish.publish(stored.warehouse.path, stored.warehouse.published)
    assert any(words in said for said in status.needs_somebody(stored.warehouse.published, datetime.now(UTC)))


def test_the_hosts_time_is_read_from_fresh_answers_only() -> None:
    def page(**headers: str) -> Page:
        told = tuple((name, value) for name, value in headers.items())
        return Page(Ask("http://a/", "feed", "", 1), "http://a/", 200, told, b"", NOW, 0.1)

    assert freshness.clock_ahead(page(Date="Wed, 25 Nov 2026 11:00:00 GMT")) == 3600.0
    assert freshness.clock_ahead(page(Date="Wed, 25 Nov 2026 11:00:00 GMT", Age="30")) is None
    assert freshness.clock_ahead(page(Date="soon")) is None
    assert freshness.clock_ahead(page()) is None
