"""Days as printed, and the zone that a page shows."""

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from extract.read.layout import lay_out
from extract.read.page import read_page
from extract.read.when import dates
from tests.pages import BODY, URL, html, read

HEADLINE = "<article><h1>Rain floods the lower town</h1>"


def test_which_of_two_numbers_is_the_month_is_told_by_the_pages_country() -> None:
    page = f"{HEADLINE}<p>03/04/2026</p>{BODY}</article>"
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


def test_the_longer_of_two_languages_tells_which_number_is_the_month() -> None:
    page = html(f"{HEADLINE}<p>03/04/2026</p>{BODY}</article>").replace(b"lang=en", b'lang=en xml:lang="en-GB"')
    assert read_page(page, "https://herald.example/x").published_at == datetime(2026, 4, 3, tzinfo=UTC)


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


SEEN = datetime(2026, 11, 27, tzinfo=UTC)


def said(
    head: str = "", shown: str = "", ld: Any = None, url: str = "https://www.herald.example/rain", above: str = ""
) -> tuple[str, str, str]:
    page = lay_out(html(f"{above}{HEADLINE}{shown}{BODY}</article>", head, ld), url).under("Rain floods the lower town")
    at, by, exact, _ = dates.published(page, SEEN)
    return at.isoformat() if at else "", by, exact


@pytest.mark.parametrize("line", ["December 7, 1941", "September 11, 2001"])
def test_a_day_of_history_below_the_headline_is_not_when_it_was_published(line: str) -> None:
    assert said(shown=f"<p>{line}</p>", ld=LD_DAY)[:2] == ("2026-11-01T00:00:00+00:00", "jsonld")


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2026/11/02/rain", "2026-11-02"), ("20261102/rain", "2026-11-02"), ("rain-20261102.html", "2026-11-02"),
        ("rain_22.10.2026", "2026-10-22"), ("rain_02.11.2026", ""), ("x2026110299", ""), ("b20261102a", ""), ("2026/11/02/rain-2026-11-03", ""),
 ("2026/6/9/7712345/rain", "2026-06-09"), ("2026/nov/2/rain", "2026-11-02"),
        ("2026/march/2/rain", ""), ("2026/13/1/rain", ""), ("2026/6/31/rain", ""), ("2026/6/9", ""), ("2026/6/912/rain", ""),
               ("2999/11/02/rain", ""), ("1912/11/02/rain", ""), ("02112026", ""), ("rain?day=2026-11-02", ""),
    ],
)  # fmt: skip
def test_an_address_has_a_day_where_it_can_be_one(path: str, day: str) -> None:
    at, by, _ = said(url=f"https://www.herald.example/{path}")
    assert (at[:10], by) == (day, "url" if day else "")


def meta(name: str, day: str) -> str:
    return f'<meta property="{name}" content="{day}">'


LD_DAY = {"@type": "NewsArticle", "datePublished": "2026-11-01"}


@pytest.mark.parametrize(
    ("head", "shown", "ld", "day", "by"),
    [
        (meta("article:published_time", "2026-11-02"), "<time datetime=2026-11-03>x</time>", LD_DAY, "01", "jsonld"),
        (meta("article:published_time", "2026-11-02"), "<time datetime=2026-11-03>x</time>", None, "02", "meta"),
        ("", "<time datetime=2026-11-03>x</time><time datetime=2026-11-04 pubdate>x</time>", None, "04", "meta"),
        (
            "",
            '<time datetime=2026-11-03>x</time><span itemprop=datePublished content="2026-11-05">x</span>',
            None,
            "05",
            "meta",
        ),
        ("", "<time datetime=2026-11-03>x</time><time datetime=2026-11-04>x</time>", None, "03", "text"),
        ("", "<aside><time datetime=2026-11-03>x</time></aside><time datetime=2026-11-04>x</time>", None, "04", "text"),
        ("", "<p>6 November 2026</p>", None, "06", "text"),
        ("", "<p>Updated 7 November 2026</p><p>6 November 2026</p>", None, "06", "text"),
        ("", "<h3>6 November 2026</h3>", None, "06", "search"),
        (meta("publish_date", "Fri, 06 Nov 2026 06:20:31 EST"), "<p>3/4/26 6:20 AM EST</p>", None, "06", "meta"),
        (meta("article:published_time", "soon"), "<p>6 November 2026</p>", None, "06", "text"),
        ("", f"<p>6 November 2026 {'word ' * 27}</p>", None, "06", "text"),
        ("", f"<p>6 November 2026 {'word ' * 28}</p>", None, "06", "search"),
        ("", "<p>x</p>" * 18 + "<p>6 November 2026</p>", None, "06", "text"),
        ("", "<p>x</p>" * 19 + "<p>6 November 2026</p>", None, "06", "search"),
    ],
)
def test_which_source_says_when(head: str, shown: str, ld: Any, day: str, by: str) -> None:
    at, told_by, _ = said(head, shown, ld)
    assert (at[8:10], told_by) == (day, by)


