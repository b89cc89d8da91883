"""A Prefect server to run against: the one that answers, else one of our own for as long as the run takes.

Prefect's built-in ephemeral server loses the records of task runs when its process exits; a real one, left to finish
writing before it is stopped, keeps them all.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from extract.errors import Broken

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

START = 180.0  # seconds a server may take to answer: 9 to 16 on two idle cores, far more on busy ones
DRAIN = 60.0  # seconds the recorder may take to write what it still holds

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # The recorder's default batches let task runs queue for half a minute after a run of a thousand; these a few seconds.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
}


def answers(api: str, seconds: float = 2.0) -> bool:
    """Whether a healthy Prefect server is at this API address."""
    try:
        with urllib.request.urlopen(f"{api.rstrip('/')}/health", timeout=seconds) as reply:  # noqa: S310  the address is the person's own setting
            return bool(reply.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False


@contextmanager
def running(api: str, home: Path, tell: Callable[[str], object], database: str = "") -> Iterator[str]:
    """The API address of a server that answers; one we started is stopped afterwards, once it has written everything.

    Environment variables of this process point Prefect at it, so import Prefect only inside.
    """
    if answers(api):
        point(api, home)
        yield api
        return
    port = free_port(api)
    own = f"http://127.0.0.1:{port}/api"
    tell(f"No Prefect server answers at {api}; starting one for this run (10 to 20 s) …")
    point(own, home)
    child = launch(port, home, database)
    try:
        wait_for(child, own, home)
        yield own
    finally:
        stop(child)


def launch(port: int, home: Path, database: str = "") -> subprocess.Popen[bytes]:
    """Start a Prefect server on a port of this machine, with its data in `home` or in a database of its own; what it says
    goes to `home`/server.log. It ends when this process does, however that ends."""
    extra = {"PREFECT_SERVER_API_PORT": str(port)}  # without it the dashboard calls port 4200
    if database:
        scheme, _, rest = database.partition("://")
        known = f"postgresql+asyncpg://{rest}" if scheme in ("postgres", "postgresql") else database
        extra["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = known
    words = ("server", "start", "--host", "127.0.0.1", "--port", str(port))
    return start_prefect(words, home, "server", extra)


def start_prefect(words: Sequence[str], home: Path, name: str, extra: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start `prefect …` as a child whose output goes to `home`/NAME.log."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / f"{name}.log").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "prefect", *words],
            env={**os.environ, **QUIET, **extra},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )


def stop(child: subprocess.Popen[bytes], seconds: float = 20) -> None:
    """End a child and its own children, with time to finish: a worker leaves its runs behind, which would go on alone."""
    child.terminate()
    end = time.monotonic() + seconds
    while (child.poll() is None or _has_members(child.pid)) and time.monotonic() < end:
        if child.returncode is not None:
            _signal(child.pid, signal.SIGTERM)
        time.sleep(0.2)
    _signal(child.pid, signal.SIGKILL)
    child.wait()


def _has_members(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _die_with_parent() -> None:
    """Linux: SIGTERM to this process when its parent is gone, be it by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def point(api: str, home: Path) -> None:
    """Point Prefect, which is to be imported afterwards, at a server."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(QUIET)
    os.environ["PREFECT_API_URL"] = api
    os.environ.setdefault("PREFECT_HOME", str(home))
    # The command tells its person what went wrong in a line each; tracebacks are for the dashboard's log.
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")


def wait_for(child: subprocess.Popen[bytes], api: str, home: Path) -> None:
    """Wait until a server that was started answers; raises Broken where it does not."""
    end, log = time.monotonic() + START, home / "server.log"
    while not answers(api):
        if child.poll() is not None:
            raise Broken(f"the Prefect server ended with code {child.returncode} while starting; {log} says why")
        if time.monotonic() > end:
            raise Broken(f"the Prefect server did not answer within {START:g} s; {log} says why")
        time.sleep(0.25)


@contextmanager
def client() -> "Iterator[SyncPrefectClient]":
    """A client of the server this process points at; what it cannot do is Broken, with the way out."""
    from httpx import HTTPError, HTTPStatusError
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    try:
        with get_client(sync_client=True) as found:
            yield found
    except ObjectNotFound:
        raise
    except HTTPStatusError as error:
        code = error.response.status_code
        out = "set PREFECT_API_AUTH_STRING to its user:password" if code in (401, 403) else "its log says why"
        raise Broken(f"the Prefect server answers {code}: {out}") from error
    except HTTPError as error:
        raise Broken(f"the Prefect server does not answer ({type(error).__name__}): `newsduck up` runs one") from error


def free_port(api: str) -> int:
    """The configured port where it is free here, else any free one: another program on it is none of our business."""
    parts = urlsplit(api)
    local = parts.hostname in ("127.0.0.1", "localhost")
    for port in (parts.port or 4200, 0) if local else (0,):
        with socket.socket() as probe:
            # As servers bind: what the last one's connections leave behind for a minute does not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
            except OSError:
                continue
    raise Broken("no port is free on 127.0.0.1 for a Prefect server")


def drain(flow_run_id: str, expected: int) -> int:
    """Wait until the server has recorded this many finished task runs of a flow run; gives how many it has.

    Task runs travel as events, first from a queue of this process, then through the server's recorder: both have to
    run dry before either is stopped.
    """
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
    from prefect.events.worker import EventsWorker

    end = time.monotonic() + DRAIN
    recorded = 0
    EventsWorker.drain_all(timeout=DRAIN)
    with client() as asked:
        while recorded < expected and time.monotonic() < end:
            runs = asked.read_task_runs(
                flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[UUID(flow_run_id)])), limit=200
            )
            recorded = sum(run.state is not None and run.state.is_final() for run in runs)
            if recorded < expected:
                time.sleep(0.25)
    return recorded
