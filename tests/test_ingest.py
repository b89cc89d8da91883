"""The flow on a real Prefect server: its runs, states, artifacts and deployment, as the dashboard shows them."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from storage import duck, lock
from tests.board import Board, Ran
from tests.typed import configure, newsduck

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("server")]  # one server, one process
ROOT = Path(__file__).parents[1]


def test_the_command_says_what_came_of_it(ran: Ran) -> None:
    folder, done = ran.folder, ran.done
    assert done.returncode == 0, done.stderr
    for part in (
        "17 feeds, 2 failed",
        "59 entries: 54 stored",
        "54 articles, 29 new stories, 25 copies",
        "topic Ferry strike: 8 articles, 3 stories",
        "CompletedWithFailures: 2 of 17 feeds failed",
        "Next: newsduck status",
    ):
        assert part in done.stdout
    assert "answers HTTP 503" in done.stderr
    assert "Traceback" not in done.stderr
    assert "leaked" not in done.stderr
    assert duck.ask(folder / "data" / "warehouse.duckdb", "SELECT count(*) FROM articles")[1] == [(54,)]


def test_the_run_is_named_by_its_date_and_its_state_says_what_happened(ran: Ran, board: Board) -> None:
    run = ran.run
    assert run["name"].startswith(f"ingest {datetime.now(UTC):%Y-%m-%d}")
    assert (run["state_type"], run["state_name"]) == ("COMPLETED", "CompletedWithFailures")
    assert run["state"]["message"] == "2 of 17 feeds failed"


def test_no_task_run_is_lost_and_there_are_few(ran: Ran, board: Board) -> None:
    tasks = board.ask("task_runs/filter", flow_runs={"id": {"any_": [ran.run["id"]]}}, limit=200)
    names = sorted(t["name"].split("-")[0].split(" ")[0] for t in tasks)
    assert names == ["events", "fetch", "group", "heal", "learn", "load", "plan", "poll", "publish", "retag"]
    assert {t["state_type"] for t in tasks} == {"COMPLETED"}


def test_its_log_says_what_each_step_did_in_numbers(ran: Ran, board: Board) -> None:
    logs = board.ask("logs/filter", logs={"flow_run_id": {"any_": [ran.run["id"]]}}, limit=200)
    lines = [log["message"] for log in logs]
    assert sum("Finished in state" in line for line in lines) <= 1, "the run's own"
    for words in (
        "poll 1: 17 feeds, 2 failed; 59 entries; ",
        "plan: 58 pages to fetch",
        "fetch-and-read 1: 57 pages in the archive, 1 not had",
        "learn: 54 stored, ",
        "load: 54 stored, 29 new",
    ):
        assert any(line.startswith(words) for line in lines), (words, lines)


def test_the_run_shows_its_feeds_and_a_summary(ran: Ran, board: Board) -> None:
    found = board.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [ran.run["id"]]}})
    artifacts = {a["key"]: a for a in found}
    rows = json.loads(artifacts["feeds"]["data"])
    assert [row["outcome"] for row in rows][:3] == ["failed", "refused", "new"]
    assert len(rows) == 17
    assert "| **stored** as articles | 54 |" in artifacts["summary"]["data"]
    assert "Ferry crews walk out" in artifacts["top-stories"]["data"]


def test_the_warehouse_knows_its_run_in_prefect(ran: Ran, board: Board) -> None:
    ((recorded,),) = duck.ask(ran.folder / "data" / "warehouse.duckdb", "SELECT prefect_run FROM runs")[1]
    assert recorded == ran.run["id"]


def test_a_second_run_meanwhile_says_so_and_exits_0(ran: Ran) -> None:
    folder = ran.folder
    with lock.held(folder / "data" / "work", "ingest", datetime.now(UTC)):
        done = newsduck("ingest", cwd=folder)
    assert done.returncode == 0
    assert "has been working since" in done.stderr


def test_poll_keeps_entries_and_leaves_their_articles_to_ingest(board: Board, tmp_path: Path) -> None:
    with Newsroom(datetime.now(UTC)) as newsroom:
        configure(tmp_path, newsroom, board.settings)
        done = newsduck("poll", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for part in ("17 feeds, 2 failed", "59 entries: ", "58 deferred", "CompletedWithFailures", "Next: newsduck ingest"):
        assert part in done.stdout
    run = board.ran("poll")
    assert run["name"].startswith(f"poll {datetime.now(UTC):%Y-%m-%d}")
    tasks = board.ask("task_runs/filter", flow_runs={"id": {"any_": [run["id"]]}}, limit=200)
    assert sorted(t["name"].split("-")[0].split(" ")[0] for t in tasks) == ["heal", "load", "plan", "poll", "publish"]
    found = board.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    assert {a["key"] for a in found} == {"feeds", "summary", "poll"}


def test_deploy_all_is_accepted_as_it_stands(board: Board, tmp_path: Path) -> None:
    """Plain Prefect habits: prefect.yaml needs nothing of ours, but a pool of its name."""
    board.ask("work_pools/", name="newsduck", type="process")
    done = subprocess.run(
        [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"],
        cwd=ROOT,
        env={**os.environ, "PREFECT_API_URL": board.api, "PREFECT_API_AUTH_STRING": board.auth},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for name, flow in (
        ("daily", "ingest"),
        ("hourly", "poll"),
        ("weekly", "upkeep"),
        ("on-demand", "regroup"),
        ("back-in-time", "backfill"),
    ):
        (deployment,) = board.ask("deployments/filter", deployments={"name": {"any_": [name]}})
        assert deployment["entrypoint"] == f"flows/{flow}.py:{flow}"
        for schedule in deployment["schedules"]:
            assert schedule["schedule"]["timezone"] == "Europe/Berlin"


def test_a_server_is_started_for_the_run_where_none_answers_and_stopped_after_it(tmp_path: Path) -> None:
    """A feed list whose one feed is dead: nothing could be reached, so the run has failed, and says so."""
    (tmp_path / "feeds.opml").write_text(
        '<opml version="2.0"><body><outline xmlUrl="http://127.0.0.1:9/feed"/></body></opml>'
    )
    (tmp_path / "newsduck.toml").write_text('server = "http://none.invalid/api"\n[fetch]\nallow_loopback = true\n')
    done = newsduck("ingest", cwd=tmp_path, PREFECT_HOME=str(tmp_path / "home"))
    assert done.returncode == 1, done.stderr
    assert "starting one for this run" in done.stderr
    assert "Failed: none of 1 feeds could be read" in done.stdout
    assert "The server has recorded" not in done.stderr
    left = subprocess.run(["pgrep", "-f", str(tmp_path / "home")], capture_output=True, text=True).stdout
    assert left == ""
