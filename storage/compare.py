"""Two warehouse files held against each other, row by row."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage import duck

# What belongs to Prefect, or says when a file was made.
LEFT_OUT = {"runs": ("prefect_run",), "migrations": ("applied_at",)}


@dataclass(frozen=True, slots=True)
class Difference:
    """A table in which rows differ."""

    table: str
    missing: int  # rows of the old file that the new one has not
    more: int  # rows of the new one that the old has not


def compare(old: Path, new: Path) -> list[Difference]:
    """The tables in which two files differ; rows that are there twice count twice."""
    found = []
    with _both(old, new) as c:
        tables = c.execute(
            "SELECT DISTINCT table_name FROM duckdb_tables() WHERE database_name IN ('file', 'old') ORDER BY table_name"
        ).fetchall()
        for (table,) in tables:
            left = ", ".join(LEFT_OUT.get(table, ()))
            columns = f"* EXCLUDE ({left})" if left else "*"
            counts = [
                _count(c, f'SELECT {columns} FROM {one}."{table}"', f'SELECT {columns} FROM {other}."{table}"')
                for one, other in (("old", "file"), ("file", "old"))
            ]
            if any(counts):
                found.append(Difference(table, *counts))
    return found


def missing_runs(old: Path, new: Path) -> list[str]:
    """The names of the runs that the old file has and the new one has not."""
    with _both(old, new) as c:
        rows = c.execute(  # by name: what a restore had recovered may be replayed as what it was before
            "SELECT name FROM old.runs WHERE name NOT IN (SELECT name FROM runs) ORDER BY started_at"
        ).fetchall()
    return [str(name) for (name,) in rows]


def missing_articles(old: Path, new: Path) -> int:
    """How many articles the old file has and the new one has not."""
    with _both(old, new) as c:
        return _count(c, "SELECT article_id FROM old.articles", "SELECT article_id FROM articles")


def moved(old: Path, new: Path) -> tuple[int, int]:
    """How many articles of both files are of a story with another id in the new one, and how many stories of another event."""
    with _both(old, new) as c:
        stories = "SELECT article_id, story_id FROM {}articles WHERE article_id IN (SELECT article_id FROM {}articles)"
        events = (
            "SELECT story_id, event_id FROM {}event_stories WHERE story_id IN (SELECT story_id FROM {}event_stories)"
        )
        one, other = (_count(c, sql.format("old.", "file."), sql.format("file.", "old.")) for sql in (stories, events))
    return one, other


# What rows can differ by: a table, and a column's values that only the file's writers choose.
WRITERS = {
    "reader": ("articles", "read_version"),
    "extractor": ("articles", "extractor"),
    "grouping": ("articles", "method"),
    "events": ("event_stories", "method"),
}


def writers(old: Path, new: Path) -> dict[str, tuple[str, str]]:
    """(the old file's, the new one's) versions of what wrote their rows, where these are others; of several all."""
    found = {}
    with _both(old, new) as c:
        for what, (table, column) in WRITERS.items():
            sql = f"SELECT string_agg(DISTINCT {column}::VARCHAR, ', ' ORDER BY {column}::VARCHAR) FROM {{}}{table} WHERE {column}::VARCHAR <> 'place'"
            ((before,),) = c.execute(sql.format("old.")).fetchall()
            ((now,),) = c.execute(sql.format("file.")).fetchall()
            if before != now:
                found[what] = before or "none", now or "none"
    return found


def has_forgotten(file: Path) -> bool:
    """Whether documents have been taken out of the archive that a file was made of."""
    with duck.open_file(file, read_only=True) as c:
        return bool(c.execute("FROM erasures WHERE articles + entries > 0 LIMIT 1").fetchall())


@contextmanager
def _both(old: Path, new: Path) -> Iterator[duck.Connection]:
    """The new file, with the other as `old` beside it."""
    with duck.open_file(new, read_only=True) as c, duck.attached(c, old, "old"):
        yield c


def _count(c: duck.Connection, these: str, those: str) -> int:
    row = c.execute(f"SELECT count(*) FROM ({these} EXCEPT ALL {those})").fetchone()
    return int(row[0]) if row else 0
