"""`newsduck feeds …`: the feed list from the command line."""

import sys
from pathlib import Path

import click

from flows.options import FORMAT


@click.group()
def feeds() -> None:
    """The feed list: what is on it, how it is doing, and how to change it."""


@feeds.command("list")
@FORMAT
def feeds_list(form: str) -> None:
    """Show the feeds, how often each is looked at, what it brought and what is wrong with it."""
    from flows.settings import load as settings
    from flows.subscribing import list_feeds

    list_feeds(settings(needed=True), form)


@feeds.command("add")
@click.argument("addresses", nargs=-1, required=True)
@click.option("--category", default="", help="Folder to put it in; a/b for a folder in a folder.")
@click.option("--title", default="", help="Name for it; the feed's own by default.")
def feeds_add(addresses: tuple[str, ...], category: str, title: str) -> None:
    """Find the feed at an address (the feed's own, or any page of the site) and put it on the list."""
    from flows.settings import load as settings
    from flows.subscribing import add

    sys.exit(1 if add(addresses, category, title, settings(needed=True)) else 0)


@feeds.command("check")
@click.argument("names", nargs=-1)
def feeds_check(names: tuple[str, ...]) -> None:
    """Try feeds, all or some, by address or part of a name, and explain what comes."""
    from flows.settings import load as settings
    from flows.subscribing import check

    sys.exit(1 if check(names, settings(needed=True)) else 0)


@feeds.command("remove")
@click.argument("names", nargs=-1, required=True)
def feeds_remove(names: tuple[str, ...]) -> None:
    """Take feeds off the list. What they brought stays in the warehouse."""
    from flows.settings import load as settings
    from flows.subscribing import remove

    remove(names, settings(needed=True))


@feeds.command("pause")
@click.argument("names", nargs=-1, required=True)
def feeds_pause(names: tuple[str, ...]) -> None:
    """Look at these feeds no more until they are resumed."""
    from flows.settings import load as settings
    from flows.subscribing import pause

    pause(names, settings(needed=True), paused=True)


@feeds.command("resume")
@click.argument("names", nargs=-1, required=True)
def feeds_resume(names: tuple[str, ...]) -> None:
    """Look at paused feeds again."""
    from flows.settings import load as settings
    from flows.subscribing import pause

    pause(names, settings(needed=True), paused=False)


@feeds.command("accept")
@click.argument("names", nargs=-1, required=True)
def feeds_accept(names: tuple[str, ...]) -> None:
    """Say yes to what is held: follow a feed to its new address, fetch what it listed anew."""
    from flows.settings import load as settings
    from flows.subscribing import accept

    accept(names, settings(needed=True))


@feeds.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def feeds_import(file: Path) -> None:
    """Put the feeds of an OPML file, as every reader exports it, on the list."""
    from flows.settings import load as settings
    from flows.subscribing import import_file

    import_file(file, settings(needed=True))


@feeds.command("export")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def feeds_export(file: Path | None) -> None:
    """Write the list as OPML, to a file or to standard output."""
    from flows.settings import load as settings
    from flows.subscribing import export

    export(file, settings(needed=True))
