"""`newsduck reread`: the archive read again with today's reader. Nobody is asked for anything."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import click

from extract.records import Outcome
from extract.sandbox import Sandbox
from flows.board import progress
from flows.commands._options import DAY, utc
from flows.line import again
from flows.line.finish import finish
from flows.line.work import Work, alone
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo

SHOWN = 10  # articles named in the summary


@dataclass(slots=True)
class Reread:
    """What came of it."""

    outcomes: list[Outcome] = field(default_factory=list)  # stored: it says something else now; unchanged: it does not
    changed: Counter[str] = field(default_factory=Counter)  # title, standfirst, text → articles
    samples: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # what today's reader takes for no article, or the archive lacks


def reread(settings: Settings, sandbox: Sandbox, since: datetime | None, *, dry: bool) -> Reread:
    """Read every archived page of a stored article again, in one run. What says something else now goes into `articles`,
    what it said before into `versions` with the reason `reader`; a page that is no article any more keeps its reading."""
    asked = {"since": since.isoformat() if since else None}
    with alone("reread", settings, sandbox, asked=asked) as work:
        return read_all_again(work, since, dry=dry)


def read_all_again(work: Work, since: datetime | None, *, dry: bool = False) -> Reread:
    """As `reread`, in a run that has begun."""
    old = work.warehouse.readings(since)
    found = Reread()
    tick = progress.watcher.stage("reread", len(old))
    for reading, article in again.read_again(old, work, tick=tick, full=True):
        if isinstance(article, str):
            found.lost.append(article)
            continue
        found.outcomes.append(again.outcome_of(reading, article))
        if differs := again.differences(reading, article):
            found.changed.update(differs)
            told = f"{reading.words:,} words before, {article.words:,} now"
            found.samples.append(f"{article.url}: {', '.join(differs)}; {told}")
    if found.outcomes and not dry:
        read = [o.article.article_id for o in found.outcomes if o.article is not None]
        finish(work, found.outcomes, stored=work.warehouse.stored(read))
    return found


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
    with (
        progress.bars(),
        Sandbox(found.read.workers, found.read.seconds, found.read.memory_mb * 2**20) as sandbox,
    ):
        came = reread(found, sandbox, utc(since), dry=dry)
    tell(came, dry=dry)
