"""A flow run from the command line, with a server, progress bars and a summary."""

import importlib
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn

from extract.errors import Busy
from flows.board import progress
from flows.board.account import summary
from flows.board.up import server
from flows.line import idle
from flows.line.work import open_folder
from flows.settings import Settings
from flows.telling import echo, say
from storage import duck, lock

begun = False  # whether this process has begun a flow
NEXT = {
    "ingest": "newsduck status · newsduck sql \"FROM stories_on('…')\" · newsduck up, for runs every day and a dashboard",
    "backfill": "newsduck ingest fetches what was found",
    "poll": "newsduck ingest fetches what is new · newsduck feeds list",
}


def run(kind: str, settings: Settings, **parameters: object) -> int:
    """Run a flow once; gives the exit code: 0, or 1 where nothing could be reached. Prints what came of it."""
    # A bad list or a busy pipeline is told before a server is started for nothing.
    listed = idle.listed(kind, settings)
    open_folder(settings, say)
    try:
        lock.look(settings.data_folder / "work")
    except Busy as error:  # nothing is wrong: the other run does what this one would have done
        say(f"newsduck: {error}")
        return 0
    if kind == "ingest" and not parameters.get("now") and (at := idle.next_due(settings, listed, datetime.now(UTC))):
        echo(f"Nothing is to be done, and no run was begun. {_told_due(at)}")
        return 0

    def tell(watcher: progress.Quiet, ended: progress.Ended) -> None:
        for note in watcher.notes:
            echo(note)
        if watcher.row is not None:
            echo(summary(watcher.row, watcher.topics, settings.data_folder))
        echo(f"{ended.name}: {ended.message}")
        if (
            watcher.row is not None
            and kind in ("ingest", "poll")
            and not watcher.row["feeds"]
            and settings.fetch.parts == 1
        ):
            echo(_next_due(settings))
        echo(f"Next: {NEXT[kind]}")

    def lost(watcher: progress.Quiet) -> None:
        if watcher.ended is not None:
            tell(watcher, watcher.ended)
        say("The Prefect server went away meanwhile. The run is whole; the next one tells the dashboard how it ended.")

    global begun
    with server.running(settings, say):
        begun = True
        state, watcher = run_flow(kind, lost, **parameters)
    if watcher.error is not None:
        raise watcher.error
    tell(watcher, progress.Ended(str(state.name), str(state.message), state.is_completed()))
    return 0 if state.is_completed() else 1


def _next_due(settings: Settings) -> str:
    """When the next feed is looked at, in the person's own time."""
    path = settings.data_folder / "warehouse.duckdb"
    ((at,),) = duck.ask(path, "SELECT min(next_poll_at) FROM feeds WHERE status NOT IN ('paused', 'removed')")[1]
    if not isinstance(at, datetime):
        return "No feed is due, now or later: all are paused, `newsduck feeds resume` looks at them again"
    return f"No feed was due; {_told_due(at)[0].lower()}{_told_due(at)[1:]}"


def _told_due(at: datetime) -> str:
    return f"The next feed is due at {at.astimezone():%a %Y-%m-%d %H:%M}; `newsduck ingest --now` looks at all of them"


def run_flow(
    kind: str, when_lost: Callable[[progress.Quiet], object] = lambda _: None, **parameters: object
) -> tuple[Any, progress.Quiet]:
    """(state, watcher) of one flow run against the server this process points at; all its task runs are recorded there. Where
    the server goes away for good, `when_lost` is called once the run's work is done, and the process ends."""
    logging.raiseExceptions = False  # a log line that cannot be sent is no traceback on the person's terminal
    flow = getattr(importlib.import_module(f"flows.{kind}"), kind)
    with progress.bars() as watcher:
        watcher.when_lost = when_lost
        try:
            state = flow(**parameters, return_state=True)
            watcher.settle(progress.Ended(str(state.name), str(state.message), state.is_completed()))
            recorded = server.drain(str(state.state_details.flow_run_id), watcher.task_runs)
        finally:
            watcher.over.set()
    if recorded < watcher.task_runs:
        say(
            f"The server has recorded {recorded} of {watcher.task_runs} task runs; the dashboard will not show the others."
        )
    return state, watcher


def leave(code: int) -> NoReturn:
    """End a process that ran Prefect. Its threads wait at the interpreter's end for a server that may be gone, and keep DuckDB's
    module alive into its last moments, where the binding prints two hundred lines about leaks; by now everything is written and
    recorded, so nothing is lost."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
