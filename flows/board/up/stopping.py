"""Somebody says stop, at the keyboard or as systemd does: what goes on ends in order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


class Stopped(BaseException):
    """Somebody said stop. No Exception: nothing may take it for an error."""


@contextmanager
def signals() -> Iterator[None]:
    """Inside, SIGTERM and SIGINT raise Stopped."""

    def stop(*_: object) -> None:
        raise Stopped

    before = {name: signal.signal(name, stop) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def no_more() -> None:
    """From now on nobody is listened to: what has begun to stop stops in order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
