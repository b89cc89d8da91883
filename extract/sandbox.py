"""Run a function in a disposable process, with so much of the processor's time and so much memory.

A page is a stranger's input to a C library: it can take minutes, gigabytes, or the interpreter with it. Here it takes
its worker at most; the next document is served by a fresh one a moment later, and no neighbour notices.
"""

import contextlib
import errno
import gc
import os
import queue
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Protocol, Self, TypeVar

from extract import forks
from extract.errors import Broken, NewsduckError, Poison
from extract.forks import START, ForkServer

T = TypeVar("T")  # PEP 695 needs Python 3.12
MEMORY = 600 * 2**20  # bytes of data a worker may hold; trafilatura with its tables needs 120 MiB, a large page 300
# A job's time is its processor's: on a busy machine a good page waits for minutes. By the clock on the wall a job may take this
# many times as long (at a load of 20 on two cores: ten times), and no less than ten minutes; only what sleeps meets that.
BACKSTOP = 60
LEAST = 600.0


def far(seconds: float) -> float:
    """The seconds by the clock on the wall after which a job of so many seconds of the processor's time is ended."""
    return max(LEAST, BACKSTOP * seconds)


# What a reader is told of the environment: how to find and run Python, and in which language and zone. Not who we are, nor a
# password: a page that breaks into its reader finds none there.
PASSED = re.compile(r"PATH|HOME|TMPDIR|TZ|LANG|LANGUAGE|LC_\w+|VIRTUAL_ENV|(DY)?LD_LIBRARY_PATH|PYTHON\w+")


class Sandbox:
    """A few worker processes, kept from call to call; close it, or use it as a context manager.

    Functions must be importable by name and take and give picklable values. Not for code that needs the network: a
    worker is no jail, it bounds time, memory and crashes.
    """

    def __init__(
        self, workers: int = 2, seconds: float = 20.0, memory: int = MEMORY, backstop: float | None = None
    ) -> None:
        """`seconds` of processor time a job, `backstop` seconds by the clock on the wall, by default a far one."""
        self._memory = memory
        self._limits = seconds, far(seconds) if backstop is None else backstop
        self._loaded: set[str] = set()  # modules that the fork server has been asked to load
        self._forks = ForkServer(_told()) if forks.POSSIBLE else None
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        self.workers = workers
        for _ in range(workers):
            self._idle.put(None)  # a place; its worker starts with its first job

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers."""
        for _ in range(self.workers):
            if (worker := self._idle.get()) is not None:
                worker.end()
            self._idle.put(None)
        if self._forks is not None:
            self._forks.close()

    def map(
        self,
        function: Callable[..., T],
        jobs: Iterable[Sequence[Any]],
        on_done: Callable[[], object] = lambda: None,
        *,
        early: int = 0,
    ) -> list[T | NewsduckError]:
        """Call `function(*job)` for every job; for each its result, or the error it raised, in the order of the jobs.

        A job that takes too long, too much memory or its process down gives Poison; one that took too long, or whose process
        was killed from outside or ended by itself, is tried once more, alone, after all others. An error of ours comes as it is; any other is
        Poison too, named, for it is the document that brought it about. A module whose functions load tables when they are first used has a `warm` that does so,
        called before any of its jobs, so that no job pays for it; where the disk lets it not, Broken is raised, and no job is
        blamed. For so many workers as `early` says that is done before there is a job at all, for jobs that come one by one.
        """
        todo, taking = enumerate(jobs), threading.Lock()
        results: dict[int, T | NewsduckError] = {}
        late: dict[int, Sequence[Any]] = {}
        broken: list[BaseException] = []

        def serve(mine: int) -> None:
            try:
                if mine < early:
                    with contextlib.suppress(Cut):  # a job will meet what it met
                        self.once(ready, (function,))
                while not broken:
                    with taking:  # a job's bytes are read only when a worker is free for them
                        number, job = next(todo, (-1, ()))
                    if number < 0:
                        return
                    try:
                        results[number] = self.once(function, job)
                    except Cut:
                        late[number] = job
                        continue
                    on_done()
            except BaseException as error:  # ours, or whoever makes the jobs raised: the caller gets it
                broken.append(error)

        threads = [threading.Thread(target=serve, args=(n,), daemon=True) for n in range(self.workers)]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException as stop:  # Ctrl-C: the threads end with the jobs they have
            broken.append(stop)
            raise
        if broken:
            raise broken[0]
        for number, job in sorted(late.items()):
            try:
                results[number] = self.once(function, job)
            except Cut as error:
                results[number] = Poison(str(error))
            on_done()
        return [results[number] for number in range(len(results))]

    def once(self, function: Callable[..., Any], job: Sequence[Any]) -> Any:
        """One job, as `map` does it; but one that was cut short, which `map` tries again alone after all others, raises Cut."""
        worker, wanted = self._idle.get(), job[0] if function is ready else function
        try:
            if worker is not None and self._forks is not None and wanted.__module__ not in worker.loaded:
                worker.end()  # a new one, that has it loaded, is there in no time
                worker = None
            if worker is None:
                self._loaded.add(wanted.__module__)
                worker = _Worker(self._forks, wanted, self._loaded, self._memory, *self._limits)
            return worker.call(function, job)
        except (Cut, Broken):
            worker = None
            raise
        except _Died as death:
            worker = None
            return Poison(str(death))
        finally:
            self._idle.put(worker)


def ready(function: Callable[..., Any]) -> None:
    """A job that is done once the function's module is imported and ready."""


