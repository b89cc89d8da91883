"""`newsduck forget`: stories past their time go, with their articles, entries and archived pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import click

from flows.line import retag
from flows.line.load import load, publish_warehouse
from flows.line.work import Work, alone
from flows.settings import Settings
from flows.telling import echo
from storage import sketches, upgrade
from storage.retention import NEVER, Gone, Limits


def forget(days: int | None, settings: Settings, *, sure: bool) -> None:
    """Say what goes, ask, and delete it: stories of which nothing was seen for so many days; without `days`, those that
    [keep] and the topics' keep_days give up."""
    now = datetime.now(UTC)
    limits = Limits(now - timedelta(days=days)) if days else decide_limits(settings, now)
    if limits.latest == NEVER:
        echo("the settings keep everything: set [keep] or a topic's keep_days, or say --older-than DAYS")
        return
    with alone("forget", settings) as work:
        if not days and retag.bring_up(work):  # what a new topic wants to keep is known before anything goes
            publish_warehouse(work)
        gone = work.warehouse.forget(limits, now, only_say=True)
    echo(f"past their time: {told(gone)}")
    if not gone.entries and not gone.articles:
        return
    if not sure and not click.confirm("Delete them for good?"):  # nobody waits for the answer: the pipeline is free
        echo("nothing was deleted")
        return
    with alone("forget", settings) as work:
        delete(work, limits, now, echo)
    echo("deleted; feeds that still list them do not bring them back")


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
    load(work, datetime.now(UTC))  # a row of `runs`: the published file is behind
    sketches.forget(work.warehouse.derived, work.warehouse.path)
    publish_warehouse(work)
    work.warehouse.delete_archived(gone)
    return gone


def told(gone: Gone) -> str:
    """What goes, in words."""
    return (
        f"{gone.stories:,} stories with {gone.articles:,} articles, {gone.entries:,} entries, "
        f"{len(gone.archive_files):,} files of the archive"
    )
