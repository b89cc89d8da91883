"""A run that died is finished by the next one from its archive. Deaths at random moments are tried in tests/faults."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from storage import archive, duck
from tests import forked
from tests.houses import Houses
from tests.line import Line

# A run of day one in a process of its own, which kills itself with SIGKILL at the given call of the given function.
DYING = """
import os, signal, sys
from pathlib import Path
import flows.line.finish, storage.archive, storage.publish, storage.warehouse
from extract.sandbox import Sandbox
from tests.line import ingest, settings_for

folder, module, name, calls, when = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
owner = sys.modules[module]
for part in name.split(".")[:-1]:
    owner = getattr(owner, part)
whole, count = getattr(owner, name.split(".")[-1]), 0

def dying(*args, **kwargs):
    global count
    count += 1
    if count == calls and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = whole(*args, **kwargs)
    if count == calls:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name.split(".")[-1], dying)
with Sandbox(1) as sandbox:
    ingest(settings_for(folder, {"ferry": "ferry OR ferries"}), sandbox)
"""


def die(folder: Path, point: tuple[str, str, int, str]) -> None:
    module, name, calls, when = point
    assert forked.run(DYING, folder, module, name, calls, when) == -9


def state(line: Line) -> list[tuple[Any, ...]]:
    """What a person finds, without times and run numbers."""
    return line.ask(
        """SELECT a.url, a.title, a.text, c.role, c.agency, c.agency_from, (SELECT count(*) FROM copies o WHERE o.story_id = c.story_id)
        FROM articles a JOIN copies c USING (article_id) ORDER BY a.url"""
    )


@pytest.fixture(scope="module")
def dead(tmp_path_factory: pytest.TempPathFactory, houses: Houses) -> Path:
    """The folder that such a run leaves which dies when all of day one is read and nothing is stored."""
    folder = tmp_path_factory.mktemp("dead")
    (folder / "feeds.opml").write_text(houses.room().opml(), encoding="utf-8")
    die(folder, ("flows.ingest", "settle", 1, "after"))
    return folder


@pytest.fixture
def healed(dead: Path, line: Line) -> Line:
    """A copy of it, for the run that finishes it."""
    shutil.copytree(dead, line.folder, dirs_exist_ok=True)
    return line


@forked.ONE
def test_nothing_that_was_archived_is_fetched_again(healed: Line) -> None:
    line = healed
    line.run()
    pages = {path for _, path, _ in line.newsroom.requests}
    assert not [p for p in pages if "/news/" in p or "/story.php" in p], "articles came from the archive"
    assert line.ask("SELECT kind FROM runs ORDER BY finished_at") == [("recovered",), ("ingest",)]


@forked.ONE
def test_a_torn_archive_file_costs_its_last_record_only(healed: Line, houses: Houses, tmp_path: Path) -> None:
    line, want = healed, state(houses.line(tmp_path / "undisturbed", 1))
    (name,) = archive.files(line.warehouse.archive)
    path = line.warehouse.archive.path(name)
    path.write_bytes(path.read_bytes()[:-100])
    line.run()
    assert [row[0] for row in state(line)] == [row[0] for row in want]


def test_the_published_file_is_never_half_a_file(stored: Line) -> None:
    """A reader that opens it over and over while runs publish sees whole files only."""
    import threading

    stop, seen = threading.Event(), []

    def look() -> None:
        while not stop.is_set():
            seen.append(duck.ask(stored.warehouse.published, "SELECT count(*) FROM articles")[1][0][0])

    reader = threading.Thread(target=look)
    reader.start()
    stored.newsroom.day = 2
    stored.run()
    stop.set()
    reader.join()
    assert set(seen) <= {54, 96}
