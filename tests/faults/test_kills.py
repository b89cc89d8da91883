"""SIGKILL at any moment, of a run or of one of its readers: nothing is lost, nothing is there twice, nothing stays behind."""

import random
from collections.abc import Callable

import pytest

from tests.faults.ground import WHAT, Ground
from tests.promises import Tries

pytestmark = pytest.mark.timeout(4 * 3600)


@pytest.mark.promise(
    "A run killed at any moment loses nothing and doubles nothing: after the next one every table is as if it had not been killed"
)
@pytest.mark.parametrize("what", WHAT)
def test_a_run_that_is_killed(what: str, ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]) -> None:
    _try(what, "run", trials(1 if what == "ingest" else 0, 15, 160), ground, tries)


@pytest.mark.promise("A reader killed at any moment costs no page: it is read by the next one")
@pytest.mark.parametrize("what", WHAT[:2])
def test_a_reader_that_is_killed(
    what: str, ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]
) -> None:
    _try(what, "reader", trials(1 if what == "ingest" else 0, 10, 60), ground, tries)


@pytest.mark.promise("Runs that are killed over and over leave nothing behind that grows")
@pytest.mark.parametrize("what", WHAT)
def test_runs_that_are_killed_over_and_over(
    what: str, ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]
) -> None:
    """Five in a row in one folder, each as far on as it comes."""
    if not (times := trials(0, 2, 12)):
        pytest.skip("in `make faults`")
    ground.twin(what)
    while tries.count < times:
        moments = [random.random() * ground.undisturbed[what].took for _ in range(5)]
        folder = ground.start(what)
        with tries(f"{what}: killed after {', '.join(f'{after:.3f}' for after in moments)} s"):
            for after in moments:
                if not ground.go(what, folder, kill_after=after).struck:
                    break  # all was done
            ground.finish(what, folder)
            ground.judge(what, folder)


def _try(what: str, whom: str, times: int, ground: Ground, tries: Tries) -> None:
    """Kill a run, or one of its readers, so many times; one that had ended before does not count."""
    if not times:
        pytest.skip("in `make faults`")
    ground.twin(what)
    while tries.count < times:
        after = random.random() * ground.undisturbed[what].took
        folder = ground.start(what)
        came = ground.go(what, folder, kill_after=after, whom=whom)
        if came.struck:
            with tries(f"{what}: the {whom} killed after {after:.3f} s"):
                ground.finish(what, folder)
                ground.judge(what, folder)
