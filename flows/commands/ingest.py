"""`newsduck ingest`: the daily flow, once."""

import click

from flows.commands import _running
from flows.settings import load as load_settings


@click.command()
def command() -> None:
    """Poll every feed that is due, fetch and read what is new, group, tag, load and publish it."""
    _running.leave(_running.run("ingest", load_settings(needed=True)))
