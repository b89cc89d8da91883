"""What becomes of entries: which of them to fetch, and each one's one outcome. Decides only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from extract import identity, moments
from extract.credit import agencies
from extract.errors import Elsewhere, Later, NewsduckError, Poison, Refused
from extract.fetch import freshness
from extract.keys import key
from extract.read import given
from extract.read.kinds import REASONS
from extract.read.people import authors, outlets
from extract.records import Article, Entry, Known, Outcome, Page, Stored
from extract.vocabulary import EntryOutcome

TRIES = 5  # fetches of a page that does not answer, before the entry is given up
MISSING = 2  # of one that is not found: some feeds are quicker than the site behind them
IDLE = 3  # refetches that found nothing new, after which a feed that rewrites its items at every poll is not believed
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 520, 521, 522, 523, 524})  # statuses that pass
WALLS = frozenset({"consent", "bot", "gate", "trouble"})  # kinds of page that may be gone at the next try
RELISTED = "the feed lists it again under another address; first as"
NO_LINK = "the feed gives no link that can be fetched"
DAY = timedelta(days=1)
ENOUGH = 50  # words a feed's own text must have to stand in for the page


@dataclass(frozen=True, slots=True)
class Plan:
    """The entries of a run, parted: those whose page to fetch, and those settled already."""

    fetch: tuple[Entry, ...]
    settled: tuple[Outcome, ...]


def decide_fetches(
    listed: Iterable[Entry],
    waiting: Sequence[Entry],
    known: Mapping[int, Known],
    taken: Mapping[str, int | None],
    former: Mapping[int, tuple[str, int | None]],
    now: datetime,
) -> Plan:
    """Part the entries that feeds list now and those waiting from earlier runs, each counted once.

    `known` holds the warehouse's view of entries; `taken` the URLs that other entries brought before, with the article
    they led to; `former` the entries that their feed listed before under another address, with that address and
    article. An entry whose feed says something new of it is fetched again, for the page may have changed too; and so is
    a stored one among those waiting.
    """
    due = {entry.entry_id for entry in waiting}
    fetch: dict[str, Entry] = {}
    settled = []
    for entry in {e.entry_id: e for e in (*waiting, *listed)}.values():
        old = known.get(entry.entry_id)
        changed = (
            old is not None and old.claim_hash != entry.claim_hash and old.idle < IDLE and old.outcome != "removed"
        )
        if old is not None and not changed and old.outcome != "deferred" and entry.entry_id not in due:
            settled.append(Outcome(entry, "unchanged", article_id=old.article_id))
        elif old is not None and not changed and old.retry_at is not None and old.retry_at > now:
            settled.append(Outcome(entry, "deferred"))
        elif entry.entry_id in former:
            url, article_id = former[entry.entry_id]
            settled.append(Outcome(entry, "duplicate", f"{RELISTED} {url}", article_id=article_id))
        elif not entry.url:
            settled.append(Outcome(entry, "refused", NO_LINK))
        elif entry.url in fetch:
            settled.append(Outcome(entry, "duplicate", f"the same URL as another entry: {entry.url}"))
        elif old is None and entry.url in taken:
            settled.append(
                Outcome(entry, "duplicate", f"another entry brought {entry.url}", article_id=taken[entry.url])
            )
        else:
            fetch[entry.url] = entry
    return Plan(tuple(fetch.values()), tuple(settled))


def decide_page(
    entry: Entry, answer: Page | NewsduckError, attempts: int, now: datetime, wait: timedelta
) -> Outcome | None:
    """The outcome of an entry whose page cannot be read, for there is none; None where there is one to read.

    What may pass is tried again: after `wait`, twice as long each time, a day at most, and not before Retry-After.
    """
    if isinstance(answer, Refused):
        return Outcome(entry, "refused", str(answer), tried=True)
    if isinstance(answer, Elsewhere) and attempts:
        return Outcome(entry, "deferred")  # why it waits is said already
    if isinstance(answer, Later):
        return Outcome(entry, "deferred", str(answer), retry_at=answer.until)
    later = now + min(wait * (1 << attempts), DAY)
    if isinstance(answer, NewsduckError):
        return _again(entry, str(answer), attempts, later)
    reason = f"{answer.url} answers HTTP {answer.status}"
    if answer.status in AGAIN:
        asked = freshness.retry_at(answer.header("retry-after"), answer.fetched_at)
        return _again(entry, reason, attempts, max(later, asked or later))
    if answer.status == 404:
        return _again(entry, reason, attempts, later, MISSING)
    if answer.hops and identity.is_home(answer.url, entry.url):
        return _again(entry, f"{entry.url} leads to {answer.url}, the site's first page", attempts, later, MISSING)
    if not 200 <= answer.status < 300:
        return Outcome(entry, "refused", f"{answer.url} answers HTTP {answer.status}", tried=True)
    return None


def decide_outcome(
    entry: Entry,
    reading: Article | NewsduckError,
    attempts: int,
    now: datetime,
    wait: timedelta,
    extra: tuple[Path, ...] = (),
) -> Outcome:
    """The outcome of an entry whose page was read, not yet likened to what is stored."""
    if isinstance(reading, Poison):
        return Outcome(entry, "quarantined", f"{entry.url} {reading}", tried=True)
    if isinstance(reading, NewsduckError):
        return Outcome(entry, "refused", str(reading), tried=True)
    if reading.kind in WALLS:
        return _again(
            entry, f"{reading.url}: {REASONS[reading.kind]}", attempts, now + min(wait * (1 << attempts), DAY)
        )
    if reading.kind in REASONS:
        return Outcome(entry, "refused", f"{reading.url}: {REASONS[reading.kind]}", tried=True)
    return Outcome(
        entry, "stored", article=with_claims(reading, entry, extra), article_id=reading.article_id, tried=True
    )


def _again(entry: Entry, reason: str, attempts: int, later: datetime, tries: int = TRIES) -> Outcome:
    if attempts + 1 >= tries:
        return Outcome(entry, "refused", f"given up after {tries} tries: {reason}", tried=True)
    return Outcome(entry, "deferred", reason, tried=True, retry_at=later)


def decide_looks(outcome: Outcome, old: Known | None, now: datetime, after: timedelta) -> Outcome:
    """The outcome with when to look at its page again: once, some time after it was first stored. What becomes of that
    second look never undoes the first: a page that is gone or walled by then leaves the article as it is."""
    if old is not None and is_second_look(old, now):
        if outcome.outcome == "deferred" and not outcome.tried:
            return Outcome(outcome.entry, "unchanged", article_id=old.article_id)  # a busy host: the next run asks
        told = "looked at again"
        if outcome.article is None:
            return Outcome(outcome.entry, "unchanged", f"{told}: {outcome.reason}", article_id=old.article_id)
        return replace(outcome, reason=told, tried=False)
    first = outcome.outcome == "stored" and (old is None or old.article_id is None)
    return replace(outcome, retry_at=now + after) if first and after and not outcome.again else outcome


def decide_capture(outcome: Outcome) -> Outcome:
    """The outcome of a web archive's capture: its host is not asked for another, now or later."""
    told: EntryOutcome = "refused" if outcome.outcome == "deferred" else outcome.outcome
    return replace(outcome, outcome=told, retry_at=None)


