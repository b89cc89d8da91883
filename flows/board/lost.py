"""The server goes away in the middle of a run: the run's own work goes on to its end, and nobody waits for the dashboard then.

Prefect's client asks again and again for minutes, and ends in a traceback. What counts is done by then: so a thread looks, once
the run's work is settled, whether the server still has its port, and ends the process where it has not. How the run ended is
written down beside the pipeline's lock, and told to the dashboard by the next run that finds it.
"""

import os
import socket
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from flows.board import progress
from storage import lock

LOOKS = 5  # in a row, a second apart, at which the port was shut
EVERY = 1.0


def is_gone() -> bool:
    """Whether nobody listens any more where this process's server was. One that is slow is not gone."""
    parts = urlsplit(os.environ.get("PREFECT_API_URL", ""))
    if not parts.hostname or (
        parts.hostname != "127.0.0.1" and getproxies()
    ):  # what a proxy leads to is not dialled from here
        return False
    try:
        with socket.create_connection(
            (parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)), timeout=30
        ):
            return False
    except ConnectionRefusedError:
        return True
    except OSError:  # a name or a way that does not lead there for a moment says nothing of the server
        return False


def watch(work: Path, run: str) -> None:
    """Look from now on; `work` is the folder of the pipeline's lock, `run` the id of this process's flow run."""
    threading.Thread(target=_look, args=(work, run, progress.watcher), name="lost", daemon=True).start()


def _look(work: Path, run: str, watcher: progress.Quiet) -> None:
    watcher.settled.wait()
    gone = 0
    while gone < LOOKS:
        if watcher.over.wait(EVERY):
            return
        gone = gone + 1 if is_gone() else 0
    ended = watcher.ended
    assert ended is not None
    lock.settle(work, lock.Unclosed(run, ended.name, ended.message, completed=ended.completed))
    watcher.lost()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0 if ended.completed else 1)
