"""Items cut out of a list (a feed, a sitemap) at their byte boundaries: what stays is as it came, and reads as before.

A cut is believed only once what is left has been read anew and says the same of everything that stays. A list that cannot be
cut cleanly (a document in which items do not stand side by side) is told as such. A section page is written anew, for what is
printed around a link may tell of it.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from extract import urls
from extract.errors import NotAFeed
from extract.poll import document, feeds, json_feed, sections
from extract.poll.items import MOST
from extract.records import Entry, Feed, FeedDocument
from extract.vocabulary import PAGE

SHARED = 3  # words of a headline that a page's title has, for it to tell of it
LONG = 5  # letters of the telling part of an address that stand nowhere by chance

Gone = Callable[[Entry], bool]

# Where items begin and end; what stands in a CDATA section or a comment is text.
_MARKS = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<(/?)(?:[\w.-]{1,20}:)?(item|entry|url)(?:\s[^>]{0,2000})?(/?)>",
    re.DOTALL | re.IGNORECASE,
)
# RDF says beside its items, in the channel, which they are.
_MEMBER = re.compile(
    rb"<(?:\w+:)?li\b[^>]{0,2000}?resource\s*=\s*[\"']([^\"']{1,2000})[\"'][^>]{0,200}?(?:/>|>\s*</(?:\w+:)?li>)",
    re.IGNORECASE,
)


def cut(
    body: bytes,
    feed: Feed,
    url: str,
    fetched_at: datetime,
    content_type: str,
    keys: frozenset[int],
    links: frozenset[str],
) -> bytes | None:
    """A list as it was found at `url`, without the items whose entries have one of these keys or links; the same bytes where it
    has none. None where they cannot be cut out cleanly. Raises NotAFeed where the bytes are no list at all."""

    def gone(entry: Entry) -> bool:
        return entry.entry_id in keys or entry.url in links

    def read(part: bytes) -> FeedDocument:
        return feeds.parse(part, feed, url, fetched_at, content_type)

    came, body = body, document.unpacked(body)
    before = read(body)
    told = (before.format == PAGE and _stands_in(body, link) for link in links)  # in a menu, or for a script
    if not any(map(gone, before.entries)) and not before.left_out and not any(told):
        return came
    is_gone = _by_all_signs(before.entries, gone)
    left: bytes | None
    try:
        if before.format == PAGE:
            left = _from_page(before, is_gone)
        elif before.format.startswith("json"):
            left = _from_json(body, read, is_gone)
        else:
            left = _from_xml(body, before.format, read, is_gone, feed, url)
        if left is None or left == body:
            return None if any(map(gone, before.entries)) else came
        after = read(left)
    except NotAFeed:  # nothing is left in it
        return None
    stays = _told(entry for entry in before.entries if not is_gone(entry))
    now = _told(after.entries)
    whole = now == stays if len(before.entries) < MOST else stays <= now
    return left if whole and not any(map(is_gone, after.entries)) else None


def telling(url: str) -> str:
    """The part of an address that tells it from others of its site, however it is written on a page."""
    parts = urlsplit(url)
    longest = max(f"{parts.path}?{parts.query}".replace("&", "?").replace("=", "?").split("?"), key=len)
    return longest.rstrip("/").rsplit("/", 1)[-1]


def _stands_in(body: bytes, url: str) -> bool:
    part = telling(url)
    words = (part if len(part) >= LONG else urlsplit(url).path.rstrip("/")).encode()
    if not words or words not in body:
        return False
    return re.search(rb"(?<![\w%-])" + re.escape(words) + rb"(?![\w%-])", body) is not None


def _by_all_signs(found: Sequence[Entry], gone: Gone) -> Gone:
    """An item read alone has another key where its link stands at several items: it is known by what it says too."""
    said = {(entry.url, entry.guid, entry.title) for entry in found if gone(entry)}
    return lambda entry: gone(entry) or (entry.url, entry.guid, entry.title) in said


def _told(found: Iterable[Entry]) -> Counter[tuple[str, str, str]]:
    return Counter((entry.url, entry.guid, entry.title) for entry in found)


def _from_page(before: FeedDocument, gone: Gone) -> bytes:
    told = any(_shares_words(entry.title, before.title) for entry in before.entries if gone(entry))
    return sections.bare("" if told else before.title, [entry for entry in before.entries if not gone(entry)])


def _shares_words(headline: str, title: str) -> bool:
    """Whether a title has a headline, or so many of its words one after the other, as one that is cut short has."""
    words, those = (re.findall(r"\w+", text.casefold()) for text in (headline, title))
    most = min(SHARED, len(words))
    runs = {tuple(those[at : at + most]) for at in range(len(those) - most + 1)}
    return most > 0 and any(tuple(words[at : at + most]) in runs for at in range(len(words) - most + 1))


def _from_json(body: bytes, read: Callable[[bytes], FeedDocument], gone: Gone) -> bytes:
    whole = json_feed.loaded(body)

    def stays(item: object) -> bool:
        return not any(map(gone, read(json.dumps(whole | {"items": [item]}).encode()).entries))

    items = [item for item in whole["items"] if stays(item)]
    if len(items) == len(whole["items"]):
        return body
    return json.dumps(whole | {"items": items}, ensure_ascii=False).encode("utf-8", "replace")


def _from_xml(
    body: bytes, form: str, read: Callable[[bytes], FeedDocument], gone: Gone, feed: Feed, url: str
) -> bytes | None:
    spans = _spans(body, (b"url",) if "sitemap" in form else (b"item", b"entry"))
    if not spans:
        return None
    head, tail = body[: spans[0][0]], body[spans[-1][1] :]

    def goes(span: tuple[int, int]) -> bool:
        try:
            return any(map(gone, read(head + body[slice(*span)] + tail).entries))
        except NotAFeed:  # of a sitemap one that says no news
            return False

    left, at = [], 0
    for start, end in filter(goes, spans):
        left.append(body[at:start].rstrip(b" \t"))
        at = end
    if not left:
        return body

    def member(found: re.Match[bytes]) -> bytes:
        address = urls.canonical(html.unescape(found.group(1).decode("utf-8", "replace")), base=url) or ""
        return b"" if gone(Entry(0, feed.feed_id, address)) else found.group()

    return _MEMBER.sub(member, b"".join([*left, body[at:]]))


def _spans(body: bytes, names: Sequence[bytes]) -> list[tuple[int, int]]:
    """From where to where each item stands; none where one stands in another or has no end."""
    spans: list[tuple[int, int]] = []
    start = None
    for mark in _MARKS.finditer(body):
        closes, name, alone = mark.groups()
        if name is None or name.lower() not in names or alone:
            continue
        if bool(closes) == (start is None):
            return []
        if start is None:
            start = mark.start()
        else:
            spans.append((start, mark.end()))
            start = None
    return spans if start is None else []
