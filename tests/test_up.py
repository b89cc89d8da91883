"""`newsduck up`: a real server, worker and schedule over the newsroom, watched through the API and in a browser."""

import http.server
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from demo.newsroom import Newsroom
from extract.errors import Busy
from flows.board import names, server
from storage import duck, lock
from tests.board import Board
from tests.test_cli import PROGRAM, configure, newsduck, refused

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("up"), pytest.mark.timeout(1800)]

T = TypeVar("T")
FAR = 600.0  # seconds after which what is waited for will not come, on the busiest machine either
SERVER, WORKER = "flows.board.serve", "prefect worker start"  # words of their commands


class Told(http.server.ThreadingHTTPServer):
    """Where alerts go: keeps what it is told."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        told = self.bodies

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)


def until(found: Callable[[], T], otherwise: Callable[[], object]) -> T:
    """Wait until there is something, and give it; what to say where it does not come is `otherwise`."""
    end = time.monotonic() + FAR
    while not (it := found()):
        assert time.monotonic() < end, otherwise()
        time.sleep(0.3)
    return it


class Up:
    """A running `newsduck up`; a context manager, after which it does not run any more, however the test went."""

    def __init__(self, folder: Path, api: str, told: Told | None = None) -> None:
        self.folder, self.api, self.told = folder, api, told
        self.log = folder / "up.log"

    def start(self) -> None:
        """Start it and wait until it says when the next runs come."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSDUCK_", "PREFECT_"))}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen([PROGRAM, "up"], cwd=self.folder, env=env, stdout=output, stderr=output)
        self.wait_for("dashboard ")
        self.wait_for("next  ")

    def __enter__(self) -> "Up":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()

    @property
    def names(self) -> names.Names:
        return names.of(self.folder / "data" / "prefect")

    @property
    def board(self) -> Board:
        return Board.of(self.folder, self.api)

    def wait_for(self, words: str) -> None:
        def said() -> bool:
            ended = self.process.poll() is not None  # before what it said last is read
            there = words in self.said()
            assert there or not ended, self.said()
            return there

        until(said, lambda: f"{words!r} was not said: {self.said()}")

    def warned(self, run: str, words: str) -> list[str]:
        """The warnings in a run's log on the server, once one says these words: lines are sent after the run's own state."""
        wanted = {"flow_run_id": {"any_": [run]}, "level": {"ge_": 30}}

        def found() -> list[str]:
            lines = [log["message"] for log in self.board.ask("logs/filter", logs=wanted, limit=100)]
            return lines if any(words in line for line in lines) else []

        return until(found, lambda: f"no warning of the run {run} says {words!r}")

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(FAR)

    def kill(self, words: str) -> list[int]:
        """End its processes with these words in their commands, without a word to them; there is at least one."""
        there = self.processes(words)
        assert there, f"no process {words!r}: {self.said()}"
        for process in there:
            os.kill(process, signal.SIGKILL)
        return there

    def processes(self, words: str = "") -> list[int]:
        """What it has started and what that has: server, worker and runs; or those with these words in their commands."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_bytes().replace(b"\0", b" ").decode()
                environment = (path.parent / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if words in line and f"PREFECT_API_URL={self.api}" in environment:
                found.append(int(path.parent.name))
        return found

    def runs(self, *states: str, name: str = "ingest 2") -> list[Any]:
        wanted = {"state": {"type": {"any_": list(states)}}, "name": {"like_": name}}
        return list(self.board.ask("flow_runs/filter", flow_runs=wanted, sort="START_TIME_DESC"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def unhurried(folder: Path, newsroom: Newsroom) -> Up:
    """A `newsduck up` whose runs pause so long that there is time to do something in the middle of one."""
    address = f"http://127.0.0.1:{free_port()}/api"
    configure(folder, newsroom, f'server = "{address}"\n')
    slow = (folder / "newsduck.toml").read_text(encoding="utf-8").replace("pause = 0.0", "pause = 5.0")
    (folder / "newsduck.toml").write_text(slow, encoding="utf-8")
    return Up(folder, address)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """`newsduck up` over day one, an ingest every minute, after the first one; ended by SIGTERM."""
    folder = tmp_path_factory.mktemp("up")
    address = f"http://127.0.0.1:{free_port()}/api"
    told = Told()
    threading.Thread(target=told.serve_forever, daemon=True).start()
    with Newsroom(datetime.now(UTC)) as newsroom:
        top = f'server = "{address}"\n'
        configure(folder, newsroom, top)
        with (folder / "newsduck.toml").open("a", encoding="utf-8") as file:
            file.write('[schedule]\ntimezone = "America/New_York"\ningest = "* * * * *"\n')
            file.write(f'[alerts]\nurls = ["json://127.0.0.1:{told.server_port}"]\n')
        (folder / "newsduck.toml").chmod(0o600)  # it names who is told of what
        with Up(folder, address, told) as house:
            until(
                lambda: house.runs("COMPLETED", "FAILED", "CRASHED"),
                lambda: house.said() + (folder / "data/prefect/worker.log").read_text(),
            )
            yield house
            assert house.stop() == 0, house.said()
            assert "stopped" in house.said()
            assert "Traceback" not in house.said()
            left = house.processes()
            assert left == [], [Path(f"/proc/{n}/cmdline").read_bytes() for n in left]
    told.shutdown()
    told.server_close()


def test_a_scheduled_run_comes_and_shows_what_it_brought(house: Up) -> None:
    run = house.runs("COMPLETED")[-1]
    assert run["state_name"] == "CompletedWithFailures"
    assert {"newsduck", "daily"} <= set(run["tags"])
    found = {a["key"]: a for a in house.board.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})}
    assert {"feeds", "summary", "arrivals", "top-stories", "report", "poll", "fetch", "read"} <= set(found)
    assert {found[key]["data"] for key in ("poll", "fetch", "read")} == {100.0}
    assert "| **stored** as articles | 54 | 29 new stories, 25 copies |" in found["summary"]["data"]
    assert "| refused | −2 |" in found["summary"]["data"] and "no article" in found["summary"]["data"]
    assert "data:image/svg+xml;base64," in found["arrivals"]["data"]
    assert "Ferry crews walk out" in found["top-stories"]["data"]
    assert list((house.folder / "data" / "reports").glob("*.html"))
    said = house.warned(run["id"], "answers HTTP 503")
    assert sum("answers HTTP 503" in line for line in said) == 1
    assert len(said) == len(set(said)) <= 4, "a line a failing feed, none for the others"


def test_what_is_deployed_is_what_prefect_yaml_and_the_settings_say(house: Up) -> None:
    there = {d["name"].removesuffix(f"-{house.names.id}"): d for d in house.board.ask("deployments/filter")}
    assert set(there) == {"hourly", "daily", "weekly", "on-demand", "back-in-time"}
    assert there["daily"]["schedules"][0]["schedule"] == {
        "cron": "* * * * *", "timezone": "America/New_York", "day_or": True
    }  # fmt: skip
    assert there["weekly"]["schedules"][0]["schedule"]["cron"] == "30 4 * * 0"
    assert there["daily"]["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    form = there["on-demand"]["parameter_openapi_schema"]["properties"]
    assert "Only articles first seen since that day" in form["since"]["description"]
    assert there["weekly"]["parameter_openapi_schema"]["properties"]["forget"]["default"] is True


def test_alerts_are_made_once_and_reach_whom_they_should(house: Up) -> None:
    done = newsduck("alerts", "test", cwd=house.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "json://… was told" in done.stdout
    assert "8 automations on the server, 0 of them written now" in done.stdout
    assert "the server told them too" in done.stdout
    told = house.told.bodies if house.told else []
    assert any("newsduck: a test" in body["title"] for body in told)
    assert any("a test of newsduck: feed-failing" in body["message"] for body in told)
    names = [a["name"] for a in house.board.ask("automations/filter")]
    assert len(names) == len(set(names)) == 8


def test_the_doctor_finds_nothing_and_a_second_one_says_who_is_there(house: Up) -> None:
    done = newsduck("doctor", cwd=house.folder)
    assert done.returncode == 0, done.stdout
    assert "all is well" in done.stdout and f" online in the pool {house.names.pool}" in done.stdout
    again = newsduck("up", cwd=house.folder)
    assert again.returncode == 0
    assert f"`newsduck up` (process {house.process.pid}) has been working since" in again.stderr


def test_the_run_of_a_process_that_died_is_closed_by_the_next(house: Up) -> None:
    flow = house.board.ask("flows/filter", flows={"name": {"any_": ["ingest"]}})[0]
    run = house.board.ask("flow_runs/", flow_id=flow["id"], name="ingest of the dead", state={"type": "RUNNING"})
    dead = lock.Holder("ingest", 999_999, "2026-11-24T06:00:00+00:00", run["id"])
    work = house.folder / "data" / "work"

    def left_behind() -> bool:
        try:
            lock.look(work)
        except Busy:  # the minutely ingest may have it
            return False
        (work / "lock").write_text(json.dumps(asdict(dead)), encoding="utf-8")
        return True

    until(left_behind, lambda: "the lock is held for good")
    newsduck("poll", cwd=house.folder)
    closed = until(lambda: house.runs("CRASHED", name="ingest of the dead"), lambda: "its run was not closed")
    assert "its process ended early" in closed[0]["state"]["message"]


def test_a_worker_that_dies_is_started_again(house: Up) -> None:
    before = house.kill(WORKER)
    house.wait_for("the worker ended with code -9")
    until(lambda: set(house.processes(WORKER)) - set(before), house.said)


def test_a_port_that_is_taken_is_told_with_who_has_it(tmp_path: Path) -> None:
    with Newsroom(datetime.now(UTC)) as newsroom, socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        configure(tmp_path, newsroom, f'server = "http://127.0.0.1:{port}/api"\n')
        refused(newsduck("up", cwd=tmp_path), f"port {port} is held by ", f"process {os.getpid()}", "set `server`")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('server = "http://127.0.0.1:99999/api"\n', ("server is no address",)),
        ('server = "http://user:secret@127.0.0.1/api"\n', ("server_auth",)),
        ('server = "http://nowhere.invalid/api"\n', ("no Prefect server answers at http://nowhere.invalid/api",)),
    ],
)
def test_an_address_that_is_none_is_told_before_anything_starts(
    tmp_path: Path, newsroom: Newsroom, line: str, words: tuple[str, ...]
) -> None:
    configure(tmp_path, newsroom, line)
    done = newsduck("up", cwd=tmp_path)
    refused(done, *words)
    assert "secret" not in done.stderr


def test_times_that_are_none_are_told_with_their_key(tmp_path: Path, newsroom: Newsroom) -> None:
    configure(tmp_path, newsroom)
    refused(newsduck("up", cwd=tmp_path, NEWSDUCK_SCHEDULE_INGEST="99 77 * * *"), "schedule.ingest", "minute hour day")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "not this folder's: set server_auth to its user:password"),
        ('server_auth = "newsduck:wrong"\n', "does not take the password of server_auth"),
        ('server_auth = "none"\n', "asks for a password"),
    ],
)
def test_a_server_with_a_password_is_told_with_the_way_in(
    tmp_path: Path, newsroom: Newsroom, board: Board, line: str, words: str
) -> None:
    configure(tmp_path, newsroom, f'server = "{board.api}"\n{line}')
    done = newsduck("doctor", cwd=tmp_path)
    assert done.returncode == 1
    assert words in done.stdout
    assert "Traceback" not in done.stderr


def test_a_wheel_brings_what_up_deploys_and_the_report_needs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=Path(__file__).parents[1], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"flows/prefect.yaml", "flows/board/templates/report.html", "flows/starter/feeds.opml"} <= names


def test_the_unit_that_install_writes_starts_this_command(tmp_path: Path) -> None:
    with Newsroom(datetime.now(UTC)) as newsroom:
        configure(tmp_path, newsroom)
    secret = 'postgresql://me:p"w%d@127.0.0.1/prefect'
    done = newsduck("up", "--install", cwd=tmp_path, XDG_CONFIG_HOME=str(tmp_path / "config"), NEWSDUCK_DATABASE=secret)
    assert done.returncode == 0, done.stderr
    unit = (tmp_path / "config/systemd/user/newsduck.service").read_text(encoding="utf-8")
    assert f'ExecStart="{PROGRAM}" up' in unit
    assert f'Environment="NEWSDUCK_CONFIG={tmp_path / "newsduck.toml"}"' in unit
    assert f"WorkingDirectory={tmp_path}" in unit
    assert "systemctl --user enable --now newsduck" in done.stdout
    kept = tmp_path / "data" / "prefect" / "unit.env"
    assert 'p\\"w%d' not in unit and f"EnvironmentFile={kept}" in unit
    assert kept.read_text() == 'NEWSDUCK_DATABASE="postgresql://me:p\\"w%d@127.0.0.1/prefect"\n'
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.promise("What `newsduck up` started ends with it, and starts again without doubles")
def test_after_a_crash_it_starts_again_without_duplicates(
    tmp_path: Path, newsroom: Newsroom, request: pytest.FixtureRequest
) -> None:
    """Killed with SIGKILL: its children end with it; the next start deploys the same things once."""
    if not (request.config.getoption("--many") or request.config.getoption("--long")):
        pytest.skip("in `make faults`")
    configure(tmp_path, newsroom, f'server = "http://127.0.0.1:{free_port()}/api"\n')
    with Up(tmp_path, re.findall(r'server = "(.*?)"', (tmp_path / "newsduck.toml").read_text())[0]) as house:
        house.process.kill()
        house.process.wait()
        until(lambda: not house.processes(), lambda: f"left running: {house.processes()}")
        assert not server.answers(house.api)
        house.start()
        assert len(house.board.ask("deployments/filter")) == 5
        schedules = [len(d["schedules"]) for d in house.board.ask("deployments/filter")]
        assert sorted(schedules) == [0, 0, 1, 1, 1]
        assert house.stop() == 0


@pytest.mark.promise("What `newsduck up` started ends with it, and starts again without doubles")
@pytest.mark.parametrize("killed", [False, True])
def test_a_run_at_work_ends_with_it(
    tmp_path: Path, newsroom: Newsroom, request: pytest.FixtureRequest, killed: bool
) -> None:
    """That of a worker that was killed as well, which goes on until then; what it had fetched is finished by the next run."""
    if not (request.config.getoption("--many") or request.config.getoption("--long")):
        pytest.skip("in `make faults`")
    with unhurried(tmp_path, newsroom) as house:
        named = {found["name"]: found["id"] for found in house.board.ask("deployments/filter")}
        daily = named[house.names.deployment("daily")]
        house.board.ask(f"deployments/{daily}/create_flow_run", state={"type": "SCHEDULED"})
        until(lambda: list((tmp_path / "data" / "archive").glob("*/*/*/*.gz")), house.said)
        if killed:
            before = house.kill(WORKER)
            house.wait_for("the worker ended with code -9")
            until(lambda: set(house.processes(WORKER)) - set(before), house.said)
        with pytest.raises(Busy):  # its run goes on
            lock.look(tmp_path / "data" / "work")
        assert house.stop() == 0
        assert house.processes() == []
        done = newsduck("ingest", cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        asked = "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM runs WHERE kind = 'recovered')"
        assert duck.ask(tmp_path / "data" / "warehouse.duckdb", asked)[1] == [(54, 1)]


@pytest.mark.promise("A Prefect server that goes away in the middle of a run costs the run nothing")
def test_a_server_that_is_killed_in_the_middle_of_a_run_costs_nothing(
    tmp_path: Path, newsroom: Newsroom, request: pytest.FixtureRequest
) -> None:
    """It is started again; the run goes on meanwhile and is recorded to its end."""
    if not (request.config.getoption("--many") or request.config.getoption("--long")):
        pytest.skip("in `make faults`")
    with unhurried(tmp_path, newsroom) as house:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSDUCK_", "PREFECT_"))}
        with subprocess.Popen([PROGRAM, "ingest"], cwd=tmp_path, env=env, stdout=subprocess.PIPE) as ingest:
            until(lambda: list((tmp_path / "data" / "archive").glob("*/*/*/*.gz")), house.said)
            house.kill(SERVER)
            assert ingest.poll() is None, "it was in the middle of its run"
            told = ingest.communicate(timeout=FAR)[0].decode()
        assert ingest.returncode == 0 and "59 entries: 54 stored" in told, told
        house.wait_for("the server ended with code -9")
        (run,) = house.runs("RUNNING", "COMPLETED", "CRASHED", "FAILED")
        assert run["state_name"] == "CompletedWithFailures"
        assert house.stop() == 0


@pytest.mark.promise("Prefect's own tables may live in PostgreSQL")
def test_postgres_keeps_prefects_records(tmp_path: Path, newsroom: Newsroom, request: pytest.FixtureRequest) -> None:
    """`database` in the settings: the server's own tables go to a real PostgreSQL."""
    if not request.config.getoption("--long"):
        pytest.skip("in `make faults LONG=1`")
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
    if programs is None or os.getuid() != 0 or shutil.which("runuser") is None:
        pytest.skip("no Debian PostgreSQL here that this user can start")
    base = Path("/tmp") / f"newsduck-postgres-{os.getpid()}"
    port = free_port()

    def postgres(*words: str) -> None:
        subprocess.run(["runuser", "-u", "postgres", "--", *words], check=True, capture_output=True, cwd="/")

    base.mkdir()
    shutil.chown(base, "postgres")
    try:
        postgres(f"{programs}/initdb", "-D", f"{base}/db", "-A", "trust")
        options = f"-p {port} -k {base} -c listen_addresses=127.0.0.1"
        postgres(f"{programs}/pg_ctl", "-D", f"{base}/db", "-w", "-l", f"{base}/log", "-o", options, "start")
        address = f"http://127.0.0.1:{free_port()}/api"
        database = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        configure(tmp_path, newsroom, f'server = "{address}"\ndatabase = "{database}"\n')
        with Up(tmp_path, address) as house:
            done = newsduck("ingest", cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            assert house.runs("COMPLETED")
            rows = subprocess.run(
                [f"{programs}/psql", database, "-Atc", "SELECT count(*) FROM flow_run"], capture_output=True, text=True
            ).stdout
            assert int(rows) >= 1
            assert not (tmp_path / "data/prefect/prefect.db").exists()
            assert house.stop() == 0, house.said()
    finally:
        subprocess.run(
            ["runuser", "-u", "postgres", "--", f"{programs}/pg_ctl", "-D", f"{base}/db", "-m", "immediate", "stop"],
            capture_output=True, cwd="/",
        )  # fmt: skip
        shutil.rmtree(base, ignore_errors=True)
