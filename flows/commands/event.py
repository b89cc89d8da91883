"""`newsduck event`: one event as a timeline, who told of it when, in whose words; and what a person decides of it."""

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import click

from extract.errors import BadInput
from extract.keys import key
from flows.line.events import decided
from flows.line.load import publish_warehouse
from flows.line.work import alone
from flows.settings import load as load_settings
from flows.telling import echo, some, text
from storage import duck

_EVENT = "SELECT title, stories, articles, outlets, agency_articles FROM events WHERE event_id = ?"
_COVERAGE = """
SELECT c.ran_at, c.ran_precision, c.outlet, c.title, c.agency, c.story_id, c.role, e.witnesses, e.likeness
FROM event_coverage c JOIN event_stories e USING (story_id)
WHERE c.event_id = ? ORDER BY CAST(c.ran_at AS DATE), c.ran_precision = 'day', c.ran_at, c.url
"""
_STORIES = "SELECT story_id FROM event_stories WHERE event_id = ? ORDER BY told_at, story_id"
_WHERE = """
SELECT event_id FROM event_stories WHERE event_id = $1 OR story_id = $1
UNION ALL SELECT into_event_id FROM merged_events WHERE event_id = $1
"""


def show(path: Path, wanted: str, out: TextIO) -> None:
    """Print an event, named by its id, a story's id, or the address of an article. Raises BadInput where there is none."""
    from rich.console import Console

    event = _find(path, wanted)
    (of,) = duck.ask_rows(path, _EVENT, [event])
    title, stories, articles, outlets, by_agencies = of.values()
    console = Console(file=out, width=None if out.isatty() else 160, highlight=False)
    console.print(text(str(title), style="bold"))
    console.print(
        text(
            f"event {event}: {some(stories, 'story', 'stories')}, {some(articles, 'article')}, {by_agencies} by agencies, in {some(outlets, 'outlet')}"
        )
    )
    seen: set[int] = set()
    for row in duck.ask_rows(path, _COVERAGE, [event]):
        console.print(text(_line(row, first=row["story_id"] not in seen)), soft_wrap=True)
        seen.add(row["story_id"])


def _line(row: dict[str, Any], *, first: bool) -> str:
    at: datetime = row["ran_at"]
    when = f"{at:%Y-%m-%d}      " if row["ran_precision"] == "day" else f"{at:%Y-%m-%d %H:%M}"  # a day is no midnight
    whose = row["agency"] or "own"
    joined = f"\n    story {row['story_id']}" if first else ""
    joined += f", joined by {', '.join(row['witnesses'])} ({row['likeness']:.2f})" if first and row["witnesses"] else ""
    role = f"  [{row['role']}]"
    return f"{when}  {row['outlet']} ({whose}): {row['title']}{role}{joined}"


def _find(path: Path, wanted: str) -> int:
    """The id of the event meant."""
    if wanted.lstrip("-").isdigit() and abs(int(wanted)) < 1 << 63:
        rows = duck.ask(path, _WHERE, [int(wanted)])[1]
    else:
        of = "SELECT story_id FROM articles WHERE url = $1 OR fetched_url = $1"
        rows = duck.ask(path, f"SELECT event_id FROM event_stories WHERE story_id IN ({of})", [wanted])[1]
    if rows:
        return int(str(rows[0][0]))
    raise BadInput(
        f"{wanted}: no event or story has this id, and no article this address; `newsduck events` lists a day's"
    )


def split(path: Path, wanted: Sequence[str]) -> tuple[list[int], int]:
    """(the stories, the event of their own that they go into). Raises BadInput where they are not stories of one event, or
    all of it."""
    stories = []
    for name in wanted:
        if not name.lstrip("-").isdigit():
            raise BadInput(f"{name} is no story's id; `newsduck event EVENT` shows those of its stories")
        stories.append(int(name))
    events = {_find(path, name) for name in wanted}
    if len(events) != 1:
        raise BadInput(f"these are stories of {len(events)} events; name stories of one")
    there = {row[0] for row in duck.ask(path, _STORIES, [events.pop()])[1]}
    if strange := set(stories) - there:
        raise BadInput(f"{strange.pop()} is no story's id; `newsduck event EVENT` shows those of its stories")
    if there == set(stories):
        raise BadInput("these are all stories of their event; name those that do not belong to it")
    return stories, key("event", str(min(stories)), "split")


def join(path: Path, wanted: str, others: Sequence[str]) -> tuple[list[int], int]:
    """(the stories of the other events, the event that they go into). Raises BadInput where it is one and the same."""
    event = _find(path, wanted)
    found = {_find(path, name) for name in others} - {event}
    if not found:
        raise BadInput(f"{', '.join(others)}: of event {event} already")
    return [int(str(story)) for other in sorted(found) for (story,) in duck.ask(path, _STORIES, [other])[1]], event


def decide(stories: Sequence[int], event: int, decision: str) -> None:
    """Keep what a person has decided, and publish it."""
    with alone("regroup", load_settings()) as work:
        decided(work, stories, event, decision)
        publish_warehouse(work)
    echo(f"{some(len(stories), 'story', 'stories')} of event {event} now, whatever later runs find")


class _OrShow(click.Group):
    """A group whose first word may be the event to show."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        return super().resolve_command(ctx, args if args[0] in self.commands else ["show", *args])


WORDS = {"ignore_unknown_options": True}  # an id may begin with a minus


@click.group(cls=_OrShow, context_settings=WORDS)
def command() -> None:
    """Print an event as a timeline (`newsduck event ID|URL`), part it (`split`), or put others into it (`join`)."""


@command.command("show", context_settings=WORDS)
@click.argument("event")
def _show(event: str) -> None:
    """Print who told of it when, in whose words. EVENT is its id, a story's, or an article's URL."""
    show(load_settings().data_folder / "warehouse.duckdb", event, sys.stdout)


@command.command("split", context_settings=WORDS)
@click.argument("stories", nargs=-1, required=True)
def _split(stories: tuple[str, ...]) -> None:
    """Take STORIES (their ids) out of their event: they are an event of their own. No later run undoes it."""
    found, event = split(load_settings().data_folder / "warehouse.duckdb", stories)
    decide(found, event, "split")


@command.command("join", context_settings=WORDS)
@click.argument("event")
@click.argument("others", nargs=-1, required=True)
def _join(event: str, others: tuple[str, ...]) -> None:
    """Put all stories of OTHERS into EVENT (ids, or articles' URLs). No later run undoes it."""
    found, into = join(load_settings().data_folder / "warehouse.duckdb", event, others)
    decide(found, into, "join")
