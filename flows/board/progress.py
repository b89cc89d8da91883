"""Telling a watching person how far a run is. A flow run under a worker has nobody watching and tells nobody."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from extract import unseen
from extract.errors import NewsduckError

Tick = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, as its state in the dashboard says it."""

    name: str
    message: str
    completed: bool


class Quiet:
    """Tells nobody; keeps the run's row for whoever started it."""

    def __init__(self) -> None:
        self.row: dict[str, Any] | None = None
        self.error: NewsduckError | None = None  # what ended the run
        self.topics: Sequence[tuple[str, int, int]] = ()  # name, articles and stories of the run
        self.notes: list[str] = []
        self.task_runs = 0  # that Prefect should have a record of
        self.stages: list[Callable[[str, int], Tick]] = []  # who shows them
        self.ended: Ended | None = None
        self.settled = threading.Event()  # the run's own work is done: only the dashboard is still to hear of it
        self.over = threading.Event()  # that too
        self.when_lost: Callable[[Quiet], object] = lambda _: None  # what to do where the dashboard cannot be told

    def settle(self, ended: Ended) -> None:
        """The run's own work is done."""
        if self.ended is None:
            self.ended = ended
            self.settled.set()

    def lost(self) -> None:
        """The dashboard cannot be told; the process ends."""
        self.when_lost(self)

    def stage(self, name: str, total: int) -> Tick:
        """A stage begins that will tick `total` times; gives what to call at each."""
        ticks = [begin(name, total) for begin in self.stages]

        def tick() -> None:
            for one in ticks:
                one()

        return tick

    def warn(self, line: str) -> None:
        """Something went wrong with one feed or page."""

    def note(self, line: str) -> None:
        """Something worth a line."""
        self.notes.append(line)


class Bars(Quiet):
    """A progress bar a stage, on standard error."""

    def __init__(self, progress: Any) -> None:
        super().__init__()
        self._progress = progress
        self.stages.append(self._bar)

    def _bar(self, name: str, total: int) -> Tick:
        task = self._progress.add_task(name, total=total)
        return lambda: self._progress.advance(task)

    def lost(self) -> None:
        self._progress.stop()
        super().lost()

    def warn(self, line: str) -> None:
        self._progress.console.print(unseen.harmless(line), markup=False, highlight=False, soft_wrap=True)


watcher: Quiet = Quiet()


@contextmanager
def watched_by(somebody: Quiet) -> Iterator[Quiet]:
    """Inside, runs of this process tell `somebody`."""
    global watcher
    before, watcher = watcher, somebody
    try:
        yield somebody
    finally:
        watcher = before


@contextmanager
def bars() -> Iterator[Quiet]:
    """Inside, runs of this process draw progress bars on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with (
        Progress(*columns, console=console, disable=not console.is_terminal) as progress,
        watched_by(Bars(progress)) as somebody,
    ):
        yield somebody
