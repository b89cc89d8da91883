"""What a person is told after a run, and what `newsduck status` says, in plain lines."""

from pathlib import Path
from typing import Any

OUTCOMES = ("stored", "unchanged", "duplicate", "refused", "quarantined", "deferred")


def summary(run: dict[str, Any], data: Path) -> str:
    """A run's row in a few lines, and where to look next."""
    told = ", ".join(f"{run[name]:,} {name}" for name in OUTCOMES if run[name])
    lines = []
    if run["feeds"]:
        failed = f", {run['feeds_failed']} failed" if run["feeds_failed"] else ""
        lines.append(f"{run['feeds']:,} feeds{failed}")
    lines.append(f"{run['seen']:,} {'entries' if run['feeds'] else 'articles'}: {told or 'nothing to do'}")
    lines.append(f"{run['stories_new']:,} new stories, {run['copies_new']:,} copies found")
    seconds = (run["finished_at"] - run["started_at"]).total_seconds()
    lines.append(f"{run['name']} took {seconds:.1f} s; the warehouse is {data / 'warehouse.duckdb'}")
    return "\n".join(lines)
