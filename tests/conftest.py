"""What tests share: the embedded newsroom, one Prefect server a session, and the way to real pages where they are."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from extract.sandbox import Sandbox
from flows import server, settings
from tests.board import Board
from tests.line import Line

# Real pages, feeds and articles with known answers belong to their publishers and are no part of this project. Where
# a folder with them stands beside it (or where this variable points), the tests that use them run.
REAL = Path(os.environ.get("REAL_DATA") or Path(__file__).parents[2] / "shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="crash trials at every point, not a sample")


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings or the folder of whoever runs it."""
    for name in [n for n in os.environ if n.startswith("NEWSDUCK_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def real() -> Path:
    """The folder of real data; skips where there is none."""
    if not (REAL / "data").is_dir():
        pytest.skip(f"no real pages at {REAL}: they belong to their publishers and do not come with the project")
    return REAL


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """Two reader processes for the whole session."""
    with Sandbox(2) as workers:
        yield workers


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """The embedded newsroom, on day one."""
    with Newsroom(datetime.now(UTC)) as room:
        yield room


@pytest.fixture
def line(tmp_path: Path, newsroom: Newsroom, sandbox: Sandbox) -> Line:
    """The whole line over the newsroom, called plainly, in a fresh data folder."""
    return Line(tmp_path, newsroom, sandbox)


@pytest.fixture(scope="session")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A real Prefect server, one for the session."""
    folder = tmp_path_factory.mktemp("prefect")
    found = settings.Settings(data=str(folder / "data"), server=settings.Server(url="http://none.invalid/api"))
    with server.running(found, lambda line: None) as api:
        yield Board.of(folder, api)
