"""`newsduck retag`: every topic, applied to everything kept."""

from collections import Counter

import click

from flows.board import progress
from flows.line.load import publish_warehouse
from flows.line.retag import apply_all
from flows.line.work import alone
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo


def retag(settings: Settings) -> Counter[str]:
    """Apply every topic of the settings to everything kept, and publish; gives the articles found for each."""
    with alone("retag", settings) as work:
        found = apply_all(work)
        publish_warehouse(work)
    return found


@click.command()
def command() -> None:
    """Apply every topic to everything kept. Runs do so by themselves with a topic that is new or changed."""
    with progress.bars():
        found = retag(load_settings(needed=True))
    for name, articles in found.items():
        echo(f"topic {name}: {articles:,} articles")
    if not found:
        echo("no topics are set: newsduck.toml has their place under [topics]")
