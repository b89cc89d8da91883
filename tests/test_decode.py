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
