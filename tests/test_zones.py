"""The zone in which a page shows its moments."""

from datetime import UTC, datetime

import lxml.html
import pytest

from extract.read.when import zones
from tests.pages import BODY, read

HEADLINE = "<article><h1>Rain floods the lower town</h1>"


@pytest.mark.parametrize(
    ("shown", "want"),
    [
        ("<p>20 November 2026, 22:05</p>", "2026-11-20T22:05:09-05:00"),
        ("<p>Published Nov 20, 2026 10:05 pm</p>", "2026-11-20T22:05:09-05:00"),
        ("<script>var published = '2026-11-20 22:05:09';</script>", "2026-11-20T22:05:09-05:00"),
        ("<time datetime='2026-11-19T08:00:00-05:00'>yesterday</time>", "2026-11-20T22:05:09-05:00"),
        ("<p>21 November 2026, 03:05</p>", "2026-11-21T03:05:09+00:00"),
        ("<p>Opening hours 10:00-11:30</p>", "2026-11-21T03:05:09+00:00"),
        ("<script>var seen = '2026-11-20 22:04:01';</script>", "2026-11-21T03:05:09+00:00"),
    ],
)
def test_a_moment_claimed_in_utc_is_written_in_the_zone_that_the_page_shows(shown: str, want: str) -> None:
    ld = {"@type": "NewsArticle", "headline": "Rain floods the lower town", "datePublished": "2026-11-21T03:05:09Z"}
    published = read(f"{HEADLINE}{shown}{BODY}</article>", ld=ld).published_at
    assert published is not None
    assert published.isoformat() == want


@pytest.mark.parametrize(("zone", "offset"), [("EST", -5), ("CET", 1), ("IST", 5.5), ("GMT", 0)])
def test_zones_named_in_letters_are_known(zone: str, offset: float) -> None:
    published = read(head=f'<meta name="date" content="Fri, 20 Nov 2026 10:00:00 {zone}">', ld=None).published_at
    assert published is not None and published.utcoffset() is not None
    assert published.utcoffset().total_seconds() == offset * 3600  # type: ignore[union-attr]  # neither is None here


def test_an_offset_of_days_is_none() -> None:
    article = read(head='<meta name="date" content="2026-11-20 10:00 +99:99">', ld=None)
    assert article.published_at is None


def local(moment: str, *shown: str, body: str = "") -> str:
    tree = lxml.html.fromstring(f"<html><body><p>x</p>{body}</body></html>")
    return zones.local(datetime.fromisoformat(moment), shown, tree).isoformat()


@pytest.mark.parametrize(
    ("moment", "shown", "want"),
    [
        ("2026-11-20T10:00:00+00:00", "20.11.2026, 11:00", "2026-11-20T11:00:00+01:00"),
        ("2026-11-20T10:00:00+01:00", "20.11.2026, 15:00", "2026-11-20T10:00:00+01:00"),  # it has a zone
        ("2026-11-20T10:00:00+00:00", "20.11.2026, 10:00", "2026-11-20T10:00:00+00:00"),
        ("2026-11-20T10:00:00+00:00", "20.11.2026, 11:10", "2026-11-20T10:00:00+00:00"),  # no zone is like that
        ("2026-11-20T10:10:00+00:00", "20.11.2026, 15:40", "2026-11-20T15:40:00+05:30"),
        ("2026-11-20T10:10:59+00:00", "20.11.2026, 11:10", "2026-11-20T11:10:59+01:00"),
        ("2026-11-20T23:00:00+00:00", "21.11.2026, 01:00", "2026-11-21T01:00:00+02:00"),
        ("2026-11-20T02:00:00+00:00", "19.11.2026, 9:00 pm", "2026-11-19T21:00:00-05:00"),
        ("2026-11-20T17:00:00+00:00", "20.11.2026, 12:00 p.m.", "2026-11-20T12:00:00-05:00"),
        ("2026-11-20T05:00:00+00:00", "20.11.2026, 12:00 am", "2026-11-20T00:00:00-05:00"),
        ("2026-11-20T10:00:00+00:00", "20.11.2026, 24:00", "2026-11-20T10:00:00+00:00"),
        ("2026-11-20T09:00:00+00:00", "20.11.2026, 23:00", "2026-11-20T23:00:00+14:00"),
        ("2026-11-20T08:30:00+00:00", "20.11.2026, 23:00", "2026-11-20T08:30:00+00:00"),  # farther than any zone
        ("2026-11-20T10:00:00+00:00", "20.11.2025, 11:00", "2026-11-20T10:00:00+00:00"),
        ("2026-11-20T10:00:00+00:00", "22.11.2026, 11:00", "2026-11-20T10:00:00+00:00"),
        ("2026-11-02T10:00:00+00:00", "2.11.2026, 11:00", "2026-11-02T11:00:00+01:00"),
        ("2026-11-02T10:00:00+00:00", "02.11.2026, 11:00", "2026-11-02T11:00:00+01:00"),
    ],
)
def test_a_printed_time_tells_the_zone(moment: str, shown: str, want: str) -> None:
    assert local(moment, "Nothing here", shown) == want


