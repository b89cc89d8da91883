"""Bodies in every coding, at every size, in pieces of every size, come out as they went in."""

import gzip
import random
import sys
import zlib
from collections.abc import Callable

import brotli
import pytest

from extract.errors import TooLarge, Unreachable
from extract.fetch.decode import Body

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: bytes(brotli.compress(data, quality=4)),
    "zstd": zstd.compress,
}
LIMIT = 20 * 2**20

pytestmark = pytest.mark.promise(
    "A body in any of the four codings, of any size and in pieces of any size, comes whole; one that is cut or a bomb is refused"
)


def page(size: int, seed: int) -> bytes:
    """A page of about that many bytes: words that come again, as a page's do."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randrange(2, 12))) for _ in range(3000)]
    line = " ".join(chance.choices(words, k=2000))
    return "".join(f"<p>{chance.random()} {line[chance.randrange(3000) :]}</p>" for _ in range(size // 10_000)).encode()


PAGES = {size: page(size, size) for size in (100_000, 480_000, 600_000, 1_000_000, 3_000_000, 10_000_000)}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("size", PAGES)
@pytest.mark.parametrize("piece", [1024, 16_384, 65_536, 262_144, 1_000_003, None])
def test_a_body_comes_whole(coding: str, size: int, piece: int | None) -> None:
    sent = CODINGS[coding](PAGES[size])
    body = Body(coding, LIMIT)
    for at in range(0, len(sent), piece or len(sent)):
        body.add(sent[at : at + (piece or len(sent))])
    assert body.whole() == PAGES[size]


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_in_pieces_of_every_small_size_comes_whole(coding: str) -> None:
    sent = CODINGS[coding](PAGES[100_000])
    for piece in (1, 2, 3, 7, 13, 100, 999):
        body = Body(coding, LIMIT)
        for at in range(0, len(sent), piece):
            body.add(sent[at : at + piece])
        assert body.whole() == PAGES[100_000], piece


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("piece", [10_000, None])
def test_a_body_that_is_cut_is_no_body(coding: str, piece: int | None) -> None:
    sent = CODINGS[coding](PAGES[1_000_000])[:-7]
    body = Body(coding, LIMIT)
    for at in range(0, len(sent), piece or len(sent)):
        body.add(sent[at : at + (piece or len(sent))])
    with pytest.raises(Unreachable, match="cut short"):
        body.whole()


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_refused_at_the_limit(coding: str) -> None:
    sent = CODINGS[coding](b" " * (64 * 2**20))
    body = Body(coding, 2**20)
    with pytest.raises(TooLarge, match="more than 1 MiB"):
        body.add(sent)


def whole(coding: str, sent: bytes, limit: int = LIMIT) -> bytes:
    body = Body(coding, limit)
    body.add(sent)
    return body.whole()


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_hundred_pieces_are_one_body_and_more_a_bomb(coding: str) -> None:
    assert whole(coding, CODINGS[coding](b"x") * 100) == b"x" * 100
    with pytest.raises(TooLarge, match="more than 100 pieces"):
        whole(coding, CODINGS[coding](b"x") * 101)


@pytest.mark.parametrize("coding", [*CODINGS, ""])
def test_a_body_may_be_as_large_as_its_limit(coding: str) -> None:
    pack = CODINGS.get(coding, bytes)
    assert whole(coding, pack(b"x" * 1000), 1000) == b"x" * 1000
    with pytest.raises(TooLarge):
        whole(coding, pack(b"x" * 1001), 1000)


@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("deflate", zlib.compress(b"short", wbits=-15)),  # without its header
        ("GZIP", gzip.compress(b"short", mtime=0)),
        ("x-gzip, utf-8", gzip.compress(b"short", mtime=0)),
        ("gzip", zlib.compress(b"short")),  # said to be the one, and is the other
        ("gzip", gzip.compress(b"short", mtime=0) + b"\0" * 9),  # padding
        ("gzip", gzip.compress(b"sh", mtime=0) + gzip.compress(b"ort", mtime=0)),
        ("utf-8", b"short"),
        ("none", b"short"),
        ("", b"short"),
    ],
)
def test_what_servers_send_in_other_words(coding: str, sent: bytes) -> None:
    assert whole(coding, sent) == b"short"


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        (b"<!DOCTYPE html><p>Rain", True),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><rss>", True),
        (b"<!-- cached --><html>", True),
        (b"<htmlish noise that is none", False),
        (b"User-agent: *", False),
    ],
)
def test_a_page_that_is_said_to_be_packed_and_is_not_is_read(coding: str, sent: bytes, plain: bool) -> None:
    if plain:
        assert whole(coding, sent) == sent
        return
    with pytest.raises(Unreachable):
        whole(coding, sent)


@pytest.mark.parametrize(("coding", "why"), [("compress", "not asked for"), ("aes128gcm", "not asked for")])
def test_a_coding_that_was_not_asked_for_is_refused(coding: str, why: str) -> None:
    with pytest.raises(Unreachable, match=why):
        Body(coding, LIMIT)


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip, br", "br, compress"])
def test_what_is_packed_twice_is_refused(coding: str) -> None:
    with pytest.raises(TooLarge, match="more than once"):
        Body(coding, LIMIT)


@pytest.mark.parametrize("coding", CODINGS)
def test_nothing_at_all_is_an_empty_body_and_noise_is_none(coding: str) -> None:
    assert Body(coding, LIMIT).whole() == whole(coding, b"") == b""
    with pytest.raises(Unreachable, match=f"said to be {coding}, and is not|cut short"):
        whole(coding, b"\xff\xee no such thing " * 9)


def test_the_setting_that_allows_more_is_named() -> None:
    body = Body("", 2**20 + 2**19, "fetch.page_mb")
    with pytest.raises(TooLarge, match=r"more than 1.5 MiB; `fetch.page_mb` in newsduck.toml allows more"):
        body.add(b"x" * 2**21)


@pytest.mark.parametrize(("window", "taken"), [(23, True), (24, False)])
def test_zstd_reserves_eight_mebibytes_and_no_more(window: int, taken: bool) -> None:
    options: dict[int, int] = {
        zstd.CompressionParameter.window_log: window,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    packer = zstd.ZstdCompressor(options=options)
    sent = packer.compress(PAGES[100_000]) + packer.flush()
    if taken:
        assert whole("zstd", sent) == PAGES[100_000]
    else:
        with pytest.raises(Unreachable, match="said to be zstd"):
            whole("zstd", sent)
