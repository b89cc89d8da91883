"""What one look at a feed came to, and when to look again. Decides only; fetching is extract/fetch.py."""

from collections.abc import Container
from dataclasses import replace
from datetime import datetime, timedelta

from extract import feeds
from extract.errors import NewsduckError, NotAFeed, Refused
from extract.keys import body_key
from extract.records import Feed, FeedDocument, Page, Poll

LONGEST_BACKOFF = timedelta(days=1)  # between polls of a feed that fails: it may come back any day


def decide_poll(feed: Feed, answer: Page | NewsduckError, now: datetime) -> tuple[Poll, FeedDocument | None]:
    """The look, and the document where there is a new one to read. The body's key decides what is new, whatever the
    validators say: a server may send an old ETag with a new body, or a new one with the old."""
    if isinstance(answer, NewsduckError):
        outcome = "refused" if isinstance(answer, Refused) else "failed"
        return Poll(feed.feed_id, now, outcome, error=str(answer)), None
    base = Poll(
        feed.feed_id,
        answer.fetched_at,
        "failed",
        status=answer.status,
        url=answer.url,
        seconds=answer.seconds,
        bytes=len(answer.body),
        etag=feed.etag,
        last_modified=feed.last_modified,
        body_hash=feed.body_hash,
    )
    if answer.status == 304:
        return replace(base, outcome="unchanged"), None
    if answer.status != 200:
        return replace(base, error=f"{answer.url} answers HTTP {answer.status}"), None
    seen = body_key(answer.body)
    base = replace(
        base, etag=answer.header("etag")[:1000], last_modified=answer.header("last-modified")[:100], body_hash=seen
    )
    if seen == feed.body_hash:
        return replace(base, outcome="unchanged"), None
    try:
        document = feeds.parse(answer.body, feed, answer.url, answer.fetched_at, answer.header("content-type"))
    except NotAFeed as error:
        return replace(base, outcome="refused", error=str(error)), None
    told = replace(base, title=document.title, site_url=document.site_url)
    return replace(told, outcome="new", entries_seen=len(document.entries), left_out=document.left_out), document


def with_listing(poll: Poll, feed: Feed, document: FeedDocument, known: Container[int]) -> Poll:
    """The look with what its listing tells: how many entries are new, and whether any known one still stands there.
    Where a feed read before lists only new ones, some were probably lost between the two looks."""
    new = sum(entry.entry_id not in known for entry in document.entries)
    overlap = new < len(document.entries) if feed.body_hash is not None and document.entries else None
    return replace(poll, entries_new=new, overlap=overlap)


def decide_next(poll: Poll, failures: int, now: datetime, every: timedelta) -> datetime:
    """When the feed is due again: after its interval, after twice that for each failure in a row, within a day at most
    for a feed that fails."""
    if poll.outcome in ("new", "unchanged"):
        return now + every
    return now + max(every, min(every * (1 << min(failures, 20)), LONGEST_BACKOFF))
