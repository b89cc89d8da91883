"""The whole line, its functions called plainly, without Prefect."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.newsroom import Newsroom
from extract import entries
from extract.records import Feed
from extract.robots import Book
from extract.sandbox import Sandbox
from flows import backfilling, feed_list, healing, learning, looking, retagging, settings, steps
from flows.work import Work, start
from storage import duck, lock
from storage.archive import ArchiveWriter
from storage.warehouse import Warehouse

AGENCIES = Path(__file__).parents[1] / "demo" / "agencies.toml"


def settings_for(folder: Path, topics: dict[str, str], **changes: Any) -> settings.Settings:
    """Settings for a data folder and a server on loopback, in a hurry."""
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

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.folder / "data")

    def run(self, **changes: Any) -> dict[str, Any]:
        """One run as `ingest` makes it; gives its row."""
        (self.folder / "feeds.opml").write_text(self.newsroom.opml(), encoding="utf-8")
        return ingest(settings_for(self.folder, self.newsroom.topics(), **changes), self.sandbox)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """A query on the published warehouse."""
        return duck.ask(self.warehouse.published, sql)[1]


@contextmanager
def at_work(kind: str, found: settings.Settings, sandbox: Sandbox) -> Iterator[tuple[Work, list[Feed]]]:
    """What flows/shift.py sets up around a flow's line, and the person's list."""
    listed = feed_list.load(found.path(found.feeds))
    warehouse = Warehouse(found.data_folder)
    now = datetime.now(UTC)
    run = start(kind, now)
    with lock.held(warehouse.work, kind, now), ArchiveWriter(warehouse.archive, run.name, now) as archive:
        warehouse.prepare()
        work = Work(found, warehouse, run, sandbox, archive, book=Book(warehouse.robots()))
        healing.mend_times(work, lambda _: None)
        healing.heal(work, listed)
        yield work, listed


def poll(found: settings.Settings, sandbox: Sandbox) -> dict[str, Any]:
    """The steps of flows/poll.py in their order."""
    with at_work("poll", found, sandbox) as (work, listed):
        looked = looking.poll(looking.due(looking.on_list(listed, work.warehouse.feeds()), work.run.started_at), work)
        planned = looking.plan(looked, work, waiting=False)
        outcomes = entries.decide_waiting(planned.plan, planned.known)
        row = steps.load(work, planned.looked, listed, outcomes, [], None, [], planned.seen, datetime.now(UTC))
        steps.publish_warehouse(work)
    return row


def backfill(found: settings.Settings, sandbox: Sandbox, pages: int = 10) -> dict[str, Any]:
    """The steps of flows/backfill.py in their order."""
    with at_work("backfill", found, sandbox) as (work, listed):
        looked = backfilling.follow(looking.on_list(listed, work.warehouse.feeds()), work, pages)
        planned = looking.plan(looked, work, waiting=False)
        outcomes = entries.decide_waiting(planned.plan, planned.known)
        row = steps.load(work, (), listed, outcomes, [], None, [], planned.seen, datetime.now(UTC))
        steps.publish_warehouse(work)
    return row


def ingest(found: settings.Settings, sandbox: Sandbox) -> dict[str, Any]:
    """The steps of flows/ingest.py in their order."""
    with at_work("ingest", found, sandbox) as (work, listed):
        looked = looking.poll(looking.due(looking.on_list(listed, work.warehouse.feeds()), work.run.started_at), work)
        planned = looking.plan(looked, work)
        fetched = steps.pages(steps.in_turns(planned.plan.fetch), work)
        read = learning.clean(fetched, steps.read(fetched, planned.known, work), work)
        outcomes, stored = steps.settle([*planned.plan.settled, *read], work)
        now = datetime.now(UTC)
        numbered = steps.number_topics(found, work)
        copies = steps.group(outcomes, stored, planned.seen, work, now)
        matches = steps.tag(outcomes, copies, numbered, work)
        row = steps.load(work, planned.looked, listed, outcomes, copies, numbered, matches, planned.seen, now)
        retagging.apply(numbered, work)
        steps.publish_warehouse(work)
    return row
