"""A hand of the crew: what a process of a Dask cluster does for a run. It takes pages out of the archive by their places, and reads
them in a sandbox of its own, which it keeps."""

import asyncio
import atexit
import hashlib
import pickle
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extract.errors import NewsduckError
from extract.read.maker import made_by
from extract.sandbox import Cut, Sandbox, ready
from storage import archive
from storage.store.place import Place

Job = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A page's place in the archive, in a job in place of its body, which does not travel."""

    archive: Place
    file: str
    offset: int

    def body(self) -> bytes:
        """The page's body. Raises as `archive.read_page`."""
        return archive.read_page(self.archive, self.file, self.offset).body


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that a reading goes by, such as a person's agencies, in a job in place of its path: elsewhere another may lie there."""

    words: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """What all jobs of a run have in common."""

    resource: str  # what Dask calls a worker that does them
    made_by: Mapping[str, str]  # as `maker.made_by` has it where the run is
    seconds: float  # of processor time for a job
    memory: int  # bytes for its reader
    backstop: float  # seconds by the clock on the wall


@dataclass(frozen=True, slots=True)
class Again:
    """A job that is to be done once more, elsewhere: because it was cut short, or because this hand cannot."""

    cut: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What came of some jobs."""

    worker: str  # its address
    results: list[Any]  # for each job its result, an error of ours, or Again
    fault: str  # why this hand cannot do them; empty where it can


@dataclass(slots=True)
class _Desk:
    """What this process keeps from job to job, for whoever holds the lock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    worker: str = ""
    folder: Path | None = None  # for papers; goes with the worker
    sandbox: Sandbox | None = None
    how: tuple[Any, ...] = ()  # the sandbox was made

    def reader(self, order: Order) -> Sandbox:
        """The sandbox: one, made anew where a run has other limits or what reads has changed on the disk."""
        how = order.seconds, order.memory, order.backstop, tuple(order.made_by.items())
        if self.sandbox is None or self.how != how:
            self.close()
            self.sandbox, self.how = Sandbox(1, order.seconds, order.memory, order.backstop), how
        return self.sandbox

    def close(self) -> None:
        if self.sandbox is not None:
            self.sandbox.close()
            self.sandbox = None

    def laid(self, part: Any) -> Any:
        """A part of a job as the reader takes it."""
        if isinstance(part, Kept):
            return part.body()
        if isinstance(part, Paper):
            return self._written(part.words)
        return tuple(map(self.laid, part)) if isinstance(part, tuple) and any(_is_ours(p) for p in part) else part

    def _written(self, words: bytes) -> Path:
        if self.folder is None or not self.folder.is_dir():
            self.folder = Path(tempfile.mkdtemp(prefix="newsduck-"))
        path = self.folder / hashlib.sha256(words).hexdigest()  # by what it says, as the reader keeps it by its name
        if not path.exists():
            path.write_bytes(words)
        return path


def _is_ours(part: Any) -> bool:
    return isinstance(part, Kept | Paper)


_desk = _Desk()
atexit.register(_desk.close)
_making: set[asyncio.Future[None]] = set()  # a loop keeps no hold of what it runs


class _Called:
    """A function on its way to the reader. This process never sees it: what it needs would cost a second and 100 MB."""

    def __init__(self, pickled: bytes) -> None:
        self._pickled = pickled

    def __reduce__(self) -> tuple[Callable[[bytes], Any], tuple[bytes]]:
        return pickle.loads, (self._pickled,)

    def __call__(self, *_: Any) -> Any:
        raise NotImplementedError


async def join(order: Order, function: bytes, dask_worker: Any) -> Mapping[str, str]:
    """Held against the run's, what reads here; where it is the same this worker is given the run's jobs from now on, and its reader
    is made ready for them."""
    mine = await asyncio.to_thread(made_by)
    fits = mine == order.made_by
    if fits:
        _desk.worker, _desk.folder = dask_worker.address, Path(dask_worker.local_directory)
        coming = asyncio.get_running_loop().run_in_executor(None, _make_ready, order, function)
        _making.add(coming)
        coming.add_done_callback(_making.discard)
    await dask_worker.set_resources(**{order.resource: int(fits)})
    return mine


async def leave(order: Order, dask_worker: Any) -> None:
    """This worker is given none of the run's jobs any more."""
    await dask_worker.set_resources(**{order.resource: 0})


def _make_ready(order: Order, function: bytes) -> None:
    with _desk.lock, suppress(Cut, NewsduckError):  # a job will meet what it met
        _desk.reader(order).once(ready, (_Called(function),))


def read(order: Order, function: bytes, jobs: Sequence[Job]) -> Done:
    """Do some jobs, one after the other."""
    results: list[Any] = []
    fault = ""
    with _desk.lock:
        for job in jobs:
            try:
                call = [_desk.laid(part) for part in job]
                results.append(_desk.reader(order).once(_Called(function), call))
            except Cut:
                results.append(Again(cut=True))
            except (NewsduckError, OSError) as error:  # the archive's page is not there, or a reader cannot start
                fault = str(error)
                results.append(Again(cut=False))
    return Done(_desk.worker, results, fault)
