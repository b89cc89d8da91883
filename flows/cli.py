"""The command line. Each command imports what it needs when it runs, so that `newsduck sql` does not wait for Prefect."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from extract.errors import NewsduckError
from flows.cli_feeds import feeds
from flows.cli_topics import topics
from flows.options import DAY, FORMAT, utc
from flows.telling import echo
from storage import disk

FETCHES = {"ingest", "poll", "backfill"}  # commands that ask others for something


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="newsduck")
def newsduck() -> None:
    """A news warehouse you run for yourself: feeds in, stories out, and who wrote them."""


newsduck.add_command(feeds)
newsduck.add_command(topics)


@newsduck.command()
def init() -> None:
    """Write newsduck.toml and feeds.opml here, to begin with."""
    from flows.starting import init as write

    for path in write(Path.cwd()):
        echo(f"wrote {path}")
    echo("Next: set `contact` in newsduck.toml, then `newsduck ingest`.")


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
@click.argument("names", nargs=-1)
@click.option("--pages", type=click.IntRange(1, 1000), default=10, show_default=True, help="Older parts of each list.")
def backfill(names: tuple[str, ...], pages: int) -> None:
    """Go back in time: keep what feeds (all, or those named) listed before, where they have older parts; the articles are
    fetched by the next ingest."""
    from flows.running import backfill as run
    from flows.settings import load as settings

    _leave(run(settings(needed=True), names, pages))


@newsduck.command()
@click.option("--demo", "shown", is_flag=True, help="Over the embedded newsroom, with a run every other minute.")
@click.option("--server", "alone", is_flag=True, help="Only the server and its dashboard: no schedule, no worker.")
@click.option("--install", is_flag=True, help="Write systemd user units that do it from the next login on, and end.")
def up(shown: bool, alone: bool, install: bool) -> None:
    """Run it all: Prefect's server and dashboard, the schedule, and a worker, until Ctrl-C."""
    from flows import installing
    from flows import up as running
    from flows.settings import load as settings

    if shown:
        _leave(running.demo(Path("newsduck-demo"), settings().server.url))
    found = settings(needed=True)
    if install:
        for line in installing.install(found):
            echo(line)
        return
    _leave(running.up(found, alone=alone))


@newsduck.group()
def alerts() -> None:
    """Who is told when a run fails, a feed falls silent, a topic jumps: [alerts] in the settings."""


@alerts.command("test")
def alerts_test() -> None:
    """Tell every address of the settings, directly and through the server's automations, and say whether it went."""
    from flows.board.alerts import test
    from flows.settings import load as settings

    sys.exit(0 if test(settings(needed=True)) else 1)


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
        echo(f"{failed} pages could not be read; their lines say why under `error`.", err=True)


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
        loaded = load_file(file, found, sandbox)
    echo(summary(loaded.row, loaded.topics, found.data_folder))


@newsduck.command()
@click.option("--since", type=DAY, help="Only pages fetched since that day (UTC).")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would change, write nothing.")
def reread(since: datetime | None, dry: bool) -> None:
    """Read the archive again with today's reader; what changes is kept as a version."""
    from extract.sandbox import Sandbox
    from flows.board import progress
    from flows.rereading import reread as read_again
    from flows.rereading import tell
    from flows.settings import load as settings

    found = settings(needed=True)
    after = utc(since)
    with (
        progress.bars(),
        Sandbox(found.read.workers, found.read.seconds, found.read.memory_mb * 2**20) as sandbox,
    ):
        came = read_again(found, sandbox, after, dry=dry)
    tell(came, dry=dry)


@newsduck.command()
def retag() -> None:
    """Apply every topic to everything kept. Runs do so by themselves with a topic that is new or changed."""
    from flows.board import progress
    from flows.line.retag import retag as apply
    from flows.line.retag import tell
    from flows.settings import load as settings

    with progress.bars():
        found = apply(settings())
    tell(found)


@newsduck.command()
@click.option("--since", type=DAY, help="Only articles first seen since that day (UTC).")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would change, write nothing.")
def regroup(since: datetime | None, dry: bool) -> None:
    """Decide the stories of a period anew by today's method, and say what differs."""
    from flows.regrouping import regroup as group_again
    from flows.regrouping import told
    from flows.settings import load as settings

    for line in told(group_again(settings(), utc(since), dry=dry), dry=dry):
        echo(line)


