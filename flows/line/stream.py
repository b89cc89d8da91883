"""Fetching and reading side by side: each page is read as soon as it is in the archive, while others are still on their way.

    fetch ──→ archive ──→ at most WAITING bytes of bodies ──→ readers ──→ outcomes, in the entries' order

What comes of a run is the same however the answers come and however many readers there are: whatever decides between
pages (habits, stories, events, topics) works later, on all of them in one order.
"""

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from extract.fetch.client import Stop
from extract.records import Entry, Known, Outcome, Page
from flows.board import progress
from flows.line.fetch import Fetched, fetch_all, in_turns
from flows.line.read import read
from flows.line.readers.crew import Crew
from flows.line.web import Answer
from flows.line.work import Passed, Work, slices

WAITING = 32 * 2**20  # bytes of bodies that wait for a reader; beyond that they are taken from the archive again


def fetch_and_read(wanted: Sequence[Entry], known: Mapping[int, Known], work: Work) -> tuple[Fetched, list[Outcome]]:
    """Fetch the entries' pages and read them, a bar for so many; for each entry, in one order, its answer and its outcome, not
    yet likened to what is stored."""
    ordered = in_turns(wanted)
    if not ordered:
        return [], []
    stream, through = _Stream(ordered, known, work), 0
    with stream.running() as (fetching, reading):
        for number, some in enumerate(slices(ordered), 1):
            through += len(some)
            work.bar(f"fetch-and-read {number}", partial(stream.reach, through))
        outcomes = reading.result()  # where it failed it has stopped the other
        fetched = fetching.result()
    of = {outcome.entry.entry_id: outcome for outcome in outcomes}
    return fetched, [of[entry.entry_id] for entry in ordered]


class _Stream:
    """Two threads, what passes between them, and how far they are."""

    def __init__(self, ordered: Sequence[Entry], known: Mapping[int, Known], work: Work) -> None:
        self._ordered, self._known, self._work = ordered, known, work
        self._come: queue.SimpleQueue[tuple[Entry, Answer] | None] = queue.SimpleQueue()
        # Begun in the run's own thread, whose dashboard knows of it.
        self._ticks = {name: progress.watcher.stage(name, len(ordered)) for name in ("fetch", "read")}
        self._is_far = isinstance(work.sandbox, Crew)  # bodies stay here
        self._stop = Stop()
        self._moved = threading.Condition()  # what follows changes inside it
        self._waiting = 0  # bytes
        self._written = (
            self._safe
        ) = -1  # in the archive's file: the page that came last, and the last that is seen everywhere
        self._fetched = Passed()
        self._read = 0
        self._over = False

    @contextmanager
    def running(self) -> Iterator[tuple[Future[Fetched], Future[list[Outcome]]]]:
        """Inside, both are at work; both are over at its end, whatever happened."""
        with ThreadPoolExecutor(2, "stream") as threads:
            try:
                yield threads.submit(self._fetch), threads.submit(self._read_all)
            finally:
                self._end()

    def reach(self, through: int) -> Passed:
        """Wait until so many entries are through, or no more will be; gives what came of those since the last time."""
        with self._moved:
            before = self._fetched
            self._moved.wait_for(lambda: self._read >= through or self._over)
            return self._fetched - before

    def _end(self) -> None:
        with self._moved:
            self._over = True
            self._moved.notify_all()
        self._stop.ask()
        self._come.put(None)

    def _fetch(self) -> Fetched:
        def come(entry: Entry, answer: Answer) -> None:
            with self._moved:
                had = isinstance(answer, Page)
                self._fetched += Passed(had, not had)
                if isinstance(answer, Page):
                    self._written = answer.warc_offset
                    if self._is_far or self._waiting + len(answer.body) > WAITING:
                        answer = replace(answer, body=b"")
                    self._waiting += len(answer.body)
            self._come.put((entry, answer))
            self._ticks["fetch"]()

        try:
            return fetch_all(self._ordered, self._work, come, self._stop)
        finally:
            self._come.put(None)

    def _read_all(self) -> list[Outcome]:
        def through() -> None:
            self._ticks["read"]()
            with self._moved:
                self._read += 1
                self._moved.notify_all()

        try:
            expected = [entry.url for entry in self._ordered]
            return read(self._answers(), self._known, self._work, through, expected=expected, early=len(expected))
        finally:
            self._end()  # also where fewer came than were wanted, for the fetching failed

    def _answers(self) -> Iterator[tuple[Entry, Answer]]:
        while (one := self._come.get()) is not None and not self._over:
            if isinstance(one[1], Page):
                with self._moved:
                    self._waiting -= len(one[1].body)
                    written = self._written
                if (
                    self._is_far and one[1].warc_offset > self._safe
                ):  # else a shared folder may show another machine half of it
                    self._work.archive.sync()
                    self._safe = written
            yield one
