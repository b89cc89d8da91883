"""The stories that are of no event yet, and what was decided of them."""

from collections.abc import Sequence

from extract.tales import Tale, Told
from storage import duck
from storage.look.handle import Handle
from storage.write import events as event_rows


class EventLooks(Handle):
    """The stories that are of no event yet, and what was decided of them."""

    def untold(self, most: int) -> list[Tale]:
        """The leads of the stories that are of no event yet, the earliest first."""
        with self._open() as c:
            return event_rows.untold(c, most)

    def tell(self, told: Sequence[Told], method: int, run_id: int) -> None:
        """Write the events of stories, in one transaction."""
        with self._open() as c:
            try:
                event_rows.write(c, told, method, run_id)
            except BaseException:
                duck.roll_back(c)
                raise
