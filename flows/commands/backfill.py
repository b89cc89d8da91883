"""`newsduck backfill`: the flow that goes back in time, once."""

import click

from flows import feed_list
from flows.commands import _running
from flows.settings import load as load_settings


@click.command()
@click.argument("names", nargs=-1)
@click.option("--pages", type=click.IntRange(1, 1000), default=10, show_default=True, help="Older parts of each list.")
def command(names: tuple[str, ...], pages: int) -> None:
    """Go back in time: keep what feeds (all, or those named) listed before, where they have older parts; the articles are
    fetched by the next ingest."""
    settings = load_settings(needed=True)
    feed_list.named(names, feed_list.load(settings.path(settings.feeds)))
    _running.leave(_running.run("backfill", settings, feeds=list(names), pages=pages))
