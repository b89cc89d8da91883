"""What is on which topic, as rows of `topics`, `article_topics` and `story_topics`."""

from collections.abc import Sequence

from extract.records import Article, Match, Topic
from storage import rows
from storage.batch import Batch
from storage.duck import Connection

_STORIES = """
INSERT INTO story_topics BY NAME
SELECT topic, version, story_id, count(*)::INTEGER AS articles, max(score) AS score, list_distinct(flatten(list(matched))) AS matched
FROM article_topics JOIN copies USING (article_id)
"""


def write_topics(c: Connection, batch: Batch) -> None:
    """Write the topics as they are set now and the run's matches; a story's matches are those of its articles."""
    c.execute("UPDATE topics SET current = false WHERE current")
    for topic in batch.topics:
        c.execute(
            """INSERT INTO topics (topic, version, query, current, created_at) VALUES ($name, $version, $query, true, $now)
            ON CONFLICT (topic, version) DO UPDATE SET current = true, query = excluded.query""",
            {"name": topic.name, "version": topic.version, "query": topic.query, "now": batch.now},
        )
    c.execute(
        "UPDATE topics SET whole = false WHERE NOT current"
    )  # what comes while it is not set is not tagged with it
    tagged = [o.article.article_id for o in batch.outcomes if o.article is not None]
    c.execute(
        "DELETE FROM article_topics WHERE article_id IN (SELECT unnest(?::BIGINT[])) AND (topic, version) IN (SELECT (topic, version) FROM topics WHERE current)",
        [tagged],
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


def to_tag(c: Connection, after: int | None, most: int, but_run: int) -> list[Article]:
    """The next articles by their key, with what topics look at; those of one run are left out, for it tags its own."""
    found = c.execute(
        """SELECT article_id, url, title, standfirst, text, language, outlet, site FROM articles
        WHERE ($after IS NULL OR article_id > $after) AND run_id <> $run ORDER BY article_id LIMIT $most""",
        {"after": after, "most": most, "run": but_run},
    ).fetchall()
    names = ("article_id", "url", "title", "standfirst", "text", "language", "outlet", "site")
    return [Article(**dict(zip(names, row, strict=True))) for row in found]


def keep(c: Connection, matches: Sequence[Match], topics: Sequence[Topic], articles: Sequence[int], run: int) -> None:
    """Write the matches of these articles and topics, in place of those that were there."""
    c.begin()
    c.execute(
        "DELETE FROM article_topics WHERE article_id IN (SELECT unnest($articles::BIGINT[])) AND topic || '/' || version IN (SELECT unnest($topics::VARCHAR[]))",
        {"articles": list(articles), "topics": [f"{t.name}/{t.version}" for t in topics]},
    )
    rows.put(c, "article_topics", [rows.row(match) | {"run_id": run} for match in matches])
    c.commit()


def finish(c: Connection, topics: Sequence[Topic]) -> None:
    """These versions have been applied to everything kept: their stories follow from their articles."""
    c.begin()
    for topic in topics:
        values = [topic.name, topic.version]
        c.execute("DELETE FROM story_topics WHERE topic = ? AND version = ?", values)
        c.execute(f"{_STORIES} WHERE topic = ? AND version = ? GROUP BY ALL", values)
        c.execute("UPDATE topics SET whole = true WHERE topic = ? AND version = ?", values)
    c.commit()
    c.execute("CHECKPOINT")
