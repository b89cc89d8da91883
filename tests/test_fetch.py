"""Fetching from a publisher that misbehaves: the right error for each fault, and nobody else waits."""

import time
from collections.abc import Iterator

import pytest

from extract.errors import Broken, ForbiddenAddress, TooLarge, Unreachable
from extract.fetch import fetch_all, in_turns
from extract.manners import Manners
from extract.records import Ask, Page
from tests.publisher import Publisher

MANNERS = Manners("newsduck/test", timeout=1.0, pause=0.0, allow_loopback=True)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as server:
        yield server


def get(url: str, manners: Manners = MANNERS, **asked: str) -> object:
    return fetch_all([Ask(url, "page", url, 1 << 20, **asked)], manners, lambda page: page)[0]


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/drip", Unreachable, "no whole answer within 1 s"),
        ("/silent", Unreachable, "no whole answer within 1 s"),
        ("/endless", TooLarge, "more than 1 MiB"),
        ("/bomb", TooLarge, "more than 1 MiB"),
        ("/stacked", TooLarge, "compressed more than once"),
        ("/reset", Unreachable, "/reset"),
        ("/nonsense", Unreachable, "/nonsense"),
        ("/bad-gzip", Unreachable, "/bad-gzip"),
        ("/loop", Unreachable, "more than 5 redirects"),
        ("/inside", ForbiddenAddress, "10.0.0.1"),
        ("/to-file", ForbiddenAddress, "no http(s) URL"),
    ],
)
def test_a_fault_is_its_own_error(publisher: Publisher, path: str, error: type[Exception], words: str) -> None:
    found = get(publisher.url(path))
    assert type(found) is error
    assert words in str(found)


def test_a_page_comes_with_its_place_status_and_way(publisher: Publisher) -> None:
    page = get(publisher.url("/once"))
    assert isinstance(page, Page)
    assert (page.url, page.status, page.body) == (publisher.url("/fine"), 200, b"hello")
    assert [hop.status for hop in page.hops] == [301]


def test_an_error_status_is_what_the_host_answered(publisher: Publisher) -> None:
    page = get(publisher.url("/gone"))
    assert isinstance(page, Page)
    assert page.status == 410


def test_a_conditional_get_sends_the_validators(publisher: Publisher) -> None:
    page = get(publisher.url("/etag"), etag='"7"', last_modified="Mon, 23 Nov 2026 06:00:00 GMT")
    assert isinstance(page, Page)
    assert (page.status, page.body) == (304, b"")
    assert "If-Modified-Since: Mon, 23 Nov 2026 06:00:00 GMT" in publisher.asked[0]
    assert "User-Agent: newsduck/test" in publisher.asked[0]


def test_headers_in_another_encoding_are_text(publisher: Publisher) -> None:
    page = get(publisher.url("/odd-header"))
    assert isinstance(page, Page)
    assert page.header("x-odd") == "café"


def test_loopback_is_not_dialled_unless_allowed(publisher: Publisher) -> None:
    careful = Manners("newsduck/test")
    for host in ("127.0.0.1", "localhost", "a.localhost", "0x7f.1", "[::1]"):
        assert isinstance(get(publisher.url("/fine", host), careful), ForbiddenAddress)
    assert publisher.asked == []


def test_one_host_is_asked_one_at_a_time_with_a_pause(publisher: Publisher) -> None:
    asks = [Ask(publisher.url(f"/fine?{n}"), "page", "", 100) for n in range(4)]
    fetch_all(asks, Manners("newsduck/test", pause=0.2, allow_loopback=True), lambda page: page)
    gaps = [b - a for a, b in zip(publisher.times, publisher.times[1:], strict=False)]
    assert all(gap >= 0.19 for gap in gaps)


def test_a_slow_host_delays_no_other(publisher: Publisher) -> None:
    start, done = time.monotonic(), {}

    def keep(page: Page) -> Page:
        done[page.ask.url] = time.monotonic() - start
        return page

    slow = [Ask(publisher.url("/drip", "slow.localhost"), "page", "", 100)] * 3
    quick = [Ask(publisher.url("/fine", f"h{n}.localhost"), "page", "", 100) for n in range(10)]
    fetch_all([*slow, *quick], Manners("newsduck/test", timeout=1.0, hosts_at_once=2, allow_loopback=True), keep)
    assert len(done) == 10
    assert max(done.values()) < 1.0


def test_results_come_in_the_order_of_the_asks(publisher: Publisher) -> None:
    paths = ["/gone", "/fine", "/drip", "/fine"]
    found = fetch_all([Ask(publisher.url(p), "page", p, 100) for p in paths], MANNERS, lambda page: page)
    assert [f.status if isinstance(f, Page) else type(f) for f in found] == [410, 200, Unreachable, 200]


def test_a_name_that_does_not_resolve_says_so() -> None:
    assert "does not resolve" in str(get("http://nowhere.invalid/"))


def test_asks_take_turns_by_host_and_keep_doubles() -> None:
    asks = [
        Ask(u, "page", str(n), 1) for n, u in enumerate(["http://a.example/", "http://a.example/", "http://b.example/"])
    ]
    assert sorted(a.subject for a in in_turns(asks)) == ["0", "1", "2"]


def test_an_archive_that_cannot_be_written_stops_everything(publisher: Publisher) -> None:
    """What is not archived must not be believed: that error is nobody's row."""

    def keep(page: Page) -> Page:
        raise Broken("the disk is full")

    with pytest.raises(Broken, match="disk is full"):
        fetch_all([Ask(publisher.url("/fine"), "page", "", 100)], MANNERS, keep)
