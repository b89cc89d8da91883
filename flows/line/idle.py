"""Whether a run would find anything to do: asked before a server is started and a run begun for nothing."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from extract.errors import NewsduckError
from extract.records import Feed
from flows import feed_list, house
from flows import settings as settings_file
from flows.line import look
from flows.settings import VERSION, Settings
from storage import duck, publish
from storage.store import names

CLOCKS = timedelta(minutes=5)  # by which clocks may differ


def next_due(settings: Settings, listed: list[Feed], now: datetime) -> datetime | None:
    """When the next feed is due, where nothing at all is to be done before: no feed is due and no page waits, no earlier run left
    anything, and neither settings, lists nor newsduck itself have changed since the last run. None where a run is wanted, and
    wherever this cannot be told for sure."""
    with suppress(NewsduckError):
        return _next_due(settings, listed, now)
    return None


def listed(kind: str, settings: Settings) -> list[Feed]:
    """The person's feeds. Raises BadInput where there are none, unless it is an ingest and pages of a list of addresses wait."""
    path = settings.path(settings.feeds)
    feeds = feed_list.FeedList(path).feeds()
    return feeds if feeds or (kind == "ingest" and _waits(settings)) else feed_list.load(path)


def _waits(settings: Settings) -> bool:
    with suppress(NewsduckError):  # no file yet, or one that is damaged: then there is nothing to go by
        path = settings.data_folder / "warehouse.duckdb"
        return bool(duck.ask(path, "SELECT 1 FROM entries WHERE outcome = 'deferred' LIMIT 1")[1])
    return False


def _next_due(settings: Settings, listed: list[Feed], now: datetime) -> datetime | None:
    warehouse = house.warehouse(settings)
    if not (warehouse.path.exists() and warehouse.published.exists()):
        return None
    (last,) = duck.ask_rows(
        warehouse.published,
        "SELECT max(finished_at) AS at, max(started_at) AS began, max_by(newsduck, finished_at) AS newsduck FROM runs",
    )
    if (
        last["at"] is None
        or last["newsduck"] != VERSION
        or last["at"] > now + CLOCKS
        or _changed(settings, last["began"])
    ):
        return None
    with warehouse.at_hand():
        feeds = look.on_list(listed, warehouse.feeds())
        left_over = warehouse.untold(1) or warehouse.has_former_events() or warehouse.erasing()
        if look.due(feeds, now) or warehouse.waiting(now) or left_over:
            return None
        place = warehouse.archive  # what died is here, and so is what waits to be sent
        left = warehouse.unfinished([n for n in names.here(place.folder) if not names.decides(n)])
        if (
            left
            or (place.elsewhere and names.leaving(place.folder))
            or len(warehouse.whole_topics()) != len(settings.topics)
        ):
            return None
        behind = publish.is_behind(warehouse.last_finished(), warehouse.published)
    soonest = min((f.next_poll_at for f in feeds if f.status != "paused" and f.next_poll_at), default=None)
    if behind or soonest is None or soonest > now + settings.bounds.longest:  # later than a right clock can have set it
        return None
    return soonest


def _changed(settings: Settings, since: datetime) -> bool:
    """Whether a file of the person's was written since then."""
    files: list[Path] = [settings_file.file(), settings.path(settings.feeds), *settings.extra_agencies]
    return any(path.exists() and path.stat().st_mtime >= since.timestamp() for path in files)
