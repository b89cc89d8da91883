"""A crew: readers on a Dask cluster, behind the sandbox's own face.

    jobs ──→ a few ahead for each worker ──→ Dask ──→ hand ──→ its sandbox ──→ results, in the jobs' order
                                     what is lost, cut short or not to be had there ──→ readers of this machine

Bodies do not travel: a job names its page's place in the archive. Jobs that name none (feeds, entries' own texts) are done here.
"""

import hashlib
import math
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, count, islice
from pathlib import Path
from typing import Any, TypeVar

from extract.errors import BadInput, NewsduckError, Poison
from extract.read import maker
from extract.sandbox import Cut, Sandbox
from flows.line.readers.cluster import Cluster, Lost, packed
from flows.line.readers.hand import Again, Done, Job, Kept, Order, Paper
from flows.settings import Settings
from flows.telling import say

T = TypeVar("T")
TOGETHER = (
    16  # pages that travel together at most: Dask costs 20 ms of CPU a task, in all its processes, and a page some 45
)
AHEAD = 2  # tasks for each worker: the one it does and the next
LOOK = 5.0  # seconds between two looks at which workers are there; a scheduler that is lost is known at once
STRIKES = 3  # times in a row that a worker, or the cluster, cannot do what it is given


def readers(settings: Settings, tell: Callable[[str], object] = say) -> Sandbox:
    """The readers of the settings: those of this machine or, where a scheduler is named, of its cluster. `tell` is told what of the
    cluster cannot be used."""
    limits = settings.read
    if limits.scheduler:
        return Crew(limits.scheduler, tell, limits.workers, limits.seconds, limits.memory_mb * 2**20)
    return Sandbox(limits.workers, limits.seconds, limits.memory_mb * 2**20)


class Crew(Sandbox):
    """Readers on a cluster, and this machine's for whatever the cluster does not do."""

    def __init__(
        self,
        address: str,
        tell: Callable[[str], object],
        workers: int = 2,
        seconds: float = 20.0,
        memory: int = 600 * 2**20,
    ) -> None:
        """A Dask scheduler's address; workers, seconds and bytes as a Sandbox has them, of which workers are this machine's."""
        super().__init__(workers, seconds, memory)
        self._address, self._tell = address, tell
        self._cluster: Cluster | None = None
        self._lost = False

    def close(self) -> None:
        """End the readers of this machine, and let go of the cluster."""
        super().close()
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def map(
        self,
        function: Callable[..., T],
        jobs: Iterable[Sequence[Any]],
        on_done: Callable[[], object] = lambda: None,
        *,
        early: int = 0,
    ) -> list[T | NewsduckError]:
        """As `Sandbox.map`. Where the first job names a page's place in the archive, all are given to the cluster. Raises BadInput
        where a file that a job names cannot be read."""
        if early and self._connected() is None:
            return super().map(function, map(_here, jobs), on_done, early=early)
        todo = iter(jobs)
        first = list(islice(todo, 1))
        todo = chain(first, todo)
        kept = next((part for job in first for part in job if isinstance(part, Kept)), None)
        if kept is None or (cluster := self._connected()) is None:
            return super().map(function, map(_here, todo), on_done, early=early)
        source = _Source(todo)
        far = _Far(cluster, self._order(kept), packed(function), source, on_done)
        try:
            try:
                far.work(TOGETHER * self._limits[1])
            except Lost as error:
                self._tell(f"{error}: what is left is read on this machine")
            finally:
                far.stop()
            return self._finished(function, far, on_done)
        finally:
            source.stop()

    def _finished(
        self, function: Callable[..., T], far: "_Far", on_done: Callable[[], object]
    ) -> list[T | NewsduckError]:
        """All results, once what the cluster has not done is done here."""
        numbers: list[int] = []

        def rest() -> Iterator[Job]:
            for number, job in far.rest():
                numbers.append(number)
                yield _here(job)

        results = far.results
        if not far.is_over():
            came = super().map(function, rest(), on_done)
            results |= dict(zip(numbers, came, strict=True))
        for number, job in sorted(far.late.items()):
            try:
                results[number] = self.once(function, list(_here(job)))
            except Cut as error:
                results[number] = Poison(str(error))
            on_done()
        return [results[number] for number in range(len(results))]

    def _connected(self) -> Cluster | None:
        if self._cluster is None and not self._lost:
            try:
                self._cluster = Cluster(self._address, self._tell)
            except NewsduckError as error:
                self._lost = True
                self._tell(f"{error}; pages are read on this machine")
        elif self._cluster is not None and self._cluster.is_gone():
            self._lost = True
        return None if self._lost else self._cluster

    def _order(self, kept: Kept) -> Order:
        made, (seconds, backstop) = maker.made_by(), self._limits
        mark = hashlib.sha256(repr((sorted(made.items()), kept.archive)).encode()).hexdigest()
        return Order(f"newsduck-{mark[:16]}", made, seconds, self._memory, backstop)


class _Source:
    """Jobs, made one by one in a thread of their own as they are asked for, since whoever makes them may wait for them. What
    becomes of them comes by the same way, so that one thread decides."""

    def __init__(self, jobs: Iterator[Job]) -> None:
        # (number, job), their maker's error, or None at their end; and tasks that are over.
        self.come: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._jobs, self._room, self._over = jobs, threading.Semaphore(0), False
        threading.Thread(target=self._make, name="crew", daemon=True).start()

    def ask(self, number: int) -> None:
        """Let so many more be made."""
        if number > 0:
            self._room.release(number)

    def stop(self) -> None:
        """Make none any more."""
        self._over = True
        self._room.release()

    def _make(self) -> None:
        try:
            for number in count():
                self._room.acquire()
                if self._over:
                    return
                if not (job := list(islice(self._jobs, 1))):
                    break
                self.come.put((number, job[0]))
        except BaseException as error:
            self.come.put(error)
        else:
            self.come.put(None)


