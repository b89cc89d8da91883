"""Page to article. trafilatura finds the text; newsduck decides what of it is the article's and reads the rest.

bytes → tree → blocks → lines of the body → standfirst, text
           └→ JSON-LD, meta → title, byline, authors, dates …
                               both → kind of page, agency
"""

import copy
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import htmldate
import lxml.html
import py3langid
import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from extract import (
    agencies,
    authors,
    blocks,
    boilerplate,
    dates,
    jsonld,
    metadata,
    outlets,
    pages,
    places,
    plain,
    state,
    urls,
    wire,
)
from extract.blocks import Block, count, fold
from extract.errors import Refused
from extract.habits import masks, telling
from extract.items import plausible
from extract.keys import key
from extract.meta import Meta
from extract.records import Article, Entry, Observation, Place

VERSION = 2  # of the reader; part of each row, so that what an older one read can be found and read again
EXTRACTOR = f"trafilatura {trafilatura.__version__}"
PLACE = "place"  # in its stead, where the body was read at its site's place
THIN = 150  # words: below this, precision mode may have thrown the article away
BEHIND = 0.3  # of the default mode's words: then it has

_CONSENT = re.compile(
    r"onetrust|didomi|usercentrics|(?:cookie|gdpr|privacy|consent)-?_?(?:banner|consent|notice|law|bar|modal|dialog|prompt|manager|preference)",
    re.IGNORECASE,
)
_OUTER = etree.XPath("//body/*|//body/*/*|//body/*/*/*")  # where such boxes hang
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


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
    tree = _parse(body, url, content_type)
    seen_at = fetched_at or datetime.now(UTC)
    known = agencies.load(*extra_agencies)
    placed = places.find(tree, known_places)
    walked, body_lines = placed or (blocks.walk(tree), [])
    claims = jsonld.read(tree)
    found = metadata.read(
        tree,
        walked,
        claims,
        url,
        claimed_title,
        lambda name: bool(known.whole(name)),
        lambda: _search_date(_around(tree, walked[0].path[0]) if placed else body),
    )
    standfirst = _standfirst(walked, found.title, found.description)
    lines = [walked[n].text for n in body_lines] or _lines(tree, walked)
    chosen = boilerplate.choose(lines, walked, found.title, standfirst, repeated)
    standfirst = standfirst or _deck(walked, found.title, [place for _, place in chosen])
    text = plain.paragraphs("\n".join(line for line, _ in chosen))
    words = count(text)
    signs = _signs(tree, walked, claims, found, [p for _, p in chosen if p < len(walked)], url)
    if words < THIN and BEHIND * count(stated := plain.paragraphs(state.body(tree, found.title))) > words:
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
        kind=pages.decide_kind(tree, walked, claims, url, found.title, text, words),
        published_at=published,
        published_from=found.published_from if published else "",
        published_precision=found.published_precision if published else "",
        published_claim=found.published_claim,
        modified_at=plausible(found.modified, seen_at),
        canonical_url=found.canonical_url,
        image=found.image,
        section=found.section[:200],
        tags=found.tags,
        description=found.description[:2000],
        free=found.free,
        credits=wire.credits(signs, known),
        fetched_at=fetched_at,
        text_hash=text_hash(found.title, standfirst, text),
        extractor=PLACE if placed else EXTRACTOR,
        masks=telling(walked),
        taught=None if placed else _taught(walked, chosen, found.title),
    )


def _taught(walked: Sequence[Block], chosen: Sequence[tuple[str, int]], title: str) -> Observation | None:
    body = sorted({place for _, place in chosen if place < len(walked)})
    return places.observe(walked, body, boilerplate.headline(walked, title))


def habits(body: bytes, url: str, content_type: str = "") -> tuple[str, tuple[int, ...]]:
    """(title, masks of all blocks) of a page: what `habits.decide_repeated` learns a site's habits from."""
    tree = _parse(body, url, content_type)
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
    published_from: str = "given",
    outlet: str = "",
    text_from: str = "given",
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
        credits=wire.of_text(text, byline, authors, urls.site(url), known),
        fetched_at=fetched_at,
        text_hash=text_hash(title, "", text),
    )


def text_hash(title: str, standfirst: str, text: str) -> int:
    """The key of what a reader of the article reads: another one is another version."""
    return key(title, standfirst, text)


def _parse(body: bytes, url: str, content_type: str) -> HtmlElement:
    kind = content_type.split(";")[0].strip().lower()
    if kind and "html" not in kind and "xml" not in kind and not kind.startswith("text/"):
        raise Refused(f"{url}: is {kind}, not a web page")
    source: bytes | str = body
    if declared := _CHARSET.search(content_type):
        try:
            source = body.decode(declared.group(1))
        except (LookupError, UnicodeError):
            source = body  # the header lies; the detector looks at the bytes
    tree = trafilatura.load_html(source)
    if tree is None:
        raise Refused(f"{url}: holds no HTML")
    _drop_consent(tree)
    return tree


def _drop_consent(tree: HtmlElement) -> None:
    """Takes the box that asks for consent away, which is often longer than the article, unless it is all of the page."""
    boxes = {e for e in _OUTER(tree) if e.tag in ("div", "section", "aside") and blocks.holds(e, _CONSENT)}
    told = {box: count(box.text_content()) for box in boxes if boxes.isdisjoint(box.iterancestors())}
    if told and count(tree.text_content()) - sum(told.values()) >= 2 * THIN:
        for box in told:
            box.drop_tree()


