"""The daily flow: everything that waits or is due, from feeds to the published warehouse.

    heal ─ poll × n ─ plan ─ fetch and read × n ─ learn ─ group-and-tag ─ load ─ retag ─ events ─ publish

Each step is a file of flows/line/.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from extract.records import Feed
from flows import feed_list
from flows.board import frame
from flows.line.finish import finish
from flows.line.group import settle
from flows.line.learn import clean
from flows.line.look import due_on, plan, poll_all
from flows.line.read import carried
from flows.line.stream import fetch_and_read
from flows.line.work import Ran, Work


def _run_name() -> str:
    return f"ingest {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(name="ingest", flow_run_name=_run_name, persist_result=False, log_prints=False)
def ingest(feeds: list[str] | None = None, now: bool = False) -> State[Any]:
    """Poll every feed that is due, fetch and read what is new, group, tag, load and publish it.

    Args:
        feeds: Addresses, or parts or patterns of addresses or titles, of the feeds to look at; empty for all.
        now: Whether they are due or not, but for those whose host asks for patience.
    """
    asked = {"feeds": feeds or [], "now": now}
    return frame.run("ingest", lambda work, listed: line(work, listed, feeds or (), now=now), asked)


def line(work: Work, listed: list[Feed], names: Sequence[str] = (), *, now: bool = False) -> Ran:
    """The flow's steps, in their order."""
    wanted = feed_list.named(names, listed) if names else listed
    looked = poll_all(due_on(wanted, work, now=now), work)
    planned = work.bar("plan", lambda: plan(looked, work))
    fetched, read = fetch_and_read(planned.plan.fetch, planned.known, work)
    cleaned = work.bar("learn", lambda: clean(fetched, read, work))
    with work.warehouse.at_hand():
        outcomes, stored = settle([*carried(planned, work), *cleaned], work)
        done = finish(work, outcomes, stored=stored, looked=planned.looked, listed=listed, seen=planned.seen)
    return Ran(f"{done.row['stored']} articles stored", done, planned.looked)
