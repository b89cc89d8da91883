"""A fork server: one process that loads what readers stand on and is forked for each of them, so that a second reader, or one in
place of one that a page took down, is there in milliseconds and shares the memory of what is loaded.

    ours ──(what to load, what to live by, two sockets)──→ fork server ──fork──→ reader ←──calls and answers──→ ours
                                                               └──────────────its exit code──────────────────→ ours

It never sees a page. On Linux only: elsewhere a process in which numerical libraries are loaded may not be forked, and each
reader loads for itself.
"""

import contextlib
import gc
import os
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

POSSIBLE = sys.platform == "linux"
LARGEST = 2**16  # bytes of a request: the names of two functions

_CODE = struct.Struct("i")


class ForkServer:
    """The server, started with its first fork, and again with the next one after it was killed."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """The environment is what readers are told."""
        self._environment = dict(environment)
        self._asking = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._ours: socket.socket | None = None

    def fork(self, load: Callable[[], object], live: Callable[[int], object]) -> "tuple[Connection, Forked]":
        """A new process that lives by `live`, a picklable function of the descriptor of its end of a line; gives our end of it,
        and the process. `load` is called before, in the server. Raises OSError or EOFError where no process comes of it."""
        asked = bytes(ForkingPickler.dumps((load, live)))
        with self._asking:
            for again in (True, False):
                try:
                    return self._asked(asked)
                except (OSError, EOFError):
                    self._end()
                    if not again:
                        raise
        raise AssertionError

    def close(self) -> None:
        """End the server, and with it whatever it has forked."""
        with self._asking:
            self._end()

    def _asked(self, asked: bytes) -> "tuple[Connection, Forked]":
        if self._ours is None:
            self._start()
        assert self._ours is not None
        ours, theirs = socket.socketpair()
        told, telling = socket.socketpair()
        with theirs, telling:
            try:
                socket.send_fds(self._ours, [asked], [theirs.fileno(), telling.fileno()])
                if not (answer := self._ours.recv(_CODE.size)):
                    raise EOFError("it ended")
            except BaseException:
                ours.close()
                told.close()
                raise
        return Connection(ours.detach()), Forked(_CODE.unpack(answer)[0], Connection(told.detach()))

    def _start(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", f"from extract.forks import serve; serve({theirs.fileno()})"],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                start_new_session=True,  # Ctrl-C is for the run to handle
            )

    def _end(self) -> None:
        if self._ours is not None:
            self._ours.close()
            self._ours = None
        if self._process is not None:
            self._process.wait()
            self._process = None


class Forked:
    """A process of the fork server's, the first of a group of its own."""

    def __init__(self, pid: int, told: Connection) -> None:
        self.pid = pid
        self._told = told
        self._code: int | None = None

    def wait(self, patience: float | None = None) -> int | None:
        """The code it ended with, as `subprocess` has it; None where after so many seconds it has not. That of one whose server
        was killed is not known, and is told as SIGKILL."""
        if self._code is None and self._told.poll(patience):
            try:
                self._code = _CODE.unpack(os.read(self._told.fileno(), _CODE.size))[0]
            except (OSError, struct.error):
                self._code = -signal.SIGKILL
            self._told.close()
        return self._code


def serve(descriptor: int) -> None:
    """The server's life: fork when asked and tell of who has ended, until the other end is gone."""
    ours, forked = socket.socket(fileno=descriptor), dict[int, socket.socket]()
    woken, wakes = socket.socketpair()
    for end in (woken, wakes):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes.fileno())
    with selectors.DefaultSelector() as ready:
        ready.register(ours, selectors.EVENT_READ)
        ready.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fileobj is woken:
                    with contextlib.suppress(BlockingIOError):
                        woken.recv(4096)
                    _tell(forked)
                    continue
                asked, descriptors, *_ = socket.recv_fds(ours, LARGEST, 2)
                if not asked:
                    for pid in forked:
                        with contextlib.suppress(OSError):
                            os.killpg(pid, signal.SIGKILL)
                    return
                line, telling = descriptors
                pid, live = _forked(asked)
                if live is not None:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    ready.close()
                    for other in (ours, woken, wakes, *forked.values()):
                        other.close()
                    os.close(telling)
                    _lived(live, line)
                os.close(line)
                forked[pid] = socket.socket(fileno=telling)
                ours.send(_CODE.pack(pid))


def _forked(asked: bytes) -> tuple[int, Callable[[int], object] | None]:
    """(process, None) where it was forked, and in that process (0, what it lives by)."""
    live: Callable[[int], object]
    load, live = ForkingPickler.loads(asked)
    with contextlib.suppress(Exception):  # it will meet what was met here, and say so
        load()
    gc.collect()
    gc.freeze()  # what is there now is not touched by a reader's collector, and stays shared
    pid = os.fork()
    with contextlib.suppress(OSError):  # whichever of the two is first: what it starts ends with it
        os.setpgid(pid, pid)
    return pid, None if pid else live


def _lived(live: Callable[[int], Any], line: int) -> None:
    """A forked process's life, and its end."""
    code = 1
    try:
        live(line)
        code = 0
    finally:
        os._exit(code)


def _tell(forked: dict[int, socket.socket]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            pid, status = ended
            telling = forked.pop(pid)
            with contextlib.suppress(OSError), telling:
                telling.send(_CODE.pack(os.waitstatus_to_exitcode(status)))
