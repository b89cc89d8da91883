"""The steps as Prefect tasks: what the dashboard shows as bars.

A task is a batch, so that ten thousand feeds make no more task runs than a hundred: at most 200 a flow run, for each
costs the server 35 ms.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE

from extract.errors import NewsduckError
from extract.records import Copy, Entry, Feed, Known, Match, Outcome, Page, Stored, Topic
from flows import healing, learning, looking, progress, retagging, steps
from flows.work import Looked, Planned, Work

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")

BATCH = 100  # feeds or pages to a task run
MOST = 60  # task runs of one kind: three kinds and the seven single ones make 187 at most


class _Closed(Generic[R]):
    """Something Prefect does not look into."""

    def __init__(self, inside: R) -> None:
        self.inside = inside


def bar(name: str, *, numbered: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function as a task: a bar of the dashboard, called `name`, with its first argument behind it where that is its
    number. Prefect sees neither arguments nor result: it would walk through every record of them in search of futures,
    which took 1.2 s a call with 2,000 articles."""

    @task(name=name, task_run_name="{label}", cache_policy=NO_CACHE, persist_result=False)
    def drawn(label: str, call: _Closed[Callable[[], Any]]) -> _Closed[Any]:
        return _Closed(call.inside())

    def make(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            label = f"{name} {args[0]}" if numbered else name
            found: R = drawn(label, _Closed(lambda: function(*args, **kwargs))).inside
            return found

        return called

    return make


def batches(items: Sequence[T]) -> list[Sequence[T]]:
    """The items in at most MOST slices of at least BATCH."""
    size = max(BATCH, math.ceil(len(items) / MOST))
    return [items[n : n + size] for n in range(0, len(items), size)]


@bar("heal")
def heal(work: Work, listed: list[Feed]) -> list[dict[str, Any]]:
    """Finish what earlier runs left."""
    return healing.heal(work, listed)


@bar("poll", numbered=True)
def poll(number: int, feeds: Sequence[Feed], work: Work, tick: progress.Tick) -> list[Looked]:
    """Look at a batch of feeds."""
    return looking.poll(feeds, work, tick)


def poll_all(feeds: Sequence[Feed], work: Work) -> list[Looked]:
    """Look at all these feeds, a batch a task."""
    tick = progress.watcher.stage("poll", len(feeds))
    return [look for n, batch in enumerate(batches(feeds), 1) for look in poll(n, batch, work, tick)]


@bar("plan")
def plan(looked: list[Looked], work: Work, waiting: bool = True) -> Planned:
    """Decide which entries to fetch."""
    return looking.plan(looked, work, waiting=waiting)


@bar("fetch", numbered=True)
def fetch(
    number: int, wanted: Sequence[Entry], work: Work, tick: progress.Tick
) -> list[tuple[Entry, Page | NewsduckError]]:
    """Fetch a batch of pages into the archive."""
    return steps.pages(wanted, work, tick)


@bar("read", numbered=True)
def read(
    number: int,
    fetched: Sequence[tuple[Entry, Page | NewsduckError]],
    known: dict[int, Known],
    work: Work,
    tick: progress.Tick,
) -> list[Outcome]:
    """Read a batch of pages."""
    return steps.read(fetched, known, work, tick)


@bar("learn")
def learn(fetched: Sequence[tuple[Entry, Page | NewsduckError]], outcomes: list[Outcome], work: Work) -> list[Outcome]:
    """Learn what sites repeat and take it out of what was read."""
    return learning.clean(fetched, outcomes, work)


@bar("group-and-tag")
def group_and_tag(
    outcomes: list[Outcome], stored: dict[int, Stored], seen: dict[int, datetime], work: Work, now: datetime
) -> tuple[list[Copy], list[Topic], list[Match]]:
    """Find each article's story and topics."""
    numbered = steps.number_topics(work.settings, work)
    copies = steps.group(outcomes, stored, seen, work, now)
    return copies, numbered, steps.tag(outcomes, copies, numbered, work)


@bar("load")
def load(
    work: Work,
    looked: Sequence[Looked],
    listed: list[Feed],
    outcomes: list[Outcome],
    found: tuple[list[Copy], list[Topic] | None, list[Match]],
    seen: dict[int, datetime],
    now: datetime,
) -> dict[str, Any]:
    """Write the run in one transaction."""
    copies, numbered, matches = found
    return steps.load(work, looked, listed, outcomes, copies, numbered, matches, seen, now)


@bar("retag")
def retag(numbered: list[Topic], work: Work) -> None:
    """Apply topics that are new or changed to what earlier runs stored, and note those whose volume jumped."""
    retagging.apply(numbered, work)
    now = datetime.now(UTC)
    work.warehouse.notice_jumps(now.date() - timedelta(days=1), now, work.run.run_id)


@bar("publish")
def publish(work: Work) -> None:
    """Put the people's copy in place."""
    steps.publish_warehouse(work)
