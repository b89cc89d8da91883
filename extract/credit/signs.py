"""Where on a page a credit can stand: from the headline into the text, and from its last lines to just below."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from extract import urls
from extract.read import terms
from extract.read.blocks import Block, is_beside
from extract.read.body.text import Text
from extract.read.layout import Layout
from extract.read.people import authors
from extract.vocabulary import CreditFrom

Stand = Literal["byline", "field", "above", "head", "opening", "closing", "below", "foot", "note"]

OPENING, CLOSING = 4, 6  # paragraphs of a bare text that count as its opening and its closing
FIRST, LAST = 3, 4  # of a page's, where head and foot are lines of their own
ABOVE, BELOW = 8, 8  # lines between headline and text, and below the text
LINE = 25  # words at most of a line above the text
OVER = 15  # lines above the headline
SHORT = 14  # words at most of a first paragraph that may be a line above the text

_AUTHOR_META = (
    "author",
    "article:author",
    "og:article:author",
    "dc.source",
    "sourcesite",
    "dc.creator",
    "source",
    "dcsext.contentprovider",
)
_HALF = re.compile(
    rf"^\W*(?:(?:{terms.pattern('by', 'source', 'author', 'copyright')}|©|\(c\)|\d{{4}})\W*)+$", re.IGNORECASE
)
_PICTURE = re.compile(rf"\b(?:{terms.pattern('photo')})\b", re.IGNORECASE)
_NOTE = re.compile(
    rf"^\W*(?:(?:{terms.pattern('with')})\s+(?:\w+\s+){{0,2}}(?:{terms.pattern('material')})|(?:{terms.pattern('material')})\s+(?:{terms.pattern('material')})|"
    rf"(?:{terms.pattern('contributed', 'material')})\s*:|(?:{terms.pattern('with')})\s+(?:\w+\s+){{0,3}}(?:agences?|agencias|agências|agenturen|agencies)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line where a credit can stand."""

    place: Stand
    text: str
    source: CreditFrom | None = None  # jsonld or meta, for a field


@dataclass(frozen=True, slots=True)
class Signs:
    """The places of one article where a credit can stand, the best first."""

    site: str
    lines: tuple[Line, ...]


def of_page(page: Layout, told: Text, byline: str) -> Signs:
    """The places of a page where its article's credit can stand."""
    lines = [Line("byline", byline), *_fields(page), *_around(page, told.places)]
    lines += _of_paragraphs(told.script, FIRST, LAST, ABOVE) if told.script else []
    return Signs(urls.site(page.url), tuple(line for line in lines if line.text))


def of_text(text: str, authors: Sequence[str], site: str) -> Signs:
    """The places of an article of which only the text and who signed it, as printed, are known."""
    lines = [line for line in text.splitlines() if line.strip()]
    pictured = any(_PICTURE.search(author) for author in authors)  # then nobody tells whose name is a photographer's
    signed = [Line("byline", author) for author in authors if author and not pictured]
    return Signs(site, (*signed, *_of_paragraphs(lines, OPENING, CLOSING, OPENING)))


def _fields(page: Layout) -> Iterator[Line]:
    """The senders that a page names for machines."""
    for field in ("author", "creator", "sourceOrganization"):
        yield from (Line("field", name, "jsonld") for name in page.claims.names(field))
    for field in _AUTHOR_META:
        yield from (Line("field", name, "meta") for name in page.meta.all(field))


def _around(page: Layout, body: Sequence[int]) -> Iterator[Line]:
    """The lines above the text, its paragraphs, and the lines below."""
    walked = page.blocks
    first, last = (min(body), max(body)) if body else (0, -1)
    headline = page.headline if page.headline is not None and page.headline < first else max(0, first - ABOVE)
    outside = [n for n in range(headline + 1, max(first, min(last, first + ABOVE))) if n not in body]
    left = [walked[n] for n in outside if not is_beside(walked[n])]
    above = _no_rows([b for b in left if b.words <= LINE])
    marked = [b for b in walked[headline + 1 : first] if b.words <= 6 and authors.is_signed(b)]
    yield from (Line("byline", b.spaced) for b in marked)
    yield from (Line("above", b.spaced) for b in walked[max(0, headline - OVER) : headline] if b.words <= SHORT)
    yield from (Line("head", text) for text in _joined(above[-2 * ABOVE :]))
    yield from (Line("opening", b.spaced) for b in left if b.words > LINE)
    yield from _of_paragraphs([walked[n].spaced for n in body], FIRST, LAST, ABOVE)
    if body:
        taken = set(body)
        below = [
            walked[n] for n in range(max(first, last - BELOW), last + 1 + BELOW) if n < len(walked) and n not in taken
        ]
        below = [b for b in below if b.words <= 80]
        at_foot = [is_beside(b) or b.link_density >= 0.5 for b in below]
        yield from (
            Line("below", text) for text in _joined(b for b, foot in zip(below, at_foot, strict=True) if not foot)
        )
        yield from (Line("foot", text) for text in _joined(b for b, foot in zip(below, at_foot, strict=True) if foot))


def _of_paragraphs(paragraphs: Sequence[str], first: int, last: int, short_ones: int = 0) -> Iterator[Line]:
    """The first and the last paragraphs; as many short ones more may stand among the first."""
    short = [len(text.split()) <= SHORT for text in paragraphs]
    for number, text in enumerate(paragraphs[: first + short_ones]):
        if number - sum(short[:number]) < first:
            yield Line("head" if short[number] else "opening", text)
    yield from (Line("closing", text) for text in paragraphs[-last:])
    yield from (Line("note", text) for text in paragraphs[first:-last] if _NOTE.match(text))


def _no_rows(blocks: Sequence[Block]) -> list[Block]:
    """Without links in a row, which are topics, not authors."""
    linked = [b.link_density > 0.5 for b in blocks]
    return [
        b for n, b in enumerate(blocks) if not (linked[n] and any(linked[max(0, n - 1) : n] + linked[n + 1 : n + 2]))
    ]


def _joined(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines of blocks; one that is only a "by", a label or a copyright sign is joined to the next."""
    held = ""
    for block in blocks:
        text = f"{held} {block.spaced}".strip()
        held = text if _HALF.match(text) else ""
        if not held:
            yield text
