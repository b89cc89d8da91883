"""The steps of a run behind looking at feeds, as plain functions: what the flows schedule and what commands call
without a server.

fetch   entries              → pages                    into the archive first
read    pages                → outcomes with articles   in sandboxed processes
settle  outcomes             → outcomes, likened to what is stored
group   articles             → copies                   one SQL join, then a decision
tag     articles, copies     → matches
load    all of it            → the working file, in one transaction
publish the working file     → warehouse.duckdb, by one rename
"""

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from extract import agencies, articles, entries, fetch, places, queries, shingles, stories, topics, urls
from extract.errors import NewsduckError
from extract.records import Article, Ask, Copy, Entry, Feed, Known, Match, Member, Outcome, Page, Stored, Topic
from flows import finding, looking, progress
from flows.settings import Settings, configured_topics
from flows.work import Looked, Work
from storage import archive, publish, sketches
from storage.batch import Batch

HOSTS = 3  # that have to tell the time before this machine's is likened to theirs
GROUPED = frozenset({"article", "paywall"})  # kinds that may share a story; a live blog is a story of its own


def pages(
    wanted: Sequence[Entry], work: Work, tick: progress.Tick = lambda: None
) -> list[tuple[Entry, Page | NewsduckError]]:
    """Fetch the entries' pages; they are in the archive, synced, when this returns. Bodies are left to the archive."""
    limit = int(work.settings.fetch.max_page_mb * 2**20)
    asks = [Ask(entry.url, "page", entry.url, limit) for entry in wanted]

    def keep(page: Page) -> Page:
        kept = work.archive.keep(page)
        return replace(kept, body=b"") if page.ask.role == "page" else kept  # robots.txt is read at once

    answers = fetch.fetch_all(asks, work.settings.manners, keep, work.turns, work.book, lambda *_: tick())
    work.archive.sync()
    return list(zip(wanted, answers, strict=True))


def in_turns(wanted: Iterable[Entry]) -> list[Entry]:
    """The entries in an order that takes one of each host in turn."""
    by_url = {entry.url: entry for entry in wanted}
    return [by_url[ask.url] for ask in fetch.in_turns(Ask(url, "page", url, 0) for url in by_url)]


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
            here = at_place.get(site, ()) if before.get(entry.entry_id, articles.PLACE) == articles.PLACE else ()
            kind, habit = page.header("content-type"), repeated.get(site, frozenset())
            yield _body(page, work), page.url, kind, page.fetched_at, extra, habit, entry.title, here

    for (number, page), reading in zip(jobs, work.sandbox.map(articles.read, calls(), tick), strict=True):
        if isinstance(reading, Article):
            reading = replace(reading, warc_file=page.warc_file, warc_offset=page.warc_offset)
        entry = fetched[number][0]
        outcomes[number] = entries.decide_outcome(entry, reading, _attempts(entry, known), now, wait, extra)
    read = _stand_ins([outcome for outcome in outcomes if outcome is not None], known, work)
    after = timedelta(hours=work.settings.fetch.again_hours)
    return [entries.decide_looks(outcome, known.get(outcome.entry.entry_id), now, after) for outcome in read]


def _stand_ins(outcomes: list[Outcome], known: dict[int, Known], work: Work) -> list[Outcome]:
    """The outcomes, with the feed's own text in place of pages that cannot be had."""
    now = datetime.now(UTC)
    had = {entry_id for entry_id, old in known.items() if old.article_id is not None}
    needing = [n for n, o in enumerate(outcomes) if entries.needs_stand_in(o, o.entry.entry_id in had)]
    jobs = [(outcomes[n].entry, now, work.settings.extra_agencies) for n in needing]
    for n, reading in zip(needing, work.sandbox.map(articles.from_entry, jobs), strict=True):
        outcomes[n] = entries.stand_in(outcomes[n], reading)
    return outcomes


def _attempts(entry: Entry, known: dict[int, Known]) -> int:
    """Tries so far of an entry that waits; one that was settled and changed starts anew."""
    old = known.get(entry.entry_id)
    return old.attempts if old is not None and old.outcome == "deferred" else 0


def _body(page: Page, work: Work) -> bytes:
    return page.body or archive.read_page(work.warehouse.archive, page.warc_file, page.warc_offset).body


def settle(outcomes: Sequence[Outcome], work: Work) -> tuple[list[Outcome], dict[int, Stored]]:
    """The outcomes likened to what is stored, and what is stored of their articles."""
    stored = work.warehouse.stored([o.article.article_id for o in outcomes if o.article is not None])
    return entries.settle(outcomes, stored), stored


