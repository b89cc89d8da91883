"""Articles made elsewhere, given as lines of a file: grouped, tagged and loaded as any are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from extract import urls
from extract.errors import NewsduckError
from extract.keys import key
from extract.read.given import given_article
from extract.records import Article, Entry, Outcome
from flows.line.finish import finish
from flows.line.group import settle
from flows.line.work import Finished, Work


class Given(msgspec.Struct, frozen=True):
    """A line of the file; keys it does not name are ignored."""

    url: str
    title: str
    text: str
    authors: list[str] | None = None
    published_at: str | None = None
    source: str | None = None


def load_lines(given: Sequence[Given], work: Work) -> Finished:
    """Load articles in a run that has begun."""
    jobs = [(line, work.run.started_at, work.settings.extra_agencies) for line in given]
    read = work.sandbox.map(_article, jobs)
    outcomes, stored = settle([_outcome(g, a) for g, a in zip(given, read, strict=True)], work)
    return finish(work, outcomes, stored=stored)


def moment(text: str) -> datetime | None:
    """The ISO date or time of a line, in UTC where it names no zone; None where it is none."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _article(line: Given, now: datetime, extra: tuple[Path, ...]) -> Article:
    return given_article(
        url=line.url,
        title=line.title,
        text=line.text,
        authors=line.authors or (),
        published_at=moment(line.published_at) if line.published_at else None,
        outlet=line.source or "",
        fetched_at=now,
        extra_agencies=extra,
    )


def _outcome(line: Given, article: Article | NewsduckError) -> Outcome:
    url = urls.canonical(line.url) or line.url
    entry = Entry(entry_id=key("load", url), feed_id=0, url=url, title=line.title)
    if isinstance(article, NewsduckError):
        return Outcome(entry, "quarantined", f"{line.url} {article}")
    is_day = article.published_at is not None and len(line.published_at or "") <= 10
    precision = "day" if is_day else article.published_precision
    article = replace(article, published_precision=precision, published_claim=line.published_at or "")
    return Outcome(entry, "stored", article=article, article_id=article.article_id)
