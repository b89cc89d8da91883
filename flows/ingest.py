"""The daily flow: everything that waits or is due, from feeds to the published warehouse.

    heal ─ poll × n ─ plan ─ fetch × n ─ read × n ─ group-and-tag ─ load ─ publish

A task is a batch, so that ten thousand feeds make no more task runs than a hundred: at most 200, for each costs the
server 35 ms. The functions it schedules stand in flows/steps.py.
"""

import math
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, TypeVar

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.context import get_run_context
from prefect.states import Completed, Failed

from extract.errors import Busy, NewsduckError
from extract.records import Copy, Entry, Feed, Known, Match, Outcome, Page, Stored, Topic
from extract.sandbox import Sandbox
from flows import feed_list, progress, steps
from flows.dashboard import feeds_table, summary_markdown
from flows.settings import load as load_settings
from flows.steps import Looked, Planned, Work
from storage import lock
from storage.archive import ArchiveWriter
from storage.warehouse import Warehouse

T = TypeVar("T")

BATCH = 100  # feeds or pages to a task run
MOST = 60  # task runs of one kind: three kinds and the five single ones make 185 at most


def batches(items: Sequence[T]) -> list[Sequence[T]]:
    """The items in at most MOST slices of at least BATCH."""
    size = max(BATCH, math.ceil(len(items) / MOST))
    return [items[n : n + size] for n in range(0, len(items), size)]


@task(name="heal", cache_policy=NO_CACHE, persist_result=False)
def heal(work: Work, listed: list[Feed]) -> list[dict[str, Any]]:
    """Finish what earlier runs left."""
    return steps.heal(work, listed)


@task(name="poll", task_run_name="poll {number}", cache_policy=NO_CACHE, persist_result=False)
def poll(number: int, feeds: Sequence[Feed], work: Work, tick: progress.Tick) -> list[Looked]:
    """Look at a batch of feeds."""
    return steps.poll(feeds, work, tick)


@task(name="plan", cache_policy=NO_CACHE, persist_result=False)
def plan(looked: list[Looked], work: Work) -> Planned:
    """Decide which entries to fetch."""
    return steps.plan(looked, work)


@task(name="fetch", task_run_name="fetch {number}", cache_policy=NO_CACHE, persist_result=False)
def fetch(
    number: int, wanted: Sequence[Entry], work: Work, tick: progress.Tick
) -> list[tuple[Entry, Page | NewsduckError]]:
    """Fetch a batch of pages into the archive."""
    return steps.pages(wanted, work, tick)


@task(name="read", task_run_name="read {number}", cache_policy=NO_CACHE, persist_result=False)
def read(
    number: int,
    fetched: Sequence[tuple[Entry, Page | NewsduckError]],
    known: dict[int, Known],
    work: Work,
    tick: progress.Tick,
) -> list[Outcome]:
    """Read a batch of pages."""
    return steps.read(fetched, known, work, tick)


@task(name="group-and-tag", cache_policy=NO_CACHE, persist_result=False)
def group_and_tag(
    outcomes: list[Outcome], stored: dict[int, Stored], seen: dict[int, datetime], work: Work, now: datetime
) -> tuple[list[Copy], list[Topic], list[Match]]:
    """Find each article's story and topics."""
    numbered = steps.number_topics(work.settings, work)
    return steps.group(outcomes, stored, seen, work, now), numbered, steps.tag(outcomes, numbered)


@task(name="load", cache_policy=NO_CACHE, persist_result=False)
def load(
    work: Work,
    looked: Sequence[Looked],
    listed: list[Feed],
    outcomes: list[Outcome],
    found: tuple[list[Copy], list[Topic], list[Match]],
    seen: dict[int, datetime],
    now: datetime,
) -> dict[str, Any]:
    """Write the run in one transaction."""
    copies, numbered, matches = found
    return steps.load(work, looked, listed, outcomes, copies, numbered, matches, seen, now)


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish(work: Work) -> None:
    """Put the people's copy in place."""
    steps.publish_warehouse(work)


def _run_name() -> str:
    return f"ingest {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(name="ingest", flow_run_name=_run_name, persist_result=False, log_prints=False)
def ingest() -> State[Any]:
    """Poll every feed that is due, fetch and read what is new, group, tag, load and publish it."""
    settings = load_settings(needed=True)
    listed = feed_list.load(settings.path(settings.feeds))
    warehouse = Warehouse(settings.data_folder)
    now = datetime.now(UTC)
    this = getattr(get_run_context(), "flow_run", None)
    run = steps.start("ingest", now, str(this.id) if this else "")
    with ExitStack() as stack:
        try:
            stack.enter_context(lock.held(warehouse.work, "ingest", now))
        except Busy as error:  # nothing is wrong: the other run does what this one would have done
            get_run_logger().warning("Nothing done: %s", error)
            return Completed(name="Skipped", message=str(error))
        limits = settings.read
        sandbox = stack.enter_context(Sandbox(limits.workers, limits.seconds, limits.memory_mb * 2**20))
        archive = stack.enter_context(ArchiveWriter(warehouse.archive, run.name, now))
        try:
            return _line(Work(settings, warehouse, run, sandbox, archive), listed, now)
        except NewsduckError as error:
            progress.watcher.error = error
            return Failed(message=str(error))


def _line(work: Work, listed: list[Feed], now: datetime) -> State[Any]:
    watcher = progress.watcher
    work.warehouse.prepare()
    for row in heal(work, listed):
        watcher.note(f"finished {row['name']}, which had ended early: {row['stored']} articles from its archive")
    feeds = steps.due(listed, work.warehouse.feeds(), now)
    tick = watcher.stage("poll", len(feeds))
    looked = [look for n, batch in enumerate(batches(feeds), 1) for look in poll(n, batch, work, tick)]
    planned = plan(looked, work)
    wanted = steps.in_turns(planned.plan.fetch)
    tick = watcher.stage("fetch", len(wanted))
    fetched = [page for n, batch in enumerate(batches(wanted), 1) for page in fetch(n, batch, work, tick)]
    tick = watcher.stage("read", len(fetched))
    outcomes = [o for n, batch in enumerate(batches(fetched), 1) for o in read(n, batch, planned.known, work, tick)]
    outcomes, stored = steps.settle([*planned.plan.settled, *outcomes], work)
    now = datetime.now(UTC)
    found = group_and_tag(outcomes, stored, planned.seen, work, now)
    row = load(work, planned.looked, listed, outcomes, found, planned.seen, now)
    publish(work)
    watcher.row = row
    watcher.task_runs = 5 + len(batches(feeds)) + len(batches(wanted)) + len(batches(fetched))
    return _conclude(row, planned.looked, found)


def _conclude(
    row: dict[str, Any], looked: Sequence[Looked], found: tuple[list[Copy], list[Topic], list[Match]]
) -> State[Any]:
    """Show the run in the dashboard and name its state by what happened."""
    failures = [look for look in looked if look.poll.outcome in ("failed", "refused")]
    log = get_run_logger()
    for look in failures:
        log.warning("%s", look.poll.error)
        progress.watcher.warn(look.poll.error)
    told = steps.by_topic(*found)
    progress.watcher.topics = told
    create_table_artifact(feeds_table(looked), key="feeds", description="Every feed polled, worst first")
    create_markdown_artifact(summary_markdown(row, failures, told), key="summary", description="What the run brought")
    if looked and len(failures) == len(looked):
        return Failed(message=f"none of {len(looked)} feeds could be read")
    if failures:
        return Completed(name="CompletedWithFailures", message=f"{len(failures)} of {len(looked)} feeds failed")
    return Completed(message=f"{row['stored']} articles stored")
