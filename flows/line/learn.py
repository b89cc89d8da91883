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
    new = {site: masks - before.get(site, frozenset()) for site, masks in after.items()}
    if not any(new.values()):
        return list(outcomes)

    def holds(text: str, site: str) -> bool:
        return any(habits.mask(fold(line)) in new[site] for line in text.split("\n\n")) if new.get(site) else False

    pages = dict(zip((entry.entry_id for entry, _ in fetched), fetched, strict=True))
    stained = [
        pages[o.entry.entry_id]
        for o in outcomes
        if o.article is not None and o.entry.entry_id in pages and holds(_words(o.article), o.article.site)
    ]
    before_entry = {o.entry.entry_id: o.article.extractor for o in outcomes if o.article is not None}
    cleaned = {
        o.entry.entry_id: o.article
        for o in read(stained, {}, work, expected=[e.url for e, _ in stained], repeated=after, before=before_entry)
        if o.article is not None
    }
    fresh = {article.article_id for article in articles}
    stored = [
        reading
        for reading in work.warehouse.readings(sites=[site for site, masks in new.items() if masks])
        if reading.article_id not in fresh and holds(_words(reading), reading.site)
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
    return [*(replace(o, article=cleaned.get(o.entry.entry_id, o.article)) for o in outcomes), *mended]


def _words(read: Article | Reading) -> str:
    return f"{read.standfirst}\n\n{read.text}"
