"""What is on which topic, as rows of `topics`, `article_topics` and `story_topics`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from extract.tracked import Document, Match, Topic
from storage import wide
from storage.duck import Connection
from storage.write import rows
from storage.write.batch import Batch

_STORIES = """
INSERT INTO story_topics BY NAME
SELECT topic, version, story_id, count(*)::INTEGER AS articles, max(score) AS score, list_sort(list_distinct(flatten(list(matched)))) AS matched,
    arg_max(snippet, (score, article_id)) AS snippet, min(a.seen_day) AS day
FROM article_topics JOIN articles a USING (article_id)
"""

# Of articles that a condition chooses; materialized, for what is asked of each besides would have all texts read.
_DOCUMENTS = """
WITH a AS MATERIALIZED (
    SELECT article_id, coalesce(published_at, first_seen_at) AS moment, title, standfirst, text, language, outlet, site, section,
        list_concat(authors, signed_by) AS authors, url, story_id
    FROM articles WHERE {}
)
SELECT article_id, moment, title, standfirst, text, language, outlet, site, section, authors,
    coalesce((SELECT flatten(list([c.agency, c.agency_name] ORDER BY c.position)) FROM credits c WHERE c.article_id = a.article_id), []) AS agency,
    url, story_id
FROM a
"""


@dataclass(frozen=True, slots=True)
class Jump:
    """A topic's day with far more stories than usual."""

    topic: str
    day: date
    stories: int
    usual: float  # median of the four weeks before
    behind: tuple[tuple[int, str, int], ...]  # id, title and outlets of its stories, most outlets first


def write_topics(c: Connection, batch: Batch) -> None:
    """Write the topics as they are set now and the run's matches; a story's matches are those of its articles."""
    if batch.topics is not None:
        _set(c, batch.topics, batch.now)
    tagged = {o.article.article_id for o in batch.outcomes if o.article is not None} | {
        copy.article_id for copy in batch.copies
    }
    if not (tagged or batch.matches):
        return
    c.execute(
        "DELETE FROM article_topics WHERE article_id IN (SELECT unnest(?::BIGINT[])) AND (topic, version) IN (SELECT (topic, version) FROM topics WHERE current)",
        [list(tagged)],
    )
    rows.put(
        c,
        "article_topics",
        [
            rows.row(m) | {"run_id": batch.run.run_id}
            for m in rows.unique(batch.matches, lambda m: (m.topic, m.version, m.article_id))
        ],
    )
    stories = list({copy.story_id for copy in batch.copies})
    c.execute("DELETE FROM story_topics WHERE story_id IN (SELECT unnest(?::BIGINT[]))", [stories])
    c.execute(f"{_STORIES} WHERE story_id IN (SELECT unnest(?::BIGINT[])) GROUP BY ALL", [stories])


def _set(c: Connection, topics: Sequence[Topic], now: datetime) -> None:
    """These versions are in force, and no others. What comes while one is not is not tagged with it, so it is whole no more."""
    there = c.execute("SELECT topic, version, description FROM topics WHERE current").fetchall()
    if sorted(there) == sorted((topic.name, topic.version, topic.description) for topic in topics):
        return
    columns = ("name", "version", "query", "stem", "description")
    c.execute(
        """INSERT INTO topics (topic, version, query, stem, description, current, created_at)
        SELECT unnest($name::VARCHAR[]), unnest($version::INTEGER[]), unnest($query::VARCHAR[]), unnest($stem::VARCHAR[]),
            unnest($description::VARCHAR[]), true, $now
        ON CONFLICT (topic, version) DO UPDATE SET current = true, superseded_at = NULL, description = excluded.description""",
        {column: [getattr(topic, column) for topic in topics] for column in columns} | {"now": now},
    )
    c.execute(
        """UPDATE topics SET current = false, whole = false, superseded_at = $now WHERE current
        AND topic || '/' || version NOT IN (SELECT unnest($set::VARCHAR[]))""",
        {"now": now, "set": _named(topics)},
    )


