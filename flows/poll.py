"""The hourly flow: a look at every feed that is due. Entries are kept; their pages wait for the next ingest.

heal ─ poll × n ─ plan ─ load ─ publish
"""

from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from extract.entries import decide_waiting
from extract.records import Feed
from flows import looking, progress, shift, tasks
from flows.tasks import batches
from flows.work import Work


def _run_name() -> str:
    return f"poll {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(name="poll", flow_run_name=_run_name, persist_result=False, log_prints=False)
def poll() -> State[Any]:
    """Look at every feed that is due and keep what it lists; no article is fetched."""
    return shift.run("poll", _line)


def _line(work: Work, listed: list[Feed]) -> State[Any]:
    shift.begin(work, listed)
    feeds = looking.due(looking.on_list(listed, work.warehouse.feeds()), work.run.started_at)
    looked = tasks.poll_all(feeds, work)
    planned = tasks.plan(looked, work, waiting=False)
    outcomes = decide_waiting(planned.plan, planned.known)
    row = tasks.load(work, planned.looked, listed, outcomes, ([], None, []), planned.seen, datetime.now(UTC))
    tasks.publish(work)
    progress.watcher.row = row
    progress.watcher.task_runs = 4 + len(batches(feeds))
    new = sum(look.poll.entries_new for look in planned.looked)
    return shift.conclude(work, row, planned.looked, f"{len(feeds)} feeds due, {new} new entries")
