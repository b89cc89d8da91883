"""The Prefect server goes away for good in the middle of a run: the data's work is done, and the command ends with it."""

import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from storage import duck, lock
from tests.started import FAR, free_port
from tests.typed import PROGRAM, configure, newsduck

pytestmark = [
    pytest.mark.server,
    pytest.mark.timeout(1800),
    pytest.mark.xdist_group("up"),
    pytest.mark.promise("A Prefect server that goes away in the middle of a run costs the run nothing"),
]


def child(parent: int, words: str) -> int:
    """The child of a process with these words in its command."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            own = int(path.read_text().rsplit(")", 1)[1].split()[1]) == parent
            line = (path.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if own and words in line:
                return int(path.parent.name)
        except OSError:
            continue
    raise AssertionError(f"process {parent} has no child {words!r}")


@pytest.mark.apart
def test_the_run_is_whole_and_is_told_to_the_dashboard_by_the_next(tmp_path: Path) -> None:
    with Newsroom(datetime.now(UTC)) as newsroom:
        configure(tmp_path, newsroom, f'server = "http://127.0.0.1:{free_port()}/api"\n')
        file = tmp_path / "newsduck.toml"
        quick = file.read_text(encoding="utf-8")
        file.write_text(quick.replace("pause = 0.0", "pause = 1.0"), encoding="utf-8")
        with subprocess.Popen(
            [PROGRAM, "ingest"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as ingest:
            try:
                while not list((tmp_path / "data" / "archive").glob("*/*/*/*.gz")):
                    assert ingest.poll() is None
                    time.sleep(0.1)
                os.kill(child(ingest.pid, "flows.board.up.serve"), signal.SIGKILL)
                told = ingest.communicate(timeout=FAR)[0].decode()
            finally:
                ingest.kill()
        assert ingest.returncode == 0, told
        assert "59 entries: 54 stored" in told and "CompletedWithFailures: 2 of 17 feeds failed" in told
        assert told.count("The Prefect server went away meanwhile") == 1
        assert "Traceback" not in told and "Error" not in told and told.count("\n") < 25, told
        work = tmp_path / "data" / "work"
        assert lock.look(work) is None
        (run,) = lock.unclosed(work)
        assert (run.name, run.completed) == ("CompletedWithFailures", True)
        assert duck.ask(tmp_path / "data/warehouse.duckdb", "SELECT count(*) FROM articles")[1] == [(54,)]
        file.write_text(quick, encoding="utf-8")
        assert newsduck("poll", cwd=tmp_path).returncode == 0
    assert lock.unclosed(work) == []
    with closing(sqlite3.connect(tmp_path / "data" / "prefect" / "prefect.db")) as records:
        states = dict(records.execute("SELECT name, state_name FROM flow_run").fetchall())
    assert {state for name, state in states.items() if name.startswith("ingest ")} == {"CompletedWithFailures"}


def test_a_garbled_lock_stops_nothing(tmp_path: Path) -> None:
    for text in (
        b"\xff\xfe\x00",
        b"[]",
        b"{}",
        b'{"what": 1}',
        b"null",
        b'{"what":"ingest","pid":"x","since":"y","prefect_run":"' + b"z" * 99,
    ):
        (tmp_path / "lock").write_bytes(text)
        (tmp_path / "unclosed").write_bytes(text)
        lock.look(tmp_path)
        lock.unclosed(tmp_path)
        with lock.held(tmp_path, "ingest", datetime.now(UTC)):
            pass
        assert lock.look(tmp_path) is None


@pytest.mark.promise("A run that is stopped at the terminal ends, and loses nothing")
def test_ctrl_c_ends_the_command(tmp_path: Path) -> None:
    """A terminal sends it to all processes, the run's own server too."""
    with Newsroom(datetime.now(UTC)) as newsroom:
        configure(tmp_path, newsroom, f'server = "http://127.0.0.1:{free_port()}/api"\n')
        file = tmp_path / "newsduck.toml"
        file.write_text(file.read_text(encoding="utf-8").replace("pause = 0.0", "pause = 1.0"), encoding="utf-8")
        with subprocess.Popen(
            [PROGRAM, "ingest"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        ) as ingest:
            try:
                while not list((tmp_path / "data" / "archive").glob("*/*/*/*.gz")):
                    assert ingest.poll() is None
                    time.sleep(0.1)
                os.killpg(ingest.pid, signal.SIGINT)
                told = ingest.communicate(timeout=FAR)[0].decode()
            finally:
                ingest.kill()
        assert ingest.returncode == 130, told
        assert told.rstrip().endswith("stopped; what was fetched is in the archive, the next run loads it"), told
        lock.look(tmp_path / "data" / "work")
