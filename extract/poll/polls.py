"""What one look at a feed came to, and what it makes of the feed. Decides only; fetching is extract/fetch/client.py."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from extract.errors import NewsduckError, NotAFeed, Poison, Refused, Transient
from extract.fetch import freshness
from extract.poll import feeds, moves, schedule, sitemaps
from extract.poll.schedule import Bounds
from extract.records import Ask, Entry, Feed, FeedDocument, Known, Page, Poll
from extract.vocabulary import FeedStatus, PollOutcome

WHOLE_EVERY = timedelta(days=2)  # a server may call "unchanged" what is not: so often at least no validators are sent
FAILED = ("failed", "refused")
PATIENCE = frozenset((408, 425, 429))  # statuses that ask for it, like all from 500 on
ANOTHER = "; `newsduck feeds add` with the site's address looks for another"
AGAIN = "; it is asked again by itself"
RELISTED = 3  # entries at least, and half of the list, for a feed to count as listed anew


def decide_ask(feed: Feed, limit: int, now: datetime) -> Ask:
    """How to ask for a feed: with its validators, but for feeds whose validators lie and where the next look would be too
    late for a whole answer in two days."""
    last = None if feed.format == sitemaps.INDEX else feed.body_hash
    ask = Ask(feed.asked_at, "feed", feed.url, limit, last=last)
    whole = feed.whole_at
    due = whole is None or not whole <= now <= whole + WHOLE_EVERY - timedelta(minutes=feed.interval_minutes)
    if feed.lying or due or feed.format == sitemaps.INDEX:
        return ask
    return replace(ask, etag=feed.etag, last_modified=feed.last_modified)


def is_unchanged(page: Page) -> bool:
    """Whether a feed's answer brings nothing to read: the body's key decides, whatever its validators say."""
    return page.status == 304 or (page.status == 200 and page.ask.last is not None and page.key == page.ask.last)


def _is_known(feed: Feed, seen: int) -> bool:
    """Whether a body is the last one again; an index may be, and what it leads to another."""
    return seen == feed.body_hash and feed.format != sitemaps.INDEX


def decide_poll(feed: Feed, answer: Page | NewsduckError, now: datetime) -> tuple[Poll, FeedDocument | None]:
    """The look, and the document where there is a new one to read. The body's key decides what is new, whatever the
    validators say: a server may send an old ETag with a new body, or a new one with the old."""
    if isinstance(answer, NewsduckError):
        outcome: PollOutcome = "refused" if isinstance(answer, Refused | Poison) else "failed"
        return Poll(feed.feed_id, now, outcome, error=f"{answer}{AGAIN if isinstance(answer, Transient) else ''}"), None
    base = Poll(
        feed.feed_id,
        answer.fetched_at,
        "failed",
        status=answer.status,
        url=answer.url,
        seconds=answer.seconds,
        bytes=answer.size,
        etag=feed.etag,
        last_modified=feed.last_modified,
        body_hash=feed.body_hash,
        fresh_seconds=freshness.fresh_seconds(answer),
        moved_to=moves.moved_to(answer),
    )
    if answer.status == 304 and feed.body_hash is not None:  # else there is nothing that could be unchanged
        return replace(base, outcome="unchanged", etag=answer.header("etag")[:1000] or feed.etag), None
    if answer.status != 200:
        retry_at = freshness.retry_at(answer.header("retry-after"), answer.fetched_at)
        return replace(base, error=_told(answer), retry_at=retry_at), None
    seen = answer.key
    base = replace(
        base,
        etag=answer.header("etag")[:1000],
        last_modified=freshness.last_modified(answer)[:100],
        body_hash=seen,
        whole=True,
    )
    if _is_known(feed, seen):
        return replace(base, outcome="unchanged"), None
    try:
        document = feeds.parse(answer.body, feed, answer.url, answer.fetched_at, answer.header("content-type"))
    except NotAFeed as error:
        return replace(base, outcome="refused", error=f"{error}{ANOTHER}"), None
    told = replace(
        base,
        outcome="new",
        title=document.title,
        format=document.format,
        site_url=document.site_url,
        entries_seen=len(document.entries),
        left_out=document.left_out,
        wishes=document.wishes,
        window_hours=schedule.window_hours(document),
        # The same validators over another body: whoever had believed a 304 would have missed it.
        lying=feed.body_hash is not None
        and not (answer.ask.etag or answer.ask.last_modified)
        and _same_validators(base, feed),
    )
    return told, document


def _told(answer: Page) -> str:
    """An answer that is no document, in words, with the way out."""
    lasts = 400 <= answer.status < 500 and answer.status not in PATIENCE
    return f"{answer.url} answers HTTP {answer.status}{ANOTHER if lasts else AGAIN}"


def with_listing(poll: Poll, feed: Feed, document: FeedDocument, known: Mapping[int, Known], relisted: int = 0) -> Poll:
    """The look with what its listing tells: how many entries are new, and whether it joins on to the last one.

    The entries that were new at the last look are the last to leave the list: where none of them stands there any
    more, and most of the list is new, some were probably lost in between. `relisted` are known under another address.
    """
    there = [known[entry.entry_id] for entry in document.entries if entry.entry_id in known]
    new = len(document.entries) - len(there) - relisted
    poll = replace(poll, entries_new=new, relisted=relisted)
    if feed.body_hash is None or not document.entries:
        return poll
    newest = feed.last_new_at is not None and any(old.first_seen_at >= feed.last_new_at for old in there)
    return replace(poll, overlap=newest or len(there) + relisted > new or new == 0)


def decide_relisted(entries: Sequence[Entry], former: Sequence[Entry]) -> dict[int, Entry]:
    """Of a feed's entries those it has listed before under another address, each with the one it was.

    `former` are entries of the feed with the same titles, the earliest first; a GUID tells before all else. Title and GUID are the same article, and so are title, date and
    what stands under the title: "Live updates" of one day may be two. Where dates were set anew, or nothing stands under
    the title, the rest will do, but only for a list of which at least half is known like that: a site that moved lists
    everything again, a morning briefing only its title.
    """
    # Looked up, not walked: a feed may list the same title thousands of times.
    by_guid: dict[tuple[str, str], Entry] = {}
    by_date: dict[tuple[str, str, str], Entry] = {}
    by_words: dict[tuple[str, str], dict[str, Entry]] = {}  # → by URL, two of them: one is another than the entry's
    for old in former:
        by_guid.setdefault((old.title, old.guid), old)
        by_date.setdefault((old.title, old.published_claim, old.summary), old)
        others = by_words.setdefault((old.title, old.summary), {})
        if len(others) < 2:
            others.setdefault(old.url, old)
    surely: dict[int, Entry] = {}
    perhaps: dict[int, Entry] = {}
    for entry in (one for one in entries if one.title):
        same = by_guid.get((entry.title, entry.guid)) if entry.guid else None
        if same is None and entry.published_claim and entry.summary:
            same = by_date.get((entry.title, entry.published_claim, entry.summary))
        if same is not None:
            surely[entry.entry_id] = same
        for url, old in by_words.get((entry.title, entry.summary), {}).items():
            if url != entry.url:
                perhaps.setdefault(entry.entry_id, old)
    both = perhaps | surely
    return both if was_relisted(len(both), len(entries)) else surely


def was_relisted(relisted: int, listed: int) -> bool:
    """Whether so many of a list are known under other addresses that the feed as a whole was listed anew."""
    return relisted >= RELISTED and 2 * relisted >= listed


def after(feed: Feed, poll: Poll, bounds: Bounds) -> Feed:
    """The feed as it stands after a look."""
    now, ok = poll.polled_at, poll.outcome not in FAILED
    failing_since = None if ok else (feed.failing_since or now)
    feed = replace(
        feed,
        title=feed.title or poll.title,
        format=poll.format or feed.format,
        site_url=feed.site_url or poll.site_url,
        last_outcome=poll.outcome,
        last_error=poll.error[:1000],
        failures=0 if ok else feed.failures + 1,
        failing_since=failing_since,
        status=_status(poll, failing_since),
        polls=feed.polls + 1,
        last_polled_at=now,
        last_ok_at=now if ok else feed.last_ok_at,
        last_new_at=now if poll.entries_new else feed.last_new_at,
    )
    feed = moves.decide_move(feed, poll)
    if ok:
        interval = schedule.decide_interval(feed, poll, bounds)
        feed = replace(
            feed,
            etag=poll.etag,
            last_modified=poll.last_modified,
            body_hash=poll.body_hash,
            lying=feed.lying or poll.lying,
            whole_at=now if poll.whole else feed.whole_at,
            interval_minutes=round(interval.total_seconds() / 60, 6),
            window_hours=poll.window_hours if poll.wishes else feed.window_hours,
            losses=feed.losses + (poll.overlap is False),
            lost_at=now if poll.overlap is False else feed.lost_at,
        )
        if was_relisted(poll.relisted, poll.entries_seen):
            feed = replace(feed, held=f"listed {poll.relisted} known entries under other addresses on {now:%Y-%m-%d}")
        if poll.wishes:
            w = poll.wishes
            feed = replace(feed, wish_minutes=w.minutes, skip_hours=w.skip_hours, skip_days=w.skip_days)
    return replace(feed, next_poll_at=schedule.decide_next(feed, poll, bounds))


def _status(poll: Poll, failing_since: datetime | None) -> FeedStatus:
    if failing_since is None:
        return "active"
    if poll.status == 410:
        return "gone"
    return "dead" if poll.polled_at - failing_since >= schedule.DEAD_AFTER else "failing"


def _same_validators(poll: Poll, feed: Feed) -> bool:
    return (
        poll.etag == feed.etag if poll.etag else bool(poll.last_modified) and poll.last_modified == feed.last_modified
    )
