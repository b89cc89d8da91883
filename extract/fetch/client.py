"""URL to page: polite, bounded, conditional, and never to an address the guard refuses."""

import asyncio
import socket
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from extract import urls
from extract.errors import (
    Broken,
    Disallowed,
    Elsewhere,
    ForbiddenAddress,
    Later,
    NewsduckError,
    RedirectLoop,
    Transient,
    Unreachable,
    WrongType,
)
from extract.fetch import decode, faults, freshness, guard, heads, refresh, robots
from extract.fetch.manners import Manners
from extract.fetch.parts import part_of
from extract.fetch.turns import Turns
from extract.records import Ask, Hop, Page

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_HOPS = 5  # what Fetch (the standard) calls 20; news feeds need 1 or 2, and each hop costs its host a request
CHUNK = 64 * 1024
SLOW = 0.5  # seconds after which a fetch gives its place to another host's and goes on beside them
ROBOTS_LIMIT = 2 * 2**20  # bytes; the largest real one seen has 300 KB, and 500 KiB of it are parsed
ACCEPT = {
    "feed": "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5",
    "older": "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5",
    "page": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "robots": "text/plain,*/*;q=0.5",
}
BOUNDED = {"feed": "fetch.max_feed_mb", "older": "fetch.max_feed_mb", "page": "fetch.max_page_mb"}  # by which setting
# Types that hold no article: their bodies, often large, are not fetched.
NO_PAGE = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip", "application/epub")


