"""Reading: archived pages become articles, in sandboxed processes; for each entry its outcome."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from extract import entries, urls
from extract.captures.wayback import is_capture
from extract.errors import NewsduckError
from extract.read import places
from extract.read.given import from_entry
from extract.read.page import PLACE, read_page
from extract.records import Article, Entry, Known, Outcome, Page
from extract.vocabulary import SeenBy
from flows.board import progress
from flows.line.fetch import Fetched
from flows.line.work import Planned, Work, slices
from storage import archive


def read_all(fetched: Fetched, known: dict[int, Known], work: Work) -> list[Outcome]:
    """Read the pages, a slice a bar; for each entry its outcome, not yet likened to what is stored."""
    tick = progress.watcher.stage("read", len(fetched))
    outcomes: list[Outcome] = []
    for number, some in enumerate(slices(fetched), 1):
        outcomes += work.bar(f"read {number}", partial(read, some, known, work, tick))
    return outcomes


def read(
    fetched: Sequence[tuple[Entry, Page | NewsduckError]],
    known: dict[int, Known],
    work: Work,
    tick: progress.Tick = lambda: None,
    repeated: Mapping[str, frozenset[int]] | None = None,
    before: Mapping[int, str] | None = None,
) -> list[Outcome]:
    """Read the pages; for each entry its outcome, not yet likened to what is stored. `repeated` is what each site prints
    on many pages, where more is known of it than what is stored. `before` tells of an entry what found the text that its
    reading will be likened to: a body that was not read at its site's place is not read there now."""
    sites = {urls.site(page.url) for _, page in fetched if isinstance(page, Page)}
    if repeated is None:
        repeated = work.warehouse.repeated(sites)
    if before is None:
        before = {entry_id: old.extractor for entry_id, old in known.items() if old.extractor}
    taught = work.warehouse.taught(sites) if work.settings.read.places else {}
    at_place = {site: places.decide_places(seen) for site, seen in taught.items()}
    extra, now, wait = (
        work.settings.extra_agencies,
        datetime.now(UTC),
        timedelta(minutes=work.settings.fetch.retry_minutes),
    )
    outcomes: list[Outcome | None] = []
    jobs: list[tuple[int, Page]] = []
    for number, (entry, answer) in enumerate(fetched):
        outcomes.append(entries.decide_page(entry, answer, _attempts(entry, known), now, wait))
        if outcomes[-1] is None and isinstance(answer, Page):
            jobs.append((number, answer))
        else:
            tick()

    def calls() -> Iterator[tuple[Any, ...]]:
        for number, page in jobs:
            entry, site = fetched[number][0], urls.site(page.url)
            # A capture is of a time whose layout nobody here has learned.
            known_place = before.get(entry.entry_id, PLACE) == PLACE and not is_capture(page)
            here = at_place.get(site, ()) if known_place else ()
            kind, habit = page.header("content-type"), repeated.get(site, frozenset())
            yield _body(page, work), page.url, kind, page.fetched_at, extra, habit, entry.title, here

    for (number, page), reading in zip(jobs, work.sandbox.map(read_page, calls(), tick), strict=True):
        entry = fetched[number][0]
        old = known.get(entry.entry_id)
        if isinstance(reading, Article):
            seen_by: SeenBy = "archive" if is_capture(page) else "newsduck"
            reading = replace(reading, warc_file=page.warc_file, warc_offset=page.warc_offset, seen_by=seen_by)
            reading = entries.as_before(reading, old.article_id if old is not None else None)
        outcomes[number] = entries.decide_outcome(entry, reading, _attempts(entry, known), now, wait, extra)
    read = _stand_ins([outcome for outcome in outcomes if outcome is not None], known, work)
    after = timedelta(hours=work.settings.fetch.again_hours)
    captured = {entry.entry_id for entry, page in fetched if isinstance(page, Page) and is_capture(page)}
    return [
        entries.decide_capture(outcome)
        if outcome.entry.entry_id in captured
        else entries.decide_looks(outcome, known.get(outcome.entry.entry_id), now, after)
        for outcome in read
    ]


def carried(planned: Planned, work: Work) -> list[Outcome]:
    """What the plan has settled, with the articles that feeds carry whole and give no link to."""
    feeds = work.warehouse.feeds() | {look.feed.feed_id: look.feed for look in planned.looked}
    titled = {look.feed.feed_id: look.poll.site_url for look in planned.looked}
    homes = {n: feed.site_url or titled.get(n) or feed.url for n, feed in feeds.items()}
    return _stand_ins(list(planned.plan.settled), planned.known, work, homes)


def _stand_ins(
    outcomes: list[Outcome], known: dict[int, Known], work: Work, homes: Mapping[int, str] | None = None
) -> list[Outcome]:
    """The outcomes, with the feed's own text in place of pages that cannot be had. `homes` tell where the feeds of entries
    without a link are at home."""
    now = datetime.now(UTC)
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


def _attempts(entry: Entry, known: dict[int, Known]) -> int:
    """Tries so far of an entry that waits; one that was settled and changed starts anew."""
    old = known.get(entry.entry_id)
    return old.attempts if old is not None and old.outcome == "deferred" else 0


def _body(page: Page, work: Work) -> bytes:
    return page.body or archive.read_page(work.warehouse.archive, page.warc_file, page.warc_offset).body
