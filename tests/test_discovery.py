"""Where a site keeps its feeds and sitemaps, as its page, its robots.txt and habit have it; and where a feed keeps its past."""

from datetime import UTC, datetime, timedelta

import pytest

from extract.errors import NotAFeed
from extract.poll import discovery, feeds, paging, past, sitemaps
from extract.poll.items import person, plausible
from extract.records import Feed, FeedDocument

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOME = "https://herald.example"
USUAL = [HOME + path for path in discovery.USUAL]


def found(head: str = "", body: str = "", url: str = HOME + "/") -> list[str]:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return discovery.candidates(page.encode(), url)


def link(href: str, kind: str = "application/rss+xml", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" href="{href}">'


def test_what_a_page_announces_comes_first_then_its_links_then_the_usual_places() -> None:
    told = found(link("/all.xml"), '<a href="/service/rss/">RSS</a><a href="/news">News</a>')
    assert told == [f"{HOME}/all.xml", f"{HOME}/service/rss/", *USUAL]
    assert found() == discovery.candidates(b"", HOME + "/") == USUAL


@pytest.mark.parametrize(
    ("kind", "rel", "is_one"),
    [
        ("application/rss+xml", "alternate", True),
        (" APPLICATION/ATOM+XML ", "Alternate", True),
        ("application/feed+json", "alternate home", True),
        ("text/xml", "alternate", True),
        ("text/html", "alternate", False),
        ("application/rss+xml", "canonical", False),
        ("", "alternate", False),
    ],
)
def test_what_is_announced_is_an_alternate_of_a_feeds_type(kind: str, rel: str, is_one: bool) -> None:
    assert (found(link("/all", kind, rel))[0] == f"{HOME}/all") is is_one


@pytest.mark.parametrize(
    ("href", "is_one"),
    [
        ("/rss", True),
        ("/news.rss", True),
        ("/x/feed/", True),
        ("/feeds", True),
        ("https://rss.herald.example/x", True),
        ("https://rss.other.example/x", False),
        ("/feedback", False),
        ("/across", False),
        ("mailto:rss@herald.example", False),
    ],
)
def test_a_link_that_looks_like_a_feed(href: str, is_one: bool) -> None:
    assert (len(set(found(body=f'<a href="{href}">x</a>')) - set(USUAL)) == 1 or href == "/rss") is is_one


def test_six_links_are_tried_and_twelve_addresses_in_all_comments_last() -> None:
    links = "".join(f'<a href="/{n}/feed">x</a>' for n in range(8))
    told = found(body=links)
    assert told == [*(f"{HOME}/{n}/feed" for n in range(6)), *USUAL[:6]]
    told = found(link("/comments/feed") + link("/all.xml"))
    assert told == [f"{HOME}/all.xml", *USUAL, f"{HOME}/comments/feed"]
    assert found(url=f"{HOME}/rss") == [address for address in USUAL if address != f"{HOME}/rss"]
    assert found('<base href="https://herald.example/en/">' + link("all.xml"))[0] == f"{HOME}/en/all.xml"
    assert found(link("/a.xml") + link("/a.xml")).count(f"{HOME}/a.xml") == 1


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        ("Herald » Ferry late Comments Feed", True),
        ("Herald » Kommentar-Feed", True),
        ("Herald » Flux des commentaires", True),
        ("Herald » Feed de los comentarios", True),
        ("Херальд » Лента комментариев", True),
        ("News and comment", False),
        ("Herald » Feed", False),
        ("", False),
    ],
)
def test_a_feed_of_comments_says_so_in_its_links_title_too(title: str, is_one: bool) -> None:
    named = f'<meta charset="utf-8">{link("/ferry/feed/")}'.replace(" href", f' title="{title}" href')
    told = found(named + link("/all"))
    assert told[-1 if is_one else 0] == f"{HOME}/ferry/feed/"


def test_a_hosts_name_is_no_sign_of_comments() -> None:
    told = discovery.candidates(
        f"<html>{link('/comments/feed')}{link('/all')}</html>".encode(), "https://commentary.example/"
    )
    assert (told[0], told[-1]) == ("https://commentary.example/all", "https://commentary.example/comments/feed")


