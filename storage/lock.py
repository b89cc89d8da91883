"""One pipeline at a time: an operating system's lock, which goes when its holder dies, however it dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from extract.errors import Broken, Busy


@contextmanager
def held(work: Path, what: str, now: datetime) -> Iterator[None]:
    """Hold the pipeline; raises Busy, saying who has held it since when, where another process does."""
    path = work / "lock"
    try:
        work.mkdir(parents=True, exist_ok=True)
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
            raise Busy(_who(file.read())) from error
        except OSError as error:
            raise Broken(f"{path} cannot be locked ({error.strerror}): put the data folder on a local disk") from error
        file.truncate(0)
        file.write(json.dumps({"what": what, "pid": os.getpid(), "since": now.isoformat()}))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _who(text: str) -> str:
    try:
        holder = json.loads(text)
        return (
            f"`newsduck {holder['what']}` (process {holder['pid']}) has been working since {holder['since'][:19]} UTC"
        )
    except (ValueError, KeyError):
        return "another newsduck is working"
