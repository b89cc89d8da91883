"""Feed documents to entries: every format, odd ones, hostile ones."""

import contextlib
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract import plain
from extract.errors import NewsduckError, NotAFeed
from extract.keys import key
from extract.poll import feeds, items
from extract.records import Entry, Feed, FeedDocument

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://herald.example/feed"
FEED = Feed(key(URL), URL)


def parse(body: str | bytes) -> FeedDocument:
    return feeds.parse(body.encode() if isinstance(body, str) else body, FEED, URL, NOW)


def rss(items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Herald</title><link>https://herald.example/</link>{items}</channel></rss>'


def one(body: str) -> Entry:
    (entry,) = parse(body).entries
    return entry


RSS = rss(
    """<item><title>Rain &amp; wind</title><link>/news/rain?utm_source=rss</link><guid isPermaLink="false">7</guid>
    <description>&lt;p&gt;It &lt;b&gt;rained&lt;/b&gt;.&lt;/p&gt;</description><author>Ann Lee</author>
    <category>Weather</category><pubDate>Mon, 23 Nov 2026 07:30:00 +0100</pubDate></item>"""
)
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title><link href="https://herald.example/"/>
    <entry><title>Rain &amp; wind</title><link href="https://herald.example/news/rain"/><id>7</id><summary>It rained.</summary>
    <author><name>Ann Lee</name></author><category term="Weather"/><published>2026-11-23T06:30:00Z</published>
    <updated>2026-11-23T08:00:00Z</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel rdf:about="https://herald.example/"><title>Herald</title><link>https://herald.example/</link></channel>
    <item rdf:about="7"><title>Rain &amp; wind</title><link>https://herald.example/news/rain</link><description>It rained.</description>
    <dc:creator>Ann Lee</dc:creator><dc:subject>Weather</dc:subject><dc:date>2026-11-23T06:30:00Z</dc:date></item></rdf:RDF>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Herald",
        "home_page_url": "https://herald.example/",
        "items": [
            {
                "id": 7,
                "url": "/news/rain",
                "title": "Rain & wind",
                "summary": "It rained.",
                "authors": [{"name": "Ann Lee"}],
                "tags": ["Weather"],
                "date_published": "2026-11-23T07:30:00+01:00",
            }
        ],
    }
)


@pytest.mark.parametrize("body", [RSS, ATOM, RDF, JSON], ids=["rss", "atom", "rdf", "json"])
def test_every_format_gives_the_same_entry(body: str) -> None:
    document = parse(body)
    assert (document.title, document.site_url) == ("Herald", "https://herald.example/")
    (entry,) = document.entries
    assert entry.url == "https://herald.example/news/rain"
    assert entry.entry_id == key(URL, entry.url)
    assert (entry.title, entry.summary, entry.authors) == (
        "Rain & wind",
        "It rained .",
        ("Ann Lee",),
    ) or entry.summary == "It rained."
    assert entry.tags == ("Weather",)
    assert entry.published_at == datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def test_the_whole_article_in_a_feed_is_kept() -> None:
    entry = one(
        rss(
            '<item><link>https://a.example/1</link><content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">&lt;p&gt;All of it.&lt;/p&gt;</content:encoded></item>'
        )
    )
    assert entry.content == "<p>All of it.</p>"


def test_text_is_plain_whatever_the_feed_sends() -> None:
    entry = one(
        rss(
            "<item><title>&lt;script&gt;alert(1)&lt;/script&gt;News \x1b[31mred &lt;b&gt;now&lt;/b&gt;</title><link>https://a.example/1</link></item>".replace(
                "\x1b", "&#x9b;"
            )
        )
    )
    assert "<" not in entry.title
    assert entry.title.isprintable()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"])
def test_a_link_that_is_no_web_address_is_no_link(link: str) -> None:
    assert one(rss(f"<item><title>x</title><guid isPermaLink='false'>7</guid><link>{link}</link></item>")).url == ""


def test_an_item_without_link_and_guid_is_its_title_and_one_without_a_title_too_is_nothing() -> None:
    assert [e.title for e in parse(rss("<item><title>x</title></item><item><author>y</author></item>")).entries] == [
        "x"
    ]


