"""A stage on which runs are started over and over: a process that has everything imported forks one for each, so that a thousand
runs cost a thousand runs and not a thousand starts of Python.

A run here is what a command does, without the dashboard. It can be killed at a moment or a reader of it, fail at its n-th write,
or stop where its disk is full; what it leaves running comes back to the stage, which tells of it.
"""

import ctypes
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.faults import faulty

ROOT = Path(__file__).parents[2]
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: what a dead run leaves running becomes the stage's child
GRACE = 120.0  # seconds after which what still runs is an orphan, on the busiest machine


@dataclass(frozen=True)
class Act:
    """What to run in which data folder."""

    folder: str
    what: str  # a command
    topics: dict[str, str]
    parts: int = 1  # of a divided fetch
    part: int = 1  # fetch: which of them
    hurry: bool = False  # feeds are due again at once
    before: str = ""  # forget: the moment before which stories go
    kill_after: float | None = None  # seconds, then SIGKILL
    kill_once: int | None = None  # so many bytes are in its archive, SIGKILL
    whom: str = "run"  # or "reader": one of its readers is killed instead
    fail: int | None = None  # the n-th call of the system that writes fails
    fault: str = "EIO"  # with this error
    for_good: bool = False  # and so do all that follow
    ahead: float = 0.0  # seconds by which the clock is wrong
    zone: str = ""  # the machine's time zone


@dataclass(frozen=True)
class Came:
    """What came of it."""

    code: int  # of the process: 0, 3 for an error in words, 1 for a traceback, minus the signal that killed it
    took: float  # seconds
    said: str  # on standard error
    left: int  # processes that would not end
    writes: int = 0  # calls that could have failed
    struck: bool = False  # whether what was to be killed was, before the run had ended


class Stage:
    """The process that forks runs; a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.stage"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, act: Act) -> Came:
        """Run an act to its end, whatever that is."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{json.dumps(asdict(act))}\n")
        self._process.stdin.flush()
        return Came(**json.loads(self._process.stdout.readline()))


def main() -> None:
    """Take acts from standard input, a line each, until it ends."""
    from tests.faults import acts  # here and not above, for whoever only asks needs none of it

    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    for line in sys.stdin:
        act = Act(**json.loads(line))
        print(json.dumps(asdict(_perform(act, acts.perform))), flush=True)


def _perform(act: Act, perform: Callable[[Act], None]) -> Came:
    errors = os.pipe()
    ours, theirs = socket.socketpair()
    sys.stdout.flush()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        os.dup2(errors[1], 2)
        for end in errors:
            os.close(end)
        ours.close()
        os._exit(_alone(act, perform, theirs))
    os.close(errors[1])
    theirs.close()
    said: list[bytes] = []
    listener = threading.Thread(target=lambda: said.extend(iter(lambda: os.read(errors[0], 65536), b"")), daemon=True)
    listener.start()
    writes: list[int] = []
    if act.fail is not None:
        decider = threading.Thread(
            target=lambda: writes.append(faulty.decide(ours, f"{act.folder}/", act.fail or 0, act.fault, act.for_good)),
            daemon=True,
        )
        decider.start()
    over, struck = threading.Event(), threading.Event()
    if act.kill_after is not None or act.kill_once is not None:
        threading.Thread(target=_kill, args=(act, pid, over, struck), daemon=True).start()
    _, status = os.waitpid(pid, 0)
    over.set()
    took = time.monotonic() - started
    left = _left()
    listener.join()  # its end comes when nobody holds the other one any more
    if act.fail is not None:
        decider.join()
    os.close(errors[0])
    ours.close()
    text = b"".join(said).decode(errors="replace")
    return Came(os.waitstatus_to_exitcode(status), took, text, left, sum(writes), struck.is_set())


def _alone(act: Act, perform: Callable[[Act], None], parent: socket.socket) -> int:
    from extract.errors import NewsduckError

    try:
        os.chdir(act.folder)  # what is left over beside the data, or among the temporary files, is found there
        os.environ["TMPDIR"] = tempfile.tempdir = f"{act.folder}/tmp"
        if act.zone:
            os.environ["TZ"] = act.zone
            time.tzset()
        if act.fail is not None:
            faulty.submit(parent)
        perform(act)
    except NewsduckError as error:
        os.write(2, f"newsduck: {error}".encode())
        return 3
    except BaseException:
        os.write(2, traceback.format_exc().encode())
        return 1
    return 0


def _kill(act: Act, pid: int, over: threading.Event, struck: threading.Event) -> None:
    if act.kill_after is not None:
        over.wait(act.kill_after)
    while act.kill_once is not None and archived(act.folder) < act.kill_once and not over.is_set():
        over.wait(0.001)
    while not over.is_set():
        if whom := [pid] if act.whom == "run" else _children(pid):
            struck.set()
            os.kill(random.choice(whom), signal.SIGKILL)
            return
        over.wait(0.02)


def archived(folder: str | Path) -> int:
    """The bytes of the archive of the data folder that is in a folder."""
    return sum(path.stat().st_size for path in Path(folder, "data", "archive").glob("*/*/*/*"))


def _children(pid: int) -> list[int]:
    """The processes that it started, and those that they did."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    except OSError:
        return []
    return [*found, *(below for child in found for below in _children(child))]


def _left() -> int:
    """Wait for what the run left running; gives how much of it had to be killed in the end."""
    end, killed = time.monotonic() + GRACE, 0
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return killed
        if pid == 0:
            time.sleep(0.01)
            if time.monotonic() > end:
                for child in _children(os.getpid()):
                    os.kill(child, signal.SIGKILL)
                    killed += 1


if __name__ == "__main__":
    main()
