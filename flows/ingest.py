"""The daily flow: everything that waits or is due, from feeds to the published warehouse.

    heal ─ poll × n ─ plan ─ fetch × n ─ read × n ─ learn ─ group-and-tag ─ load ─ retag ─ publish

The functions it schedules stand in flows/looking.py and flows/steps.py, as tasks in flows/tasks.py.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from extract.records import Copy, Feed, Match, Outcome, Topic
from flows import looking, progress, shift, steps, tasks
from flows.tasks import batches
from flows.work import Looked, Work


def _run_name() -> str:
    return f"ingest {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(name="ingest", flow_run_name=_run_name, persist_result=False, log_prints=False)
def ingest() -> State[Any]:
    """Poll every feed that is due, fetch and read what is new, group, tag, load and publish it."""
    return shift.run("ingest", _line)


def _line(work: Work, listed: list[Feed]) -> State[Any]:
    watcher = progress.watcher
    shift.begin(work, listed)
    feeds = looking.due(looking.on_list(listed, work.warehouse.feeds()), work.run.started_at)
    looked = tasks.poll_all(feeds, work)
    planned = tasks.plan(looked, work)
    wanted = steps.in_turns(planned.plan.fetch)
    tick = watcher.stage("fetch", len(wanted))
    fetched = [page for n, batch in enumerate(batches(wanted), 1) for page in tasks.fetch(n, batch, work, tick)]
    tick = watcher.stage("read", len(fetched))
    outcomes = [
        o for n, batch in enumerate(batches(fetched), 1) for o in tasks.read(n, batch, planned.known, work, tick)
    ]
    outcomes = tasks.learn(fetched, outcomes, work)
    outcomes, stored = steps.settle([*planned.plan.settled, *outcomes], work)
    now = datetime.now(UTC)
    found = tasks.group_and_tag(outcomes, stored, planned.seen, work, now)
    row = tasks.load(work, planned.looked, listed, outcomes, found, planned.seen, now)
    tasks.retag(found[1], work)
    tasks.publish(work)
    watcher.row = row
    watcher.task_runs = 7 + len(batches(feeds)) + len(batches(wanted)) + len(batches(fetched))
    return _conclude(work, row, planned.looked, outcomes, found)


def _conclude(
    work: Work,
    row: dict[str, Any],
    looked: Sequence[Looked],
    outcomes: Sequence[Outcome],
    found: tuple[list[Copy], list[Topic], list[Match]],
) -> State[Any]:
    """Show the run in the dashboard and name its state by what happened."""
    progress.watcher.topics = steps.by_topic(outcomes, *found)
    return shift.conclude(work, row, looked, f"{row['stored']} articles stored")
