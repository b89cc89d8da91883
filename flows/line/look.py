"""Looking at feeds: which are due, what they answer, and which of their entries to fetch.

poll    feeds due   → looks and documents      every new document into the archive first
plan    documents   → entries to fetch, and those settled already
"""

import queue
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from extract import entries
from extract.errors import Elsewhere, Later, NewsduckError
from extract.fetch import client, freshness
from extract.poll import polls, schedule, sitemaps
from extract.poll.items import MOST
from extract.records import Ask, Entry, Feed, FeedDocument, Known, Page, Poll
from extract.sandbox import Sandbox
from extract.vocabulary import PAGE
from flows.board import progress
from flows.line.work import Looked, Planned, Work, slices

# A feed polled seconds into the run at six is due seconds after six: without slack tomorrow's run would pass it by.
SLACK = timedelta(minutes=10)
_PATIENCE = re.compile(r"\bHTTP (?:429|503)\b")
DEEP = 2  # indexes of indexes that are followed


def on_list(listed: Sequence[Feed], known: dict[int, Feed]) -> list[Feed]:
    """The listed feeds as they stand after their last poll, with what the list says of them now."""
    found = []
    for feed in listed:
        old = known.get(feed.feed_id, feed)
        status = old.status
        if feed.status == "paused":
            status = "paused"
        elif status in ("paused", "removed"):
            status = "active" if old.last_ok_at else "new"
        form = feed.format or ("" if old.format == PAGE else old.format)
        found.append(
            replace(old, title=feed.title or old.title, categories=feed.categories, status=status, format=form)
        )
    return found


def due(feeds: Sequence[Feed], now: datetime) -> list[Feed]:
    """Of these feeds those to look at now."""
    soon = now + SLACK
    return [f for f in feeds if f.status != "paused" and (f.next_poll_at is None or f.next_poll_at <= soon)]


def due_on(listed: Sequence[Feed], work: Work, *, now: bool = False) -> list[Feed]:
    """Of the feeds on the list those to look at in this run; with `now` all but those that are paused or whose host has asked
    for patience."""
    feeds = on_list(listed, work.feeds())
    come = work.taking.web.feeds() if work.taking else ()  # answered already
    feeds = [replace(f, next_poll_at=None) if f.url in come else f for f in feeds]
    if now:
        feeds = [f if f.failures and _PATIENCE.search(f.last_error) else replace(f, next_poll_at=None) for f in feeds]
    return due(feeds, work.run.started_at)


def poll_all(feeds: Sequence[Feed], work: Work) -> list[Looked]:
    """Look at all these feeds, a slice a bar."""
    tick = progress.watcher.stage("poll", len(feeds))
    looked: list[Looked] = []
    for number, some in enumerate(slices(feeds), 1):
        looked += work.bar(f"poll {number}", partial(poll, some, work, tick))
    return looked


def poll(feeds: Sequence[Feed], work: Work, tick: progress.Tick = lambda: None) -> list[Looked]:
    """Look at feeds; what is new of them is in the archive, synced, when this returns. Documents are parsed while others
    are still on their way. A feed whose host asks for patience is not looked at, and stays due."""
    limit = int(work.settings.fetch.max_feed_mb * 2**20)
    of = {feed.url: feed for feed in feeds}
    asks = client.in_turns([polls.decide_ask(feed, limit, work.run.started_at) for feed in feeds])
    come: queue.SimpleQueue[tuple[Feed, Page | NewsduckError, datetime] | None] = queue.SimpleQueue()
    unread: list[tuple[Feed, Page | NewsduckError, datetime]] = []
    failed: list[BaseException] = []
    looked_at = work.moment("looked")

    def keep(page: Page) -> Page:
        return page if polls.is_unchanged(page) else work.archive.keep(page)

    def tell(ask: Ask, answer: Page | NewsduckError) -> None:
        feed = of[ask.subject]
        if isinstance(answer, Page) and (ahead := freshness.clock_ahead(answer)) is not None:
            work.ahead.append(ahead)
        if isinstance(answer, Page) and answer.status == 200 and not polls.is_unchanged(answer):
            come.put((feed, answer, looked_at))
        elif not isinstance(answer, Later):
            unread.append((feed, answer, looked_at))
        tick()

    def ask_all() -> None:
        try:
            work.web.fetch(asks, work, keep, tell)
        except BaseException as error:
            failed.append(error)
        finally:
            come.put(None)

    asking = threading.Thread(target=ask_all, daemon=True)
    asking.start()
    found = looks(iter(come.get, None), work.sandbox)
    asking.join()
    if failed:
        raise failed[0]
    found = _followed(found, work)
    work.archive.sync()
    found += [Looked(feed, *polls.decide_poll(feed, answer, now)) for feed, answer, now in unread]
    order = {feed.url: number for number, feed in enumerate(feeds)}
    return sorted(found, key=lambda look: order[look.feed.url])  # not as the answers came


