"""Fetching from a publisher that misbehaves: the right error for each fault, and nobody else waits."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from extract.errors import (
    Broken,
    Disallowed,
    ForbiddenAddress,
    Later,
    RedirectLoop,
    TooLarge,
    Unreachable,
    WrongType,
)
from extract.fetch import refresh
from extract.fetch.client import fetch_all, in_turns
from extract.fetch.manners import Manners
from extract.fetch.robots import Book
from extract.fetch.turns import SILENT, Turns
from extract.records import Ask, Page
from tests.newsagent import STORY, Newsagent, answer

MANNERS = Manners("newsduck/test", timeout=120.0, pause=0.0, allow_loopback=True)
HASTY = Manners("newsduck/test", timeout=1.0, pause=0.0, allow_loopback=True)  # for who waits for what never comes


@pytest.fixture
def publisher() -> Iterator[Newsagent]:
    with Newsagent() as server:
        yield server


def get(url: str, manners: Manners = MANNERS, **asked: Any) -> object:
    return fetch_all([Ask(url, "page", url, 1 << 20, **asked)], manners, lambda page: page)[0]


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/drip", Unreachable, "no whole answer within 1 s"),
        ("/silent", Unreachable, "no whole answer within 1 s"),
        ("/slow-header", Unreachable, "no whole answer within 1 s"),
        ("/endless-header", Unreachable, "no HTTP that can be read"),
        ("/endless", TooLarge, "more than 1 MiB; `fetch.max_page_mb`"),
        ("/bomb-gzip", TooLarge, "more than 1 MiB"),
        ("/bomb-deflate", TooLarge, "more than 1 MiB"),
        ("/bomb-br", TooLarge, "more than 1 MiB"),
        ("/bomb-zstd", TooLarge, "more than 1 MiB"),
        ("/bomb-spaces", TooLarge, "more than 1 MiB"),
        ("/bomb-stacked", TooLarge, "compressed more than once"),
        ("/nonsense", Unreachable, "no HTTP that can be read"),
        ("/nothing", Unreachable, "hung up without an answer"),
        ("/reset", Unreachable, "breaks off"),
        ("/short", Unreachable, "breaks off"),
        ("/cut-chunk", Unreachable, "breaks off"),
        ("/bad-chunk", Unreachable, "no HTTP that can be read"),
        ("/cut-gzip", Unreachable, "gzip stream was cut short"),
        ("/cut-br", Unreachable, "br stream was cut short"),
        ("/cut-zstd", Unreachable, "zstd stream was cut short"),
        ("/bad-gzip", Unreachable, "said to be gzip, and is not"),
        ("/odd-encoding", Unreachable, "sent as 'compress'"),
        ("/film", WrongType, "is video/mp4, which holds no article"),
        ("/loop", RedirectLoop, "more than 5 redirects"),
        ("/longer", RedirectLoop, "more than 5 redirects"),
        ("/inside", ForbiddenAddress, "10.0.0.1"),
        ("/to-file", ForbiddenAddress, "no http(s) URL"),
        ("/to-user", ForbiddenAddress, "user name or password"),
    ],
)
def test_a_fault_is_its_own_error(publisher: Newsagent, path: str, error: type[Exception], words: str) -> None:
    found = get(publisher.url(path), HASTY if "within 1 s" in words else MANNERS)
    assert type(found) is error
    assert words in str(found)
    assert "Client" not in str(found) and "Error" not in str(found), "no library's words"


def test_a_page_comes_with_its_place_status_and_way(publisher: Newsagent) -> None:
    page = get(publisher.url("/once"))
    assert isinstance(page, Page)
    assert (page.url, page.status, page.body) == (publisher.url("/fine"), 200, b"hello")
    assert [hop.status for hop in page.hops] == [301]


def test_an_error_status_is_what_the_host_answered(publisher: Newsagent) -> None:
    page = get(publisher.url("/gone"))
    assert isinstance(page, Page)
    assert page.status == 410


def test_a_conditional_get_sends_the_validators(publisher: Newsagent) -> None:
    page = get(publisher.url("/etag"), etag='"7"', last_modified="Mon, 23 Nov 2026 06:00:00 GMT")
    assert isinstance(page, Page)
    assert (page.status, page.body) == (304, b"")
    assert "If-Modified-Since: Mon, 23 Nov 2026 06:00:00 GMT" in publisher.asked[0]
    assert "User-Agent: newsduck/test" in publisher.asked[0]


def test_headers_in_another_encoding_are_text(publisher: Newsagent) -> None:
    page = get(publisher.url("/odd-header"))
    assert isinstance(page, Page)
    assert page.header("x-odd") == "café"


def test_loopback_is_not_dialled_unless_allowed(publisher: Newsagent) -> None:
    careful = Manners("newsduck/test")
    for host in ("127.0.0.1", "localhost", "a.localhost", "0x7f.1", "[::1]"):
        assert isinstance(get(publisher.url("/fine", host), careful), ForbiddenAddress)
    assert publisher.asked == []


def test_one_host_is_asked_one_at_a_time_with_a_pause(publisher: Newsagent) -> None:
    asks = [Ask(publisher.url(f"/fine?{n}"), "page", "", 100) for n in range(4)]
    fetch_all(asks, Manners("newsduck/test", pause=0.2, allow_loopback=True), lambda page: page)
    gaps = [b - a for a, b in zip(publisher.times, publisher.times[1:], strict=False)]
    assert all(gap >= 0.19 for gap in gaps)


def test_a_slow_host_delays_no_other(publisher: Newsagent) -> None:
    start, done = time.monotonic(), {}

    def keep(page: Page) -> Page:
        done[page.ask.url] = time.monotonic() - start
        return page

    slow = [Ask(publisher.url("/drip", "slow.localhost"), "page", "", 100)] * 3
    quick = [Ask(publisher.url("/fine", f"h{n}.localhost"), "page", "", 100) for n in range(10)]
    fetch_all([*slow, *quick], Manners("newsduck/test", timeout=1.0, hosts_at_once=2, allow_loopback=True), keep)
    assert len(done) == 10
    assert max(done.values()) < 1.0


@pytest.mark.parametrize("path", ["/gzip", "/deflate", "/raw-deflate", "/br", "/zstd"])
def test_every_encoding_asked_for_is_read(publisher: Newsagent, path: str) -> None:
    page = get(publisher.url(path))
    assert isinstance(page, Page)
    assert page.body == STORY


def test_a_body_in_chunks_is_read(publisher: Newsagent) -> None:
    page = get(publisher.url("/chunks"))
    assert isinstance(page, Page)
    assert page.body == b"hello"


@pytest.mark.parametrize(
    "path", ["/drip", "/slow-header", "/silent", "/endless", "/bomb-spaces", "/bomb-br", "/endless-header"]
)
def test_a_fault_at_some_hosts_delays_no_other_by_a_second(publisher: Newsagent, path: str) -> None:
    """More hosts misbehave than may be asked at once; the others get their places nevertheless."""
    start, done = time.monotonic(), {}

    def keep(page: Page) -> Page:
        done[page.ask.url] = time.monotonic() - start
        return page

    bad = [Ask(publisher.url(path, f"bad{n}.localhost"), "page", "", 1 << 20) for n in range(6)]
    good = [Ask(publisher.url("/fine", f"h{n}.localhost"), "page", "", 100) for n in range(10)]
    fetch_all([*bad, *good], Manners("newsduck/test", timeout=2.0, hosts_at_once=4, allow_loopback=True), keep)
    assert len(done) == 10
    assert max(done.values()) < 2 * 0.5 + 1.0, "two rounds of places, each given back after half a second"


def test_a_busy_host_is_asked_once_and_its_word_is_kept(publisher: Newsagent) -> None:
    asks = [Ask(publisher.url(f"/busy?{n}"), "page", str(n), 100) for n in range(3)]
    first, *others = fetch_all(asks, MANNERS, lambda page: page)
    assert isinstance(first, Page)
    for other in others:
        assert isinstance(other, Later)
        assert other.until is not None
    assert len(publisher.asked) == 1


CUT = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        ("<html><p>Rain.</p></html>", True),
        ("<html><p>Rain.</p></HTML >\n<!-- cached 12:00 -->\n", True),
        ("<rss><channel></channel></rss>\n", True),
        ("<html><p>Rain.</p>", False),
        ("<html><p>Rain.</p></html><p>And", False),
        ("<rss><channel><item></item>", False),
    ],
)
def test_an_answer_that_breaks_off_behind_its_last_tag_is_whole(publisher: Newsagent, body: str, whole: bool) -> None:
    publisher.shelf["/length"] = f"{CUT}Content-Length: 900\r\n\r\n{body}".encode()
    publisher.shelf["/chunk"] = f"{CUT}Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n{body}\r\n".encode()
    for found in (get(publisher.url("/length")), get(publisher.url("/chunk"))):
        assert isinstance(found, Page) == whole
        assert not isinstance(found, Page) or found.body == body.encode()


def test_a_host_that_never_answers_is_left_for_a_later_run(publisher: Newsagent) -> None:
    asks = [Ask(publisher.url(f"/nothing?{n}"), "page", str(n), 100) for n in range(6)]
    found = fetch_all(asks, MANNERS, lambda page: page)
    assert [type(f) for f in found] == [Unreachable] * SILENT + [Later] * (6 - SILENT)


def test_a_slow_host_gets_as_long_to_rest() -> None:
    turns = Turns()
    for seconds, extra in ((3.0, 3.0), (0.2, 1.5), (0.2, 0.75), (500.0, 60.0)):
        turns.answered("a.example", 1.0, seconds, 200, None)
        assert turns.paces["a.example"].extra == extra


def test_a_busy_host_gets_twice_as_long_each_time() -> None:
    turns, pauses = Turns(), []
    for _ in range(8):
        turns.answered("a.example", 1.0, 0.1, 429, None)
        pauses.append(turns.paces["a.example"].extra)
    assert pauses == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]


def pages(publisher: Newsagent, *paths: str, book: Book | None = None) -> list[object]:
    asks = [Ask(publisher.url(path), "page", path, 1000) for path in paths]
    return list(fetch_all(asks, MANNERS, lambda page: page, book=book or Book()))


def test_robots_txt_is_asked_for_once_and_kept(publisher: Newsagent) -> None:
    publisher.shelf["/robots.txt"] = answer("User-agent: newsduck\nDisallow: /private\n")
    publisher.shelf["/private/1"] = answer("secret")
    book = Book()
    private, fine, again = pages(publisher, "/private/1", "/fine", "/fine?2", book=book)
    assert isinstance(private, Disallowed)
    assert "/private/1: " in str(private)
    assert "asks that it be left alone" in str(private)
    assert isinstance(fine, Page)
    assert isinstance(again, Page)
    assert publisher.paths() == ["/robots.txt", "/fine", "/fine?2"]
    pages(publisher, "/fine?3", book=book)
    assert publisher.paths().count("/robots.txt") == 1


def test_without_robots_txt_everything_may_be_fetched(publisher: Newsagent) -> None:
    assert isinstance(pages(publisher, "/fine")[0], Page)


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "429 Slow down"])
def test_while_robots_txt_cannot_be_had_nothing_is_fetched(publisher: Newsagent, status: str) -> None:
    publisher.shelf["/robots.txt"] = answer("", status)
    (found,) = pages(publisher, "/fine")
    assert isinstance(found, Unreachable)
    assert f"HTTP {status[:3]}" in str(found)
    assert publisher.paths() == ["/robots.txt"]


def test_a_redirect_to_another_host_heeds_that_hosts_robots_txt(publisher: Newsagent) -> None:
    other = publisher.url("/fine", "other.localhost")
    publisher.shelf["/robots.txt"] = [answer("", "404 No"), answer("User-agent: *\nDisallow: /\n")]
    publisher.shelf["/away"] = answer("", "302 Found", location=other)
    assert isinstance(pages(publisher, "/away")[0], Disallowed)
    assert "/fine" not in publisher.paths()


def test_a_redirect_leads_nowhere_that_robots_txt_forbids(publisher: Newsagent) -> None:
    publisher.shelf["/robots.txt"] = answer("User-agent: *\nDisallow: /fine\n")
    publisher.shelf["/a"] = answer("", "302 Found", location="/fine")
    publisher.shelf["/b"] = answer('<meta http-equiv="refresh" content="0;url=/fine">')
    publisher.shelf["/c"] = answer("", "302 Found", location="/gone")
    found = pages(publisher, "/a", "/b", "/c")
    assert [type(one) for one in found] == [Disallowed, Disallowed, Page]
    assert "/fine" not in publisher.paths() and publisher.paths().count("/robots.txt") == 1


def test_feeds_are_asked_for_whatever_robots_txt_says(publisher: Newsagent) -> None:
    """Who publishes a feed wants it polled; robots.txt is for crawlers."""
    publisher.shelf["/robots.txt"] = answer("User-agent: *\nDisallow: /\n")
    found = fetch_all([Ask(publisher.url("/fine"), "feed", "", 100)], MANNERS, lambda page: page, book=Book())
    assert isinstance(found[0], Page)


def test_results_come_in_the_order_of_the_asks(publisher: Newsagent) -> None:
    paths = ["/gone", "/fine", "/drip", "/fine"]
    found = fetch_all([Ask(publisher.url(p), "page", p, 100) for p in paths], MANNERS, lambda page: page)
    assert [f.status if isinstance(f, Page) else type(f) for f in found] == [410, 200, Unreachable, 200]


def test_a_name_that_does_not_resolve_says_so() -> None:
    assert "does not resolve" in str(get("http://nowhere.invalid/"))
    assert "is it spelled right?" in str(get("http://a..b/"))


def test_who_does_not_listen_or_speaks_no_tls_is_told(publisher: Newsagent) -> None:
    assert "no connection (connection refused)" in str(get("http://127.0.0.1:1/"))
    assert "speaks no TLS" in str(get(publisher.url("/fine").replace("http:", "https:")))


def test_asks_take_turns_by_host_and_keep_doubles() -> None:
    asks = [
        Ask(u, "page", str(n), 1) for n, u in enumerate(["http://a.example/", "http://a.example/", "http://b.example/"])
    ]
    assert sorted(a.subject for a in in_turns(asks)) == ["0", "1", "2"]


def test_an_archive_that_cannot_be_written_stops_everything(publisher: Newsagent) -> None:
    """What is not archived must not be believed: that error is nobody's row."""

    def keep(page: Page) -> Page:
        raise Broken("the disk is full")

    with pytest.raises(Broken, match="disk is full"):
        fetch_all([Ask(publisher.url("/fine"), "page", "", 100)], MANNERS, keep)


