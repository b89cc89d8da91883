"""`newsduck rehydrate`: the articles of somebody else's data set, fetched again, and what has become of each."""

import csv
import io
import sys
from functools import partial
from pathlib import Path

import click

from extract.errors import BadInput
from flows.commands import _tables
from flows.export.rehydrate import Came, rehydrate
from flows.settings import load as load_settings
from flows.telling import echo, some
from storage.files import replace_file

NAMES = (
    "article_id",
    "url",
    "state",
    "reason",
    "text_hash",
    "read_version",
    "article_id_here",
    "text_hash_here",
    "read_version_here",
    "fetched_at_here",
)
TOLD = {
    "same": "have the same text",
    "changed": "have another text",
    "gone": "cannot be had any more",
    "waiting": "wait to be fetched",
    "forgotten": "were forgotten here",
    "unknown": "are not known here",
}


STDOUT = Path("-")


def write(came: Came, path: Path) -> None:
    """Write a row an article, in the data set's order, to a file or, for `-`, to standard output. Raises BadInput where another file
    has that name."""
    if path != STDOUT and path.exists():
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            if tuple(next(csv.reader(file), ())) != NAMES:
                raise BadInput(f"{path} is there and is none of `newsduck rehydrate`: name another with --out")
    out = io.StringIO(newline="")
    rows = (
        (one.listed.article_id, one.listed.url, one.state, one.reason, one.listed.text_hash, one.listed.read_version,
         one.article_id, one.text_hash, one.read_version, one.fetched_at)
        for one in came.found
    )  # fmt: skip
    if path == STDOUT:
        _tables.write(NAMES, rows, "csv", sys.stdout)
        return
    _tables.write(NAMES, rows, "csv", out)
    replace_file(path, out.getvalue().encode())


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    default="rehydrated.csv",
    show_default=True,
    help="File to write; `-` for standard output.",
)
def command(folder: Path, out: Path) -> None:
    """Have the articles of a data set, which `newsduck export` made elsewhere, fetched by the next ingest, and write of each what
    has become of it: same, changed, gone, or waiting. After the ingest, once more."""
    came = rehydrate(load_settings(needed=True), folder)
    write(came, out)
    counts, told = came.counts(), partial(echo, err=out == STDOUT)  # what is written there stays a table
    told(f"{some(len(came.found), 'article')}, of which")
    for state, words in TOLD.items():
        if counts[state]:
            told(f"{counts[state]:>9,} {words}")
    if out != STDOUT:
        told(f"each with its reason: {out}")
    if counts["waiting"]:
        told(f"Next: newsduck ingest fetches what waits; then newsduck rehydrate {folder}")
