"""Readers are forked from one process that has loaded what they need, and whoever dies costs nobody else anything."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from extract import forks
from extract.forks import POSSIBLE, ForkServer
from extract.sandbox import Sandbox
from tests.test_sandbox import ended, is_running

pytestmark = [
    pytest.mark.skipif(not POSSIBLE, reason="readers are forked on Linux only"),
    pytest.mark.usefixtures("own_servers"),
]
_loads: list[int] = []


def load() -> None:
    """Notes in which process it was."""
    _loads.append(os.getpid())


def live(descriptor: int) -> None:
    """Says where it lives, who loaded, and what is open, and waits to be let go."""
    os.write(descriptor, repr((os.getpid(), os.getppid(), _loads, len(list(Path("/proc/self/fd").iterdir())))).encode())
    os.read(descriptor, 1)


def leave(descriptor: int, code: int) -> None:
    os.write(descriptor, b"here")
    os._exit(code)


def about() -> tuple[int, int]:
    return os.getpid(), os.getppid()


def readers(sandbox: Sandbox) -> tuple[set[int], set[int]]:
    """(the readers' processes, what they were forked from)."""
    told = [one for one in sandbox.map(about, [()] * 40) if isinstance(one, tuple)]
    assert len(told) == 40
    return {pid for pid, _ in told}, {parent for _, parent in told}


@pytest.fixture
def server() -> ForkServer:
    return ForkServer({"PYTHONPATH": os.pathsep.join(filter(None, sys.path))})


def test_what_is_loaded_once_is_there_in_every_fork(server: ForkServer) -> None:
    lines = [server.fork(load, live) for _ in range(3)]
    told = [eval(os.read(line.fileno(), 4096)) for line, _ in lines]
    assert [pid for pid, *_ in told] == [process.pid for _, process in lines]
    (parent,) = {parent for _, parent, *_ in told}
    assert [loads for _, _, loads, _ in told] == [[parent] * n for n in (1, 2, 3)], (
        "called before each fork, in the server"
    )
    assert len({files for *_, files in told}) == 1, "none has its neighbours' sockets"
    assert [process.wait(0) for _, process in lines] == [None] * 3
    for line, _ in lines:
        line.close()
    assert [process.wait() for _, process in lines] == [0] * 3
    server.close()
    ended(parent)


@pytest.mark.parametrize("code", [0, 3])
def test_how_a_fork_ended_is_known(server: ForkServer, code: int) -> None:
    (_one, left), (_other, killed) = server.fork(load, partial(leave, code=code)), server.fork(load, live)
    assert left.wait() == code and killed.wait(0) is None
    os.kill(killed.pid, signal.SIGTERM)
    assert killed.wait() == -signal.SIGTERM == killed.wait()
    server.close()


def test_a_server_that_is_killed_is_started_again(server: ForkServer) -> None:
    line, process = server.fork(load, live)
    parent = eval(os.read(line.fileno(), 4096))[1]
    os.kill(parent, signal.SIGKILL)
    ended(parent)
    assert is_running(process.pid), "what it has forked goes on"
    assert process.wait() == -signal.SIGKILL, "how it will end nobody will know"
    _another, other = server.fork(load, partial(leave, code=0))
    assert other.wait() == 0
    line.close()
    ended(process.pid)
    server.close()


class Gone:
    """Cannot be had again on the other side, as a module that is not there."""

    def __reduce__(self) -> tuple[object, ...]:
        return (__import__, ("no_such_module",))

    def __call__(self) -> None: ...


def fail() -> None:
    raise ValueError("a table is damaged")


def test_what_cannot_be_loaded_costs_no_fork(server: ForkServer) -> None:
    first, _ = server.fork(load, live)
    parent = eval(os.read(first.fileno(), 4096))[1]
    for odd in (Gone(), fail):
        line, process = server.fork(odd, live)
        told = eval(os.read(line.fileno(), 4096))
        assert told[0] == process.pid and told[1] == parent, "the same server forks"
    server.close()


def test_a_server_that_answers_nothing_is_ended(server: ForkServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "START", 1.0)
    monkeypatch.setattr(forks, "PATIENCE", 0.1)
    with pytest.raises(TimeoutError):
        server.fork(partial(time.sleep, 600), live)
    monkeypatch.undo()
    line, process = server.fork(load, live)
    assert eval(os.read(line.fileno(), 4096))[0] == process.pid, "the next one is asked anew"
    server.close()


def test_all_forks_end_with_the_server(server: ForkServer) -> None:
    _line, process = server.fork(load, live)
    server.close()
    ended(process.pid)


def test_readers_have_one_parent_and_outlive_it() -> None:
    with Sandbox(2) as sandbox:
        first, (parent,) = readers(sandbox)
        assert parent != os.getpid()
        os.kill(parent, signal.SIGKILL)
        assert sandbox.map(divmod, [(7, 2)] * 4) == [(3, 1)] * 4, "as do those in their place"
        later, (after,) = readers(sandbox)
    assert after != parent
    for pid in (after, *first, *later):
        ended(pid)


def test_nothing_is_left_where_the_one_who_asked_is_killed() -> None:
    """By the kernel, say: nothing was closed."""
    script = (
        "import os, signal\nfrom extract.sandbox import Sandbox\nfrom tests.test_forks import readers\n"
        "told = set.union(*readers(Sandbox(1)))\nprint(*told, flush=True)\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    asked = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    assert asked.returncode == -signal.SIGKILL, asked.stderr
    left = list(map(int, asked.stdout.split()))
    assert len(left) == 2, "a reader and what it was forked from"
    for process in left:
        ended(process)
