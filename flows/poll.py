"""The hourly flow: a look at every feed that is due. Entries are kept; their pages wait for the next ingest.

heal ─ poll × n ─ plan ─ load ─ publish
"""

from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from extract.entries import decide_waiting
from extract.records import Feed
from flows.board import frame
from flows.line.fetch import asks_of
from flows.line.finish import keep
from flows.line.look import due_on, plan, poll_all
from flows.line.work import Ran, Work


def _run_name() -> str:
    return f"poll {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(name="poll", flow_run_name=_run_name, persist_result=False, log_prints=False)
def poll() -> State[Any]:
    """Look at every feed that is due and keep what it lists; no article is fetched."""
    return frame.run("poll", line)


def line(work: Work, listed: list[Feed]) -> Ran:
    """The flow's steps, in their order."""
    feeds = due_on(listed, work)
    looked = poll_all(feeds, work)
    planned = work.bar("plan", lambda: plan(looked, work, waiting=False))
    if work.taking is not None:  # parts fetch what waits, for the ingest to read
        waiting = work.warehouse.waiting(work.run.started_at)
        work.taking.web.want(asks_of([*planned.plan.fetch, *waiting], work))
    outcomes = decide_waiting(planned.plan, planned.known)
    done = keep(work, outcomes, looked=planned.looked, listed=listed, seen=planned.seen)
    new = sum(look.poll.entries_new for look in planned.looked)
    return Ran(f"{len(feeds)} feeds due, {new} new entries", done, planned.looked)