def kept(c: Connection, but_run: int = 0, since: datetime | None = None) -> list[int]:
    """The articles that other runs brought, those published (or seen) since then, as they lie: slices of them are read without the
    others."""
    found = c.execute(
        """SELECT article_id FROM articles
        WHERE run_id <> $run AND ($since IS NULL OR coalesce(published_at, first_seen_at) >= $since) ORDER BY rowid""",
        {"run": but_run, "since": since},
    )
    return [article_id for (article_id,) in found.fetchall()]


def documents(c: Connection, article_ids: Sequence[int]) -> list[Document]:
    """What topics and searches look at of these articles."""
    these = wide.those("articles", "article_id IN (SELECT unnest(?::BIGINT[]))")
    found = c.execute(_DOCUMENTS.format(these), [list(article_ids)])
    return [_document(row) for row in found.fetchall()]


def _document(row: tuple[Any, ...]) -> Document:
    article_id, at, title, standfirst, text, language, outlet, site, section, authors, agency, url, story = row
    parts = (standfirst, text) if standfirst else (text,)
    return Document(
        article_id, at, title, parts, language, outlet, site, section, tuple(authors), tuple(agency), url, story
    )


def notice_jumps(c: Connection, since: date, now: datetime, run: int) -> None:
    """Note the days since then on which a topic jumped, each once."""
    c.execute(
        """INSERT INTO topic_jumps BY NAME
        SELECT topic, day, version, stories::INTEGER AS stories, usual, spread, $now AS noticed_at, false AS told, $run AS run_id
        FROM topic_daily JOIN topics USING (topic) WHERE current AND whole AND jump AND day >= $since
            AND (topic, day) NOT IN (SELECT (topic, day) FROM topic_jumps)""",
        {"now": now, "run": run, "since": since},
    )


def untold_jumps(c: Connection) -> list[Jump]:
    """The jumps whose event has not been sent."""
    found = c.execute(
        "SELECT topic, day, version, stories, usual FROM topic_jumps WHERE NOT told ORDER BY day, topic"
    ).fetchall()
    return [
        Jump(topic, day, stories, usual, tuple(_behind(c, topic, version, day)))
        for topic, day, version, stories, usual in found
    ]


def jump_told(c: Connection, jump: Jump) -> None:
    """The event of this jump has been sent."""
    c.execute("UPDATE topic_jumps SET told = true WHERE topic = ? AND day = ?", [jump.topic, jump.day])


def _behind(c: Connection, topic: str, version: int, day: date) -> list[tuple[int, str, int]]:
    return c.execute(
        """SELECT story_id, title, outlets FROM story_topics JOIN stories USING (story_id)
        WHERE topic = ? AND version = ? AND day = ? ORDER BY outlets DESC, score DESC, story_id LIMIT 20""",
        [topic, version, day],
    ).fetchall()


def _named(topics: Sequence[Topic]) -> list[str]:
    return [f"{topic.name}/{topic.version}" for topic in topics]


def keep(c: Connection, matches: Sequence[Match], topics: Sequence[Topic], articles: Sequence[int], run: int) -> None:
    """Write the matches of these articles and topics, in place of those that were there."""
    c.begin()
    c.execute(
        "DELETE FROM article_topics WHERE article_id IN (SELECT unnest($articles::BIGINT[])) AND topic || '/' || version IN (SELECT unnest($topics::VARCHAR[]))",
        {"articles": list(articles), "topics": _named(topics)},
    )
    rows.put(c, "article_topics", [rows.row(match) | {"run_id": run} for match in matches])
    c.commit()


def finish(c: Connection, topics: Sequence[Topic]) -> None:
    """These versions have been applied to everything kept: their stories follow from their articles."""
    these, named = "topic || '/' || version IN (SELECT unnest(?::VARCHAR[]))", [_named(topics)]
    c.begin()
    c.execute(f"DELETE FROM story_topics WHERE {these}", named)
    c.execute(f"{_STORIES} WHERE {these} GROUP BY ALL", named)
    c.execute(f"UPDATE topics SET whole = true WHERE {these}", named)
    c.commit()
    c.execute("CHECKPOINT")
