"""What every flow does around its line: settings, the lock, the reader processes, the archive, and the state it ends in."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import State
from prefect.context import get_run_context
from prefect.exceptions import ObjectNotFound
from prefect.states import Completed, Crashed, Failed

from extract.errors import Broken, Busy, NewsduckError
from extract.fetch.robots import Book
from extract.records import Feed
from extract.vocabulary import RunKind
from flows import house, telling
from flows.board import bars, events, live, lost, progress
from flows.board.account import summary, told_of
from flows.board.paper import dossiers, newspaper, reports
from flows.board.summary import arrivals_markdown, feeds_table, stories_markdown, summary_markdown
from flows.board.up import names, server
from flows.line import heal, idle, journal, send
from flows.line.parts import lists
from flows.line.parts.taking import taking_in
from flows.line.readers.crew import readers
from flows.line.work import Looked, Ran, Work, open_folder, start
from flows.settings import load as load_settings
from storage import disk, lock
from storage.archive import ArchiveWriter
from storage.look import day
from storage.write.topics import Jump

TAKING = ("ingest", "poll")  # kinds of run that take in what parts have fetched
DIED = "its process ended early; what it had fetched was loaded by the run after it"


def run(kind: RunKind, line: Callable[[Work, list[Feed]], Ran], asked: Mapping[str, Any] | None = None) -> State[Any]:
    """Finish what earlier runs left and do a line's work, if nobody else is at work on this data folder. `asked` is what the
    person asked for, for the run's journal."""
    settings = load_settings(needed=True)
    listed = idle.listed(kind, settings)
    warehouse = house.warehouse(settings)
    open_folder(settings, telling.log().warning)
    now = datetime.now(UTC)
    this = getattr(get_run_context(), "flow_run", None)
    with ExitStack() as stack:
        try:
            stack.enter_context(lock.held(warehouse.work, kind, now, str(this.id) if this else ""))
        except Busy as error:  # nothing is wrong: the other run does what this one would have done
            telling.log().warning("Nothing done: %s", error)
            return Completed(name="Skipped", message=str(error))
        taking = kind in TAKING and settings.fetch.parts > 1
        if not taking:
            stack.enter_context(lists.still(warehouse.data, kind, now, _tell))
        close_dead(warehouse.work)
        this_run = start(kind, now, str(this.id) if this else "", warehouse.archive)
        sandbox = stack.enter_context(readers(settings, _teller()))
        archive = stack.enter_context(ArchiveWriter(warehouse.archive, this_run.name, this_run.started_at))
        stack.enter_context(live.shown())
        lost.watch(warehouse.work, this_run.prefect_run)
        try:
            drawn = bars.Bars()
            with warehouse.at_hand():
                warehouse.prepare(_tell, settings.share.group)
                work = Work(settings, warehouse, this_run, sandbox, archive, book=Book(warehouse.robots()), bar=drawn)
                journal.begin(work, asked, listed)
                heal.mend_times(work, _tell)
                work.worse = frozenset(site["host"] for site in warehouse.worse())
                _heal(work, listed)
            if taking:
                stack.enter_context(taking_in(work, _tell))
            ran = line(work, listed)
            if warehouse.archive.elsewhere:
                drawn("send", lambda: send.send(work, _tell))
            progress.watcher.task_runs = drawn.count
            state = _conclude(work, ran)
        except (NewsduckError, OSError) as error:
            progress.watcher.error = ours = in_words(error)
            state = Failed(message=str(ours))
        _settle(state)
        return state


def in_words(error: NewsduckError | OSError) -> NewsduckError:
    """What ended a run, as a person is told of it."""
    if isinstance(error, NewsduckError):
        return error
    return Broken(f"{error.filename or 'the disk'}: {disk.way_out(error)}")


def _settle(state: State[Any]) -> None:
    progress.watcher.settle(progress.Ended(str(state.name), str(state.message), state.is_completed()))


def close_dead(work: Path) -> None:
    """Close the flow runs of processes that died in them: nobody else will, and they would stand as Running for ever."""
    runs = lock.unclosed(work)
    try:
        with server.client() as client:
            for one in runs:
                ended: State[Any] = Crashed(message=DIED)
                if one.name:
                    ended = (Completed if one.completed else Failed)(name=one.name, message=one.message)
                with suppress(ObjectNotFound, ValueError):  # it may have been another server's, or a garbled line
                    run = UUID(one.run)
                    state = client.read_flow_run(run).state
                    if state is None or not state.is_final():
                        client.set_flow_run_state(run, ended, force=True)
    except NewsduckError as error:
        telling.log().warning("runs that died could not be closed in the dashboard: %s", error)
        return
    lock.closed(work)


def _tell(line: str) -> None:
    """Tell of something in the log and to whoever watches."""
    _teller()(line)