class _Died(Exception):
    """A worker is gone; the text says how."""


class Cut(_Died):
    """A worker is gone that was cut short, for taking too long or by somebody outside, who may have meant another one."""


class _Process(Protocol):
    """What is known of a worker's process, whoever started it."""

    pid: int

    def wait(self, patience: float | None = None) -> int | None:
        """The code it ended with; None where after so many seconds it has not."""


class _Started:
    """A process of our own."""

    def __init__(self, descriptor: int, *limits: float) -> None:
        arguments = ", ".join(map(str, (descriptor, *limits)))
        self._process = subprocess.Popen(
            [sys.executable, "-c", f"from extract.sandbox import _serve; _serve({arguments})"],
            pass_fds=(descriptor,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_told(),
            start_new_session=True,  # Ctrl-C is for the run to handle, not for each of its workers
        )
        self.pid = self._process.pid

    def wait(self, patience: float | None = None) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(patience)
        return None


def _told() -> dict[str, str]:
    """The environment of workers."""
    ours = {name: value for name, value in os.environ.items() if PASSED.fullmatch(name)}
    return {**ours, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"}


class _Worker:
    """One process at the other end of a socket."""

    def __init__(
        self,
        server: ForkServer | None,
        wanted: Callable[..., Any],
        loaded: Iterable[str],
        memory: int,
        seconds: float,
        backstop: float,
    ) -> None:
        """Forked, with what a function needs loaded, where there is a fork server, which has `loaded` these modules then."""
        self.loaded = frozenset(loaded)
        self._seconds, self._backstop = seconds, backstop
        self._process: _Process | None = None
        try:
            if server is not None:
                live = partial(_serve, memory=memory, seconds=seconds, backstop=backstop)
                self._line, self._process = server.fork(partial(_load, wanted), live)
            else:
                ours, theirs = socket.socketpair()
                with theirs:
                    self._line = Connection(ours.detach())
                    self._process = _Started(theirs.fileno(), memory, seconds, backstop)
            if not self._line.poll(START):
                raise EOFError(f"no answer within {START:g} s")
            self._line.recv()  # its greeting
        except (EOFError, OSError) as error:
            code = self.end() if self._process is not None else None
            raise Broken(
                f"a reader process could not start ({error or f'it ended with code {code}'}); is read.memory_mb right?"
            ) from error

    def call(self, function: Callable[..., Any], job: Sequence[Any]) -> Any:
        try:
            self._line.send((function, tuple(job)))
            if not self._line.poll(self._backstop):
                self.end()
                raise Cut(f"took longer than {self._backstop:g} s by the clock, and hardly any time of the processor")
            answer = self._line.recv()
        except (EOFError, OSError) as error:
            code = self.end(START)  # it has let go of its end of the line, so it is about to be gone
            if code == -signal.SIGPROF:
                raise Cut(
                    f"took longer than {self._seconds:g} s of the processor's time to read; `read.seconds` allows more"
                ) from error
            if code == -signal.SIGKILL:  # also what the system does to the largest when memory runs out
                raise Cut("its reader was killed (SIGKILL)") from error
            with contextlib.suppress(ValueError):
                raise _Died(f"its reader crashed ({signal.Signals(-code).name})") from error
            # Not by the job, whose errors are answered: it could not import or make ready what the job needs.
            raise Cut(f"its reader ended with code {code}") from error
        if isinstance(answer, OSError):
            self.end()
            full = answer.errno in (errno.ENOSPC, errno.EDQUOT)
            raise Broken(
                f"a reader could not be made ready: {answer.strerror or answer}{'; make room and try again' if full else ''}"
            )
        return answer

    def end(self, patience: float = 0.2) -> int:
        """End the process, after so many seconds in which it may do so itself, and whatever it has started; gives the code it
        ended with."""
        assert self._process is not None
        self._line.close()
        self._process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)  # it leads a group of its own
        code = self._process.wait(START)
        return -signal.SIGKILL if code is None else code


_loaded: set[str] = set()  # modules that are ready in this process


def _load(function: Callable[..., Any]) -> None:
    """Make the function's module ready, once."""
    module = function.__module__
    if module not in _loaded:
        getattr(sys.modules.get(module), "warm", lambda: None)()
        _loaded.add(module)


def _serve(descriptor: int, memory: int, seconds: float, backstop: float) -> None:
    """A worker's life: take a call, answer it, until the other end is gone."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # while a job is done: hardly anything of a page points to itself, and looking for it costs a sixtieth
    line = Connection(descriptor)
    line.send("ready")
    while True:
        try:
            function, job = line.recv()
        except EOFError:
            os.killpg(0, signal.SIGKILL)  # what a page may have made it start ends with it
        signal.alarm(int(backstop) + 5)  # should the parent be gone, a poison page does not run for ever
        try:
            _load(job[0] if function is ready else function)
        except OSError as error:  # no room for what a library lays aside: no fault of the job's
            line.send(error)
            return
        # Its signal ends the process, also in the middle of C; a handler of ours would wait for C to come back.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            answer = function(*job)
        except NewsduckError as error:
            answer = error
        except MemoryError:
            answer = Poison(f"took more than {memory / 2**20:.0f} MiB to read; `read.memory_mb` allows more")
        except RecursionError:
            answer = Poison("is nested too deeply to read")
        except Exception as error:  # whatever a document makes a library raise is booked on that document
            answer = Poison(f"broke its reader: {type(error).__name__}: {str(error)[:200]}")
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        line.send(answer)
        gc.collect(0)  # what the job left