def is_second_look(old: Known, now: datetime) -> bool:
    """Whether an entry was stored and is to be looked at again by now."""
    return old.outcome == "stored" and old.retry_at is not None and old.retry_at <= now


def decide_waiting(plan: Plan, known: Mapping[int, Known]) -> list[Outcome]:
    """The outcomes of a run that only looks at feeds: what it would fetch waits for the next ingest."""
    carried = [o.entry for o in plan.settled if o.reason == NO_LINK and needs_stand_in(o, False)]
    waits = [
        Outcome(entry, "deferred", "" if _waits(entry, known) else "its page is fetched by the next ingest")
        for entry in (*plan.fetch, *carried)
    ]
    read = {entry.entry_id for entry in carried}
    return [*(outcome for outcome in plan.settled if outcome.entry.entry_id not in read), *waits]


def _waits(entry: Entry, known: Mapping[int, Known]) -> bool:
    old = known.get(entry.entry_id)
    return old is not None and old.outcome == "deferred"


def needs_stand_in(outcome: Outcome, article_known: bool) -> bool:
    """Whether the feed's own text is asked for, because there is no page to read."""
    if article_known:
        return False  # its page was read once, perhaps under another address
    carried = outcome.entry.content or len(outcome.entry.summary.split()) >= ENOUGH
    return outcome.outcome == "refused" and bool(carried)


