"""A run that loads, among parts that fetch: it takes in what they have finished, and gives each that is free its next list."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from extract.errors import Busy
from flows.board import progress
from flows.line.parts import lists
from flows.line.parts.web import Parts
from flows.telling import some
from storage import archive
from storage.store import names

if TYPE_CHECKING:
    from extract.records import Ask
    from flows.line.anew.replay import Recorded
    from flows.line.work import Work
    from storage.write.batch import Run


class Taking:
    """What a run has taken in of parts, until it is committed."""

    def __init__(self, work: "Work", web: Parts) -> None:
        self._work, self.web = work, web
        self.done = False

    @property
    def runs(self) -> "list[Run]":
        """The parts' runs that it has taken in: their rows are written with its own."""
        return self.web.runs

    def settle(self) -> None:
        """Write down what is left unused; the run is about to be committed. Raises Broken where the disk takes no more."""
        if self._work.publishes:  # not one that is replayed
            warehouse = self._work.warehouse
            committed = warehouse.committed(lists.runs_held(warehouse.data))
            lists.hold(warehouse.data, self._work.run.run_id, self.web.held(self._work.run.started_at), committed)
        self.done = True


@contextmanager
def taking_in(work: "Work", tell: Callable[[str], object]) -> Iterator[None]:
    """Inside, the run's web is what its parts were answered; where it was committed, they have their next lists at the end."""
    warehouse, count, now = work.warehouse, work.settings.fetch.parts, work.run.started_at
    data = warehouse.data
    with ExitStack() as stack:
        free = set()
        for part in sorted({*lists.there(data), *range(1, count + 1)}):
            try:
                stack.enter_context(lists.asked_by(data, part, work.run.kind, now))
                free.add(part)
            except Busy as error:
                tell(f"{error}; the run after this one takes in what it brings")
        web, files = Parts(warehouse.archive, count, work.book), []
        held = lists.held(data, warehouse.committed(lists.runs_held(data)))
        web.hold(held)
        for name in warehouse.unfinished(names.here(warehouse.archive.folder)):
            if archive.part(name) in free and _take(name, work, web, tell):
                files.append(name)
        work.archive.note("parts", {"count": count, "files": files, "held": held})
        work.web, work.taking = web, Taking(work, web)
        yield
        if work.taking.done:
            given = {part: wanted for part, wanted in web.lists(work.run.name, now).items() if part in free}
            for part, wanted in given.items():
                lists.write(data, part, wanted)
            if told := _told([ask for wanted in given.values() for ask in wanted.asks], len(given)):
                progress.watcher.note(told)


def _told(asks: "list[Ask]", parts: int) -> str:
    """What is given out, in words; empty where nothing is."""
    pages = sum(ask.role == "page" for ask in asks)
    feeds = [some(len(asks) - pages, "feed")] if len(asks) > pages else []
    what = " and ".join(feeds + ([some(pages, "page")] if pages else []))
    verb = "is" if len(asks) == 1 else "are"
    return (
        f"{what} {verb} given to {some(parts, 'part')}: `newsduck fetch` asks for what is on their lists"
        if asks
        else ""
    )


def _take(name: str, work: "Work", web: Parts, tell: Callable[[str], object]) -> bool:
    place = work.warehouse.archive
    mended = archive.mend(place, name)
    if mended.damaged:
        tell(
            f"{place.path(name)}: {mended.damaged:,} bytes are damaged; what is whole is loaded, the file as it was is set aside as "
            f"{mended.aside}"
        )
    if not place.path(name).stat().st_size:  # it died before its first record was whole: nothing was asked
        names.delete(place.folder, [name])
        return False
    try:
        web.take(name)
    except archive.Damaged as error:
        tell(f"{error}; set aside as {archive.set_aside(place, name)}")
        return False
    return True


def replayed(work: "Work", recorded: "Recorded") -> list[str]:
    """Have a run's web be what its parts were answered then; gives their archive files."""
    files: list[str] = []
    for said in recorded.notes["parts"]:
        web = Parts(work.warehouse.archive, said["count"], work.book)
        web.hold(said["held"])
        for name in said["files"]:
            web.take(name)
            files.append(name)
        work.web, work.taking = web, Taking(work, web)
    return files
