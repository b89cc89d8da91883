"""What the steps of one run share and hand to each other."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from extract import entries
from extract.fetch import robots
from extract.fetch.turns import Turns
from extract.keys import key
from extract.records import Feed, FeedDocument, Known, Poll
from extract.sandbox import Sandbox
from extract.vocabulary import RunKind
from extract.words import Lines
from flows import house
from flows.line import journal, send
from flows.line.parts import lists
from flows.line.web import Hosts, Web
from flows.settings import VERSION, Settings
from flows.telling import say
from storage import access, archive, lock
from storage.store.place import Place
from storage.warehouse import Warehouse
from storage.write.batch import Run

if TYPE_CHECKING:
    from flows.line.parts.taking import Taking

T = TypeVar("T")

ASKING = ("backfill", "forget")  # commands that ask hosts or write archive files anew: no part may fetch meanwhile
SLICE = 100  # feeds or pages to a bar
MOST = 60  # bars of one kind: three kinds and the single ones make 190 at most, and each costs the dashboard 35 ms


@dataclass(frozen=True, slots=True)
class Finished:
    """What the tail of a run came to."""

    row: dict[str, Any]  # of `runs`
    topics: Sequence[tuple[str, int, int]] = ()  # name, articles of this run, stories they are


@dataclass(frozen=True, slots=True)
class Looked:
    """A feed, the look at it, and its new document where there is one."""

    feed: Feed
    poll: Poll
    document: FeedDocument | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A run's entries: those to fetch, those settled already, and what was known of each."""

    plan: entries.Plan
    known: dict[int, Known]
    looked: tuple[Looked, ...]  # with what their listings tell
    seen: dict[int, datetime]  # entry → when it was first seen: by an earlier run, else by this run's look at its feed


@dataclass(frozen=True, slots=True)
class Passed:
    """Pages that came through a stretch of the line: how many are in the archive, and how many could not be had."""

    pages: int = 0
    missing: int = 0

    def __add__(self, other: "Passed") -> "Passed":
        return Passed(self.pages + other.pages, self.missing + other.missing)

    def __sub__(self, other: "Passed") -> "Passed":
        return Passed(self.pages - other.pages, self.missing - other.missing)


class Bar(Protocol):
    """What draws a step where a person watches, and calls it."""

    def __call__(self, name: str, call: Callable[[], T], /) -> T: ...


def plainly(name: str, call: Callable[[], T], /) -> T:
    """A step that nobody draws."""
    return call()


def slices(items: Sequence[T]) -> list[Sequence[T]]:
    """The items in at most MOST slices of at least SLICE: a bar each."""
    size = max(SLICE, math.ceil(len(items) / MOST))
    return [items[n : n + size] for n in range(0, len(items), size)]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a flow's line came to."""

    message: str  # in the name of its state
    finished: Finished | None = None
    looked: Sequence[Looked] = ()  # the looks at feeds by which the run is judged


@dataclass(slots=True)
class Work:
    """What the steps of one run share."""

    settings: Settings
    warehouse: Warehouse
    run: Run
    sandbox: Sandbox
    archive: archive.ArchiveWriter
    web: Web = field(default_factory=Hosts)
    turns: Turns = field(default_factory=Turns)
    book: robots.Book = field(default_factory=robots.Book)
    ahead: list[float] = field(default_factory=list)  # seconds by which our clock was ahead of that of each host asked
    moments: dict[str, datetime] = field(default_factory=dict)  # run and what of it → when, as `moment` gives it
    taking: "Taking | None" = None  # what it takes in of parts that fetch, where there are several
    publishes: bool = True  # a run that is replayed does not: its file is put in place at the end of all
    did: frozenset[tuple[str, str]] | None = None  # of one that is replayed: (run, what it did); None: all
    said: bytes = b""  # what its journal said in full and earlier ones had not, for flows/line/journal.py
    worse: frozenset[str] = frozenset()  # hosts that were read badly already when the run began
    bar: Bar = plainly
    lines: Lines = field(default_factory=Lines)  # the run's texts, cut into words
    known_feeds: dict[int, Feed] | None = None  # once they were asked for; none after they were written

    def moment(self, name: str) -> datetime:
        """When a part of the run was done: one moment for all of it, so that the run can be replayed."""
        return self.moments.setdefault(f"{self.run.name} {name}", datetime.now(UTC))

    def goes_on(self, step: journal.Step) -> bool:
        """Whether the run is to do a step: one that is replayed and died does what it did then."""
        return self.did is None or (self.run.name, step) in self.did

    def feeds(self) -> dict[int, Feed]:
        """Every feed known. A run asks five times, and writes them once: until then they are as it found them."""
        if self.known_feeds is None:
            self.known_feeds = self.warehouse.feeds()
        return self.known_feeds


def start(
    kind: RunKind, now: datetime, prefect_run: str = "", place: Place | None = None, part: int | None = None
) -> Run:
    """A new run's identity, named by its kind, its part where it is one's, and its second: the first from `now` on that no
    other run has."""
    while True:
        name = "-".join(filter(None, (kind, str(part or ""), f"{now:%Y%m%dT%H%M%SZ}")))
        if place is None or not archive.is_taken(place, archive.file_name(name, now)):
            break
        now += timedelta(seconds=1)
    return Run(key(name, now.isoformat()), name, kind, now, prefect_run, newsduck=VERSION)


def open_folder(settings: Settings, tell: Callable[[str], object]) -> None:
    """Make the data folder, or make it its owner's alone where it is not, and say what was mended."""
    for line in access.mend(settings.data_folder, settings.share.group):
        tell(line)


@contextmanager
def alone(
    kind: RunKind,
    settings: Settings,
    sandbox: Sandbox | None = None,
    prefect_run: str = "",
    asked: Mapping[str, Any] | None = None,
) -> Iterator[Work]:
    """The work of a command that asks nobody on the web: the pipeline's lock held, the working file made or migrated.
    Where nothing is read, no readers are needed. `asked` is what the person asked for, for the run's journal."""
    now = datetime.now(UTC)
    warehouse = house.warehouse(settings)
    open_folder(settings, say)
    with ExitStack() as stack:
        stack.enter_context(lock.held(warehouse.work, kind, now, prefect_run))
        if kind in ASKING:
            stack.enter_context(lists.still(warehouse.data, kind, now, say))
        run = start(kind, now, prefect_run, warehouse.archive)
        writer = stack.enter_context(archive.ArchiveWriter(warehouse.archive, run.name, run.started_at))
        readers = sandbox or stack.enter_context(Sandbox(1))
        warehouse.prepare(say, settings.share.group)
        work = Work(settings, warehouse, run, readers, writer)
        journal.begin(work, asked)
        yield work
        send.send(work, say)
