"""`newsduck alerts test`: whether those are told who should be."""

import sys

import click

from flows.board.alerts import test
from flows.settings import load as load_settings


@click.group()
def command() -> None:
    """Who is told when a run fails, a feed falls silent, a topic jumps: [alerts] in the settings."""


@command.command("test")
def alerts_test() -> None:
    """Tell every address of the settings, directly and through the server's automations, and say whether it went."""
    sys.exit(0 if test(load_settings(needed=True)) else 1)
