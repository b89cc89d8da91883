"""Records of other people's archives: every dialect gives the same bytes, and what is damaged costs itself only."""

import io
import random
import zlib
from collections.abc import Callable

import pytest

from extract.captures.answers import parse, unpacked
from extract.captures.parts import Place
from extract.captures.tape import moment, records
from extract.errors import BadInput, NewsduckError, TooLarge, Unreachable
from tests.archives import CODINGS, chunked, http, packed, page, record, response, zipped
from tests.newsagent import _brotli, _deflated, _zstd

LIMIT = 2**20
BODY = page(1)
RECORDS = [response(f"https://a.example/{n}", page(n)) for n in range(8)]
STARTS = [len(packed(RECORDS[:n])) for n in range(9)]

BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: _deflated(31),
    "deflate": lambda: _deflated(15),
    "br": _brotli,
    "zstd": _zstd,
}

# coding, and whether the body is still packed, in chunks of which the header tells, and under which status line
DIALECTS: dict[str, Callable[[str], bytes]] = {
    "as it came": lambda c: http(CODINGS[c](BODY), f"Content-Encoding: {c}"),
    "CC-NEWS before May 2019": lambda c: http(BODY, f"Content-Encoding: {c}", "Content-Length: 7"),
    "chunks kept": lambda c: http(chunked(CODINGS[c](BODY)), f"Content-Encoding: {c}", "Transfer-Encoding: chunked"),
    "chunks joined": lambda c: http(CODINGS[c](BODY), f"Content-Encoding: {c}", "Transfer-Encoding: chunked"),
    "all undone, headers kept": lambda c: http(BODY, f"Content-Encoding: {c}", "Transfer-Encoding: chunked"),
    "chunks kept of a plain body": lambda c: http(chunked(BODY), f"Content-Encoding: {c}", "Transfer-Encoding: chunked"),
    "HTTP/2": lambda c: http(CODINGS[c](BODY), f"content-encoding: {c}", status="HTTP/2 200"),
    "HTTP/2.0": lambda c: http(CODINGS[c](BODY), f"content-encoding: {c}", status="HTTP/2.0 200 "),
    "lines that are no headers": lambda c: http(CODINGS[c](BODY), "no header", "X-Odd: caf\udce9".encode("utf-8", "surrogateescape").decode("latin-1"), f"Content-Encoding: {c}"),
    "bare line feeds": lambda c: b"HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: %s\n\n" % c.encode() + CODINGS[c](BODY),
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("coding", CODINGS)
def test_every_dialect_gives_the_body_to_the_byte(dialect: str, coding: str) -> None:
    one = record("response", "https://a.example/1", DIALECTS[dialect](coding))
    for made in (packed([one]), zipped(one * 3), one * 3):
        for found in records(io.BytesIO(made), "x"):
            assert found is not None
            answer = found.answer(LIMIT)
            assert (answer.status, answer.is_page) == (200, True)
            assert unpacked(answer, LIMIT) == BODY


@pytest.mark.parametrize(
    ("body", "coding", "error"),
    [
        (zipped(BODY)[:-9], "gzip", Unreachable),
        (zipped(BODY)[:200] + b"\0" * 50 + zipped(BODY)[250:], "gzip", Unreachable),
        (BODY + b"x" * LIMIT, "gzip", TooLarge),
        (BODY + b"x" * LIMIT, "", TooLarge),
        (zipped(zipped(BODY)), "gzip, gzip", TooLarge),
        (CODINGS["br"](BODY), "compress", Unreachable),
    ],
)
def test_a_body_that_is_not_whole_or_too_large_is_none(body: bytes, coding: str, error: type[NewsduckError]) -> None:
    with pytest.raises(error):
        unpacked(parse(http(body, f"Content-Encoding: {coding}")), LIMIT)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_before_it_is_unpacked(bomb: str) -> None:
    body = BOMBS[bomb]()
    with pytest.raises(TooLarge):
        unpacked(parse(http(body, f"Content-Encoding: {bomb}")), LIMIT)


def test_chunks_that_break_off_are_no_body() -> None:
    with pytest.raises(Unreachable):
        unpacked(parse(http(chunked(BODY)[:-700], "Transfer-Encoding: chunked")), LIMIT)


def urls(data: bytes, start: Place = Place()) -> list[str]:  # noqa: B008
    """The addresses of the records that are whole, and a dash for what is not."""
    told = []
    for found in records(io.BytesIO(data), "x", start):
        try:
            if found is not None and found.answer(LIMIT).body:
                told.append(found.url[-1:])
            else:
                told.append("-")
        except NewsduckError:
            told.append("-")
    return told


def hurt(at: int, to: bytes) -> bytes:
    data = packed(RECORDS)
    return data[:at] + to + data[at + len(to) :]


@pytest.mark.parametrize(
    ("data", "want"),
    [
        (packed(RECORDS), "01234567"),
        (zipped(b"".join(RECORDS)), "01234567"),
        (b"".join(RECORDS), "01234567"),
        (packed(RECORDS) + bytes(300_000), "01234567"),
        (packed(RECORDS[:4]) + bytes(300_000) + packed(RECORDS[4:]), "01234567"),
        (hurt(STARTS[3] + 500, b"damage" * 5), "012-4567"),
        (hurt(STARTS[3] - 6, b"\xff\xff"), "01-34567"),
        (hurt(0, b"\x1f\x8b\x08" + bytes(40)), "-1234567"),
        (hurt(STARTS[3] + 9, bytes(STARTS[5] - STARTS[3])), "012-67"),
        (packed(RECORDS[:3]) + packed(RECORDS[3:4])[:700] + packed(RECORDS[4:]), "012-4567"),
        (packed(RECORDS[:3]) + packed(RECORDS[3:4])[:700], "012-"),
        (b"".join(RECORDS[:3]) + RECORDS[3][:900], "012-"),
        (b"".join(RECORDS[:3]) + b"z" * 40 + RECORDS[3][40:] + b"".join(RECORDS[4:]), "012-4567"),
        (packed(RECORDS[:2]) + zipped(b"no record") + packed(RECORDS[2:]), "01-234567"),
    ],
)  # fmt: skip
def test_what_is_damaged_costs_itself_only(data: bytes, want: str) -> None:
    assert "".join(urls(data)) == want


@pytest.mark.parametrize("data", [packed(RECORDS), zipped(b"".join(RECORDS)), b"".join(RECORDS)])
def test_from_the_place_of_any_record_reading_goes_on(data: bytes) -> None:
    places = [found.place for found in records(io.BytesIO(data), "x") if found]
    assert [urls(data, place) for place in places] == [list("01234567"[n:]) for n in range(8)]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty"),
        (b"hello", "is no WARC"),
        (b"filedesc://a.arc 0.0.0.0 20000101000000 text/plain 1\n", "recompress"),
        (zipped(b"filedesc://a.arc"), "recompress"),
        (b"\x28\xb5\x2f\xfd....", "zstd -d"),
        (zipped(b"hello"), "is no WARC"),
    ],
    ids=["empty", "text", "ARC", "ARC packed", "zstd", "text packed"],
)
def test_what_is_no_archive_is_told(data: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=f"a.warc.*{word}"):
        list(records(io.BytesIO(data), "a.warc"))


def test_garbage_breaks_nothing() -> None:
    """Bytes changed at random anywhere: records, or damage, or told to be no archive."""
    dice = random.Random(1)
    for made in (packed(RECORDS), b"".join(RECORDS)):
        for _ in range(150):
            data = bytearray(made)
            for _ in range(dice.randint(1, 6)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            try:
                assert len(urls(bytes(data))) <= 16
            except BadInput:
                assert bytes(data[:5]) != made[:5] or zlib.decompressobj(31).decompress(made, 5) == b"WARC/"


def test_dates_are_read_as_archives_write_them() -> None:
    assert str(moment("2020-03-01T12:00:00Z")) == "2020-03-01 12:00:00+00:00"
    assert str(moment("2020-03-01T12:00:00.123456Z")) == "2020-03-01 12:00:00.123456+00:00"
    assert (moment(""), moment("yesterday")) == (None, None)
