"""`newsduck search`: all articles kept, by the language of topics; and how articles found are shown."""

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TextIO

from extract.records import Document, Topic
from extract.tag import queries
from extract.tag.evidence import Why
from extract.tag.queries import Query
from flows import asking
from flows.line.index import opened
from flows.settings import Settings
from flows.telling import bold, dim, echo
from storage.warehouse import Warehouse

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
    with opened(Warehouse(settings.data_folder)) as (held, _):
        total, found = held.show(query, most, newest=not best, since=since, until=until)
    if form != "table":
        asking.write(NAMES, [_row(one, query) for one in found], form, out)
        return
    shown = "all" if len(found) == total else f"the {'best' if best else 'newest'} {len(found):,}"
    echo(f"{total:,} articles{f', {shown}:' if found else ''}", file=out)
    for line in lines(found, query):
        echo(line, file=out)


def lines(found: Sequence[Document], query: Query) -> Iterator[str]:
    """Articles as a person reads them: when, where and what, and the passage that matched."""
    for one in found:
        why = Why(one)
        by = f"   by {one.agency[-1]}" if one.agency else ""
        yield f"\n{one.at:%Y-%m-%d %H:%M}  {dim(one.outlet)}  {emphasised(why.title(query))}{by}"
        yield f"    {emphasised(why.match(query).snippet)}"
        yield f"    {dim(one.url)}"


def emphasised(marked: str) -> str:
    """Text with its **marked** words bold, on a terminal; elsewhere as it is."""
    if not sys.stdout.isatty():
        return marked
    return re.sub(r"\*\*(.+?)\*\*", lambda m: bold(m[1]), marked)


def _row(one: Document, query: Query) -> tuple[object, ...]:
    match = Why(one).match(query)
    agency = one.agency[-1] if one.agency else None
    told = (one.at, one.outlet, one.title, match.snippet, list(match.matched), one.language, agency)
    return (*told, one.url, one.article_id, one.story_id)
