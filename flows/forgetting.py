"""`newsduck forget`: stories past their time go, with their articles, entries and archived pages."""

from datetime import UTC, datetime, timedelta

import click

from flows.settings import Settings
from storage import lock, publish, sketches
from storage.warehouse import Warehouse


def forget(days: int, settings: Settings, *, sure: bool) -> None:
    """Say what goes, ask, and delete it: stories of which nothing was seen for so many days."""
    warehouse = Warehouse(settings.data_folder)
    now = datetime.now(UTC)
    before = now - timedelta(days=days)
    with lock.held(warehouse.work, "forget", now):
        warehouse.prepare()
        gone = warehouse.forget(before, now, only_say=True)
        click.echo(
            f"before {before:%Y-%m-%d}: {gone.stories:,} stories with {gone.articles:,} articles, {gone.entries:,} entries, "
            f"{len(gone.archive_files):,} files of the archive"
        )
        if not gone.entries and not gone.articles:
            return
        if not sure and not click.confirm("Delete them for good?"):
            click.echo("nothing was deleted")
            return
        warehouse.forget(before, now)
        sketches.forget(warehouse.derived, warehouse.path)
        publish.publish(warehouse.path, warehouse.published)
    click.echo("deleted; feeds that still list them do not bring them back")