@pytest.mark.parametrize(
    "meta",
    [
        '<meta http-equiv="refresh" content="0; url=/there?a=1&amp;b=2">',
        "<META HTTP-EQUIV=Refresh CONTENT='0;URL=/there?a=1&b=2'>",
        """<script>location.replace("\\/there?a=1&b=2")</script><noscript><meta http-equiv="refresh" content="0;URL='/there?a=1&amp;b=2'"></noscript>""",
    ],
)
def test_a_meta_refresh_leads_on_as_a_redirect_does(publisher: Newsagent, meta: str) -> None:
    publisher.shelf["/here"] = answer(f"<html><head>{meta}</head></html>")
    publisher.shelf["/there"] = answer(STORY)
    page = get(publisher.url("/here"))
    assert isinstance(page, Page)
    assert (page.url, page.body) == (publisher.url("/there?a=1&b=2"), STORY)
    assert [(hop.status, hop.url) for hop in page.hops] == [(200, publisher.url("/here"))]


@pytest.mark.parametrize(
    "stays",
    [
        '<noscript><meta http-equiv="refresh" content="0;url=/no-script"></noscript>',
        '<script>here = location.pathname.split("/")</script><noscript><meta http-equiv="refresh" content="0;url=/"></noscript>',
        '<script>go("/app.js"); said = {"no_script": "/no"}</script><noscript><meta http-equiv="refresh" content="0;url=/no"></noscript>',
        '<script>go("/app.js")</script><noscript><meta http-equiv="refresh" content="0;url=/?nojs=1"></noscript>',
        '<!-- <meta http-equiv="refresh" content="0;url=/old"> -->',
        '<meta http-equiv="refresh" content="300;url=/later">',
        '<meta http-equiv="refresh" content="0;url=javascript:go()">',
        '<meta http-equiv="refresh" content="0;url=/here">',
    ],
)
def test_a_page_that_sends_nobody_away_is_read(publisher: Newsagent, stays: str) -> None:
    publisher.shelf["/here"] = answer(f"<html><head>{stays}</head><p>The story.</p></html>")
    page = get(publisher.url("/here"))
    assert isinstance(page, Page) and b"The story." in page.body and page.hops == ()


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        ("0; url=/there", True),
        ("0; url=/it's", False),
        ('1;URL="/there"', True),
        ("300; url=/there", False),
        ("5", False),
    ],
)
def test_a_header_may_say_so_too(publisher: Newsagent, said: str, leads: bool) -> None:
    publisher.shelf["/here"] = answer("", refresh=said)
    publisher.shelf["/there"] = answer(STORY)
    page = get(publisher.url("/here"))
    assert isinstance(page, Page) and page.body == (STORY if leads else b"")


