"""Bytes to entries: RSS, RDF and Atom through feedparser, JSON Feed by its specification (jsonfeed.org, 1.1)."""

import json
import re
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser

from extract import plain, urls
from extract.errors import NotAFeed
from extract.keys import key
from extract.records import Entry, Feed, FeedDocument

MAX_ENTRIES = (
    2000  # a feed of a million items takes a minute and a gigabyte to hold; the largest real one seen has 1,300
)
MAX_TEXT = 1_000_000  # characters of one field; the longest article in a feed we saw has 180,000
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # before the first online papers: earlier dates are slips
AHEAD = timedelta(hours=24)  # time zones and embargoes; further ahead is a slip

# What feedparser and hostile markup make Python raise between them, in 338,000 mutated feeds.
ODD = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)

# One entity of 100 KB used a thousand times is 100 MB of title. No feed in use declares entities.
_ENTITY = re.compile(
    rb"<!ENTITY|<\x00!\x00E\x00N\x00T\x00I\x00T\x00Y|\x00<\x00!\x00E\x00N\x00T\x00I\x00T", re.IGNORECASE
)


def parse(body: bytes, feed: Feed, url: str, fetched_at: datetime, content_type: str = "") -> FeedDocument:
    """The entries of a feed document that was found at `url`; raises NotAFeed, naming what it is instead."""
    if _ENTITY.search(body):
        raise NotAFeed(f"{url}: declares XML entities, which only attacks do")
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        return _json_feed(body, feed, url, fetched_at)
    parsed = _parsed(body, content_type) or _parsed(body, "")  # a charset that does not exist makes feedparser raise
    if parsed is None or not parsed.get("version"):
        raise NotAFeed(f"{url}: {_what(head, content_type)}")
    items = sorted(parsed.entries[: MAX_ENTRIES * 5], key=_newest, reverse=True)[:MAX_ENTRIES]
    entries, odd = _each(items, lambda item: _from_feedparser(item, feed, url, fetched_at))
    return FeedDocument(
        title=plain.from_html(_text(parsed.feed, "title"))[:500],
        site_url=urls.canonical(_text(parsed.feed, "link"), base=url) or "",
        entries=entries,
        left_out=len(parsed.entries) - len(items) + odd,
    )


def _parsed(body: bytes, content_type: str) -> Any:
    """feedparser's reading; None where it stumbles."""
    headers = {"content-type": content_type}
    try:
        return feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except ODD:
        return None


def _each(items: Iterable[Any], make: Callable[[Any], Entry | None]) -> tuple[tuple[Entry, ...], int]:
    """(the entries, how many items were too odd to be one): each entry once, the first listed of equals. Items without
    link and GUID are nothing to keep, and one that cannot be read costs only itself."""
    found: dict[int, Entry] = {}
    odd = 0
    for item in items:
        try:
            entry = make(item)
        except ODD:
            odd += 1
            continue
        if entry is not None:
            found.setdefault(entry.entry_id, entry)
    return tuple(found.values()), odd


def _what(head: bytes, content_type: str) -> str:
    if not head:
        return "is empty"
    if b"<html" in head.lower() or b"<!doctype html" in head.lower():
        return "is an HTML page, not a feed; look there for the feed's address"
    return f"is no feed we can read ({content_type or 'no content type'})"


def _text(item: Any, name: str) -> str:
    """A property of feedparser's as the feed has it, where it is text: its own lookup takes one date for another that
    is missing, and hostile markup turns texts into dictionaries."""
    value = dict.get(item, name)
    return value if isinstance(value, str) else ""


def _list(item: Any, name: str) -> list[Any]:
    value = dict.get(item, name)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _parsed_date(item: Any) -> Any:
    """The date an item is from, as feedparser parsed it."""
    for name in ("published_parsed", "updated_parsed"):
        if isinstance(when := dict.get(item, name), time.struct_time):
            return when
    return None


