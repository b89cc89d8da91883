"""`newsduck reread`: the archive read again with today's reader. Nobody is asked for anything."""

from datetime import datetime

import click

from extract.sandbox import Sandbox
from flows.board import progress
from flows.commands._options import DAY, utc
from flows.line.anew.reread import Reread, read_all_again
from flows.line.readers.crew import readers
from flows.line.work import alone
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo

SHOWN = 10  # articles named in the summary


def reread(settings: Settings, sandbox: Sandbox, since: datetime | None, *, dry: bool) -> Reread:
    """Read every archived page of a stored article again, in one run. What says something else now goes into `articles`,
    what it said before into `versions` with the reason `reader`; a page that is no article any more keeps its reading."""
    asked = {"since": since.isoformat() if since else None}
    with alone("reread", settings, sandbox, asked=asked) as work:
        return read_all_again(work, since, dry=dry)


def tell(found: Reread, *, dry: bool) -> None:
    """Print what changed."""
    changed = sum(o.outcome == "stored" for o in found.outcomes)
    echo(
        f"{len(found.outcomes) + len(found.lost):,} pages read again; {changed:,} articles {'would change' if dry else 'changed'}"
    )
    for name in ("title", "standfirst", "text"):
        if found.changed[name]:
            echo(f"{name:11s}{found.changed[name]:,}")
    for line in found.samples[:SHOWN]:
        echo(f"  {line}")
    if len(found.samples) > SHOWN:
        echo(f"  … and {len(found.samples) - SHOWN:,} more")
    if found.lost:
        echo(f"{len(found.lost):,} could not be read as articles and stay as they are:")
        for line in found.lost[:SHOWN]:
            echo(f"  {line}")
    if dry:
        echo("nothing was written")
    elif changed:
        echo("what they said before stands in `versions` with the reason `reader`")


@click.command()
@click.option("--since", type=DAY, help="Only pages fetched since that day (UTC).")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would change, write nothing.")
def command(since: datetime | None, dry: bool) -> None:
    """Read the archive again with today's reader; what changes is kept as a version."""
    found = load_settings(needed=True)
    with progress.bars(), readers(found) as sandbox:
        came = reread(found, sandbox, utc(since), dry=dry)
    tell(came, dry=dry)
