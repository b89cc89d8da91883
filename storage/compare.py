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


@contextmanager
def _both(old: Path, new: Path) -> Iterator[duck.Connection]:
    """The new file, with the other as `old` beside it."""
    with duck.open_file(new, read_only=True) as c, duck.attached(c, old, "old"):
        yield c


def _count(c: duck.Connection, these: str, those: str) -> int:
    row = c.execute(f"SELECT count(*) FROM ({these} EXCEPT ALL {those})").fetchone()
    return int(row[0]) if row else 0
