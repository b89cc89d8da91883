"""A Dask cluster, as a crew uses it: connected to, its workers looked over, jobs given. Library: distributed, the extra `cluster`."""

import ipaddress
import logging
import pickle
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from extract.errors import BadInput, Transient
from flows.line.readers import hand
from flows.line.readers.hand import Again, Done, Job, Order

MISSING = "reading on a cluster needs Dask, which is not installed: pip install 'newsduck[cluster]' (in a clone: make setup-dev)"
PATIENCE = 60.0  # seconds for what is there to come here; then it is looked whether it still is
CLOSING = 5.0  # seconds to say goodbye


class Lost(Transient):
    """There is no scheduler, or it is gone."""


def _dask() -> Any:
    """The library. Raises BadInput where it is not installed."""
    try:
        import distributed
    except ImportError as error:
        raise BadInput(MISSING) from error
    for name in ("distributed", "distributed.client"):  # what is lost is told by us, in a line
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return distributed


def is_secured(role: str) -> bool:
    """Whether Dask's own settings name certificates for a "client", "scheduler" or "worker". Raises BadInput where they cannot be
    used, or Dask is not installed."""
    library = _dask()
    try:
        return bool(library.Security().get_connection_args(role)["ssl_context"])
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"Dask's settings for TLS (distributed.comm.tls) cannot be used: {error}") from error


def is_here(host: str) -> bool:
    """Whether an address is this machine's own, which no other reaches."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Cluster:
    """A scheduler and its workers. Those where pages are read as here have the order's resource and get its jobs; Dask decides which
    of them gets which, and gives those of a worker that died to another."""

    def __init__(self, address: str, tell: Callable[[str], object]) -> None:
        """Raises Lost where no scheduler answers, BadInput where its address needs certificates or Dask is not installed."""
        secured = is_secured("client")
        if address.startswith("tls:") and not secured:
            raise BadInput(f"{address} needs certificates: Dask's settings distributed.comm.tls name none for a client")
        library = _dask()
        # What decides a reading is compared in `look`.
        warnings.filterwarnings("ignore", category=library.versions.VersionMismatchWarning)
        self._tell = tell
        self._known: dict[tuple[str, str], bool] = {}  # worker and resource → whether it fits
        try:
            self._client: Any = library.Client(address, set_as_default=False, asynchronous=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise Lost(f"no Dask scheduler answers at {address}") from error

    def is_gone(self) -> bool:
        """Whether the scheduler is gone."""
        return bool(self._client.status != "running")

    def close(self) -> None:
        """Let go of it; what was given and is not back yet is not waited for."""
        with suppress(OSError, TimeoutError, RuntimeError):
            self._client.close(CLOSING)

    def workers(self) -> dict[str, str]:
        """Address → name of each worker that is there. Raises Lost where the scheduler is gone."""
        there = self._ask(self._client.scheduler_info)["workers"]
        return {address: str(one["name"]) for address, one in there.items()}

    def look(self, order: Order, function: bytes) -> int:
        """The number of workers at hand for an order. New ones are asked to join; one whose readings would be others is told, once.
        Raises Lost where the scheduler is gone."""
        there = self.workers()
        new = [worker for worker in there if (worker, order.resource) not in self._known]
        if new:
            came = self._ask(lambda: self._client.run(hand.join, order, function, workers=new, on_error="return"))
            for worker, told in came.items():
                why = _strange(told, order)
                self._known[worker, order.resource] = not why
                if why:
                    self._tell(f"the cluster's worker {worker} is not used: {why}")
        return sum(self._known.get((worker, order.resource), False) for worker in there)

    def give(self, order: Order, function: bytes, jobs: Sequence[Job], then: Callable[[Any], object]) -> Any:
        """Give some jobs to whichever worker Dask chooses; `then` is called with what stands for them once they are done or lost. Raises Lost
        where the scheduler is gone."""
        self._check()
        task = self._client.submit(hand.read, order, function, jobs, resources={order.resource: 1}, pure=False)
        task.add_done_callback(then)
        return task

    def came(self, task: Any, number: int) -> Done:
        """What came of so many jobs; where it is not to be had, nobody's fault that can be named. Raises Lost where the scheduler is
        gone."""
        why = "it was lost on its way"
        if task.status == "error":
            why = f"{type(error := task.exception(PATIENCE)).__name__}: {error}"
        elif task.status == "finished":
            with suppress(_dask().CancelledError, OSError, TimeoutError):
                done: Done = task.result(PATIENCE)
                task.release()
                return done
        self._check()
        task.release()
        return Done("", [Again(cut=False)] * number, why)

    def dismiss(self, order: Order, worker: str, why: str) -> None:
        """Give a worker nothing more, and say why. Raises Lost where the scheduler is gone."""
        if self._known.get((worker, order.resource)):
            self._known[worker, order.resource] = False
            self._tell(f"the cluster's worker {worker} is not used any more: {why}")
            self._ask(lambda: self._client.run(hand.leave, order, workers=[worker], on_error="ignore"))

    def _ask(self, call: Callable[[], Any]) -> Any:
        self._check()
        try:
            return call()
        except (OSError, TimeoutError, ValueError) as error:
            raise Lost("the Dask scheduler is gone") from error

    def _check(self) -> None:
        if self.is_gone():
            raise Lost("the Dask scheduler is gone")


def _strange(told: Mapping[str, str] | BaseException, order: Order) -> str:
    """Why a worker is none for an order, by what it said of itself; empty where it is one."""
    if isinstance(told, BaseException):
        return f"it cannot join: {type(told).__name__}: {told}"
    names = [name for name in (*order.made_by, *told) if told.get(name) != order.made_by.get(name)]
    return ", ".join(
        f"{name} {told.get(name, 'none')} (here {order.made_by.get(name, 'none')})" for name in dict.fromkeys(names)
    )


def packed(function: Callable[..., Any]) -> bytes:
    """A function on its way to a reader."""
    return pickle.dumps(function)