SENTENCE = "<p>The new pier is to open on {} at eleven in the morning, and all the town is asked to come.</p>"


@pytest.mark.parametrize(
    ("head", "shown", "ld", "day"),
    [
        # the time of a change comes last, marked or said
        ("", '<time class=updated datetime=2026-11-09>x</time><time class="entry-date published" datetime=2026-11-02>x</time>', None, "02"),
        ("", '<time class="entry-date published updated" datetime=2026-11-02>x</time><time datetime=2026-11-09>x</time>', None, "02"),
        ("", "<time itemprop=dateModified datetime=2026-11-09T10:00Z>2 November 2026 01:57 | Updated 9 November 2026</time>", None, "02"),
        ("", "<time class=updated datetime=2026-11-09>x</time>", None, "09"),
        ("", "<p>2 November 2026, updated 9 November 2026</p>", None, "02"),
        # what no program means
        ("", "<p>2 November 2026</p>", {"@type": "NewsArticle", "datePublished": "0001-01-01T00:00:00Z"}, "02"),
        ("", "<p>2 November 2026</p>", {"@type": "NewsArticle", "datePublished": "1970-01-01T01:00:00+01:00"}, "02"),
        (meta("date", "2026-11-02"), "", {"@type": "NewsArticle", "datePublished": "2099-12-31"}, "02"),
        ("", "", {"@type": "NewsArticle", "datePublished": "1970-01-01"}, ""),
        ("", "<p>2 November 2026</p>", {"@type": "NewsArticle", "datePublished": "1969-11-03"}, "03"),
        ("", "<p itemprop=datePublished content='2026-11-02 10:31:00'>November 2026</p>", None, "02"),
        # what readers say, other stories, and posts of other sites
        ("", "<div itemscope itemtype=https://schema.org/Comment><meta itemprop=datePublished content=2026-11-02></div>", None, ""),
        ("", "<div itemscope itemtype=https://schema.org/NewsArticle><meta itemprop=datePublished content=2026-11-02></div>", None, "02"),
        ("", "<div><a href=/snow><b itemprop=headline>Snow</b></a><time itemprop=datePublished datetime=2026-11-02>x</time></div>", None, ""),
        ("", "<blockquote class=twitter-tweet><p>Wet.</p>Ann <a>2 November 2026</a></blockquote>", None, ""),
        ("", "<figure><img src=x><figcaption>The pier on 2 November 2026</figcaption></figure>", None, ""),
        # a text tells of days
        ("", BODY + SENTENCE.format("2 November 2026"), None, ""),
        ("", BODY + "<p>Posted on 2 November 2026 by Ann Lee, who has sailed a small boat since she came to the town.</p>", None, "02"),
        ("", BODY + "<p>2 November 2026</p>", None, "02"),
        ("", f"<p>LONDON, 2 November 2026 (MNA) - {'word ' * 40}</p>", None, "02"),
        ("", f"<p>{'word ' * 40} on 2 November 2026</p>", None, ""),
        ("", f"<p>Rio de Janeiro, 2 November 2026 - {'word ' * 40}</p>", None, "02"),
        ("", f"<p>Roma, lì 2 novembre 2026. {'word ' * 40}</p>", None, "02"),
        ("", f"<p>It fell in May, on 2 November 2026 {'word ' * 40}</p>", None, ""),
        ("", f"{BODY}<p>By Ann Lee, who writes of the harbour in Rome, and Max Orr, who does in Paris | 2 November 2026 | 5 min</p>", None, "02"),
        # a head below the headline is the article's, wherever it stands
        ("", "<div></div></article><header><p>2 November 2026</p></header><article>", None, "02"),
    ],
)  # fmt: skip
def test_which_of_a_pages_days_is_the_articles(head: str, shown: str, ld: Any, day: str) -> None:
    assert said(head, shown, ld)[0][8:10] == day


