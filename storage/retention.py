"""What is past its time: whole stories, by the topics that want them longest, and entries that led to nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from storage.duck import Connection
from storage.erase.rows import each

# What came out of a web archive was seen here when it was brought in, whenever it was captured.
# A story stays as long as the topic with the longest time wants it; one on no topic as long as the others do.
_GONE = """
CREATE OR REPLACE TEMP TABLE past_stories AS
WITH last AS (
    SELECT story_id, max(greatest(first_seen_at, fetched_at, CASE WHEN seen_by = 'archive' THEN finished_at END)) AS seen_at
    FROM articles LEFT JOIN runs USING (run_id) WHERE story_id IS NOT NULL GROUP BY story_id
),
asked AS (
    SELECT story_id, min(before) AS before FROM story_topics JOIN topics USING (topic, version) JOIN limits USING (topic)
    WHERE current GROUP BY story_id
)
SELECT story_id FROM last LEFT JOIN asked USING (story_id) WHERE seen_at < coalesce(asked.before, $others);
CREATE OR REPLACE TEMP TABLE gone_articles AS
SELECT article_id, story_id FROM articles WHERE story_id IN (SELECT story_id FROM past_stories);
CREATE OR REPLACE TEMP TABLE gone_entries AS
SELECT entry_id, feed_id, url, last_seen_at FROM entries
WHERE article_id IN (SELECT article_id FROM gone_articles)
    OR (article_id IS NULL AND outcome <> 'deferred' AND last_seen_at < $others);
"""

NEVER = datetime(1, 1, 2, tzinfo=UTC)  # as a limit: nothing goes


@dataclass(frozen=True, slots=True)
class Limits:
    """Stories go of which nothing was seen since these moments."""

    others: datetime  # what is on no topic of those below
    topics: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def latest(self) -> datetime:
        """What was seen since then stays in any case."""
        return max(self.others, *self.topics.values()) if self.topics else self.others


def choose(c: Connection, limits: Limits) -> None:
    """Choose what is past its limits."""
    c.execute("CREATE OR REPLACE TEMP TABLE limits (topic VARCHAR, before TIMESTAMPTZ)")
    for topic, before in limits.topics.items():
        c.execute("INSERT INTO limits VALUES (?, ?)", [topic, before])
    each(c, _GONE, others=limits.others)


def unneeded(c: Connection, archived: Sequence[str]) -> tuple[str, ...]:
    """Of these archive files of committed runs those to which nothing refers but what was chosen: they go whole. One in which an article
    that stays was listed first is needed, for without it the run that fetched the page cannot be replayed."""
    found = c.execute(
        """WITH stays AS (SELECT article_id, warc_file FROM articles WHERE article_id NOT IN (SELECT article_id FROM gone_articles))
        SELECT name FROM (SELECT unnest(?::VARCHAR[]) AS name)
        WHERE name IN (SELECT archive_file FROM runs) AND name NOT IN (
            SELECT warc_file FROM stays
            UNION ALL
            SELECT warc_file FROM versions WHERE article_id NOT IN (SELECT article_id FROM gone_articles)
            UNION ALL
            SELECT archive_file FROM entries SEMI JOIN stays USING (article_id)
            ASOF JOIN (FROM runs WHERE kind IN ('ingest', 'poll') AND archive_file <> '') seen ON entries.first_seen_at >= seen.started_at)
        ORDER BY name""",
        [list(archived)],
    )
    return tuple(name for (name,) in found.fetchall())