def _lines(tree: HtmlElement, walked: Sequence[Block]) -> list[str]:
    """The body's lines: precision mode's without its second opinions, which are asked for where it kept less of the
    page's paragraphs than an article is; and default mode's where that shows precision to have thrown it away."""
    told = [b for b in walked if b.words >= 15 and b.link_density < 0.3]
    everything = sum(b.words for b in told)
    paragraphs = sum(b.words for b in told if b.tag == "p")

    def is_thin(text: str, share: float) -> bool:
        words = count(text)
        return words < share * paragraphs or (words < THIN and words < max(0.6 * everything, 20))

    body = [b for b in told if not any(e.tag in _BESIDE for e in b.path)] if paragraphs >= THIN else []
    text = _extract(_around(tree, blocks.common(body, 1.0)), favor_precision=True, fast=True)
    if is_thin(text, 0.6):
        text = _extract(tree, favor_precision=True)
    if is_thin(text, 0.45):
        wide = _extract(tree)
        if count(text) < BEHIND * count(wide):
            text = wide
    return text.splitlines()


_BESIDE = frozenset(("footer", "aside", "nav", "figure", "form", "li"))


def _around(tree: HtmlElement, element: HtmlElement | None) -> HtmlElement:
    """A page of one element only, which takes the extractor half as long; the tree itself for none."""
    if element is None or element.tag in ("html", "body"):
        return tree
    page = lxml.html.Element("html")
    body = lxml.html.Element("body")
    page.append(body)
    body.append(copy.deepcopy(element))
    body[0].tail = None
    return page


def _extract(tree: HtmlElement, *, favor_precision: bool = False, fast: bool = False) -> str:
    document = trafilatura.bare_extraction(
        copy.deepcopy(tree), favor_precision=favor_precision, fast=fast, include_comments=False, with_metadata=False
    )
    return (document.text or "") if document is not None and not isinstance(document, dict) else ""


def _standfirst(walked: Sequence[Block], title: str, description: str) -> str:
    """The deck: the block under the headline that says what the page's description says, or is marked as the deck."""
    headline = fold(title)
    start = next((n for n, b in enumerate(walked) if b.tag in ("h1", "h2") and b.folded.endswith(headline)), None)
    if start is None:
        return ""
    told = fold(description)
    for block in walked[start + 1 : start + 8]:
        marked = any(blocks.holds(e, _DECK) for e in block.path[-3:])
        if (
            4 <= block.words <= 80
            and block.link_density < 0.5
            and (marked or (block.tag in ("h2", "p") and block.folded == told))
        ):
            # Many sites repeat the first paragraph as the description: one that stands as the others do is the text's.
            alike = sum(b.signature == block.signature and b.tag == block.tag for b in walked)
            return block.text if alike <= 2 else ""
    return ""


def _deck(walked: Sequence[Block], title: str, body: Sequence[int]) -> str:
    """The deck of a page that does not mark it: the sentences that stand between the headline and the body."""
    told = fold(title)
    first = min((place for place in body if place < len(walked)), default=0)
    start = next((n for n in range(first - 1, -1, -1) if told and walked[n].folded.endswith(told)), None)
    if start is None:
        return ""
    able = [
        block
        for block in walked[start + 1 : first]
        if block.tag in ("p", "h2", "h3", "h4", "div")
        and (6 if block.tag != "div" else 12) <= block.words <= 80
        and block.link_density < 0.3
        and _SENTENCE.search(block.text)
        and not (block.words < 20 and _CLOCK.search(block.text))
        and not authors.BY.match(block.text)
        and not _aside(block)
        and not any(blocks.holds(e, _SIGNED) for e in block.path[-3:])
    ]
    alike = [block for block in able[:4] if block.signature == able[0].signature]
    return " ".join(block.text for block in alike) if sum(block.words for block in alike) <= 100 else ""


_SIGNED = re.compile(r"author|byline|bio|date|time|modal|tooltip|disclaimer|response|widget", re.IGNORECASE)
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»“)]?$")
_DECK = re.compile(
    r"standfirst|(?:^|[\s_-])(?:deck|dek|lede?|subtitle|sub-title|subheading|sub-headline|subheadline|chapo|bajada|"
    r"article-?summary|article-?intro|intro|teaser-?text|excerpt|sottotitolo|ingress|manchet)(?:$|[\s_-])",
    re.IGNORECASE,
)


def _signs(
    tree: HtmlElement,
    walked: Sequence[Block],
    claims: jsonld.Claims,
    found: metadata.Metadata,
    body: list[int],
    url: str,
) -> wire.Signs:
    """Where on the page a credit could stand: from the headline into the text, and from its last lines to just below."""
    meta = Meta(tree)
    names = [("jsonld", n) for field in ("author", "creator", "sourceOrganization") for n in claims.names(field)]
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
    between = [b for b in walked[headline + 1 : first] if b.words <= 25 and not _aside(b)]
    opening = [walked[n] for n in body[:3]]
    below = (
        [b for b in walked[last + 1 : last + 9] if b.words <= 80 and b.link_density < 0.5 and not _aside(b)]
        if body
        else []
    )
    return wire.Signs(
        site=urls.site(url),
        byline=found.byline,
        structured=tuple(names),
        head=tuple(b.text for b in [*between[-6:], *opening]),
        tail=tuple(b.text for b in [*(walked[n] for n in body[-4:]), *below]),
    )


_ASIDE = re.compile(
    r"related|teaser|promo|sidebar|footer|recommend|most-?read|trending|figure|caption|photo|image|media|nav|menu|card",
    re.IGNORECASE,
)


def _aside(block: Block) -> bool:
    """Whether a block stands in something that is not the article: a teaser, a sidebar, a picture, the page's foot."""
    own = block.path[-4:]
    return any(e.tag in ("aside", "footer", "nav", "figure", "figcaption") for e in block.path) or any(
        blocks.holds(e, _ASIDE) for e in own
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
