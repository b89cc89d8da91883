"""What a page says of its article as JSON-LD (schema.org)."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from extract import plain
from extract.read.blocks import fold

_ARTICLE = re.compile(r"(Article|BlogPosting|Report|Review)$")
_PAGE = re.compile(r"(WebPage|ItemPage|VideoObject|ImageGallery|MediaGallery|PodcastEpisode)$")
_WRAPPING = re.compile(r"^\s*(<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(-->|//\s*\]\]>|\]\]>|;)\s*$")
_COMMENT = re.compile(r"""("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/""", re.DOTALL)
_COMMA = re.compile(r",(\s*[}\]])")
_VALUE = re.compile(r"""("[\w@]{2,30}"\s*:\s*")(.{0,2000}?)(?="\s*(?:,\s*"[\w@]{2,30}"\s*:|[}\]]))""", re.DOTALL)
MAX_NODES = 5_000  # nodes of one page; the fullest of 1,100 real pages has 900


@dataclass(frozen=True, slots=True)
class Claims:
    """The article's node (or, failing one, the page's), read field by field."""

    types: frozenset[str] = frozenset()  # of every node on the page
    node: Any = None
    is_article: bool = False
    others: Mapping[str, dict[str, Any]] = field(default_factory=dict)  # nodes of the page by their @id

    def text(self, *names: str) -> str:
        """The first of these properties that is there, as one line of plain text."""
        for name in names:
            for value in _list((self.node or {}).get(name)):
                value = (
                    value.get("name") or value.get("url") or value.get("@value") if isinstance(value, dict) else value
                )
                if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
                    return plain.from_html(str(value))
        return ""

    def names(self, name: str, *, persons: bool | None = None) -> list[str]:
        """The names under a property: of persons, of organisations, or of both; a bare string counts as a person's."""
        found = []
        for value in _list((self.node or {}).get(name)):
            if isinstance(value, dict):
                value = self.others.get(str(value.get("@id")), value) if "name" not in value else value
                is_person = not any("Organization" in t or "Brand" in t for t in _types(value))
                names = [n for n in _list(value.get("name")) if isinstance(n, str)]
            else:
                is_person, names = True, [value] if isinstance(value, str) else []
            if persons is None or persons == is_person:
                found += [plain.from_html(n) for n in names]
        return [n for n in found if n]

    def unclear(self, name: str) -> list[str]:
        """The names under a property that are no person's by their type: organisations', and bare strings."""
        people = [
            value
            for value in _list((self.node or {}).get(name))
            if isinstance(value, dict) and "Person" in _types(value)
        ]
        told = {plain.from_html(n) for value in people for n in _list(value.get("name")) if isinstance(n, str)}
        return [found for found in self.names(name) if found not in told]

    def texts(self, name: str) -> list[str]:
        """A property that is a list, or a string with commas, as a list."""
        values = [v for v in _list((self.node or {}).get(name)) if isinstance(v, str)]
        return [
            part for v in values for part in map(plain.from_html, v.split(",") if len(values) == 1 else [v]) if part
        ]

    def flag(self, name: str) -> bool | None:
        """A yes-or-no property, which pages write in four ways."""
        value = str((self.node or {}).get(name, "")).lower()
        return {"true": True, "1": True, "false": False, "0": False}.get(value)


def read(tree: HtmlElement, url: str = "", titles: Sequence[str] = ()) -> Claims:
    """The JSON-LD claims of a page found at `url`, which its meta elements call so; empty where it makes none or they do not
    parse."""
    nodes: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "") and script.text:
            for node in _nodes(_load(script.text)):
                nodes.append(node)
                if len(nodes) > MAX_NODES:
                    break
    types = frozenset(t for node in nodes for t in _types(node))
    others = {str(node["@id"]): node for node in nodes if isinstance(node.get("@id"), str) and node.get("name")}
    told = {fold(text) for text in (*titles, *(plain.line(e.text_content()) for e in tree.iter("h1"))) if text}
    for pattern in (_ARTICLE, _PAGE):
        # Several article nodes are the article and its teasers; the article's says the page's headline, or is the fullest.
        chosen = [n for n in nodes if any(pattern.search(t) for t in _types(n))]
        if chosen:
            best = max(chosen, key=lambda node: (_is_of(node, told, url), _fullness(node)))
            return Claims(types, best, pattern is _ARTICLE, others)
    return Claims(types)


def _is_of(node: dict[str, Any], told: set[str], url: str) -> bool:
    """Whether an article's node is of this page: by its headline or its address."""
    headline = node.get("headline") or node.get("name")
    if isinstance(headline, str) and fold(plain.from_html(headline)) in told:
        return True
    page = node.get("mainEntityOfPage")
    places = [node.get("url"), node.get("@id"), page, page.get("@id") if isinstance(page, dict) else None]
    return bool(url) and any(
        isinstance(place, str) and place.split("#")[0].rstrip("/") == url.rstrip("/") for place in places
    )


def _fullness(node: dict[str, Any]) -> int:
    return sum(
        bool(node.get(n))
        for n in ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage", "publisher")
    )


def _load(text: str) -> Any:
    text = _WRAPPING.sub("", _WRAPPING.sub("", text.strip()))
    for repair in (str, _repaired, _requoted):
        try:
            return json.loads(repair(text), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _repaired(text: str) -> str:
    """JSON without what careless writers put into it: comments, and commas before a closing bracket."""
    return _COMMA.sub(r"\1", _COMMENT.sub(lambda found: found.group(1) or " ", text))


def _requoted(text: str) -> str:
    """JSON in whose texts quotation marks stand as they are printed."""
    return _VALUE.sub(lambda found: found.group(1) + re.sub(r'(?<!\\)"', r'\\"', found.group(2)), _repaired(text))


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            stack.extend(
                value[k] for k in ("mainEntity", "mainEntityOfPage", "@graph") if isinstance(value.get(k), dict | list)
            )


def _types(node: dict[str, Any]) -> list[str]:
    return [t for t in _list(node.get("@type")) if isinstance(t, str)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
