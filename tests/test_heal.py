"""A run that died is finished by the next one from its archive. Deaths at random moments are tried in tests/faults."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from demo.newsroom import Newsroom
from extract.sandbox import Sandbox
from storage import archive, duck
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
with Sandbox(2) as sandbox:
    ingest(settings_for(folder, {"ferry": "ferry OR ferries"}), sandbox)
"""


def die(folder: Path, point: tuple[str, str, int, str]) -> None:
    module, name, calls, when = point
    words = [sys.executable, "-c", DYING, str(folder), module, name, str(calls), when]
    done = subprocess.run(words, cwd=Path(__file__).parents[1], capture_output=True, text=True)
    assert done.returncode in (-9, 0), done.stderr


def state(line: Line) -> list[tuple[Any, ...]]:
    """What a person finds, without times and run numbers."""
    return line.ask(
        """SELECT a.url, a.title, a.text, c.role, c.agency, c.agency_from, (SELECT count(*) FROM copies o WHERE o.story_id = c.story_id)
        FROM articles a JOIN copies c USING (article_id) ORDER BY a.url"""
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> tuple[Newsroom, list[tuple[Any, ...]]]:
    """A newsroom, and what a run that nothing disturbs makes of its first day."""
    newsroom = Newsroom(datetime.now(UTC)).__enter__()
    line = Line(tmp_path_factory.mktemp("undisturbed"), newsroom, sandbox)
    line.run()
    return newsroom, state(line)


def test_nothing_that_was_archived_is_fetched_again(
    tmp_path: Path, undisturbed: tuple[Newsroom, Any], sandbox: Sandbox
) -> None:
    newsroom, _ = undisturbed
    (tmp_path / "feeds.opml").write_text(newsroom.opml(), encoding="utf-8")
    die(tmp_path, ("flows.ingest", "settle", 1, "after"))
    before = len(newsroom.requests)
    line = Line(tmp_path, newsroom, sandbox)
    line.run()
    pages = {path for host, path, _ in newsroom.requests[before:]}
    assert not [p for p in pages if "/news/" in p or "/story.php" in p], "articles came from the archive"
    assert line.ask("SELECT kind FROM runs ORDER BY finished_at") == [("recovered",), ("ingest",)]


def test_a_torn_archive_file_costs_its_last_record_only(
    tmp_path: Path, undisturbed: tuple[Newsroom, list[tuple[Any, ...]]], sandbox: Sandbox
) -> None:
    newsroom, want = undisturbed
    (tmp_path / "feeds.opml").write_text(newsroom.opml(), encoding="utf-8")
    die(tmp_path, ("flows.ingest", "settle", 1, "after"))
    line = Line(tmp_path, newsroom, sandbox)
    (name,) = archive.files(line.warehouse.archive)
    path = line.warehouse.archive.path(name)
    path.write_bytes(path.read_bytes()[:-100])
    line.run()
    assert [row[0] for row in state(line)] == [row[0] for row in want]


def test_the_published_file_is_never_half_a_file(line: Line) -> None:
    """A reader that opens it over and over while runs publish sees whole files only."""
    import threading

    line.run()
    stop, seen = threading.Event(), []

    def look() -> None:
        while not stop.is_set():
            seen.append(duck.ask(line.warehouse.published, "SELECT count(*) FROM articles")[1][0][0])

    reader = threading.Thread(target=look)
    reader.start()
    line.newsroom.day = 2
    line.run()
    stop.set()
    reader.join()
    assert set(seen) <= {54, 96}
