"""The steps of a run, as plain functions: what the flow schedules and what commands call without a server.

poll    feeds due            → looks and documents      every document into the archive first
plan    documents            → entries to fetch, and those settled already
fetch   entries              → pages                    into the archive first
read    pages                → outcomes with articles   in sandboxed processes
settle  outcomes             → outcomes, likened to what is stored
group   articles             → copies                   one SQL join, then a decision
tag     articles             → matches
load    all of it            → the working file, in one transaction
publish the working file     → warehouse.duckdb, by one rename
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from extract import agencies, articles, entries, fetch, polls, stories, topics
from extract.errors import NewsduckError
from extract.keys import key
from extract.records import (
    Article,
    Ask,
    Copy,
    Entry,
    Feed,
    FeedDocument,
    Known,
    Match,
    Member,
    Outcome,
    Page,
    Poll,
    Stored,
    Topic,
)
from extract.sandbox import Sandbox
from flows import progress
from flows.settings import VERSION, Settings, configured_topics
from storage import archive, publish, sketches
from storage.batch import Batch, FeedState, Run
from storage.warehouse import Warehouse

# A feed polled seconds into the run at six is due seconds after six: without slack tomorrow's run would pass it by.
SLACK = timedelta(minutes=10)
GROUPED = frozenset({"article", "paywall"})  # kinds that may share a story; a live blog is a story of its own


@dataclass(frozen=True, slots=True)
class Looked:
    """A feed, the look at it, and its new document where there is one."""

    feed: Feed
    poll: Poll
    document: FeedDocument | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A run's entries: those to fetch, those settled already, and what was known of each."""

    plan: entries.Plan
    known: dict[int, Known]
    looked: tuple[Looked, ...]  # with what their listings tell
    seen: dict[int, datetime]  # entry → when it was first seen: by an earlier run, else by this run's look at its feed


@dataclass(slots=True)
class Work:
    """What the steps of one run share."""

    settings: Settings
    warehouse: Warehouse
    run: Run
    sandbox: Sandbox
    archive: archive.ArchiveWriter
    turns: fetch.Turns = field(default_factory=fetch.Turns)


def start(kind: str, now: datetime, prefect_run: str = "") -> Run:
    """A new run's identity, named by its kind and second."""
    name = f"{kind}-{now:%Y%m%dT%H%M%SZ}"
    return Run(key(name, now.isoformat()), name, kind, now, prefect_run, newsduck=VERSION)


def due(listed: Sequence[Feed], known: dict[int, tuple[Feed, datetime]], now: datetime) -> list[Feed]:
    """The listed feeds to look at now, each with the validators of its last look."""
    found = []
    for feed in listed:
        old, next_at = known.get(feed.feed_id, (feed, now))
        if next_at <= now + SLACK:
            found.append(replace(old, title=feed.title or old.title, categories=feed.categories))
    return found


def poll(feeds: Sequence[Feed], work: Work, tick: progress.Tick = lambda: None) -> list[Looked]:
    """Look at feeds; what they answer is in the archive, synced, when this returns."""
    limit = int(work.settings.fetch.max_feed_mb * 2**20)
    asks = {f.feed_id: Ask(f.url, "feed", f.url, limit, f.etag, f.last_modified) for f in feeds}
    by_url = {f.url: f for f in feeds}
    ordered = fetch.in_turns(asks.values())
    answers = fetch.fetch_all(ordered, work.settings.manners, work.archive.keep, work.turns, tick)
    work.archive.sync()
    jobs = [(by_url[ask.url], answer, datetime.now(UTC)) for ask, answer in zip(ordered, answers, strict=True)]
    return looks(jobs, work.sandbox)


def looks(jobs: Sequence[tuple[Feed, Page | NewsduckError, datetime]], sandbox: Sandbox) -> list[Looked]:
    """What each answer comes to; documents are parsed in the sandbox, where a hostile one costs only itself."""
    decided = sandbox.map(polls.decide_poll, jobs)
    found = []
    for (feed, _, now), result in zip(jobs, decided, strict=True):
        if isinstance(result, NewsduckError):
            found.append(Looked(feed, Poll(feed.feed_id, now, "refused", error=f"{feed.url} {result}"), None))
        else:
            found.append(Looked(feed, *result))
    return found


def plan(looked: Sequence[Looked], work: Work) -> Planned:
    """Which entries to fetch: new ones, those whose feed says something new of them, and those that wait."""
    listed = [entry for look in looked if look.document for entry in look.document.entries]
    held = work.warehouse.waiting()
    known = work.warehouse.known([e.entry_id for e in (*listed, *held)])
    taken = work.warehouse.taken([e.url for e in listed])
    told = tuple(
        replace(look, poll=polls.with_listing(look.poll, look.feed, look.document, known)) if look.document else look
        for look in looked
    )
    seen = {e.entry_id: look.poll.polled_at for look in looked if look.document for e in look.document.entries}
    seen |= {entry_id: old.first_seen_at for entry_id, old in known.items()}
    return Planned(entries.decide_fetches(listed, held, known, taken), known, told, seen)


