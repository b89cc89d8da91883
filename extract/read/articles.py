"""Page to article. trafilatura finds the text; newsduck decides what of it is the article's and reads the rest.

bytes → tree → blocks → lines of the body → standfirst, text
           └→ JSON-LD, meta → title, byline, authors, dates …
                               both → kind of page, agency
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import htmldate
import lxml.html
import py3langid
from lxml.html import HtmlElement

from extract import plain, urls
from extract.credit import agencies, credits
from extract.keys import key
from extract.poll.items import plausible
from extract.read import (
    authors,
    blocks,
    boilerplate,
    dates,
    jsonld,
    kinds,
    metadata,
    outlets,
    places,
    scripts,
    standfirsts,
)
from extract.read.blocks import Block, count, fold, is_beside
from extract.read.body import BEHIND, EXTRACTOR, around, parse
from extract.read.body import lines as body_lines
from extract.read.habits import masks, telling
from extract.read.meta import Meta
from extract.records import Article, Entry, Observation, Place
from extract.vocabulary import CreditFrom, DateFrom, TextFrom

VERSION = 2  # of the reader; part of each row, so that what an older one read can be found and read again
PLACE = "place"  # for the extractor, where the body was read at its site's place
SHORT = 150  # words: a text of fewer may be the rest of one that only the page's scripts carry


def read(
    body: bytes,
    url: str,
    content_type: str = "",
    fetched_at: datetime | None = None,
    extra_agencies: tuple[Path, ...] = (),
    repeated: frozenset[int] = frozenset(),
    claimed_title: str = "",
    known_places: Sequence[Place] = (),
) -> Article:
    """The article on a page that was found at `url`; its `kind` says what the page is where it is none.

    `repeated` are the masks of blocks that the site prints on many pages (see `habits`), `claimed_title` the headline
    that a feed gives: one more vote for the title. A body that stands in one of `known_places` is read from there, in a
    third of the time, where the page passes the check (see `places`).

    Raises Refused where the bytes are no HTML at all. Takes a few milliseconds for each ten kilobytes, and on hostile
    pages for ever: call it in a Sandbox.
    """
    tree = parse(body, url, content_type)
    seen_at = fetched_at or datetime.now(UTC)
    known = agencies.load(*extra_agencies)
    placed = places.find(tree, known_places)
    walked, found_lines = placed or (blocks.walk(tree), [])
    claims = jsonld.read(tree)
    found = metadata.read(
        tree,
        walked,
        claims,
        url,
        claimed_title,
        lambda name: bool(known.whole(name)),
        lambda: _search_date(around(tree, walked[0].path[0]) if placed else body),
    )
    standfirst = standfirsts.marked(walked, found.title, found.description)
    lines = [walked[n].text for n in found_lines] or body_lines(tree, walked)
    chosen = boilerplate.choose(lines, walked, found.title, standfirst, repeated)
    standfirst = standfirst or standfirsts.above(walked, found.title, [place for _, place in chosen])
    text = plain.paragraphs("\n".join(line for line, _ in chosen))
    words = count(text)
    signs = _signs(tree, walked, claims, found, [p for _, p in chosen if p < len(walked)], url)
    if words < SHORT and BEHIND * count(stated := plain.paragraphs(scripts.body(tree, found.title))) > words:
        text, words, lines = stated, count(stated), stated.splitlines()
        signs = replace(signs, head=(*signs.head, *lines[:3]), tail=tuple(lines[-4:]))
    published = plausible(found.published, seen_at)
    return Article(
        article_id=key(url),
        url=url,
        title=found.title,
        standfirst=standfirst,
        byline=found.byline,
        authors=found.authors,
        signed_by=found.signed_by,
        text=text,
        words=words,
        language=_language(text or found.title, found.language_claim),
        outlet=found.outlet,
        site=urls.site(url),
        kind=kinds.decide_kind(tree, walked, claims, url, found.title, text, words),
        published_at=published,
        published_from=found.published_from if published else "",
        published_precision=found.published_precision if published else "",
        published_claim=found.published_claim,
        modified_at=plausible(found.modified, seen_at),
        canonical_url=found.canonical_url,
        image=found.image,
        image_caption=found.image_caption,
        image_credit=found.image_credit,
        section=found.section[:200],
        tags=found.tags,
        description=found.description[:2000],
        free=found.free,
        credits=credits.credits(signs, known),
        fetched_at=fetched_at,
        text_hash=text_hash(found.title, standfirst, text),
        extractor=PLACE if placed else EXTRACTOR,
        masks=telling(walked),
        taught=None if placed else _taught(walked, chosen, found.title),
    )


def warm() -> None:
    """Load what a first reading loads: the language model, agencies, what dates and domains are told by. It takes a second,
    which is nobody's page's."""
    words = "The ferry to the island does not run today, said the line, and asked all who wait for patience. " * 8
    page = f"<html><head><title>A warm-up</title></head><body><article><h1>A warm-up</h1><p>{words}</p></article></body></html>"
    read(page.encode(), "https://warm.example/1", "text/html; charset=utf-8", datetime(2026, 1, 1, tzinfo=UTC))


def _taught(walked: Sequence[Block], chosen: Sequence[tuple[str, int]], title: str) -> Observation | None:
    body = sorted({place for _, place in chosen if place < len(walked)})
    return places.observe(walked, body, boilerplate.headline(walked, title))


def habits(body: bytes, url: str, content_type: str = "") -> tuple[str, tuple[int, ...]]:
    """(title, masks of all blocks) of a page: what `habits.decide_repeated` learns a site's habits from."""
    tree = parse(body, url, content_type)
    title = next((plain.line(e.text_content()) for e in tree.iter("title")), "")
    return title, masks(blocks.walk(tree))


