"""An item is cut out of a list at its byte boundaries, or the list is said not to be one that can be cut."""

import gzip
from datetime import UTC, datetime

import pytest

from extract.errors import NotAFeed
from extract.poll import cutting, feeds
from extract.records import Feed

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FEED = Feed(1, "https://a.example/feed")
GONE = frozenset({"https://a.example/2"})


def cut(body: str | bytes, links: frozenset[str] = GONE, feed: Feed = FEED, media: str = "") -> bytes | None:
    raw = body.encode() if isinstance(body, str) else body
    return cutting.cut(raw, feed, feed.url, NOW, media, frozenset(), links)


def item(n: int, more: str = "") -> str:
    return f"<item><title>Headline {n}</title><link>https://a.example/{n}</link>{more}</item>"


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>A</title>{"".join(items)}</channel></rss>'


def test_what_stays_is_byte_for_byte_as_it_came() -> None:
    odd = item(1, "<description>x\r\n\t&nbsp;é</description>")
    assert cut(rss(odd, item(2, "<description>y</description>"), item(3))) == rss(odd, item(3)).encode()


def test_a_list_without_it_is_the_same_bytes() -> None:
    body = rss(item(1), item(3)).encode()
    assert cut(body) == body


@pytest.mark.parametrize(
    "inside",
    [
        "<description><![CDATA[</item><item>]]></description>",
        "<!-- </item> -->",
        "<media:item/>",
        "<description>&lt;/item&gt;</description>",
    ],
)
def test_what_only_looks_like_an_items_end_is_none(inside: str) -> None:
    assert cut(rss(item(1, inside), item(2, inside), item(3, inside))) == rss(item(1, inside), item(3, inside)).encode()


def test_items_under_a_prefix_and_in_capitals() -> None:
    body = '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>A</a:title>{}</a:feed>'
    entries = [f'<a:entry><a:title>H{n}</a:title><a:link href="https://a.example/{n}"/></a:entry>' for n in (1, 2)]
    assert cut(body.format("".join(entries))) == body.format(entries[0]).encode()


def test_rdf_says_beside_its_items_which_they_are() -> None:
    def rdf(*numbers: int) -> str:
        members = "".join(f'<rdf:li rdf:resource="https://a.example/{n}"/>' for n in numbers)
        items = "".join(
            f'<item rdf:about="https://a.example/{n}"><title>H{n}</title><link>https://a.example/{n}</link></item>'
            for n in numbers
        )
        return (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>A</title>'
            f"<items><rdf:Seq>{members}</rdf:Seq></items></channel>{items}</rdf:RDF>"
        )

    assert cut(rdf(1, 2, 3)) == rdf(1, 3).encode()


def test_json_loses_the_item_and_nothing_else() -> None:
    left = cut(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Ä", "next_url": "x", "items": [{"id": "1", "url": "https://a.example/1"}, {"id": "2", "url": "https://a.example/2"}]}'
    )
    assert left is not None
    assert (
        left.decode()
        == '{"version": "https://jsonfeed.org/version/1.1", "title": "Ä", "next_url": "x", "items": [{"id": "1", "url": "https://a.example/1"}]}'
    )


def test_other_encodings_and_tracking_in_the_link() -> None:
    body = f'<?xml version="1.0" encoding="iso-8859-1"?>{rss(item(1), item(2), item(3))}'.replace(
        "Headline", "Überschrift"
    )
    body = body.replace("example/2", "example/2?utm_source=rss&amp;utm_medium=x")
    left = cut(body.encode("latin-1"))
    assert left is not None
    assert "Überschrift 1".encode("latin-1") in left and "Überschrift 2".encode("latin-1") not in left


@pytest.mark.parametrize(
    "body",
    [
        rss(
            item(1), "<item><title>x</title><link>https://a.example/2</link><item></item></item>", item(3)
        ),  # one in another
        rss(item(1), item(2)).encode("utf-16"),  # no byte of it is ASCII's
    ],
    ids=["nested", "utf-16"],
)
def test_what_cannot_be_cut_cleanly_is_said(body: str | bytes) -> None:
    assert cut(body) is None