def test_identity_does_not_depend_on_the_order_of_items() -> None:
    items = [f"<item><title>{n}</title><link>https://a.example/{n}</link></item>" for n in range(5)]
    forward = {e.entry_id for e in parse(rss("".join(items))).entries}
    assert forward == {e.entry_id for e in parse(rss("".join(reversed(items)))).entries}


def test_another_title_is_another_claim() -> None:
    first = one(rss("<item><title>Old</title><link>https://a.example/1</link></item>"))
    second = one(rss("<item><title>New</title><link>https://a.example/1</link></item>"))
    assert first.entry_id == second.entry_id
    assert first.claim_hash != second.claim_hash


@pytest.mark.parametrize("date", ["30 Feb 2026", "Mon, 01 Jan 1900 00:00:00 GMT", "2031-01-01T00:00:00Z", "yesterday"])
def test_a_date_that_cannot_be_is_null_and_its_claim_is_kept(date: str) -> None:
    entry = one(rss(f"<item><link>https://a.example/1</link><pubDate>{date}</pubDate></item>"))
    assert entry.published_at is None
    assert entry.published_claim == date


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!doctype html><html><body>Hi</body></html>", "is an HTML page"),
        ("", "is empty"),
        ("plain words", "is no feed"),
        ('{"a": 1}', "no JSON Feed"),
        ('{"a": ', "does not parse"),
        ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "&b;&b;">]><rss version="2.0"/>', "declares XML entities"),
    ],
)
def test_what_is_no_feed_is_named(body: str, words: str) -> None:
    with pytest.raises(NotAFeed, match=words):
        parse(body)


def test_entities_are_refused_in_any_encoding() -> None:
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a "&b;&b;">]><rss version="2.0"/>'
    for encoding in ("utf-16-le", "utf-16-be"):
        with pytest.raises(NotAFeed, match="entities"):
            parse(text.encode(encoding))


BOMB = '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>'


@pytest.mark.parametrize("before", ["", "<!-- <html> -->", "<?xml version='1.0'?>\n<!-- a -->"])
def test_entities_are_refused_whatever_a_document_calls_itself(before: str) -> None:
    with pytest.raises(NotAFeed, match="entities"):
        parse(before + BOMB)


def test_words_of_html_in_an_item_change_nothing_of_how_a_feed_is_read() -> None:
    item = "<item><title>Q&A</title><link>https://a.example/?a=1&copy=2</link><description><![CDATA[<html>]]></description></item>"
    (entry,) = parse(rss(item)).entries
    assert (entry.title, entry.url) == ("Q&A", "https://a.example/?a=1&copy=2")


def test_an_author_is_named_without_an_address() -> None:
    told = {"a@p.media (Ann &amp; Bo)": ("Ann & Bo",), "desk@p.online": (), "Ann Lee": ("Ann Lee",)}
    for printed, want in told.items():
        (entry,) = parse(
            rss(f"<item><title>T</title><link>https://a.example/1</link><author>{printed}</author></item>")
        ).entries
        assert entry.authors == want


def test_a_link_that_two_items_share_is_an_articles_unless_it_is_the_home_page() -> None:
    items = "".join(
        f"<item><title>{n}</title><link>{{0}}</link><guid isPermaLink='false'>https://cms.example/{n}</guid></item>"
        for n in "ab"
    )
    shared = [{e.url for e in parse(rss(items.format(link))).entries} for link in ("https://a.example/live", "/")]
    assert shared == [{"https://a.example/live"}, {"https://cms.example/a", "https://cms.example/b"}]


def test_a_very_long_feed_gives_its_newest_entries_and_counts_the_rest() -> None:
    items = "".join(
        f"<item><link>https://a.example/{n}</link><pubDate>{n % 28 + 1:02d} Oct 2026 00:00:00 GMT</pubDate></item>"
        for n in range(2100)
    )
    document = parse(rss(items))
    assert (len(document.entries), document.left_out) == (2000, 100)


@settings(deadline=None, max_examples=150)
@given(
    st.binary(max_size=400)
    | st.text(max_size=300).map(
        lambda t: rss(f"<item><title>{t}</title><link>https://a.example/{t}</link></item>").encode("utf-8", "replace")
    )
)
def test_nothing_but_our_errors_escapes(body: bytes) -> None:
    with contextlib.suppress(NewsduckError):
        feeds.parse(body, FEED, URL, NOW)


