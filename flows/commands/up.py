"""`newsduck up`: a Prefect server, the deployments, and a worker, kept running until somebody says stop.

The server is ours that answers at `server` in the settings, else one of our own at that address. What ends by itself is
started again; with this process all of it ends.
"""

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from demo.newsroom import Newsroom
from extract.errors import BadInput, Busy
from flows import feed_list
from flows import settings as settings_file
from flows.board import alerts
from flows.board.up import deploy, former, names, orphans, password, ports, server, systemd
from flows.board.up.stopping import Stopped, no_more, signals
from flows.commands import demo
from flows.commands._running import leave
from flows.line.work import open_folder
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo, say
from storage import lock

PATIENCE = (1, 5, 15, 60)  # seconds before a child that ended is started again: the first time, the second, …
STEADY = 300.0  # seconds after which a child counts as having run well
FINISH = 30.0  # seconds a worker, and a run at work in it, have to end


def up(settings: Settings, *, alone: bool = False) -> int:
    """Run everything until SIGINT or SIGTERM, with `alone` only the server; gives the exit code.
    Raises BadInput where the server is not ours to start."""
    home = server.home_of(settings)
    feed_list.load(settings.path(settings.feeds))  # what is bad is told before anything is started
    open_folder(settings, say)
    with ExitStack() as stack:
        try:
            stack.enter_context(lock.held(home, "up", datetime.now(UTC)))
        except Busy as error:
            say(f"newsduck: {error}")
            return 0
        own = names.of(home)
        auth = server.password_for(settings)
        if auth is None and settings.server.auth:
            raise BadInput(
                f"no Prefect server answers at {settings.server.url}, whose password server_auth is: start it, or leave "
                "server_auth out for newsduck's own"
            )
        found = password.of(home) if auth is None else auth
        server.point(settings.server.url, found, home)  # before Prefect is imported, which reads it once
        deploy.definition(settings, own)
        stack.enter_context(signals())
        try:
            children = stack.enter_context(_Children())
            if auth is None:
                stack.enter_context(_server(settings, home, found, children))
            else:
                say(f"server     the one that answers at {settings.server.url}")
            password.write_profile(home, settings.server.url, found)
            if alone:
                _show(settings, home)
                children.watch()
            say("deploying  the flows of prefect.yaml …")
            deploy.deploy(settings, home, own)
            if not settings.server.auth and not settings.database:  # else others may be at work there
                former.leave(own)
            number, written = alerts.sync(settings, own)
            if number or written:
                say(f"alerts     {number} automations, {written} of them written now")
            children.start("worker", lambda: _worker(settings, home, own), FINISH)
            coming = deploy.wait_for_schedule(own)
            _show(settings, home)
            for name, at in coming:
                say(f"next       {name:<10} {at.astimezone():%a %Y-%m-%d %H:%M %Z}")
            say("Ctrl-C stops it; a run that is cut off is finished by the next one")
            children.watch()
        except Stopped:
            say("stopping …")
        # The children end here, the worker first.
    say("stopped")
    return 0


DEMO = """
[schedule]
poll = "*/10 * * * *"
ingest = "*/2 * * * *"
"""


def show(folder: Path, api: str) -> int:
    """The same over the embedded newsroom, with an ingest every other minute; its second day begins after the first one."""
    with Newsroom(datetime.now(UTC)) as newsroom:
        settings = demo.prepare(folder, newsroom, f'server = "{api}"{DEMO}')
        threading.Thread(target=_second_day, args=(newsroom, settings), daemon=True).start()
        return up(settings)


def _second_day(newsroom: Newsroom, settings: Settings) -> None:
    while not (settings.data_folder / "warehouse.duckdb").exists():
        time.sleep(1)
    newsroom.day = 2


