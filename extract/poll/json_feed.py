"""JSON Feed to entries, by its specification (jsonfeed.org, 1.0 and 1.1)."""

import json
import re
from datetime import datetime
from typing import Any

from extract import plain, urls
from extract.errors import NotAFeed
from extract.poll import paging
from extract.poll.document import text_of
from extract.poll.items import Item, entries
from extract.records import Feed, FeedDocument

# A comma behind the last of a list; a text stays as it is.
_COMMAS = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+"?+)|,(?=\s*[\]}])', re.DOTALL)


def loaded(body: bytes) -> Any:
    """A JSON document; one made by hand may have a comma behind the last of a list. Raises ValueError."""
    text = text_of(body).lstrip("\ufeff")
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return json.loads(_COMMAS.sub(r"\1", text), strict=False)


def parse(body: bytes, feed: Feed, url: str, fetched_at: datetime) -> FeedDocument:
    """The entries of a JSON Feed; raises NotAFeed."""
    try:
        document = loaded(body)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"{url}: starts like JSON and does not parse") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise NotAFeed(f"{url}: is JSON, but no JSON Feed (no list of items)")
    items = [item for item in document["items"] if isinstance(item, dict)]
    signed = _authors(document)
    language = _text(document, "language")
    found, left = entries(items, lambda item: _item(item, signed), feed, url, fetched_at, language)
    return FeedDocument(
        title=plain.from_html(_text(document, "title"))[:500],
        site_url=urls.canonical(_text(document, "home_page_url"), base=url) or "",
        entries=found,
        left_out=left,
        older=paging.older([("next", _text(document, "next_url"))], "", url),
        format="json" + _text(document, "version").rsplit("/", 1)[-1].replace(".", "")[:4],
    )


def _authors(record: dict[str, Any]) -> tuple[str, ...]:
    """The people that a feed or an item names, in either version's way; some write one where a list should be, or the bare name."""
    named = record.get("authors") or record.get("author")
    people = named if isinstance(named, list) else [named]
    return tuple(filter(None, (one if isinstance(one, str) else _text(one, "name") for one in people)))


def _item(item: dict[str, Any], signed: tuple[str, ...]) -> Item:
    """An item; `signed` are the feed's own authors, for one that names none."""
    tags = item.get("tags")
    return Item(
        link=_text(item, "url") or _text(item, "external_url"),
        guid=_text(item, "id"),
        title=_text(item, "title"),
        summary=_text(item, "summary") or _text(item, "content_text")[:500],
        plain=frozenset(("title", "summary") if _text(item, "content_html") else ("title", "summary", "content")),
        authors=_authors(item) or signed,
        published=_text(item, "date_published") or _text(item, "date_modified"),
        updated=_text(item, "date_modified"),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        content=_text(item, "content_html") or _text(item, "content_text"),
    )


def _text(record: Any, name: str) -> str:
    value = record.get(name) if isinstance(record, dict) else None
    return str(value) if isinstance(value, str | int | float) else ""
