"""One pipeline at a time: an operating system's lock, which goes when its holder dies, however it dies."""

import fcntl
import io
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from extract.errors import Broken, Busy
from storage import disk

UNCLOSED = "unclosed"  # file beside the lock


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the pipeline, or held it."""

    what: str  # the command
    pid: int
    since: str  # ISO time
    prefect_run: str = ""  # id of its flow run, where it is one


@dataclass(frozen=True, slots=True)
class Unclosed:
    """A flow run that the dashboard still shows as running, and how it ended where that is known."""

    run: str  # its id
    name: str = ""  # of the state it ended in; empty: its process died
    message: str = ""
    completed: bool = False


@contextmanager
def held(work: Path, what: str, now: datetime, prefect_run: str = "") -> Iterator[None]:
    """Hold the pipeline; raises Busy, saying who has held it since when, where another process does. The flow run of one
    that died with it is remembered as unclosed. Raises Broken where the folder cannot be written or locked."""
    path = work / "lock"
    with disk.told(f"writing {path}", "nothing was begun"):
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("a+b", buffering=0)
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(_told(_holder(file))) from error
        except OSError as error:
            raise Broken(f"{path} cannot be locked ({error.strerror}): put the data folder on a local disk") from error
        with disk.told(f"writing {path}", "nothing was begun"):
            died = _held_by(file)
            if died is not None and died.prefect_run:
                _note(work, Unclosed(died.prefect_run))
            file.truncate(0)
            file.write(json.dumps(asdict(Holder(what, os.getpid(), now.isoformat(), prefect_run))).encode())
        try:
            yield
        finally:
            with suppress(OSError):  # how the run ended is to be told, not this: it is then taken for one that died
                file.truncate(0)


def _held_by(file: io.FileIO) -> Holder | None:
    file.seek(0)
    return _read(file.read().decode(errors="replace"))


def _holder(file: io.FileIO) -> Holder | None:
    """Who holds the lock now; whoever has just taken it is given a moment to write its name."""
    for _ in range(20):
        if (found := _held_by(file)) is not None:
            return found
        time.sleep(0.05)
    return None


def _note(work: Path, run: Unclosed) -> None:
    with (work / UNCLOSED).open("ab", buffering=0) as unclosed:
        unclosed.write(f"{json.dumps(asdict(run))}\n".encode())


def settle(work: Path, run: Unclosed) -> None:
    """Note how a flow run of the lock's holder ended that the dashboard cannot be told of; the lock is given back when the
    process ends."""
    with suppress(OSError):  # how the run ended stands in the warehouse; this is for the dashboard alone
        if run.run:
            _note(work, run)
        os.truncate(work / "lock", 0)


def unclosed(work: Path) -> list[Unclosed]:
    """The flow runs that nobody has closed yet: of those who died holding the pipeline, and of those whose server was gone."""
    path = work / UNCLOSED
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []:
        try:
            found.append(Unclosed(**json.loads(line)))
        except (ValueError, TypeError):
            found.append(Unclosed(line.strip()))  # as newsduck up to 0.1.0 noted it
    return found


def closed(work: Path) -> None:
    """They have been closed."""
    with disk.told(f"deleting {work / UNCLOSED}", "nothing is lost by it"):
        (work / UNCLOSED).unlink(missing_ok=True)


def look(work: Path) -> Holder | None:
    """Whether the pipeline is free, and who died in it last: raises Busy where somebody holds it. Changes nothing.
    Raises Broken where the lock cannot be read."""
    path = work / "lock"
    if not path.exists():
        return None
    try:
        with path.open("rb", buffering=0) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy(_told(_holder(file))) from error
            return _held_by(file)
    except OSError as error:
        raise Broken(f"{path} cannot be read: {error.strerror}") from error


def _read(text: str) -> Holder | None:
    try:
        return Holder(**json.loads(text))
    except (ValueError, TypeError):
        return None


def _told(holder: Holder | None) -> str:
    if holder is None:
        return "another newsduck is working"
    return f"`newsduck {holder.what}` (process {holder.pid}) has been working since {holder.since[:19]} UTC"
