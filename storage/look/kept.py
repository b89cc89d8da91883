"""A look at the people's file, for searches and for topics that are tried: one version of it, however often it is published
meanwhile."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from extract.errors import BadInput
from extract.tracked import Document
from storage import duck
from storage.duck import Connection
from storage.write import topics as topic_rows

State = tuple[str, int, int]  # what tells one version from the next: its last run, how many runs, how many articles


@dataclass(frozen=True, slots=True)
class Days:
    """Articles by day."""

    articles: int
    stories: int
    by_day: tuple[tuple[date, int, int], ...]  # day (UTC), articles, stories; days without any left out


class Kept:
    """The people's file, open for reading."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    @cached_property
    def state(self) -> State:
        """What tells this version of the file from others."""
        row = self._c.execute(
            "SELECT (SELECT coalesce(max(finished_at)::VARCHAR, '') FROM runs), (SELECT count(*) FROM runs), (SELECT count(*) FROM articles)"
        ).fetchone()
        assert row is not None
        return str(row[0]), int(row[1]), int(row[2])

    def runs(self) -> set[int]:
        """The runs that wrote what is kept now."""
        found = self._c.execute("SELECT run_id FROM articles UNION SELECT grouped_run_id FROM articles").fetchall()
        return {run for (run,) in found}

    def knows(self, runs: Sequence[int]) -> bool:
        """Whether all these runs are this file's: they are not where an older one was put back."""
        row = self._c.execute(
            "SELECT count(*) FROM (SELECT unnest(?::BIGINT[]) AS run_id) WHERE run_id NOT IN (SELECT run_id FROM runs)",
            [list(runs)],
        ).fetchone()
        return row == (0,)

    def changed(self, done: Sequence[int]) -> list[int]:
        """The articles that runs other than these wrote."""
        found = self._c.execute(
            """SELECT article_id FROM articles
            WHERE run_id NOT IN (SELECT unnest($done::BIGINT[])) OR grouped_run_id NOT IN (SELECT unnest($done::BIGINT[])) ORDER BY article_id""",
            {"done": list(done)},
        ).fetchall()
        return [article_id for (article_id,) in found]

    def ids(self) -> set[int]:
        """Every article kept."""
        return {article_id for (article_id,) in self._c.execute("SELECT article_id FROM articles").fetchall()}

    def documents(self, article_ids: Sequence[int], slice_of: int = 5_000) -> Iterator[Document]:
        """What searches look at of these articles, so many at a time in memory."""
        for n in range(0, len(article_ids), slice_of):
            yield from topic_rows.documents(self._c, article_ids[n : n + slice_of])

    def all_documents(self, since: datetime | None = None, slice_of: int = 5_000) -> Iterator[list[Document]]:
        """The same of every article published (or seen) since then, in slices."""
        ids = topic_rows.kept(self._c, since=since)
        for n in range(0, len(ids), slice_of):
            yield topic_rows.documents(self._c, ids[n : n + slice_of])

    def in_order(self, article_ids: Sequence[int]) -> list[Document]:
        """These articles, in this order."""
        found = {document.article_id: document for document in topic_rows.documents(self._c, article_ids)}
        return [found[n] for n in article_ids if n in found]

    def days(self, article_ids: Sequence[int], since: datetime | None = None) -> Days:
        """These articles, counted by the day of their publication (else of our first look), since then."""
        by_day = self._c.execute(
            """SELECT CAST(coalesce(published_at, first_seen_at) AS DATE) AS day, count(*), count(DISTINCT story_id)
            FROM articles WHERE article_id IN (SELECT unnest($ids::BIGINT[]))
            AND ($since IS NULL OR coalesce(published_at, first_seen_at) >= $since) GROUP BY ROLLUP (day) ORDER BY day NULLS FIRST""",
            {"ids": list(article_ids), "since": since},
        ).fetchall()
        _, articles, stories = by_day[0]
        return Days(articles, stories, tuple(by_day[1:]))

    def within(self, since: datetime) -> set[int]:
        """The articles published (or seen) since then."""
        found = self._c.execute(
            "SELECT article_id FROM articles WHERE coalesce(published_at, first_seen_at) >= ?", [since]
        )
        return {article_id for (article_id,) in found.fetchall()}

    def on_topic(self, topic: str) -> set[int] | None:
        """The articles under the current version of a topic; None where there is no such topic."""
        if self._c.execute("SELECT 1 FROM topics WHERE topic = ? AND current", [topic]).fetchone() is None:
            return None
        found = self._c.execute(
            "SELECT article_id FROM article_topics JOIN topics USING (topic, version) WHERE topic = ? AND current",
            [topic],
        ).fetchall()
        return {article_id for (article_id,) in found}


@contextmanager
def looked_at(published: Path) -> Iterator[Kept]:
    """The people's file as it is now. Raises BadInput where there is none yet."""
    if not published.exists():
        raise BadInput(f"{published} does not exist yet: `newsduck ingest` or `newsduck load` makes it")
    with duck.open_file(published, read_only=True) as connection:
        yield Kept(connection)
