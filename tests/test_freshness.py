"""What HTTP headers say about time."""

from datetime import UTC, datetime, timedelta

import pytest

from extract.fetch.freshness import fresh_seconds, retry_at
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
