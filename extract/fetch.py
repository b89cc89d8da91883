"""URL to page: polite, bounded, conditional, and never to an address the guard refuses."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import NoReturn

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from extract import guard, urls
from extract.errors import Broken, ForbiddenAddress, NewsduckError, TooLarge, Unreachable
from extract.manners import Manners
from extract.records import Ask, Hop, Page

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_HOPS = 5  # what Fetch (the standard) calls 20; news feeds need 1 or 2, and each hop costs its host a request
CHUNK = 64 * 1024
ACCEPT = {
    "feed": "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5",
    "page": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
}


@dataclass(slots=True)
class Turns:
    """Whose turn it is at each host: one request at a time, with a pause. Outlives the sessions that use it."""

    free_at: dict[str, float] = field(default_factory=dict)  # host → monotonic time of the next turn
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    @asynccontextmanager
    async def at(self, host: str, pause: float) -> AsyncIterator[None]:
        async with self._locks.setdefault(host, asyncio.Lock()):
            await asyncio.sleep(max(0.0, self.free_at.get(host, 0.0) - time.monotonic()))
            try:
                yield
            finally:
                self.free_at[host] = time.monotonic() + pause


def fetch_all(
    asks: Sequence[Ask],
    manners: Manners,
    keep: Callable[[Page], Page],
    turns: Turns | None = None,
    on_done: Callable[[], object] = lambda: None,
) -> list[Page | NewsduckError]:
    """Fetch every document; for each its page, as `keep` gives it back, or the error that says why there is none.

    `keep` gets each page as soon as it is whole, in this thread, and archives it; the list is in the order of `asks`.
    An HTTP error status is a page too, for that is what the host answered.
    """

    async def run() -> list[Page | NewsduckError]:
        async with _session(manners) as session:
            room = asyncio.Semaphore(manners.hosts_at_once)
            mine = Turns(turns.free_at if turns else {})

            async def one(ask: Ask) -> Page | NewsduckError:
                try:
                    # The host's turn is waited for outside the room, so that a slow host's queue takes no other's place.
                    async with mine.at(urls.host(ask.url), manners.pause), room:
                        page = await _fetch(session, ask, manners)
                        # The host a redirect led to was asked too: its next turn waits as well.
                        mine.free_at[urls.host(page.url)] = time.monotonic() + manners.pause
                        return keep(page)
                except Broken:
                    raise  # the archive cannot be written: nothing may go on without it
                except NewsduckError as error:
                    return error
                finally:
                    on_done()

            return list(await asyncio.gather(*map(one, asks)))

    return asyncio.run(run())


@asynccontextmanager
async def _session(manners: Manners) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(
        resolver=GuardedResolver(manners.allow_loopback), limit=0, limit_per_host=1, ttl_dns_cache=300
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": manners.user_agent, "Accept-Encoding": "gzip, deflate, br, zstd"},
        trust_env=False,  # a proxy would dial for us, and the guard would see only the proxy
        max_field_size=32 * 1024,  # real sites send Content-Security-Policy headers beyond aiohttp's 8 KiB
    ) as session:
        yield session


async def _fetch(session: aiohttp.ClientSession, ask: Ask, manners: Manners) -> Page:
    start, fetched_at = time.monotonic(), datetime.now(UTC)
    headers = {"Accept": ACCEPT[ask.role]}
    if ask.etag:
        headers["If-None-Match"] = ask.etag
    if ask.last_modified:
        headers["If-Modified-Since"] = ask.last_modified
    url, hops = ask.url, list[Hop]()
    check = partial(guard.check_url, allow_loopback=manners.allow_loopback, ports=manners.ports)
    try:
        async with asyncio.timeout(manners.timeout):
            while True:
                check(url)
                # encoded: yarl would unquote what the canonical URL keeps quoted
                async with session.get(URL(url, encoded=True), headers=headers, allow_redirects=False) as answer:
                    if answer.status in REDIRECTS and (location := answer.headers.get("Location")):
                        hops.append(Hop(url, answer.status, location))
                        url = _next(url, location, len(hops))
                        continue
                    body = await _body(answer, ask.limit)
                    return Page(
                        ask=ask,
                        url=url,
                        status=answer.status,
                        headers=tuple((_printable(k), _printable(v)) for k, v in answer.headers.items()),
                        body=body,
                        fetched_at=fetched_at,
                        seconds=round(time.monotonic() - start, 3),
                        hops=tuple(hops),
                    )
    except TimeoutError as error:
        raise Unreachable(f"{url}: no whole answer within {manners.timeout:g} s") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        _explain(url, error)


def _next(url: str, location: str, hops: int) -> str:
    """Where a redirect leads; every hop is checked like the first URL."""
    if hops > MAX_HOPS:
        raise Unreachable(f"{url}: more than {MAX_HOPS} redirects")
    following = urls.canonical(location, base=url)
    if following is None:
        raise ForbiddenAddress(f"{url} redirects to {location[:200]!r}, which is no http(s) URL")
    return following


async def _body(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """The decoded body; stops reading at the limit, so that a decompression bomb costs no more than that."""
    if "," in answer.headers.get("Content-Encoding", ""):
        raise TooLarge(f"{answer.url}: compressed more than once, which only bombs are")
    body = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"{answer.url}: more than {limit / 2**20:g} MiB")
    return bytes(body)


def _printable(header: str) -> str:
    """A header as text: aiohttp hands bytes that are not UTF-8 on as lone surrogates, which nothing else can encode."""
    raw = header.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _explain(url: str, error: Exception) -> NoReturn:
    """Raise the network's many errors as ours, in words a person can use."""
    cause: BaseException | None = error
    while cause is not None:  # aiohttp wraps what the resolver raises
        if isinstance(cause, ForbiddenAddress):
            raise ForbiddenAddress(f"{url}: {cause}") from error
        cause = cause.__cause__
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        raise Unreachable(f"{url}: the name {urls.host(url)} does not resolve") from error
    if isinstance(error, aiohttp.ClientConnectorError):
        raise Unreachable(f"{url}: no connection: {error.strerror or error}") from error
    raise Unreachable(f"{url}: {type(error).__name__}: {' '.join(str(error).split())[:200]}") from error


class GuardedResolver(AbstractResolver):
    """Resolves names and hands on only addresses the guard lets through.

    The connector dials just what is returned here, so a name that answers differently the second time (DNS rebinding)
    gains nothing. One forbidden address refuses the name: a publisher has no reason to mix them. `*.localhost` is
    loopback, as RFC 6761 has it, whatever the machine's resolver says.
    """

    def __init__(self, allow_loopback: bool, inner: AbstractResolver | None = None) -> None:
        self._allow_loopback = allow_loopback
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host == "localhost" or host.endswith(".localhost"):
            found = [_loopback(host, port)]
        else:
            self._inner = self._inner or aiohttp.ThreadedResolver()
            found = await self._inner.resolve(host, port, family)
        for result in found:
            guard.check_address(result["host"], allow_loopback=self._allow_loopback)
        return found

    async def close(self) -> None:
        if self._inner is not None:
            await self._inner.close()


def _loopback(host: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
    )


def in_turns(asks: Iterable[Ask]) -> list[Ask]:
    """The asks in an order that takes one of each host in turn, so that every slice keeps many hosts busy."""
    by_url: dict[str, list[Ask]] = {}
    for ask in asks:
        by_url.setdefault(ask.url, []).append(ask)
    return [ask for url in urls.by_turns(by_url) for ask in by_url[url]]