def _newest(item: Any) -> tuple[int, ...]:
    """Sorts newest first; items without a date keep their order behind the dated ones."""
    when = _parsed_date(item)
    return tuple(when[:6]) if when else ()


def _from_feedparser(item: Any, feed: Feed, url: str, fetched_at: datetime) -> Entry | None:
    updated = _text(item, "updated")
    return _entry(
        feed,
        url,
        fetched_at,
        link=_text(item, "link"),
        guid=_text(item, "id"),
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        authors=[_text(a, "name") for a in _list(item, "authors")] or [_text(item, "author")],
        published=_text(item, "published") or updated,
        published_at=_utc(_parsed_date(item)),
        updated=updated,
        tags=[_text(t, "term") for t in _list(item, "tags")],
        content=max((_text(c, "value") for c in _list(item, "content")), key=len, default=""),
    )


def _json_feed(body: bytes, feed: Feed, url: str, fetched_at: datetime) -> FeedDocument:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"{url}: starts like JSON and does not parse") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise NotAFeed(f"{url}: is JSON, but no JSON Feed (no list of items)")
    items = [item for item in document["items"] if isinstance(item, dict)]

    def text(record: Any, name: str) -> str:
        value = record.get(name) if isinstance(record, dict) else None
        return str(value) if isinstance(value, str | int | float) else ""

    def entry(item: dict[str, Any]) -> Entry | None:
        authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
        tags = item.get("tags")
        published = text(item, "date_published")
        return _entry(
            feed,
            url,
            fetched_at,
            link=text(item, "url") or text(item, "external_url"),
            guid=text(item, "id"),
            title=text(item, "title"),
            summary=text(item, "summary") or text(item, "content_text")[:500],
            authors=[text(author, "name") for author in authors or []],
            published=published,
            published_at=_iso(published),
            updated=text(item, "date_modified"),
            tags=[str(tag) for tag in tags] if isinstance(tags, list) else [],
            content=text(item, "content_html"),
        )

    entries, odd = _each(items[:MAX_ENTRIES], entry)
    return FeedDocument(
        title=plain.from_html(text(document, "title"))[:500],
        site_url=urls.canonical(text(document, "home_page_url"), base=url) or "",
        entries=entries,
        left_out=max(0, len(items) - MAX_ENTRIES) + odd,
    )


def _entry(
    feed: Feed,
    base: str,
    fetched_at: datetime,
    *,
    link: str,
    guid: str,
    title: str,
    summary: str,
    authors: list[str],
    published: str,
    published_at: datetime | None,
    updated: str,
    tags: list[str],
    content: str,
) -> Entry | None:
    url = urls.canonical(link, base=base) or urls.canonical(guid) or ""
    guid = plain.line(guid)[:2000]
    if not url and not guid:
        return None
    title, summary = plain.from_html(title)[:2000], plain.from_html(summary[:MAX_TEXT])[:5000]
    return Entry(
        entry_id=key(feed.url, url or guid),
        feed_id=feed.feed_id,
        url=url,
        guid=guid,
        title=title,
        summary=summary,
        authors=tuple(dict.fromkeys(filter(None, (plain.from_html(a)[:200] for a in authors)))),
        published_claim=plain.line(published)[:100],
        published_at=plausible(published_at, fetched_at),
        updated_claim=plain.line(updated)[:100],
        tags=tuple(dict.fromkeys(filter(None, (plain.from_html(t)[:100] for t in tags[:50])))),
        content=plain.storable(content[:MAX_TEXT]),
        claim_hash=key(title, summary, plain.line(updated)),
    )


def plausible(when: datetime | None, seen_at: datetime) -> datetime | None:
    """The time, unless it lies before online news or more than a day after we saw it: then the claim was a slip."""
    return when if when is not None and EARLIEST <= when <= seen_at + AHEAD else None


def _utc(parsed: Any) -> datetime | None:
    try:
        return (
            datetime(parsed[0], parsed[1], parsed[2], parsed[3], parsed[4], parsed[5], tzinfo=UTC) if parsed else None
        )
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
