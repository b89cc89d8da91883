"""CSV of what is handed on: safe for spreadsheets, plain or as 4CAT takes it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from flows.commands import _tables
from storage.export.source import Column

# What 4CAT asks for under "Custom/other" (id, thread_id, author, body, timestamp), its subject, and what helps to filter by.
_FOURCAT = """
SELECT article_id AS id, coalesce(story_id, article_id) AS thread_id,
    coalesce(nullif(array_to_string(authors, ', '), ''), nullif(array_to_string(signed_by, ', '), ''), outlet) AS author,
    {body} AS body, title AS subject, strftime(coalesce(published_at, first_seen_at) AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M:%S') AS timestamp,
    article_address(url) AS url, outlet, site, language, role,
    (SELECT string_agg(agency_name, ', ' ORDER BY position) FROM credits WHERE credits.article_id = a.article_id) AS agency,
    (SELECT string_agg(topic, ', ' ORDER BY topic) FROM article_topics JOIN topics USING (topic, version) SEMI JOIN told_topics USING (topic)
        WHERE current AND article_topics.article_id = a.article_id) AS topics
FROM articles a SEMI JOIN chosen USING (article_id) ORDER BY timestamp, article_id
"""
_MEANINGS = {
    "id": "The article's id.",
    "thread_id": "Its story's id: the copies of one text are a thread; where it is of no story, its own id.",
    "author": "The people named as authors; else the newsroom or agency that signs; else the outlet.",
    "body": "The article's text; empty where texts are not handed on.",
    "subject": "Its headline.",
    "timestamp": "When it was published, as claimed, else first seen; UTC.",
    "url": "Its address.",
    "outlet": "The outlet's name.",
    "site": "Registered domain.",
    "language": "Language of the text, ISO 639-1.",
    "role": "As articles.role.",
    "agency": "The agencies it credits.",
    "topics": "The topics it is on, as they are now.",
}


def fourcat(texts: bool) -> str:
    """The query for 4CAT's rows, oldest first."""
    return _FOURCAT.format(body="text" if texts else "''")


def fourcat_columns() -> list[Column]:
    """Its columns; all are text, but the moment."""
    return [
        Column(name, "TIMESTAMP" if name == "timestamp" else "VARCHAR", meaning) for name, meaning in _MEANINGS.items()
    ]


def write(names: Sequence[str], rows: Iterable[Sequence[object]], path: Path) -> None:
    """Write rows as CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        _tables.write(names, rows, "csv", out)
