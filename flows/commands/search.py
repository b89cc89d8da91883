"""`newsduck search`: all articles kept, by the language of topics; and how articles found are shown."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TextIO

import click

from extract.tag import queries
from extract.tag.evidence import Why
from extract.tag.queries import Query
from extract.tracked import Document, Topic
from flows import house
from flows.board import progress
from flows.commands import _tables
from flows.commands._options import DAY, FORMAT, utc
from flows.line.index import opened
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import dim, echo, emphasised

NAMES = ("at", "outlet", "title", "snippet", "matched", "language", "agency", "url", "article_id", "story_id")


def search(
    text: str,
    settings: Settings,
    form: str,
    out: TextIO,
    *,
    best: bool = False,
    most: int = 20,
    since: datetime | None = None,
    until: datetime | None = None,
) -> None:
    """Find articles and write them, newest or best first, as a list for people, CSV or JSON Lines."""
    query = queries.parse(Topic("", text))
    with opened(house.warehouse(settings)) as (held, _):
        total, found = held.show(query, most, newest=not best, since=since, until=until)
    if form != "table":
        _tables.write(NAMES, [_row(one, query) for one in found], form, out)
        return
    shown = "all" if len(found) == total else f"the {'best' if best else 'newest'} {len(found):,}"
    echo(f"{total:,} articles{f', {shown}:' if found else ''}", file=out)
    for line in lines(found, query):
        echo(line, file=out)


def lines(found: Sequence[Document], query: Query) -> Iterator[str]:
    """Articles as a person reads them: when, where and what, and the passage that matched."""
    for one in found:
        why = Why(one)
        by = f"   by {', '.join(one.agency[1::2])}" if one.agency else ""
        yield f"\n{one.at:%Y-%m-%d %H:%M}  {dim(one.outlet)}  {emphasised(why.title(query))}{by}"
        yield f"    {emphasised(why.match(query).snippet)}"
        yield f"    {dim(one.url)}"


def _row(one: Document, query: Query) -> tuple[object, ...]:
    match = Why(one).match(query)
    agency = ", ".join(one.agency[1::2]) or None
    told = (one.at, one.outlet, one.title, match.snippet, list(match.matched), one.language, agency)
    return (*told, one.url, one.article_id, one.story_id)


@click.command(context_settings={"ignore_unknown_options": True})  # a query may begin with a minus
@click.argument("query")
@click.option("--best", is_flag=True, help="Best first; newest first by default.")
@click.option("--since", type=DAY, help="Only articles published since that day (UTC).")
@click.option("--until", type=DAY, help="Only articles published before that day.")
@click.option("--limit", "most", type=click.IntRange(1, 10_000), default=20, show_default=True)
@FORMAT
def command(query: str, best: bool, since: datetime | None, until: datetime | None, most: int, form: str) -> None:
    """Find articles among all that are kept, in the language of topics, e.g. newsduck search '"press freedom" AND NOT film'."""
    with progress.bars():
        search(query, load_settings(), form, sys.stdout, best=best, most=most, since=utc(since), until=utc(until))
