"""A document costs its own row, never a neighbour."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from extract.errors import NewsduckError, NotAFeed, Poison
from extract.sandbox import Sandbox

pytestmark = pytest.mark.usefixtures("own_servers")


@pytest.fixture
def small() -> Sandbox:
    return Sandbox(2, seconds=0.4, memory=300 * 2**20)


def recurse(n: int) -> int:
    return recurse(n + 1)


def spin() -> None:
    while True:
        pass


def spin_then_rest(seconds: float, mark: str) -> str:
    """Takes long the first time it is tried, and no time the second: somebody else was to blame."""
    if not Path(mark).exists():
        Path(mark).touch()
        spin()
    return "read"


def refuse() -> None:
    raise NotAFeed("no feed here")


def knot(size: int) -> None:
    """Leave something of so many bytes that only a collector finds, for it points to itself."""
    knotted: list[object] = [bytearray(size)]
    knotted.append(knotted)


def test_a_job_leaves_nothing_behind(small: Sandbox) -> None:
    with small:
        assert small.map(knot, [(100 * 2**20,)] * 8) == [None] * 8


def test_results_come_in_the_order_of_the_jobs(small: Sandbox) -> None:
    with small:
        assert small.map(divmod, [(n, 3) for n in range(20)]) == [divmod(n, 3) for n in range(20)]


@pytest.mark.parametrize(
    ("function", "job", "words"),
    [
        (spin, (), "longer than 0.4 s of the processor's time"),
        (re.match, ("(a+)+$", "a" * 60 + "b"), "longer than 0.4 s of the processor's time"),
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


def test_what_sleeps_is_ended_by_the_far_clock() -> None:
    with Sandbox(1, backstop=1.5) as sandbox:
        (told,) = sandbox.map(time.sleep, [(600,)])
    assert isinstance(told, Poison) and "longer than 1.5 s by the clock" in str(told)


def test_an_error_of_ours_comes_as_it_is(small: Sandbox) -> None:
    with small:
        (found,) = small.map(refuse, [()])
    assert isinstance(found, NotAFeed)
    assert str(found) == "no feed here"


def test_neighbours_of_a_poison_are_all_served(small: Sandbox) -> None:
    jobs = [(0.0,) if n % 5 else (30.0,) for n in range(11)]
    with small:
        found = small.map(busy, jobs)
    assert [isinstance(f, NewsduckError) for f in found] == [n % 5 == 0 for n in range(11)]


def test_each_job_done_is_told(small: Sandbox) -> None:
    ticks: list[None] = []
    with small:
        small.map(divmod, [(1, 1)] * 7, lambda: ticks.append(None))
    assert len(ticks) == 7


def environment() -> dict[str, str]:
    return dict(os.environ)


def test_a_reader_is_told_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_API_AUTH_STRING", "NEWSDUCK_ALERTS_URLS", "NEWSDUCK_DATABASE", "AWS_SECRET_ACCESS_KEY", "X"):
        monkeypatch.setenv(name, "secret")
    with Sandbox(1) as sandbox:
        (told,) = sandbox.map(environment, [()])
    assert isinstance(told, dict) and "secret" not in told.values()
    assert told["PATH"] == os.environ["PATH"]


def start_another() -> int:
    return subprocess.Popen(["sleep", "600"], start_new_session=False).pid


def start_another_and_hang(mark: int) -> None:
    Path("/tmp").joinpath(f"newsduck-test-{mark}").write_text(str(start_another()))
    time.sleep(600)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def ended(pid: int) -> None:
    """A process that was killed is gone a moment later."""
    end = time.monotonic() + 120
    while is_running(pid):
        assert time.monotonic() < end, f"process {pid} goes on"
        time.sleep(0.01)


def test_what_a_reader_starts_ends_with_it() -> None:
    with Sandbox(1) as sandbox:
        (pid,) = sandbox.map(start_another, [()])
        assert isinstance(pid, int) and is_running(pid)
    ended(pid)  # the reader ended in peace
    mark = Path(f"/tmp/newsduck-test-{os.getpid()}")
    with Sandbox(1, backstop=4) as sandbox:
        (told,) = sandbox.map(start_another_and_hang, [(os.getpid(),)])
        assert isinstance(told, Poison)
        ended(int(mark.read_text()))  # the reader was ended
    mark.unlink()


def test_what_took_too_long_is_tried_once_more_after_all_others(small: Sandbox, tmp_path: Path) -> None:
    order: list[int] = []
    with small:
        came = small.map(spin_then_rest, [(1.0, str(tmp_path / "mark"))], lambda: order.append(1))
    assert came == ["read"] and order == [1]


def end_at_first(mark: str) -> str:
    if not Path(mark).exists():
        Path(mark).touch()
        os._exit(1)
    return "read"


def test_a_reader_that_cannot_make_ready_costs_no_page(small: Sandbox, tmp_path: Path) -> None:
    """As one does whose import or whose table the disk refuses."""
    with small:
        assert small.map(end_at_first, [(str(tmp_path / "mark"),)]) == ["read"]


@pytest.mark.apart
@pytest.mark.parametrize("load", [8])
def test_a_busy_machine_makes_no_page_poison(load: int) -> None:
    """Jobs of a third of their processor time each, while so many others want the processor: by the clock on the wall each
    takes longer than its limit."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(load)]
    try:
        with Sandbox(2, seconds=1.0) as sandbox:
            begin = time.monotonic()
            came = sandbox.map(busy, [(0.35,) for _ in range(6)])
            took = time.monotonic() - begin
    finally:
        for other in others:
            other.kill()
            other.wait()
    assert came == ["done"] * 6, took


def busy(seconds: float) -> str:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"
