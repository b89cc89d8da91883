"""What a site prints on many pages, learned while a run reads them, and taken out of what was read before it was known."""

from collections.abc import Sequence
from dataclasses import replace

from extract.errors import Refused, Transient
from extract.read.blocks import fold
from extract.read.body import habits
from extract.records import Article, Entry, Outcome
from flows.board import progress
from flows.line.anew import again
from flows.line.read import read
from flows.line.web import Answer
from flows.line.work import Work
from storage.look.readings import Reading

Masks = dict[str, frozenset[int]]  # site → of blocks that it prints on many pages


def clean(fetched: Sequence[tuple[Entry, Answer]], outcomes: Sequence[Outcome], work: Work) -> list[Outcome]:
    """The outcomes, read once more where this run's pages taught what their site repeats; and after them new readings of
    the site's stored articles that hold such a block."""
    # Of every kind, as those that are stored: else a run cut in two would learn what a whole one does not.
    articles = [o.article for o in outcomes if o.article is not None and o.article.masks]
    if not articles:
        return list(outcomes)
    sites = sorted({article.site for article in articles})
    with work.warehouse.at_hand():
        before, after = work.warehouse.repeated(sites), work.warehouse.repeated(sites, articles)
    new = {site: masks for site, known in after.items() if (masks := known - before.get(site, frozenset()))}
    if not new:
        return list(outcomes)
    cleaned = _read_again(fetched, outcomes, new, after, work)
    own = [replace(o, article=cleaned.get(o.entry.entry_id, o.article)) for o in outcomes]
    return [*own, *_mended({article.article_id for article in articles}, new, after, work)]


def _read_again(
    fetched: Sequence[tuple[Entry, Answer]], outcomes: Sequence[Outcome], new: Masks, after: Masks, work: Work
) -> dict[int, Article]:
    """Entry → its article without what the run's pages taught, of those that held it."""
    pages = dict(zip((entry.entry_id for entry, _ in fetched), fetched, strict=True))
    read_as = {o.entry.entry_id: o.article for o in outcomes if o.article is not None}
    stained = [pages[n] for n, article in read_as.items() if n in pages and _holds(article, new)]
    before = {n: article.extractor for n, article in read_as.items()}
    again = read(stained, {}, work, expected=[e.url for e, _ in stained], repeated=after, before=before)
    return {o.entry.entry_id: o.article for o in again if o.article is not None}


def _mended(fresh: set[int], new: Masks, after: Masks, work: Work) -> list[Outcome]:
    """New readings of stored articles that held it, besides those that are fresh."""
    stored = [
        reading
        for reading in work.warehouse.readings(sites=list(new))
        if reading.article_id not in fresh and _holds(reading, new)
    ]
    mended, unread = [], list[str]()
    try:
        for reading, article in again.read_again(stored, work, after):
            if isinstance(article, str):
                unread.append(f"{reading.entry.url}: {article}")
            elif again.differences(reading, article):
                mended.append(again.outcome_of(reading, article))
    except (Transient, Refused) as error:  # they are as they were; whoever asks now is not kept waiting
        unread.append(str(error))
    if unread:
        progress.watcher.warn(
            f"some of {len(stored):,} stored texts keep what their site prints on many pages: {unread[0]}"
            f"{f' and {len(unread) - 1:,} more' if unread[1:] else ''}; `newsduck reread` does it later"
        )
    if mended:
        progress.watcher.note(f"{len(mended):,} stored texts rid of what their site prints on many pages")
    return mended


def _holds(read: Article | Reading, new: Masks) -> bool:
    """Whether a text has a line of what was learned."""
    masks = new.get(read.site)
    lines = f"{read.standfirst}\n\n{read.text}".split("\n\n") if masks else ()
    return masks is not None and any(habits.mask(fold(line)) in masks for line in lines)
