"""What a run hands over to be written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from extract.records import Copy, Feed, Import, Outcome, Outlet, Poll, Robots
from extract.tracked import Match, Topic
from extract.vocabulary import RunKind


@dataclass(frozen=True, slots=True)
class Run:
    """A run's identity; its counts are taken from what it commits."""

    run_id: int
    name: str
    kind: RunKind
    started_at: datetime
    prefect_run: str = ""
    archive_file: str = ""
    newsduck: str = ""
    clock_off: float | None = None  # seconds by which this machine's clock was ahead of those of the hosts asked


@dataclass(slots=True)
class Batch:
    """What a run has to write."""

    run: Run
    now: datetime
    feeds: Sequence[Feed] = ()  # those of which anything changed
    polls: Sequence[Poll] = ()
    robots: Sequence[Robots] = ()
    listed: frozenset[int] = frozenset()  # all feed ids on the person's list; others become `removed`
    outcomes: Sequence[Outcome] = ()
    copies: Sequence[Copy] = ()
    topics: Sequence[Topic] | None = None  # those in force from now on; None: as they were
    outlets: Sequence[Outlet] = ()  # of which the run has articles, or which a person has named
    groups: Collection[tuple[str, str, str]] | None = None  # (name, site, who says so); None: as they were
    zone: str = ""  # whose days articles are counted by; empty: as it was
    matches: Sequence[Match] = ()
    taken: Sequence[Run] = ()  # runs that only fetched, whose answers it has taken in
    imports: Sequence[Import] = ()  # how far it has gone through files of web archives
    seen: Mapping[int, datetime] = field(default_factory=dict)  # entry → when it was first seen; others: now
    read_version: int = 0
    method: int = 0
    agency_names: dict[str, str] = field(default_factory=dict)