def pages(
    wanted: Sequence[Entry], work: Work, tick: progress.Tick = lambda: None
) -> list[tuple[Entry, Page | NewsduckError]]:
    """Fetch the entries' pages; they are in the archive, synced, when this returns. Bodies are left to the archive."""
    limit = int(work.settings.fetch.max_page_mb * 2**20)
    asks = [Ask(entry.url, "page", entry.url, limit) for entry in wanted]

    def keep(page: Page) -> Page:
        return replace(work.archive.keep(page), body=b"")

    answers = fetch.fetch_all(asks, work.settings.manners, keep, work.turns, tick)
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
) -> list[Outcome]:
    """Read the pages; for each entry its outcome, not yet likened to what is stored."""
    extra = work.settings.extra_agencies
    outcomes: list[Outcome | None] = []
    jobs: list[tuple[int, Page]] = []
    for number, (entry, answer) in enumerate(fetched):
        outcomes.append(entries.decide_page(entry, answer, _attempts(entry, known)))
        if outcomes[-1] is None and isinstance(answer, Page):
            jobs.append((number, answer))
        else:
            tick()

    def calls() -> Iterator[tuple[Any, ...]]:
        for number, page in jobs:
            title = fetched[number][0].title
            yield _body(page, work), page.url, page.header("content-type"), page.fetched_at, extra, frozenset(), title

    for (number, page), reading in zip(jobs, work.sandbox.map(articles.read, calls(), tick), strict=True):
        if isinstance(reading, Article):
            reading = replace(reading, warc_file=page.warc_file, warc_offset=page.warc_offset)
        entry = fetched[number][0]
        outcomes[number] = entries.decide_outcome(entry, reading, _attempts(entry, known), extra)
    return _stand_ins([outcome for outcome in outcomes if outcome is not None], known, work)


def _stand_ins(outcomes: list[Outcome], known: dict[int, Known], work: Work) -> list[Outcome]:
    """The outcomes, with the feed's own text in place of pages that cannot be had."""
    now = datetime.now(UTC)
    had = {entry_id for entry_id, old in known.items() if old.article_id is not None}
    places = [n for n, o in enumerate(outcomes) if entries.needs_stand_in(o, o.entry.entry_id in had)]
    jobs = [(outcomes[n].entry, now, work.settings.extra_agencies) for n in places]
    for n, reading in zip(places, work.sandbox.map(articles.from_entry, jobs), strict=True):
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
                    first_seen_at=first,
                    published_at=article.published_at,
                    credits=article.credits,
                    own_site=any(credit.found_in == "site" for credit in article.credits),
                    story_id=old.story_id if old else None,
                )
            )
    fresh = [sketches.Sketched(m.article_id, m.first_seen_at, m.published_at, stories.sketch(m.text)) for m in new]
    warehouse = work.warehouse
    window = timedelta(days=work.settings.group.window_days)
    near = sketches.candidates(warehouse.derived, warehouse.path, fresh, stories.sketch, window)
    own = [m.story_id for m in new if m.story_id is not None]
    fresh_ids = {m.article_id for m in new}
    known = [m for m in warehouse.members([*near, *own]) if m.article_id not in fresh_ids]
    return stories.group(new, known, window)


def tag(outcomes: Sequence[Outcome], numbered: Sequence[Topic]) -> list[Match]:
    """Which of this run's articles match which topics."""
    return topics.tag(
        [o.article for o in outcomes if o.article is not None], [topics.parse(topic) for topic in numbered]
    )


def by_topic(copies: Sequence[Copy], numbered: Sequence[Topic], matches: Sequence[Match]) -> list[tuple[str, int, int]]:
    """(topic, articles of this run, stories they are) for each topic."""
    story = {copy.article_id: copy.story_id for copy in copies}
    on = {topic.name: [m.article_id for m in matches if m.topic == topic.name] for topic in numbered}
    return [(name, len(found), len({story.get(a, a) for a in found})) for name, found in on.items()]


def number_topics(settings: Settings, work: Work) -> list[Topic]:
    """The topics of the settings with their versions: a query not seen before under its name is a new one."""
    versions = work.warehouse.topics()
    found = []
    for topic in configured_topics(settings):
        before = [t for t in versions if t.name == topic.name]
        same = [t.version for t in before if t.query == topic.query]
        found.append(replace(topic, version=same[-1] if same else len(before) + 1))
    return found


