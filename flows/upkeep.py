"""The weekly flow: topics brought up, what [keep] gives up forgotten, the working file written anew where that pays.

heal ─ bring up topics ─ forget ─ compact ─ publish

What feeds listed again since it was forgotten goes out of the archive. What is kept from before an upgrade goes after 30 days.

Articles are looked at again by the daily ingest, each 24 hours after it came.
"""

from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from extract.records import Feed
from flows import telling
from flows.board import frame
from flows.line import forget, retag
from flows.line.load import publish_warehouse
from flows.line.work import Ran, Work
from storage import compact as compacting
from storage import upgrade
from storage.retention import NEVER


def _run_name() -> str:
    return f"upkeep {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(name="upkeep", flow_run_name=_run_name, persist_result=False, log_prints=False)
def upkeep(forget: bool = True, compact: bool = True) -> State[Any]:
    """Bring topics up, forget what is past its time, and compact the working file.

    Args:
        forget: Delete the stories that [keep] in newsduck.toml gives up.
        compact: Write the working file anew, where a quarter of it is free.
    """

    def line(work: Work, listed: list[Feed]) -> Ran:
        told = [work.bar("topics", lambda: _topics(work))]
        told += [work.bar("forget", lambda: _forget(work))] if forget else []
        told += [work.bar("compact", lambda: _compact(work))] if compact else []
        work.bar("publish", lambda: publish_warehouse(work))
        told += [_drop_before(work)]
        said = "; ".join(filter(None, told)) or "nothing was to be done"
        telling.log().info("%s", said)
        return Ran(said)

    return frame.run("upkeep", line, {"forget": forget, "compact": compact})


def _topics(work: Work) -> str:
    retag.bring_up(work)
    return ""


def _forget(work: Work) -> str:
    now = work.run.started_at
    limits = forget.decide_limits(work.settings, now)
    lines: list[str] = []
    if again := forget.delete(work, None, now, lines.append):
        lines.append(
            f"took out of the archive what feeds had listed again: {telling.some(again.chosen.entries, 'entry', 'entries')}"
        )
    if limits.latest != NEVER and (gone := forget.delete(work, limits, now, lines.append)):
        lines.insert(0, f"forgot {forget.told(gone)}")
    return "; ".join(lines)


def _drop_before(work: Work) -> str:
    if not upgrade.drop_before(work.warehouse.path, datetime.now(UTC) - upgrade.KEPT):
        return ""
    return f"what was kept from before the last upgrade is deleted: {upgrade.KEPT.days} days are over"


def _compact(work: Work) -> str:
    if compacting.free_share(work.warehouse.path) < compacting.WORTH:
        return ""
    before, after = compacting.compact(work.warehouse.path)
    return f"the working file has {after / 2**20:,.0f} MiB, where it had {before / 2**20:,.0f}"
