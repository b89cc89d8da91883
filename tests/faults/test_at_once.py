"""Two of everything at once: one works, the other says so and does nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.ground import Ground
from tests.faults.stage import Stage
from tests.promises import Tries

pytestmark = [pytest.mark.xdist_group("ingest"), pytest.mark.timeout(4 * 3600)]
PAIRS = [("ingest", "ingest"), ("ingest", "forget"), ("poll", "ingest"), ("regroup", "ingest"), ("backfill", "poll")]


@pytest.mark.apart
@pytest.mark.promise("Of two commands on one data folder one works, and the other says who does and changes nothing")
def test_two_at_once(ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]) -> None:
    with Stage() as other, ThreadPoolExecutor(2) as threads:
        for one, two in PAIRS[: trials(1, 5, 5)]:
            with tries(f"{one} and {two}"):
                folder = ground.start("ingest")
                acts = ground.act(one, folder), ground.act(two, folder)
                came = list(threads.map(lambda stage, act: stage.run(act), (ground.stage, other), acts))
                assert sorted({c.code for c in came}) in ([0], [0, 3]), came
                assert all(c.code == 0 or "has been working since" in c.said for c in came), came
                if "forget" not in (one, two):
                    ground.finish("ingest", folder)
                    # What a backfill has brought is not new to the poll after it.
                    ground.judge("ingest", folder, aside="polls" if one == "backfill" else "")
