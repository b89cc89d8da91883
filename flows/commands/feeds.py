"""`newsduck feeds …`: the feed list and how its feeds are doing."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from extract.errors import BadInput, NewsduckError, Transient
from extract.records import Feed
from extract.vocabulary import PAGE
from flows.commands import _tables
from flows.commands._options import FORMAT
from flows.feed_list import FeedList, named
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo, say, some
from storage import duck, lock
from storage.files import replace_file

if TYPE_CHECKING:  # what looks at feeds comes when it is to look: for the list it would be most of the time
    from extract.sandbox import Sandbox
    from flows.commands import _trying

STATE = """SELECT feed_id, status, held, last_ok_at, last_error, next_poll_at, interval_minutes, losses, failures, last_polled_at,
    (SELECT count(*) FROM entries WHERE entries.feed_id = feeds.feed_id) AS entries FROM feeds"""


def list_feeds(settings: Settings, form: str) -> None:
    """Print the list, and how each feed is doing where it has been looked at."""
    feeds = _list(settings).feeds()
    path = settings.data_folder / "warehouse.duckdb"
    names, rows = duck.ask(path, STATE) if path.exists() else ([], [])
    known: dict[object, dict[str, Any]] = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
    told = []
    for feed in feeds:
        state = known.get(feed.feed_id, {})
        told.append(
            (
                feed.title or feed.url,
                _status(feed, str(state.get("status", "new"))),
                _every(state.get("interval_minutes")),
                state.get("last_polled_at"),
                state.get("next_poll_at") if feed.status != "paused" else None,
                state.get("last_ok_at"),
                state.get("entries", 0),
                state.get("losses", 0),
                " / ".join(feed.categories),
                feed.url,
                state.get("held") or state.get("last_error") or "",
            )
        )
    head = (
        "feed",
        "status",
        "every",
        "last look",
        "next look",
        "last answer",
        "entries",
        "losses",
        "folder",
        "address",
        "why",
    )
    _tables.write(head, told, form, sys.stdout)


def _status(feed: Feed, known: str) -> str:
    """What the list says now goes before what the last run found."""
    if feed.status == "paused":
        return "paused"
    return "new" if known in ("paused", "removed") else known


def _every(minutes: float | None) -> str:
    if not minutes:
        return ""
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def add(addresses: Sequence[str], category: str, title: str, settings: Settings) -> int:
    """Find the feed at each address and put it on the list; gives how many could not be."""
    from flows.commands import _trying

    path = settings.path(settings.feeds)
    listed = FeedList(path, new=True)
    failed = 0
    with _readers(settings) as sandbox:
        for address in addresses:
            try:
                found = _trying.find(address, settings, sandbox)
            except NewsduckError as error:
                failed += 1
                echo(f"{address}: not added: {_said(error)}", err=True)
                continue
            first, *others = found
            url = first.poll.moved_to or first.feed.url
            feed = Feed(
                first.feed.feed_id,
                url,
                title=title or first.document.title,
                site_url=first.document.site_url,
                categories=tuple(filter(None, category.split("/"))),
                format=PAGE if first.document.format == PAGE else "",
            )
            if listed.add([feed]):
                listed.save()  # now, for the next one may be waited for, and stopped
                echo(f"added {url}: {feed.title!r}, {_brings(first)}")
            else:
                echo(f"{url} is on the list already")
            for other in others:
                echo(f"  also there: {other.feed.url}: {other.document.title!r}, {len(other.document.entries)} entries")
    return failed


def _said(error: NewsduckError) -> str:
    return f"{error}{'; try again in a while' if isinstance(error, Transient) else ''}"


def _brings(tried: "_trying.Tried") -> str:
    """What was found, in a person's words."""
    listed = len(tried.document.entries)
    if tried.document.format == PAGE:
        return f"a page without a feed, watched for links to articles ({listed} just now)"
    if tried.document.parts:
        return f"an index of sitemaps; {len(tried.document.parts)} of them are looked at"
    return f"{'a news sitemap, ' if tried.document.format == 'news-sitemap' else ''}{listed} entries"


def import_file(file: Path, settings: Settings) -> None:
    """Put the feeds of another OPML file on the list, in their folders. Raises BadInput where it lists none."""
    if not file.exists():
        raise BadInput(f"{file} does not exist: is the path right?")
    listed = FeedList(settings.path(settings.feeds), new=True)
    wrong: list[str] = []
    given = FeedList(file).feeds(wrong)
    for line in wrong:
        say(f"left out: {line}")
    if not given:
        raise BadInput(f"{file} lists no feeds")
    added = listed.add(given)
    listed.save()
    there = len(given) - len(added)
    echo(f"{some(len(added), 'feed')} added, {there} {'was' if there == 1 else 'were'} on the list already")


def export(file: Path | None, settings: Settings) -> None:
    """Write the list as OPML with its folders, and with the names and home pages learned of the feeds."""
    path = settings.data_folder / "warehouse.duckdb"
    rows = duck.ask(path, "SELECT feed_id, title, site_url FROM feeds")[1] if path.exists() else []
    learned = {row[0]: (str(row[1]), str(row[2])) for row in rows}
    told = []
    for feed in _list(settings).feeds():
        title, site = learned.get(feed.feed_id, ("", ""))
        told.append(replace(feed, title=feed.title or title, site_url=feed.site_url or site))
    fresh = FeedList(Path("/nonexistent/newsduck.opml"), new=True)
    fresh.add(told)
    if file is None:
        echo(fresh.text().decode(), nl=False)
        return
    replace_file(file, fresh.text())
    echo(f"wrote {file}")


