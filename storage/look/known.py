"""What is known of entries and articles, asked before a run decides what to fetch."""

from collections.abc import Sequence
from datetime import datetime

from extract.records import Entry, Feed, Known, Robots, Stored
from storage import wide
from storage.look.handle import ENTRY, Handle, tuples

_WAITING = wide.those(
    "entries", "(outcome = 'deferred' AND retry_at IS NULL) OR (outcome IN ('deferred', 'stored') AND retry_at <= ?)"
)


class KnownLooks(Handle):
    """What is known of entries and articles, asked before a run decides what to fetch."""

    def feeds(self) -> dict[int, Feed]:
        """Every feed known, as it stands after its last poll."""
        return {row["feed_id"]: Feed(**tuples(row)) for row in self._ask("SELECT * FROM feeds")}

    def robots(self) -> list[Robots]:
        """The robots.txt of every host met."""
        return [Robots(**row) for row in self._ask("SELECT * FROM robots")]

    def known(self, entry_ids: Sequence[int]) -> dict[int, Known]:
        """What is known of these entries; the outcome of those that retention took is `removed`."""
        found = self._ask_of(
            """WITH wanted AS (SELECT unnest(?::BIGINT[]) AS entry_id)
            SELECT entry_id, claim_hash, outcome, article_id, attempts, e.first_seen_at, idle, retry_at,
                coalesce(extractor, '') AS extractor
            FROM entries e LEFT JOIN articles USING (article_id) WHERE entry_id IN (FROM wanted)
            UNION ALL
            SELECT entry_id, 0, 'removed', NULL, 0, removed_at, 0, NULL, '' FROM tombstones WHERE entry_id IN (FROM wanted)""",
            entry_ids,
        )
        return {row.pop("entry_id"): Known(**row) for row in found}

    def taken(self, urls: Sequence[str]) -> dict[str, int | None]:
        """Of these URLs those that an entry has brought already or is still waiting for, with the article it led to."""
        found = self._ask_of(
            """WITH wanted AS (SELECT unnest(?::VARCHAR[]) AS url)
            SELECT url, max(article_id) AS article_id FROM entries
            WHERE url IN (FROM wanted) AND url <> '' GROUP BY url
            HAVING max(article_id) IS NOT NULL OR bool_or(outcome = 'deferred')
            UNION ALL
            SELECT DISTINCT url, NULL FROM tombstones WHERE url IN (FROM wanted) AND url <> ''""",
            urls,
        )
        taken: dict[str, int | None] = {}
        for row in found:
            taken.setdefault(row["url"], row["article_id"])
        return taken

    def waiting(self, now: datetime) -> list[Entry]:
        """The entries that earlier runs deferred and that may be fetched now, and the stored ones that are to be looked at
        again."""
        found = self._ask(
            f"SELECT {ENTRY} FROM entries WHERE {_WAITING} ORDER BY first_seen_at, entry_id",
            now,
        )
        return [Entry(**tuples(row)) for row in found]

    def titled(self, feed_ids: Sequence[int], titles: Sequence[str]) -> list[Entry]:
        """The entries of these feeds that have one of these titles."""
        found = self._ask(
            f"""SELECT {ENTRY} FROM entries WHERE feed_id IN (SELECT unnest(?::BIGINT[]))
            AND title IN (SELECT unnest(?::VARCHAR[])) ORDER BY first_seen_at, entry_id""",
            list(feed_ids),
            list(titles),
        )
        return [Entry(**tuples(row)) for row in found]

    def stored(self, article_ids: Sequence[int]) -> dict[int, Stored]:
        """What is stored of these articles."""
        found = self._ask(
            """SELECT a.article_id, a.text_hash, a.text_from, a.first_seen_at, a.story_id, a.fetched_url,
                coalesce(list(e.entry_id) FILTER (e.outcome <> 'duplicate'), []) AS brought_by
            FROM articles a LEFT JOIN entries e USING (article_id)
            WHERE a.article_id IN (SELECT unnest(?::BIGINT[])) GROUP BY ALL""",
            list(article_ids),
        )
        return {row["article_id"]: Stored(**tuples(row)) for row in found}
