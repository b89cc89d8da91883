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

    def _ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """The rows of a short look, each as column → value."""
        with self._open() as connection:
            result = connection.execute(sql, list(values))
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def prepare(self) -> list[str]:
        """Make or migrate the working file; gives the migrations applied."""
        self.work.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            return migrate(connection)

    def feeds(self) -> dict[int, tuple[Feed, datetime]]:
        """Every feed known, with the moment from which it is due."""
        found = self._ask(
            """SELECT feed_id, url, title, site_url, categories, etag, last_modified, body_hash, failures, next_poll_at
            FROM feeds"""
        )
        due = {row["feed_id"]: row.pop("next_poll_at") for row in found}
        return {row["feed_id"]: (Feed(**_tuples(row)), due[row["feed_id"]]) for row in found}

    def known(self, entry_ids: Sequence[int]) -> dict[int, Known]:
        """What is known of these entries."""
        found = self._ask(
            """SELECT entry_id, claim_hash, outcome, article_id, attempts, first_seen_at
            FROM entries WHERE entry_id IN (SELECT unnest(?::BIGINT[]))""",
            list(entry_ids),
        )
        return {row.pop("entry_id"): Known(**row) for row in found}

    def taken(self, urls: Sequence[str]) -> dict[str, int | None]:
        """Of these URLs those that an entry has brought already or is still waiting for, with the article it led to."""
        found = self._ask(
            """SELECT url, max(article_id) AS article_id FROM entries
            WHERE url IN (SELECT unnest(?::VARCHAR[])) AND url <> '' GROUP BY url
            HAVING max(article_id) IS NOT NULL OR bool_or(outcome = 'deferred')""",
            list(urls),
        )
        return {row["url"]: row["article_id"] for row in found}

    def waiting(self) -> list[Entry]:
        """The entries that earlier runs deferred."""
        found = self._ask(
            """SELECT entry_id, feed_id, url, guid, title, summary, authors, published_claim, published_at, updated_claim,
            tags, content, claim_hash FROM entries WHERE outcome = 'deferred' ORDER BY first_seen_at, entry_id"""
        )
        return [Entry(**_tuples(row)) for row in found]

    def stored(self, article_ids: Sequence[int]) -> dict[int, Stored]:
        """What is stored of these articles."""
        found = self._ask(
            """SELECT a.article_id, a.text_hash, a.text_from, a.first_seen_at, c.story_id
            FROM articles a LEFT JOIN copies c USING (article_id) WHERE a.article_id IN (SELECT unnest(?::BIGINT[]))""",
            list(article_ids),
        )
        return {row["article_id"]: Stored(**row) for row in found}

    def members(self, story_ids: Sequence[int]) -> list[Member]:
        """All articles of these stories, with their texts."""
        found = self._ask(
            """SELECT a.article_id, a.site, CASE WHEN a.kind = 'live' THEN '' ELSE a.text END AS text, a.first_seen_at,
            a.published_at, c.story_id, c.agency, c.agency_evidence, c.agency_from, c.contributed
            FROM copies c JOIN articles a USING (article_id) WHERE c.story_id IN (SELECT unnest(?::BIGINT[]))""",
            list(story_ids),
        )
        return [_member(row) for row in found]

    def unfinished(self, files: Sequence[str]) -> list[str]:
        """Of these archive files those that no committed run has loaded."""
        done = {row["archive_file"] for row in self._ask("SELECT archive_file FROM runs")}
        return [name for name in files if name not in done]

    def topics(self) -> list[Topic]:
        """Every version of every topic there has been."""
        return [
            Topic(**row)
            for row in self._ask("SELECT topic AS name, query, version FROM topics ORDER BY topic, version")
        ]

    def commit(self, batch: Batch) -> dict[str, Any]:
        """Write a run in one transaction; gives its row. Either all of it is there afterwards, or nothing."""
        with self._open() as c:
            c.begin()
            try:
                write_feeds(c, batch)
                write_entries(c, batch)
                write_articles(c, batch)
                stories_new = write_stories(c, batch)
                write_topics(c, batch)
                row = _run(batch, stories_new)
                rows.put(c, "runs", [row])
                c.commit()
            except BaseException:
                duck.roll_back(c)
                raise
            c.execute("CHECKPOINT")
        return row


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    """A row as a record's fields: its lists as tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _member(row: dict[str, Any]) -> Member:
    agency, evidence, found_in, partial = (
        row.pop(name) for name in ("agency", "agency_evidence", "agency_from", "contributed")
    )
    own = (Credit(agency, evidence, found_in, partial),) if agency and found_in != "inherited" else ()
    return Member(credits=own, own_site=found_in == "site", **row)


def _run(batch: Batch, stories_new: int) -> dict[str, Any]:
    counts = dict.fromkeys(("stored", "unchanged", "duplicate", "refused", "quarantined", "deferred"), 0)
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
