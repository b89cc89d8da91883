"""What a page says of its article as JSON-LD (schema.org)."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from extract import plain

_ARTICLE = re.compile(r"(Article|BlogPosting|Report|Review)$")
_PAGE = re.compile(r"(WebPage|ItemPage|VideoObject|ImageGallery|MediaGallery|PodcastEpisode)$")
_WRAPPING = re.compile(r"^\s*(<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(-->|//\s*\]\]>|\]\]>|;)\s*$")
MAX_NODES = 5_000  # nodes of one page; the fullest of 1,100 real pages has 900


@dataclass(frozen=True, slots=True)
class Claims:
    """The article's node (or, failing one, the page's), read field by field."""

    types: frozenset[str] = frozenset()  # of every node on the page
    node: Any = None
    is_article: bool = False

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
                is_person = not any("Organization" in t or "Brand" in t for t in _types(value))
                names = [n for n in _list(value.get("name")) if isinstance(n, str)]
            else:
                is_person, names = True, [value] if isinstance(value, str) else []
            if persons is None or persons == is_person:
                found += [plain.from_html(n) for n in names]
        return [n for n in found if n]

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


def read(tree: HtmlElement) -> Claims:
    """The JSON-LD claims of a page; empty where it makes none or they do not parse."""
    nodes = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "") and script.text:
            for node in _nodes(_load(script.text)):
                nodes.append(node)
                if len(nodes) > MAX_NODES:
                    break
    types = frozenset(t for node in nodes for t in _types(node))
    for pattern in (_ARTICLE, _PAGE):
        # Several article nodes are the article and its teasers; the article's is the fullest.
        chosen = [n for n in nodes if any(pattern.search(t) for t in _types(n))]
        if chosen:
            return Claims(types, max(chosen, key=_fullness), pattern is _ARTICLE)
    return Claims(types)


def _fullness(node: dict[str, Any]) -> int:
    return sum(
        bool(node.get(n))
        for n in ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage", "publisher")
    )


def _load(text: str) -> Any:
    text = _WRAPPING.sub("", _WRAPPING.sub("", text.strip()))
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


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
