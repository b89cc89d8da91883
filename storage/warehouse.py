"""The working file: what is known, asked in short looks, and a run's results, written in one transaction.

No handle stays open between calls, so that nothing is locked while the network is waited for.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from extract.records import (
    Article,
    Copy,
    Document,
    Entry,
    Feed,
    Known,
    Match,
    Member,
    Observation,
    Robots,
    Stored,
    Topic,
)
from storage import archive, clock, disk, duck, restore, rows, site_pages, story_rows, topic_rows, upgrade
from storage.article_rows import write_articles
from storage.batch import Batch
from storage.clock import Mended
from storage.duck import Connection
from storage.entry_rows import write_entries
from storage.feed_rows import write_feeds
from storage.migrate import migrate
from storage.retention import Gone, Limits, delete_files, forget
from storage.run_rows import run_row
from storage.topic_rows import Jump, write_topics

ENTRY = ", ".join(field.name for field in fields(Entry))


@dataclass(frozen=True, slots=True)
class Reading:
    """What is stored of an article that can be read again."""

    article_id: int
    entry: Entry  # the one that brought it
    site: str
    title: str
    standfirst: str
    text: str
    words: int
    warc_file: str
    warc_offset: int
    extractor: str  # what found the text


# The feeds that brought less than a quarter of what was to be expected on the last whole day.
QUIET = """SELECT title, url, day, seen, expected FROM volume_by_feed
WHERE day = (SELECT max(day) - 1 FROM volume_by_feed) AND expected >= 4 AND seen < expected / 4 ORDER BY expected DESC LIMIT 10"""
WORSE = "FROM reading_by_site WHERE worse IS NOT NULL ORDER BY articles_before DESC"  # sites gone bad, largest first


class Warehouse:
    """The working file of a data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.work = data / "work"
        self.path = self.work / "pipeline.duckdb"
        self.derived = self.work / "derived.duckdb"
        self.index = self.work / "search"
        self.archive = data / "archive"
        self.published = data / "warehouse.duckdb"
        self._at_hand: Connection | None = None

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        if self._at_hand is not None:
            yield self._at_hand
            return
        try:
            with duck.open_file(self.path) as connection:
                yield connection
        except duck.Damaged:
            restore.mark(self.path)  # it opened: only a run that reads the block finds it
            raise

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Inside, all looks share one handle: opening the file takes longer than most of them. Not for a time in which
        the network is waited for."""
        with self._open() as connection:
            self._at_hand = connection
            try:
                yield
            finally:
                self._at_hand = None

    def _ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """The rows of a short look, each as column → value."""
        with self._open() as connection:
            result = connection.execute(sql, list(values))
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def prepare(self, tell: Callable[[str], object] = lambda _: None) -> list[str]:
        """Make or upgrade the working file; gives the migrations applied. One that is gone or damaged is brought back first.
        Both are told."""
        with disk.told(f"making {self.work}", "nothing was changed"):
            self.work.mkdir(parents=True, exist_ok=True, mode=0o700)
        for line in restore.bring_back(self.path, self.published):
            tell(line)
        with self._open() as connection:
            if not upgrade.is_due(connection):
                return migrate(connection)
        return upgrade.upgrade(self.path, tell)

    def mend_times(self, now: datetime, longest: timedelta, again: timedelta) -> Mended:
        """Void the times that only a clock gone wrong can have set, as storage/clock.py says."""
        with self._open() as connection:
            return clock.mend(connection, now, longest, again)

    def feeds(self) -> dict[int, Feed]:
        """Every feed known, as it stands after its last poll."""
        return {row["feed_id"]: Feed(**_tuples(row)) for row in self._ask("SELECT * FROM feeds")}

    def robots(self) -> list[Robots]:
        """The robots.txt of every host met."""
        return [Robots(**row) for row in self._ask("SELECT * FROM robots")]

    def known(self, entry_ids: Sequence[int]) -> dict[int, Known]:
        """What is known of these entries; the outcome of those that retention took is `removed`."""
        found = self._ask(
            """WITH wanted AS (SELECT unnest(?::BIGINT[]) AS entry_id)
            SELECT entry_id, claim_hash, outcome, article_id, attempts, e.first_seen_at, idle, retry_at,
                coalesce(extractor, '') AS extractor
            FROM entries e LEFT JOIN articles USING (article_id) WHERE entry_id IN (FROM wanted)
            UNION ALL
            SELECT entry_id, 0, 'removed', NULL, 0, removed_at, 0, NULL, '' FROM tombstones WHERE entry_id IN (FROM wanted)""",
            list(entry_ids),
        )
        return {row.pop("entry_id"): Known(**row) for row in found}

    def taken(self, urls: Sequence[str]) -> dict[str, int | None]:
        """Of these URLs those that an entry has brought already or is still waiting for, with the article it led to."""
        found = self._ask(
            """WITH wanted AS (SELECT unnest(?::VARCHAR[]) AS url)
            SELECT url, max(article_id) AS article_id FROM entries
            WHERE url IN (FROM wanted) AND url <> '' GROUP BY url
            HAVING max(article_id) IS NOT NULL OR bool_or(outcome = 'deferred')
            UNION ALL
            SELECT DISTINCT url, NULL FROM tombstones WHERE url IN (FROM wanted) AND url <> ''""",
            list(urls),
        )
        return {row["url"]: row["article_id"] for row in reversed(found)}

    def waiting(self, now: datetime) -> list[Entry]:
        """The entries that earlier runs deferred and that may be fetched now, and the stored ones that are to be looked at
        again."""
        found = self._ask(
            f"""SELECT {ENTRY} FROM entries WHERE (outcome = 'deferred' AND retry_at IS NULL)
            OR (outcome IN ('deferred', 'stored') AND retry_at <= ?) ORDER BY first_seen_at, entry_id""",
            now,
        )
        return [Entry(**_tuples(row)) for row in found]

    def titled(self, feed_ids: Sequence[int], titles: Sequence[str]) -> list[Entry]:
        """The entries of these feeds that have one of these titles."""
        found = self._ask(
            f"""SELECT {ENTRY} FROM entries WHERE feed_id IN (SELECT unnest(?::BIGINT[]))
            AND title IN (SELECT unnest(?::VARCHAR[])) ORDER BY first_seen_at, entry_id""",
            list(feed_ids),
            list(titles),
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

    def repeated(self, sites: Iterable[str], fresh: Sequence[Article] = ()) -> dict[str, frozenset[int]]:
        """The masks of the blocks that each of these sites prints on many pages, counted over the last ones stored and
        those just read."""
        with self._open() as connection:
            return site_pages.repeated(connection, list(sites), fresh)

    def taught(self, sites: Iterable[str]) -> dict[str, list[Observation]]:
        """Where the full reader found the bodies of each site's last pages."""
        with self._open() as connection:
            return site_pages.taught(connection, list(sites))

    def readings(self, since: datetime | None = None, sites: Sequence[str] | None = None) -> list[Reading]:
        """The articles whose page is in the archive, fetched since then, each with the entry that brought it first; with
        `sites`, only those that these learn their habits from."""
        found = self._ask(
            f"""SELECT a.article_id, a.title AS old_title, a.site, a.standfirst, a.text, a.words, a.warc_file, a.warc_offset, a.extractor, e.*
            FROM articles a JOIN (
                SELECT {ENTRY}, article_id FROM entries WHERE article_id IS NOT NULL
                QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY (outcome = 'duplicate'), first_seen_at, entry_id) = 1
            ) e USING (article_id)
            WHERE a.text_from = 'page' AND a.warc_file <> '' AND (? IS NULL OR a.fetched_at >= ?)
                AND (? IS NULL OR a.article_id IN (FROM site_pages SELECT article_id WHERE site IN (SELECT unnest(?::VARCHAR[]))))
            ORDER BY a.warc_file, a.warc_offset""",
            since,
            since,
            sites,
            sites or [],
        )
        own = {field.name for field in fields(Entry)}
        return [
            Reading(
                entry=Entry(**_tuples({name: value for name, value in row.items() if name in own})),
                title=row["old_title"],
                **{
                    name: row[name]
                    for name in (
                        "article_id",
                        "site",
                        "standfirst",
                        "text",
                        "words",
                        "warc_file",
                        "warc_offset",
                        "extractor",
                    )
                },
            )
            for row in found
        ]

    def members(self, story_ids: Sequence[int]) -> list[Member]:
        """All articles of these stories, with their texts."""
        articles = self._ask(
            "SELECT article_id FROM copies WHERE story_id IN (SELECT unnest(?::BIGINT[]))", list(story_ids)
        )  # first, for a join of both tables would read all texts
        found = self._ask(
            """SELECT a.article_id, a.site, CASE WHEN a.kind = 'live' THEN '' ELSE a.text END AS text, a.first_seen_at,
            a.title, a.published_at, c.story_id, c.agency, c.agency_evidence, c.agency_from, c.contributed
            FROM articles a JOIN copies c USING (article_id) WHERE a.article_id IN (SELECT unnest(?::BIGINT[]))""",
            [row["article_id"] for row in articles],
        )
        return [story_rows.stored_member(row) for row in found]

    def stories_since(self, since: datetime | None) -> list[int]:
        """The stories that have an article first seen since then; all of them for None."""
        found = self._ask(
            """SELECT DISTINCT story_id FROM copies JOIN articles USING (article_id)
            WHERE ? IS NULL OR first_seen_at >= ? ORDER BY story_id""",
            since,
            since,
        )
        return [row["story_id"] for row in found]

    def copies(self, article_ids: Sequence[int]) -> dict[int, Copy]:
        """The rows of these articles."""
        found = self._ask(
            """SELECT article_id, story_id, lead_article_id, role, containment, lead_containment,
            agency, agency_evidence, agency_from, contributed FROM copies WHERE article_id IN (SELECT unnest(?::BIGINT[]))""",
            list(article_ids),
        )
        return {row["article_id"]: story_rows.stored_copy(row) for row in found}

    def unfinished(self, files: Sequence[str]) -> list[str]:
        """Of these archive files those that no committed run has loaded."""
        done = {row["archive_file"] for row in self._ask("SELECT archive_file FROM runs")}
        return [name for name in files if name not in done]

    def worse(self) -> list[dict[str, Any]]:
        """The sites that are read less well than they were, as `reading_by_site` has them."""
        return self._ask(WORSE)

    def quiet(self) -> list[dict[str, Any]]:
        """The feeds that brought far less than usual on the last whole day, where this is the day's first look at that."""
        runs = self._ask("SELECT count(*) AS n FROM runs WHERE kind = 'ingest' AND finished_at >= current_date")
        return self._ask(QUIET) if runs[0]["n"] <= 1 else []

    def topics(self) -> list[Topic]:
        """Every version of every topic there has been."""
        return [
            Topic(**row)
            for row in self._ask("SELECT topic AS name, query, version, stem FROM topics ORDER BY topic, version")
        ]

    def whole_topics(self) -> set[tuple[str, int]]:
        """(name, version) of the topics that have been applied to everything kept."""
        return {(row["topic"], row["version"]) for row in self._ask("SELECT topic, version FROM topics WHERE whole")}

    def to_tag(self, after: int | None, most: int, but_run: int) -> list[Document]:
        """The next articles by their key, with what topics look at; those of one run are left out."""
        with self._open() as c:
            return topic_rows.to_tag(c, after, most, but_run)

    def documents(self, article_ids: Sequence[int]) -> list[Document]:
        """What topics look at of these articles."""
        with self._open() as c:
            return topic_rows.documents(c, article_ids)

    def notice_jumps(self, since: date, now: datetime, run: int) -> None:
        """Note the days since then on which a topic jumped, each once."""
        with self._open() as c:
            topic_rows.notice_jumps(c, since, now, run)

    def untold_jumps(self) -> list[Jump]:
        """The jumps whose event has not been sent."""
        with self._open() as c:
            return topic_rows.untold_jumps(c)

    def jump_told(self, jump: Jump) -> None:
        """The event of this jump has been sent."""
        with self._open() as c:
            topic_rows.jump_told(c, jump)

    def keep_matches(
        self, matches: Sequence[Match], topics: Sequence[Topic], articles: Sequence[int], run: int
    ) -> None:
        """Write the matches of these articles and topics, in one transaction."""
        with self._open() as c:
            topic_rows.keep(c, matches, topics, articles, run)

    def finish_topics(self, topics: Sequence[Topic]) -> None:
        """These topics have been applied to everything kept."""
        with self._open() as c:
            topic_rows.finish(c, topics)

    def count_articles(self, but_run: int) -> int:
        """Articles kept, those of one run left out."""
        return int(self._ask("SELECT count(*) AS n FROM articles WHERE run_id <> ?", but_run)[0]["n"])

    def accept(self, feed_id: int, now: datetime, relisted: str) -> str:
        """Say yes to what is held of a feed: its move is followed, what it listed anew (entries whose reason begins with
        `relisted`) is fetched; gives what was held."""
        with self._open() as c:
            held = c.execute("SELECT held FROM feeds WHERE feed_id = ? AND held <> ''", [feed_id]).fetchone()
            if held is None:
                return ""
            c.begin()
            try:
                c.execute(
                    """UPDATE feeds SET held = '', next_poll_at = $now, redirects = 0, redirect_to = '',
                    address = CASE WHEN redirect_to <> '' THEN redirect_to ELSE address END WHERE feed_id = $feed""",
                    {"now": now, "feed": feed_id},
                )
                c.execute(
                    """UPDATE entries SET outcome = 'deferred', reason = 'accepted as new', attempts = 0, article_id = NULL
                    WHERE feed_id = ? AND outcome = 'duplicate' AND starts_with(reason, ?)""",
                    [feed_id, relisted],
                )
                c.commit()
            except BaseException:
                duck.roll_back(c)
                raise
        return str(held[0])

    def forget(self, limits: Limits, now: datetime, *, only_say: bool = False) -> Gone:
        """Delete the stories past these limits; gives what went, or with `only_say` what would. The archive files nobody
        needs any more are named; `delete_archived` deletes them, once the people's file does not show what was in them."""
        past = [name for name in archive.files(self.archive) if name < f"{limits.latest:%Y/%m/%d}"]
        with self._open() as c:
            gone = forget(c, limits, now, past, only_say=only_say)
            if not only_say:
                c.execute("CHECKPOINT")
        return gone

    def delete_archived(self, gone: Gone) -> None:
        """Delete the archive files that nobody needs any more."""
        with disk.told(
            f"deleting files of {self.archive}", "what is kept is whole, and the rest goes with the next try"
        ):
            delete_files(self.archive, gone.archive_files)

    def commit(self, batch: Batch) -> dict[str, Any]:
        """Write a run in one transaction; gives its row. Either all of it is there afterwards, or nothing."""
        with self._open() as c:
            c.begin()
            try:
                write_feeds(c, batch)
                write_entries(c, batch)
                write_articles(c, batch)
                site_pages.write(c, batch)
                stories_new = story_rows.write_stories(c, batch)
                write_topics(c, batch)
                row = run_row(batch, stories_new)
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
