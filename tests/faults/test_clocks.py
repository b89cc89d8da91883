"""A clock that is days off for a run, and time zones: nothing waits for good, nothing is polled all at once, nothing is lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import duck
from tests.faults.ground import Ground
from tests.promises import Tries

pytestmark = [pytest.mark.xdist_group("ingest"), pytest.mark.timeout(4 * 3600)]
DAY = 86_400.0
CLOCKS = [40 * DAY, -2 * DAY, 2 * DAY, -40 * DAY]
ZONES = ["Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu"]


@pytest.mark.apart
@pytest.mark.promise("A clock that is days off for a run loses nothing and stops no feed once it is right again")
def test_a_clock_that_is_off(ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]) -> None:
    ground.twin("ingest")
    for ahead in CLOCKS[: trials(1, 4, 4)]:
        with tries(f"a clock {ahead / DAY:+g} days off"):
            folder = ground.start("ingest")
            assert ground.go("ingest", folder, ahead=ahead).code == 0
            ground.finish("ingest", folder)
            late = _ask(
                folder,
                "SELECT count(*) FROM feeds WHERE next_poll_at > $1 AND status = 'active'",
                datetime.now(UTC) + timedelta(days=1),
            )
            assert late == [(0,)], "feeds wait for longer than the settings allow"
            texts = "SELECT url, title, text, kind FROM articles ORDER BY url"
            assert _ask(folder, texts) == _ask(ground.twin("ingest").parent, texts)
            dates = "SELECT url, published_at FROM articles WHERE published_at > now() + INTERVAL 2 DAYS"
            assert not _ask(folder, dates)


@pytest.mark.promise("The machine's time zone changes nothing")
def test_time_zones(ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]) -> None:
    for zone in ZONES[: trials(1, 3, 3)]:
        with tries(zone):
            folder = ground.start("ingest")
            assert ground.go("ingest", folder, zone=zone).code == 0
            ground.finish("ingest", folder)
            ground.judge("ingest", folder)


def _ask(folder: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    return duck.ask(folder / "data/warehouse.duckdb", sql, values)[1]
