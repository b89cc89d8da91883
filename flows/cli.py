"""The command line. Each command imports what it needs when it runs, so that `newsduck sql` does not wait for Prefect."""

import sys
from pathlib import Path

import click

from extract.errors import NewsduckError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="newsduck")
def newsduck() -> None:
    """A news warehouse you run for yourself: feeds in, stories out, and who wrote them."""


@newsduck.command()
@click.option("--learn", is_flag=True, help="Read all pages first to learn what each site repeats.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Reader processes.")
def read(learn: bool, workers: int) -> None:
    """Read pages into articles: JSON Lines {"id", "url", "path"} in, one article a line out, in the same order."""
    from extract.sandbox import Sandbox
    from flows.reading import read_lines

    with Sandbox(workers) as sandbox:
        failed = read_lines(sys.stdin.buffer, sys.stdout, sandbox, learn=learn)
    if failed:
        click.echo(f"{failed} pages could not be read; their lines say why under `error`.", err=True)


@newsduck.command()
@click.argument("file", type=click.Path(path_type=Path))
def load(file: Path) -> None:
    """Load articles made elsewhere: JSON Lines with url, title, text and, where known, authors, published_at, source."""
    from extract.sandbox import Sandbox
    from flows.loading import load_file
    from flows.report import summary
    from flows.settings import load as load_settings

    settings = load_settings()
    with Sandbox(settings.read.workers, memory=settings.read.memory_mb * 2**20) as sandbox:
        row = load_file(file, settings, sandbox)
    click.echo(summary(row, settings.data_folder))


def main() -> None:
    """Run a command. What newsduck raises on purpose is one line on standard error and exit code 2."""
    try:
        newsduck.main(standalone_mode=True)
    except NewsduckError as error:
        click.echo(f"newsduck: {error}", err=True)
        sys.exit(2)
