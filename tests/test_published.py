"""Which of a page's days is the article's: the order in which they are believed, and the zone of a time that names none."""

from datetime import UTC, datetime

import pytest

from extract.entries import with_claims
from extract.records import Article, Entry
from tests.pages import BODY, read

HEADLINE = "<article><h1>Rain floods the lower town</h1>"
LINE = "<p>By Ann Lee | 12 November 2026</p>"
FURTHER = '<p>Posted <time datetime="2026-11-01T08:00:00Z">1 November</time></p>'


def page(line: str = "", foot: str = "", head: str = "") -> str:
    return f"{head}{HEADLINE}{line}{BODY}{foot}</article>"


def told(html: str, **given: str) -> tuple[str, str]:
    article = read(html, ld=None, **given)
    return (f"{article.published_at:%Y-%m-%d}" if article.published_at else "", article.published_from)


def test_a_time_further_down_comes_after_the_line_at_the_headline() -> None:
    assert told(page(LINE, FURTHER)) == ("2026-11-12", "text")
    assert told(page(FURTHER)) == ("2026-11-01", "text")
    assert told(page(foot=FURTHER)) == ("2026-11-01", "time")
    assert told(page('<p><time datetime="2026-11-12T09:30:00Z">12 November</time></p>', FURTHER)) == ("2026-11-12", "text")  # fmt: skip


def test_a_time_below_a_long_standfirst_is_the_headlines() -> None:
    deck = f'<p class="standfirst">{"They wait for rain. " * 8}</p>'
    line = '<div><time datetime="2026-11-12T09:30:00Z">11 days ago</time></div><p>On show until 3 January 2026</p>'
    assert told(page(deck + line)) == ("2026-11-12", "text")


def test_a_time_in_a_sentence_of_the_text_is_none() -> None:
    sentence = f'<p>The strike began on <time datetime="2026-11-01">1 November</time>. {"They wait for rain. " * 8}</p>'
    assert told(page(foot=sentence)) == ("", "")


def test_a_time_further_down_tells_which_of_two_days_was_meant() -> None:
    assert told(page("<p>01/11/2026</p>", FURTHER)) == ("2026-11-01", "time")
    assert told(page("<p>02/11/2026</p>", FURTHER)) == ("", "text")


def entry(at: datetime) -> Entry:
    return Entry(1, 1, "https://herald.example/1", published_at=at, published_claim=f"{at:%a, %d %b %Y %H:%M:%S} GMT")


@pytest.mark.parametrize(("line", "foot", "by"), [(LINE, FURTHER, "text"), ("", FURTHER, "feed")])
def test_the_feeds_moment_comes_before_it(line: str, foot: str, by: str) -> None:
    article: Article = read(page(line, foot), ld=None)
    assert with_claims(article, entry(datetime(2026, 11, 20, 9, 30, tzinfo=UTC))).published_from == by


def test_a_dotted_day_has_two_readings_unless_the_country_tells() -> None:
    assert told(page("<p>04.05.2026</p>")) == ("", "text")
    assert told(page("<p>04.05.2026</p>"), url="https://herald.de/1")[0] == "2026-05-04"
    assert told(page("<p>04.05.2026</p>"), url="https://herald.us/1") == ("", "text")


@pytest.mark.parametrize(
    ("line", "hour"),
    [
        ("12 Nov 2026, 10:30 EST", 15),
        ("12 Nov 2026, 10:30 a.m. (EST)", 15),
        ("WHERE TO EAT | 12 Nov 2026, 10:30", 10),
        ("ART | 12 Nov 2026 10:30", 10),
    ],
)
def test_a_zones_name_stands_behind_the_clock(line: str, hour: int) -> None:
    claimed = '<meta property="article:published_time" content="2026-11-12T10:30:00">'
    article = read(page(f"<p>{line}</p>"), head=claimed, ld=None)
    assert article.published_at is not None
    assert article.published_at.astimezone(UTC).hour == hour


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("<p>Friday, 03/04/2026</p>", "2026-04-03"),  # as the third of April is
        ("<p>Wednesday, 03/04/2026</p>", "2026-03-04"),
        ("<p>Monday, 03/04/2026</p>", ""),  # as neither is
    ],
)
def test_a_weekday_tells_day_and_month_of_what_is_printed_too(line: str, day: str) -> None:
    assert told(page(line))[0] == day


def test_other_stories_days_tell_how_a_site_writes_them() -> None:
    teaser = '<div class="teaser"><a href="/b">Another story of the day</a><span>{}</span></div>'
    line = "<p>03/04/2026</p>"
    assert told(page(line) + teaser.format("28/03/2026"))[0] == "2026-04-03"
    assert told(page(line) + teaser.format("03/28/2026"))[0] == "2026-03-04"
    assert told(page(line) + teaser.format("03/28/2026") + teaser.format("28/03/2026"))[0] == ""
    assert told(page(line) + teaser.format("02/03/2026"))[0] == ""


def test_a_search_takes_neither_of_two_days() -> None:
    filled = "".join(f"<p>Line {n}</p>" for n in range(30))
    foot = f"{filled}<div>Posted {{}}</div>"
    assert told(page(foot=foot.format("05/11/2026"))) == ("", "")
    assert told(page(foot=foot.format("21/11/2026"))) == ("2026-11-21", "search")
    assert told(page(foot=foot.format("05/11/2026")), url="https://herald.co.uk/1")[0] == "2026-11-05"


LD = '<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Rain floods the lower town","datePublished":"2026-11-20T10:00:00"{}}}</script>'


@pytest.mark.parametrize(
    ("head", "line", "hour"),
    [
        (LD.format(""), "<p>20 November 2026 10:00 CET</p>", 9),
        (LD.format(',"dateModified":"2026-11-20T12:00:00+02:00"'), "", 8),
        (LD.format(',"dateModified":"2026-11-20T12:00:00+02:00"'), "<p>20 November 2026, 4:00 am EST</p>", 10),  # two
        (LD.format(',"dateModified":"2026-11-20T12:00:00Z"'), "", 10),
        (LD.format(""), "<p>20 November 2026</p><p>The EST of CET</p>", 10),  # no clock
        (LD.format(""), "", 10),
    ],
)
def test_a_time_without_a_zone_takes_the_only_one_its_page_names(head: str, line: str, hour: int) -> None:
    moment = read(page(line, head=head), ld=None).published_at
    assert moment is not None and moment.astimezone(UTC).hour == hour