def test_a_section_page_is_written_anew() -> None:
    """With fewer links than such a page has else, and in any script."""
    links = "".join(
        f'<article><h2><a href="/2026/11/23/some-long-headline-{n}">Die Brücke «{n}» & 橋 bleibt zu</a></h2>'
        f'<time datetime="2026-11-23T10:0{n}">heute</time><p>What stands around headline {n}.</p></article>'
        for n in range(5)
    )
    body = f"<html><head><title>A</title></head><body><main>{links}</main></body></html>"
    front = Feed(1, "https://a.example/front", format="page")
    assert cut(body, feed=front, media="text/html") == body.encode()
    whole = feeds.parse(body.encode(), front, front.url, NOW, "text/html").entries
    left = cut(body, frozenset({whole[3].url}), front, "text/html; charset=iso-8859-1")
    assert left is not None and whole[3].url not in left.decode() and "around headline" not in left.decode()
    assert feeds.parse(left, front, front.url, NOW, "text/html; charset=iso-8859-1").entries == (*whole[:3], whole[4])
    assert cut(left, frozenset(one.url for one in whole), front) is not None, "and without any"


def test_what_stays_of_a_section_page_reads_as_before() -> None:
    """A moment is its own link's, and none where it had none; a title with an entity for a word keeps it; whoever writes a password
    into a link has none."""
    front = Feed(1, "https://a.example/front", format="page")
    deep = "<div><div><div><div><div>{}</div></div></div></div></div>"
    links = "".join(
        deep.format(
            f'<article><h2><a href="/words/page-{n}x">Four &amp;amp;amp;lt; words on {n}</a></h2>'
            f"{'<time datetime=2026-11-22T10:00:00Z></time>' if n == 2 else ''}</article>"
        )
        for n in range(6)
    )
    password = '<h2><a href="https://u:p@a.example/2026/11/23/one-two-three-four">Four words and a password</a></h2>'
    body = f"<html><head><title>A</title></head><body><main>{links}{password}</main></body></html>".encode()
    whole = feeds.parse(body, front, front.url, NOW, "text/html").entries
    assert len(whole) == 6 and sum(one.published_at is not None for one in whole) == 1
    left = cut(body, frozenset({whole[3].url}), front, "text/html")
    assert left is not None
    assert feeds.parse(left, front, front.url, NOW, "text/html").entries == (*whole[:3], *whole[4:])
    assert cut(left, frozenset({whole[3].url}), front, "text/html") == left


@pytest.mark.parametrize("title", ["Whose name it is, and", "WHOSE NAME IT … – The Paper", "The Paper"])
def test_a_pages_title_that_has_a_part_of_the_headline_goes(title: str) -> None:
    front = Feed(1, "https://a.example/front", format="page")
    links = "".join(
        f'<h2><a href="/2026/11/23/some-long-headline-{n}">Headline of words {n}</a></h2>' for n in range(5)
    )
    secret = '<h2><a href="/2026/11/23/one-two-three-four">Whose name it is and what he did</a></h2>'
    body = f"<html><head><title>{title}</title></head><body>{links}{secret}</body></html>"
    left = cut(body, frozenset({"https://a.example/2026/11/23/one-two-three-four"}), front, "text/html")
    assert left is not None and feeds.parse(left, front, front.url, NOW).title == (
        title if title == "The Paper" else ""
    )


