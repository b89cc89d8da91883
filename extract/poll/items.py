"""What a feed lists, as entries: plain text, http(s) links, and an identity that survives what feeds do to theirs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from extract import plain, unseen, urls
from extract.keys import key
from extract.records import Entry, Feed

MAX_TEXT = 1_000_000  # characters of one field; the longest article in a feed we saw has 180,000
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # before the first online papers: earlier dates are slips
AHEAD = timedelta(hours=24)  # time zones and embargoes; further ahead is a slip

# What feedparser and hostile markup make Python raise between them, in 338,000 mutated feeds.
ODD = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Item:
    """One item as its feed has it, whatever the format."""

    link: str = ""
    guid: str = ""
    title: str = ""  # HTML or text, like the summary
    summary: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""  # as printed
    published_at: datetime | None = None
    updated: str = ""
    tags: tuple[str, ...] = ()
    content: str = ""  # HTML


def entries(
    raw: Iterable[Any], make: Callable[[Any], Item], feed: Feed, base: str, fetched_at: datetime
) -> tuple[tuple[Entry, ...], int]:
    """(the entries, how many items were too odd to be one): each entry once, the first listed of equals. Items without
    link, GUID, title and summary are nothing to keep, and one that cannot be read costs only itself."""
    found: list[Entry] = []
    odd = 0
    for item in raw:
        try:
            entry = _entry(make(item), feed, base, fetched_at)
        except ODD:
            odd += 1
            continue
        if entry.url or entry.guid or entry.title or entry.summary:
            found.append(entry)
    return identified(found, feed), odd


def identified(found: Iterable[Entry], feed: Feed) -> tuple[Entry, ...]:
    """The entries with their keys, each once.

    An item is its link: GUIDs change with the headline, at every poll, or when a site moves. A link that stands at
    items of different titles (the home page, a live blog) tells none of them apart; there the GUID does, unless it is
    one for all too; then title and date. The order of items plays no part.
    """
    found = list(found)
    by_link, by_guid = _titles(found, lambda e: e.url), _titles(found, lambda e: e.guid)
    unique: dict[int, Entry] = {}
    for entry in found:
        if entry.url and len(by_link[entry.url]) == 1:
            entry_id = key(feed.url, entry.url)
        elif entry.guid and len(by_guid[entry.guid]) == 1:
            entry_id = key(feed.url, entry.guid)
        else:
            entry_id = key(feed.url, entry.title or entry.summary, entry.published_claim)
        unique.setdefault(entry_id, replace(entry, entry_id=entry_id))
    return tuple(unique.values())


def _titles(found: Iterable[Entry], of: Callable[[Entry], str]) -> dict[str, set[str]]:
    titles: dict[str, set[str]] = {}
    for entry in found:
        titles.setdefault(of(entry), set()).add(entry.title or entry.summary)
    return titles


def _entry(item: Item, feed: Feed, base: str, fetched_at: datetime) -> Entry:
    title, summary = plain.from_html(item.title[:MAX_TEXT])[:2000], plain.from_html(item.summary[:MAX_TEXT])[:5000]
    updated = plain.line(item.updated)
    return Entry(
        entry_id=0,
        feed_id=feed.feed_id,
        url=_link(urls.canonical(item.link, base=base)) or _link(urls.canonical(item.guid)),
        guid=plain.line(item.guid)[:2000],
        title=title,
        summary=summary,
        authors=tuple(dict.fromkeys(filter(None, (plain.from_html(a)[:200] for a in item.authors)))),
        published_claim=plain.line(item.published)[:100],
        published_at=plausible(item.published_at, fetched_at),
        updated_claim=updated[:100],
        tags=tuple(dict.fromkeys(filter(None, (plain.from_html(t)[:100] for t in item.tags[:50])))),
        content=unseen.without(item.content[:MAX_TEXT]),
        claim_hash=key(title, summary, updated),
    )


def _link(url: str | None) -> str:
    """The URL, unless it holds a user name or password: such a one is nobody's article, and not ours to keep."""
    return "" if url is None or "@" in url.split("/")[2] else url


def plausible(when: datetime | None, seen_at: datetime) -> datetime | None:
    """The time, unless it lies before online news or more than a day after we saw it: then the claim was a slip."""
    return when if when is not None and EARLIEST <= when <= seen_at + AHEAD else None


def iso(text: str) -> datetime | None:
    """A date of RFC 3339 or W3C's profile of ISO 8601, in UTC; None for anything else."""
    try:
        when = datetime.fromisoformat(text.strip())
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