@newsduck.command(context_settings={"ignore_unknown_options": True})  # an id may begin with a minus
@click.argument("story")
def story(story: str) -> None:
    """Print a story: who ran it, and beside its lead what each outlet added or cut. STORY is its id, or an article's URL."""
    from flows.comparing import show
    from flows.settings import load as settings

    show(settings().data_folder / "warehouse.duckdb", story, sys.stdout)


@newsduck.command()
def status() -> None:
    """Say how the warehouse is doing: the last run, what it holds, feeds that need a look, topics. Exit code 1 where
    something does not mend itself."""
    from flows.board import password
    from flows.report import needs_somebody
    from flows.report import status as told
    from flows.settings import load as settings

    found = settings(needed=True)
    path, secret = found.data_folder / "warehouse.duckdb", password.path(found.data_folder / "prefect")
    echo(told(path))
    if secret.exists():
        echo(f"dashboard  {found.server.url.removesuffix('/api')}, its password is the line in {secret}")
    if wanted := needs_somebody(path, datetime.now(UTC)):
        echo(f"needs you  {', '.join(wanted)}", bold=True)
        sys.exit(1)


@newsduck.command()
def doctor() -> None:
    """Check versions, disk, locks, server, worker, clock and schedule, and say how to mend what is wrong."""
    from flows.doctor import doctor as examine
    from flows.settings import load as settings

    sys.exit(examine(settings()))


@newsduck.command()
@click.option("--day", type=DAY, help="A day (UTC); today by default.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; reports/DAY.html in the data folder by default.",
)
def report(day: datetime | None, out: Path | None) -> None:
    """Write a day as one page to read, print or pass on: topics, stories, agencies, feeds."""
    from flows import day as days
    from flows.board import newspaper
    from flows.settings import load as settings

    found = settings(needed=True)
    picture = days.of(found.data_folder / "warehouse.duckdb", (day or datetime.now(UTC)).date())
    echo(f"wrote {newspaper.write(picture, found, out)}")


@newsduck.command()
@click.argument("query")
@FORMAT
def sql(query: str, form: str) -> None:
    """Ask the warehouse in SQL, e.g. newsduck sql "FROM stories_on('climate')"."""
    from flows.asking import ask
    from flows.settings import load as settings

    ask(settings(needed=True).data_folder / "warehouse.duckdb", query, form, sys.stdout)


@newsduck.command(context_settings={"ignore_unknown_options": True})  # a query may begin with a minus
@click.argument("query")
@click.option("--best", is_flag=True, help="Best first; newest first by default.")
@click.option("--since", type=DAY, help="Only articles published since that day (UTC).")
@click.option("--until", type=DAY, help="Only articles published before that day.")
@click.option("--limit", "most", type=click.IntRange(1, 10_000), default=20, show_default=True)
@FORMAT
def search(query: str, best: bool, since: datetime | None, until: datetime | None, most: int, form: str) -> None:
    """Find articles among all that are kept, in the language of topics, e.g. newsduck search '"press freedom" AND NOT film'."""
    from flows.board import progress
    from flows.searching import search as find
    from flows.settings import load as settings

    with progress.bars():
        find(query, settings(), form, sys.stdout, best=best, most=most, since=utc(since), until=utc(until))


@newsduck.command()
@click.option("--older-than", "days", type=click.IntRange(1, 36_500), help="Days without any news of it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(days: int | None, yes: bool) -> None:
    """Delete stories nothing was seen of for so many days, with their articles, entries and archived pages; without a
    number, those that [keep] and the topics' keep_days in the settings give up."""
    from flows.forgetting import forget as delete
    from flows.settings import load as settings

    delete(days, settings(needed=True), sure=yes)


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
        echo(f"newsduck: {' '.join(str(error).split())}", err=True)
        sys.exit(2)
    except BrokenPipeError:  # `newsduck sql … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:  # what is written to has no room, or has gone
        echo(f"newsduck: {error.filename or 'output'}: {disk.way_out(error)}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        what = "; what was fetched is in the archive, the next run loads it" if set(sys.argv[1:2]) & FETCHES else ""
        echo(f"newsduck: stopped{what}", err=True)
        sys.exit(130)
