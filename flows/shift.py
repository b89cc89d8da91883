"""What every flow does around its line: settings, the lock, the reader processes, the archive, and the state it ends in."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from prefect import get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import State
from prefect.context import get_run_context
from prefect.events import emit_event
from prefect.states import Completed, Failed

from extract.errors import Busy, NewsduckError
from extract.records import Feed
from extract.robots import Book
from extract.sandbox import Sandbox
from flows import feed_list, progress, tasks
from flows.dashboard import feeds_table, summary_markdown
from flows.report import told_of, told_of_jump
from flows.settings import load as load_settings
from flows.work import Looked, Work, start
from storage import lock
from storage.archive import ArchiveWriter
from storage.topic_rows import Jump
from storage.warehouse import Warehouse


def run(kind: str, line: Callable[[Work, list[Feed]], State[Any]]) -> State[Any]:
    """Do a line's work, if nobody else is at work on this data folder."""
    settings = load_settings(needed=True)
    listed = feed_list.load(settings.path(settings.feeds))
    warehouse = Warehouse(settings.data_folder)
    now = datetime.now(UTC)
    this = getattr(get_run_context(), "flow_run", None)
    with ExitStack() as stack:
        try:
            stack.enter_context(lock.held(warehouse.work, kind, now))
        except Busy as error:  # nothing is wrong: the other run does what this one would have done
            get_run_logger().warning("Nothing done: %s", error)
            return Completed(name="Skipped", message=str(error))
        limits, this_run = settings.read, start(kind, now, str(this.id) if this else "")
        sandbox = stack.enter_context(Sandbox(limits.workers, limits.seconds, limits.memory_mb * 2**20))
        archive = stack.enter_context(ArchiveWriter(warehouse.archive, this_run.name, now))
        try:
            warehouse.prepare()
            return line(Work(settings, warehouse, this_run, sandbox, archive, book=Book(warehouse.robots())), listed)
        except NewsduckError as error:
            progress.watcher.error = error
            return Failed(message=str(error))


def begin(work: Work, listed: list[Feed]) -> None:
    """Finish first what earlier runs left."""
    for row in tasks.heal(work, listed):
        progress.watcher.note(
            f"finished {row['name']}, which had ended early: {row['stored']} articles from its archive"
        )


def conclude(
    work: Work,
    row: dict[str, Any],
    looked: Sequence[Looked],
    topics: Sequence[tuple[str, int, int]],
    message: str,
    jumps: Sequence[Jump] = (),
) -> State[Any]:
    """Show the run in the dashboard and name its state by what happened."""
    failures = [look for look in looked if look.poll.outcome in ("failed", "refused")]
    log = get_run_logger()
    for look in failures:
        log.warning("%s", look.poll.error)
        progress.watcher.warn(look.poll.error)
    for look in looked:
        if look.poll.overlap is False:
            log.warning("%s: entries were probably lost since the last look; it is looked at sooner now", look.feed.url)
    create_table_artifact(feeds_table(looked), key="feeds", description="Every feed polled, worst first")
    worse = work.warehouse.worse()
    for site in worse:
        log.warning("%s", told_of(site))
    for jump in jumps:
        log.warning("%s", told_of_jump(jump))
        emit_event(
            event="newsduck.topic.jump",
            resource={"prefect.resource.id": f"newsduck.topic.{jump.topic}", "prefect.resource.name": jump.topic},
            payload={**asdict(jump), "day": str(jump.day), "message": told_of_jump(jump)},
        )
    create_markdown_artifact(
        summary_markdown(row, looked, topics, worse, jumps), key="summary", description="What the run brought"
    )
    if looked and len(failures) == len(looked):
        return Failed(message=f"none of {len(looked)} feeds could be read")
    if failures:
        return Completed(name="CompletedWithFailures", message=f"{len(failures)} of {len(looked)} feeds failed")
    return Completed(message=message)