@pytest.mark.parametrize(
    "told",
    [
        '<nav><a href="{}">Whose name it is</a></nav>',
        '<p><a href="{}">Shame</a></p>',
        '<script>{{"url": "{}", "title": "Whose name it is"}}</script>',
    ],
)
def test_a_section_page_that_tells_of_it_elsewhere_is_written_anew_too(told: str) -> None:
    front = Feed(1, "https://a.example/front", format="page")
    links = "".join(
        f'<h2><a href="/2026/11/23/some-long-headline-{n}">Headline of words {n}</a></h2>' for n in range(5)
    )
    path = "/2026/11/23/whose-name-it-is"
    body = f"<html><head><title>A</title></head><body>{links}{told.format(path)}</body></html>".encode()
    gone = frozenset({f"https://a.example{path}"})
    left = cut(body, gone, front, "text/html")
    assert left is not None and b"hose" not in left and b"Shame" not in left
    whole = feeds.parse(body, front, front.url, NOW, "text/html").entries
    assert feeds.parse(left, front, front.url, NOW, "text/html").entries == whole and len(whole) == 5
    assert cut(left, gone, front, "text/html") == left


def test_one_link_at_several_items_is_all_of_them() -> None:
    live = "".join(
        f"<item><title>At {n}</title><link>https://a.example/2</link><guid>g{n}</guid></item>" for n in range(3)
    )
    assert cut(rss(item(1), live)) == rss(item(1)).encode()


def test_what_is_no_list_is_an_error() -> None:
    with pytest.raises(NotAFeed):
        cut("<html><body>Not found: https://a.example/2</body></html>")


def test_what_stands_around_the_items_stays_and_blanks_before_one_go() -> None:
    body = '<rss version="2.0"><channel><title>A</title>\n  {}\n  {}\n<x/></channel></rss>'
    assert cut(body.format(item(1), item(2))) == body.format(item(1), "").replace("\n  \n", "\n\n").encode()
    assert cut(body.format(item(2), item(1))) == body.format("", item(1)).replace("\n  \n", "\n\n", 1).encode()


def test_the_only_item_cannot_be_cut_out() -> None:
    """Nothing would be left to hold against what was there."""
    empty = '{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [{"id": "2", "url": "https://a.example/2"}]}'
    left = cut(empty)
    assert left is not None and b'"items": []' in left
    assert cut(rss(item(2))) == rss().encode()


def test_an_item_is_known_by_its_key_too() -> None:
    body = rss(item(1), item(2)).encode()
    entries = feeds.parse(body, FEED, FEED.url, NOW, "").entries
    gone = next(e.entry_id for e in entries if e.url.endswith("/2"))
    assert cutting.cut(body, FEED, FEED.url, NOW, "", frozenset([gone]), frozenset()) == rss(item(1)).encode()


def test_a_sitemap_loses_its_item() -> None:
    def listing(*numbers: int) -> str:
        news = "<news:news><news:title>T{0}</news:title><news:publication_date>2026-11-22</news:publication_date></news:news>"
        told = "".join(f"<url><loc>https://a.example/{n}</loc>{news.format(n)}</url>" for n in numbers)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{told}</urlset>'

    assert cut(listing(1, 2, 3)) == listing(1, 3).encode()
    assert cut(listing(1, 3)) == listing(1, 3).encode()


def test_a_packed_list_that_has_it_comes_unpacked_and_another_as_it_was() -> None:
    packed = gzip.compress(rss(item(1), item(2)).encode(), mtime=0)
    assert cut(packed) == rss(item(1)).encode()
    other = gzip.compress(rss(item(1)).encode(), mtime=0)
    assert cut(other) == other


@pytest.mark.parametrize("body", [rss(item(1), item(2) + "<item>"), rss(item(1), "</item>" + item(2))])
def test_an_item_without_an_end_or_a_beginning_is_said(body: str) -> None:
    assert cut(body) is None


def test_marks_in_capitals_and_text_over_several_lines() -> None:
    odd = item(1, "<description><![CDATA[\n</item>\n<item>\n]]></description><!--\n</item>\n-->")
    assert cut(rss(odd, item(2))) == rss(odd).encode()
    capitals = item(2).replace("<item>", "<ITEM>").replace("</item>", "</ITEM>")
    assert cut(rss(item(1), capitals)) == rss(item(1)).encode()
