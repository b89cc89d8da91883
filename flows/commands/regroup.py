"""`newsduck regroup`: the stories of a period, decided anew."""

from datetime import datetime

import click

from flows.commands._options import DAY, utc
from flows.line.anew.regroup import regroup, told
from flows.settings import load as load_settings
from flows.telling import echo


@click.command()
@click.option("--since", type=DAY, help="Only articles first seen since that day (UTC).")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would change, write nothing.")
def command(since: datetime | None, dry: bool) -> None:
    """Decide the stories of a period anew by today's method, and say what differs."""
    for line in told(regroup(load_settings(needed=True), utc(since), dry=dry), dry=dry):
        echo(line)
