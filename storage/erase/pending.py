"""An erasure as a row: written with the deletion in one transaction, so that whatever a kill leaves half done is known and finished."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from extract.vocabulary import ErasureReason
from storage.duck import Connection
from storage.erase.rewrite import Rewritten
from storage.erase.rows import Chosen


@dataclass(frozen=True, slots=True)
class Pending:
    """What is still to be done of an erasure whose rows are gone."""

    run_id: int
    files: tuple[str, ...]  # written anew, to be put in place
    deleted: tuple[str, ...]  # to be deleted
    days: tuple[date, ...]  # whose pages are to be written anew


def note(
    c: Connection,
    run_id: int,
    asked: ErasureReason,
    now: datetime,
    gone: Chosen,
    done: Sequence[Rewritten],
    deleted: Collection[str],
    days: Collection[date],
) -> None:
    """Write an erasure's row, and let articles and versions follow to where their pages will stand; in the caller's transaction."""
    c.execute(
        "INSERT INTO erasures VALUES (?, ?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            run_id,
            asked,
            now,
            len(gone.articles),
            gone.stories,
            gone.entries,
            sum(one.pages for one in done),
            sum(one.cut + len(one.lists) for one in done),
            [one.name for one in done if one.name not in deleted],
            sorted(deleted),
            sorted(days),
        ],
    )
    for one in done:
        moved = pa.table(
            {
                "was": pa.array([a for a, _ in one.moved], pa.int64()),
                "is_": pa.array([b for _, b in one.moved], pa.int64()),
            }
        )
        c.register("moved", moved)
        for table in ("articles", "versions"):
            c.execute(
                f"UPDATE {table} SET warc_offset = is_ FROM moved WHERE warc_file = ? AND warc_offset = was AND was <> is_",
                [one.name],
            )
        c.unregister("moved")


def all_of(c: Connection) -> list[Pending]:
    """The erasures that are not done, the oldest first; none where the file is of a newsduck that had none."""
    if not c.execute(
        "FROM duckdb_tables() WHERE table_name = 'erasures' AND database_name = current_database()"
    ).fetchall():
        return []
    found = c.execute(
        "SELECT run_id, files, deleted, days FROM erasures WHERE done_at IS NULL ORDER BY begun_at, run_id"
    )
    return [Pending(run, tuple(files), tuple(deleted), tuple(days)) for run, files, deleted, days in found.fetchall()]


def done(c: Connection, run_ids: Collection[int], now: datetime) -> None:
    """These erasures are done: no file has any of it."""
    c.execute("UPDATE erasures SET done_at = ? WHERE run_id IN (SELECT unnest(?::BIGINT[]))", [now, list(run_ids)])
