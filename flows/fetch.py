"""The flow of one part of a divided fetch: it asks the hosts that are its own for what a run that loads has put on its list, and
answers by its archive file alone. It never opens the warehouse, so that any number run at once, here or on other machines.

fetch-feeds ─ fetch-pages
"""

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.context import get_run_context
from prefect.states import Completed, Failed

from extract.errors import Busy, NewsduckError
from extract.sandbox import Sandbox
from flows import house, telling
from flows.board import bars, frame, live, lost, progress
from flows.line.parts import ask, lists
from flows.line.work import Work, start
from flows.settings import Settings
from flows.settings import load as load_settings
from storage.archive import ArchiveWriter


def _run_name() -> str:
    return f"fetch {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"


@flow(name="fetch", flow_run_name=_run_name, persist_result=False, log_prints=False)
def fetch(part: int = 1) -> State[Any]:
    """Ask hosts for what the last ingest or poll has put on the list of one part.

    Args:
        part: Which of [fetch] parts, from 1 on.
    """
    settings = load_settings(needed=True)
    count = settings.fetch.parts
    if count == 1 or not 1 <= part <= count:
        return Completed(name="Skipped", message=f"there is no part {part}: [fetch] parts = {count}")
    this = getattr(get_run_context(), "flow_run", None)
    try:
        state = run(settings, part, str(this.id) if this else "")
    except Busy as error:  # it is at work already, or what it brought is taken in just now
        telling.log().warning("Nothing done: %s", error)
        return Completed(name="Skipped", message=str(error))
    except (NewsduckError, OSError) as error:
        progress.watcher.error = ours = frame.in_words(error)
        state = Failed(message=str(ours))
    progress.watcher.settle(progress.Ended(str(state.name), str(state.message), state.is_completed()))
    return state


def run(settings: Settings, part: int, prefect_run: str = "") -> State[Any]:
    """One run of a part. Raises Busy where it is at work already, Broken where the disk refuses."""
    now = datetime.now(UTC)
    warehouse = house.warehouse(settings)
    with ExitStack() as stack:
        stack.enter_context(lists.asked_by(warehouse.data, part, f"fetch {part}", now, prefect_run))
        frame.close_dead(lists.folder(warehouse.data, part))
        this = start("fetch", now, prefect_run, warehouse.archive, part)
        archive = stack.enter_context(ArchiveWriter(warehouse.archive, this.name, this.started_at))
        stack.enter_context(live.shown())
        lost.watch(lists.folder(warehouse.data, part), prefect_run)
        drawn = bars.Bars()
        work = Work(settings, warehouse, this, stack.enter_context(Sandbox(1)), archive, bar=drawn)
        asked = ask.ask(work, part, settings.fetch.parts)
        progress.watcher.task_runs = drawn.count
    telling.log().info("%s", ask.told(asked))
    return Completed(message=ask.told(asked))
