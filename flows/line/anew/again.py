"""Stored articles read once more from the archive, without asking anybody."""

from collections.abc import Iterator, Mapping, Sequence

from extract import entries
from extract.errors import Broken
from extract.read.body import engine
from extract.records import Article, Entry, Outcome, Page
from extract.vocabulary import EntryOutcome
from flows.board import progress
from flows.line import read
from flows.line.work import Work
from storage import archive
from storage.look.readings import Reading

CHUNK = 200  # pages in memory at a time


def read_again(
    readings: Sequence[Reading],
    work: Work,
    repeated: Mapping[str, frozenset[int]] | None = None,
    tick: progress.Tick = lambda: None,
    *,
    full: bool = False,
) -> Iterator[tuple[Reading, Article | str]]:
    """Each with today's reading of its page, or with why that page gives none. `repeated` as for `read.read`;
    `full`: by the full reader, also what was read at its site's place."""
    for at in range(0, len(readings), CHUNK):
        fetched: list[tuple[Entry, Page]] = []
        by_entry = {}
        for reading in readings[at : at + CHUNK]:
            try:
                page = archive.read_page(work.warehouse.archive, reading.warc_file, reading.warc_offset)
            except Broken as error:  # of this page; a store that does not answer says nothing of it
                tick()
                yield reading, str(error)
            else:
                by_entry[reading.entry.entry_id] = reading
                fetched.append((reading.entry, page))
        before = {entry_id: engine.EXTRACTOR if full else old.extractor for entry_id, old in by_entry.items()}
        at_once = [page.url for _, page in fetched]
        for outcome in read.read(fetched, {}, work, tick, expected=at_once, repeated=repeated, before=before):
            reading, article = by_entry[outcome.entry.entry_id], outcome.article
            if article is not None:
                article = entries.as_before(article, reading.article_id)
            if article is None or article.text_from != "page":
                yield reading, outcome.reason
            elif article.article_id != reading.article_id:
                yield reading, f"{reading.entry.url}: is another article now"
            else:
                yield reading, article


def outcome_of(reading: Reading, article: Article) -> Outcome:
    """What a second reading comes to: stored where it says something else."""
    told: EntryOutcome = "stored" if differences(reading, article) else "unchanged"
    return Outcome(reading.entry, told, article=article, article_id=article.article_id, again=True)


def differences(old: Reading, new: Article) -> list[str]:
    """Which of title, standfirst and text are not what they were."""
    return [name for name in ("title", "standfirst", "text") if getattr(old, name) != getattr(new, name)]
