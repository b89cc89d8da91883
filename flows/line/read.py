"""Reading: archived pages become articles, in sandboxed processes; for each entry its outcome."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from extract import entries, urls
from extract.captures.wayback import is_capture
from extract.read.body import places
from extract.read.given import from_entry
from extract.read.page import PLACE, read_page
from extract.records import Article, Entry, Known, Outcome, Page, Place
from extract.vocabulary import SeenBy
from flows.board import progress
from flows.line.readers.crew import Crew
from flows.line.readers.hand import Kept
from flows.line.web import Answer
from flows.line.work import Planned, Work


def read(
    fetched: Iterable[tuple[Entry, Answer]],
    known: Mapping[int, Known],
    work: Work,
    tick: progress.Tick = lambda: None,
    *,
    expected: Iterable[str] = (),
    repeated: Mapping[str, frozenset[int]] | None = None,
    before: Mapping[int, str] | None = None,
    early: int = 0,
) -> list[Outcome]:
    """Read the pages, in the order in which they come; for each entry its outcome, not yet likened to what is stored.

    Args:
        expected: Addresses of the pages, whose sites' habits are looked up at once; those of others one by one.
        repeated: What each site prints on many pages, where more is known of it than what is stored.
        before: What found the text that an entry's reading will be likened to: a body that was not read at its site's place
            is not read there now.
        early: So many readers are made ready before the first page is there.
    """
    if before is None:
        before = {entry_id: old.extractor for entry_id, old in known.items() if old.extractor}
    sites = _Sites(work, {urls.site(url) for url in expected}, repeated)
    extra, now, wait = (
        work.settings.extra_agencies,
        work.moment("read"),
        timedelta(minutes=work.settings.fetch.retry_minutes),
    )
    outcomes: list[Outcome | None] = []
    jobs: list[tuple[int, Entry, Page]] = []
    captured: set[int] = set()

    def calls() -> Iterator[tuple[Any, ...]]:
        for number, (entry, answer) in enumerate(fetched):
            if isinstance(answer, Page) and is_capture(answer):
                captured.add(entry.entry_id)
            outcomes.append(entries.decide_page(entry, answer, _attempts(entry, known), now, wait))
            if outcomes[-1] is None and isinstance(answer, Page):
                jobs.append((number, entry, replace(answer, body=b"")))
                site = urls.site(answer.url)
                # A capture is of a time whose layout nobody here has learned.
                at_place = before.get(entry.entry_id, PLACE) == PLACE and entry.entry_id not in captured
                here = sites.kept_at(site) if at_place else ()
                kind, habit = answer.header("content-type"), sites.prints(site)
                yield _body(answer, work), answer.url, kind, answer.fetched_at, extra, habit, entry.title, here
            else:
                tick()

    readings = work.sandbox.map(read_page, calls(), tick, early=early)
    for (number, entry, page), reading in zip(jobs, readings, strict=True):
        old = known.get(entry.entry_id)
        if isinstance(reading, Article):
            seen_by: SeenBy = "archive" if is_capture(page) else "newsduck"
            reading = replace(reading, warc_file=page.warc_file, warc_offset=page.warc_offset, seen_by=seen_by)
            reading = entries.as_before(reading, old.article_id if old is not None else None)
        outcomes[number] = entries.decide_outcome(entry, reading, _attempts(entry, known), now, wait, extra)
    read = _stand_ins([outcome for outcome in outcomes if outcome is not None], known, work)
    after = timedelta(hours=work.settings.fetch.again_hours)
    return [
        entries.decide_capture(outcome)
        if outcome.entry.entry_id in captured
        else entries.decide_looks(outcome, known.get(outcome.entry.entry_id), now, after)
        for outcome in read
    ]


class _Sites:
    """What is known of sites before their pages are read: what they print on many of them, and where they keep the body."""

    def __init__(self, work: Work, sites: set[str], repeated: Mapping[str, frozenset[int]] | None) -> None:
        self._work, self._given = work, repeated
        self._known: dict[str, tuple[frozenset[int], Sequence[Place]]] = {}
        self._learn(sites)

    def prints(self, site: str) -> frozenset[int]:
        """The masks of the blocks that a site repeats."""
        return self._of(site)[0]

    def kept_at(self, site: str) -> Sequence[Place]:
        """Where a site keeps its articles' bodies; none where the settings say so."""
        return self._of(site)[1]

    def _of(self, site: str) -> tuple[frozenset[int], Sequence[Place]]:
        if site not in self._known:  # a redirect led there
            self._learn({site})
        return self._known[site]

    def _learn(self, sites: set[str]) -> None:
        if not sites:
            return
        warehouse = self._work.warehouse
        with warehouse.at_hand():
            repeated = self._given if self._given is not None else warehouse.repeated(sites)
            taught = warehouse.taught(sites) if self._work.settings.read.places else {}
        for site in sites:
            self._known[site] = repeated.get(site, frozenset()), places.decide_places(taught.get(site, ()))


def carried(planned: Planned, work: Work) -> list[Outcome]:
    """What the plan has settled, with the articles that feeds carry whole and give no link to."""
    feeds = work.feeds() | {look.feed.feed_id: look.feed for look in planned.looked}
    titled = {look.feed.feed_id: look.poll.site_url for look in planned.looked}
    homes = {n: feed.site_url or titled.get(n) or feed.url for n, feed in feeds.items()}
    return _stand_ins(list(planned.plan.settled), planned.known, work, homes)


def _stand_ins(
    outcomes: list[Outcome], known: Mapping[int, Known], work: Work, homes: Mapping[int, str] | None = None
) -> list[Outcome]:
    """The outcomes, with the feed's own text in place of pages that cannot be had. `homes` tell where the feeds of entries
    without a link are at home."""
    now = work.moment("read")
    had = {entry_id for entry_id, old in known.items() if old.article_id is not None}
    needing = [
        n
        for n, o in enumerate(outcomes)
        if entries.needs_stand_in(o, o.entry.entry_id in had) and (o.entry.url or (homes or {}).get(o.entry.feed_id))
    ]
    told = [(outcomes[n].entry, (homes or {}).get(outcomes[n].entry.feed_id, "")) for n in needing]
    jobs = [(entry, now, work.settings.extra_agencies, home) for entry, home in told]
    for n, reading in zip(needing, work.sandbox.map(from_entry, jobs), strict=True):
        outcomes[n] = entries.stand_in(outcomes[n], reading)
    return outcomes


def _attempts(entry: Entry, known: Mapping[int, Known]) -> int:
    """Tries so far of an entry that waits; one that was settled and changed starts anew."""
    old = known.get(entry.entry_id)
    return old.attempts if old is not None and old.outcome == "deferred" else 0


def _body(page: Page, work: Work) -> bytes | Kept:
    kept = Kept(work.warehouse.archive, page.warc_file, page.warc_offset)
    return kept if isinstance(work.sandbox, Crew) else page.body or kept.body()
