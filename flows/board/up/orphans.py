"""What outlives the child that started it, as a run outlives its worker: on Linux it becomes this process's own, and ends with it."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


def adopt() -> None:
    """From now on, take in what loses its parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def adopted(own: Collection[int]) -> list[int]:
    """This process's children that are not its own; those that have ended are let go."""
    found: set[int] = set()
    with suppress(OSError):
        for task in Path("/proc/self/task").iterdir():
            found |= set(map(int, (task / "children").read_text(encoding="ascii").split()))
    running = []
    for process in found - set(own):
        with suppress(ChildProcessError):
            if os.waitpid(process, os.WNOHANG) == (0, 0):
                running.append(process)
    return running


def end(own: Collection[int], seconds: float) -> None:
    """End them, with so much time to finish; what they leave behind in turn as well."""
    over, told = time.monotonic() + seconds, set()
    while left := adopted(own):
        for process in left:
            late = time.monotonic() > over
            if late or process not in told:
                os.kill(process, signal.SIGKILL if late else signal.SIGTERM)
                told.add(process)
        time.sleep(0.2)
