"""How runs, feeds and sites are doing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from storage.look.handle import Handle

# The feeds that brought less than a quarter of what was to be expected on the last whole day.
QUIET = """SELECT title, url, day, seen, expected FROM volume_by_feed
WHERE day = (SELECT max(day) - 1 FROM volume_by_feed) AND expected >= 4 AND seen < expected / 4 ORDER BY expected DESC LIMIT 10"""
WORSE = "FROM reading_by_site WHERE worse IS NOT NULL ORDER BY articles_before DESC"  # sites gone bad, largest first


class HealthLooks(Handle):
    """How the runs, feeds and sites are doing."""

    def unfinished(self, files: Sequence[str]) -> list[str]:
        """Of these archive files those that no committed run has loaded."""
        done = {row["archive_file"] for row in self._ask("SELECT archive_file FROM runs")}
        return [name for name in files if name not in done]

    def last_began(self) -> datetime | None:
        """When the run began that began last; None where there was none."""
        return self._last("started_at")

    def last_finished(self) -> datetime | None:
        """When the run ended that ended last; None where there was none."""
        return self._last("finished_at")

    def _last(self, moment: str) -> datetime | None:
        (row,) = self._ask(f"SELECT max({moment}) AS at FROM runs")
        found: datetime | None = row["at"]
        return found

    def committed(self, runs: Collection[int]) -> frozenset[int]:
        """Of these runs those that are in the warehouse."""
        there = self._ask("SELECT run_id FROM runs WHERE list_contains(?, run_id)", list(runs)) if runs else []
        return frozenset(row["run_id"] for row in there)

    def quiet(self) -> list[dict[str, Any]]:
        """The feeds that brought far less than usual on the last whole day, where this is the day's first look at that."""
        runs = self._ask("SELECT count(*) AS n FROM runs WHERE kind = 'ingest' AND finished_at >= current_date")
        return self._ask(QUIET) if runs[0]["n"] <= 1 else []

    def worse(self) -> list[dict[str, Any]]:
        """The sites that are read less well than they were, as `reading_by_site` has them."""
        return self._ask(WORSE)
