"""`newsduck ingest`: the daily flow, once."""

import click

from extract.errors import BadInput
from flows import feed_list
from flows.commands import _running
from flows.settings import Settings
from flows.settings import load as load_settings


def _check(feeds: tuple[str, ...], now: bool, settings: Settings) -> None:
    if feeds and not now:
        raise BadInput(
            "without --now an ingest looks at every feed that is due: `newsduck ingest --now FEED …` at these"
        )
    if feeds:
        feed_list.named(feeds, feed_list.load(settings.path(settings.feeds)))


@click.command()
@click.argument("feeds", nargs=-1)
@click.option("--now", is_flag=True, help="Look at these feeds, or at all, whether they are due or not.")
def command(feeds: tuple[str, ...], now: bool) -> None:
    """Poll every feed that is due, fetch and read what is new, group, tag, load and publish it. FEEDS (by address, or by a part
    or a pattern of address or title) are looked at with --now."""
    settings = load_settings(needed=True)
    _check(feeds, now, settings)
    _running.leave(_running.run("ingest", settings, feeds=list(feeds), now=now))
