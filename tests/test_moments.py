"""Claimed moments: read where all of the text is understood, and not at all elsewhere."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import moments

UNDERSTOOD = {
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
    ],
)
def test_what_is_not_understood_is_nothing(claim: str) -> None:
    assert moments.read(claim) == moments.NONE


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
