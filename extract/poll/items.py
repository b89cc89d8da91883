"""What a feed lists, as entries: plain text, http(s) links, and an identity that survives what feeds do to theirs."""

import html
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from extract import moments, plain, unseen, urls
from extract.keys import key
from extract.records import Entry, Feed

MOST = 2000  # entries: a feed of a million items takes a minute and a gigabyte to hold; the largest real one seen has 1,300
MAX_TEXT = 1_000_000  # characters of one field; the longest article in a feed we saw has 180,000
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)  # before the first online papers: earlier dates are slips
WHOLE = 2_000  # characters of a summary from which on it is the article
AHEAD = timedelta(hours=24)  # time zones and embargoes; further ahead is a slip

_NO_SCHEME = re.compile(r"(?:www\.)[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/|$)", re.IGNORECASE)
# An address in an element of HTML, in quotes or brackets, or behind another that a careless site set before it.
_WRAPPED = re.compile(
    r"""^\s*(?:<a\s[^<>]*?href\s*=\s*["']?|["'<\u200b\ufeff]+)\s*((?:https?:/)?/[^\s"'<>\u200b\ufeff]+)""",
    re.IGNORECASE,
)
_TWICE = re.compile(
    r"^(?:https?://(?=https?://)|https?://[\w.-]+(?=https?://)|(https?://[\w.-]+)/(?=\1/))", re.IGNORECASE
)
# A link of somebody's who lists others' stories, and the address it leads to: the robots.txt of these lets nobody follow it.
_LED = re.compile(
    r"^https?://(?:(?:www\.)?google(?:\.[a-z]{2,3}){1,2}/url\?(?:[^#]*&)?(?:url|q)=|(?:www\.)?bing\.com/news/apiclick\.aspx\?(?:[^#]*&)?url="
    r"|lm?\.facebook\.com/l\.php\?(?:[^#]*&)?u=)(https?(?::|%3a)[^&#]+)|^https?://r\.search\.yahoo\.com/[^?#]*/RU=(https?%3a[^/?#]+)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"<?[^\s<>()]+@[^\s<>()]+>?")
_EMPTY = re.compile(r"\(\s*\)|<\s*>")
_ENCLOSED = re.compile(r'\(([^()]+)\)|"([^"]+)"')
_IN_BRACKETS = re.compile(r"@\S+\s*\(([^()]+)\)")

# What feedparser and hostile markup make Python raise between them, in 338,000 mutated feeds.
ODD = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Item:
    """One item as its feed has it, whatever the format."""

    link: str = ""
    guid: str = ""
    title: str = ""  # HTML, like the summary, but for those that `plain` names
    summary: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""  # as printed
    updated: str = ""
    tags: tuple[str, ...] = ()
    content: str = ""  # HTML
    plain: frozenset[str] = frozenset()  # of title, summary and content, those that are text and no HTML


def entries(
    raw: Iterable[Any], make: Callable[[Any], Item], feed: Feed, base: str, fetched_at: datetime, language: str = ""
) -> tuple[tuple[Entry, ...], int]:
    """(the entries, newest first and MOST at most, how many items are left out, being more or too odd to be one): each entry
    once, the first listed of equals. Items without
    link, GUID, title and summary are nothing to keep, and one that cannot be read costs only itself. The language, as the
    feed declares it, tells whether the day goes before the month where nothing else does."""
    made: list[Item] = []
    odd = 0
    for item in raw:
        try:
            made.append(make(item))
        except ODD:
            odd += 1
    left = max(0, len(made) - MOST)
    made = sorted(made, key=_newest, reverse=True)[:MOST]
    found: list[Entry] = []
    order = _order(made, base, language)
    home = _home_links(made, base)
    for item in made:
        try:
            entry = _entry(item, feed, base, fetched_at, order, home)
        except ODD:
            odd += 1
            continue
        if entry.url or entry.guid or entry.title or entry.summary:
            found.append(entry)
    return identified(found, feed), odd + left


def _order(made: Sequence[Item], base: str, language: str) -> moments.Order:
    """Day or month first, where a date of the items is told by that only."""
    claims = {claim for item in made for claim in (item.published, item.updated)}
    if not any(moments.read(claim).ambiguous for claim in claims):
        return ""
    return moments.order_of(claims) or moments.order_at(urls.host(base), language)


def _newest(item: Item) -> datetime:
    """Sorts newest first; items without a date keep their order behind the dated ones."""
    return moments.read(item.published or item.updated).at or datetime.min.replace(tzinfo=UTC)


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


def _home_links(made: Sequence[Item], base: str) -> frozenset[str]:
    """The links that lead to no article but to the feed's own page or its site's first one, and that several items share."""
    shared = [link for link, n in Counter(item.link for item in made if item.link).items() if n > 1]
    home = {urls.canonical(base), urls.canonical("/", base=base)} if shared else set()
    return frozenset(link for link in shared if urls.canonical(link, base=base) in home)


def _address(item: Item, base: str, home: frozenset[str]) -> str:
    """Where an item's article is: its link, resolved; the GUID that is an address where it has none, or only the home page's."""
    link = _unwrapped(item.link)
    if link and "://" not in link and (_NO_SCHEME.match(link) or link.split("/")[0].lower() == urls.host(base)):
        link = f"//{link}"
    found = "" if item.link in home else _link(urls.canonical(link, base=base))
    return found or _link(urls.canonical(item.guid)) or _link(urls.canonical(link, base=base))


def _unwrapped(link: str) -> str:
    """A link without what a careless site wrote around the address, or before it, or what others do to count who follows it."""
    if found := _LED.match(link.strip()):
        return unquote(found.group(1) or found.group(2))
    found = _WRAPPED.match(link)
    return _TWICE.sub("", found.group(1) if found else link)


def _text(item: Item, name: str) -> str:
    said = getattr(item, name)[:MAX_TEXT]
    is_text = name in item.plain and "<script" not in said.lower()  # nobody means that by a headline
    return plain.line(html.unescape(said)) if is_text else plain.from_html(said)


def _content(item: Item) -> str:
    """The whole article as HTML: the feed's own, or a summary that is as long as one."""
    name = (
        "content"
        if item.content
        else "summary"
        if len(item.summary) >= WHOLE and len(_text(item, "summary")) >= WHOLE
        else ""
    )
    if not name:
        return ""
    said = unseen.without(getattr(item, name)[:MAX_TEXT])
    if name not in item.plain:
        return said
    return "".join(f"<p>{html.escape(part)}</p>" for part in plain.paragraphs(said).split("\n\n"))


def _entry(
    item: Item, feed: Feed, base: str, fetched_at: datetime, order: moments.Order, home: frozenset[str]
) -> Entry:
    # Equal strings are one: a run holds the entries of all its feeds.
    title, summary = _text(item, "title")[:2000], _text(item, "summary")[:5000]
    address, guid = _address(item, base, home), plain.line(item.guid)[:2000]
    updated = plain.line(item.updated)
    claim, published = _published(item, order, fetched_at)
    return Entry(
        entry_id=0,
        feed_id=feed.feed_id,
        url=address,
        guid=address if guid == address else guid,
        title=title,
        summary=summary,
        authors=tuple(dict.fromkeys(filter(None, (person(a) for a in item.authors)))),
        published_claim=plain.line(claim)[:100],
        published_at=published,
        updated_claim=updated[:100],
        tags=tuple(dict.fromkeys(filter(None, (sys.intern(plain.from_html(t)[:100]) for t in item.tags[:50])))),
        content=_content(item),
        claim_hash=key(title, summary, updated),
    )


def _published(item: Item, order: moments.Order, fetched_at: datetime) -> tuple[str, datetime | None]:
    """(claim, moment) of an item's publication: of the first of its dates that can be, since some sites fill one in with 1970."""
    for claim in (item.published, item.updated):
        at = moments.read(claim, order).at
        if at is not None and (able := plausible(at.astimezone(UTC), fetched_at)) is not None:
            return claim if item.published else "", able
    return item.published, None


def person(author: str) -> str:
    """An author's name, without an address: "ann@paper.example (Ann Lee)" is Ann Lee, and an address alone is nobody."""
    name = plain.from_html(author)
    if "@" in name:
        named = _IN_BRACKETS.search(name)
        name = _EMPTY.sub("", named.group(1) if named else _MAIL.sub("", name))
    name = name.strip(" <>")
    if enclosed := _ENCLOSED.fullmatch(name):  # the address before it was taken away, or written with it
        name = next(filter(None, enclosed.groups())).strip()
    return name[:200]


def _link(url: str | None) -> str:
    """The URL, unless it holds a user name or password: such a one is nobody's article, and not ours to keep."""
    return "" if url is None or "@" in url.split("/")[2] else url


def plausible(when: datetime | None, seen_at: datetime) -> datetime | None:
    """The time, unless it lies before online news or more than a day after we saw it: then the claim was a slip."""
    return when if when is not None and EARLIEST <= when <= seen_at + AHEAD else None