@dataclass(slots=True)
class _Far:
    """The jobs of one call, on the cluster."""

    cluster: Cluster
    order: Order
    function: bytes
    source: _Source
    on_done: Callable[[], object]
    results: dict[int, Any] = field(default_factory=dict)
    late: dict[int, Job] = field(default_factory=dict)  # cut short: once more, alone, after all others
    left: dict[int, Job] = field(default_factory=dict)  # not to be had there
    asked: int = 0  # jobs that are to be made and have not come
    ended: bool = False  # no more will come
    waiting: deque[tuple[int, Job]] = field(default_factory=deque)
    given: dict[Any, list[tuple[int, Job]]] = field(default_factory=dict)  # task → its jobs
    strikes: Counter[str] = field(default_factory=Counter)  # by worker; of the cluster ""
    papers: dict[Path, Paper] = field(default_factory=dict)

    def work(self, patience: float) -> None:
        """Do what the cluster does of the jobs. Raises Lost where that has to stop before their end, as it does where for so many seconds
        nothing comes back; and what their maker raises."""
        looked = moved = time.monotonic()
        hands = self._hands()
        while not (self.ended and not self.waiting and not self.given):
            room = hands * (AHEAD + 1) * TOGETHER - self.asked - len(self.waiting) - sum(map(len, self.given.values()))
            if not self.ended and room > 0:
                self.source.ask(room)
                self.asked += room
            while self.waiting and len(self.given) < hands * AHEAD:
                self._give(min(TOGETHER, math.ceil(len(self.waiting) / hands)))  # towards the end each has his part
            came = len(self.given)
            with suppress(queue.Empty):
                self._come(self.source.come.get(timeout=LOOK))
            now = time.monotonic()
            if len(self.given) < came:
                moved = now
            if now - looked > LOOK:
                looked, hands = now, self._hands()
            if not self.given:
                moved = now
            if now - moved > patience:
                raise Lost(f"nothing came back from the cluster for {patience:.0f} s")

    def stop(self) -> None:
        """Make no more jobs, and do not wait for those that are given; they are left."""
        for task, jobs in self.given.items():
            task.release()
            self.left.update(jobs)
        self.left.update(self.waiting)
        self.given.clear()
        self.waiting.clear()

    def is_over(self) -> bool:
        """Whether no job is left to be done here, but for those that were late."""
        return self.ended and not self.left

    def rest(self) -> Iterator[tuple[int, Job]]:
        """The jobs left, and those that are still to come, each as it is asked for."""
        yield from sorted(self.left.items())
        while not self.ended:
            self.source.ask(1)
            self._come(self.source.come.get())
            while self.waiting:
                yield self.waiting.popleft()

    def _hands(self) -> int:
        if hands := self.cluster.look(self.order, self.function):
            return hands
        raise Lost("the cluster has no worker that can be used")

    def _come(self, one: Any) -> None:
        if one is None:
            self.ended = True
        elif isinstance(one, BaseException):
            self.ended = True
            raise one
        elif isinstance(one, tuple):
            self.asked -= 1
            self.waiting.append(one)
        elif one in self.given:  # else it is one that was given up
            self._take(one)

    def _give(self, number: int) -> None:
        jobs = list(islice(self.waiting, number))
        travel = [[self._carried(part) for part in job] for _, job in jobs]
        self.given[self.cluster.give(self.order, self.function, travel, self.source.come.put)] = jobs
        for _ in jobs:
            self.waiting.popleft()

    def _take(self, task: Any) -> None:
        jobs = self.given[task]
        done = self.cluster.came(task, len(jobs))
        del self.given[task]  # till here they are left where the cluster is lost
        for (number, job), result in zip(jobs, done.results, strict=True):
            if isinstance(result, Again):
                (self.late if result.cut else self.left)[number] = job
            else:
                self.results[number] = result
                self.on_done()
        self._judge(done)

    def _judge(self, done: Done) -> None:
        """Who cannot do what he is given gets nothing more, after a few times in a row."""
        if not done.fault:
            self.strikes[done.worker] = self.strikes[""] = 0
            return
        self.strikes[done.worker] += 1
        if self.strikes[done.worker] >= STRIKES:
            if not done.worker:
                raise Lost(f"the cluster does not do what it is given ({done.fault})")
            self.cluster.dismiss(self.order, done.worker, done.fault)

    def _carried(self, part: Any) -> Any:
        """A part of a job as it travels: files by what they say."""
        if isinstance(part, Path):
            if part not in self.papers:
                try:
                    self.papers[part] = Paper(part.read_bytes())
                except OSError as error:
                    raise BadInput(f"{part} cannot be read: {error.strerror}") from error
            return self.papers[part]
        of_files = type(part) is tuple and any(isinstance(one, Path) for one in part)
        return tuple(map(self._carried, part)) if of_files else part


def _here(job: Job) -> Job:
    """A job as this machine's readers take it."""
    return [part.body() if isinstance(part, Kept) else part for part in job]