@pytest.mark.parametrize(
    ("above", "day"),
    [
        ("<header><p>2 November 2026</p></header>", ""),
        ("<main><header><p>2 November 2026</p></header></main>", "02"),
        ("<div><p>2 November 2026</p></div>", "02"),
        ("<div itemscope itemtype=https://schema.org/NewsArticle><header><p>2 November 2026</p></header></div>", "02"),
    ],
)
def test_the_clock_in_a_pages_head_is_not_when_its_article_was_published(above: str, day: str) -> None:
    assert said(above=above)[0][8:10] == day


@pytest.mark.parametrize(
    ("shown", "url", "want"),
    [
        ("<p>Posted 03/04/2026 10:18</p>", "https://herald.example/x", ("", "text", "ambiguous")),
        ("<p>Posted 03/04/2026 10:18</p>", "https://herald.de/x", ("2026-04-03T00:00:00+00:00", "text", "day")),
        ("<p>Posted 03/04/2026</p><p>3 April 2026</p>", "https://herald.example/x", ("2026-04-03T00:00:00+00:00", "text", "day")),
        ("<p>Posted 03/04/2026</p>", "https://herald.example/2026/03/04/x", ("2026-03-04T00:00:00+00:00", "url", "day")),
        ("<p>Posted 13/14/2026</p>", "https://herald.example/x", ("", "", "")),
        ("<p>Version 1.2.3</p>", "https://herald.example/x", ("", "", "")),
    ],
)  # fmt: skip
def test_a_printed_day_that_fits_two_is_told_and_left_empty(shown: str, url: str, want: tuple[str, str, str]) -> None:
    assert said(shown=shown, url=url) == want


@pytest.mark.parametrize(("between", "found"), [(4, True), (5, False)])
def test_a_day_stands_just_above_the_headline_too(between: int, found: bool) -> None:
    assert (said(above="<p>6 November 2026</p>" + "<p>x</p>" * between)[1] == "text") is found


@pytest.mark.parametrize(
    ("claim", "url", "want"),
    [
        ("03/04/2026", "https://herald.example/x", ("", "meta", "ambiguous")),
        ("03/04/2026", "https://herald.example/2026/04/03/x", ("2026-04-03T00:00:00+00:00", "meta", "day")),
        ("03/04/2026", "https://herald.example/2026/03/04/x", ("2026-03-04T00:00:00+00:00", "meta", "day")),
        ("03/04/2026", "https://herald.de/x", ("2026-04-03T00:00:00+00:00", "meta", "day")),
        ("2026-11-20T10:00:00Z", "https://herald.example/x", ("2026-11-20T10:00:00+00:00", "meta", "second")),
    ],
)
def test_of_two_days_the_address_or_the_country_tells(claim: str, url: str, want: tuple[str, str, str]) -> None:
    assert said(meta("article:published_time", claim), url=url) == want
    shown = said(meta("article:published_time", claim), "<p>20 November 2026, 11:00</p>", url=url)
    if claim.endswith("Z"):
        assert shown[0] == "2026-11-20T11:00:00+01:00", "as the reader saw it"
    else:
        assert shown[0][:10] == (want[0][:10] or "2026-11-20")