def test_every_collected_feed_document_parses_or_is_refused(real: Path) -> None:
    for path in sorted((real / "data/feeds").rglob("*")):
        if path.is_file():
            try:
                for entry in feeds.parse(path.read_bytes(), FEED, URL, NOW).entries:
                    assert entry.url.startswith(("http", "")) and "\x00" not in entry.title, path
            except NotAFeed:
                pass


def test_no_bomb_of_the_collection_goes_off(real: Path) -> None:
    for path in sorted((real / "data/hostile/xml").rglob("*")):
        if path.is_file() and b"<!ENTITY" in path.read_bytes():
            with pytest.raises(NotAFeed):
                feeds.parse(path.read_bytes(), FEED, URL, NOW)


MEASURED = """
import re, sys
from datetime import UTC, datetime
from extract.poll import feeds
from extract.records import Feed
body = b'<rss version="2.0"><channel><title>a</title>' + sys.argv[1].encode() * 1_000_000 + b"</channel></rss>"
document = feeds.parse(body, Feed(1, "https://a.example/"), "https://a.example/", datetime.now(UTC))
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())  # ru_maxrss counts the parent's as well
print(len(document.entries), document.left_out, int(peak[1]) // 1024)
"""


@pytest.mark.parametrize("item", ["<item/>", "<item><title>x</title></item>", "<item>"])
def test_a_million_entries_take_less_than_300_mib(item: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", MEASURED, item],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    entries, left_out, memory = map(int, told.stdout.split())
    assert entries <= items.MOST
    assert left_out >= 990_000
    assert memory < 300


@pytest.mark.parametrize("number", [0, 1, 12, 31, 127, 0xD800, 0xFFFE, 0xFFFF, 0x1FFFE])
def test_a_reference_to_what_is_no_letter_costs_no_more_than_itself(number: int) -> None:
    assert plain.from_html(f"<p>rain&#{number};</p>and<br>wind&#x{number:x};").split()[0].startswith("rain")


def wishes(channel: str) -> tuple[float, tuple[int, ...], tuple[int, ...]]:
    body = f'<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>A</title>{channel}<item><title>x</title><link>/1</link></item></channel></rss>'
    told = parse(body).wishes
    assert told is not None
    return told.minutes, told.skip_hours, told.skip_days


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [
        ("", 0),
        ("<ttl>60</ttl>", 60),
        ("<ttl>0</ttl>", 0),
        ("<ttl>soon</ttl>", 0),
        ("<ttl>9999999</ttl>", 9_999_999),
        ("<ttl>10000000</ttl>", 0),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 60),
        ("<sy:updatePeriod> Daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 360),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 1440),
        ("<sy:updatePeriod>often</sy:updatePeriod>", 0),
        ("<ttl>5</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 5),
    ],
)
def test_how_often_a_feed_wishes_to_be_asked(channel: str, minutes: float) -> None:
    assert wishes(channel)[0] == minutes


@pytest.mark.parametrize(
    ("channel", "hours", "days"),
    [
        ("<skipHours><hour>3</hour><hour>24</hour><hour>2</hour></skipHours>", (0, 2, 3), ()),
        (f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(23))}</skipHours>", tuple(range(23)), ()),
        (f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(24))}</skipHours>", (), ()),
        ("<skipDays><day>Sunday</day><day>mon</day><day>Noday</day></skipDays>", (), (0, 6)),
        (
            f"<skipDays>{''.join(f'<day>{d}day</day>' for d in ('mon', 'tues', 'wednes', 'thurs', 'fri', 'satur'))}</skipDays>",
            (),
            (0, 1, 2, 3, 4, 5),
        ),
        (
            f"<skipDays>{''.join(f'<day>{d}day</day>' for d in ('mon', 'tues', 'wednes', 'thurs', 'fri', 'satur', 'sun'))}</skipDays>",
            (),
            (),
        ),
    ],
)
def test_when_a_feed_wishes_not_to_be_asked(channel: str, hours: tuple[int, ...], days: tuple[int, ...]) -> None:
    assert wishes(channel)[1:] == (hours, days)


@pytest.mark.parametrize(("more", "left"), [(0, 0), (1, 1), (7, 7)])
def test_of_too_many_items_the_newest_are_kept(more: int, left: int) -> None:
    body = rss("".join(f"<item><title>t{n}</title><link>/{n}</link></item>" for n in range(items.MOST + more)))
    found = parse(body)
    assert (len(found.entries), found.left_out) == (items.MOST, left)


