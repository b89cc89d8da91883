"""Two data folders on one machine: on one Prefect server each does its own work, and two commands at once never meet."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from storage import duck
from tests.board import Board
from tests.started import FAR, Up, free_port, until
from tests.typed import PROGRAM, configure

pytestmark = [
    pytest.mark.server,
    pytest.mark.timeout(1800),
    pytest.mark.xdist_group("server"),  # one server, one process
    pytest.mark.promise(
        "Two data folders share a server and each runs its own; two commands that start one do not meet"
    ),
]


@pytest.fixture(autouse=True)
def _not_in_a_hurry(trials: Callable[[int, int, int], int]) -> None:
    """They take five minutes, most of it Prefect's own."""
    if not trials(0, 1, 1):
        pytest.skip("in `make faults`")


SELDOM = '[schedule]\npoll = "0 0 1 1 *"\ningest = "0 0 1 1 *"\nupkeep = "0 0 1 1 *"\n'


def runs(folder: Path) -> list[str]:
    path = folder / "data" / "warehouse.duckdb"
    return [str(kind) for (kind,) in duck.ask(path, "SELECT kind FROM runs")[1]] if path.exists() else []


def test_on_one_server_each_folder_runs_its_own(board: Board, tmp_path: Path) -> None:
    """Two `newsduck up` on a person's own server with a password: the same deployments, the same pool's name but for the
    folder's; a run of one is done by the one, on its data."""
    houses = []
    with Newsroom(datetime.now(UTC)) as newsroom:
        for name in ("here", "there"):
            folder = tmp_path / name
            folder.mkdir()
            configure(folder, newsroom, board.settings)
            with (folder / "newsduck.toml").open("a", encoding="utf-8") as file:
                file.write(SELDOM)
            houses.append(Up(folder, board.api))
        try:
            for house in houses:
                house.start()
            one, two = houses
            assert one.names.pool != two.names.pool
            named = {d["name"]: d for d in board.ask("deployments/filter")}
            assert {one.names.deployment("hourly"), two.names.deployment("hourly")} <= set(named)
            hourly = named[one.names.deployment("hourly")]
            assert hourly["work_pool_name"] == one.names.pool
            board.ask(f"deployments/{hourly['id']}/create_flow_run", state={"type": "SCHEDULED"})
            until(
                lambda: runs(one.folder) == ["poll"],
                lambda: one.said() + (one.folder / "data/prefect/worker.log").read_text(),
            )
            assert runs(two.folder) == []
            assert "password  " not in one.said(), "it is the person's own server"
        finally:
            left = [house.stop() for house in houses]
    assert left == [0, 0]


def test_two_commands_at_once_never_meet(tmp_path: Path) -> None:
    """Where no server answers, each starts its own on a port of its own: both come to their end."""
    address = f"http://127.0.0.1:{free_port()}/api"
    with Newsroom(datetime.now(UTC)) as newsroom:
        started = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            configure(folder, newsroom, f'server = "{address}"\n')
            started.append(
                subprocess.Popen([PROGRAM, "poll"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            )
        told = [process.communicate(timeout=FAR)[0].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0], told
    for name, words in zip(("one", "two"), told, strict=True):
        assert runs(tmp_path / name) == ["poll"]
        assert "starting one for this run" in words and "Traceback" not in words