class Stop:
    """Ends a fetch from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = False
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None = None

    def begin(self) -> None:
        """The fetch begins, in the task that calls; raises CancelledError where it was stopped before."""
        task = asyncio.current_task()
        assert task is not None
        with self._lock:
            if self._asked:
                raise asyncio.CancelledError
            self._running = asyncio.get_running_loop(), task

    def ask(self) -> None:
        """Have it end; it keeps nothing any more once its thread is over."""
        with self._lock:
            self._asked = True
            if self._running is not None:
                loop, task = self._running
                with suppress(RuntimeError):  # the loop is over already
                    loop.call_soon_threadsafe(task.cancel)


def fetch_all(
    asks: Sequence[Ask],
    manners: Manners,
    keep: Callable[[Page], Page],
    turns: Turns | None = None,
    book: robots.Book | None = None,
    tell: Callable[[Ask, Page | NewsduckError], object] | None = None,
    resolver: AbstractResolver | None = None,
    stop: Stop | None = None,
) -> list[Page | NewsduckError]:
    """Fetch every document; for each its page, as `keep` gives it back, or the error that says why there is none.

    `keep` gets each page as soon as it is whole, in this thread, and archives it; `tell` gets each answer thereafter;
    the list is in the order of `asks`. An HTTP error status is a page too, for that is what the host answered. With a
    `book`, pages are fetched only where robots.txt allows it. `resolver` stands in for the machine's own. Whoever holds
    `stop` ends it from another thread; it raises CancelledError then.
    """

    async def run() -> list[Page | NewsduckError]:
        if stop is not None:
            stop.begin()
        # Names are resolved in threads; with the default of a few, some that do not resolve would hold up all others.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(manners.hosts_at_once))
        async with session(manners, resolver) as opened:
            one = _Fetching(opened, manners, keep, (turns or Turns()).again(), book, tell).one
            return list(await asyncio.gather(*map(one, asks)))

    return asyncio.run(run())


@asynccontextmanager
async def session(manners: Manners, resolver: AbstractResolver | None = None) -> AsyncIterator[aiohttp.ClientSession]:
    """What all asking goes through: it dials what the guard lets through, and tells who asks."""
    connector = heads.Connector(
        resolver=GuardedResolver(manners.allow_loopback, resolver), limit=0, limit_per_host=1, ttl_dns_cache=300
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": manners.user_agent, "Accept-Encoding": decode.ACCEPTED},
        auto_decompress=False,  # extract/fetch/decode.py does, and tells a stream that was cut short
        trust_env=False,  # a proxy would dial for us, and the guard would see only the proxy
        max_field_size=32 * 1024,  # real sites send Content-Security-Policy headers beyond aiohttp's 8 KiB
        max_headers=512,  # and more than its 128 headers: a line for each thing a cache knows them by
    ) as session:
        yield session


class _Fetching:
    """One session's work: what its fetches share."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        manners: Manners,
        keep: Callable[[Page], Page],
        turns: Turns,
        book: robots.Book | None,
        tell: Callable[[Ask, Page | NewsduckError], object] | None,
    ) -> None:
        self._session, self._manners, self._keep, self._turns, self._book = session, manners, keep, turns, book
        self._tell = tell
        self._room = asyncio.Semaphore(manners.hosts_at_once)
        self._beside = asyncio.Semaphore(4 * manners.hosts_at_once)
        self._asking: dict[str, asyncio.Lock] = {}  # origin → whoever fetches its robots.txt

    async def one(self, ask: Ask) -> Page | NewsduckError:
        answer: Page | NewsduckError
        try:
            # The host's turn is waited for outside the room, so that a slow host's queue takes no other's place.
            async with self._turns.at(urls.host(ask.url)), self._in_room():
                answer = await self._ask(ask)
        except Broken:
            raise  # the archive cannot be written: nothing may go on without it
        except NewsduckError as error:
            answer = error
        if self._tell is not None:
            self._tell(ask, answer)
        return answer

    @asynccontextmanager
    async def _in_room(self) -> AsyncIterator[None]:
        """One of the places for hosts; a fetch that is slow goes on beside them, so that hosts that drip delay nobody."""
        async with self._beside:
            await self._room.acquire()
            give_back = asyncio.get_running_loop().call_later(SLOW, self._room.release)
            try:
                yield
            finally:
                if asyncio.get_running_loop().time() < give_back.when():
                    give_back.cancel()
                    self._room.release()

    async def _ask(self, ask: Ask) -> Page:
        """A document, in the archive; its host's next turn waits as long as its answer suggests."""
        host, delay = urls.host(ask.url), 0.0
        try:
            if ask.role == "page":
                delay = await self._allowed(ask.url)
            page = await self._fetch(ask)
        except Elsewhere:
            self._turns.answered(host, max(self._manners.pause, delay), 0.0, 200, None)
            raise
        except Transient as error:
            if not isinstance(error, Later | RedirectLoop):
                self._turns.silent(host, self._manners.pause)
            raise
        retry = freshness.retry_at(page.header("retry-after"), page.fetched_at)
        told = ((retry - page.fetched_at).total_seconds(), retry) if retry else None
        for asked in {host, urls.host(page.url)}:  # the host a redirect led to was asked too
            self._turns.answered(asked, max(self._manners.pause, delay), page.seconds, page.status, told)
        return self._keep(page)

    async def _allowed(self, url: str, where: str = "") -> float:
        """The pause, in seconds, that its origin's robots.txt (or the one at `where`) asks for; raises Disallowed where it asks
        to be left alone."""
        guard.check_url(url, allow_loopback=self._manners.allow_loopback, ports=self._manners.ports)
        if self._book is None:
            return 0.0
        where = where or robots.origin(url)
        async with self._asking.setdefault(where, asyncio.Lock()):
            found = self._book.at(where, datetime.now(UTC))
            if found is None:
                answer = await self._robots(where)
                asked_at = answer.fetched_at if isinstance(answer, Page) else datetime.now(UTC)
                found = self._book.learn(where, answer, asked_at)
                await asyncio.sleep(self._manners.pause)
        if found.verdict == "unreachable":
            why = f"HTTP {found.status}" if found.status else "no answer"
            raise Unreachable(f"{where}/robots.txt cannot be had ({why}): until it can, nothing is fetched there")
        if not self._book.allows(found, url):
            raise Disallowed(f"{url}: {where}/robots.txt asks that it be left alone")
        return self._book.delay(found)

    async def _led(self, ask: Ask, url: str, location: str, hops: Sequence[Hop]) -> str:
        """Where a redirect leads, which robots.txt has to allow for a page: its host's own, or the one that was asked already."""
        led = following(url, location, len(hops))
        part = self._manners.part
        if part is not None and ask.role != "robots" and part_of(led, part[1]) != part[0]:
            elsewhere = Elsewhere(f"{ask.url}: leads to {led}, for which another part asks")
            elsewhere.led_to, elsewhere.hops = led, tuple(hops)
            raise elsewhere
        if ask.role == "page":
            await self._allowed(led, robots.origin(ask.url) if urls.host(led) == urls.host(ask.url) else "")
        return led

    async def _robots(self, where: str) -> Page | NewsduckError:
        url = f"{where}/robots.txt"
        try:
            return self._keep(await self._fetch(Ask(url, "robots", url, ROBOTS_LIMIT)))
        except (Broken, ForbiddenAddress):
            raise
        except NewsduckError as error:
            return error

    async def _fetch(self, ask: Ask) -> Page:
        start, fetched_at = time.monotonic(), datetime.now(UTC)
        headers = {"Accept": ACCEPT[ask.role]}
        if ask.etag:
            headers["If-None-Match"] = ask.etag
        if ask.last_modified:
            headers["If-Modified-Since"] = ask.last_modified
        manners, url, hops = self._manners, ask.url, list[Hop]()
        given: defaultdict[str, dict[str, str]] = defaultdict(dict)  # site → the cookies it gave
        try:
            async with asyncio.timeout(manners.timeout):
                while True:
                    guard.check_url(url, allow_loopback=manners.allow_loopback, ports=manners.ports)
                    # encoded: yarl would unquote what the canonical URL keeps quoted
                    cookies = given[
                        urls.site(url)
                    ]  # kept along this chain only: some sites redirect until theirs come back
                    asked = {**headers, "Cookie": "; ".join(map("=".join, cookies.items()))} if cookies else headers
                    async with self._session.get(
                        URL(url, encoded=True), headers=asked, allow_redirects=False
                    ) as answer:
                        cookies.update({name: cookie.value for name, cookie in answer.cookies.items()})
                        if answer.status in REDIRECTS and (location := answer.headers.get("Location")):
                            hops.append(Hop(url, answer.status, location))
                            url = await self._led(ask, url, location, hops)
                            continue
                        body = await _body(answer, ask, url)
                        location = refresh.target(body, answer.headers) if answer.status == 200 else ""
                        here = urls.canonical(url)
                        if ask.role != "robots" and urls.canonical(location, base=url) not in (None, here):
                            hops.append(Hop(url, answer.status, location))
                            url = await self._led(ask, url, location, hops)
                            continue
                        return Page(
                            ask=ask,
                            url=(here or url) if hops else url,
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
            raise faults.explained(url, error) from error


def following(url: str, location: str, hops: int) -> str:
    """Where a redirect leads; every hop is checked like the first URL. Raises RedirectLoop after too many, ForbiddenAddress where
    it leads to none that is fetched."""
    if hops > MAX_HOPS:
        raise RedirectLoop(f"{url}: more than {MAX_HOPS} redirects; a browser may show where they end")
    raw = location.encode("utf-8", "surrogateescape")  # bytes that are no UTF-8 lead where they say, quoted
    led = urls.canonical("".join(chr(b) if b < 0x80 else f"%{b:02X}" for b in raw), base=url, sessions=True)
    if led is None:
        raise ForbiddenAddress(f"{url} redirects to {location[:200]!r}, which is no http(s) URL")
    return led


async def _body(answer: aiohttp.ClientResponse, ask: Ask, url: str) -> bytes:
    """The decoded body; stops reading at the limit, so that a decompression bomb costs no more than that."""
    kind = answer.headers.get("Content-Type", "").strip().lower()
    if ask.role == "page" and answer.status == 200 and kind.startswith(NO_PAGE):
        raise WrongType(f"{url} is {kind.split(';')[0][:60]}, which holds no article")
    try:
        body = decode.Body(answer.headers.get("Content-Encoding", ""), ask.limit, BOUNDED.get(ask.role, ""))
        try:
            async for chunk in answer.content.iter_chunked(CHUNK):
                body.add(chunk)
        except aiohttp.ClientPayloadError:
            body.add(answer.content._read_nowait(-1))  # what it holds back once the connection has gone
            if not body.is_document():
                raise
        return body.whole()
    except NewsduckError as error:
        raise type(error)(f"{url}: {error}") from error


def _printable(header: str) -> str:
    """A header as text: aiohttp hands bytes that are not UTF-8 on as lone surrogates, which nothing else can encode."""
    raw = header.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


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