def from_entry(entry: Entry, fetched_at: datetime, extra_agencies: tuple[Path, ...] = ()) -> Article:
    """The article as the feed itself carries it, for when its page cannot be had: whole text, else the summary."""
    known = agencies.load(*extra_agencies)
    body = ""
    if entry.content:
        lines = [block.text for block in blocks.walk(lxml.html.fragment_fromstring(entry.content, create_parent="div"))]
        body = plain.paragraphs("\n".join(lines))
    text = body if len(body) > len(entry.summary) else entry.summary
    people = authors.decide(
        [list(entry.authors)], outlets.spellings("", entry.url), lambda name: bool(known.whole(name))
    )
    article = given(
        url=entry.url,
        title=entry.title,
        text=text,
        authors=entry.authors,
        people=people,
        published_at=entry.published_at,
        published_from="feed",
        text_from="feed" if text == body and body else "summary",
        fetched_at=fetched_at,
        extra_agencies=extra_agencies,
    )
    if article.published_at is None:
        return replace(article, published_claim=entry.published_claim)
    precision = dates.precision(entry.published_claim)
    return replace(article, published_claim=entry.published_claim, published_precision=precision)


def given(
    *,
    url: str,
    title: str,
    text: str,
    authors: Sequence[str] = (),
    people: Sequence[str] | None = None,
    published_at: datetime | None = None,
    published_from: DateFrom = "given",
    outlet: str = "",
    text_from: TextFrom = "given",
    fetched_at: datetime,
    extra_agencies: tuple[Path, ...] = (),
) -> Article:
    """An article whose text somebody else has read. `authors` are as printed, `people` those of them that are persons.

    Its identity is the canonical form of `url`; the row keeps the URL as given.
    """
    known = agencies.load(*extra_agencies)
    title, text = plain.line(title), plain.paragraphs(text)
    byline = "; ".join(plain.line(a) for a in authors)
    if people is None:
        people = [a for a in map(plain.line, authors) if a and not known.whole(a)]
    published = plausible(published_at, fetched_at)
    return Article(
        article_id=key(urls.canonical(url) or url),
        url=url,
        title=title,
        byline=byline,
        authors=tuple(people),
        text=text,
        words=count(text),
        language=_language(text or title, ""),
        outlet=outlet or urls.site(url),
        site=urls.site(url),
        text_from=text_from,
        published_at=published,
        published_from=published_from if published else "",
        published_precision="second" if published else "",
        published_claim=published_at.isoformat() if published_at else "",
        credits=credits.of_text(text, byline, authors, urls.site(url), known),
        fetched_at=fetched_at,
        text_hash=text_hash(title, "", text),
    )


def text_hash(title: str, standfirst: str, text: str) -> int:
    """The key of what a reader of the article reads: another one is another version."""
    return key(title, standfirst, text)


def _signs(
    tree: HtmlElement,
    walked: Sequence[Block],
    claims: jsonld.Claims,
    found: metadata.Metadata,
    body: list[int],
    url: str,
) -> credits.Signs:
    """Where on the page a credit could stand: from the headline into the text, and from its last lines to just below."""
    meta = Meta(tree)
    names: list[tuple[CreditFrom, str]] = [
        ("jsonld", n) for field in ("author", "creator", "sourceOrganization") for n in claims.names(field)
    ]
    names += [
        ("meta", n)
        for field in (
            "author",
            "article:author",
            "og:article:author",
            "dc.source",
            "sourcesite",
            "dc.creator",
            "source",
        )
        for n in meta.all(field)
    ]
    first, last = (min(body), max(body)) if body else (0, -1)
    headline = next((n for n in range(first, -1, -1) if walked[n].folded == fold(found.title)), first) if walked else 0
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
    return credits.Signs(
        site=urls.site(url),
        byline=found.byline,
        structured=tuple(names),
        head=tuple(b.text for b in [*between[-6:], *opening]),
        tail=tuple(b.text for b in [*(walked[n] for n in body[-4:]), *below]),
        notes=credits.notes(walked[n].text for n in body),
    )


def _language(text: str, claim: str) -> str:
    """The text's language (ISO 639-1): concluded from 20 words or more, else what the page claims."""
    if count(text) < 20:
        return claim
    return str(py3langid.classify(text[:600])[0])  # on 414 real pages the same as from 4,000 letters


def _search_date(page: bytes | HtmlElement) -> str | None:
    """A day that stands somewhere on a page: given as bytes, its comments count too, which the tree has no more."""
    try:
        found = htmldate.find_date(page, extensive_search=True, original_date=True)
    except (AssertionError, ValueError, OverflowError):  # what mutated pages make it raise
        return None
    return found if isinstance(found, str) else None