def _teller() -> Callable[[str], None]:
    """The same for threads of this run, which Prefect does not know."""
    log = telling.log()

    def tell(line: str) -> None:
        log.warning(line)
        progress.watcher.note(line)

    return tell


def _heal(work: Work, listed: list[Feed]) -> None:
    """Finish first what earlier runs left."""
    for row in work.bar("heal", lambda: heal.heal(work, listed)):
        progress.watcher.note(
            f"finished {row['name']}, which had ended early: {row['stored']} articles from its archive"
        )


def _write_pages(work: Work) -> list[Path]:
    """The pages of the days on which what the run brought was first seen, the newest first; that of today at least."""
    path = work.warehouse.published
    days = day.days_of(path, work.run.run_id) or [datetime.now(ZoneInfo(work.settings.zone)).date()]
    dossiers.write(work.settings)
    return [newspaper.write(work.settings, one) for one in days]


def _show_arrivals(work: Work, pages: Sequence[Path]) -> None:
    """Pictures of what the run brought, and the day's page."""
    path, run = work.warehouse.published, work.run.run_id
    today = datetime.now(ZoneInfo(work.settings.zone)).date()
    brought = day.of(path, today, run)
    create_markdown_artifact(
        arrivals_markdown(brought), key="arrivals", description="What arrived, by topic and agency"
    )
    create_markdown_artifact(stories_markdown(brought), key="top-stories", description="Stories, most reprinted first")
    for page in pages[:1]:
        # The server that newsduck starts has the pages too; a person's own has not.
        link = page.as_uri() if work.settings.server.auth else f"{reports.PATH}/{page.name}"
        create_link_artifact(link, key="report", link_text=str(page), description="The day as one page")


def _conclude(work: Work, ran: Ran) -> State[Any]:
    """Name the run's state by what happened, and show it in the dashboard."""
    if ran.finished is None:
        return Completed(message=ran.message)
    progress.watcher.row, progress.watcher.topics = ran.finished.row, ran.finished.topics
    if work.run.kind == "backfill":  # it says nothing of how feeds are doing
        return Completed(message=ran.message)
    looked = ran.looked
    failures = [look.poll.error for look in looked if look.poll.outcome in ("failed", "refused")]
    for error in failures:
        progress.watcher.warn(error)
    state = _state(ran.message, len(looked), len(failures))
    pages: list[Path] = []
    if work.run.kind == "ingest":
        try:
            pages = _write_pages(work)
        except NewsduckError as error:  # the run is whole without it; `newsduck report` writes it again
            progress.watcher.warn(f"the day's page is missing: {error}")
    _settle(state)  # what follows is for the dashboard alone
    _show(work, ran.finished.row, looked, failures)
    if work.run.kind == "ingest":
        _show_arrivals(work, pages)
    return state


def _state(message: str, looked: int, failures: int) -> State[Any]:
    """A run's state by how many of its feeds could be read."""
    if not failures:
        return Completed(message=message)
    if failures == looked:
        return Failed(message=f"none of {looked} feeds could be read")
    return Completed(name="CompletedWithFailures", message=f"{failures} of {looked} feeds failed")


def _show(work: Work, row: dict[str, Any], looked: Sequence[Looked], failures: Sequence[str]) -> None:
    """What a run brought and what it noticed, in its log, its artifacts and its events."""
    log = telling.log()
    log.info("%s", "; ".join(summary(row, (), work.settings.data_folder).splitlines()[:-1]))
    for error in failures:
        log.warning("%s", error)
    for look in looked:
        if look.poll.overlap is False:
            log.warning("%s: entries were probably lost since the last look; it is looked at sooner now", look.feed.url)
    create_table_artifact(feeds_table(looked), key="feeds", description="Every feed polled, worst first")
    worse = work.warehouse.worse()
    for site in worse:
        log.warning("%s", told_of(site))
    jumps = _emit(work, looked, worse)
    told = summary_markdown(row, looked, day.lost(work.warehouse.published, work.run.run_id), worse, jumps)
    create_markdown_artifact(told, key="summary", description="What the run brought, and where entries went")


def _emit(work: Work, looked: Sequence[Looked], worse: Sequence[dict[str, Any]]) -> Sequence[Jump]:
    """Emit what happened, each once; gives the topics whose volume jumped."""
    own = names.of(server.home_of(work.settings))
    jumps = work.warehouse.untold_jumps() if work.run.kind == "ingest" else []
    growths = work.warehouse.untold_growths() if work.run.kind == "ingest" else []
    for happening in events.decide(work, looked, worse, jumps, growths):
        if happening.event in ("topic-jump", "event-growing"):
            telling.log().warning("%s", happening.message)
        events.emit(happening, own)
    for jump in jumps:
        work.warehouse.jump_told(jump)
    if growths:
        work.warehouse.growths_told()
    return jumps
