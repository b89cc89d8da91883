"""Heads of answers that only strict programs refuse."""

import pytest

from extract.errors import NewsduckError
from extract.fetch import heads
from extract.fetch.client import fetch_all
from extract.fetch.manners import Manners
from extract.records import Ask, Page
from tests.newsagent import Newsagent


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (b"Server: x\r\nThis is no header\r\nETag: 1", b"Server: x\r\nETag: 1"),
        (b"Server: x\nETag: 1", b"Server: x\r\nETag: 1"),
        (b"Bad Name: 1\r\n goes on\r\nETag: 1", b"ETag: 1"),
        (b"X-Long: a\r\n  b\r\nETag : 1", b"X-Long: a b\r\nETag: 1"),
        (b"X: a\x00b", b"X: a b"),
        (b"Content-Length: 5\r\ncontent-length: 5", b"Content-Length: 5"),
        (b"Content-Length: 5, 5", b"Content-Length: 5"),
        (b"Content-Length: 5\r\nContent-Length: 6", b"Content-Length: 5\r\nContent-Length: 6"),
        (b"Content-Length: none", b""),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5", b"Transfer-Encoding: chunked"),
        (b"Set-Cookie: a=1\r\nSet-Cookie: a=1", b"Set-Cookie: a=1\r\nSet-Cookie: a=1"),
    ],
)
def test_lines_that_are_no_headers_go(lines: bytes, kept: bytes) -> None:
    found = heads.mended(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n\r\n")
    assert found == b"HTTP/1.1 200 OK\r\n" + (kept + b"\r\n" if kept else b"") + b"\r\n"


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nno header at all\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: utf-8\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
        (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", b"hello"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello, and more than was said", b"hello"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK", b"hello"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nhello", b""),
    ],
)
def test_their_bodies_are_read(raw: bytes, body: bytes) -> None:
    with Newsagent() as agent:
        agent.shelf["/a"] = raw
        (page,) = fetch_all(
            [Ask(agent.url("/a"), "page", "", 100)], Manners("newsduck/test", allow_loopback=True), lambda p: p
        )
    assert isinstance(page, Page) and page.body == body


def test_two_lengths_that_differ_are_refused() -> None:
    with Newsagent() as agent:
        agent.shelf["/a"] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"
        (page,) = fetch_all(
            [Ask(agent.url("/a"), "page", "", 100)], Manners("newsduck/test", allow_loopback=True), lambda p: p
        )
    assert isinstance(page, NewsduckError)


def test_more_than_was_said_is_not_the_next_answer() -> None:
    with Newsagent() as agent:
        agent.shelf["/a"] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nf\xc3\xbcr alle"  # letters, not bytes
        agent.shelf["/b"] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        asks = [Ask(agent.url(path), "page", "", 100) for path in ("/a", "/b")]
        found = fetch_all(asks, Manners("newsduck/test", allow_loopback=True), lambda p: p)
    assert [p.body for p in found if isinstance(p, Page)] == ["für".encode(), b"hello"]


def test_a_304_with_a_body_is_one_and_the_next_answer_is_the_next_asks() -> None:
    with Newsagent() as agent:
        agent.shelf["/a"] = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nunchanged"
        agent.shelf["/b"] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        asks = [Ask(agent.url(path), "page", "", 100) for path in ("/a", "/b")]
        found = fetch_all(asks, Manners("newsduck/test", allow_loopback=True), lambda p: p)
    assert [(p.status, p.body) for p in found if isinstance(p, Page)] == [(304, b""), (200, b"hello")]
