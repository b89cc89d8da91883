"""A run, as a row of `runs`: its counts are taken from what it commits."""

from dataclasses import asdict
from typing import Any

from extract.vocabulary import OUTCOMES
from storage.write.batch import Batch

COUNTS = ("feeds", "feeds_failed", "seen", *OUTCOMES, "stories_new", "copies_new")


def run_row(batch: Batch, stories_new: int) -> dict[str, Any]:
    """The row, column → value; each entry counts once."""
    counts = dict.fromkeys(OUTCOMES, 0)
    counted = [o for o in batch.outcomes if not o.again or batch.run.kind == "reread"]
    for outcome in counted:
        counts[outcome.outcome] += 1
    fresh = {o.article.article_id for o in batch.outcomes if o.article is not None}
    return {
        **asdict(batch.run),
        "finished_at": batch.now,
        "feeds": len(batch.polls),
        "feeds_failed": sum(p.outcome in ("failed", "refused") for p in batch.polls),
        "seen": len(counted),
        **counts,
        "stories_new": stories_new,
        "copies_new": sum(c.article_id in fresh and c.role != "original" for c in batch.copies),
    }


def taken_rows(batch: Batch) -> list[dict[str, Any]]:
    """The rows of runs that only fetched: what came of their answers is counted by the run that took them in."""
    return [{**asdict(run), "finished_at": batch.now, **dict.fromkeys(COUNTS, 0)} for run in batch.taken]
