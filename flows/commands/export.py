"""`newsduck export`: what is kept as a data set to hand on, without anybody's texts."""

from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from flows.board import progress
from flows.commands._options import DAY
from flows.export.dataset import Wish, export
from flows.settings import load as load_settings
from flows.telling import echo, some
from storage.export.source import Choice

CSV = ("plain", "4cat")


class Command(click.Command):
    """Takes --csv with and without a form, wherever it stands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the form spelt out."""
        pairs = zip_longest(args, args[1:])
        spelt = [f"{a}=plain" if a == "--csv" and then not in CSV else a for a, then in pairs]
        return super().parse_args(ctx, spelt)


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--topic", "topics", multiple=True, help="Only articles on this topic, as it is now; several: on one of them."
)
@click.option("--query", default="", help="Only articles that this query finds, in the language of topics.")
@click.option("--since", type=DAY, help="Only articles first seen on that day or later (articles.seen_day).")
@click.option("--until", type=DAY, help="Only articles first seen before that day.")
@click.option("--texts", is_flag=True, help="With texts and everything else that is printed: for your own use only.")
@click.option("--words", is_flag=True, help="With the words of each article, counted and in no order.")
@click.option(
    "--csv",
    type=click.Choice(CSV),
    default=None,
    metavar="[4cat]",
    help="CSV besides Parquet; 4cat: one file as 4CAT imports it.",
)
@click.option("--by", multiple=True, metavar="NAME", help="Who collected it, for CITATION.cff; may be said again.")
def command(folder: Path, csv: str | None, since: datetime | None, until: datetime | None, **wish: Any) -> None:
    """Write what is kept as a data set to hand on: Parquet files by day that explain themselves (datapackage.json, README.md,
    CITATION.cff), without texts. An earlier export in FOLDER is replaced."""
    days = (since.date() if since else None, until.date() if until else None)
    choice = Choice(wish["topics"], wish["query"], None, *days)
    with progress.bars():
        wanted = Wish(choice, wish["texts"], wish["words"], csv or "", wish["by"])
        done = export(load_settings(needed=True), folder, wanted)
    echo(f"{some(done.articles, 'article')} in {some(done.files, 'file')} of {done.bytes / 1e6:,.1f} MB: {folder}")
    echo(f"version {done.version}")
    if wish["texts"]:
        echo("with texts: for your own use only, not to be passed on")
