"""One process from which the readers of all tests are forked: to start one, and have it load what reading takes, costs a second and a
half of the processor's time, and nearly every run and command asks for one."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from extract import sandbox
from extract.forks import Forked, ForkServer


class _Kept(ForkServer):
    """Goes on when whoever asked it is done; their readers they have ended themselves. These live where who asks is, as those of a
    server do that was started there."""

    def fork(self, load: Callable[[], object], live: Callable[[int], object]) -> tuple[Connection, Forked]:
        return super().fork(load, partial(_there, Path.cwd(), live))

    def close(self) -> None: ...

    def end(self) -> None:
        super().close()


def _there(folder: Path, live: Callable[[int], object], descriptor: int) -> None:
    os.chdir(folder)
    live(descriptor)


@contextmanager
def one_server() -> Iterator[None]:
    """Inside, sandboxes have one fork server; one of their own where what they tell their readers differs."""
    import pytest  # here and not above, for the server that forks readers imports this

    told = sandbox._told()
    kept = _Kept(told)

    def server(environment: Mapping[str, str]) -> ForkServer:
        return kept if environment == told else ForkServer(environment)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "ForkServer", server)
        try:
            yield
        finally:
            kept.end()
