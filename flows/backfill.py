"""The flow that goes back in time, started by hand: older parts of feeds' lists, by RFC 5005, JSON Feed or WordPress. What they
list is kept, and its pages wait for the next ingest.

heal ─ follow ─ plan ─ load ─ publish
"""

from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from extract.entries import decide_waiting
from extract.records import Feed
from flows import backfilling, feed_list, looking, progress, shift, tasks
from flows.tasks import bar
from flows.work import Looked, Work


def _run_name() -> str:
    return f"backfill {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(name="backfill", flow_run_name=_run_name, persist_result=False, log_prints=False)
def backfill(feeds: list[str] | None = None, pages: int = 10) -> State[Any]:
    """Keep what feeds listed before newsduck knew them; the articles are fetched by the next ingest.

    Args:
        feeds: Addresses, or parts of addresses or titles, of the feeds to go back in; empty for all.
        pages: How many older parts of each list to ask for.
    """

    def line(work: Work, listed: list[Feed]) -> State[Any]:
        shift.begin(work, listed)
        wanted = feed_list.named(feeds, listed) if feeds else listed
        known = looking.on_list(wanted, work.warehouse.feeds())
        looked = _follow([feed for feed in known if feed.status != "paused"], work, pages)
        planned = tasks.plan(looked, work, waiting=False)
        outcomes = decide_waiting(planned.plan, planned.known)
        row = tasks.load(work, (), listed, outcomes, ([], None, []), planned.seen, datetime.now(UTC))
        tasks.publish(work)
        progress.watcher.row = row
        progress.watcher.task_runs = 5
        new = sum(look.poll.entries_new for look in planned.looked)
        return Completed(message=f"{new:,} entries not known before in {len(looked):,} parts of {len(known):,} feeds")

    return shift.run("backfill", line)


@bar("follow")
def _follow(feeds: list[Feed], work: Work, pages: int) -> list[Looked]:
    return backfilling.follow(feeds, work, pages, progress.watcher.stage("follow", len(feeds) * (pages + 1)))
