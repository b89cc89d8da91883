"""What HTTP headers say about time."""

from datetime import UTC, datetime, timedelta

import pytest

from extract.fetch.freshness import clock_ahead, fresh_seconds, last_modified, retry_at
from extract.records import Ask, Page

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("Mon, 23 Nov 2026 13:00:00 GMT", 3600),
        ("Mon, 23 Nov 2026 13:00:00", 3600),
        ("999999999", 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        ("0", None),
        ("-5", None),
        ("Mon, 23 Nov 2020 13:00:00 GMT", None),
        ("soon", None),
        ("", None),
        ("9" * 400, None),
        ("Mon, 99 Foo 2026 99:99:99", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_a_day_at_most(header: str, seconds: int | None) -> None:
    assert retry_at(header, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache-Control": "public, max-age=300"}, 300),
        ({"Cache-Control": "s-maxage=900, max-age=300", "Age": "100"}, 200),
        ({"Cache-Control": "no-cache, max-age=300"}, 0),
        ({"Expires": "Mon, 23 Nov 2026 12:10:00 GMT", "Date": "Mon, 23 Nov 2026 12:00:00 GMT"}, 600),
        ({"Expires": "Mon, 23 Nov 2026 12:10:00 GMT"}, 600),
        ({"Expires": "0"}, 0),
        ({"Expires": "Thu, 19 Nov 1981 08:52:00 GMT"}, 0),
        ({"Cache-Control": "max-age=tomorrow"}, 0),
        ({}, 0),
    ],
)
def test_an_answer_says_how_long_it_is_fresh(headers: dict[str, str], seconds: float) -> None:
    url = "https://a.example/"
    assert fresh_seconds(Page(Ask(url, "feed", url, 1), url, 200, tuple(headers.items()), b"", NOW, 0.1)) == seconds


def answer(**headers: str) -> Page:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Page(
        Ask("https://a.example/", "feed", "https://a.example/", 1), "https://a.example/", 200, named, b"", NOW, 0.1
    )


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("1", 1),
        ("86399", 86399),
        ("86400", 86400),
        ("86401", 86400),
        ("Mon, 23 Nov 2026 12:00:01 GMT", 1),
        ("Mon, 23 Nov 2026 12:00:00 GMT", None),
        ("Mon, 23 Nov 2026 14:00:00 +0100", 3600),
        ("1234567890", None),
    ],
)
def test_retry_after_at_its_bounds(header: str, seconds: int | None) -> None:
    assert retry_at(header, NOW) == (None if seconds is None else NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache_control": "max-age=100", "age": "99"}, 1),
        ({"cache_control": "max-age=100", "age": "100"}, 0),
        ({"cache_control": "max-age=100", "age": "101"}, 0),
        ({"cache_control": "max-age=100", "age": "old"}, 100),
        ({"cache_control": 'MAX-AGE = "60"'}, 60),
        ({"cache_control": "no-store", "expires": "Mon, 23 Nov 2026 12:10:00 GMT"}, 0),
        ({"cache_control": "public", "expires": "Mon, 23 Nov 2026 12:10:00 GMT"}, 600),
        ({"cache_control": "max-age=5", "expires": "Mon, 23 Nov 2026 12:10:00 GMT"}, 5),
        ({"expires": "Mon, 23 Nov 2026 12:10:00 GMT", "date": "Mon, 23 Nov 2026 12:09:00 GMT"}, 60),
    ],
)
def test_freshness_at_its_bounds(headers: dict[str, str], seconds: float) -> None:
    assert fresh_seconds(answer(**headers)) == seconds


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        ("", True),
        ("Mon, 23 Nov 2026 12:00:00 GMT", True),
        ("Mon, 23 Nov 2026 11:59:59 GMT", False),
        ("Mon, 23 Nov 2026 12:00:01 GMT", True),
    ],
)
def test_a_page_cannot_have_changed_after_its_answer(date: str, kept: bool) -> None:
    told = "Mon, 23 Nov 2026 12:00:00 GMT"
    assert last_modified(answer(last_modified=told, date=date)) == (told if kept else "")
    assert last_modified(answer(last_modified="long ago", date=date)) == "long ago"


def test_our_clock_is_held_against_the_hosts() -> None:
    assert clock_ahead(answer(date="Mon, 23 Nov 2026 11:59:50 GMT")) == 10.0
    assert clock_ahead(answer(date="Mon, 23 Nov 2026 12:00:10 GMT")) == -10.0
    assert clock_ahead(answer(date="Mon, 23 Nov 2026 11:00:00 GMT", age="3600")) is None
    assert clock_ahead(answer()) is None
