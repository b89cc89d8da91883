"""How long a host is left alone, by how it answered."""

import asyncio
import time
from datetime import UTC, datetime

import pytest

from extract.errors import Later
from extract.fetch.turns import Pace, Turns

AT = "a.example"
UNTIL = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at a thousand seconds."""
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)


@pytest.mark.parametrize(
    ("before", "seconds", "status", "asked", "extra", "rest"),
    [
        (0.0, 0.2, 200, None, 0.0, 2.0),
        (0.0, 1.0, 200, None, 0.0, 2.0),  # not slow yet
        (0.0, 1.1, 200, None, 1.1, 2.0),  # slow, and the pause is longer
        (0.0, 7.0, 200, None, 7.0, 7.0),
        (0.0, 90.0, 200, None, 60.0, 60.0),
        (20.0, 0.2, 200, None, 10.0, 10.0),  # one that recovers rests half as long each time
        (20.0, 12.0, 200, None, 12.0, 12.0),
        (0.2, 0.2, 404, None, 0.1, 2.0),
        (0.1, 0.2, 200, None, 0.0, 2.0),
        (0.0, 0.2, 503, None, 4.0, 4.0),  # twice the pause
        (0.0, 9.0, 429, None, 9.0, 9.0),
        (10.0, 0.2, 429, None, 20.0, 20.0),
        (40.0, 0.2, 503, None, 60.0, 60.0),
        (0.0, 0.2, 429, 50.0, 50.0, 50.0),
        (10.0, 0.2, 429, 5.0, 20.0, 20.0),
        (0.0, 0.2, 429, 60.0, 60.0, 60.0),
        (0.0, 0.2, 200, 50.0, 0.0, 2.0),  # only who is busy asks
    ],
)
def test_a_hosts_rest(
    before: float, seconds: float, status: int, asked: float | None, extra: float, rest: float
) -> None:
    turns = Turns({AT: Pace(extra=before, silent=2)})
    turns.answered(AT, 2.0, seconds, status, None if asked is None else (asked, UNTIL))
    assert turns.paces[AT] == Pace(1000.0 + rest, turns.paces[AT].extra, 0, None)
    assert turns.paces[AT].extra == pytest.approx(extra)


def test_a_host_that_asks_for_more_than_a_minute_is_left_for_a_later_run() -> None:
    turns = Turns()
    turns.answered(AT, 2.0, 0.2, 429, (61.0, UNTIL))
    assert turns.paces[AT] == Pace(1004.0, 4.0, 0, UNTIL)
    with pytest.raises(Later, match=r"a.example asked not to be asked again before 2026-11-23 12:00 UTC") as told:
        asyncio.run(taken(turns))
    assert told.value.until == UNTIL


def test_one_that_keeps_silent_three_times_is_too() -> None:
    turns = Turns()
    for silent in (1, 2, 3):
        asyncio.run(taken(turns))
        turns.silent(AT, 0.0)
        assert turns.paces[AT].silent == silent
    with pytest.raises(Later, match="gave no answer 3 times in a row"):
        asyncio.run(taken(turns))
    asyncio.run(taken(turns.again(), "b.example"))


def test_silence_costs_the_pause_or_what_is_left_of_a_longer_one() -> None:
    turns = Turns({AT: Pace(extra=5.0)})
    turns.silent(AT, 2.0)
    assert turns.paces[AT].free_at == 1005.0
    turns.silent(AT, 7.0)
    assert turns.paces[AT].free_at == 1007.0


async def taken(turns: Turns, host: str = AT) -> None:
    async with turns.at(host):
        pass


@pytest.mark.parametrize(("free_at", "waits"), [(999.0, []), (1000.0, []), (1003.5, [3.5])])
def test_who_comes_early_waits(free_at: float, waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    asyncio.run(taken(Turns({AT: Pace(free_at)})))
    assert slept == waits


def test_a_host_is_asked_by_one_at_a_time() -> None:
    inside: list[int] = []

    async def ask(turns: Turns) -> None:
        async with turns.at(AT):
            inside.append(1)
            await asyncio.sleep(0)
            assert sum(inside) == 1
            inside.append(-1)

    async def all_at_once() -> None:
        turns = Turns()
        await asyncio.gather(*(ask(turns) for _ in range(5)))

    asyncio.run(all_at_once())
    assert inside == [1, -1] * 5
