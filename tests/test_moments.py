"""Claimed moments: read where all of the text is understood, and not at all elsewhere."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import moments

UNDERSTOOD = {
    "20261120100403": ("2026-11-20 10:04:03", "second"),
    "202611201004": ("2026-11-20 10:04:00", "minute"),
    "Wed, 04/11/2026 - 10:04": ("2026-11-04 10:04:00", "minute"),  # which of the two days was a Wednesday
    "Saturday 04/11/2026": ("2026-04-11 00:00:00", "day"),
    "Fri, 20 Nov 2026 10:04:03 PM": ("2026-11-20 22:04:03", "second"),
    "Fri, 20 Nov 2026 10:04:03 +0530": ("2026-11-20 04:34:03", "second"),
    "Fri, 20 Nov 2026 10:00 GMT+2": ("2026-11-20 08:00:00", "minute"),
    "Fri, 20 Nov 2026 10:00:00 +02": ("2026-11-20 08:00:00", "second"),
    "Fri, 20 Nov 2026 10:00:00 +5:30": ("2026-11-20 04:30:00", "second"),
    "Fri, 20 Nov 2026 10:00:00 EST": ("2026-11-20 15:00:00", "second"),
    "Fri, 20 Nov 2026 10:00:00 AEDT": ("2026-11-19 23:00:00", "second"),
    "Fri Nov 20 10:00:00 +0000 2026": ("2026-11-20 10:00:00", "second"),
    "Fri, 20 Nov 2026 10:00:00 Europe/Berlin": ("2026-11-20 09:00:00", "second"),
    "2026/11/20 15:07:41": ("2026-11-20 15:07:41", "second"),
    "2026-11-20T10:00:00.123Z": ("2026-11-20 10:00:00", "second"),
    "20261120T100000Z": ("2026-11-20 10:00:00", "second"),
    "2026年11月20日 10:00": ("2026-11-20 10:00:00", "minute"),
    "24 listopada 2026 r., 10:00": ("2026-11-24 10:00:00", "minute"),
    "2026-11-20T10:00[Europe/Berlin]": ("2026-11-20 09:00:00", "minute"),
    "2026-11-20T10:00:00Z[UTC]": ("2026-11-20 10:00:00", "second"),
    "28. listopada 2026 10:00": ("2026-10-28 10:00:00", "minute"),  # in Croatian, with a dot behind the day
    "24-11-2026": ("2026-11-24 00:00:00", "day"),
    "vendredi 20 novembre 2026 à 10h30": ("2026-11-20 10:30:00", "minute"),
    "20. November 2026, 10:15 Uhr": ("2026-11-20 10:15:00", "minute"),
    "Пт, 20 ноя 2026 10:00:00 +0300": ("2026-11-20 07:00:00", "second"),
    "Friday, November 20th, 2026 at 3 p.m.": ("2026-11-20 15:00:00", "minute"),
    "Tue, 03 Mar 2026 10:00:00 GMT": ("2026-03-03 10:00:00", "second"),
    "mar. 3 nov. 2026": ("2026-11-03 00:00:00", "day"),
    "mar, 03 mar 2026 10:00:00 +0100": ("2026-03-03 09:00:00", "second"),
    "Fri, 20 Nov 2026 10:00:00 gmt": ("2026-11-20 10:00:00", "second"),
    "2026-11-20 10:00:00 +0000 UTC": ("2026-11-20 10:00:00", "second"),
    "Fri, 20 Nov 2026 9:4:3 GMT": ("2026-11-20 09:04:03", "second"),
    "Fri, 20 Nov 2026 10:00:00 00": ("2026-11-20 10:00:00", "second"),
    "Fri, 11 20 2026 10:00:00 +0100": ("2026-11-20 09:00:00", "second"),
    "2026-11-20T10:00:00+01:00:00": ("2026-11-20 09:00:00", "second"),
    "20.11.2026 +0100": ("2026-11-20 00:00:00", "day"),
    "20 Nov 2026 CET": ("2026-11-20 00:00:00", "day"),
    "20.11.2026 10.05": ("2026-11-20 10:05:00", "minute"),
    "20 novembre 2026 ore 10.05": ("2026-11-20 10:05:00", "minute"),
    "2026年11月20日 下午3:04": ("2026-11-20 15:04:00", "minute"),
    "2026年11月20日 下午15:04": ("2026-11-20 15:04:00", "minute"),
    "2026年11月20日 15时04分05秒": ("2026-11-20 15:04:05", "second"),
    "2026. 11. 20. 오후 3:04": ("2026-11-20 15:04:00", "minute"),
    "2026년 11월 20일 오전 9시 5분": ("2026-11-20 09:05:00", "minute"),
    "20 май 2026": ("2026-05-20 00:00:00", "day"),
    "20 styczeń 2026": ("2026-01-20 00:00:00", "day"),
    "20 نوفمبر 2026": ("2026-11-20 00:00:00", "day"),
    "24 nov 2026 10.00.05 +0100": ("2026-11-24 09:00:05", "second"),
    "24 nov 2026 10.00 CET": ("2026-11-24 09:00:00", "minute"),
    "2026-11-20T10:00+01:00[Europe/Berlin]": ("2026-11-20 09:00:00", "minute"),
    "Τρι, 24 Νοε 2026 12:00:00 +0200": ("2026-11-24 10:00:00", "second"),
    "otr., 24 nov 2026 12:00:00 +0200": ("2026-11-24 10:00:00", "second"),
    "الجمعة، 20 نوفمبر 2026 10:00:00 GMT": ("2026-11-20 10:00:00", "second"),
    "Nov, 20 2026 10:00": ("2026-11-20 10:00:00", "minute"),
    "٢٠ نوفمبر ٢٠٢٦ ١٠:٠٠": ("2026-11-20 10:00:00", "minute"),
    "周五, 20 11 月 2026 18:00:00 +0800": ("2026-11-20 10:00:00", "second"),
    "金, 20 11月 2026 19:00:00 +0900": ("2026-11-20 10:00:00", "second"),
    "금, 20 11월 2026 19:00:00 +0900": ("2026-11-20 10:00:00", "second"),
    "T6, 20 Th11 2026 17:00:00 +0700": ("2026-11-20 10:00:00", "second"),
    "20 tháng 11, 2026": ("2026-11-20 00:00:00", "day"),
    "Nov. 20, 2026 5:00 AM ET": ("2026-11-20 10:00:00", "minute"),
    "July 20, 2026 6:00 a.m. ET": ("2026-07-20 10:00:00", "minute"),
    "20 Nov 2026 10:00:00 PT": ("2026-11-20 18:00:00", "second"),
    "1763629200": ("2025-11-20 09:00:00", "second"),
    "1763629200000": ("2025-11-20 09:00:00", "second"),
}


@pytest.mark.parametrize("claim", UNDERSTOOD)
def test_what_is_understood(claim: str) -> None:
    found = moments.read(claim)
    assert found.at is not None
    assert (f"{found.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", found.precision) == UNDERSTOOD[claim]


@pytest.mark.parametrize(
    "claim",
    [
        "",
        "yesterday",
        "2026",
        "November 2026",
        "2026/10",
        "31 Feb 2026",
        "20 Nov 2026 or so",
        "25:00 20 Nov 2026",
        "version 1.2.2026.1",
        "20261320100403",
        "20261120250403",
    ],
)
def test_what_is_not_understood_is_nothing(claim: str) -> None:
    assert moments.read(claim) == moments.NONE


@pytest.mark.parametrize("claim", ["Tue, 07/11/2023", "Mon, 04/11/2026", "Wed Sat 04/11/2026", "mer. 04/11/2026"])
def test_a_weekday_of_both_days_or_of_neither_tells_nothing(claim: str) -> None:
    assert moments.read(claim).ambiguous


def test_two_numbers_are_told_apart_by_the_others_of_their_source() -> None:
    assert moments.read("03/04/2026").ambiguous
    assert moments.read("03/04/2026", moments.order_of(["13/04/2026", "03/04/2026"])).at == datetime(
        2026, 4, 3, tzinfo=UTC
    )
    assert moments.read("03/04/2026", moments.order_of(["04/13/2026"])).at == datetime(2026, 3, 4, tzinfo=UTC)
    assert moments.order_of(["13/04/2026", "04/13/2026"]) == ""
    assert [moments.order_at(h) for h in ("herald.co.uk", "herald.us", "herald.com")] == ["dmy", "mdy", ""]
    assert [moments.order_at("x.com", lang) for lang in ("en-US", "en-GB", "fr", "en")] == ["mdy", "dmy", "dmy", ""]


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_read_by_its_english_abbreviation(month: int) -> None:
    day = datetime(2026, month, 3, 10, tzinfo=UTC)
    assert moments.read(f"{day:%a, %d %b %Y %H:%M:%S} GMT").at == moments.read(f"{day:%d %B %Y %H:%M} UTC").at == day


def test_how_exact_a_claim_is_hangs_on_no_order() -> None:
    assert (
        moments.precision("03/04/2026") == "day" and moments.precision("Invalid Date", "03/04/2026 10:00") == "minute"
    )


def test_a_zone_that_is_missing_is_missing() -> None:
    assert not moments.read("20 Nov 2026 10:00").zoned
    assert moments.read("20 Nov 2026 10:00 GMT").zoned


@given(st.text(max_size=60))
def test_no_text_raises(claim: str) -> None:
    moments.read(claim)


AT_THEIR_BOUNDS = {
    "Fri, 20 Nov 2026 10:04:03 GMT": ("2026-11-20 10:04:03", "second", True),
    "Fri, 20 Nov 2026 10:04 +0230": ("2026-11-20 07:34:00", "minute", True),
    "20 Nov 2026 23:59:59 -0500": ("2026-11-21 04:59:59", "second", True),
    "20 Nov 2026 10:00:00 +1500": ("2026-11-19 19:00:00", "second", True),
    "20 Nov 2026 10:00:60 GMT": ("2026-11-20 10:00:59", "second", True),  # a leap second
    "20 Nov 2026 24:00 GMT": ("2026-11-21 00:00:00", "minute", True),
    "2026-11-20": ("2026-11-20 00:00:00", "day", False),
    "20261120": ("2026-11-20 00:00:00", "day", False),
    "2026-11-20 10:04": ("2026-11-20 10:04:00", "minute", False),
    "2026-11-20T10:04:03-05": ("2026-11-20 15:04:03", "second", True),
    "2026-11-20T10:04:03-05:30": ("2026-11-20 15:34:03", "second", True),
    "2026-11-20T10:04:03GMT": ("2026-11-20 10:04:03", "second", True),
    "999999999999": None,  # between seconds and thousandths of them
    "1000000000": ("2001-09-09 01:46:40", "second", True),
    "1000000000000": ("2001-09-09 01:46:40", "second", True),
    "1763629200.5": ("2025-11-20 09:00:00", "second", True),
    "20 Nov 2026 12:00 am": ("2026-11-20 00:00:00", "minute", False),
    "20 Nov 2026 12:00 pm": ("2026-11-20 12:00:00", "minute", False),
    "20 Nov 2026 1 a.m.": ("2026-11-20 01:00:00", "minute", False),
    "20 Nov 2026 11:59:58 pm": ("2026-11-20 23:59:58", "second", False),
    "20 Nov 2026 13:00 pm": None,
    "20 Nov 2026 0:30 pm": None,
    "2026年11月20日 下午12:04": ("2026-11-20 12:04:00", "minute", False),
    "2026年11月20日 下午0:04": ("2026-11-20 00:04:00", "minute", False),
    "2026年11月20日 上午12:04": ("2026-11-20 00:04:00", "minute", False),
    "2026年11月20日 下午13:04": ("2026-11-20 13:04:00", "minute", False),
    "2026年11月20日 下午3:04:05": ("2026-11-20 15:04:05", "second", False),
    "20 Nov 26": ("2026-11-20 00:00:00", "day", False),
    "20 Nov '26 10:00": ("2026-11-20 10:00:00", "minute", False),
    "20 Nov 69": ("2069-11-20 00:00:00", "day", False),
    "20 Nov 70": ("1970-11-20 00:00:00", "day", False),
    "20/11/26": ("2026-11-20 00:00:00", "day", False),
    "20/11/99": ("1999-11-20 00:00:00", "day", False),
    "11/20/2026": ("2026-11-20 00:00:00", "day", False),
    "12/13/2026": ("2026-12-13 00:00:00", "day", False),
    "13/12/2026": ("2026-12-13 00:00:00", "day", False),
    "11/11/2026": ("2026-11-11 00:00:00", "day", False),
    "03.04.2026": ("2026-04-03 00:00:00", "day", False),  # with dots the day goes first
    "2026/3/4": ("2026-03-04 00:00:00", "day", False),
    "November 20, 2026": ("2026-11-20 00:00:00", "day", False),
    "2026 November 20": ("2026-11-20 00:00:00", "day", False),
    "20 21 Nov 2026": None,  # of two days
    "November 20 21, 2026": None,
    "Fr, 20. November 2026": ("2026-11-20 00:00:00", "day", False),
    "Published on Friday, 20 Nov 2026 at 10:00": ("2026-11-20 10:00:00", "minute", False),
    "20 Nov 2026 GMT+2": ("2026-11-20 00:00:00", "day", False),
    "20 Nov 2026 10:00 (GMT+2)": None,
    "20 Nov 2026 10:00 GMT-3 (ART)": ("2026-11-20 13:00:00", "minute", True),
    "20 Nov 2026 10:00 cet": ("2026-11-20 09:00:00", "minute", True),
    "20 Nov 2026 10:00:00 +0100 CET": ("2026-11-20 09:00:00", "second", True),
    "20 Nov 2026 10:00 Z": ("2026-11-20 10:00:00", "minute", True),
    "20 Nov 2026 10:00 Nowhere/Nothing": None,
    "20 Nov 2026 10:00 +1501": None,
    "20 Nov 2026 10:00:00 +1530": None,
    "32 Nov 2026": None,
    "20 Nov 2026 24:01": None,
    "0001-01-01T00:00:00+01:00": None,  # before there are years
}


@pytest.mark.parametrize("claim", AT_THEIR_BOUNDS)
def test_claims_at_the_bounds_of_what_can_be_meant(claim: str) -> None:
    found, want = moments.read(claim), AT_THEIR_BOUNDS[claim]
    told = found.at and (f"{found.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", found.precision, found.zoned)
    assert told == want


def test_a_claim_has_a_hundred_letters_at_most() -> None:
    assert moments.read("20 Nov 2026".ljust(99) + ".").at is not None
    filled = "Published on the " + "of the " * 10 + "20 Nov 2026"
    assert moments.read(filled + " at" * ((100 - len(filled)) // 3)).at is not None
    assert moments.read("of " * 30 + "20 Nov 2026").at is None


@pytest.mark.parametrize(
    ("claims", "order"),
    [
        (["12/12/2026"], ""),
        (["13/12/2026"], "dmy"),
        (["12/13/2026"], "mdy"),
        (["13/13/2026"], ""),
        (["2026-11-13"], ""),
        (["1/2/2026", "31/12/2026", "tomorrow"], "dmy"),
        (["31/12/2026", "12/31/2026"], ""),
        ([], ""),
    ],
)
def test_one_number_above_twelve_tells(claims: list[str], order: str) -> None:
    assert moments.order_of(claims) == order


@pytest.mark.parametrize(
    ("host", "language", "order"),
    [
        ("herald.ph", "", "mdy"),
        ("army.mil", "", "mdy"),
        ("herald.de", "", "dmy"),
        ("herald.de:8080", "", "dmy"),
        ("herald.com", "en_PH", "mdy"),
        ("herald.us", "en-GB", "dmy"),
        ("herald.us", "en", "mdy"),
        ("herald.com", "de-DE", "dmy"),
        ("herald.info", "", ""),
        ("10.0.0.1", "", ""),
    ],
)
def test_a_country_or_a_language_tells(host: str, language: str, order: str) -> None:
    assert moments.order_at(host, language) == order


def test_the_order_matters_only_where_two_days_fit() -> None:
    orders: tuple[moments.Order, ...] = ("dmy", "mdy")
    for order in orders:
        assert moments.read("13/04/2026", order).at == datetime(2026, 4, 13, tzinfo=UTC)
        assert moments.read("04/04/2026", order).at == datetime(2026, 4, 4, tzinfo=UTC)
    assert moments.read("12/11/2026", "dmy").at == datetime(2026, 11, 12, tzinfo=UTC)
    assert moments.read("12/11/2026", "mdy").at == datetime(2026, 12, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claim", "hour", "want"),
    [
        ("Fri, 20 Nov 2026 01:00:00 +0300", 22, 20),  # as its own zone has it
        ("20 Nov 2026", 12, 20),
        ("22 Nov 2026", 12, 19),  # another day altogether
        ("20 Nov 2026", 23, 20),
        ("20 Nov 2026 00:00", 0, 20),
        ("yesterday", 12, 19),
    ],
)
def test_the_day_is_that_of_the_claims_own_zone(claim: str, hour: int, want: int) -> None:
    at = datetime(2026, 11, 20 if want == 20 and "+0300" not in claim else 19, hour, tzinfo=UTC)
    assert moments.day(claim, at).day == want


@pytest.mark.parametrize(("seconds", "want"), [(86_399, 20), (86_400, 21)])
def test_a_claim_a_day_away_is_another(seconds: int, want: int) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=seconds)
    assert moments.day("20 Nov 2026", at).day == want


@pytest.mark.parametrize("zone", ["Z", "GMT", "UTC"])
def test_a_zone_of_one_letter_is_utc(zone: str) -> None:
    assert moments.read(f"20 November 2026 10:00 {zone}") == moments.Moment(
        datetime(2026, 11, 20, 10, tzinfo=UTC), "minute", True
    )


@pytest.mark.parametrize("claim", ["20 Nov 2026 w", "5 Nov", "Nov 5 10:00", "Nov", "10:00", "5 6 Nov 26", "20 Nov"])
def test_what_lacks_a_part_or_has_one_too_many_is_nothing(claim: str) -> None:
    assert moments.read(claim) == moments.NONE


def test_what_stands_behind_the_first_letters_of_a_claim_is_not_read() -> None:
    day = "20 Nov 2026"
    assert moments.read(day.ljust(101) + "x").at == moments.read(day).at is not None
    assert moments.read(day.ljust(100) + "x").at is None
    assert moments.read(f"{day} {'of ' * 29}a") == moments.read(day)
    assert moments.read(f"{day} {'of ' * 29}as") == moments.NONE
