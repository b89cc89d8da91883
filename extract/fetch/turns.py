"""Whose turn it is at each host: one request at a time, with a pause that lengthens when the host is slow or busy."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from extract.errors import Later

LONGEST = 60.0  # seconds of pause between two requests to a host, whatever it does
PATIENCE = 60.0  # a host that asks for a longer wait than this is left for a later run
SILENT = 3  # requests in a row without an answer, after which a host is left for a later run
BUSY = frozenset({429, 503})


@dataclass(slots=True)
class Pace:
    """How one host has been answering. Times are of the monotonic clock, in seconds."""

    free_at: float = 0.0
    extra: float = 0.0  # pause beyond the usual one
    silent: int = 0  # requests in a row without an answer
    until: datetime | None = None  # what its Retry-After said, where that is beyond PATIENCE


@dataclass(slots=True)
class Turns:
    """The hosts' paces; they outlive the sessions that use them, as a run fetches in batches."""

    paces: dict[str, Pace] = field(default_factory=dict)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def again(self) -> "Turns":
        """The same paces for another session: locks belong to the event loop that made them."""
        return Turns(self.paces)

    @asynccontextmanager
    async def at(self, host: str) -> AsyncIterator[None]:
        """Inside, nobody else asks this host. Raises Later where it is to be left alone."""
        pace = self.paces.setdefault(host, Pace())
        async with self._locks.setdefault(host, asyncio.Lock()):
            if pace.until is not None:
                raise _later(f"{host} asked not to be asked again before {pace.until:%Y-%m-%d %H:%M} UTC", pace.until)
            if pace.silent >= SILENT:
                raise _later(f"{host} gave no answer {SILENT} times in a row; the rest waits for a later run")
            if (wait := pace.free_at - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            yield

    def answered(
        self, host: str, pause: float, seconds: float, status: int, retry: tuple[float, datetime] | None
    ) -> None:
        """The host answered after `seconds`; `retry` is what its Retry-After asks for, in seconds and as a moment."""
        pace = self.paces.setdefault(host, Pace())
        pace.silent = 0
        if status in BUSY:
            pace.extra = min(LONGEST, max(2 * pace.extra, 2 * pause, seconds))
            if retry is not None and retry[0] > PATIENCE:
                pace.until = retry[1]
            elif retry is not None:
                pace.extra = max(pace.extra, retry[0])
        else:  # a host that takes longer than the pause gets as long to rest; one that recovers, half each time
            pace.extra = min(
                LONGEST, max(pace.extra / 2 if pace.extra > 0.1 else 0.0, seconds if seconds > 1.0 else 0.0)
            )
        pace.free_at = time.monotonic() + max(pause, pace.extra)

    def silent(self, host: str, pause: float) -> None:
        """The host gave no whole answer."""
        pace = self.paces.setdefault(host, Pace())
        pace.silent += 1
        pace.free_at = time.monotonic() + max(pause, pace.extra)


def _later(text: str, until: datetime | None = None) -> Later:
    error = Later(text)
    error.until = until
    return error