def load(
    work: Work,
    looked: Sequence[Looked],
    listed: Sequence[Feed],
    outcomes: Sequence[Outcome],
    copies: Sequence[Copy],
    numbered: Sequence[Topic],
    matches: Sequence[Match],
    seen: dict[int, datetime],
    now: datetime,
) -> dict[str, Any]:
    """Write the run in one transaction; gives its row."""
    known = agencies.load(*work.settings.extra_agencies)
    run = replace(work.run, archive_file=work.archive.name) if work.archive.written else work.run
    return work.warehouse.commit(
        Batch(
            run=run,
            now=now,
            feeds=_states(looked, listed, work),
            listed=frozenset(feed.feed_id for feed in listed),
            outcomes=outcomes,
            copies=copies,
            topics=numbered,
            matches=matches,
            seen=seen,
            extractor=articles.EXTRACTOR,
            read_version=articles.VERSION,
            method=stories.METHOD,
            agency_names={agency.key: agency.name for agency in known.all},
        )
    )


def _states(looked: Sequence[Looked], listed: Sequence[Feed], work: Work) -> list[FeedState]:
    every = timedelta(minutes=work.settings.poll.every_minutes)
    known = work.warehouse.feeds()
    states = []
    for look in looked:
        failures = 0 if look.poll.outcome in ("new", "unchanged") else look.feed.failures + 1
        next_at = polls.decide_next(look.poll, failures, look.poll.polled_at, every)
        states.append(FeedState(look.feed, look.poll, next_at))
    done = {look.feed.feed_id for look in looked}
    for feed in listed:
        if feed.feed_id not in done:
            old, next_at = known.get(feed.feed_id, (feed, work.run.started_at))  # never looked at: due since then
            states.append(
                FeedState(replace(old, title=feed.title or old.title, categories=feed.categories), None, next_at)
            )
    return states


def publish_warehouse(work: Work) -> None:
    """Put the people's copy in place."""
    publish.publish(work.warehouse.path, work.warehouse.published)


def heal(work: Work, listed: Sequence[Feed]) -> list[dict[str, Any]]:
    """Finish what earlier runs left: archive files that no committed run has loaded, and a copy not yet published.

    Their documents are read again from the archive, not fetched; entries whose page was not fetched any more wait for
    the run that comes now. Gives the rows of the runs recovered.
    """
    warehouse = work.warehouse
    recovered = []
    for name in warehouse.unfinished(archive.files(warehouse.archive)):
        try:
            archive.mend(warehouse.archive, name)
            recovered.append(_recover(_as_run_of(work, name), name, listed))
        except archive.Damaged as error:
            progress.watcher.warn(f"{error}; set aside as {archive.set_aside(warehouse.archive, name)}")
    if warehouse.path.exists() and publish.is_behind(warehouse.path, warehouse.published):
        publish_warehouse(work)
    return recovered


def _as_run_of(work: Work, name: str) -> Work:
    """The same work as the run that wrote an archive file."""
    run_name = name.rsplit("/", 1)[-1].removesuffix(".warc.gz")
    started = datetime.strptime(run_name.rsplit("-", 1)[-1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return replace(
        work, run=Run(key(run_name, "recovered"), run_name, "recovered", started, archive_file=name, newsduck=VERSION)
    )


def _recover(work: Work, name: str, listed: Sequence[Feed]) -> dict[str, Any]:
    known_feeds = work.warehouse.feeds()
    by_url = {feed.url: feed for feed in (*listed, *(feed for feed, _ in known_feeds.values()))}
    whole = archive.read_file(work.warehouse.archive, name)
    found = [page if page.ask.role == "feed" else replace(page, body=b"") for page in whole]  # read again when needed
    jobs = [
        (by_url[page.ask.subject], page, page.fetched_at)
        for page in found
        if page.ask.role == "feed" and page.ask.subject in by_url
    ]
    planned = plan(looks(jobs, work.sandbox), work)
    fetched = {page.ask.subject: page for page in found if page.ask.role == "page"}
    ready = [(entry, fetched[entry.url]) for entry in planned.plan.fetch if entry.url in fetched]
    unfetched = [
        Outcome(entry, "deferred", "the run that was to fetch it ended early")
        for entry in planned.plan.fetch
        if entry.url not in fetched
    ]
    outcomes, stored = settle([*planned.plan.settled, *read(ready, planned.known, work), *unfetched], work)
    now = datetime.now(UTC)
    numbered = number_topics(work.settings, work)
    copies = group(outcomes, stored, planned.seen, work, now)
    return load(work, planned.looked, listed, outcomes, copies, numbered, tag(outcomes, numbered), planned.seen, now)