def stand_in(outcome: Outcome, reading: Article | NewsduckError) -> Outcome:
    """For a refused page, the feed's own text where it carries enough of the article; else the outcome as it was."""
    if isinstance(reading, NewsduckError) or reading.words < ENOUGH:
        return outcome
    return replace(outcome, outcome="stored", article=reading, article_id=reading.article_id)


def with_claims(article: Article, entry: Entry, extra: tuple[Path, ...] = ()) -> Article:
    """The article with what only the feed knows: date, title, authors and tags where the page names none."""
    guessed = article.published_at is None or article.published_from in ("url", "time", "search")
    if guessed and entry.published_at is not None:  # a guess never beats the feed
        article = replace(
            article,
            published_at=entry.published_at,
            published_from="feed",
            published_precision=moments.precision(entry.published_claim, entry.updated_claim),
            published_claim=entry.published_claim,
            published_day=moments.day(entry.published_claim, entry.published_at),
        )
    elif article.published_at is None and not article.published_claim:
        article = given.with_unclear(article, entry.published_claim)
    known = agencies.load(*extra)
    claimed = authors.decide(
        [list(entry.authors)], outlets.spellings(article.outlet, article.url), lambda name: bool(known.whole(name))
    )
    return replace(
        article,
        title=article.title or entry.title,
        authors=article.authors or claimed,
        tags=article.tags or entry.tags,
    )


def _is_another_form(outcome: Outcome, article: Article, old: Stored) -> bool:
    """Whether another entry has led to another form (print, AMP, mobile) of the page that is kept of an article: it differs, and
    nobody has edited anything."""
    forms = {article.fetched_url, old.fetched_url} - {""}
    return len(forms) > 1 and outcome.entry.entry_id not in old.brought_by


def _poorer(article: Article, old: Stored) -> bool:
    """Whether a reading is only the feed's text of an article whose page was read before."""
    return article.text_from in ("feed", "summary") and old.text_from == "page"


def as_before(article: Article, article_id: int | None) -> Article:
    """The article under the address it was fetched from, where it is stored under that one already."""
    if article_id in (None, article.article_id) or article_id != key(article.fetched_url):
        return article
    return replace(article, article_id=article_id, url=article.fetched_url)


def settle(outcomes: Sequence[Outcome], stored: Mapping[int, Stored]) -> list[Outcome]:
    """The outcomes likened to what is stored and to each other: the same text again is unchanged, two entries that
    lead to one article are one stored and one duplicate, as is another form of an article's page, and duplicates learn the
    article of the entry they repeat."""
    settled: list[Outcome] = []
    by_article: dict[int, Outcome] = {}
    by_url: dict[str, int] = {}
    for outcome in outcomes:
        article = outcome.article
        if article is not None:
            old = stored.get(article.article_id)
            by_url.setdefault(outcome.entry.url, article.article_id)
            if old is not None and _is_another_form(outcome, article, old):
                reason = f"another form of a page that is kept: {article.url}"
                outcome = replace(outcome, outcome="duplicate", reason=reason, article=None)
            elif old is not None and article.seen_by == "archive" and outcome.entry.entry_id not in old.brought_by:
                reason = (
                    f"an archive's capture of an article that is kept: {article.url}"  # which may be the newer reading
                )
                outcome = replace(outcome, outcome="duplicate", reason=reason, article=None)
            elif article.article_id in by_article:
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
