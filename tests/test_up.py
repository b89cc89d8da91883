"""`newsduck up`: a real server, worker and schedule over the newsroom, watched through the API and in a browser."""

import json
import os
import socket
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from extract.errors import Busy
from storage import lock
from tests.started import WORKER, Told, Up, free_port, until
from tests.typed import PROGRAM, configure, here, newsduck, refused

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("up"), pytest.mark.timeout(1800)]


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
            named = {found["name"]: found["id"] for found in house.board.ask("deployments/filter")}
            house.board.ask(
                f"deployments/{named[house.names.deployment('daily')]}/pause_deployment"
            )  # one run is enough
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
        refused(here("up"), f"port {port} is held by ", f"process {os.getpid()}", "set `server`")


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
    done = here("up")
    refused(done, *words)
    assert "secret" not in done.stderr


def test_times_that_are_none_are_told_with_their_key(tmp_path: Path, newsroom: Newsroom) -> None:
    configure(tmp_path, newsroom)
    refused(here("up", NEWSDUCK_SCHEDULE_INGEST="99 77 * * *"), "schedule.ingest", "minute hour day")


def test_a_wheel_brings_what_up_deploys_and_the_report_needs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=Path(__file__).parents[1], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"flows/prefect.yaml", "flows/board/paper/templates/report.html", "flows/starter/feeds.opml"} <= names


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
