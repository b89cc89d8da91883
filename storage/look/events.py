"""The stories that are of no event yet, and what was decided of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from extract.tales import Tale, Told
from storage import duck
from storage.look.handle import Handle
from storage.write import events as event_rows
from storage.write.events import Growth, Untold


class EventLooks(Handle):
    """The stories that are of no event yet, and what was decided of them."""

    def untell(self, since: datetime | None) -> None:
        """Let the stories told since then be of no event, so that they are decided anew; which they were of is kept, in one
        transaction."""
        with self._open() as c:
            try:
                event_rows.forget_since(c, since)
            except BaseException:
                duck.roll_back(c)
                raise

    def former_events(self) -> tuple[dict[int, int], dict[int, int], frozenset[int]]:
        """Story → the event that it was of before all were decided anew; story → its event now, of all that may keep or take one
        of those ids, the earliest first; and the events that a person has decided."""
        with self.at_hand():
            former = {row["story_id"]: row["event_id"] for row in self._ask("SELECT * FROM former_events")}
            if not former:
                return {}, {}, frozenset()
            now = self._ask(event_rows.CONCERNED)
            fixed = self._ask("SELECT DISTINCT event_id FROM event_decisions")
        return former, {row["story_id"]: row["event_id"] for row in now}, frozenset(row["event_id"] for row in fixed)

    def has_former_events(self) -> bool:
        """Whether events were decided anew whose ids are not settled yet."""
        return bool(self._ask("SELECT 1 FROM former_events LIMIT 1"))

    def rename_events(self, renamed: Mapping[int, int], now: datetime, run_id: int) -> None:
        """Give events other ids, all at once, and say where those went that have no stories any more, in one transaction."""
        with self._open() as c:
            try:
                event_rows.rename(c, renamed, now, run_id)
            except BaseException:
                duck.roll_back(c)
                raise

    def has_older_events(self, method: int) -> bool:
        """Whether any story's event was decided by another method."""
        return bool(self._ask("SELECT 1 FROM event_stories WHERE method <> ? LIMIT 1", method))

    def notice_growth(self, run_id: int) -> None:
        """Note the events that are growing, each once."""
        with self._open() as c:
            event_rows.notice_growth(c, run_id)

    def untold_growths(self) -> list[Growth]:
        """The growing events whose alert has not been sent."""
        with self._open() as c:
            return event_rows.untold_growths(c)

    def growths_told(self) -> None:
        """The alerts of all growing events have been sent."""
        with self._open() as c:
            event_rows.growths_told(c)

    def untold(self, most: int) -> list[Untold]:
        """The stories that are of no event yet, the earliest first."""
        with self._open() as c:
            return event_rows.untold(c, most)

    def tales(self, untold: Sequence[Untold]) -> list[Tale]:
        """What the leads of these stories say."""
        with self._open() as c:
            return event_rows.tales(c, untold)

    def tell(self, told: Sequence[Told], method: int, run_id: int, *, last: bool = True) -> None:
        """Write the events of stories, in one transaction; with a run's `last`, what is said of stories that are no more goes."""
        with self._open() as c:
            try:
                event_rows.write(c, told, method, run_id, last=last)
            except BaseException:
                duck.roll_back(c)
                raise
