"""The derived file: sketches of every stored article, and the one join that finds candidates for a new one.

Truth is `work/pipeline.duckdb`; this file only makes grouping fast. DuckDB writes one file a transaction, so truth
commits first and this one catches up at the next use. Lost or broken, it is rebuilt from the truth.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from extract.errors import Broken
from extract.vocabulary import GROUPED
from storage import duck
from storage.derived.beside import MOMENT, register, remove
from storage.duck import Connection

Sketch = Callable[[str], list[int]]  # text → the hashes it is found by

COMMON = 30  # stories: a hash that stands in more of them within the window says nothing about any

_TABLES = """
CREATE TABLE IF NOT EXISTS sketches (
    article_id    BIGINT NOT NULL,
    story_id      BIGINT NOT NULL,
    hash          BIGINT NOT NULL,       -- one shingle of the article's sketch
    first_seen_at TIMESTAMPTZ NOT NULL,
    published_at  TIMESTAMPTZ
);
CREATE TABLE IF NOT EXISTS caught_up (
    run_id BIGINT PRIMARY KEY            -- a run whose articles and stories this file has
);
CREATE TABLE IF NOT EXISTS made_by (
    version INTEGER NOT NULL             -- of what a sketch is
);
CREATE TABLE IF NOT EXISTS sketched (
    article_id BIGINT PRIMARY KEY,
    text_hash  BIGINT NOT NULL,      -- of the reading that was sketched
    story_id   BIGINT NOT NULL
);
"""

# Stories that share a hash with some new article within the window: of one time by their dates or by when we first saw
# them (extract.group.likeness decides). Sketches lie by day, so a border in plain words lets the scan skip the other days.
# Hashes that many stories hold are house words or set phrases and do not count.
_NEAR = """
    SELECT sketches.story_id, sketches.hash
    FROM fresh JOIN sketches ON sketches.hash = fresh.hash
    WHERE sketches.{moment} BETWEEN $first_{moment} AND $last_{moment}
        AND sketches.{moment} - fresh.{moment} BETWEEN -$window::INTERVAL AND $window::INTERVAL
"""
_CANDIDATES = f"""
WITH near AS (
    {_NEAR.format(moment="first_seen_at")} UNION {_NEAR.format(moment="published_at")}
),
telling AS (SELECT hash FROM near GROUP BY hash HAVING count(DISTINCT story_id) <= $common)
SELECT DISTINCT story_id FROM near SEMI JOIN telling USING (hash)
"""


@dataclass(frozen=True, slots=True)
class Sketched:
    """A new article's sketch."""

    article_id: int
    first_seen_at: datetime
    published_at: datetime | None
    hashes: Sequence[int]


def candidates(
    derived: Path, truth: Path, fresh: Sequence[Sketched], sketch: Sketch, version: int, window: timedelta
) -> list[int]:
    """The ids of stored stories that any of the new articles may join; catches the derived file up first. `version` is that
    of `sketch`: where it is another, all is sketched anew."""
    if not fresh or not truth.exists():
        return []
    try:
        return _candidates(derived, truth, fresh, sketch, version, window)
    except Broken:
        remove(derived)
        return _candidates(derived, truth, fresh, sketch, version, window)


def _candidates(
    derived: Path, truth: Path, fresh: Sequence[Sketched], sketch: Sketch, version: int, window: timedelta
) -> list[int]:
    with duck.open_file(derived, in_log=True) as connection:
        connection.execute(_TABLES)
        with duck.attached(connection, truth, "truth"):
            _catch_up(connection, sketch, version)
        register(
            connection,
            "fresh",
            [(s.article_id, 0, hash_, s.first_seen_at, s.published_at) for s in fresh for hash_ in s.hashes],
            _ROW,
        )
        # One shared hash is enough to be looked at: of the 25 shingles the decision wants an eighth is 3, and once in 30
        # times none of them is in the sketches.
        values = {"window": window, "common": COMMON}
        for moment in ("first_seen_at", "published_at"):
            known = [at for s in fresh if (at := getattr(s, moment)) is not None]
            values[f"first_{moment}"] = min(known) - window if known else None
            values[f"last_{moment}"] = max(known) + window if known else None
        return [story for (story,) in connection.execute(_CANDIDATES, values).fetchall()]


def _catch_up(connection: Connection, sketch: Sketch, version: int) -> None:
    """Sketch the articles whose newest reading this file does not have, and follow articles that changed story. Only what
    runs not yet caught up with wrote is looked at."""
    runs = connection.execute(
        "SELECT run_id FROM truth.runs WHERE run_id NOT IN (SELECT run_id FROM caught_up)"
    ).fetchall()
    strange = "SELECT count(*) > 0 FROM caught_up WHERE run_id NOT IN (SELECT run_id FROM truth.runs)"
    other = connection.execute("SELECT max(version) FROM made_by").fetchone() != (version,)
    if other or connection.execute(strange).fetchone() == (True,):  # an older working file was put back
        for table in ("sketches", "sketched", "caught_up", "made_by"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("INSERT INTO made_by VALUES (?)", [version])
        runs = connection.execute("SELECT run_id FROM truth.runs").fetchall()
    if not runs:
        return
    since_ever = connection.execute("SELECT count(*) = 0 FROM caught_up").fetchone() == (True,)
    changed = "" if since_ever else f"AND (a.run_id IN {_in(runs)} OR a.grouped_run_id IN {_in(runs)})"
    while rows := connection.execute(
        f"""
        WITH late AS MATERIALIZED (
            SELECT a.rowid AS place FROM truth.articles a LEFT JOIN sketched s USING (article_id)
            WHERE a.story_id IS NOT NULL AND a.kind IN {GROUPED} {changed} AND (s.text_hash IS DISTINCT FROM a.text_hash OR s.story_id IS DISTINCT FROM a.story_id)
            LIMIT 20000
        )
        SELECT article_id, text_hash, story_id, first_seen_at, published_at, text FROM truth.articles WHERE rowid IN (SELECT place FROM late)
        """
    ).fetchall():
        connection.begin()
        connection.execute("DELETE FROM sketches WHERE article_id IN (SELECT unnest(?))", [[r[0] for r in rows]])
        register(
            connection,
            "more",
            [(a, story, h, seen, out) for a, _, story, seen, out, text in rows for h in sketch(text)],
            _ROW,
        )
        connection.execute("INSERT INTO sketches SELECT * FROM more ORDER BY first_seen_at::DATE, hash")
        done = pa.table({"a": [r[0] for r in rows], "t": [r[1] for r in rows], "s": [r[2] for r in rows]})
        connection.register("done", done)
        connection.execute("INSERT OR REPLACE INTO sketched SELECT * FROM done")
        connection.commit()
    connection.execute(f"INSERT INTO caught_up SELECT unnest({_in(runs, '[]')}::BIGINT[])")


def _in(runs: Sequence[tuple[int]], marks: str = "()") -> str:
    """Run ids as SQL writes a list of them."""
    return marks[0] + ", ".join(str(run) for (run,) in runs) + marks[1]


_ROW = pa.schema(
    [
        ("article_id", pa.int64()),
        ("story_id", pa.int64()),
        ("hash", pa.int64()),
        ("first_seen_at", MOMENT),
        ("published_at", MOMENT),
    ]
)