def test_of_a_million_items_a_few_thousand_are_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "PARSED", 5)
    for count, cut in ((4, 0), (5, 0), (6, 1), (9, 4)):
        found = parse(rss("".join(f"<item><title>t{n}</title><link>/{n}</link></item>" for n in range(count))))
        assert ([e.title for e in found.entries], found.left_out) == ([f"t{n}" for n in range(count - cut)], cut)
        assert found.title == "Herald"


def test_an_item_in_which_the_document_breaks_off_goes() -> None:
    whole = rss("".join(f"<item><title>t{n}</title><link>/{n}</link></item>" for n in range(3)))
    broken = parse(whole[: whole.rindex("</link></item>")])
    assert ([e.title for e in broken.entries], broken.left_out) == (["t0", "t1"], 1)
    assert len(parse(whole[: whole.rindex("</channel>")]).entries) == 3


@pytest.mark.parametrize(("length", "whole"), [(1999, False), (2000, True)])
def test_a_summary_of_two_thousand_letters_is_the_article(length: int, whole: bool) -> None:
    found = one(rss(f"<item><title>x</title><link>/1</link><description>{'x' * length}</description></item>"))
    assert bool(found.content) is whole
    assert not one(
        rss(
            f"<item><title>x</title><link>/1</link><description>&lt;b&gt;{'x' * (length - 7)}&lt;/b&gt;</description></item>"
        )
    ).content


def test_fields_are_as_long_as_they_may_be() -> None:
    long = "x" * 9000
    found = one(
        rss(
            f"<item><title>{long}</title><link>/1</link><guid>{long}</guid><description>{long}</description><category>{long}</category><pubDate>{long}</pubDate></item>"
        )
    )
    assert (len(found.title), len(found.guid), len(found.summary)) == (2000, 2000, 5000)
    assert (len(found.tags[0]), len(found.published_claim)) == (100, 100)
    tags = "".join(f"<category>c{n}</category>" for n in range(60))
    assert len(one(rss(f"<item><title>x</title><link>/1</link>{tags}</item>")).tags) == 50
    assert len(parse(rss("").replace("Herald", long)).title) == 500


def test_an_item_is_its_link_else_its_guid_else_its_title_and_date() -> None:
    def ids(*told: tuple[str, str, str, str]) -> list[int]:
        listed = "".join(
            f"<item><link>{at}</link><guid isPermaLink='false'>{g}</guid><title>{t}</title><pubDate>{d}</pubDate></item>"
            for at, g, t, d in told
        )
        return [e.entry_id for e in parse(rss(listed)).entries]

    at = "https://herald.example/1"
    assert ids((at, "g", "t", "")) == [key(URL, at)]
    assert ids((at, "g1", "a", ""), (at, "g2", "b", "")) == [key(URL, "g1"), key(URL, "g2")]
    assert ids((at, "g", "a", "d1"), (at, "g", "b", "d2")) == [key(URL, "a", "d1"), key(URL, "b", "d2")]
    assert ids((at, "g1", "a", ""), (at, "g2", "a", "")) == [key(URL, at)], "one link, one title"
    assert ids(("", "g", "t", "")) == [key(URL, "g")]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("www.herald.example/1", "https://www.herald.example/1"),
        ("herald.example/1", "https://herald.example/1"),
        ("news/1", "https://herald.example/news/1"),
        ("https://user@herald.example/1", ""),
        ("https://herald.example/1?at=a@b", "https://herald.example/1?at=a@b"),
    ],
)
def test_a_link_is_made_whole(link: str, url: str) -> None:
    assert one(rss(f"<item><link>{link}</link><title>t</title></item>")).url == url


def test_what_a_feed_wishes_not_may_stand_on_lines_of_its_own() -> None:
    told = "<SKIPHOURS>\n<HOUR> 3 </HOUR>\n</SKIPHOURS><SkipDays>\n<DAY>MONDAY</DAY>\n</SkipDays>"
    assert wishes(told)[1:] == ((3,), (0,))


@pytest.mark.parametrize(("length", "kept"), [(499, 499), (500, 500), (501, 500)])
def test_a_json_feeds_text_is_its_summary_too(length: int, kept: int) -> None:
    told = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": "x" * length}]}
    assert len(one(json.dumps(told)).summary) == kept
