"""A day on which nothing is due: no run is begun for it, and none is left out that has something to do."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.records import Feed
from extract.sandbox import Sandbox
from flows import feed_list
from flows import settings as settings_file
from flows.line import idle
from flows.settings import Settings
from storage import duck
from tests.line import Line
from tests.secrets import Press
from tests.typed import newsduck

HOURLY = "[poll]\nevery_minutes = 60\nshortest_minutes = 60\nlongest_minutes = 1440\n"


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Path]:
    """A folder after a run, with nothing that waits."""
    with Press(datetime.now(UTC)) as newsroom:
        line = Line(tmp_path_factory.mktemp("quiet"), newsroom, sandbox)
        topics = "".join(f"[topics.{name!r}]\nquery = '{query}'\n" for name, query in newsroom.topics().items())
        (line.folder / "newsduck.toml").write_text(
            f"{HOURLY}[fetch]\nagain_hours = 0\nallow_loopback = true\n{topics}", encoding="utf-8"
        )
        line.run(poll=settings_file.Poll(every_minutes=60, shortest_minutes=60, longest_minutes=1440))
        for path in (line.warehouse.path, line.warehouse.published):
            with duck.open_file(path) as c:
                c.execute("UPDATE entries SET outcome = 'refused', retry_at = NULL WHERE outcome = 'deferred'")
                c.execute("UPDATE entries SET retry_at = NULL")
        earlier = (datetime.now(UTC) - timedelta(days=1)).timestamp()
        for name in ("newsduck.toml", "feeds.opml"):
            os.utime(line.folder / name, (earlier, earlier))
        yield line.folder


@pytest.fixture
def folder(quiet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to change."""
    copy = tmp_path / "folder"
    shutil.copytree(quiet, copy)
    monkeypatch.chdir(copy)
    return copy


def asked(folder: Path, now: datetime | None = None, more: tuple[Feed, ...] = ()) -> datetime | None:
    found: Settings = settings_file.load()
    return idle.next_due(found, [*feed_list.load(found.path(found.feeds)), *more], now or datetime.now(UTC))


def change(folder: Path, sql: str) -> None:
    with duck.open_file(folder / "data" / "work" / "pipeline.duckdb") as c:
        c.execute(sql)


def test_nothing_is_due_until_the_first_feed_is(folder: Path) -> None:
    at = asked(folder)
    assert at is not None and at > datetime.now(UTC)
    assert asked(folder, at) is None


@pytest.mark.parametrize(
    "what",
    [
        lambda folder: change(folder, "UPDATE entries SET outcome = 'deferred' WHERE entry_id = (SELECT min(entry_id) FROM entries)"),
        lambda folder: change(folder, "DELETE FROM event_stories"),
        lambda folder: change(folder, "INSERT INTO former_events VALUES (1, 2)"),
        lambda folder: change(folder, "UPDATE topics SET whole = false"),
        lambda folder: change(folder, "UPDATE feeds SET next_poll_at = now() + INTERVAL 400 DAY"),
        lambda folder: (folder / "newsduck.toml").touch(),
        lambda folder: (folder / "feeds.opml").touch(),
        lambda folder: (folder / "data" / "warehouse.duckdb").unlink(),
        lambda folder: (folder / "data" / "work" / "pipeline.duckdb").write_bytes(b"broken"),
        lambda folder: shutil.copy(one := next((folder / "data" / "archive").rglob("*.warc.gz")), one.with_name("ingest-20261101T000000Z.warc.gz")),
    ],
    ids=["a page waits", "a story is of no event", "ids of events are to be settled", "a topic is to be applied", "a clock went wrong", "settings", "list", "no published file", "a broken file", "a run died"],
)  # fmt: skip
def test_a_run_is_begun_where_there_is_anything_to_do(folder: Path, what: Callable[[Path], object]) -> None:
    what(folder)
    assert asked(folder) is None


def test_a_feed_that_is_new_on_the_list_is_looked_at(folder: Path) -> None:
    assert asked(folder, more=(Feed(7, "https://herald.example/feed"),)) is None


def test_the_command_says_when_and_begins_no_run(folder: Path) -> None:
    runs = duck.ask(folder / "data" / "warehouse.duckdb", "SELECT count(*) FROM runs")[1]
    done: subprocess.CompletedProcess[str] = newsduck("ingest", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "Nothing is to be done, and no run was begun. The next feed is due at" in done.stdout
    assert duck.ask(folder / "data" / "warehouse.duckdb", "SELECT count(*) FROM runs")[1] == runs
    assert not (folder / "data" / "prefect" / "prefect.db").exists(), "no server was started"
