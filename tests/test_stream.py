"""Pages are read while others are fetched, and what comes of a run does not show in which order they came."""

import asyncio
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from demo.newsroom import Newsroom
from demo.server import Answer
from extract.errors import Broken
from extract.fetch.client import Stop, fetch_all
from extract.fetch.manners import Manners
from extract.records import Ask, Page
from extract.sandbox import Sandbox
from flows.board import progress
from flows.ingest import line
from flows.line import stream
from flows.settings import Fetch
from storage.archive import ArchiveWriter
from tests.faults.twin import differences
from tests.line import Line, at_work, ingest, settings_for
from tests.newsagent import Newsagent, answer

T = TypeVar("T")


class Shuffled(Newsroom):
    """A newsroom each of whose answers takes another time."""

    seed = 0

    def _find(self, host: str, path: str) -> Answer:
        time.sleep(random.Random(f"{self.seed} {host} {path}").random() / 20)
        return super()._find(host, path)


@pytest.fixture
def shuffled() -> Iterator[Shuffled]:
    with Shuffled(datetime.now(UTC)) as newsroom:
        yield newsroom


def test_readers_and_the_order_of_answers_change_no_row(
    shuffled: Shuffled, tmp_path: Path, trials: Callable[[int, int, int], int]
) -> None:
    numbers = (1, 4, 2, 8)[: trials(2, 4, 4)]
    days = (1, 2)[: trials(1, 2, 2)]
    for readers in numbers:
        shuffled.seed = readers
        with Sandbox(readers) as sandbox:
            house = Line(tmp_path / str(readers), shuffled, sandbox)
            house.folder.mkdir()
            for day in days:
                shuffled.day = day
                house.run()
    one = tmp_path / "1" / "data"
    for readers in numbers[1:]:
        assert differences(tmp_path / str(readers) / "data", one) == []


@pytest.fixture
def agent() -> Iterator[Newsagent]:
    with Newsagent() as there:
        yield there


def hang(over: threading.Event) -> None:
    over.wait(200)  # a backstop


def listed(agent: Newsagent, folder: Path, *hosts: str) -> bytes:
    """A feed of a page at each of these hosts, and of a last one, on the person's list; gives the page."""
    words = " ".join(f"word{n}" for n in range(120))
    page = agent.shelf["/page"] = answer(f"<h1>A story</h1><article><p>{words}.</p></article>")
    links = "".join(f"<item><title>One</title><link>{agent.url('/page', host)}</link></item>" for host in hosts)
    links += f"<item><title>Last</title><link>{agent.url('/last', 'last.localhost')}</link></item>"
    agent.shelf["/feed"] = answer(f"<rss version='2.0'><channel>{links}</channel></rss>")
    outline = f'<outline xmlUrl="{agent.url("/feed")}"/>'
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>')
    return page


def test_a_page_is_read_while_another_is_still_on_its_way(agent: Newsagent, sandbox: Sandbox, tmp_path: Path) -> None:
    read = threading.Event()
    came = []

    def last(connection: socket.socket, _: str) -> None:
        came.append(read.wait(200))  # a backstop: it is set once another page is read
        connection.sendall(page)

    page = listed(agent, tmp_path, "one.localhost")
    agent.on("/last", last)
    watching = progress.Quiet()
    watching.stages.append(lambda name, _: read.set if name == "read" else lambda: None)
    patient = Fetch(allow_loopback=True, pause=0.0, timeout=300.0)
    with progress.watched_by(watching):
        row = ingest(settings_for(tmp_path, {}, fetch=patient), sandbox)
    assert came == [True]
    assert row["stored"] == 2


def test_a_run_that_is_broken_off_leaves_nobody_at_work(agent: Newsagent, sandbox: Sandbox, tmp_path: Path) -> None:
    over = threading.Event()
    listed(agent, tmp_path, "one.localhost")
    agent.on("/last", lambda *_: hang(over))
    patient = Fetch(allow_loopback=True, pause=0.0, timeout=300.0)

    def broken_off(name: str, call: Callable[[], T]) -> T:
        if name.startswith("fetch-and-read"):
            raise KeyboardInterrupt
        return call()

    with at_work("ingest", settings_for(tmp_path, {}, fetch=patient), sandbox) as (work, feeds):
        work.bar = broken_off
        with pytest.raises(KeyboardInterrupt):
            line(work, feeds)
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("stream")]
    over.set()


def test_a_reader_that_cannot_start_ends_the_fetching_too(
    agent: Newsagent, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    listed(agent, tmp_path, "one.localhost")
    agent.on("/last", lambda *_: hang(over))

    def broken(*_: object, **__: object) -> None:
        raise Broken("no reader")

    monkeypatch.setattr(stream, "read", broken)
    patient = Fetch(allow_loopback=True, pause=0.0, timeout=300.0)
    with (
        at_work("ingest", settings_for(tmp_path, {}, fetch=patient), sandbox) as (work, feeds),
        pytest.raises(Broken, match="no reader"),
    ):
        line(work, feeds)
    over.set()


def test_an_archive_that_takes_no_more_ends_the_run(
    agent: Newsagent, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading ends then with what has come, and the run does not wait for the rest."""
    listed(agent, tmp_path, "one.localhost")
    whole = ArchiveWriter.keep

    def full(self: ArchiveWriter, page: Page) -> Page:
        if page.ask.role == "page":
            raise Broken("the archive takes no more")
        return whole(self, page)

    monkeypatch.setattr(ArchiveWriter, "keep", full)
    with (
        at_work("ingest", settings_for(tmp_path, {}), sandbox) as (work, feeds),
        pytest.raises(Broken, match="takes no more"),
    ):
        line(work, feeds)


def test_a_fetch_that_was_stopped_before_it_began_asks_nobody(agent: Newsagent) -> None:
    stop = Stop()
    stop.ask()
    with pytest.raises(asyncio.CancelledError):
        ask = Ask(agent.url("/fine"), "page", "", 100)
        fetch_all([ask], Manners("newsduck/test", allow_loopback=True), lambda page: page, stop=stop)
    assert agent.paths() == []
