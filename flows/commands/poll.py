"""`newsduck poll`: the hourly flow, once."""

import click

from flows.commands import _running
from flows.settings import load as load_settings


@click.command()
def command() -> None:
    """Look at every feed that is due and keep what it lists; the articles wait for the next ingest."""
    _running.leave(_running.run("poll", load_settings(needed=True)))
