"""The n-th write, fsync, rename, open or truncation of a run fails, for every n: told in words, and nothing is lost."""

import random
from collections.abc import Callable

import pytest

from tests.faults import faulty
from tests.faults.ground import WHAT, Ground
from tests.promises import Tries

pytestmark = [
    pytest.mark.timeout(4 * 3600),
    pytest.mark.skipif(not faulty.possible(), reason="calls of the system are made to fail on Linux, on x86-64"),
]
FAULTS = ["EIO", "ENOSPC", "EACCES", "EROFS"]


@pytest.mark.promise(
    "Whichever write of a run fails, once or for good, it is told in words, and the next run makes good for it"
)
@pytest.mark.parametrize("what", WHAT)
def test_a_write_that_fails(what: str, ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]) -> None:
    times = trials(1 if what == "ingest" else 0, 8, 10**6)
    if not times:
        pytest.skip("in `make faults`")
    ground.twin(what)
    points = ground.undisturbed[what].writes
    for n in _some(points, times):
        for for_good in random.sample((False, True), trials(1, 2, 2)):
            fault = random.choice(FAULTS)
            with tries(f"{what}, write {n} of {points} {'and all after it fail' if for_good else 'fails'}: {fault}"):
                folder = ground.start(what)
                came = ground.go(what, folder, fail=n, fault=fault, for_good=for_good)
                assert came.code in (0, 3) and "Errno" not in came.said and "OSError" not in came.said, came.said
                ground.finish(what, folder)
                ground.judge(what, folder)


def _some(points: int, times: int) -> list[int]:
    """So many of the points, spread over all; each where there are fewer."""
    if points <= times:
        return list(range(1, points + 1))
    return [random.randint(n * points // times + 1, (n + 1) * points // times) for n in range(times)]
