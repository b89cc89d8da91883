"""`newsduck topics …`: what is tracked, from the command line."""

import sys
from datetime import datetime

import click

from flows.options import DAY, FORMAT, utc
from flows.telling import echo

_APPLIED = "the next run applies it to everything kept, `newsduck retag` at once"


@click.group()
def topics() -> None:
    """What is tracked: list and show it, try a query before it is saved, change the settings file."""


@topics.command("list")
@FORMAT
def topics_list(form: str) -> None:
    """Show the topics, their queries, and what the warehouse has on them."""
    from flows.settings import load as settings
    from flows.tracking import list_topics

    list_topics(settings(), form, sys.stdout)


@topics.command("show")
@click.argument("name")
def topics_show(name: str) -> None:
    """Show a topic: its versions, its days, its stories with the passages that matched."""
    from flows.settings import load as settings
    from flows.tracking import show

    show(name, settings())


@topics.command("test", context_settings={"ignore_unknown_options": True})
@click.argument("query")
@click.option("--topic", "name", default="", help="Say what differs from this topic as it is now.")
@click.option("--since", type=DAY, help="Only articles published since that day (UTC).")
@click.option("--stem", default="", help="Language (ISO 639-1) in whose articles words match by their stems.")
def topics_test(query: str, name: str, since: datetime | None, stem: str) -> None:
    """Say what a query would find among all that is kept, and write nothing: how much, when, and examples."""
    from extract.records import Topic
    from flows.board import progress
    from flows.settings import load as settings
    from flows.tracking import try_query

    with progress.bars():
        try_query(Topic(name, query, stem=stem), settings(), utc(since))


@topics.command("add", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("query")
@click.option("--description", default="", help="A note for yourself.")
@click.option("--stem", default="", help="Language (ISO 639-1) in whose articles words match by their stems.")
def topics_add(name: str, query: str, description: str, stem: str) -> None:
    """Track a query under a name: write it into the settings file."""
    from extract.records import Topic
    from flows.settings import load as settings
    from flows.tracking import add

    settings()  # a file that is wrong already is told before it is written
    echo(f"wrote {add(Topic(name, query, stem=stem, description=description))}; {_APPLIED}")


@topics.command("edit", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("query", required=False)
@click.option("--description", help="Another note.")
@click.option("--stem", help='Another language for stems; "" for none.')
def topics_edit(name: str, query: str | None, description: str | None, stem: str | None) -> None:
    """Change a topic's query in the settings file: by the one given, else in your editor."""
    from flows.settings import load as settings
    from flows.tracking import edit

    found = settings()
    if query is None and description is None and stem is None and name in found.topics:
        query = (click.edit(found.topics[name].query) or found.topics[name].query).strip()
    echo(f"wrote {edit(name, found, query, description, stem)}; {_APPLIED}")


@topics.command("remove")
@click.argument("name")
def topics_remove(name: str) -> None:
    """Track a topic no more. What it matched stays in the warehouse, as a version that is not current."""
    from flows.settings import load as settings
    from flows.tracking import remove

    echo(f"wrote {remove(name, settings())}")
