"""JSON Feed to entries, by its specification (jsonfeed.org, 1.0 and 1.1)."""

import json
from datetime import datetime
from typing import Any

from extract import plain, urls
from extract.errors import NotAFeed
from extract.poll import paging
from extract.poll.items import Item, entries, iso
from extract.records import Feed, FeedDocument


def parse(body: bytes, feed: Feed, url: str, fetched_at: datetime, most: int) -> FeedDocument:
    """The entries of a JSON Feed, `most` at most; raises NotAFeed."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"{url}: starts like JSON and does not parse") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise NotAFeed(f"{url}: is JSON, but no JSON Feed (no list of items)")
    items = [item for item in document["items"] if isinstance(item, dict)]
    found, odd = entries(items[:most], _item, feed, url, fetched_at)
    return FeedDocument(
        title=plain.from_html(_text(document, "title"))[:500],
        site_url=urls.canonical(_text(document, "home_page_url"), base=url) or "",
        entries=found,
        left_out=max(0, len(items) - most) + odd,
        older=paging.older([("next", _text(document, "next_url"))], "", url),
        format="json" + _text(document, "version").rsplit("/", 1)[-1].replace(".", "")[:4],
    )


def _item(item: dict[str, Any]) -> Item:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags")
    published = _text(item, "date_published")
    return Item(
        link=_text(item, "url") or _text(item, "external_url"),
        guid=_text(item, "id"),
        title=_text(item, "title"),
        summary=_text(item, "summary") or _text(item, "content_text")[:500],
        authors=tuple(_text(author, "name") for author in authors or []),
        published=published,
        published_at=iso(published),
        updated=_text(item, "date_modified"),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        content=_text(item, "content_html") or _text(item, "content_text"),
    )


def _text(record: Any, name: str) -> str:
    value = record.get(name) if isinstance(record, dict) else None
    return str(value) if isinstance(value, str | int | float) else ""