@pytest.mark.parametrize(
    ("body", "want"),
    [
        ("<script>x='2026-11-20 11:00:30'</script>", "+01:00"),
        ("<script>x='2026-11-20T11:00'</script>", "+01:00"),
        ("<script>x='2026-11-20 11:00:31'</script>", "+00:00"),
        ("<script>x='2026-11-20 11:15'</script>", "+00:00"),
        ("<script>x='2026-11-20 15:30'</script>", "+05:30"),
        ("<script>x='2026-11-20 00:30'</script>", "-09:30"),
        ("<script>x='2026-11-21 00:00'</script>", "+14:00"),
        ("<script>x='2026-11-21 00:30'</script>", "+00:00"),
        ("<script>x='2026-13-40 11:00'; y='2026-11-20 12:00'</script>", "+02:00"),
        (f"<script>x='2026-11-20 11:00'{' ' * 200_000}</script>", "+00:00"),
        ('<time datetime="2026-11-01T10:00:00+02:00">x</time>', "+02:00"),
        ('<meta content="2026-11-01T10:00:00-0330">', "-03:30"),
        ('<time datetime="2026-11-01T10:00+02:00"></time><time datetime="2026-11-01T10:00+03:00"></time>', "+00:00"),
        ('<time datetime="2026-11-01T10:00+02:00"></time><time datetime="2026-11-01T10:00+00:00"></time>', "+02:00"),
        ('<time datetime="2026-11-01T10:00+14:00"></time>', "+14:00"),
        ('<time datetime="2026-11-01T10:00+14:30"></time>', "+00:00"),
        ("<script>{'date': '2026-11-01T10:00:00.000-05:00'}</script>", "-05:00"),
    ],
)
def test_what_a_script_or_another_time_says_tells_it_too(body: str, want: str) -> None:
    found = local("2026-11-20T10:00:30+00:00", body=body)
    assert found.endswith(want) and datetime.fromisoformat(found) == datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC)


ZONES = {
    "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "WAT": 1, "WEST": 1, "MEZ": 1, "CEST": 2, "EET": 2, "CAT": 2, "SAST": 2,
    "MESZ": 2, "EEST": 3, "MSK": 3, "EAT": 3, "TRT": 3, "PKT": 5, "IST": 5.5, "WIB": 7, "ICT": 7, "HKT": 8, "SGT": 8, "PHT": 8,
    "MYT": 8, "AWST": 8, "JST": 9, "KST": 9, "ACST": 9.5, "AEST": 10, "ACDT": 10.5, "AEDT": 11, "NZST": 12, "NZDT": 13, "ART": -3,
    "BRT": -3, "ADT": -3, "AST": -4, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
    "AKDT": -8, "AKST": -9, "HST": -10,
}  # fmt: skip


def test_every_zone_is_where_it_is() -> None:
    assert {name: hours * 3600 for name, hours in ZONES.items()} == zones.ABBREVIATIONS
