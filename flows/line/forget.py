"""Stories past their time go, with their articles, entries and archived pages."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flows.line.load import load, publish_warehouse
from flows.line.work import Work
from flows.settings import Settings
from storage import generation, upgrade
from storage.derived import sketches
from storage.retention import NEVER, Gone, Limits


def decide_limits(settings: Settings, now: datetime) -> Limits:
    """Since when something must have been seen of a story for it to stay, by the settings."""

    def since(days: int) -> datetime:
        return now - timedelta(days=days) if days else NEVER

    keep = settings.keep
    others = since(keep.others_days if keep.articles == "matching" else keep.days)
    topics = {
        name: since(keep.days if topic.keep_days is None else topic.keep_days)
        for name, topic in settings.topics.items()
    }
    return Limits(others, topics)


def delete(work: Work, limits: Limits, now: datetime, tell: Callable[[str], object] = lambda _: None) -> Gone:
    """Delete what is past these limits, and publish. Where anything goes, what is kept from before the last upgrade goes first,
    for it has the same texts; that is told."""
    gone = work.warehouse.forget(limits, now, only_say=True)
    if (gone.entries or gone.articles) and upgrade.drop_before(work.warehouse.path):
        tell("what was kept from before the last upgrade is deleted too: there is no way back to it any more")
    gone = work.warehouse.forget(limits, now)
    load(work, work.moment("written"))  # a row of `runs`: the published file is behind
    sketches.forget(work.warehouse.derived, work.warehouse.path)
    publish_warehouse(work)
    generation.drop(work.warehouse.published)  # it has what was published before
    work.warehouse.delete_archived(gone)
    return gone


def told(gone: Gone) -> str:
    """What goes, in words."""
    return (
        f"{gone.stories:,} stories with {gone.articles:,} articles, {gone.entries:,} entries, "
        f"{len(gone.archive_files):,} files of the archive"
    )
