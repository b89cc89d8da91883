"""`newsduck load`: articles made elsewhere, as JSON Lines, grouped, tagged, loaded and published as `ingest` would."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from extract import urls
from extract.errors import BadInput
from extract.sandbox import Sandbox
from flows.board.account import summary
from flows.line.given import Given, load_lines, moment
from flows.line.readers.crew import readers
from flows.line.work import Finished, alone
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo, say, some


def load_file(path: Path, settings: Settings, sandbox: Sandbox) -> Finished:
    """Load every article of a file in one run. The same file again adds a row of `runs` and nothing else."""
    given = list(_lines(path))  # all of it, before anything is written: a bad line loads nothing
    with alone("load", settings, sandbox, asked={"given": msgspec.to_builtins(given)}) as work:
        again = work.warehouse.forgotten([urls.canonical(line.url) or line.url for line in given])
        if again:
            say(f"{some(len(again), 'article')} that you had forgotten, and give again now, will be kept: {min(again)}")
        return load_lines(given, work)


def _lines(path: Path) -> Iterator[Given]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    with file:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            try:
                line = msgspec.json.decode(raw.removeprefix(BOM_UTF8), type=Given)
            except msgspec.MsgspecError as error:
                raise BadInput(
                    f"{path}, line {number}: {error}; each line is an object with at least url, title and text"
                ) from error
            if urls.canonical(line.url) is None:
                raise BadInput(f"{path}, line {number}: {line.url[:200]!r} is no http(s) URL")
            if line.published_at and moment(line.published_at) is None:
                raise BadInput(f"{path}, line {number}: published_at {line.published_at!r} is no ISO date or time")
            yield line


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Load articles made elsewhere: JSON Lines with url, title, text and, where known, authors, published_at, source."""
    found = load_settings()
    with readers(found) as sandbox:
        loaded = load_file(file, found, sandbox)
    echo(summary(loaded.row, loaded.topics, found.data_folder))
