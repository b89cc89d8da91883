"""`newsduck report`: a day, or a topic, as one page."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from extract.errors import BadInput
from flows.board.paper import dossiers, newspaper
from flows.commands._options import DAY
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo
from storage import duck


@click.command()
@click.option("--day", type=DAY, help="A day; today by default.")
@click.option("--topic", help="A topic in place of a day, with its feed beside it.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; reports/DAY.html in the data folder by default.",
)
@click.option("--open", "show", is_flag=True, help="Show it in the browser.")
def command(day: datetime | None, topic: str | None, out: Path | None, show: bool) -> None:
    """Write a day as one page to read, print or pass on: events, attention, agencies, changes, feeds; or a topic: its stories
    and events, attention, who covers it, with an Atom feed of its stories."""
    found = load_settings(needed=True)
    with duck.held_open(found.data_folder / "warehouse.duckdb"):
        page = _write(found, day, topic, out)
    echo(f"wrote {page}")
    if show:
        click.launch(page.resolve().as_uri())


def _write(found: Settings, day: datetime | None, topic: str | None, out: Path | None) -> Path:
    """Raises BadInput for a topic that there is not, and for one together with a day or a file."""
    if topic is None:
        if out is None:
            dossiers.write(found)  # the day's page leads to them
        return newspaper.write(found, (day or datetime.now(ZoneInfo(found.zone))).date(), out)
    if day is not None or out is not None:
        raise BadInput(
            "--topic stands alone: a topic's page is of all days, and lies in reports/topics/ beside its feed"
        )
    written = dossiers.write(found, topic)
    if not written:
        raise BadInput(f"no topic is called {topic!r} (`newsduck topics list` names them)")
    return written[0]
