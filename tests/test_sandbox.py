"""A document costs its own row, never a neighbour."""

import os
import time

import pytest

from extract.errors import NewsduckError, NotAFeed, Poison
from extract.sandbox import Sandbox


@pytest.fixture
def small() -> Sandbox:
    return Sandbox(2, seconds=1.5, memory=300 * 2**20)


def recurse(n: int) -> int:
    return recurse(n + 1)


def refuse() -> None:
    raise NotAFeed("no feed here")


def test_results_come_in_the_order_of_the_jobs(small: Sandbox) -> None:
    with small:
        assert small.map(divmod, [(n, 3) for n in range(20)]) == [divmod(n, 3) for n in range(20)]


@pytest.mark.parametrize(
    ("function", "job", "words"),
    [
        (time.sleep, (30,), "longer than 1.5 s"),
        (bytearray, (400 * 2**20,), "more than 300 MiB"),
        (os.abort, (), "crashed (SIGABRT)"),
        (os._exit, (3,), "ended with code 3"),
        (divmod, (1, 0), "ZeroDivisionError"),
        (recurse, (0,), "nested too deeply"),
    ],
)
def test_poison_is_told_and_the_next_job_is_served(
    small: Sandbox, function: object, job: tuple[object, ...], words: str
) -> None:
    with small:
        (found,) = small.map(function, [job])  # type: ignore[arg-type]  # functions of several signatures
        assert isinstance(found, Poison)
        assert words in str(found)
        assert small.map(divmod, [(7, 2)] * 4) == [(3, 1)] * 4


def test_an_error_of_ours_comes_as_it_is(small: Sandbox) -> None:
    with small:
        (found,) = small.map(refuse, [()])
    assert isinstance(found, NotAFeed)
    assert str(found) == "no feed here"


def test_neighbours_of_a_poison_are_all_served(small: Sandbox) -> None:
    jobs = [(0.0,) if n % 5 else (30.0,) for n in range(11)]
    with small:
        found = small.map(time.sleep, jobs)
    assert [isinstance(f, NewsduckError) for f in found] == [n % 5 == 0 for n in range(11)]


def test_each_job_done_is_told(small: Sandbox) -> None:
    ticks: list[None] = []
    with small:
        small.map(divmod, [(1, 1)] * 7, lambda: ticks.append(None))
    assert len(ticks) == 7
