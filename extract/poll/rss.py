"""RSS 2.0 as it should be, read in one walk: what feedparser makes of it, in less time. Whatever is not plainly that
(another version, markup inside of texts, an element or attribute that is not listed here, one too many) is feedparser's.

tests/test_rss.py holds it against feedparser.
"""

import contextlib
import re
from collections import Counter
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

VERSION = "rss20"  # as feedparser names it
TAGS = 50  # of an item; of more, feedparser has other ones
_DC, _CONTENT = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/rss/1.0/modules/content/}"
_MEDIA, _SLASH = "{http://search.yahoo.com/mrss/}", "{http://purl.org/rss/1.0/modules/slash/}"
_WFW, _SY = "{http://wellformedweb.org/CommentAPI/}", "{http://purl.org/rss/1.0/modules/syndication/}"
_ATOM = "{http://www.w3.org/2005/Atom}link"
# Texts: element → what feedparser calls it.
_ITEM = {
    "title": "title",
    "link": "link",
    "guid": "id",
    "description": "summary",
    "pubDate": "published",
    f"{_CONTENT}encoded": "content",
}
_PEOPLE = frozenset(("author", f"{_DC}creator"))
_SUBJECTS = frozenset(("category", f"{_DC}subject"))
_FEED = {
    "title": "title",
    "link": "link",
    "language": "language",
    "ttl": "ttl",
    "generator": "generator",
    f"{_SY}updatePeriod": "sy_updateperiod",
    f"{_SY}updateFrequency": "sy_updatefrequency",
}
# Elements that tell us nothing, → their attributes; None: whatever they have.
_IDLE: dict[str, frozenset[str] | None] = {
    **dict.fromkeys(("comments", f"{_SLASH}comments", f"{_WFW}commentRss"), frozenset()),
    "source": frozenset(("url",)),
    **dict.fromkeys(("enclosure", f"{_MEDIA}content", f"{_MEDIA}thumbnail")),
}
_IDLE_FEED = frozenset(
    (
        "description",
        "lastBuildDate",
        "pubDate",
        "copyright",
        "managingEditor",
        "webMaster",
        "docs",
        "image",
        "skipHours",
        "skipDays",
        f"{_SY}updateBase",
    )
)
_IN_IMAGE = frozenset(("title", "url", "link", "width", "height", "description"))
_ALLOWED = {"guid": frozenset(("isPermaLink",)), "category": frozenset(("domain",))}
_NONE = frozenset[str]()

_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
_WINDOWS = {n: bytes([n]).decode("cp1252") for n in range(0x80, 0xA0) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


class _Otherwise(Exception):
    """It is not plainly RSS 2.0."""


def read(body: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """The properties of the feed and of its items, by feedparser's names, those that we look at; None where it is feedparser's.
    `body` is a document as `document.mended` gives it."""
    if body.find(b"<rss", 0, 2000) < 0:
        return None
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
        return _document(root)
    except (etree.XMLSyntaxError, _Otherwise):
        return None


def _document(root: Element) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    channels = list(root)
    if root.tag != "rss" or dict(root.attrib) != {"version": "2.0"} or [one.tag for one in channels] != ["channel"]:
        raise _Otherwise
    (channel,) = channels
    _only(channel, _NONE)
    feed: dict[str, Any] = {"links": []}
    entries = []
    for element in channel:
        tag = str(element.tag)
        if tag == "item":
            entries.append(_item(element))
        elif tag == _ATOM:
            feed["links"].append(_onward(element))
        elif tag in _FEED:
            _only(element, _NONE)
            _once(feed, _FEED[tag], _text(element))
        elif tag in _IDLE_FEED:
            _idle(element)
        else:
            raise _Otherwise
    if "link" in feed:
        feed["link"] = _REFERENCE.sub(r"&\g<1>", _resolved(feed["link"]))
    return feed, entries


def _item(item: Element) -> dict[str, Any]:
    _only(item, _NONE)
    found: dict[str, Any] = {}
    people, subjects = list[str](), list[str]()
    for element in item:
        tag = str(element.tag)
        if tag in _ITEM:
            _only(element, _ALLOWED.get(tag, _NONE))
            _once(found, _ITEM[tag], _text(element))
            if tag == "guid":
                found["guidislink"] = element.get("isPermaLink", "true") == "true"
        elif tag in _PEOPLE:
            _only(element, _NONE)
            people.append(_text(element))
        elif tag in _SUBJECTS:
            _only(element, _ALLOWED.get(tag, _NONE))
            subjects.append(_text(element))
        elif tag in _IDLE:
            _only(element, _IDLE[tag])
            if len(element):
                raise _Otherwise
        else:
            raise _Otherwise
    if len(subjects) > TAGS or not all(subjects) or any("@" in name for name in people):
        raise _Otherwise
    if "link" in found:
        found["link"] = _REFERENCE.sub(r"&\g<1>", _resolved(found["link"]).replace("&amp;", "&"))
    if found.pop("guidislink", False):
        found["id"] = _resolved(found["id"])
        found.setdefault("link", found["id"])
    if "content" in found:
        found.setdefault("summary", found["content"])
        found["content"] = [{"value": found["content"]}]
    if people:
        found |= {"author": people[-1], "authors": [{"name": name} for name in people]}
    return found | {"tags": [{"term": subject} for subject in dict.fromkeys(subjects)]}


def _text(element: Element) -> str:
    """A text as feedparser has it: letters that were made UTF-8 twice, or meant windows-1252, are what was meant."""
    if len(element):
        raise _Otherwise
    text = (element.text or "").strip()
    if text.isascii():
        return text
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_WINDOWS)


def _resolved(address: str) -> str:
    return _SLASHES.sub(r"\1\3", address)


def _onward(link: Element) -> dict[str, str]:
    """A link of Atom's in the channel; the page's own is feedparser's matter."""
    attributes = {str(name).lower(): str(value) for name, value in link.attrib.items()}
    rel = attributes.get("rel", "").lower()
    if (
        rel in ("", "alternate")
        or "href" not in attributes
        or not attributes.keys() <= {"rel", "href", "type", "title"}
    ):
        raise _Otherwise
    return {"rel": rel, "href": _resolved(attributes["href"])}


def _idle(element: Element) -> None:
    _only(element, _NONE)
    inside = Counter(str(child.tag) for child in element)
    known = {"image": _IN_IMAGE, "skipHours": {"hour"}, "skipDays": {"day"}}.get(str(element.tag), _NONE)
    if not inside.keys() <= known or any(len(child) or child.attrib for child in element):
        raise _Otherwise


def _only(element: Element, attributes: frozenset[str] | None) -> None:
    """Let it have no other attributes than these; with None, any but those that change what is inside."""
    names = set(map(str, element.attrib))
    if names - attributes if attributes is not None else {"base", "lang"} & names or any("{" in name for name in names):
        raise _Otherwise


def _once(found: dict[str, Any], name: str, text: str) -> None:
    if name in found:
        raise _Otherwise
    found[name] = text
