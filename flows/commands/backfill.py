"""`newsduck backfill`: back in time, by what feeds have of before, or by a list of addresses."""

from pathlib import Path

import click

from extract.errors import BadInput
from flows import feed_list
from flows.commands import _running
from flows.line import addresses
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo, some


@click.command()
@click.argument("names", nargs=-1)
@click.option("--pages", type=click.IntRange(1, 1000), default=10, show_default=True, help="Older parts of each list.")
@click.option(
    "--urls",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A list of addresses in place of feeds: CSV or TSV with column names, JSON Lines, or an address a line.",
)
def command(names: tuple[str, ...], pages: int, urls: Path | None) -> None:
    """Go back in time: keep what feeds (all, or those named) listed before, where they have older parts, or what a list of
    addresses has (of Media Cloud, GDELT, a colleague); the articles are fetched by the next ingest."""
    settings = load_settings(needed=True)
    if urls is not None:
        _list(urls, names, settings)
        return
    feed_list.named(names, feed_list.load(settings.path(settings.feeds)))
    _running.leave(_running.run("backfill", settings, feeds=list(names), pages=pages))


def _list(path: Path, names: tuple[str, ...], settings: Settings) -> None:
    """Raises BadInput for feeds beside a list."""
    if names:
        raise BadInput("--urls stands alone: a list of addresses is of no feed")
    came = addresses.add(addresses.read(path), settings)
    left = "".join(f"; {count:,} left out: {why}" for why, count in came.skipped.most_common())
    echo(f"{some(came.lines, 'address', 'addresses')}, {came.added:,} of them new{left}")
    if came.added:
        echo(
            "Next: newsduck ingest fetches what is new, one page at a time from a host, and says which it may not or cannot have"
        )
