"""What the commands do, each called plainly, for the stage to run."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from extract.sandbox import Sandbox
from flows import settings
from flows.line import forget
from flows.line.anew import regroup
from flows.line.work import alone
from storage.retention import Limits
from tests import line
from tests.faults import clocks
from tests.faults.stage import Act


def settings_of(act: Act) -> settings.Settings:
    """One host at a time, so that answers come in one order, and no feed is due twice in a trial. Bodies are not read at the places
    that a site's earlier pages taught: a run that is cut in two has earlier pages where its twin has none."""
    every = 1e-6 if act.hurry else 600
    return line.settings_of(
        Path(act.folder),
        act.topics,
        fetch=settings.Fetch(
            allow_loopback=True, pause=0.0, timeout=60.0, retry_minutes=600.0, hosts_at_once=1, parts=act.parts
        ),
        poll=settings.Poll(every_minutes=every, shortest_minutes=every, longest_minutes=every),
        read=settings.Read(workers=1, places=False),
    )


def _forget(act: Act, found: settings.Settings, sandbox: Sandbox) -> None:
    before = datetime.fromisoformat(act.before)
    with alone("forget", found, sandbox) as work:
        forget.delete(work, Limits(before), before)


ACTS: dict[str, Callable[[Act, settings.Settings, Sandbox], Any]] = {
    "ingest": lambda act, found, sandbox: line.ingest(found, sandbox),
    "poll": lambda act, found, sandbox: line.poll(found, sandbox),
    "backfill": lambda act, found, sandbox: line.backfill(found, sandbox),
    "fetch": lambda act, found, sandbox: line.fetch(found, act.part),
    "regroup": lambda act, found, sandbox: regroup.regroup(found, None, dry=False),
    "forget": _forget,
}


def perform(act: Act) -> None:
    """Do what an act says."""
    found = settings_of(act)
    with ExitStack() as stack:
        if act.ahead:
            stack.enter_context(clocks.off(act.ahead))
        sandbox = stack.enter_context(Sandbox(found.read.workers, found.read.seconds))
        ACTS[act.what](act, found, sandbox)
