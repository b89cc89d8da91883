"""Page to article. trafilatura finds the text; newsduck decides what of it is the article's and reads the rest.

bytes → layout ─→ title, byline, authors, dates, image …
             └──→ lines of the body → standfirst, text → kind of page, agency
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from extract import urls
from extract.credit import agencies, credits, signs
from extract.keys import key, text_hash
from extract.poll.items import plausible
from extract.read import (
    authors,
    dates,
    images,
    kinds,
    languages,
    metadata,
    outlets,
    places,
    text,
    titles,
)
from extract.read.body import EXTRACTOR
from extract.read.habits import masks, telling
from extract.read.layout import lay_out
from extract.records import Article, Place

READER = 2  # of the reader; part of each row, so that what an older one read can be found and read again
PLACE = "place"  # for the extractor, where the body was read at its site's place


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
    page = lay_out(body, url, content_type, known_places)
    said = metadata.read(page)
    outlet = outlets.decide(page)
    names = outlets.spellings(outlet, url)
    page = page.under(titles.decide(page, claimed_title, names | {outlets.bare(said.section)}))
    byline = authors.byline(page)
    people, signed_by = authors.read(page, byline, names, lambda name: bool(known.whole(name)))
    published, published_from, precision, claim = dates.published(page, body)
    published = plausible(published, seen_at)
    image, caption, credit = images.decide(page)
    told = text.decide(page, said.description, repeated)
    return Article(
        article_id=key(url),
        url=url,
        title=page.title,
        standfirst=told.standfirst,
        byline=byline,
        authors=people,
        signed_by=signed_by,
        text=told.text,
        words=told.words,
        language=languages.decide(told.text or page.title, said.language_claim),
        outlet=outlet,
        site=urls.site(url),
        kind=kinds.decide(page, told.text, told.words),
        published_at=published,
        published_from=published_from if published else "",
        published_precision=precision if published else "",
        published_claim=claim[:100],
        modified_at=plausible(dates.modified(page), seen_at),
        canonical_url=said.canonical_url,
        image=image,
        image_caption=caption,
        image_credit=credit,
        section=said.section[:200],
        tags=said.tags,
        description=said.description[:2000],
        free=said.free,
        credits=credits.credits(signs.of_page(page, told, byline), known),
        fetched_at=fetched_at,
        text_hash=text_hash(page.title, told.standfirst, told.text),
        extractor=PLACE if page.placed else EXTRACTOR,
        masks=telling(page.blocks),
        taught=None if page.placed else places.observe(page.blocks, sorted(set(told.places)), page.headline),
    )


def warm() -> None:
    """Load what a first reading loads: the language model, agencies, what dates and domains are told by. It takes a second,
    which is nobody's page's."""
    words = "The ferry to the island does not run today, said the line, and asked all who wait for patience. " * 8
    page = f"<html><head><title>A warm-up</title></head><body><article><h1>A warm-up</h1><p>{words}</p></article></body></html>"
    read_page(page.encode(), "https://warm.example/1", "text/html; charset=utf-8", datetime(2026, 1, 1, tzinfo=UTC))


def page_habits(body: bytes, url: str, content_type: str = "") -> tuple[str, tuple[int, ...]]:
    """(title, masks of all blocks) of a page: what `habits.decide_repeated` learns a site's habits from."""
    page = lay_out(body, url, content_type)
    return page.browser_title, masks(page.blocks)
