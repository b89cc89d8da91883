"""What a page says of its article as JSON-LD (schema.org)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extract import plain, words
from extract.read.blocks import fold
from extract.read.claims import careless

_ARTICLE = re.compile(r"(Article|BlogPosting|Report|Review)$")
_PAGE = re.compile(r"(WebPage|ItemPage|VideoObject|ImageGallery|MediaGallery|PodcastEpisode)$")
_FILM = re.compile(r"\s*(?:video|music)\b", re.IGNORECASE)  # what such a page calls itself (og:type)
_FREE = "isAccessibleForFree"
SHARED = 0.3  # of a headline's words: with fewer it is another article's
_BAIDU = "cambrian.jsonld"  # in the context of nodes for China's search engine, which have a title, pubDate, upDate
MAX_NODES = 5_000  # nodes of one page; the fullest of 1,100 real pages has 900


@dataclass(frozen=True, slots=True)
class Claims:
    """The article's node (or, failing one, the page's), read field by field."""

    types: frozenset[str] = frozenset()  # of every node on the page
    node: Any = None
    is_article: bool = False
    others: Mapping[str, dict[str, Any]] = field(default_factory=dict)  # nodes of the page by their @id
    baidu: str = ""  # when the page was published, by the one node that it has in Baidu's own form

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
                names = [n for n in _list(value.get("name")) if isinstance(n, str)] or _in_parts(value)
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

    @property
    def free(self) -> bool | None:
        """Whether all may read the article: not where a part of it is said to be locked, whatever the whole is said to be."""
        node = self.node or {}
        said = [_flag(part.get(_FREE)) for part in _list(node.get("hasPart")) if isinstance(part, dict)]
        return False if False in said else _flag(node.get(_FREE))


def _flag(value: Any) -> bool | None:
    """A yes-or-no property, which pages write in four ways."""
    return {"true": True, "1": True, "false": False, "0": False}.get(str(value).lower())


def read(tree: HtmlElement, url: str = "", titles: Sequence[str] = (), addresses: Sequence[str] = ()) -> Claims:
    """The JSON-LD claims of a page found at `url` and `addresses`, which its meta elements call so; empty where it makes none,
    or only of other articles, or they do not parse."""
    nodes: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for node in _nodes(careless.values(script.text)):
                nodes.append(node)
                if len(nodes) > MAX_NODES:
                    break
    types = frozenset(t for node in nodes for t in _types(node))
    others = {str(node["@id"]): node for node in nodes if isinstance(node.get("@id"), str) and node.get("name")}
    dated = [node.get("pubDate") for node in nodes if _BAIDU in str(node.get("@context"))]
    baidu = dated[0] if len(dated) == 1 and isinstance(dated[0], str) else ""
    told = {fold(text) for text in (*titles, *(plain.line(e.text_content()) for e in tree.iter("h1"))) if text}
    of_film = any(e.get("property") == "og:type" and _FILM.match(e.get("content") or "") for e in tree.iter("meta"))
    for pattern in (_ARTICLE, _PAGE):
        # Several article nodes are the article and its teasers; the article's says the page's headline, or is the fullest.
        chosen = [n for n in nodes if any(pattern.search(t) for t in _types(n))]
        chosen = [n for n in chosen if not _is_anothers(n, told, [url, *addresses], of_film)]
        if chosen:
            best = max(chosen, key=lambda node: (_is_of(node, told, url), _fullness(node)))
            return Claims(types, best, pattern is _ARTICLE, others, baidu)
    return Claims(types, baidu=baidu)


def _is_of(node: dict[str, Any], told: set[str], url: str) -> bool:
    """Whether an article's node is of this page: by its headline or its address."""
    headline = node.get("headline") or node.get("name")
    if isinstance(headline, str) and fold(plain.from_html(headline)) in told:
        return True
    return bool(url) and url.rstrip("/") in _places(node)


def _is_anothers(node: dict[str, Any], told: set[str], addresses: Sequence[str], of_film: bool) -> bool:
    """Whether a node is another article's: it names an address of its own, and its headline has hardly a word of this page's. A
    film needs no address for that, unless the page is one's: it is what an article shows."""
    places = {_spot(place) for place in _places(node)} - {""}
    own = set(words.words(plain.from_html(str(node.get("headline") or node.get("name") or ""))))
    is_shown = not of_film and any(t.endswith("VideoObject") for t in _types(node))
    if not (places or is_shown) or not own or not told or not places.isdisjoint(map(_spot, addresses)):
        return False
    return all(len(own & set(words.words(title))) < SHARED * len(own) for title in told)


def _places(node: dict[str, Any]) -> list[str]:
    page = node.get("mainEntityOfPage")
    places = [node.get("url"), node.get("@id"), page, page.get("@id") if isinstance(page, dict) else None]
    return [place.split("#")[0].rstrip("/") for place in places if isinstance(place, str)]


def _spot(address: str) -> str:
    """The last name of an address's path, by which its article is known; empty for a front page's."""
    try:
        return urlsplit(address).path.rstrip("/").rpartition("/")[2].lower()
    except ValueError:
        return ""


def _fullness(node: dict[str, Any]) -> int:
    return sum(
        bool(node.get(n))
        for n in ("headline", "datePublished", "author", "articleBody", "mainEntityOfPage", "publisher")
    )


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
    """A value as a list, whose members may be lists of one more."""
    if not isinstance(value, list):
        return [] if value is None else [value]
    return [one for part in value for one in (part if isinstance(part, list) else [part])]


def _in_parts(person: dict[str, Any]) -> list[str]:
    """The one name of who is given by first and last name."""
    parts = [part for key in ("givenName", "familyName") if isinstance(part := person.get(key), str) and part.strip()]
    return [" ".join(parts)] if len(parts) == 2 else []
