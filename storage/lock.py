"""One pipeline at a time: an operating system's lock, which goes when its holder dies, however it dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from extract.errors import Broken, Busy

UNCLOSED = "unclosed"  # file beside the lock


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the pipeline, or held it."""

    what: str  # the command
    pid: int
    since: str  # ISO time
    prefect_run: str = ""  # id of its flow run, where it is one


@contextmanager
def held(work: Path, what: str, now: datetime, prefect_run: str = "") -> Iterator[None]:
    """Hold the pipeline; raises Busy, saying who has held it since when, where another process does. The flow run of one
    that died with it is remembered as unclosed."""
    path = work / "lock"
    try:
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise Broken(
            f"{path} cannot be written: {error.strerror}; choose another data folder or its permissions"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise Busy(_told(_read(file.read()))) from error
        except OSError as error:
            raise Broken(f"{path} cannot be locked ({error.strerror}): put the data folder on a local disk") from error
        file.seek(0)
        died = _read(file.read())
        if died is not None and died.prefect_run:
            with (work / UNCLOSED).open("a", encoding="utf-8") as unclosed:
                unclosed.write(f"{died.prefect_run}\n")
        file.truncate(0)
        file.write(json.dumps(asdict(Holder(what, os.getpid(), now.isoformat(), prefect_run))))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def unclosed(work: Path) -> list[str]:
    """The flow runs of those who died holding the pipeline, and which nobody has closed yet."""
    path = work / UNCLOSED
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def closed(work: Path) -> None:
    """They have been closed."""
    (work / UNCLOSED).unlink(missing_ok=True)


def look(work: Path) -> Holder | None:
    """Whether the pipeline is free, and who died in it last: raises Busy where somebody holds it. Changes nothing."""
    path = work / "lock"
    if not path.exists():
        return None
    try:
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy(_told(_read(file.read().decode()))) from error
            return _read(file.read().decode())
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
