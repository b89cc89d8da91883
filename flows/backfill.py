"""The flow that goes back in time, started by hand: older parts of feeds' lists, by RFC 5005, JSON Feed or WordPress. What they
list is kept, and its pages wait for the next ingest.

heal ─ follow ─ plan ─ load ─ publish
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from extract.entries import decide_waiting
from extract.records import Feed
from flows import feed_list
from flows.board import frame
from flows.line.back.follow import follow
from flows.line.finish import keep
from flows.line.look import on_list, plan
from flows.line.work import Ran, Work


def _run_name() -> str:
    return f"backfill {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(name="backfill", flow_run_name=_run_name, persist_result=False, log_prints=False)
def backfill(feeds: list[str] | None = None, pages: int = 10) -> State[Any]:
    """Keep what feeds listed before newsduck knew them; the articles are fetched by the next ingest.

    Args:
        feeds: Addresses, or parts of addresses or titles, of the feeds to go back in; empty for all.
        pages: How many older parts of each list to ask for.
    """
    asked = {"feeds": feeds or [], "pages": pages}
    return frame.run("backfill", lambda work, listed: line(work, listed, feeds or [], pages), asked)


def line(work: Work, listed: list[Feed], names: Sequence[str] = (), pages: int = 10) -> Ran:
    """The flow's steps, in their order."""
    known = on_list(feed_list.named(names, listed) if names else listed, work.warehouse.feeds())
    looked = work.bar("follow", lambda: follow([feed for feed in known if feed.status != "paused"], work, pages))
    planned = work.bar("plan", lambda: plan(looked, work, waiting=False))
    done = keep(work, decide_waiting(planned.plan, planned.known), listed=listed, seen=planned.seen)
    new = sum(look.poll.entries_new for look in planned.looked)
    return Ran(f"{new:,} entries not known before in {len(looked):,} parts of {len(known):,} feeds", done)
