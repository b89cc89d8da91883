"""Page to article. trafilatura finds the text; newsduck decides what of it is the article's and reads the rest.

bytes → layout ─→ title, byline, authors, dates, image …
             └──→ lines of the body → standfirst, text → kind of page, agency
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from extract import identity, urls
from extract.credit import agencies, credits, signs
from extract.credit.agencies import Agencies
from extract.keys import key, text_hash
from extract.poll.items import plausible
from extract.read import images, kinds, languages, titles
from extract.read.body import engine, places, text
from extract.read.body.engine import EXTRACTOR
from extract.read.body.habits import masks, telling
from extract.read.body.text import Text
from extract.read.claims import metadata
from extract.read.claims.metadata import Metadata
from extract.read.layout import Layout, lay_out
from extract.read.people import authors, outlets
from extract.read.when import dates
from extract.records import Article, Place

PLACE = "place"  # for the extractor, where the body was read at its site's place


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided of a page before its dates, its picture and its credits are."""

    page: Layout
    said: Metadata
    outlet: str  # as the page names it
    byline: str
    authors: tuple[str, ...]
    signed_by: tuple[str, ...]
    text: Text


def decide(
    body: bytes,
    url: str,
    content_type: str,
    known: Agencies,
    *,
    repeated: frozenset[int] = frozenset(),
    claimed_title: str = "",
    known_places: Sequence[Place] = (),
) -> Decided:
    """Title, byline, people and text of a page, each once the ones before it are known. Raises Refused where the bytes are
    no HTML."""
    page = lay_out(body, url, content_type, known_places)
    said = metadata.read(page)
    outlet = outlets.claimed(page)
    names = outlets.spellings(outlet, url)
    page = page.under(titles.decide(page, claimed_title, names, outlets.bare(said.section)))
    byline = authors.byline(page)
    people, signed_by = authors.read(page, byline, names, lambda name: bool(known.whole(name)))
    return Decided(page, said, outlet, byline, people, signed_by, text.decide(page, said.description, repeated, people))


def read_page(
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
    known = agencies.load(*extra_agencies)
    seen_at = fetched_at or datetime.now(UTC)
    told = decide(
        body, url, content_type, known, repeated=repeated, claimed_title=claimed_title, known_places=known_places
    )
    page, said, words = told.page, told.said, told.text
    published, published_from, precision, claim = dates.published(page, seen_at)
    published = plausible(published, seen_at)
    image, caption, credit = images.decide(page)
    address = identity.of(url, said.canonical_url)
    return Article(
        article_id=key(address),
        url=address,
        fetched_url=url,
        title=page.title,
        standfirst=words.standfirst,
        byline=told.byline,
        authors=told.authors,
        signed_by=told.signed_by,
        text=words.text,
        words=words.words,
        language=languages.decide(words.text or page.title, said.locale[:2].lower()),
        outlet=told.outlet or urls.site(url),
        outlet_claim=told.outlet,
        locale=said.locale,
        site=urls.site(url),
        kind=kinds.decide(page, words.text, words.words, max(words.places, default=None)),
        published_at=published,
        published_from=published_from if published or precision == "ambiguous" else "",
        published_precision=precision if published or precision == "ambiguous" else "",
        published_claim=claim[:100],
        published_day=published.date() if published else None,
        modified_at=plausible(dates.modified(page), seen_at),
        canonical_url=said.canonical_url,
        image=image,
        image_caption=caption,
        image_credit=credit,
        section=said.section[:200],
        tags=said.tags,
        description=said.description[:2000],
        free=said.free,
        credits=credits.credits(signs.of_page(page, words, told.byline), known),
        fetched_at=fetched_at,
        text_hash=text_hash(page.title, words.standfirst, words.text),
        extractor=PLACE if page.placed else EXTRACTOR,
        masks=telling(page.blocks),
        taught=None if page.placed else places.observe(page.blocks, sorted(set(words.places)), page.headline),
    )


def warm() -> None:
    """Load what a first reading loads: the language model, agencies, what dates and domains are told by. It takes a second,
    which is nobody's page's."""
    engine.warm()
    words = "The ferry to the island does not run today, said the line, and asked all who wait for patience. " * 8
    page = f"<html><head><title>A warm-up</title></head><body><article><h1>A warm-up</h1><p>{words}</p></article></body></html>"
    read_page(page.encode(), "https://warm.example/1", "text/html; charset=utf-8", datetime(2026, 1, 1, tzinfo=UTC))


def page_habits(body: bytes, url: str, content_type: str = "") -> tuple[str, tuple[int, ...]]:
    """(title, masks of all blocks) of a page: what `habits.decide_repeated` learns a site's habits from."""
    page = lay_out(body, url, content_type)
    return page.browser_title, masks(page.blocks)
