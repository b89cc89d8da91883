"""`newsduck forget`: what is past its time, said, asked about and deleted."""

from datetime import UTC, datetime, timedelta

import click

from flows.line import retag
from flows.line.forget import decide_limits, delete, told
from flows.line.load import publish_warehouse
from flows.line.work import alone
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo
from storage.retention import NEVER, Limits


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


@click.command()
@click.option("--older-than", "days", type=click.IntRange(1, 36_500), help="Days without any news of it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(days: int | None, yes: bool) -> None:
    """Delete stories nothing was seen of for so many days, with their articles, entries and archived pages; without a
    number, those that [keep] and the topics' keep_days in the settings give up."""
    forget(days, load_settings(needed=True), sure=yes)
