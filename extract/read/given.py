"""An article whose text somebody else has read: a feed that carries it, or a person's own file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import lxml.html

from extract import moments, plain, urls
from extract.credit import agencies, credits
from extract.keys import key, text_hash
from extract.poll.items import plausible
from extract.read import blocks, languages
from extract.read.blocks import count
from extract.read.people import authors as people_in
from extract.read.people import outlets
from extract.records import Article, Entry
from extract.vocabulary import DateFrom, TextFrom


def from_entry(entry: Entry, fetched_at: datetime, extra_agencies: tuple[Path, ...] = (), home: str = "") -> Article:
    """The article as the feed itself carries it, for when its page cannot be had: whole text, else the summary. One without
    a link stands at its feed's `home`, by its GUID."""
    url = entry.url or f"{home}#{quote(entry.guid or str(entry.entry_id), safe='')}"
    known = agencies.load(*extra_agencies)
    body = ""
    if entry.content:
        lines = [block.text for block in blocks.walk(lxml.html.fragment_fromstring(entry.content, create_parent="div"))]
        body = plain.paragraphs("\n".join(lines))
    text = body if len(body) > len(entry.summary) else entry.summary
    people = people_in.decide([list(entry.authors)], outlets.spellings("", url), lambda name: bool(known.whole(name)))
    article = given_article(
        url=url,
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
    if not entry.url:
        article = replace(article, article_id=entry.entry_id)
    if article.published_at is None:
        return with_unclear(article, entry.published_claim)
    precision = moments.precision(entry.published_claim, entry.updated_claim)
    day = moments.day(entry.published_claim, article.published_at)
    return replace(article, published_claim=entry.published_claim, published_precision=precision, published_day=day)


def with_unclear(article: Article, claim: str) -> Article:
    """An article of which no day is known, with the claim that named one; *ambiguous* says that two days fit it."""
    if moments.read(claim).ambiguous:
        return replace(article, published_claim=claim, published_precision="ambiguous", published_from="feed")
    return replace(article, published_claim=claim)


def given_article(
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
        language=languages.decide(text or title, ""),
        outlet=outlet or urls.site(url),
        outlet_claim=outlet,
        site=urls.site(url),
        text_from=text_from,
        published_at=published,
        published_from=published_from if published else "",
        published_precision="second" if published else "",
        published_claim=published_at.isoformat() if published_at else "",
        published_day=published_at.date() if published_at and published else None,
        credits=credits.given(text, authors, urls.site(url), known),
        fetched_at=fetched_at,
        text_hash=text_hash(title, "", text),
    )
