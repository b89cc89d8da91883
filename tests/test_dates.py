"""Days as printed, and the zone that a page shows."""

from datetime import UTC, datetime

import pytest

from extract.read.page import read_page
from extract.read.when import printed
from tests.pages import BODY, read

HEADLINE = "<article><h1>Rain floods the lower town</h1>"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("March 6, 2000", "2000-03-06"),
        ("Posted Sept. 5th, 2021 by the editor", "2021-09-05"),
        ("Montag, 12. März 2024", "2024-03-12"),
        ("Publié le 1er août 2023", "2023-08-01"),
        ("6 de diciembre de 2020", "2020-12-06"),
        ("5 maja 2020", "2020-05-05"),
        ("15 января 2022", "2022-01-15"),
        ("2024年12月3日", "2024-12-03"),
        ("2021-02-03 14:00", "2021-02-03"),
        ("01.28.05", "2005-01-28"),
        ("31/12/2019", "2019-12-31"),
        ("04.11.05", ""),  # April in one country, November in another
        ("from 2020/7/11-12 on", ""),
        ("30 February 2020", ""),
        ("Page 12, 2000 words", ""),
    ],
)
def test_days_are_read_in_the_languages_of_the_press(line: str, day: str) -> None:
    found, claim = printed.day([line])
    assert (found.date().isoformat() if found else "") == day
    assert not claim or claim in line


def test_which_of_two_numbers_is_the_month_is_told_by_the_pages_country() -> None:
    page = f"{HEADLINE}<p>03.04.2026</p>{BODY}</article>"
    for url, day in [("https://herald.de/1", 3), ("https://herald.us/1", 4)]:
        assert read(page, ld=None, url=url).published_at == datetime(2026, 7 - day, day, tzinfo=UTC)


def test_the_line_that_says_when_it_was_changed_comes_last() -> None:
    page = f"{HEADLINE}<p>Updated 20 November 2026</p><p>12 November 2026</p>{BODY}</article>"
    assert read(page, ld=None).published_at == datetime(2026, 11, 12, tzinfo=UTC)


def test_a_printed_day_comes_before_a_search_of_the_page() -> None:
    article = read(f"{HEADLINE}<p>12 November 2026</p>{BODY}</article><footer>© 2019 The Herald</footer>", ld=None)
    assert (article.published_at, article.published_from) == (datetime(2026, 11, 12, tzinfo=UTC), "text")
    assert (article.published_precision, article.published_claim) == ("day", "12 November 2026")


def test_a_year_alone_is_no_day() -> None:
    assert read(f"{HEADLINE}{BODY}</article><footer>© 2019 The Herald</footer>", ld=None).published_at is None


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


def test_a_page_is_no_box_of_others_whatever_its_body_is_called() -> None:
    """Without a headline nothing tells which parts are the article's; the whole page always is."""
    page = f'<html><body class="single comments-open"><p>12 November 2026</p>{BODY}</body></html>'.encode()
    assert read_page(page, "https://a.example/x").published_at == datetime(2026, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "want"),
    [
        ("https://a.example/x", (None, "ambiguous")),
        ("https://a.us/x", ("2026-03-04", "day")),
        ("https://a.example/2026/04/03/rain", ("2026-04-03", "day")),
    ],
)
def test_a_claim_that_fits_two_days_is_told_and_left_empty(url: str, want: tuple[str | None, str]) -> None:
    page = read(head="<meta property='article:published_time' content='03/04/2026'>", ld=None, url=url)
    assert (page.published_at and page.published_at.date().isoformat(), page.published_precision) == want
    if want[0] is None:
        assert page.published_claim == "03/04/2026"