@pytest.mark.parametrize(
    "piece", ["<meta http-equiv=refresh ", "<meta http-equiv=refresh content=", "<noscript", "http-equiv=refresh "]
)
def test_what_begins_a_refresh_again_and_again_is_none(piece: str) -> None:
    page = ("<meta " + piece * refresh.LONG)[: refresh.LONG].encode()
    assert refresh.target(page, {"Content-Type": "text/html"}) == ""


def test_a_server_gets_the_session_back_that_it_redirects_for(publisher: Newsagent) -> None:
    publisher.shelf["/a"] = answer("", "302 Found", location="/a;jsessionid=E4.n1")
    publisher.shelf["/a;jsessionid=E4.n1"] = answer(STORY)
    page = get(publisher.url("/a"))
    assert isinstance(page, Page) and page.body == STORY and page.url == publisher.url("/a")


def test_a_meta_refresh_goes_nowhere_that_a_redirect_may_not(publisher: Newsagent) -> None:
    publisher.shelf["/here"] = answer('<meta http-equiv="refresh" content="0;url=http://10.0.0.1/">')
    assert isinstance(get(publisher.url("/here")), ForbiddenAddress)
    publisher.shelf["/here"] = answer('<meta http-equiv="refresh" content="0;url=/there">')
    publisher.shelf["/there"] = answer('<meta http-equiv="refresh" content="0;url=/here">')
    assert isinstance(get(publisher.url("/here")), RedirectLoop)


def test_cookies_are_kept_along_one_chain_and_no_further(publisher: Newsagent) -> None:
    publisher.shelf["/first"] = answer("", "302 Found", location="/second", set_cookie="a=1; Path=/")
    publisher.shelf["/second"] = answer("", "302 Found", location="/third", set_cookie="b=2")
    publisher.shelf["/third"] = answer(STORY)
    assert isinstance(get(publisher.url("/first")), Page)
    assert ["Cookie: a=1; b=2" in request for request in publisher.asked] == [False, False, True]
    assert isinstance(get(publisher.url("/third")), Page)
    assert "Cookie" not in publisher.asked[-1]
