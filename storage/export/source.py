"""The published warehouse as an export reads it: the articles chosen, and the rows of each table that belong to them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from extract.errors import BadInput
from storage import duck
from storage.duck import ROW_GROUP, Connection
from storage.export.addresses import MACROS
from storage.migrate import FOLDER as MIGRATIONS

SOME = 1_000  # rows at a time

# A feed whose address held a secret gets another id: its own is a key of the whole address, by which a password could be guessed.
_FEEDS = """
CREATE TEMP TABLE told_feeds AS
SELECT feed_id, told_url, CASE WHEN told_url = url THEN feed_id
    ELSE (md5_number_lower(told_url || ' ' || row_number() OVER (PARTITION BY told_url ORDER BY feed_id)) >> 1)::BIGINT END AS told_id
FROM (SELECT feed_id, url, feed_address(url) AS told_url FROM feeds)
"""
_CHOSEN = """
CREATE TEMP TABLE chosen AS
SELECT article_id, story_id, site, coalesce(seen_day, CAST(first_seen_at AS DATE)) AS day, text_hash FROM articles
WHERE ($since IS NULL OR day >= $since) AND ($until IS NULL OR day < $until)
    AND ($every OR article_id IN (SELECT article_id FROM article_topics JOIN topics USING (topic, version) JOIN told_topics USING (topic) WHERE current))
    AND ($found IS NULL OR article_id IN (SELECT unnest($found::BIGINT[])))
ORDER BY article_id
"""
_FACTS = """
SELECT (SELECT max(finished_at) FROM runs) AS finished_at,
    (SELECT max(version) FROM schema_version) AS schema_version, (SELECT zone FROM calendar) AS zone,
    (SELECT list(DISTINCT newsduck ORDER BY newsduck) FROM runs) AS collected_by,
    (SELECT list(DISTINCT read_version ORDER BY read_version) FROM articles SEMI JOIN chosen USING (article_id)) AS readers,
    (SELECT list(DISTINCT method ORDER BY method) FROM articles SEMI JOIN chosen USING (article_id)) AS methods,
    (SELECT list(DISTINCT method ORDER BY method) FROM event_stories WHERE story_id IN (SELECT story_id FROM chosen)) AS event_methods,
    (SELECT count(*) FROM chosen) AS articles, (SELECT min(day) FROM chosen) AS first_day, (SELECT max(day) FROM chosen) AS last_day,
    (SELECT count(DISTINCT site) FROM chosen) AS outlets
"""
_COVERAGE = """
SELECT told_id, told_url, feed_address(f.title), f.status, f.added_at, entries, stored, lost, waiting, f.losses,
    min(v.day), max(v.day), count(v.day) FILTER (v.polls > 0), count(v.day) FILTER (v.polls > 0 AND v.failed = v.polls)
FROM feeds f JOIN told_feeds USING (feed_id) JOIN coverage_by_feed USING (feed_id) LEFT JOIN volume_by_feed v USING (feed_id)
GROUP BY ALL ORDER BY told_id
"""
_COMMENTS = """
SELECT column_name, comment FROM duckdb_columns() WHERE database_name = current_database() AND table_name = ? AND comment IS NOT NULL
"""
_ABOUT = """
SELECT comment FROM duckdb_tables() WHERE database_name = current_database() AND table_name = $name
UNION ALL SELECT comment FROM duckdb_views() WHERE database_name = current_database() AND view_name = $name
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles are handed on; what is None or empty asks for nothing."""

    topics: tuple[str, ...] = ()  # on one of these, as it is now
    query: str = ""  # as written
    found: tuple[int, ...] | None = None  # the articles that the query finds
    since: date | None = None  # first seen on that day or later
    until: date | None = None  # first seen before that day


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file."""

    name: str
    type: str  # DuckDB's
    meaning: str


