"""A run's entries and their outcomes, as rows of `entries`."""

from dataclasses import asdict

from storage import rows
from storage.batch import Batch
from storage.duck import Connection


def write_entries(c: Connection, batch: Batch) -> None:
    """Write every entry the run dealt with, and its outcome."""
    ids = [o.entry.entry_id for o in batch.outcomes]
    before = {
        r[0]: r[1:]
        for r in c.execute(
            "SELECT entry_id, first_seen_at, outcome, reason, article_id, attempts, run_id FROM entries WHERE entry_id IN (SELECT unnest(?::BIGINT[]))",
            [ids],
        ).fetchall()
    }
    found = []
    for o in batch.outcomes:
        e = o.entry
        first, outcome, reason, article_id, attempts, run_id = before.get(
            e.entry_id, (batch.seen.get(e.entry_id, batch.now), "", "", None, 0, 0)
        )
        # Nothing new is said of an entry that was settled: the row keeps the outcome that settled it.
        if not (o.outcome == "unchanged" and outcome and not o.tried):
            outcome, reason, article_id, run_id = o.outcome, o.reason, o.article_id or article_id, batch.run.run_id
        found.append(
            asdict(e)
            | {
                "first_seen_at": first,
                "last_seen_at": batch.now,
                "outcome": outcome,
                "reason": reason[:1000],
                "article_id": article_id,
                "attempts": attempts + o.tried,
                "run_id": run_id,
            }
        )
    rows.put(c, "entries", found)
