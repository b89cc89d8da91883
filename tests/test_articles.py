"""Reading a page: invented pages in the markup real sites use."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from extract.errors import Refused
from extract.read import blocks
from extract.read.body.habits import decide_repeated, mask
from extract.read.given import from_entry, given_article
from extract.read.page import page_habits, read_page
from extract.records import Entry
from tests.pages import BODY, LD, NOW, PARAGRAPHS, URL, html, lines, read
from tests.test_stories import prose


def test_everything_a_page_says_of_itself_is_read() -> None:
    article = read(
        head='<meta property="og:site_name" content="The Herald"><link rel=canonical href="/news/2026/11/rain?a=1"><meta property="og:image" content="/rain.jpg">'
    )
    assert article.title == "Rain floods the lower town"
    assert article.authors == ("Ann Lee", "Max Orr")
    assert (article.published_at, article.published_from, article.published_precision) == (
        datetime(2026, 11, 23, 4, 30, tzinfo=UTC),
        "jsonld",
        "second",
    )
    assert article.published_claim == "2026-11-22T23:30:00-05:00"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-11-22T23:30:00-05:00", "the page's own day, in its own zone"
    assert article.modified_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert (article.outlet, article.site, article.section, article.tags) == (
        "The Herald",
        "herald.example",
        "Weather",
        ("rain", "floods"),
    )
    assert article.canonical_url == "https://www.herald.example/news/2026/11/rain?a=1"
    assert article.image == "https://www.herald.example/rain.jpg"
    assert article.free is False
    assert lines(article) == PARAGRAPHS


def test_a_canonical_link_to_another_site_is_no_claim_of_this_one() -> None:
    assert read(head='<link rel=canonical href="https://other.example/x">').canonical_url == ""


@pytest.mark.parametrize(
    "junk",
    [
        "<figure><img src=x><figcaption>A street under water.</figcaption></figure>",
        "<p>Photo: Jane Roe / Getty Images</p>",
        '<p>Read more: <a href="/a">Dykes hold in the upper town</a></p>',
        '<div class="newsletter-signup"><p>Every morning the news of the town, free of charge and without fail.</p></div>',
        "<p>Sign up for our newsletter and never miss a story.</p>",
        '<div class="author-bio"><h3>About the writer</h3><p>Ann Lee has written about the weather for twenty years and more.</p></div>',
        '<ul class="tags"><li><a href=/t/rain>Rain</a></li><li><a href=/t/flood>Floods</a></li></ul>',
        '<div class="share-bar"><p>Share this with somebody who should read it today.</p></div>',
        "<h2>Rain floods the lower town</h2>",
    ],
)
def test_what_is_not_the_article_is_not_in_its_text(junk: str) -> None:
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[:3]) + junk + "".join(f"<p>{p}</p>" for p in PARAGRAPHS[3:])
    assert lines(read(f"<article><h1>Rain floods the lower town</h1>{body}</article>")) == PARAGRAPHS


def test_the_next_article_on_the_page_is_another() -> None:
    other = "".join(f"<p>{prose(n, 30)}</p>" for n in range(20, 24))
    article = read(
        f"<article><h1>Rain floods the lower town</h1>{BODY}</article><article><h1>Next</h1>{other}</article>"
    )
    assert lines(article) == PARAGRAPHS


def test_a_house_paragraph_that_stands_twice_goes_and_a_repeated_quote_stays_once() -> None:
    house = "<p>The Herald is committed to telling the town what it needs to know.</p>"
    assert lines(read(f"<article><h1>Rain floods the lower town</h1>{BODY}{house}{house}</article>")) == PARAGRAPHS
    quote = f"<blockquote><p>{prose(50, 15)}.</p></blockquote>"
    middle = read(f"<article><h1>Rain floods the lower town</h1><p>{PARAGRAPHS[0]}</p>{quote}{quote}{BODY}</article>")
    assert middle.text.count(prose(50, 15)) == 1


def test_tables_and_line_breaks_give_paragraphs() -> None:
    old = (
        "<table><tr><td><a href=/>Home</a></td><td><b>Rain floods the lower town</b><br>By ANN LEE<br><br>"
        + "<br><br>".join(PARAGRAPHS)
        + "</td></tr></table>"
    )
    assert lines(read(old, ld=None))[-6:] == PARAGRAPHS


def test_the_deck_is_a_field_of_its_own() -> None:
    article = read(
        f'<article><h1>Rain floods the lower town</h1><p class="standfirst">Three streets are closed until Tuesday.</p>{BODY}</article>'
    )
    assert article.standfirst == "Three streets are closed until Tuesday."
    assert lines(article) == PARAGRAPHS


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("By ANN LEE and Max Orr, Associated Press", ("Ann Lee", "Max Orr")),
        ("Von Jörg Müller", ("Jörg Müller",)),
        ("Par Zoé Blanc et Luc Noir", ("Zoé Blanc", "Luc Noir")),
        ("By The Herald", ()),
        ("By Reuters", ()),
        ("By Ann Lee December 22, 2026", ("Ann Lee",)),
        ("By Ann Lee, MPH, RD", ("Ann Lee",)),
        ("Ann Lee | The Harbour Journal", ("Ann Lee",)),
        ("View all posts by Ann Lee", ("Ann Lee",)),
    ],
)
def test_authors_are_people(byline: str, authors: tuple[str, ...]) -> None:
    article = read(
        f'<article><h1>Rain floods the lower town</h1><p class="byline">{byline}</p>{BODY}</article>', ld=None
    )
    assert article.authors == authors
    assert article.byline == byline


@pytest.mark.parametrize(
    ("title", "want"),
    [
        ("Rain | The Herald", "Rain"),
        ("The Herald - Rain", "Rain"),
        ("Rain « The Herald", "Rain"),
        ("Rain - and wind", "Rain - and wind"),
        ("Rainㅣherald.example", "Rain"),
        ("Rain-Weather", "Rain"),
    ],
)
def test_a_title_does_not_name_the_site(title: str, want: str) -> None:
    page = f"<html><head><title>{title}</title><meta property='og:site_name' content='The Herald'><meta property='article:section' content='Weather'></head><body><div>{BODY}</div></body></html>"
    assert read_page(page.encode(), URL).title == want


def test_the_feeds_headline_votes_with_the_page() -> None:
    page = f"<html><head><title>The Herald</title></head><body><h3>Rain floods the town</h3>{BODY}</body></html>"
    assert read_page(page.encode(), URL, claimed_title="Rain floods the town").title == "Rain floods the town"


@pytest.mark.parametrize(
    ("head", "ld", "want"),
    [
        (
            '<meta property="article:published_time" content="2026-11-20T08:00:00+01:00">',
            None,
            (datetime(2026, 11, 20, 7, tzinfo=UTC), "meta"),
        ),
        ("", {**LD, "datePublished": "2026-11-20"}, (datetime(2026, 11, 20, tzinfo=UTC), "jsonld")),
        (
            "",
            {**LD, "datePublished": "03/11/2026", "dateModified": "25/11/2026"},
            (datetime(2026, 11, 3, tzinfo=UTC), "jsonld"),
        ),
        ("", {**LD, "datePublished": "2031-01-01T00:00:00Z"}, (None, "")),
    ],
)
def test_dates_come_with_their_source(head: str, ld: Any, want: tuple[datetime | None, str]) -> None:
    article = read(head=head, ld=ld)
    assert (article.published_at, article.published_from) == want
    assert article.published_claim


def test_a_day_is_a_day_and_not_midnight_sharp() -> None:
    assert read(ld={**LD, "datePublished": "2026-11-20"}).published_precision == "day"


KINDS = {
    "consent": (
        "<h1>Before you continue</h1><p>We and our partners use cookies. Your privacy matters: accept cookies or manage your consent and privacy settings.</p>",
        "",
        None,
    ),
    "missing": ("<h1>404: page not found</h1><p>The page you asked for is not here.</p>", "", None),
    "bot": (
        "<h1>Just a moment</h1><p>Please enable JavaScript and cookies to continue. Verifying you are human.</p>",
        "",
        None,
    ),
    "video": (
        "<h1>Rain floods the lower town</h1><video src=x></video><p>The water rises in Mill Lane.</p>",
        '<meta property="og:type" content="video.other">',
        None,
    ),
    "paywall": (
        f"<article><h1>Rain</h1><p>{PARAGRAPHS[0]}</p><div class=paywall><p>Subscribe to read on. Log in here.</p></div></article>",
        "",
        LD,
    ),
    "live": (f"<article><h1>Rain</h1>{BODY}</article>", "", {**LD, "@type": "LiveBlogPosting"}),
    "article": (f"<article><h1>Rain</h1>{BODY}</article>", "", LD),
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_of_page(kind: str) -> None:
    body, head, ld = KINDS[kind]
    page = html(body, head, ld).replace(b"Rain floods the lower town | The Herald", b"Herald")
    assert read_page(page, URL).kind == kind


def test_the_credit_is_found_where_it_stands_on_the_page() -> None:
    page = f'<article><h1>Rain</h1><span class="byline">By Ann Lee<b>The Associated Press</b></span>{BODY}</article><footer>© Reuters</footer>'
    (credit,) = read(page, ld=None).credits
    assert (credit.agency, credit.found_in, credit.evidence) == ("ap", "byline", "By Ann Lee The Associated Press")


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "application/json"])
def test_what_is_no_web_page_is_refused(content_type: str) -> None:
    with pytest.raises(Refused, match=content_type):
        read_page(b"%PDF-1.7", URL, content_type)


def test_an_empty_page_is_refused() -> None:
    with pytest.raises(Refused, match="holds no HTML"):
        read_page(b"", URL, "text/html")


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "windows-1252"])
def test_the_header_names_the_encoding_and_a_lie_is_noticed(charset: str) -> None:
    text = (
        html(f"<article><h1>Régen</h1><p>Zürich café naïve {PARAGRAPHS[0]}</p>{BODY}</article>")
        .decode()
        .replace("<meta charset=utf-8>", "")
    )
    article = read_page(text.encode(charset), URL, f"text/html; charset={charset}")
    assert "Zürich café naïve" in article.text
    assert "Zürich café" in read_page(text.encode("utf-8"), URL, "text/html; charset=ascii").text


def test_what_a_site_prints_on_many_pages_is_learned() -> None:
    house = "Do you know more about this? Write to us in confidence, we read every letter."
    pages = [
        html(f"<article><h1>T{n}</h1><p>{prose(n, 60)}.</p><p>{house}</p></article>").replace(
            b"<title>", b"<title>%d " % n
        )
        for n in range(4)
    ]
    habits = [page_habits(page, URL) for page in pages]
    repeated = decide_repeated(habits)
    assert mask(blocks.fold(house)) in repeated
    assert house in read_page(pages[0], URL).text
    assert house not in read_page(pages[0], URL, repeated=repeated).text
    assert decide_repeated([habits[0]] * 5) == frozenset(), "one page seen five times teaches nothing"


def test_a_given_article_keeps_its_url_and_is_known_by_the_canonical_one() -> None:
    given = given_article(
        url="https://a.example/x?utm_source=y",
        title=" T ",
        text="a\nb\n\n\nc",
        authors=["Ann Lee", "Reuters"],
        fetched_at=NOW,
    )
    assert given.url == "https://a.example/x?utm_source=y"
    assert given.article_id == given_article(url="https://a.example/x", title="", text="", fetched_at=NOW).article_id
    assert (given.title, given.text, given.authors) == ("T", "a\n\nb\n\nc", ("Ann Lee",))
    assert [c.agency for c in given.credits] == ["reuters"]
    assert (
        given_article(
            url="https://a.example/x", title="", text="", fetched_at=NOW, published_at=NOW + timedelta(days=9)
        ).published_at
        is None
    )


def test_an_author_is_named_once_and_by_no_address() -> None:
    names = [
        "Ann Lee",
        "https://www.herald.example/authors/ann-lee",
        "Max Orr (Image: Getty)",
        "ann-lee",
        "Herald Staff",
    ]
    head = "".join(f'<meta name="author" content="{name}">' for name in names)
    assert read(head=head, ld=None).authors == ("Ann Lee", "Max Orr")


def test_a_headline_stands_without_its_kicker() -> None:
    page = "<html><head><title>{0}</title><meta property='og:title' content='{0}'></head><body><h1>{1}</h1>{2}</body></html>"
    for printed, told, want in [
        ("Weather: Rain floods the lower town", "Rain floods the lower town", "Rain floods the lower town"),
        ("The flood: Rain came at night", "Harbour news - Rain came at night", "Rain came at night"),
        ("Flood: Rain came at night", "Flood: Sun came at noon", "Flood: Rain came at night"),
    ]:
        assert read_page(page.format(told, printed, BODY).encode(), URL).title == want


def test_a_page_that_marks_no_headline_has_the_one_it_prints() -> None:
    page = f"<html><head><title>Books / Rain in the harbour by ANN LEE</title></head><body><p>Rain in the harbour</p><p>BY ANN LEE</p>{BODY}</body></html>"
    assert read_page(page.encode(), URL).title == "Rain in the harbour"


@pytest.mark.parametrize(
    "headline",
    [
        "<div class=story-head>Rain came at night</div>",
        "<td class=contentheading>Rain came at night</td>",
        "<p><span class=news_title>Rain came at night</span></p>",
        "<h3>Rain came at night</h3>",
    ],
)
def test_a_page_that_says_its_headline_nowhere_else_has_the_one_that_it_marks(headline: str) -> None:
    page = f"<html><head><title>Harbour pages</title></head><body><h1>Jobs</h1><h4><a href=/1>Sun at noon again</a></h4>{headline}{BODY}</body></html>"
    assert read_page(page.encode(), URL).title == "Rain came at night"
    assert read_page(page.replace("<h1>Jobs</h1>", "<h1>Harbour pages</h1>").encode(), URL).title == "Harbour pages"


@pytest.mark.parametrize(
    "title",
    [
        "Rain came at night | North",
        "Rain came at night_North_Tarn",
        "Tarn • Rain came at night",
        "North - Rain came at night",
    ],
)
def test_a_title_is_what_of_it_stands_alone_on_the_page(title: str) -> None:
    page = f"<html><head><meta property='og:title' content='{title}'></head><body><h4>Rain came at night</h4>{BODY}</body></html>"
    assert read_page(page.encode(), URL).title == "Rain came at night"
    assert read_page(page.replace("<h4>Rain came at night</h4>", "").encode(), URL).title == title


def test_a_title_element_in_the_body_is_not_printed() -> None:
    page = f"<html><body><title>News - Rain came at night - Tarn</title><h1>Rain came at night</h1>{BODY}</body></html>"
    assert read_page(page.encode(), URL).title == "Rain came at night"


def test_a_name_that_stands_alone_above_the_text_signs_it() -> None:
    page = f"<article><h1>Rain floods the lower town</h1><p><b>Ann Lee/Max Orr</b></p>{BODY}</article>"
    assert read(page, ld=None).authors == ("Ann Lee", "Max Orr")
    assert lines(read(page, ld=None)) == PARAGRAPHS


def test_the_printed_line_names_who_the_page_forgets() -> None:
    page = f"<article><h1>Rain floods the lower town</h1><p class=byline>By Ann Lee and Zoe Blanc</p>{BODY}</article>"
    assert read(page, ld=LD | {"author": {"name": "Ann Lee"}}).authors == ("Ann Lee", "Zoe Blanc")
    assert read(page, ld=LD | {"author": {"name": "Max Orr"}}).authors == ("Max Orr",)
    page = page.replace("Lee and Zoe", "Lee , Zoe")
    assert read(page, ld=LD | {"author": {"name": "Ann Lee"}}).authors == ("Ann Lee", "Zoe Blanc")


def test_a_given_article_has_a_day_where_its_moment_can_be_one() -> None:
    def day(at: datetime | None) -> object:
        found = given_article(url="https://a.example/x", title="T", text="x", fetched_at=NOW, published_at=at)
        return found.published_at, found.published_day, found.published_precision

    assert day(NOW) == (NOW, NOW.date(), "second")
    assert day(datetime(1900, 1, 1, tzinfo=UTC)) == day(None) == (None, None, "")


@pytest.mark.parametrize(
    ("content", "summary", "text", "said"),
    [
        ("<p>One two three</p>", "One", "One two three", "feed"),
        ("<p>One</p>", "One two three", "One two three", "summary"),
        ("", "One", "One", "summary"),
        ("<p>Two</p>", "One", "One", "summary"),  # as long
        ("", "", "", "summary"),
    ],
)
def test_an_entrys_text_is_the_longer_of_what_its_feed_carries(
    content: str, summary: str, text: str, said: str
) -> None:
    entry = Entry(1, 1, "https://a.example/1", title="T", summary=summary, content=content)
    found = from_entry(entry, NOW)
    assert (found.text, found.text_from) == (text, said)
