"""A large file at a web address, read like one on the disk: forward in one answer, from another place by asking for a range. An answer
that breaks off is taken up where it did."""

import asyncio
import io
import re
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any, TypeVar

import aiohttp
from yarl import URL

from extract.errors import BadInput, ForbiddenAddress, NewsduckError, Unreachable
from extract.fetch import client, faults, freshness, guard
from extract.fetch.manners import Manners

TRIES = 5  # in a row without a byte, before it is given up
LONGEST = 120.0  # seconds that a busy host is waited for at a time
NEAR = 1 << 20  # bytes: what lies so little ahead is read over, not asked for anew
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


T = TypeVar("T")


class Remote(io.RawIOBase):
    """Such a file; close it. Not for documents: nothing is archived, and nobody is asked for robots.txt, since a person has named it."""

    def __init__(self, url: str, manners: Manners) -> None:
        """Ask for it. Raises ForbiddenAddress where the guard refuses it, Unreachable where it cannot be had, BadInput where there is
        none."""
        self.url, self.size, self.mark, self.ranges = url, -1, "", False
        self._manners, self._at = manners, 0
        self._answer: aiohttp.ClientResponse | None = None
        self._loop, self._stack = asyncio.new_event_loop(), AsyncExitStack()
        try:
            self._session = self._run(self._stack.enter_async_context(client.session(manners)))
            self._ask()
        except BaseException as error:
            self.close()
            if isinstance(error, TimeoutError | aiohttp.ClientError | OSError | ValueError):
                raise self._explained(error) from error
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, at: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; nothing is asked for before something is read there."""
        at += {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        while self._answer is not None and 0 < at - self._at <= NEAR and self.read(at - self._at):
            pass
        if at != self._at:
            self._drop()
            self._at = at
        return at

    def readinto(self, buffer: Any) -> int:
        """Take bytes that have come, none at the end. Raises Unreachable where no more can be had."""
        data = self._some(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Hang up."""
        if not self.closed:
            super().close()
            self._drop()
            self._run(self._stack.aclose())
            self._run(self._loop.shutdown_default_executor())
            self._loop.close()

    def _some(self, size: int) -> bytes:
        tries = 0
        while size and not 0 <= self.size <= self._at:
            try:
                if self._answer is None:
                    self._ask()
                assert self._answer is not None
                data = self._run(asyncio.wait_for(self._answer.content.read(size), self._manners.timeout))
                if data or self.size < 0:
                    return data
                raise aiohttp.ClientPayloadError("fewer bytes than were told")
            except (TimeoutError, aiohttp.ClientError, OSError) as error:
                self._drop()
                tries += 1
                told = self._explained(error)
                if isinstance(told, ForbiddenAddress):
                    raise told from error
                if tries == TRIES or not (self.ranges or self._at == 0):
                    raise Unreachable(f"{told}, at byte {self._at:,}; the same command goes on there") from error
                self._wait(tries)
        return b""

    def _ask(self) -> None:
        """Ask for all from here on; a busy host is asked again later."""
        tries = 0
        while True:
            answer = self._run(asyncio.wait_for(self._opened(), self._manners.timeout))
            if answer.status not in BUSY:
                break
            answer.close()
            tries += 1
            if tries == TRIES:
                raise Unreachable(f"{self.url} answers HTTP {answer.status}: try again later; what was taken is kept")
            self._wait(tries, freshness.retry_at(answer.headers.get("Retry-After", ""), datetime.now(UTC)))
        self._take(answer)

    async def _opened(self) -> aiohttp.ClientResponse:
        url, hops = self.url, 0
        sent = {"Range": f"bytes={self._at}-", "Accept-Encoding": "identity", "Accept": "*/*"}
        while True:
            guard.check_url(url, allow_loopback=self._manners.allow_loopback, ports=self._manners.ports)
            # No end to the time that all of it may take; each piece has its own.
            answer = await self._session.get(
                URL(url, encoded=True), headers=sent, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=None)
            )
            location = answer.headers.get("Location")
            if answer.status not in client.REDIRECTS or not location:
                return answer
            answer.close()
            hops += 1
            url = client.following(url, location, hops)

    def _take(self, answer: aiohttp.ClientResponse) -> None:
        told = _RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
        mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
        if answer.status == 206 and told and int(told[1]) == self._at:
            self.ranges, size = True, int(told[2])
        elif answer.status == 200:
            size = int(answer.headers.get("Content-Length") or -1)
        else:
            answer.close()
            raise BadInput(f"{self.url} answers HTTP {answer.status}: is the address right?")
        if self.size >= 0 and (size, mark) != (self.size, self.mark):
            answer.close()
            raise Unreachable(f"{self.url} has changed while it was read: the same command begins it anew")
        self.size, self.mark, self._answer = size, mark, answer
        if answer.status == 200:
            self._pass_over()

    def _pass_over(self) -> None:
        """Read up to the place that was to be read from: the host gives no ranges."""
        assert self._answer is not None
        left = self._at
        while left and (data := self._run(asyncio.wait_for(self._answer.content.read(left), self._manners.timeout))):
            left -= len(data)

    def _wait(self, tries: int, until: datetime | None = None) -> None:
        wished = (until - datetime.now(UTC)).total_seconds() if until else 0.0
        time.sleep(min(max(wished, self._manners.pause * 2**tries), LONGEST))

    def _explained(self, error: Exception) -> NewsduckError:
        if isinstance(error, TimeoutError):
            return Unreachable(f"{self.url}: nothing came for {self._manners.timeout:g} s")
        return faults.explained(self.url, error)

    def _drop(self) -> None:
        if self._answer is not None:
            self._answer.close()
            self._answer = None

    def _run(self, what: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(what)
