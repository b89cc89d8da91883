"""A Prefect server to run against: ours that answers, else one of our own for as long as the run takes.

Prefect's built-in ephemeral server loses the records of task runs when its process exits; a real one, left to finish
writing before it is stopped, keeps them all.
"""

import base64
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

from extract.errors import BadInput, Broken
from flows.board.up import database, names, password
from flows.settings import Settings

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

START = 900.0  # seconds a server may take to answer: 9 to 16 on two idle cores, twenty times that on busy ones
DRAIN = 60.0  # seconds the recorder may take to write what it still holds

PORT = 4200  # Prefect's own
OPEN = "none"  # server_auth of a server that asks no password


def answers(api: str, seconds: float = 2.0) -> bool:
    """Whether a healthy Prefect server is at this API address."""
    try:
        with urllib.request.urlopen(f"{api.rstrip('/')}/health", timeout=seconds) as reply:  # noqa: S310  the address is the person's own setting
            return bool(reply.status == 200)
    except (OSError, ValueError, urllib.error.URLError):
        return False


def home_of(settings: Settings) -> Path:
    """Prefect's home in the data folder: its database, its logs, the dashboard's password."""
    return settings.data_folder / "prefect"


def password_for(settings: Settings) -> str | None:
    """`user:password` ("" for none) of the server at the settings' address; None where no server that is ours or was named
    as ours is there. Raises BadInput where the one that was named refuses the password of the settings.

    Whoever listens there unasked is not ours: another user of this machine could, and would be handed what the worker runs.
    """
    api, auth = settings.server.url, settings.server.auth
    if not auth:
        names.of(home_of(settings))  # a copy must not know its original's server by the password it brought along
        own = password.of(home_of(settings))
        return own if password.is_known_at(api, own) else None
    if not answers(api):
        return None
    auth = "" if auth == OPEN else auth
    if not _lets_in(api, auth):
        wanted = "asks for a password" if not auth else "does not take the password"
        raise BadInput(f"the Prefect server at {api} {wanted} of server_auth: set it to the server's own user:password")
    return auth


def _lets_in(api: str, auth: str) -> bool:
    token = {"Authorization": f"Basic {base64.b64encode(auth.encode()).decode()}"} if auth else {}
    request = urllib.request.Request(f"{api.rstrip('/')}/admin/version", headers=token)  # noqa: S310  see answers
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310  see answers
            return bool(reply.status == 200)
    except urllib.error.HTTPError as error:
        return error.code not in (401, 403)
    except (OSError, ValueError):
        return False


@contextmanager
def running(settings: Settings, tell: Callable[[str], object]) -> Iterator[str]:
    """The API address of a server of ours that answers; one we started is stopped afterwards, once it has written everything.

    One for a single run listens on any free port, bound here before it starts, so that nobody else is taken for it and two
    commands never meet. Environment variables of this process point Prefect at it, so import Prefect only inside.
    """
    home, api = home_of(settings), settings.server.url
    auth = password_for(settings)
    if auth is not None:
        point(api, auth, home)
        yield api
        return
    said = not_ours(api) if answers(api) else f"no Prefect server answers at {api}"
    tell(f"{said[0].upper()}{said[1:]}; starting one for this run (10 to 20 s) …")
    auth = password.of(home)
    with listening(0) as listener:
        own = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
        point(own, auth, home)
        child = launch(listener, home, auth, settings)
    try:
        wait_for(child, own, home)
        yield own
    finally:
        stop(child)


def is_local(api: str) -> bool:
    """Whether an address is this machine's own."""
    return urlsplit(api).hostname == "127.0.0.1"  # settings know localhost as this


def not_ours(api: str) -> str:
    """What to say of a server that is there and whose password nobody told."""
    return f"a Prefect server answers at {api}, and not this folder's: set server_auth to its user:password to use it ({OPEN!r} if it asks none)"


def listening(port: int) -> socket.socket:
    """A socket that listens on a port of this machine, any free one for 0; raises OSError where it is taken."""
    listener = socket.socket()
    try:
        # As servers bind: what the last one's connections leave behind for a minute does not hold the port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def launch(listener: socket.socket, home: Path, auth: str, settings: Settings) -> subprocess.Popen[bytes]:
    """Start a Prefect server behind the guard on a socket that listens already, with its data in `home` or in the database of
    the settings; what it says goes to `home`/server.log. It ends when this process does, however that ends."""
    extra = {"PREFECT_SERVER_API_AUTH_STRING": auth}
    if address := settings.database:
        scheme, _, rest = address.partition("://")
        known = f"postgresql+asyncpg://{rest}" if scheme in ("postgres", "postgresql") else address
        extra["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = known
    else:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        database.put(home)
    words = (
        "flows.board.up.serve",
        str(listener.fileno()),
        str(settings.data_folder / "reports"),
        *settings.server.hosts,
    )
    return start_child(words, home, "server", extra, (listener.fileno(),))


def start_child(
    words: Sequence[str], home: Path, name: str, extra: Mapping[str, str], handed: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start a Python module with its words as a child whose output goes to `home`/NAME.log, which only its owner may read,
    as all it writes. It is handed these descriptors."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / f"{name}.log").open("ab") as output:
        return subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                *words,
            ],  # -P: nothing in the folder one happens to be in is taken for a library
            env={**os.environ, **extra},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent,
            pass_fds=handed,
            umask=0o077,
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


def die_with_parent() -> None:
    """Linux: SIGTERM to this process when its parent is gone, be it by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def point(api: str, auth: str, home: Path) -> None:
    """Point Prefect, which is to be imported afterwards, at a server."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ.update(DO_NOT_TRACK="1", PREFECT_API_URL=api, PREFECT_HOME=str(home))
    os.environ.pop("PREFECT_API_AUTH_STRING", None)
    if auth:
        os.environ["PREFECT_API_AUTH_STRING"] = auth
    # The command tells its person what went wrong in a line each; tracebacks are for the dashboard's log.
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
    os.environ.setdefault("PREFECT_LOGGING_INTERNAL_LEVEL", "CRITICAL")


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
        out = "set server_auth to its user:password" if code in (401, 403) else "its log says why"
        raise Broken(f"the Prefect server answers {code}: {out}") from error
    except HTTPError as error:
        raise Broken(f"the Prefect server does not answer ({type(error).__name__}): `newsduck up` runs one") from error


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
