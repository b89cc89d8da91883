"""feedparser's own cases, where their `Expect:` line speaks of something newsduck keeps: what it keeps is what they say."""

import ast
import calendar
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extract import plain, urls
from extract.errors import NotAFeed
from extract.poll import feeds
from extract.poll.items import plausible
from extract.records import Feed, FeedDocument

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "http://127.0.0.1:8097/feed"  # where feedparser's own tests serve them
_EXPECT = re.compile(rb"Expect:\s*(.+?)\s*(?:-->|$)", re.MULTILINE)
_PLACE = re.compile(r"(?:entries\[0\]|feed)\['\w+'\]")
OTHERWISE = {
    "734208_http_entry_id_base_content_location.xml": "a GUID is kept as printed, not as an address",
    "e44eff_lang.xml": "an entity is the letter that HTML has for it today",
    "fe1aaf_entry_title_text_plain_brackets.xml": "a title that is text is not read as HTML, as feedparser expects too",
    "192b4c_media_group.xml": "a picture's words are not the item's",
}


def claims(path: Path) -> list[tuple[str, str, Any]]:
    """(record, field, value) for each equation of a case's Expect line that is one with a literal."""
    found = _EXPECT.search(path.read_bytes()[:4000])
    if found is None:
        return []
    try:
        tree = ast.parse(found.group(1).decode("utf-8"), mode="eval").body
    except (SyntaxError, UnicodeDecodeError):
        return []
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    equations = []
    for part in parts:
        if (
            isinstance(part, ast.Compare)
            and isinstance(part.ops[0], ast.Eq)
            and _PLACE.fullmatch(ast.unparse(part.left))
        ):
            try:
                value = ast.literal_eval(part.comparators[0])
            except ValueError:
                continue
            place = ast.unparse(part.left)
            record, field = place.split("[")[0], place.split("'")[-2]
            equations.append((record, field, value))
    return equations


def kept(document: FeedDocument, record: str, field: str) -> Any:
    """What newsduck keeps of that; None where it keeps nothing of the kind."""
    if record == "feed":
        return {"title": document.title}.get(field)
    if not document.entries:
        return None
    entry = document.entries[0]
    return {
        "title": entry.title,
        "description": entry.summary,
        "summary": entry.summary,
        "link": entry.url,
        "id": entry.guid,
        "author": ", ".join(entry.authors),
        "published_parsed": entry.published_at,
        "updated_parsed": entry.published_at,
    }.get(field)


def as_kept(field: str, value: Any) -> Any:
    """What feedparser expects, in the form newsduck keeps: plain text, canonical links, times that can be."""
    if field.endswith("_parsed"):
        return plausible(datetime.fromtimestamp(calendar.timegm(value), UTC), NOW) if value else None
    if field == "link":
        return urls.canonical(value, base=URL) or ""
    return plain.line(value) if field == "id" else plain.from_html(value)


def test_what_feedparser_expects_is_what_is_kept(real: Path) -> None:
    checked, wrong = 0, []
    for path in sorted((real / "data/feeds/feedparser").glob("*.xml")):
        equations = claims(path)
        if not equations or path.name in OTHERWISE:
            continue
        header = re.search(rb"Content-type:\s*([^\r\n]+)", path.read_bytes()[:2000])
        try:
            document = feeds.parse(
                path.read_bytes(), Feed(1, URL), URL, NOW, header.group(1).decode() if header else ""
            )
        except NotAFeed:
            continue
        for record, field, value in equations:
            found = kept(document, record, field)
            if found is not None:
                checked += 1
                if found != as_kept(field, value):
                    wrong.append((path.name, field, found, as_kept(field, value)))
    assert checked > 290
    assert wrong == []