def _followed(found: Sequence[Looked], work: Work) -> list[Looked]:
    """The looks, those at indexes with the entries of the documents that they lead to: all indexes side by side, a depth
    after the other."""
    limit = int(work.settings.fetch.max_feed_mb * 2**20)
    indexes = {look.feed.url: look.document for look in found if look.document and look.document.parts}
    of = {look.feed.url: replace(look.feed, etag="", last_modified="", body_hash=None) for look in found}
    parts: dict[str, list[Looked]] = {url: [] for url in indexes}
    todo = {url: index.parts for url, index in indexes.items()}
    later = set[str]()  # indexes of which a part is still to come: they stay due
    for _ in range(DEEP):
        asks = client.in_turns(Ask(address, "older", url, limit) for url, some in todo.items() for address in some)
        if not asks:
            break
        answers, now = work.web.fetch(asks, work, work.archive.keep), work.moment("looked")
        asked = list(zip(asks, answers, strict=True))
        later |= {ask.subject for ask, answer in asked if isinstance(answer, Elsewhere)}
        come = looks(
            [(of[ask.subject], answer, now) for ask, answer in asked if ask.subject not in later], work.sandbox
        )
        todo = {}
        for part in come:
            parts[part.feed.url].append(part)
            deeper = part.document.parts if part.document else ()
            todo[part.feed.url] = (*todo.get(part.feed.url, ()), *deeper)[: sitemaps.PARTS]
    return [
        _whole(look, indexes[look.feed.url], parts[look.feed.url]) if look.feed.url in indexes else look
        for look in found
        if look.feed.url not in later
    ]


def _whole(look: Looked, index: FeedDocument, parts: Sequence[Looked]) -> Looked:
    """A look at an index with the entries of its parts, or with why there are none."""
    listed = {entry.entry_id: entry for part in parts if part.document for entry in part.document.entries}
    if not listed:
        wrong = next((part.poll.error for part in parts if part.document is None), "")
        why = wrong or f"{look.feed.url}: is an index of sitemaps that list nothing{polls.ANOTHER}"
        return Looked(look.feed, replace(look.poll, outcome="failed", error=why), None)
    whole = replace(index, entries=tuple(listed.values())[:MOST])
    poll = replace(look.poll, entries_seen=len(whole.entries), window_hours=schedule.window_hours(whole))
    return Looked(look.feed, poll, whole)


def looks(jobs: Iterable[tuple[Feed, Page | NewsduckError, datetime]], sandbox: Sandbox) -> list[Looked]:
    """What each answer comes to; documents are parsed in the sandbox, where a hostile one costs only itself."""
    taken: list[tuple[Feed, datetime]] = []

    def noted() -> Iterator[tuple[Feed, Page | NewsduckError, datetime]]:
        for feed, answer, now in jobs:
            taken.append((feed, now))
            yield feed, answer, now

    decided = sandbox.map(polls.decide_poll, noted())
    found = []
    for (feed, now), result in zip(taken, decided, strict=True):
        if isinstance(result, NewsduckError):
            found.append(Looked(feed, Poll(feed.feed_id, now, "refused", error=f"{feed.url} {result}"), None))
        else:
            found.append(Looked(feed, *result))
    return found


def plan(looked: Sequence[Looked], work: Work, *, waiting: bool = True) -> Planned:
    """Which entries to fetch: new ones, those whose feed says something new of them, and (with `waiting`) those that
    earlier runs left and whose time has come."""
    with work.warehouse.at_hand():
        return _plan(looked, work, waiting=waiting)


def _plan(looked: Sequence[Looked], work: Work, *, waiting: bool) -> Planned:
    now = work.run.started_at
    listed = [entry for look in looked if look.document for entry in look.document.entries]
    held = work.warehouse.waiting(now) if waiting else []
    known = work.warehouse.known([e.entry_id for e in (*listed, *held)])
    taken = work.warehouse.taken([e.url for e in listed])
    again = _relisted(looked, known, work)
    told = []
    for look in looked:
        if look.document is not None:
            relisted = sum(entry.entry_id in again for entry in look.document.entries)
            look = replace(look, poll=polls.with_listing(look.poll, look.feed, look.document, known, relisted))
        told.append(look)
    seen = {e.entry_id: look.poll.polled_at for look in looked if look.document for e in look.document.entries}
    seen |= {entry_id: old.first_seen_at for entry_id, old in known.items()}
    return Planned(entries.decide_fetches(listed, held, known, taken, again, now), known, tuple(told), seen)


def _relisted(looked: Sequence[Looked], known: dict[int, Known], work: Work) -> dict[int, tuple[str, int | None]]:
    """The new entries that their feeds have listed before under another address: entry → that address and its article."""
    new = {
        look.feed.feed_id: [e for e in look.document.entries if e.entry_id not in known]
        for look in looked
        if look.document and look.feed.body_hash is not None
    }
    new = {feed_id: found for feed_id, found in new.items() if found}
    if not new:
        return {}
    former: dict[int, list[Entry]] = {}
    for old in work.warehouse.titled(list(new), [e.title for found in new.values() for e in found if e.title]):
        former.setdefault(old.feed_id, []).append(old)
    again: dict[int, Entry] = {}
    for feed_id, old_entries in former.items():
        again |= polls.decide_relisted(new[feed_id], old_entries)
    led_to = work.warehouse.known([old.entry_id for old in again.values()])
    return {entry_id: (old.url or old.guid, led_to[old.entry_id].article_id) for entry_id, old in again.items()}


def states(looked: Sequence[Looked], listed: Sequence[Feed], work: Work) -> list[Feed]:
    """The feeds of which anything changed: those looked at, and those of which the list says something new."""
    known = work.feeds()
    states = {feed.feed_id: feed for feed in on_list(listed, known) if feed != known.get(feed.feed_id)}
    for look in looked:
        states[look.feed.feed_id] = polls.after(look.feed, look.poll, work.settings.bounds)
    return list(states.values())
