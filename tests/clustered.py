"""`newsduck cluster` as the tests of it start it, and pages in an archive for its workers."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from extract.records import Ask, Page
from extract.sandbox import Sandbox
from flows.line.readers.hand import Kept
from storage.archive import ArchiveWriter
from storage.store.place import Place
from tests.test_sandbox import is_running
from tests.typed import PROGRAM

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def family(process: int) -> list[int]:
    """All descendants of a process."""
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *family(child)]
    return found


def words(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@contextmanager
def client_of(address: str) -> Iterator[Any]:
    """Dask's own client."""
    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        yield client


class Running:
    """A `newsduck cluster` that runs."""

    def __init__(self, folder: Path, *more: str, **environment: str) -> None:
        self.log = folder / "cluster.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "cluster", "--port", "0", *more],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self.process.stdout
        told = b""
        while b"In newsduck.toml" not in told:
            line = self.process.stdout.readline()
            assert line, self.log.read_text()
            told += line
        self.address = told.decode().split()[1]

    def workers(self) -> list[int]:
        """The processes that read."""
        with client_of(self.address) as client:
            return list(client.run(os.getpid).values())

    def end(self) -> None:
        """Ctrl-C; and nobody is left behind."""
        there = family(self.process.pid)
        self.process.send_signal(signal.SIGINT)
        assert self.process.wait() == 0, self.log.read_text()
        assert self.process.stdout
        self.process.stdout.close()
        assert len(there) >= 4 and not [words(pid) for pid in there if is_running(pid)]


@contextmanager
def running(folder: Path, *more: str, **environment: str) -> Iterator[Running]:
    found = Running(folder, *more, **environment)
    try:
        yield found
    finally:
        found.end()


def kept(folder: Path, bodies: list[bytes]) -> list[Kept]:
    """Bodies in an archive."""
    place = Place(folder / "archive")
    with ArchiveWriter(place, "ingest-20261123T120000Z", NOW) as writer:
        ask = Ask("https://www.herald.example/1", "page", "", 10**7)
        empty = Page(ask, ask.url, 200, (("content-type", "text/html"),), b"", NOW, 0.1)
        pages = [writer.keep(replace(empty, body=body)) for body in bodies]
    return [Kept(place, one.warc_file, one.warc_offset) for one in pages]


class Local:
    """Readers of this machine that must not be asked."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked = 0
        once = Sandbox.once

        def counted(sandbox: Sandbox, function: Callable[..., Any], job: Any) -> Any:
            self.asked += 1
            return once(sandbox, function, job)

        patch.setattr(Sandbox, "once", counted)
