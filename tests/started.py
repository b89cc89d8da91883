"""A running `newsduck up`, watched from outside."""

import http.server
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from flows.board.up import names
from tests.board import Board
from tests.typed import PROGRAM

T = TypeVar("T")


FAR = 600.0  # seconds after which what is waited for will not come, on the busiest machine either


SERVER, WORKER = "flows.board.up.serve", "prefect worker start"  # words of their commands


class Told(http.server.ThreadingHTTPServer):
    """Where alerts go: keeps what it is told."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        told = self.bodies

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)


def until(found: Callable[[], T], otherwise: Callable[[], object]) -> T:
    """Wait until there is something, and give it; what to say where it does not come is `otherwise`."""
    end = time.monotonic() + FAR
    while not (it := found()):
        assert time.monotonic() < end, otherwise()
        time.sleep(0.3)
    return it


class Up:
    """A running `newsduck up`; a context manager, after which it does not run any more, however the test went."""

    def __init__(self, folder: Path, api: str, told: Told | None = None) -> None:
        self.folder, self.api, self.told = folder, api, told
        self.log = folder / "up.log"

    def start(self) -> None:
        """Start it and wait until it says when the next runs come."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSDUCK_", "PREFECT_"))}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen([PROGRAM, "up"], cwd=self.folder, env=env, stdout=output, stderr=output)
        self.wait_for("dashboard ")
        self.wait_for("next  ")

    def __enter__(self) -> "Up":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()

    @property
    def names(self) -> names.Names:
        return names.of(self.folder / "data" / "prefect")

    @property
    def board(self) -> Board:
        return Board.of(self.folder, self.api)

    def wait_for(self, words: str) -> None:
        def said() -> bool:
            ended = self.process.poll() is not None  # before what it said last is read
            there = words in self.said()
            assert there or not ended, self.said()
            return there

        until(said, lambda: f"{words!r} was not said: {self.said()}")

    def warned(self, run: str, words: str) -> list[str]:
        """The warnings in a run's log on the server, once one says these words: lines are sent after the run's own state."""
        wanted = {"flow_run_id": {"any_": [run]}, "level": {"ge_": 30}}

        def found() -> list[str]:
            lines = [log["message"] for log in self.board.ask("logs/filter", logs=wanted, limit=100)]
            return lines if any(words in line for line in lines) else []

        return until(found, lambda: f"no warning of the run {run} says {words!r}")

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(FAR)

    def kill(self, words: str) -> list[int]:
        """End its processes with these words in their commands, without a word to them; there is at least one."""
        there = self.processes(words)
        assert there, f"no process {words!r}: {self.said()}"
        for process in there:
            os.kill(process, signal.SIGKILL)
        return there

    def processes(self, words: str = "") -> list[int]:
        """What it has started and what that has: server, worker and runs; or those with these words in their commands."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                environment = (path.parent / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if words in line and f"PREFECT_API_URL={self.api}" in environment:
                found.append(int(path.parent.name))
        return found

    def runs(self, *states: str, name: str = "ingest 2") -> list[Any]:
        wanted = {"state": {"type": {"any_": list(states)}}, "name": {"like_": name}}
        return list(self.board.ask("flow_runs/filter", flow_runs=wanted, sort="START_TIME_DESC"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