class Source:
    """A published warehouse that is read, one version of it, with the articles that were chosen."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def choose(self, choice: Choice) -> None:
        """Choose the articles. Raises BadInput where there is no such topic, and where nothing is left to hand on."""
        known = [name for (name,) in self._c.execute("SELECT DISTINCT topic FROM topics ORDER BY topic").fetchall()]
        if unknown := [name for name in choice.topics if name not in known]:
            there = f"there are {', '.join(known)}" if known else "there are none"
            raise BadInput(f"no topic is called {unknown[0]!r}; {there} (`newsduck topics`)")
        self._c.execute(MACROS)
        self._c.execute(_FEEDS)
        self._c.execute(
            "CREATE TEMP TABLE told_topics AS SELECT unnest(?::VARCHAR[]) AS topic", [list(choice.topics or known)]
        )
        bounds = {"since": choice.since, "until": choice.until, "every": not choice.topics}
        self._c.execute(_CHOSEN, {**bounds, "found": None if choice.found is None else list(choice.found)})
        if self._one("SELECT count(*) FROM chosen") == 0:
            raise BadInput(
                "no article is kept that fits: leave out --topic, --query or a day (`newsduck status` says what is kept)"
            )

    def facts(self) -> dict[str, Any]:
        """What is true of the whole data set: its date, versions, days and counts."""
        result = self._c.execute(_FACTS)
        names = [column[0] for column in result.description or ()]
        return dict(zip(names, result.fetchone() or (), strict=True))

    def version(self) -> str:
        """The data set's version: SHA-256, in hexadecimal, of a line "article_id text_hash" for each article, by id."""
        found = sha256()
        for article_id, text_hash in self.rows("SELECT article_id, text_hash FROM chosen ORDER BY article_id"):
            found.update(f"{article_id} {text_hash}\n".encode())
        return found.hexdigest()

    def days(self) -> list[date]:
        """The days on which an article was first seen."""
        return [day for (day,) in self._c.execute("SELECT DISTINCT day FROM chosen ORDER BY day").fetchall()]

    def feeds(self) -> list[tuple[Any, ...]]:
        """Every feed with what came of its entries, and its days: first, last, looked at, and of these without an answer."""
        return self._c.execute(_COVERAGE).fetchall()

    def texts(self) -> Iterator[tuple[int, str]]:
        """(article, its text) of each article, by id. Nothing else may be asked until the last."""
        yield from self.rows(
            "SELECT article_id, text FROM articles SEMI JOIN chosen USING (article_id) ORDER BY article_id"
        )

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, some at a time."""
        result = self._c.execute(sql)
        while some := result.fetchmany(SOME):
            yield from some

    def columns(self, sql: str, of: Sequence[str] = ()) -> list[Column]:
        """The columns of a query, explained as the warehouse explains those of the tables or views `of`."""
        told: dict[str, str] = {}
        for table in reversed(of):
            told.update(self._c.execute(_COMMENTS, [table]).fetchall())
        found = self._c.execute(f"DESCRIBE {sql}").fetchall()
        return [Column(name, kind, told.get(name, "")) for name, kind, *_ in found]

    def about(self, table: str) -> str:
        """What the warehouse says of a table or view."""
        found = self._c.execute(_ABOUT, {"name": table}).fetchone()
        return str(found[0]) if found and found[0] else ""

    def copy(self, sql: str, path: Path) -> None:
        """Write a query's rows, in its order, as one Parquet file; the same rows give the same bytes."""
        path.parent.mkdir(exist_ok=True)
        self._c.execute(
            f"COPY ({sql}) TO {duck.quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        )

    def _one(self, sql: str) -> Any:
        found = self._c.execute(sql).fetchone()
        assert found is not None
        return found[0]


@contextmanager
def opened(published: Path, spill: Path) -> Iterator[Source]:
    """The published warehouse, read only; what does not fit into memory is laid aside in the folder `spill`. Raises BadInput where
    there is none yet, or where an earlier version wrote it."""
    if not published.exists():
        raise BadInput(f"{published} does not exist yet: `newsduck ingest` or `newsduck load` makes it")
    with duck.open_file(published, read_only=True) as connection:
        done = {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}
        if {path.stem for path in MIGRATIONS.glob("*.sql")} - done:
            raise BadInput(
                f"{published} was written by an earlier newsduck: the next run (`newsduck poll`) brings it up to date"
            )
        connection.execute(f"SET temp_directory = {duck.quoted(spill)}")
        # One thread: averages of many rows have the same last digit each time, and so have files the same bytes.
        connection.execute("SET threads = 1; SET enable_progress_bar = false")
        yield Source(connection)


def finished(facts: dict[str, Any]) -> datetime:
    """The data set's moment: when the last run before it was finished. Raises BadInput where no run was."""
    if not isinstance(facts["finished_at"], datetime):
        raise BadInput("no run has been finished yet: `newsduck ingest` makes one")
    return facts["finished_at"]
