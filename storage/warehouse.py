"""Where a data folder has what, and a run's results written into its working file in one transaction.

No handle stays open between calls, but inside `at_hand`, so that nothing is locked while the network is waited for.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from storage import clock, disk, duck, restore, upgrade
from storage.clock import Mended
from storage.duck import Connection
from storage.erase import place
from storage.erase.house import Erasing
from storage.erase.pending import Pending
from storage.look.captures import CaptureLooks
from storage.look.events import EventLooks
from storage.look.health import HealthLooks
from storage.look.known import KnownLooks
from storage.look.members import MemberLooks
from storage.look.outlets import OutletLooks
from storage.look.readings import ReadingLooks
from storage.look.topics import TopicLooks
from storage.migrate import migrate
from storage.store import claim
from storage.store.place import Place
from storage.write import rows, site_pages
from storage.write import stories as story_rows
from storage.write.articles import write_articles
from storage.write.batch import Batch
from storage.write.entries import write_entries
from storage.write.feeds import write_feeds
from storage.write.imports import write_imports
from storage.write.outlets import write_calendar, write_groups, write_outlets
from storage.write.runs import run_row, taken_rows
from storage.write.topics import write_topics


class Warehouse(
    KnownLooks, CaptureLooks, ReadingLooks, MemberLooks, OutletLooks, TopicLooks, EventLooks, HealthLooks, Erasing
):
    """The working file of a data folder."""

    def __init__(self, data: Path, elsewhere: str = "") -> None:
        """`elsewhere` is where archive files go once their run is committed, as Place has it; empty: they stay."""
        self.data = data
        self.work = data / "work"
        super().__init__(self.work / "pipeline.duckdb")
        self.derived = self.work / "derived.duckdb"
        self.index = self.work / "search"
        self.archive = Place(data / "archive", elsewhere)
        self.published = data / "warehouse.duckdb"

    def prepare(self, tell: Callable[[str], object] = lambda _: None, group: str = "") -> list[str]:
        """Make or upgrade the working file; gives the migrations applied. One that is gone or damaged is brought back first, and
        an erasure that was cut off is finished. All is told. The published file is the group's where one is named. Raises
        BadInput where archive files have gone elsewhere than it is said."""
        claim.agrees(self.archive)
        with self.at_hand():
            applied = self._prepare(tell)
            self.settle(group)
        return applied

    def settle(self, group: str) -> Sequence[Pending]:
        """Finish what erasures left of files that are here; gives those erasures, which are not done before their days' pages are,
        and what of the archive is elsewhere."""
        waiting = self.erasing()
        if waiting:
            self.let_go()
            place.settle(waiting, self.path, self.published, self.archive, self.derived, self.index, group)
        return waiting

    def side_by_side(self) -> tuple[Path, Path]:
        """The derived file and the one that it is made from, to be opened side by side: no look holds that now."""
        self.let_go()
        return self.derived, self.path

    def _prepare(self, tell: Callable[[str], object]) -> list[str]:
        with disk.told(f"making {self.work}", "nothing was changed"):
            self.work.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.let_go()
        for line in restore.bring_back(self.path, self.published):
            tell(line)
        with self._open() as connection:
            if not upgrade.is_due(connection):
                return migrate(connection)
        self.let_go()
        return upgrade.upgrade(self.path, tell)

    def mend_times(self, now: datetime, longest: timedelta, again: timedelta) -> Mended:
        """Void the times that only a clock gone wrong can have set, as storage/clock.py says."""
        with self._open() as connection:
            return clock.mend(connection, now, longest, again)

    def accept(self, feed_id: int, now: datetime, relisted: str) -> str:
        """Say yes to what is held of a feed: its move is followed, what it listed anew (entries whose reason begins with
        `relisted`) is fetched; gives what was held."""
        with self._open() as c:
            held = c.execute("SELECT held FROM feeds WHERE feed_id = ? AND held <> ''", [feed_id]).fetchone()
            if held is None:
                return ""
            c.begin()
            try:
                c.execute(
                    """UPDATE feeds SET held = '', next_poll_at = $now, redirects = 0, redirect_to = '',
                    address = CASE WHEN redirect_to <> '' THEN redirect_to ELSE address END WHERE feed_id = $feed""",
                    {"now": now, "feed": feed_id},
                )
                c.execute(
                    """UPDATE entries SET outcome = 'deferred', reason = 'accepted as new', attempts = 0, article_id = NULL
                    WHERE feed_id = ? AND outcome = 'duplicate' AND starts_with(reason, ?)""",
                    [feed_id, relisted],
                )
                c.commit()
            except BaseException:
                duck.roll_back(c)
                raise
        return str(held[0])

    def commit(self, batch: Batch, first: Callable[[Connection], None] = lambda _: None) -> dict[str, Any]:
        """Write a run in one transaction, which begins with what is to be done `first`; gives its row. Either all of it is there
        afterwards, or nothing."""
        with self._open() as c:
            c.begin()
            try:
                first(c)
                write_feeds(c, batch)
                write_entries(c, batch)
                write_articles(c, batch)
                write_outlets(c, batch)
                write_groups(c, batch)
                write_calendar(c, batch)
                write_imports(c, batch)
                site_pages.write(c, batch)
                stories_new = story_rows.write_stories(c, batch)
                write_topics(c, batch)
                row = run_row(batch, stories_new)
                rows.put(c, "runs", [row, *taken_rows(batch)], key="run_id")
                c.commit()
            except BaseException:
                duck.roll_back(c)
                raise
            c.execute("CHECKPOINT")
        return row
