"""One process from which the readers of all tests are forked: to start one, and have it load what reading takes, costs a second and a
half of the processor's time, and nearly every run and command asks for one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from extract import sandbox
from extract.forks import ForkServer


class _Kept(ForkServer):
    """Goes on when whoever asked it is done; their readers they have ended themselves."""

    def close(self) -> None: ...

    def end(self) -> None:
        super().close()


@contextmanager
def one_server() -> Iterator[None]:
    """Inside, sandboxes have one fork server; one of their own where what they tell their readers differs."""
    told = sandbox._told()
    kept = _Kept(told)

    def server(environment: Mapping[str, str]) -> ForkServer:
        return kept if environment == told else ForkServer(environment)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "ForkServer", server)
        yield
    kept.end()
