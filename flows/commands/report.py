"""`newsduck report`: a day as one page."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from flows.board import newspaper
from flows.commands._options import DAY
from flows.settings import load as load_settings
from flows.telling import echo


@click.command()
@click.option("--day", type=DAY, help="A day; today by default.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; reports/DAY.html in the data folder by default.",
)
@click.option("--open", "show", is_flag=True, help="Show it in the browser.")
def command(day: datetime | None, out: Path | None, show: bool) -> None:
    """Write a day as one page to read, print or pass on: events, attention, agencies, changes, feeds."""
    found = load_settings(needed=True)
    wanted = (day or datetime.now(ZoneInfo(found.zone))).date()
    page = newspaper.write(found, wanted, out)
    echo(f"wrote {page}")
    if show:
        click.launch(page.resolve().as_uri())
