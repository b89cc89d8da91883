"""Archive files of runs that are committed, sent to where the archive is. What cannot be sent waits here, and costs nothing."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flows.board import progress
from storage.store import names
from storage.store import send as sending
from storage.store.send import Sent

if TYPE_CHECKING:
    from flows.line.work import Work


def send(work: "Work", tell: Callable[[str], object], *, own: bool = False) -> Sent:
    """Send the files of all committed runs that are here, or the run's own alone; what went wrong is told, and raises nothing. The run
    writes no more."""
    warehouse = work.warehouse
    place = warehouse.archive
    if not place.elsewhere:
        return Sent()
    work.archive.close()
    here = names.leaving(place.folder)
    stay = set(warehouse.unfinished([name for name in here if not names.decides(name)]))
    stay |= {name for one in warehouse.erasing() for name in one.files}  # they are to take others' places
    wanted = [name for name in here if name not in stay and (not own or name == work.archive.name)]
    sent = sending.send(place, wanted, progress.watcher.stage("send", len(wanted)))
    for line in sent.told:
        tell(line)
    return sent