def test_sitemaps_for_news_come_first_then_the_first_named_then_the_usual() -> None:
    usual = [HOME + path for path in discovery.SITEMAPS]
    names = [*(f"{HOME}/s{n}.xml" for n in range(5)), *(f"{HOME}/news{n}.xml" for n in range(5))]
    robots = "User-agent: *\n" + "".join(f"  SITEMAP : {name}\n" for name in names)
    assert discovery.sitemaps(robots, HOME) == [*names[5:8], *names[:3], *usual]
    assert discovery.sitemaps("", HOME) == usual
    assert discovery.sitemaps(f"Sitemap: {HOME}/sitemap.xml", HOME) == [usual[-1], *usual[:-1]]


@pytest.mark.parametrize(
    ("links", "generator", "url", "older"),
    [
        ([("next", "/feed?page=2")], "", "/feed", "/feed?page=2"),
        ([("next", "/p2"), ("prev-archive", "/a1")], "", "/feed", "/a1"),  # an archive tells before pages do
        ([("self", "/feed"), ("next", "https://other.example/p2")], "", "/feed", ""),
        ([("next", "/feed")], "", "/feed", ""),
        ([("next", "")], "", "/feed", ""),
        ([], "https://wordpress.org/?v=6.4", "/feed", "/feed?paged=2"),
        ([], "http://wordpress.org/?v=6.4", "/feed?paged=7&x=", "/feed?paged=8&x="),
        ([], "https://wordpress.org/?v=6.4", "/feed?paged=no", "/feed?paged=2"),
        ([], "https://wordpress.com/", "/feed", ""),
    ],
)
def test_where_older_entries_are(links: list[tuple[str, str]], generator: str, url: str, older: str) -> None:
    assert paging.older(links, generator, HOME + url) == (HOME + older if older else "")


NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def sitemap(body: str) -> FeedDocument:
    return feeds.parse(body.encode(), Feed(1, f"{HOME}/sitemap.xml"), f"{HOME}/sitemap.xml", NOW, "text/xml")


def index(*parts: tuple[str, str]) -> tuple[str, ...]:
    told = "".join(f"<sitemap><loc>{loc}</loc><lastmod>{at}</lastmod></sitemap>" for loc, at in parts)
    return tuple(p.removeprefix(HOME) for p in sitemap(f"<sitemapindex {NEWS}>{told}</sitemapindex>").parts)


@pytest.mark.parametrize(
    ("parts", "looked_at"),
    [
        ([("/a", "2026-11-01"), ("/b", "2026-11-03"), ("/c", "2026-11-02"), ("/d", "2026-10-01")], ("/b", "/c", "/a")),
        ([("/a", "2026-11-03"), ("/latest", ""), ("/news", "2026-11-01")], ("/news", "/latest")),
        ([("/a", ""), ("/b", ""), ("/c", ""), ("/d", ""), ("/e", "")], ("/a", "/e", "/b")),
        ([("/a", ""), ("/b", "2026-11-01"), ("https://other.example/c", "2026-11-02")], ("/b", "/a")),
    ],
)
def test_of_an_index_three_sitemaps_are_looked_at(parts: list[tuple[str, str]], looked_at: tuple[str, ...]) -> None:
    assert index(*((loc if "://" in loc else HOME + loc, at) for loc, at in parts)) == looked_at
    with pytest.raises(NotAFeed, match="names none of its own site"):
        index(("https://other.example/a", ""))


@pytest.mark.parametrize(("hours", "listed"), [(0, True), (72, True), (73, False)])
def test_of_a_plain_sitemap_the_articles_of_the_last_three_days(hours: int, listed: bool) -> None:
    at = (NOW - timedelta(hours=hours)).isoformat()
    told = f"<url><loc>{HOME}/rain-in-the-town</loc><lastmod>{at}</lastmod></url><url><loc>{HOME}/about</loc><lastmod>{at}</lastmod></url>"
    body = f"<urlset {NEWS}>{told}</urlset>"
    if listed:
        found = sitemap(body)
        assert (found.format, [e.url for e in found.entries]) == ("sitemap", [f"{HOME}/rain-in-the-town"])
    else:
        with pytest.raises(NotAFeed, match="in the last 3 days"):
            sitemap(body)