def remove(names: Sequence[str], settings: Settings) -> None:
    """Take feeds off the list; what they brought stays in the warehouse."""
    listed = _list(settings)
    gone = named(names, listed.feeds())
    listed.remove({feed.url for feed in gone})
    listed.save()
    for feed in gone:
        echo(f"removed {feed.url}; what it brought stays in the warehouse")


def pause(names: Sequence[str], settings: Settings, *, paused: bool) -> None:
    """Pause feeds, or look at them again."""
    listed = _list(settings)
    meant = named(names, listed.feeds())
    listed.pause({feed.url for feed in meant}, paused)
    listed.save()
    for feed in meant:
        echo(f"{'paused' if paused else 'resumed'} {feed.url}")


def accept(names: Sequence[str], settings: Settings) -> None:
    """Say yes to what is held: the new address is the feed's, what was listed anew is fetched."""
    from extract.entries import RELISTED
    from flows import house
    from flows.line import journal
    from storage import publish

    warehouse = house.warehouse(settings)
    feeds = named(names, _list(settings).feeds())
    now = datetime.now(UTC)
    with lock.held(warehouse.work, "feeds accept", now):
        warehouse.prepare(say)
        journal.decide(warehouse, now, {"accepted": [feed.feed_id for feed in feeds]})
        for feed in feeds:
            echo(f"{feed.url}: {warehouse.accept(feed.feed_id, now, RELISTED) or 'nothing is held'}")
        publish.publish(warehouse.path, warehouse.published, settings.share.group)


def check(names: Sequence[str], settings: Settings) -> int:
    """Try feeds by hand and explain what comes; gives how many are none."""
    from flows.commands import _trying

    if names:
        listed = _list(settings).feeds() if any("://" not in name or "*" in name for name in names) else []
        meant = [
            [name] if "://" in name and "*" not in name else [f.url for f in named([name], listed)] for name in names
        ]
        addresses = list(dict.fromkeys(url for urls in meant for url in urls))
    else:
        addresses = [feed.url for feed in _list(settings).feeds()]
    failed = 0
    with _readers(settings) as sandbox:
        for address in addresses:
            echo(address, bold=True)
            try:
                found = _trying.find(address, settings, sandbox)
            except NewsduckError as error:
                failed += 1
                echo(f"  cannot be read: {_said(error)}")
                continue
            if found[0].feed.url != address:
                echo(f"  is a page; its feeds: {', '.join(tried.feed.url for tried in found)}")
            for line in _trying.explain(found[0], settings):
                echo(f"  {line}")
    return failed


def _list(settings: Settings) -> FeedList:
    return FeedList(settings.path(settings.feeds))


def _readers(settings: Settings) -> "Sandbox":
    from extract.sandbox import Sandbox

    limits = settings.read
    return Sandbox(1, limits.seconds, limits.memory_mb * 2**20)


@click.group()
def command() -> None:
    """The feed list: what is on it, how it is doing, and how to change it."""


@command.command("list")
@FORMAT
def feeds_list(form: str) -> None:
    """Show the feeds, how often each is looked at, what it brought and what is wrong with it."""
    list_feeds(load_settings(needed=True), form)


@command.command("add")
@click.argument("addresses", nargs=-1, required=True)
@click.option("--category", default="", help="Folder to put it in; a/b for a folder in a folder.")
@click.option("--title", default="", help="Name for it; the feed's own by default.")
def feeds_add(addresses: tuple[str, ...], category: str, title: str) -> None:
    """Find the feed at an address (the feed's own, or any page of the site) and put it on the list."""
    sys.exit(1 if add(addresses, category, title, load_settings(needed=True)) else 0)


@command.command("check")
@click.argument("names", nargs=-1)
def feeds_check(names: tuple[str, ...]) -> None:
    """Try feeds, all or some, by address or part of a name, and explain what comes."""
    sys.exit(1 if check(names, load_settings(needed=True)) else 0)


@command.command("remove")
@click.argument("names", nargs=-1, required=True)
def feeds_remove(names: tuple[str, ...]) -> None:
    """Take feeds off the list. What they brought stays in the warehouse."""
    remove(names, load_settings(needed=True))


@command.command("pause")
@click.argument("names", nargs=-1, required=True)
def feeds_pause(names: tuple[str, ...]) -> None:
    """Look at these feeds no more until they are resumed."""
    pause(names, load_settings(needed=True), paused=True)


@command.command("resume")
@click.argument("names", nargs=-1, required=True)
def feeds_resume(names: tuple[str, ...]) -> None:
    """Look at paused feeds again."""
    pause(names, load_settings(needed=True), paused=False)


@command.command("accept")
@click.argument("names", nargs=-1, required=True)
def feeds_accept(names: tuple[str, ...]) -> None:
    """Say yes to what is held: follow a feed to its new address, fetch what it listed anew."""
    accept(names, load_settings(needed=True))


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def feeds_import(file: Path) -> None:
    """Put the feeds of an OPML file, as every reader exports it, on the list."""
    import_file(file, load_settings(needed=True))


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path), required=False)
def feeds_export(file: Path | None) -> None:
    """Write the list as OPML, to a file or to standard output."""
    export(file, load_settings(needed=True))
