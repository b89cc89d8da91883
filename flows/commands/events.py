"""`newsduck events`: what happened on a day, an event a line, those that most outlets told of first."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from extract.errors import BadInput
from flows.commands import _tables
from flows.commands._options import DAY, FORMAT
from flows.settings import load as load_settings
from flows.telling import say
from storage import duck

MOST = 30

_EVENTS = """
SELECT title, outlets, stories, articles, agency_articles, own_articles, growing, first_seen_at, event_id FROM events
WHERE event_id IN ({ids}) ORDER BY outlets DESC, stories DESC, articles DESC, event_id LIMIT ?
"""
_OF_DAY = "SELECT DISTINCT event_id FROM event_stories WHERE told_at >= ? AND told_at < ?"
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
    # Ids one by one: a query in their place would count every event there has been.
    ids = ", ".join(str(row[0]) for row in duck.ask(path, _OF_DAY, [start, end])[1]) or "NULL"
    names, rows = duck.ask(path, _EVENTS.format(ids=ids), [most])
    if not rows:
        say(f"nothing is told of {day:%Y-%m-%d} (UTC); the last day is {_newest(path):%Y-%m-%d}")
    _tables.write(names, rows, form, sys.stdout)