def test_a_news_sitemap_lists_what_is_news_in_it() -> None:
    item = (
        f"<url><loc>{HOME}/1</loc><lastmod>2026-11-22</lastmod><news:news><news:publication><news:name> The Herald </news:name>"
        "<news:language>en</news:language></news:publication><news:publication_date>2026-11-21T10:00:00Z</news:publication_date>"
        "<news:title>Rain &amp; wind</news:title><news:keywords>rain, wind</news:keywords></news:news></url>"
    )
    found = sitemap(f"<urlset {NEWS}>{item}<url><loc>{HOME}/2026/11/22/other-than-news</loc></url></urlset>")
    (entry,) = found.entries
    assert (found.title, found.format, found.site_url) == ("The Herald", "news-sitemap", f"{HOME}/")
    assert (entry.url, entry.title, entry.tags) == (f"{HOME}/1", "Rain & wind", ("rain", "wind"))
    assert (entry.published_at, entry.updated_claim) == (datetime(2026, 11, 21, 10, tzinfo=UTC), "2026-11-22")
    assert sitemap(f"<urlset {NEWS}></urlset>").entries == ()
    assert sitemaps.is_one(b"<x:urlset >") and not sitemaps.is_one(b"<urlsets>")


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("/2026/03/05/x", "2026-03-05 23:59"),
        ("/20260305.xml", "2026-03-05 23:59"),
        ("/2026-03.xml", "2026-03-31 23:59"),
        ("/2026/2/x", "2026-02-28 23:59"),
        ("/2025-12.xml", "2025-12-31 23:59"),
        ("/2026_11/", "2026-11-30 23:59"),
        ("/2026/02/30/x", None),
        ("/2026.xml", None),
        ("/202603", None),
    ],
)
def test_an_address_that_names_a_day_or_a_month_ends_with_it(path: str, at: str | None) -> None:
    """Of a part of before that day nothing is looked at, of one that ends on it all."""

    def older(since: datetime) -> int:
        body = f"<sitemapindex {NEWS}><sitemap><loc>{HOME}{path}</loc></sitemap></sitemapindex>"
        return past.read(body.encode(), f"{HOME}/i.xml", "text/xml", since.date()).older

    if at is None:
        assert older(NOW + timedelta(days=9999)) == 0
        return
    end = datetime.strptime(at, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert (older(end), older(end + timedelta(days=1))) == (0, 1)


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Ann Lee", "Ann Lee"),
        ("ann@herald.example (Ann Lee)", "Ann Lee"),
        ("Ann Lee <ann@herald.example>", "Ann Lee"),
        ("ann@herald.example", ""),
        ("<b>Ann</b> Lee", "Ann Lee"),
        ("Ann Lee (ann@herald.example)", "Ann Lee"),
        ('"Ann Lee" &lt;ann@herald.example&gt;', "Ann Lee"),
        ("(Ann Lee)", "Ann Lee"),
        ("(Ann) Lee (AP)", "(Ann) Lee (AP)"),
        ("x" * 300, "x" * 200),
    ],
)
def test_an_author_without_an_address(author: str, name: str) -> None:
    assert person(author) == name


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        (NOW + timedelta(hours=24), True),
        (NOW + timedelta(hours=24, seconds=1), False),
        (datetime(1995, 1, 1, tzinfo=UTC), True),
        (datetime(1994, 12, 31, 23, 59, tzinfo=UTC), False),
    ],
)
def test_a_date_is_neither_before_online_news_nor_a_day_ahead(at: datetime, taken: bool) -> None:
    assert plausible(at, NOW) == (at if taken else None)
    assert plausible(None, NOW) is None


def test_of_a_plain_sitemap_the_newest_come_first() -> None:
    days = ("2026-11-21", "2026-11-23", "2026-11-22")
    told = "".join(
        f"<url><loc>{HOME}/rain-in-the-town-{n}</loc><lastmod>{day}</lastmod></url>" for n, day in enumerate(days)
    )
    assert [e.url[-1] for e in sitemap(f"<urlset {NEWS}>{told}</urlset>").entries] == ["1", "2", "0"]
