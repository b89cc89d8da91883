"""Where on a page a credit could stand: from the headline into the text, and from its last lines to just below."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extract import urls
from extract.read import authors
from extract.read.blocks import is_beside
from extract.read.layout import Layout
from extract.read.text import Text
from extract.vocabulary import CreditFrom

_AUTHOR_META = ("author", "article:author", "og:article:author", "dc.source", "sourcesite", "dc.creator", "source")
_NOTE = re.compile(
    r"^\W*(?:mit (?:material|agenturmaterial|informationen)|(?:with )?additional reporting|with (?:reporting|files|material|inputs?)|"
    r"contributing\s*:|avec (?:les? )?agences?|con información|com informações|met informatie)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signs:
    """The places of one article where a credit can stand."""

    site: str = ""
    byline: str = ""
    structured: tuple[tuple[CreditFrom, str], ...] = ()  # (jsonld, meta or byline, name): authors, creators, sources
    head: tuple[str, ...] = ()  # lines from under the headline through the first paragraphs
    tail: tuple[str, ...] = ()  # the last paragraphs and what stands right below them
    notes: tuple[str, ...] = ()  # paragraphs between that say who contributed


def signs(page: Layout, told: Text, byline: str) -> Signs:
    """The places of a page where its article's credit can stand."""
    walked, body = page.blocks, told.places
    names: list[tuple[CreditFrom, str]] = [
        ("jsonld", n) for field in ("author", "creator", "sourceOrganization") for n in page.claims.names(field)
    ]
    names += [("meta", n) for field in _AUTHOR_META for n in page.meta.all(field)]
    first, last = (min(body), max(body)) if body else (0, -1)
    headline = page.headline if page.headline is not None and page.headline < first else first
    above = [b for b in walked[headline + 1 : first] if b.words <= 25]
    linked = [b.link_density > 0.5 for b in above]  # two links in a row are topics, not authors
    rows = [any(linked[max(0, n - 1) : n] + linked[n + 1 : n + 2]) and linked[n] for n in range(len(above))]
    between = [b for b, in_row in zip(above, rows, strict=True) if not is_beside(b) and not in_row]
    names += [("byline", b.text) for b in above if b.words <= 6 and authors.is_marked(b)]
    opening = [walked[n] for n in body[:3]]
    below = (
        [b for b in walked[last + 1 : last + 9] if b.words <= 80 and b.link_density < 0.5 and not is_beside(b)]
        if body
        else []
    )
    return Signs(
        site=urls.site(page.url),
        byline=byline,
        structured=tuple(names),
        head=(*(b.text for b in [*between[-6:], *opening]), *told.script[:3]),
        tail=tuple(told.script[-4:]) or tuple(b.text for b in [*(walked[n] for n in body[-4:]), *below]),
        notes=notes(walked[n].text for n in body),
    )


def notes(lines: Iterable[str]) -> tuple[str, ...]:
    """Of a text's paragraphs those that say who contributed, wherever they stand."""
    return tuple(line for line in lines if _NOTE.match(line))
