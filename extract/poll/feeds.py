"""Bytes to entries: RSS, RDF and Atom through feedparser, JSON Feed and news sitemaps by their specifications."""

import html
import io
import re
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import feedparser

from extract import plain, urls
from extract.errors import NotAFeed
from extract.fetch import challenge
from extract.poll import document, json_feed, paging, rss, sections, sitemaps
from extract.poll.items import MOST, ODD, Item, entries, person
from extract.records import Feed, FeedDocument, Wishes
from extract.vocabulary import PAGE

PARSED = 5 * MOST  # items that are parsed to find the newest among them

# What it makes of dates is not looked at (extract/moments.py reads them): one handler that says nothing spares the others.
_NO_DATE = time.gmtime(0)
feedparser.registerDateHandler(lambda _: _NO_DATE)
# feedparser copies every text's type and language deeply. They are strings: a flat copy is the same, and a tenth faster.
feedparser.FeedParserDict.__deepcopy__ = lambda self, _: feedparser.FeedParserDict(self)
# It looks for a parser of the nineties for every document before it takes expat: a tenth of a small one's time.
feedparser.api.PREFERRED_XML_PARSERS = []

UTF8 = "application/xml; charset=utf-8"  # what a document is once it has been mended
LONG_HEAD = 100_000  # bytes: some sitemaps begin with a comment as long as a page
_COMMENT = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
# A picture's words, which feedparser takes for the item's.
_CAPTIONS = re.compile(
    rb"<(media:(?:description|title|text|credit|keywords|category))\b[^>]{0,500}"
    rb"(?:/>|>[^<]{0,5000}(?:<!\[CDATA\[.{0,5000}?\]\]>[^<]{0,5000})?</\1\s*>)",
    re.DOTALL,
)
# Elements for the whole article, beside those of the formats, as news search engines ask for it.
_FULL = ("yandex_full-text", "turbo_content", "rambler_fulltext", "mailru_full-text", "full-text", "fulltext")
LEAST = 5  # words of one: "true" and an address are none
_TAG = re.compile(r"<[a-z/]", re.IGNORECASE)
_CREATED = ("created", "prism_publicationdate")  # days of publication, where an item has no other
_TEXTS = re.compile(rb"<(?:description|summary|content)[\s>]|<content:encoded")
_SIGNED = re.compile(rb"(<(?:author|managingEditor|dc:creator)>)([^<@]{0,300}@[^<]{0,300})(?=</)")
_ITEM = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_END = re.compile(rb"</(?:\w{1,20}:)?(?:rss|channel|feed|rdf)\s*>", re.IGNORECASE)
_SKIP_HOURS = re.compile(rb"<skipHours>(.{0,3000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_SKIP_DAYS = re.compile(rb"<skipDays>(.{0,1000}?)</skipDays>", re.IGNORECASE | re.DOTALL)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PAGES = ("", "text/html", "application/xhtml+xml")  # types of a link that leads to one
_PERIODS = {"hourly": 60.0, "daily": 1440.0, "weekly": 10080.0, "monthly": 43200.0, "yearly": 525600.0}


def parse(body: bytes, feed: Feed, url: str, fetched_at: datetime, content_type: str = "") -> FeedDocument:
    """The entries of a feed document that was found at `url`; raises NotAFeed, naming what it is instead."""
    claimed = content_type
    try:
        body = raw = document.unpacked(body)
        head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
        if head and not head.startswith(b"{"):
            body, content_type = document.mended(body, content_type), UTF8
    except NotAFeed as error:
        raise NotAFeed(f"{url}: {error}") from error
    if head.startswith(b"{"):
        return json_feed.parse(body, feed, url, fetched_at)
    if feed.format == PAGE and _is_html(head) and not challenge.is_one(raw):
        return sections.parse(raw, feed, url, fetched_at, claimed)
    if sitemaps.NAMED.search(body, 0, LONG_HEAD) and sitemaps.is_one(_COMMENT.sub(b"", body[:LONG_HEAD])[: len(head)]):
        return sitemaps.parse(body, feed, url, fetched_at)
    told = _CAPTIONS.sub(b"", body)  # where an item has no words but its picture's, as videos have, those are its own
    first = max(0, told.find(b"<item"), told.find(b"<entry"))
    body = told if _TEXTS.search(told, first) else body
    body, cut = _shortened(_SIGNED.sub(_signed, body))
    parsed = _parsed(body, content_type) or _parsed(body, "")  # a charset that does not exist makes feedparser raise
    # Channels of the nineties (CDF) have items and no version; so has an HTML page with a tag of that name.
    if parsed is None or not (parsed.version or (parsed.entries and not _is_html(head))):
        raise NotAFeed(f"{url}: {_what(body, head, claimed)}")
    is_atom = parsed.version.startswith("atom10")  # in RSS nobody says what a title is
    signed = _text(parsed.feed, "author") if is_atom else ""  # an entry's author is the feed's where it names none
    language = _text(parsed.feed, "language")
    site = urls.canonical(_link(parsed.feed, language) if is_atom else _text(parsed.feed, "link"), base=url) or ""
    base = url if is_atom else site or url
    found, left = entries(
        parsed.entries,
        lambda item: _item(item, is_atom, signed, language),
        feed,
        base,
        fetched_at,
        language,
    )
    return FeedDocument(
        title=plain.from_html(_text(parsed.feed, "title"))[:500],
        site_url=site,
        entries=found,
        left_out=cut + left,
        wishes=Wishes(_wish(parsed.feed), _skipped_hours(body), _skipped_days(body)),
        format=parsed.version,
        older=paging.older(
            [(_text(link, "rel"), _text(link, "href")) for link in _list(parsed.feed, "links")],
            _text(parsed.feed, "generator"),
            url,
        ),
    )


def _shortened(body: bytes) -> tuple[bytes, int]:
    """(the document with PARSED items at most, how many were cut out of its end): a million of them cost a gigabyte. An
    item in which the document breaks off goes too: half a link is another link."""
    starts = [found.start() for found in _ITEM.finditer(body)]
    if (
        starts
        and -1 < max(body.rfind(b"</item"), body.rfind(b"</entry")) < starts[-1]
        and not _END.search(body, starts[-1])
    ):
        return body[: starts[-1]], 1
    if len(starts) <= PARSED:
        return body, 0
    tail = body[starts[-1] :]
    ends = [tail.rfind(end) + len(end) for end in (b"</item>", b"</entry>", b"/>") if end in tail]
    return body[: starts[PARSED]] + tail[max(ends, default=len(tail)) :], len(starts) - PARSED


class _Parsed(NamedTuple):
    """What feedparser makes of a document, by its names."""

    version: str
    feed: Any
    entries: Sequence[Any]


def _parsed(body: bytes, content_type: str) -> _Parsed | None:
    """feedparser's reading, or the same in less time; None where it stumbles."""
    if (plainly := rss.read(body)) is not None:
        return _Parsed(rss.VERSION, *plainly)
    headers = {"content-type": content_type}
    try:
        stream = io.BytesIO(body)  # bytes it would first try to open as the name of a file
        found = feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
        return _Parsed(str(found.get("version") or ""), found.feed, found.entries)
    except ODD:
        return None


def _what(body: bytes, head: bytes, content_type: str) -> str:
    if not head:
        return "is empty"
    if _is_html(head):
        if challenge.is_one(body):
            return "is a bot's challenge, not a feed: the site asks for proof that a person is reading, and only its owner can let us in"
        return "is an HTML page, not a feed"
    return f"is no feed we can read ({plain.line(content_type)[:100] or 'no content type'})"


def _is_html(head: bytes) -> bool:
    bare = _COMMENT.sub(b"", head).lower()
    return b"<html" in bare or b"<!doctype html" in bare


def _text(item: Any, name: str) -> str:
    """A property of feedparser's as the feed has it, where it is text: its own lookup takes one date for another that
    is missing, and hostile markup turns texts into dictionaries."""
    value = dict.get(item, name)
    return value if isinstance(value, str) else ""


def _list(item: Any, name: str) -> list[Any]:
    value = dict.get(item, name)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _signed(found: re.Match[bytes]) -> bytes:
    """An author's element with the names only: feedparser cuts addresses whose last part is longer than it knows."""
    people = [person(name) for name in found.group(2).decode("utf-8", "replace").split(",")]
    return found.group(1) + html.escape(", ".join(filter(None, people)), quote=False).encode()


def _plain(item: Any) -> frozenset[str]:
    """Of title and summary, those that are text and no HTML: there a < is a letter."""
    details = ((name, dict.get(item, f"{name}_detail")) for name in ("title", "summary"))
    return frozenset(name for name, told in details if isinstance(told, dict) and told.get("type") == "text/plain")


def _link(item: Any, language: str) -> str:
    """An item's page, or a feed's: of several the one in the feed's language, else the first. feedparser takes the last, and
    in Atom the address of a picture that stands there as text."""
    pages = [link for link in _list(item, "links") if _is_page(link)]
    own = (link for link in pages if language and _text(link, "hreflang").lower()[:2] == language.lower()[:2])
    return _text(next(own, pages[0]), "href") if pages else _text(item, "link")


def _is_page(link: Any) -> bool:
    """Whether a link is one to a page; relations may be written as IANA's addresses."""
    relation = _text(link, "rel").lower().rpartition("/")[2]
    return relation == "alternate" and _text(link, "type") in _PAGES and bool(_text(link, "href"))


def _item(item: Any, is_atom: bool, signed: str, language: str) -> Item:
    updated, guid = _text(item, "updated"), _text(item, "id")
    # The article's own, not FeedBurner's that leads there.
    link = _text(item, "feedburner_origlink") or ("" if is_atom else _text(item, "link")) or _link(item, language)
    source = dict.get(item, "source")  # the feed that an entry was taken over from
    if is_atom and isinstance(source, dict):
        signed = _text(source, "author") or signed
    return Item(
        link="" if link == guid and "://" not in guid else link,  # feedparser takes every GUID for one that is a link
        guid=guid,
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        authors=tuple(filter(None, (_text(a, "name") for a in _list(item, "authors"))))
        or (_text(item, "author") or signed,),
        published=_text(item, "published")
        or updated
        or next(filter(None, (_text(item, name) for name in _CREATED)), ""),
        plain=_plain(item) if is_atom else frozenset(),
        updated=updated,
        tags=tuple(name for t in _list(item, "tags") if "://" not in (name := _text(t, "label") or _text(t, "term"))),
        content=_whole(item),
    )


def _whole(item: Any) -> str:
    """The longest of an item's texts that are the whole article, in the formats' own element or else in another; there a text
    without a tag has its paragraphs by line."""
    if found := max((_text(part, "value") for part in _list(item, "content")), key=len, default=""):
        return found
    full = max((_text(item, name) for name in _FULL), key=len)
    if len(full.split()) < LEAST:
        return ""
    if _TAG.search(full):
        return full
    return "".join(f"<p>{html.escape(part)}</p>" for part in full.splitlines() if part.strip())


def _wish(feed: Any) -> float:
    """Minutes between looks the feed asks for: RSS's ttl, else the syndication module's period over its frequency."""
    ttl = _number(_text(feed, "ttl"))
    if ttl > 0:
        return ttl
    period = _PERIODS.get(_text(feed, "sy_updateperiod").strip().lower(), 0.0)
    return period / (_number(_text(feed, "sy_updatefrequency")) or 1.0)


def _number(text: str) -> float:
    text = text.strip()
    return float(text) if re.fullmatch(r"\d{1,7}", text) else 0.0


def _skipped_hours(body: bytes) -> tuple[int, ...]:
    """Hours in which an RSS feed asks not to be polled; 24 is midnight in old versions of RSS. All of them are none."""
    found = _SKIP_HOURS.search(body)
    hours = (
        {int(hour) % 24 for hour in re.findall(rb"<hour>\s*([01]?\d|2[0-4])\s*</hour>", found.group(1), re.IGNORECASE)}
        if found
        else set()
    )
    return tuple(sorted(hours)) if len(hours) < 24 else ()


def _skipped_days(body: bytes) -> tuple[int, ...]:
    found = _SKIP_DAYS.search(body)
    names = re.findall(rb"<day>\s*(\w{3})\w*\s*</day>", found.group(1), re.IGNORECASE) if found else []
    days = {_DAYS.index(name) for name in (n.decode("ascii", "replace").lower() for n in names) if name in _DAYS}
    return tuple(sorted(days)) if len(days) < 7 else ()