def near(above: int, below: int, text: str = "line") -> list[str]:
    """The numbers of the lines near a headline that may say when, of so many lines above and below it."""
    lines = [f"<p>{text} {n}</p>" for n in range(above + below)]
    lines.insert(above, "<h1>Rain floods the lower town</h1>")
    page = lay_out(f"<html><body>{''.join(lines)}</body></html>".encode(), URL).under("Rain floods the lower town")
    return [line.rpartition(" ")[2] for _, line in dates._near(page)]


@pytest.mark.parametrize("above", [0, 1, 3, 5, 9])
def test_the_lines_below_the_headline_come_first_then_those_above_it_upwards(above: int) -> None:
    found = [*range(above, above + 19), *range(above - 1, max(-1, above - 6), -1)]
    assert near(above, 30) == [str(n) for n in found]


@pytest.mark.parametrize(("words", "found"), [(29, 2), (30, 0)])
def test_a_line_that_says_when_has_thirty_words_at_most(words: int, found: int) -> None:
    assert len(near(1, 1, "word " * words)) == found


def test_a_line_is_searched_as_claims_are_read() -> None:
    """dateparser, which htmldate would ask, takes a second to come to life; and it takes the month first."""
    pages = {
        "Wednesday , January 9 , 2008": "2008-01-09",
        "26 | 01 | 2022": "2022-01-26",
        "petek, 17. marec 2023": "2023-03-17",
        "Thứ Tư, 3 tháng 4, 2024": "2024-04-03",
        "Rain fell on Wednesday , January 9 , 2008": "2008-01-01",  # a month
        "04 | 05 | 2022": "2022-01-01",  # a year: either day would be a guess
    }
    code = "import sys; from extract.read.when import searched; import lxml.html\n" + "\n".join(
        f"print(searched.day(lxml.html.fromstring({f'<html><body><p>{line}</p></body></html>'!r})) or '')"
        for line in pages
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nprint('dateparser' in sys.modules)"], capture_output=True, text=True
    )
    assert done.stdout.splitlines() == [*pages.values(), "False"], done.stderr


@pytest.mark.parametrize(
    ("claim", "shown", "day"),
    [
        ("2026-06-10", "By Ann Lee on June 9, 2026 09:15 pm", "2026-06-09"),
        ("2026-06-10", "By Ann Lee on June 10, 2026 09:15 pm", "2026-06-10"),
        ("2026-06-10", "By Ann Lee", "2026-06-10"),
        ("2026-06-11", "By Ann Lee on June 9, 2026 09:15 pm", "2026-06-11"),
        ("2026-06-10T03:15:00Z", "By Ann Lee on June 9, 2026 09:15 pm", "2026-06-09"),  # which tells the zone
        ("2026-06-08", "By Ann Lee on June 9, 2026 09:15 pm", "2026-06-08"),
    ],
)
def test_a_claims_day_is_that_of_greenwich_where_line_and_address_have_the_one_before(
    claim: str, shown: str, day: str
) -> None:
    for url, want in [("2026/6/9/rain", day), ("rain", day if "T" in claim else claim)]:
        found = said(meta("sailthru.date", claim), f"<p>{shown}</p>", url=f"https://www.herald.example/{url}")
        assert found[0][:10] == want


@pytest.mark.parametrize(
    ("below", "url", "day"),
    [
        ("by Jo Ray (5/4/2026)", "https://herald.example/x", ""),
        ("by Jo Ray (5/4/2026)", "https://herald.de/x", "2026-04-05"),
        ("by Jo Ray (5/14/2026)", "https://herald.example/x", "2026-05-14"),
        ("by Jo Ray (5 April 2026)", "https://herald.example/x", "2026-04-05"),
        ("Beds: firm (3-5/10 of ten)", "https://herald.example/x", ""),
    ],
)
def test_a_search_takes_no_day_that_fits_two(below: str, url: str, day: str) -> None:
    lines = f"{BODY}<p>x</p><div>{below}</div>"
    assert said(shown=lines, url=url)[0][:10] == day
