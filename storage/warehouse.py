"""The working file: what is known, asked in short looks, and a run's results, written in one transaction.

No handle stays open between calls, so that nothing is locked while the network is waited for.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from extract.records import Credit, Entry, Feed, Known, Member, Stored, Topic
from storage import duck, rows
from storage.article_rows import write_articles
from storage.batch import Batch
from storage.duck import Connection
from storage.entry_rows import write_entries
from storage.feed_rows import write_feeds
from storage.migrate import migrate
from storage.story_rows import write_stories, write_topics


class Warehouse:
    """The working file of a data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.work = data / "work"
        self.path = self.work / "pipeline.duckdb"
        self.derived = self.work / "derived.duckdb"
        self.archive = data / "archive"
        self.published = data / "warehouse.duckdb"

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        with duck.open_file(self.path) as connection:
            yield connection

    def prepare(self) -> list[str]:
        """Make or migrate the working file; gives the migrations applied."""
        self.work.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            return migrate(connection)

    def feeds(self) -> dict[int, tuple[Feed, datetime]]:
        """Every feed known, with the moment from which it is due."""
        with self._open() as c:
            found = c.execute(
                "SELECT feed_id, url, title, site_url, categories, etag, last_modified, body_hash, failures, next_poll_at FROM feeds"
            ).fetchall()
        return {r[0]: (Feed(*r[:4], tuple(r[4]), *r[5:9]), r[9]) for r in found}

    def known(self, entry_ids: Sequence[int]) -> dict[int, Known]:
        """What is known of these entries."""
        with self._open() as c:
            found = c.execute(
                """SELECT entry_id, claim_hash, outcome, article_id, attempts, first_seen_at
                FROM entries WHERE entry_id IN (SELECT unnest(?::BIGINT[]))""",
                [list(entry_ids)],
            ).fetchall()
        return {r[0]: Known(*r[1:]) for r in found}

    def taken(self, urls: Sequence[str]) -> dict[str, int | None]:
        """Of these URLs those that an entry has brought already, with the article it led to."""
        with self._open() as c:
            found = c.execute(
                "SELECT url, max(article_id) FROM entries WHERE url IN (SELECT unnest(?::VARCHAR[])) AND url <> '' GROUP BY url",
                [list(urls)],
            ).fetchall()
        return dict(found)

    def waiting(self) -> list[Entry]:
        """The entries that earlier runs deferred."""
        with self._open() as c:
            found = c.execute(
                """SELECT entry_id, feed_id, url, guid, title, summary, authors, published_claim, published_at, updated_claim,
                tags, content, claim_hash FROM entries WHERE outcome = 'deferred' ORDER BY first_seen_at, entry_id"""
            ).fetchall()
        return [Entry(*r[:6], tuple(r[6]), *r[7:10], tuple(r[10]), *r[11:]) for r in found]

    def stored(self, article_ids: Sequence[int]) -> dict[int, Stored]:
        """What is stored of these articles."""
        with self._open() as c:
            found = c.execute(
                """SELECT a.article_id, a.text_hash, a.first_seen_at, c.story_id FROM articles a LEFT JOIN copies c USING (article_id)
                WHERE a.article_id IN (SELECT unnest(?::BIGINT[]))""",
                [list(article_ids)],
            ).fetchall()
        return {r[0]: Stored(*r) for r in found}

    def members(self, story_ids: Sequence[int]) -> list[Member]:
        """All articles of these stories, with their texts."""
        with self._open() as c:
            found = c.execute(
                """SELECT a.article_id, a.site, a.text, a.first_seen_at, a.published_at,
                c.agency, c.agency_evidence, c.agency_from, c.contributed, c.story_id
                FROM copies c JOIN articles a USING (article_id) WHERE c.story_id IN (SELECT unnest(?::BIGINT[]))""",
                [list(story_ids)],
            ).fetchall()
        return [
            Member(
                *r[:5],
                credits=(Credit(*r[5:9]),) if r[5] and r[7] != "inherited" else (),
                own_site=r[7] == "site",
                story_id=r[9],
            )
            for r in found
        ]

    def unfinished(self, files: Sequence[str]) -> list[str]:
        """Of these archive files those that no committed run has loaded."""
        with self._open() as c:
            done = {name for (name,) in c.execute("SELECT archive_file FROM runs").fetchall()}
        return [name for name in files if name not in done]

    def topics(self) -> list[Topic]:
        """Every version of every topic there has been."""
        with self._open() as c:
            return [Topic(*r) for r in c.execute("SELECT topic, query, version FROM topics ORDER BY topic, version").fetchall()]

    def commit(self, batch: Batch) -> dict[str, Any]:
        """Write a run in one transaction; gives its row. Either all of it is there afterwards, or nothing."""
        with self._open() as c:
            c.begin()
            try:
                write_feeds(c, batch)
                write_entries(c, batch)
                new = write_articles(c, batch)
                stories_new = write_stories(c, batch)
                write_topics(c, batch)
                row = _run(batch, stories_new, new)
                rows.put(c, "runs", [row])
                c.commit()
            except BaseException:
                c.rollback()
                raise
            c.execute("CHECKPOINT")
        return row


def _run(batch: Batch, stories_new: int, articles_new: int) -> dict[str, Any]:
    counts = {name: 0 for name in ("stored", "unchanged", "duplicate", "refused", "quarantined", "deferred")}
    for outcome in batch.outcomes:
        counts[outcome.outcome] += 1
    polls = [s.poll for s in batch.feeds if s.poll is not None]
    fresh = {o.article.article_id for o in batch.outcomes if o.article is not None}
    return {
        **asdict(batch.run),
        "finished_at": batch.now,
        "feeds": len(polls),
        "feeds_failed": sum(p.outcome in ("failed", "refused") for p in polls),
        "seen": len(batch.outcomes),
        **counts,
        "stories_new": stories_new,
        "copies_new": sum(c.article_id in fresh and c.role != "original" for c in batch.copies),
    }
