"""A fork server: one process that loads what readers stand on and is forked for each of them, so that a second reader, or one in
place of one that a page took down, is there in milliseconds and shares the memory of what is loaded.

    ours ──(what to load, what to live by, two sockets)──→ fork server ──fork──→ reader ←──calls and answers──→ ours
                                                               └──────────────its exit code──────────────────→ ours

It never sees a page. On Linux only: elsewhere a process in which numerical libraries are loaded may not be forked, and each
reader loads for itself.
"""

import contextlib
import errno
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
from contextlib import ExitStack
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

POSSIBLE = sys.platform == "linux"
LARGEST = 2**16  # bytes of a request: the names of two functions
# Seconds a process may take to start and load what it runs, and a reader after it: one or two, on a busy machine sixty.
START = 600.0
PATIENCE = 5.0  # seconds in which a server may end by itself

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
        asked = bytes(ForkingPickler.dumps((bytes(ForkingPickler.dumps(load)), live)))
        with self._asking:
            try:
                return self._forked(asked)
            except (OSError, EOFError):  # it was killed, say: once more, by another, with other sockets
                return self._forked(asked)

    def close(self) -> None:
        """End the server, and with it whatever it has forked."""
        with self._asking:
            self._end()

    def _forked(self, asked: bytes) -> "tuple[Connection, Forked]":
        with ExitStack() as ends:
            (ours, theirs), (told, telling) = socket.socketpair(), socket.socketpair()
            for end in (ours, theirs, told, telling):
                ends.enter_context(end)
            pid = self._asked(asked, theirs, telling)
            return Connection(ours.detach()), Forked(pid, Connection(told.detach()))

    def _asked(self, asked: bytes, *ends: socket.socket) -> int:
        """The process that the server has forked. A server that does not answer is ended: its answer might come to the next one."""
        if self._ours is None:
            self._start()
        assert self._ours is not None
        try:
            socket.send_fds(self._ours, [asked], [end.fileno() for end in ends])
            if not (answer := self._ours.recv(_CODE.size)):
                raise EOFError("the process that forks it ended")
        except BaseException:
            self._end()
            raise
        pid: int = _CODE.unpack(answer)[0]
        if pid < 0:
            raise OSError(-pid, os.strerror(-pid))
        return pid

    def _start(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._ours.settimeout(START)
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
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
            self._process.kill()  # where it loads without end, or somebody else holds our end of the line
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
                for descriptor in descriptors:
                    os.set_inheritable(descriptor, False)
                try:
                    pid, live = _forked(asked)
                except OSError as error:  # no room for another process
                    os.close(line)
                    os.close(telling)
                    ours.send(_CODE.pack(-(error.errno or errno.EAGAIN)))
                    continue
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
    with contextlib.suppress(
        Exception
    ):  # a reader meets it again with its first job, which costs that reader and not all
        ForkingPickler.loads(load)()
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
            if (telling := forked.pop(pid, None)) is None:  # what a library started
                continue
            with contextlib.suppress(OSError), telling:
                telling.send(_CODE.pack(os.waitstatus_to_exitcode(status)))
