"""What a topic's query would find among all that is kept, before it is saved."""

from dataclasses import dataclass
from datetime import datetime

from extract.tag import topics
from extract.tag.queries import Query
from extract.tracked import Document
from flows import house
from flows.board import progress
from flows.line.index import opened
from flows.settings import Settings
from storage.look import kept
from storage.look.kept import Days, Kept

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """What a query would find."""

    days: Days
    examples: list[Document]
    more: list[Document] | None  # than the version in force, examples of them; None: there is none
    fewer: list[Document]
    counts: tuple[int, int] = (0, 0)  # how many more and fewer


def preview(query: Query, settings: Settings, since: datetime | None) -> Preview:
    """What a query finds: through the search index, or, where it asks for stems, by a walk through all that is kept."""
    warehouse = house.warehouse(settings)
    if query.topic.stem:
        with kept.looked_at(warehouse.published) as look:
            return _preview(query, _walk(query, look, since), look, since)
    with opened(warehouse) as (held, look):
        return _preview(query, list(held.find(query, since)), look, since)


def _walk(query: Query, look: Kept, since: datetime | None) -> list[int]:
    """The articles a query finds, newest first, without an index."""
    found: dict[int, datetime] = {}
    tick = progress.watcher.stage("search", look.state[2])
    for documents in look.all_documents(since):
        at = {document.article_id: document.at for document in documents}
        found |= {match.article_id: at[match.article_id] for match in topics.tag(documents, [query])}
        for _ in documents:
            tick()
    return sorted(found, key=lambda n: found[n], reverse=True)


def _preview(query: Query, found: list[int], look: Kept, since: datetime | None) -> Preview:
    before = look.on_topic(query.topic.name) if query.topic.name else None
    examples = look.in_order(found[:EXAMPLES])
    if before is None:
        return Preview(look.days(found, since), examples, None, [])
    if since:
        before &= look.within(since)
    more = [n for n in found if n not in before]
    fewer = sorted(before - set(found))
    counts = (len(more), len(fewer))
    return Preview(
        look.days(found, since), examples, look.in_order(more[:EXAMPLES]), look.in_order(fewer[:EXAMPLES]), counts
    )
