"""Every archived page of a stored article read again with today's reader."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from extract.records import Outcome
from flows.board import progress
from flows.line.anew import again
from flows.line.finish import finish
from flows.line.work import Work


@dataclass(slots=True)
class Reread:
    """What came of it."""

    outcomes: list[Outcome] = field(default_factory=list)  # stored: it says something else now; unchanged: it does not
    changed: Counter[str] = field(default_factory=Counter)  # title, standfirst, text → articles
    samples: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)  # what today's reader takes for no article, or the archive lacks


def read_all_again(work: Work, since: datetime | None, *, dry: bool = False) -> Reread:
    """Read them, those fetched since a moment where one is given, in a run that has begun. What says something else now is stored,
    what it said before kept as a version."""
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
