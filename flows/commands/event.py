"""`newsduck event`: one event as a timeline: who told of it when, in whose words."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click

from extract.errors import BadInput
from flows.settings import load as load_settings
from flows.telling import text
from storage import duck

_EVENT = "SELECT title, stories, articles, outlets, agency_articles FROM events WHERE event_id = ?"
_COVERAGE = """
SELECT c.ran_at, c.outlet, c.title, c.agency, c.story_id, c.role, e.witnesses, e.likeness
FROM coverage_of(?) c JOIN event_stories e USING (story_id) ORDER BY c.ran_at, c.url
"""


def show(path: Path, wanted: str, out: TextIO) -> None:
    """Print an event, named by its id, a story's id, or the address of an article."""
    from rich.console import Console

    event = _find(path, wanted)
    ((title, stories, articles, outlets, by_agencies),) = duck.ask(path, _EVENT, [event])[1]
    console = Console(file=out, width=None if out.isatty() else 160, highlight=False)
    console.print(text(str(title), style="bold"))
    console.print(
        text(
            f"event {event}: {stories} stories, {articles} articles, {by_agencies} of them by agencies, in {outlets} outlets"
        )
    )
    seen: set[int] = set()
    for row in duck.ask_rows(path, _COVERAGE, [event]):
        console.print(text(_line(row, first=row["story_id"] not in seen)), soft_wrap=True)
        seen.add(row["story_id"])


def _line(row: dict[str, Any], *, first: bool) -> str:
    at: datetime = row["ran_at"]
    whose = row["agency"] or "own"
    joined = (
        f"\n    joined by {', '.join(row['witnesses'])} ({row['likeness']:.2f})" if first and row["witnesses"] else ""
    )
    role = "" if first else f"  [{row['role']}]"
    return f"{at:%Y-%m-%d %H:%M}  {row['outlet']} ({whose}): {row['title']}{role}{joined}"


def _find(path: Path, wanted: str) -> int:
    """The id of the event meant."""
    if wanted.lstrip("-").isdigit() and abs(int(wanted)) < 1 << 63:
        values: list[object] = [int(wanted)]
        known = "event_id = $1 OR story_id = $1"
    else:
        known, values = "story_id IN (SELECT story_id FROM articles WHERE url = $1)", [wanted]
    if rows := duck.ask(path, f"SELECT event_id FROM event_stories WHERE {known}", values)[1]:
        return int(str(rows[0][0]))
    raise BadInput(
        f"{wanted}: no event or story has this id, and no article this address; `newsduck events` lists a day's"
    )


@click.command(context_settings={"ignore_unknown_options": True})  # an id may begin with a minus
@click.argument("event")
def command(event: str) -> None:
    """Print an event as a timeline: who told of it when, in whose words. EVENT is its id, a story's, or an article's URL."""
    show(load_settings().data_folder / "warehouse.duckdb", event, sys.stdout)
