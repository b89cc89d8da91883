"""What tests share: the embedded newsroom, one Prefect server a session, and the way to real pages where they are."""

import gc
import os
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.newsroom import Newsroom
from extract.forks import ForkServer
from extract.sandbox import Sandbox
from flows import settings
from flows.board.up import server
from tests import promises, readers
from tests.board import Board, Ran
from tests.houses import Houses
from tests.line import Line
from tests.promises import Tries
from tests.secrets import Press
from tests.typed import configure, newsduck

if TYPE_CHECKING:
    from tests.stores import Elsewhere, S3Bucket, Server

# Real pages, feeds and articles with known answers belong to their publishers and are no part of this project. Where
# a folder with them stands beside it (or where this variable points), the tests that use them run.
REAL = Path(os.environ.get("REAL_DATA") or Path(__file__).parents[2] / "shared")

# Fixtures of tests that run whole lines.
WHOLE = frozenset(
    ("line", "stored", "both_days", "houses", "sandbox", "small", "elsewhere", "ground", "house", "press", "real")
)

gc.disable()  # until all is loaded: nothing of it goes before the end


def pytest_collection_finish() -> None:
    """From here on garbage is looked for, but never in what is there now, which takes each process a second and a half."""
    gc.collect()
    gc.freeze()
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--many", action="store_true", help="trials of promises by the hundred: half an hour in all")
    parser.addoption("--long", action="store_true", help="trials of promises at every point, by the thousand: hours")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Longer tests stand apart. And what xdist 3.8 means to do in each of its processes and, since pytest 9.2 keeps names elsewhere,
    does not: a test's group is written behind its name, by which `--dist loadgroup` sends a group's tests to one process. What tests
    share that takes long to make gives them a group too: it would be made in each process."""
    if not (config.getoption("--many") or config.getoption("--long")):
        for item in items:
            if item.get_closest_marker("apart"):
                item.add_marker(pytest.mark.skip("a longer one, in `make faults`"))
    if not getattr(config.option, "loadgroup", False):
        return
    # Those that run whole lines take seconds and come first: at the end no process waits for the last of another's.
    items.sort(key=lambda item: WHOLE.isdisjoint(getattr(item, "fixturenames", ())))
    for item in items:
        groups = "_".join(sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})) or _shared(item)
        if groups and not item.nodeid.endswith(f"@{groups}"):
            item._id = type(item._id).parse(f"{item.nodeid}@{groups}")


def _shared(item: pytest.Item) -> str:
    """The group of a test that begins where earlier runs ended, or else of one that takes a fixture made once a module; else ""."""
    assert isinstance(item, pytest.Function)
    scopes = {name: defined[-1].scope for name, defined in item._fixtureinfo.name2fixturedefs.items()}
    if scopes.get("houses") == "session" and not {"newsroom", "line"} & scopes.keys():  # which take but its rooms
        return "houses"
    return item.path.stem if "module" in scopes.values() else ""


@pytest.fixture
def trials(request: pytest.FixtureRequest) -> Callable[[int, int, int], int]:
    """Gives the number to try: of (few, many, all) few, or what --many and --long ask for."""
    chosen = 2 if request.config.getoption("--long") else 1 if request.config.getoption("--many") else 0
    return lambda *numbers: numbers[chosen]


@pytest.fixture
def tries(request: pytest.FixtureRequest) -> Iterator[Tries]:
    """The tries of the test's promise; the test fails at its end if one of them did."""
    request.node.tries = counted = Tries()
    yield counted
    counted.judge()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note how a promise's trial went, where PROMISES names a file for that."""
    report = yield
    promise, path = item.get_closest_marker("promise"), os.environ.get("PROMISES")
    if (
        promise
        and path
        and not report.skipped
        and (report.when == "call" or (report.when == "setup" and report.failed))
    ):
        tried = getattr(item, "tries", Tries())
        count = max(tried.count, 1)
        failed = len(tried.failed) or int(report.failed)
        promises.note(Path(path), promises.Told(promise.args[0], _name(item), count, failed))
    return report


def _name(item: pytest.Item) -> str:
    """A test's name without its group."""
    return item.nodeid.rpartition("@")[0] if item.nodeid.rfind("@") > item.nodeid.rfind("]") else item.nodeid