def group(
    outcomes: Sequence[Outcome], stored: dict[int, Stored], seen: dict[int, datetime], work: Work, now: datetime
) -> list[Copy]:
    """The rows of every article in the stories that this run's articles join, make or change. `seen` tells when an
    entry was first seen; entries without a feed are seen now."""
    new = []
    for outcome in outcomes:
        if (article := outcome.article) is not None:
            old = stored.get(article.article_id)
            first = old.first_seen_at if old else seen.get(outcome.entry.entry_id, now)
            text = article.text if article.kind in GROUPED else ""
            new.append(
                Member(
                    article_id=article.article_id,
                    site=article.site,
                    text=text,
                    title=article.title,
                    first_seen_at=first,
                    published_at=article.published_at,
                    credits=article.credits,
                    own_site=any(credit.found_in == "site" for credit in article.credits),
                    story_id=old.story_id if old else None,
                )
            )
    texts = {m.article_id: shingles.of(m.text) for m in new}
    fresh = [
        sketches.Sketched(m.article_id, m.first_seen_at, m.published_at, shingles.sketch_of(texts[m.article_id]))
        for m in new
    ]
    warehouse = work.warehouse
    window = timedelta(days=work.settings.group.window_days)
    near = sketches.candidates(warehouse.derived, warehouse.path, fresh, shingles.sketch, window)
    own = [m.story_id for m in new if m.story_id is not None]
    fresh_ids = {m.article_id for m in new}
    known = [m for m in warehouse.members([*near, *own]) if m.article_id not in fresh_ids]
    return stories.group(new, known, window, texts)


def tag(outcomes: Sequence[Outcome], copies: Sequence[Copy], numbered: Sequence[Topic], work: Work) -> list[Match]:
    """Which topics this run's articles match, and those already stored whose story it touched: their agency may be
    another one now."""
    if not numbered:
        return []
    names = {agency.key: agency.name for agency in agencies.load(*work.settings.extra_agencies).all}
    credit = {copy.article_id: copy.credit.agency for copy in copies if copy.credit}
    now = datetime.now(UTC)
    found = {
        a.article_id: topics.document(a, now, [key, names.get(key, key)] if (key := credit.get(a.article_id)) else [])
        for outcome in outcomes
        if (a := outcome.article) is not None
    }
    stored = work.warehouse.documents([copy.article_id for copy in copies if copy.article_id not in found])
    for document in stored:
        key = credit.get(document.article_id)
        found[document.article_id] = replace(document, agency=(key, names.get(key, key)) if key else ())
    return topics.tag(list(found.values()), [queries.parse(topic) for topic in numbered], progress.watcher.warn)


def by_topic(
    outcomes: Sequence[Outcome], copies: Sequence[Copy], numbered: Sequence[Topic], matches: Sequence[Match]
) -> list[tuple[str, int, int]]:
    """(topic, articles of this run, stories they are) for each topic."""
    story = {copy.article_id: copy.story_id for copy in copies}
    own = {outcome.article.article_id for outcome in outcomes if outcome.article is not None}
    on: dict[str, list[int]] = {topic.name: [] for topic in numbered}
    for match in matches:
        if match.article_id in own:
            on[match.topic].append(match.article_id)
    return [(name, len(found), len({story.get(a, a) for a in found})) for name, found in on.items()]


def number_topics(settings: Settings, work: Work) -> list[Topic]:
    """The topics of the settings with their versions: a query not seen before under its name is a new one."""
    versions: dict[str, list[Topic]] = {}
    for topic in work.warehouse.topics():
        versions.setdefault(topic.name, []).append(topic)
    found = []
    for topic in configured_topics(settings):
        before = versions.get(topic.name, [])
        same = [t.version for t in before if (t.query, t.stem) == (topic.query, topic.stem)]
        found.append(replace(topic, version=same[-1] if same else len(before) + 1))
    return found


def load(
    work: Work,
    looked: Sequence[Looked],
    listed: Sequence[Feed],  # as the list has them
    outcomes: Sequence[Outcome],
    copies: Sequence[Copy],
    numbered: Sequence[Topic] | None,  # None: as they were
    matches: Sequence[Match],
    seen: dict[int, datetime],
    now: datetime,
) -> dict[str, Any]:
    """Write the run in one transaction; gives its row."""
    named = agencies.load(*work.settings.extra_agencies).all if copies else ()
    run = replace(work.run, archive_file=work.archive.name) if work.archive.written else work.run
    if len(work.ahead) >= HOSTS:
        run = replace(run, clock_off=statistics.median(work.ahead))
    with work.warehouse.at_hand():
        batch = Batch(
            run=run,
            now=now,
            feeds=looking.states(looked, listed, work),
            polls=[look.poll for look in looked],
            robots=list(work.book.learned.values()),
            listed=frozenset(feed.feed_id for feed in listed),
            outcomes=outcomes,
            copies=copies,
            topics=numbered,
            matches=matches,
            seen=seen,
            read_version=articles.VERSION,
            method=stories.METHOD,
            agency_names={agency.key: agency.name for agency in named},
        )
        return work.warehouse.commit(batch)


def publish_warehouse(work: Work) -> None:
    """Put the people's copy in place, and bring the search index up to it; where that fails, whoever searches next does
    it."""
    publish.publish(work.warehouse.path, work.warehouse.published, work.settings.share.group)
    try:
        finding.catch_up(work.warehouse)
    except (NewsduckError, OSError) as error:
        progress.watcher.warn(f"the search index is behind ({error}); the next search brings it up")