class _Children:
    """The processes that are kept running, stopped in the opposite order."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Callable[[], subprocess.Popen[bytes]], float]] = {}
        self._running: dict[str, tuple[subprocess.Popen[bytes], float]] = {}
        self._ends: dict[str, int] = {}

    def __enter__(self) -> "_Children":
        orphans.adopt()
        return self

    def __exit__(self, *error: object) -> None:
        no_more()
        for name, (child, _since) in reversed(self._running.items()):
            server.stop(child, self._made[name][1])
            orphans.end(self._own(), self._made[name][1])

    def start(self, name: str, make: Callable[[], subprocess.Popen[bytes]], seconds: float) -> subprocess.Popen[bytes]:
        """Start a child, and again whenever it ends; `seconds` is what it has to finish when it is stopped."""
        self._made[name] = make, seconds
        child = make()
        self._running[name] = child, time.monotonic()
        return child

    def _own(self) -> list[int]:
        return [child.pid for child, _since in self._running.values()]

    def watch(self) -> None:
        """Start again what ends, for ever."""
        while True:
            time.sleep(0.5)
            orphans.adopted(self._own())  # a run goes on though its worker died
            for name, (child, since) in list(self._running.items()):
                if (code := child.poll()) is not None:
                    ends = self._ends[name] = 0 if time.monotonic() - since > STEADY else self._ends.get(name, -1) + 1
                    wait = PATIENCE[min(ends, len(PATIENCE) - 1)]
                    say(f"the {name} ended with code {code}; it is started again in {wait} s ({name}.log says why)")
                    time.sleep(wait)
                    self.start(name, *self._made[name])


@contextmanager
def _server(settings: Settings, home: Path, auth: str, children: _Children) -> Iterator[None]:
    """Inside, a server of our own at the address of the settings. Its socket stays with this process: while the server is
    started again, nobody else can take its port, and with it what is sent there."""
    api = settings.server.url
    port = urlsplit(api).port or server.PORT
    if not server.is_local(api):
        raise BadInput(
            server.not_ours(api)
            if server.answers(api)
            else f"no Prefect server answers at {api}: start it there, or leave `server` out for one on this machine"
        )
    try:
        listener = server.listening(port)
    except OSError as error:
        held = (
            server.not_ours(api) if server.answers(api) else f"port {port} is held by {ports.holder(port)}: stop that"
        )
        raise BadInput(f"{held}, or set `server` to http://127.0.0.1:ANOTHER/api") from error
    with listener:
        say(f"server     starting at {api} (10 to 20 s) …")
        child = children.start("server", lambda: server.launch(listener, home, auth, settings), 20)
        server.wait_for(child, api, home)
        yield


def _show(settings: Settings, home: Path) -> None:
    say(f"dashboard  {settings.server.url.rstrip('/').removesuffix('/api')}")
    if not settings.server.auth:
        say(f"password   the line in {password.path(home)}")


def _worker(settings: Settings, home: Path, own: names.Names) -> subprocess.Popen[bytes]:
    """A worker; the runs it starts find the settings and the data where this process does."""
    found = {"NEWSDUCK_DATA": str(settings.data_folder), "NEWSDUCK_FEEDS": str(settings.path(settings.feeds))}
    if (file := settings_file.file()).exists():
        found["NEWSDUCK_CONFIG"] = str(file.resolve())
    found["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "INFO"
    return server.start_child(
        ("prefect", "worker", "start", "--pool", own.pool, "--type", "process"), home, "worker", found
    )


@click.command()
@click.option("--demo", "shown", is_flag=True, help="Over the embedded newsroom, with a run every other minute.")
@click.option("--server", "alone", is_flag=True, help="Only the server and its dashboard: no schedule, no worker.")
@click.option("--install", is_flag=True, help="Write systemd user units that do it from the next login on, and end.")
def command(shown: bool, alone: bool, install: bool) -> None:
    """Run it all: Prefect's server and dashboard, the schedule, and a worker, until Ctrl-C."""
    if shown:
        leave(show(Path("newsduck-demo"), load_settings().server.url))
    found = load_settings(needed=True)
    if install:
        deploy.definition(found, names.of(server.home_of(found)))  # times that are none are told now, not by the unit
        for line in systemd.install(found):
            echo(line)
        return
    leave(up(found, alone=alone))
