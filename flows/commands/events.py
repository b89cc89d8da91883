"""`newsduck events`: what happened on a day, an event a line, those that most outlets told of first."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from extract.errors import BadInput
from flows.commands import _tables
from flows.commands._options import DAY, FORMAT
from flows.settings import load as load_settings
from storage import duck

MOST = 30

_EVENTS = """
SELECT title, outlets, stories, articles, agency_articles, own_articles, first_seen_at, event_id FROM events
WHERE event_id IN (SELECT event_id FROM event_stories WHERE told_at >= ? AND told_at < ?)
ORDER BY outlets DESC, stories DESC, articles DESC, event_id LIMIT ?
"""
_NEWEST = "SELECT max(told_at) FROM event_stories"


def _newest(path: Path) -> datetime:
    found = duck.ask(path, _NEWEST)[1][0][0]
    if not isinstance(found, datetime):
        raise BadInput("no events yet: `newsduck ingest` brings them")
    return found


@click.command()
@click.option("--day", type=DAY, help="The day, in UTC; by default the last one of which anything is told.")
@click.option("--most", type=click.IntRange(1), default=MOST, show_default=True, help="Events at most.")
@FORMAT
def command(day: datetime | None, most: int, form: str) -> None:
    """List a day's events: what several stories tell of one happening, most outlets first."""
    path = load_settings().data_folder / "warehouse.duckdb"
    day = day or _newest(path)
    start = f"{day:%Y-%m-%d} 00:00:00+00"
    end = f"{day + timedelta(days=1):%Y-%m-%d} 00:00:00+00"
    names, rows = duck.ask(path, _EVENTS, [start, end, most])
    _tables.write(names, rows, form, sys.stdout)
