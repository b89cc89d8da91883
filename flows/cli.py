"""The command line. Each command imports what it needs when it runs, so that `newsduck sql` does not wait for Prefect."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from extract.errors import NewsduckError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="newsduck")
def newsduck() -> None:
    """A news warehouse you run for yourself: feeds in, stories out, and who wrote them."""


@newsduck.command()
def init() -> None:
    """Write newsduck.toml and feeds.opml here, to begin with."""
    from flows.starting import init as write

    for path in write(Path.cwd()):
        click.echo(f"wrote {path}")
    click.echo("Next: set `contact` in newsduck.toml, then `newsduck ingest`.")


@newsduck.command()
@click.option("--port", default=0, help="Port of the newsroom; any free one by default.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    default=Path("newsduck-demo"),
    show_default=True,
    help="Folder to run in.",
)
def demo(port: int, keep: Path) -> None:
    """Run two days of an invented newsroom through the whole line and show the stories."""
    from flows.showing import run

    run(keep, port)
    _leave(0)


@newsduck.command()
def ingest() -> None:
    """Poll every feed that is due, fetch and read what is new, group, tag, load and publish it."""
    from flows.running import ingest as run
    from flows.settings import load as settings

    _leave(run(settings(needed=True)))


@newsduck.command()
def poll() -> None:
    """Look at every feed that is due and keep what it lists; the articles wait for the next ingest."""
    from flows.running import poll as run
    from flows.settings import load as settings

    _leave(run(settings(needed=True)))


@newsduck.command()
@click.option("--learn", is_flag=True, help="Read all pages first to learn what each site repeats.")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Reader processes; read.workers of the settings by default."
)
def read(learn: bool, workers: int | None) -> None:
    """Read pages into articles: JSON Lines {"id", "url", "path"} in, one article a line out, in the same order."""
    from extract.sandbox import Sandbox
    from flows.reading import read_lines
    from flows.settings import load as settings

    found = settings()
    with Sandbox(workers or found.read.workers, found.read.seconds, found.read.memory_mb * 2**20) as sandbox:
        failed = read_lines(sys.stdin.buffer, sys.stdout, sandbox, learn=learn, agencies=found.extra_agencies)
    if failed:
        click.echo(f"{failed} pages could not be read; their lines say why under `error`.", err=True)


@newsduck.command()
@click.argument("file", type=click.Path(path_type=Path))
def load(file: Path) -> None:
    """Load articles made elsewhere: JSON Lines with url, title, text and, where known, authors, published_at, source."""
    from extract.sandbox import Sandbox
    from flows.loading import load_file
    from flows.report import summary
    from flows.settings import load as settings

    found = settings()
    with Sandbox(found.read.workers, found.read.seconds, found.read.memory_mb * 2**20) as sandbox:
        row, topics = load_file(file, found, sandbox)
    click.echo(summary(row, topics, found.data_folder))


@newsduck.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only pages fetched since that day (UTC).")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would change, write nothing.")
def reread(since: datetime | None, dry: bool) -> None:
    """Read the archive again with today's reader; what changes is kept as a version."""
    from extract.sandbox import Sandbox
    from flows import progress
    from flows.rereading import reread as read_again
    from flows.rereading import tell
    from flows.settings import load as settings

    found = settings(needed=True)
    after = since.replace(tzinfo=UTC) if since else None
    with (
        progress.bars(),
        Sandbox(found.read.workers, found.read.seconds, found.read.memory_mb * 2**20) as sandbox,
    ):
        came = read_again(found, sandbox, after, dry=dry)
    tell(came, dry=dry)


@newsduck.command()
def retag() -> None:
    """Apply every topic to everything kept. Runs do so by themselves with a topic that is new or changed."""
    from flows import progress
    from flows.retagging import retag as apply
    from flows.retagging import tell
    from flows.settings import load as settings

    with progress.bars():
        found = apply(settings())
    tell(found)


@newsduck.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only articles first seen since that day (UTC).")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would change, write nothing.")
def regroup(since: datetime | None, dry: bool) -> None:
    """Decide the stories of a period anew by today's method, and say what differs."""
    from flows.regrouping import regroup as group_again
    from flows.regrouping import tell
    from flows.settings import load as settings

    tell(group_again(settings(), since.replace(tzinfo=UTC) if since else None, dry=dry), dry=dry)


@newsduck.command(context_settings={"ignore_unknown_options": True})  # an id may begin with a minus
@click.argument("story")
def story(story: str) -> None:
    """Print a story: who ran it, and beside its lead what each outlet added or cut. STORY is its id, or an article's URL."""
    from flows.comparing import show
    from flows.settings import load as settings

    show(settings().data_folder / "warehouse.duckdb", story, sys.stdout)


@newsduck.command()
def status() -> None:
    """Say how the warehouse is doing: the last run, what it holds, feeds that need a look, topics."""
    from flows.report import status as told
    from flows.settings import load as settings

    click.echo(told(settings(needed=True).data_folder / "warehouse.duckdb"))


@newsduck.command()
@click.argument("query")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def sql(query: str, form: str) -> None:
    """Ask the warehouse in SQL, e.g. newsduck sql "FROM stories_on('climate')"."""
    from flows.asking import ask
    from flows.settings import load as settings

    ask(settings(needed=True).data_folder / "warehouse.duckdb", query, form, sys.stdout)


@newsduck.command()
@click.option(
    "--older-than", "days", type=click.IntRange(1, 36_500), required=True, help="Days without any news of it."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(days: int, yes: bool) -> None:
    """Delete stories nothing was seen of for so many days, with their articles, entries and archived pages."""
    from flows.forgetting import forget as delete
    from flows.settings import load as settings

    delete(days, settings(needed=True), sure=yes)


@newsduck.group()
def feeds() -> None:
    """The feed list: what is on it, how it is doing, and how to change it."""


@feeds.command("list")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
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


def _leave(code: int) -> NoReturn:
    """End a process that ran Prefect. Its threads keep DuckDB's module alive into the interpreter's last moments, where
    the binding prints two hundred lines about leaks; by now everything is written and recorded, so nothing is lost."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main() -> None:
    """Run a command. What newsduck raises on purpose is one line on standard error and exit code 2."""
    try:
        sys.exit(newsduck.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except NewsduckError as error:
        click.echo(f"newsduck: {' '.join(str(error).split())}", err=True)
        sys.exit(2)
    except BrokenPipeError:  # `newsduck sql … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:  # what is written to has no room, or has gone
        click.echo(f"newsduck: {error.filename or 'output'}: {error.strerror}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("newsduck: stopped; what was fetched is in the archive, the next run loads it", err=True)
        sys.exit(130)
