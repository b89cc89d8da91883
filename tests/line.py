"""The whole line, its functions called plainly, without Prefect."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flows.backfill
import flows.ingest
import flows.poll
from demo.newsroom import Newsroom
from extract.fetch.robots import Book
from extract.records import Feed
from extract.sandbox import Sandbox
from extract.vocabulary import RunKind
from flows import feed_list, settings
from flows import house as houses
from flows.board import frame
from flows.line import forget, heal, journal, send
from flows.line.forget import Gone
from flows.line.parts import ask, lists
from flows.line.parts.taking import taking_in
from flows.line.work import Ran, Work, alone, start
from storage import duck, lock
from storage.archive import ArchiveWriter
from storage.erase.house import Wanted
from storage.warehouse import Warehouse
from tests.empty import empty

AGENCIES = Path(__file__).parents[1] / "demo" / "agencies.toml"


def settings_for(folder: Path, topics: dict[str, str], **changes: Any) -> settings.Settings:
    """Settings for a server on loopback, in a hurry, and a data folder, which is made where it is none."""
    if not (folder / "data").exists():
        empty(folder / "data")
    return settings_of(folder, topics, **changes)


def settings_of(folder: Path, topics: dict[str, str], **changes: Any) -> settings.Settings:
    """These settings alone: the first run makes the data folder, as it does for a person."""
    values: dict[str, Any] = {
        "data": str(folder / "data"),
        "feeds": str(folder / "feeds.opml"),
        "agencies": str(AGENCIES),
        "fetch": settings.Fetch(allow_loopback=True, pause=0.0, timeout=5.0, retry_minutes=0.0),
        "poll": settings.Poll(every_minutes=1e-6, shortest_minutes=1e-6, longest_minutes=1e-6),
        "topics": {name: settings.TopicSetting(query=query) for name, query in topics.items()},
    }
    return settings.Settings(**{**values, **changes})


@dataclass
class Line:
    """Runs over a newsroom, one after the other, in one data folder."""

    folder: Path
    newsroom: Newsroom
    sandbox: Sandbox
    archive: str = ""  # as the setting says

    @property
    def warehouse(self) -> Warehouse:
        return houses.warehouse(self.settings())

    def run(self, **changes: Any) -> dict[str, Any]:
        """One run as `ingest` makes it; gives its row."""
        (self.folder / "feeds.opml").write_text(self.newsroom.opml(), encoding="utf-8")
        return ingest(self.settings(**changes), self.sandbox)

    def settings(self, **changes: Any) -> settings.Settings:
        """The settings of its runs."""
        return settings_for(self.folder, self.newsroom.topics(), **{"archive": self.archive, **changes})

    def forget(self, wanted: Wanted) -> Gone:
        """What `newsduck forget` does once it has asked; gives what went."""
        with alone("forget", self.settings(), self.sandbox) as work:
            return forget.delete(work, wanted, datetime.now(UTC))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """A query on the published warehouse."""
        return duck.ask(self.warehouse.published, sql)[1]


@contextmanager
def at_work(
    kind: RunKind, found: settings.Settings, sandbox: Sandbox, asked: Mapping[str, Any] | None = None
) -> Iterator[tuple[Work, list[Feed]]]:
    """What flows/board/frame.py sets up around a flow's line, and the person's list."""
    listed = feed_list.load(found.path(found.feeds))
    warehouse = houses.warehouse(found)
    now = datetime.now(UTC)
    run = start(kind, now, place=warehouse.archive)
    with ExitStack() as house:
        house.enter_context(lock.held(warehouse.work, kind, now))
        archive = house.enter_context(ArchiveWriter(warehouse.archive, run.name, run.started_at))
        with warehouse.at_hand():
            warehouse.prepare()
            work = Work(found, warehouse, run, sandbox, archive, book=Book(warehouse.robots()))
            journal.begin(work, asked, listed)
            heal.mend_times(work, lambda _: None)
            heal.heal(work, listed)
        if kind in frame.TAKING and found.fetch.parts > 1:
            house.enter_context(taking_in(work, lambda _: None))
        yield work, listed
        send.send(work, print)


def ingest(found: settings.Settings, sandbox: Sandbox) -> dict[str, Any]:
    """The line of flows/ingest.py; gives the run's row."""
    return _run("ingest", flows.ingest.line, found, sandbox)


def poll(found: settings.Settings, sandbox: Sandbox) -> dict[str, Any]:
    """The line of flows/poll.py."""
    return _run("poll", flows.poll.line, found, sandbox)


def backfill(found: settings.Settings, sandbox: Sandbox) -> dict[str, Any]:
    """The line of flows/backfill.py."""
    return _run("backfill", flows.backfill.line, found, sandbox, {"feeds": [], "pages": 10})


def _run(
    kind: RunKind,
    line: Callable[[Work, list[Feed]], Ran],
    found: settings.Settings,
    sandbox: Sandbox,
    asked: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    with at_work(kind, found, sandbox, asked) as (work, listed):
        ran = line(work, listed)
    assert ran.finished is not None
    return ran.finished.row


def fetch(found: settings.Settings, part: int) -> ask.Asked:
    """A run of a part, as flows/fetch.py makes it."""
    warehouse, now = houses.warehouse(found), datetime.now(UTC)
    with lists.asked_by(warehouse.data, part, "fetch", now), Sandbox(1) as sandbox:
        run = start("fetch", now, place=warehouse.archive, part=part)
        with ArchiveWriter(warehouse.archive, run.name, run.started_at) as archive:
            return ask.ask(Work(found, warehouse, run, sandbox, archive), part, found.fetch.parts)
