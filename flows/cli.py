"""The command line. Each command imports what it needs when it runs, so that `newsduck sql` does not wait for Prefect."""

import os
import sys
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
