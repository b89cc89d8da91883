"""What becomes of entries: which of them to fetch, and each one's one outcome. Decides only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extract import agencies, metadata
from extract.errors import NewsduckError, Poison, Refused
from extract.pages import REASONS
from extract.records import Article, Entry, Known, Outcome, Page, Stored

TRIES = 5  # fetches of a page that does not answer, one a run, before the entry is given up
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 520, 521, 522, 523, 524})  # statuses that pass
WALLS = frozenset({"consent", "bot"})  # kinds of page that may be gone at the next try
ENOUGH = 50  # words a feed's own text must have to stand in for the page


@dataclass(frozen=True, slots=True)
class Plan:
    """The entries of a run, parted: those whose page to fetch, and those settled already."""

    fetch: tuple[Entry, ...]
    settled: tuple[Outcome, ...]


def decide_fetches(
    listed: Iterable[Entry], waiting: Sequence[Entry], known: Mapping[int, Known], taken: Mapping[str, int | None]
) -> Plan:
    """Part the entries that feeds list now and those waiting from earlier runs, each counted once.

    `known` holds the warehouse's view of entries; `taken` the URLs that other entries brought before, with the article
    they led to. An entry whose feed says something new of it is fetched again, for the page may have changed too.
    """
    fetch: dict[str, Entry] = {}
    settled = []
    for entry in {e.entry_id: e for e in (*waiting, *listed)}.values():
        old = known.get(entry.entry_id)
        changed = old is not None and old.claim_hash != entry.claim_hash
        if old is not None and not changed and old.outcome != "deferred":
            settled.append(Outcome(entry, "unchanged", article_id=old.article_id))
        elif not entry.url:
            settled.append(Outcome(entry, "refused", "the feed gives no link that can be fetched"))
        elif entry.url in fetch:
            settled.append(Outcome(entry, "duplicate", f"the same URL as an entry of another feed: {entry.url}"))
        elif old is None and entry.url in taken:
            settled.append(
                Outcome(entry, "duplicate", f"another entry brought {entry.url}", article_id=taken[entry.url])
            )
        else:
            fetch[entry.url] = entry
    return Plan(tuple(fetch.values()), tuple(settled))


def decide_page(entry: Entry, answer: Page | NewsduckError, attempts: int) -> Outcome | None:
    """The outcome of an entry whose page cannot be read, for there is none; None where there is one to read."""
    if isinstance(answer, Refused):
        return Outcome(entry, "refused", str(answer), tried=True)
    if isinstance(answer, NewsduckError):
        return _again(entry, str(answer), attempts)
    if answer.status in AGAIN:
        return _again(entry, f"{answer.url} answers HTTP {answer.status}", attempts)
    if not 200 <= answer.status < 300:
        return Outcome(entry, "refused", f"{answer.url} answers HTTP {answer.status}", tried=True)
    return None


def decide_outcome(
    entry: Entry, reading: Article | NewsduckError, attempts: int, extra: tuple[Path, ...] = ()
) -> Outcome:
    """The outcome of an entry whose page was read, not yet likened to what is stored."""
    if isinstance(reading, Poison):
        return Outcome(entry, "quarantined", f"{entry.url} {reading}", tried=True)
    if isinstance(reading, NewsduckError):
        return Outcome(entry, "refused", str(reading), tried=True)
    if reading.kind in WALLS:
        return _again(entry, f"{reading.url}: {REASONS[reading.kind]}", attempts)
    if reading.kind in REASONS:
        return Outcome(entry, "refused", f"{reading.url}: {REASONS[reading.kind]}", tried=True)
    return Outcome(
        entry, "stored", article=with_claims(reading, entry, extra), article_id=reading.article_id, tried=True
    )


def _again(entry: Entry, reason: str, attempts: int) -> Outcome:
    if attempts + 1 >= TRIES:
        return Outcome(entry, "refused", f"given up after {TRIES} tries: {reason}", tried=True)
    return Outcome(entry, "deferred", reason, tried=True)


def needs_stand_in(outcome: Outcome, article_known: bool) -> bool:
    """Whether the feed's own text is asked for, because there is no page to read."""
    if article_known:
        return False  # its page was read once, perhaps under another address
    carried = outcome.entry.content or len(outcome.entry.summary.split()) >= ENOUGH
    return outcome.outcome == "refused" and bool(outcome.entry.url) and bool(carried)


def stand_in(outcome: Outcome, reading: Article | NewsduckError) -> Outcome:
    """For a refused page, the feed's own text where it carries enough of the article; else the outcome as it was."""
    if isinstance(reading, NewsduckError) or reading.words < ENOUGH:
        return outcome
    return replace(outcome, outcome="stored", article=reading, article_id=reading.article_id)


def with_claims(article: Article, entry: Entry, extra: tuple[Path, ...] = ()) -> Article:
    """The article with what only the feed knows: date, title, authors and tags where the page names none."""
    if article.published_at is None and entry.published_at is not None:
        article = replace(
            article,
            published_at=entry.published_at,
            published_from="feed",
            published_precision=metadata.precision(entry.published_claim),
            published_claim=entry.published_claim,
        )
    known = agencies.load(*extra)
    claimed = metadata.decide_authors(
        [list(entry.authors)], article.outlet, article.site, lambda name: bool(known.whole(name))
    )
    return replace(
        article,
        title=article.title or entry.title,
        authors=article.authors or claimed,
        tags=article.tags or entry.tags,
    )


def _poorer(article: Article, old: Stored) -> bool:
    """Whether a reading is only the feed's text of an article whose page was read before."""
    return article.text_from in ("feed", "summary") and old.text_from == "page"


def settle(outcomes: Sequence[Outcome], stored: Mapping[int, Stored]) -> list[Outcome]:
    """The outcomes likened to what is stored and to each other: the same text again is unchanged, two entries that
    lead to one article are one stored and one duplicate, and duplicates learn the article of the entry they repeat."""
    settled: list[Outcome] = []
    by_article: dict[int, Outcome] = {}
    by_url: dict[str, int] = {}
    for outcome in outcomes:
        article = outcome.article
        if article is not None:
            old = stored.get(article.article_id)
            by_url.setdefault(outcome.entry.url, article.article_id)
            if article.article_id in by_article:
                reason = f"leads to the same page as another entry: {article.url}"
                outcome = replace(outcome, outcome="duplicate", reason=reason, article=None)
            elif old is not None and (old.text_hash == article.text_hash or _poorer(article, old)):
                outcome = replace(outcome, outcome="unchanged", article=None)
            by_article.setdefault(article.article_id, outcome)
        settled.append(outcome)
    return [
        replace(o, article_id=by_url.get(o.entry.url)) if o.outcome == "duplicate" and o.article_id is None else o
        for o in settled
    ]