@pytest.fixture(scope="session")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where tests are that have no folder of their own, which takes longer to make than most of them: they leave nothing there."""
    folder = tmp_path_factory.mktemp("nowhere")
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture(autouse=True)
def _no_settings(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    """No test sees the settings or the folder of whoever runs it. A command has one reader: each takes seconds to start."""
    for name in [n for n in os.environ if n.startswith("NEWSDUCK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEWSDUCK_READ_WORKERS", "1")
    monkeypatch.chdir(request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else nowhere)


@pytest.fixture
def real() -> Path:
    """The folder of real data; skips where there is none."""
    if not (REAL / "data").is_dir():
        pytest.skip(f"no real pages at {REAL}: they belong to their publishers and do not come with the project")
    return REAL


@pytest.fixture(scope="session", autouse=True)
def _one_server() -> Iterator[None]:
    """Whoever reads in this process has readers of one fork server."""
    with readers.one_server():
        yield


@pytest.fixture
def own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """But here each sandbox has a fork server of its own, as outside of tests."""
    monkeypatch.setattr("extract.sandbox.ForkServer", ForkServer)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Two reader processes for the whole session."""
    with Sandbox(2) as workers:
        yield workers


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Houses]:
    """The newsrooms of the session, and data folders that know their first days."""
    now = datetime.now(UTC)
    with Newsroom(now) as newsroom, Press(now) as press:
        yield Houses(tmp_path_factory.mktemp("houses"), {"newsroom": newsroom, "press": press}, sandbox)


@pytest.fixture(scope="module")
def s3_server() -> "Iterator[Server]":
    """An S3 server on loopback, and keys for it in the environment."""
    from tests.stores import served  # boto3 and moto, which most tests do without

    with served() as found:
        yield found


@pytest.fixture(params=["s3", "folder"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path, trials: Callable[[int, int, int], int]) -> "Elsewhere":
    """A store of its own. S3 with versions kept: what holds there holds without. Of the longer tests that of a share stands apart."""
    from tests.stores import S3Bucket, SharedFolder

    if request.param == "folder":
        if request.node.get_closest_marker("promise") and not trials(0, 1, 1):
            pytest.skip("in `make faults`")
        return SharedFolder(tmp_path / "share")
    return S3Bucket(request.getfixturevalue("s3_server"), versioned=True)


@pytest.fixture
def bucket(s3_server: "Server") -> "S3Bucket":
    """A bucket of that server, without versions."""
    from tests.stores import S3Bucket

    return S3Bucket(s3_server)


@pytest.fixture
def press_room() -> Iterator[Press]:
    with Press(datetime.now(UTC)) as made:
        yield made


@pytest.fixture
def small(tmp_path: Path, sandbox: Sandbox, elsewhere: "Elsewhere", press_room: Press) -> Line:
    """A line over a small press."""
    return Line(tmp_path, press_room, sandbox, elsewhere.address)


@pytest.fixture
def away_line(tmp_path: Path, newsroom: Newsroom, sandbox: Sandbox, elsewhere: "Elsewhere") -> Line:
    return Line(tmp_path, newsroom, sandbox, elsewhere.address)


@pytest.fixture
def newsroom(houses: Houses) -> Newsroom:
    """The embedded newsroom, on day one."""
    return houses.room()


@pytest.fixture
def line(tmp_path: Path, houses: Houses) -> Line:
    """The whole line over the newsroom, called plainly, in a fresh data folder."""
    return houses.line(tmp_path, 0)


@pytest.fixture
def stored(tmp_path: Path, houses: Houses) -> Line:
    """The same after day one."""
    return houses.line(tmp_path, 1)


@pytest.fixture
def both_days(tmp_path: Path, houses: Houses) -> Line:
    """The same after both days."""
    return houses.line(tmp_path, 2)


@pytest.fixture(scope="session")
def ran(board: Board, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """`newsduck ingest` over day one of the newsroom, on the session's server."""
    folder = tmp_path_factory.mktemp("ran")
    with Newsroom(datetime.now(UTC)) as newsroom:
        configure(folder, newsroom, board.settings)
        done = newsduck("ingest", cwd=folder)
    return Ran(folder, done, board.ran("ingest"))


@pytest.fixture(scope="session")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A real Prefect server, one for the session."""
    folder = tmp_path_factory.mktemp("prefect")
    found = settings.Settings(data=str(folder / "data"), server=settings.Server(url="http://none.invalid/api"))
    with server.running(found, lambda line: None) as api:
        yield Board.of(folder, api)
