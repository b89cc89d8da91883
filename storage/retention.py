"""What is forgotten: whole stories that are past their time, with all that was kept of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import duck
from storage.duck import Connection

REMEMBERED = timedelta(days=365)  # how long a removed entry is known after its feed last listed it

# What came out of a web archive was seen here when it was brought in, whenever it was captured.
# A story stays as long as the topic with the longest time wants it; one on no topic as long as the others do.
_GONE = """
CREATE OR REPLACE TEMP TABLE gone_stories AS
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
SELECT article_id, story_id FROM articles WHERE story_id IN (SELECT story_id FROM gone_stories);
CREATE OR REPLACE TEMP TABLE gone_entries AS
SELECT entry_id, feed_id, url, last_seen_at FROM entries
WHERE article_id IN (SELECT article_id FROM gone_articles)
    OR (article_id IS NULL AND outcome <> 'deferred' AND last_seen_at < $others);
"""

_DELETED = """
DELETE FROM tombstones WHERE last_seen_at < $forgotten;
INSERT OR REPLACE INTO tombstones BY NAME SELECT *, $now AS removed_at FROM gone_entries;
DELETE FROM entries WHERE entry_id IN (SELECT entry_id FROM gone_entries);
DELETE FROM articles WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM versions WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM article_topics WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM site_pages WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM credits WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM stories WHERE story_id IN (SELECT story_id FROM gone_articles);
DELETE FROM story_topics WHERE story_id IN (SELECT story_id FROM gone_articles);
DELETE FROM event_stories WHERE story_id IN (SELECT story_id FROM gone_articles);
DELETE FROM event_decisions WHERE story_id IN (SELECT story_id FROM gone_articles);
DELETE FROM event_growths WHERE event_id NOT IN (SELECT event_id FROM event_stories);
DELETE FROM outlets WHERE site NOT IN (SELECT site FROM articles);
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


@dataclass(frozen=True, slots=True)
class Gone:
    """What goes, or went, in numbers."""

    articles: int
    stories: int
    entries: int
    archive_files: tuple[str, ...]  # those to which nothing kept refers any more


def forget(c: Connection, limits: Limits, now: datetime, archived: list[str], *, only_say: bool = False) -> Gone:
    """Delete the stories past their limits, in one transaction; their entries leave tombstones.

    `archived` names the archive files of the time before the latest limit; the caller deletes those given back.
    """
    c.begin()
    try:
        c.execute("CREATE OR REPLACE TEMP TABLE limits (topic VARCHAR, before TIMESTAMPTZ)")
        for topic, before in limits.topics.items():
            c.execute("INSERT INTO limits VALUES (?, ?)", [topic, before])
        _each(c, _GONE, others=limits.others)
        if not only_say:
            _each(c, _DELETED, now=now, forgotten=now - REMEMBERED)
        counts = c.execute(
            """SELECT (SELECT count(*) FROM gone_articles), (SELECT count(DISTINCT story_id) FROM gone_articles),
            (SELECT count(*) FROM gone_entries)"""
        ).fetchone()
        files = c.execute(
            """SELECT name FROM (SELECT unnest(?::VARCHAR[]) AS name)
            WHERE name IN (SELECT archive_file FROM runs) AND name NOT IN (
                SELECT warc_file FROM articles WHERE article_id NOT IN (SELECT article_id FROM gone_articles)
                UNION ALL
                SELECT warc_file FROM versions WHERE article_id NOT IN (SELECT article_id FROM gone_articles))
            ORDER BY name""",
            [archived],
        ).fetchall()
        if only_say:
            c.rollback()
        else:
            c.commit()
    except BaseException:
        duck.roll_back(c)
        raise
    assert counts is not None
    articles, stories, entries = counts
    return Gone(articles, stories, entries, tuple(name for (name,) in files))


def _each(c: Connection, script: str, **values: object) -> None:
    """Run a script's statements, each with those of the values that it names."""
    for statement in filter(str.strip, script.split(";\n")):
        c.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})


def delete_files(archive: Path, names: tuple[str, ...]) -> None:
    """Delete archive files, and the folders of days that are empty then."""
    for name in names:
        path = archive / name
        path.unlink(missing_ok=True)
        for folder in list(path.parents)[:3]:
            if folder == archive or any(folder.iterdir()):
                break
            folder.rmdir()
