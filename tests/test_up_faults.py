"""`newsduck up` that is killed, or whose server or worker is, and Prefect's tables in PostgreSQL: for `make faults`."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from extract.errors import Busy
from flows.board.up import server
from storage import duck, lock
from tests.started import FAR, SERVER, WORKER, Up, free_port, until
from tests.typed import PROGRAM, configure, newsduck

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("up"), pytest.mark.timeout(1800)]


def unhurried(folder: Path, newsroom: Newsroom) -> Up:
    """A `newsduck up` whose runs pause so long that there is time to do something in the middle of one."""
    address = f"http://127.0.0.1:{free_port()}/api"
    configure(folder, newsroom, f'server = "{address}"\n')
    slow = (folder / "newsduck.toml").read_text(encoding="utf-8").replace("pause = 0.0", "pause = 5.0")
    (folder / "newsduck.toml").write_text(slow, encoding="utf-8")
    return Up(folder, address)


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
