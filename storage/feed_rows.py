"""A run's looks at feeds, as rows of `feeds` and `polls`."""

from dataclasses import asdict

from storage import rows
from storage.batch import Batch
from storage.duck import Connection


def write_feeds(c: Connection, batch: Batch) -> None:
    """Write what the run learned of each feed; feeds that left the person's list become `removed`."""
    before = {
        r[0]: r[1:]
        for r in c.execute(
            "SELECT feed_id, added_at, last_polled_at, last_ok_at, last_new_at, status, last_outcome, last_error FROM feeds"
        ).fetchall()
    }
    feeds, polls = [], []
    for state in batch.feeds:
        feed, poll = state.feed, state.poll
        old = before.get(feed.feed_id, (batch.now, None, None, None, "new", "", ""))
        added_at, polled_at, ok_at, new_at, status, outcome, error = old
        etag, last_modified, body_hash, failures = feed.etag, feed.last_modified, feed.body_hash, feed.failures
        if poll is not None:
            ok = poll.outcome in ("new", "unchanged")
            polled_at, outcome, error = poll.polled_at, poll.outcome, poll.error
            failures = 0 if ok else failures + 1
            status = "active" if ok else "failing"
            ok_at = poll.polled_at if ok else ok_at
            new_at = poll.polled_at if poll.entries_new else new_at
            if ok:
                etag, last_modified, body_hash = poll.etag, poll.last_modified, poll.body_hash
            polls.append(asdict(poll) | {"run_id": batch.run.run_id})
        elif status == "removed":
            status = "active" if ok_at else "new"
        feeds.append(
            asdict(feed)
            | {
                "title": feed.title or (poll.title if poll else ""),
                "site_url": feed.site_url or (poll.site_url if poll else ""),
                "status": status,
                "last_outcome": outcome,
                "last_error": error,
                "failures": failures,
                "etag": etag,
                "last_modified": last_modified,
                "body_hash": body_hash,
                "added_at": added_at,
                "last_polled_at": polled_at,
                "last_ok_at": ok_at,
                "last_new_at": new_at,
                "next_poll_at": state.next_poll_at,
            }
        )
    rows.put(c, "feeds", feeds)
    rows.put(c, "polls", polls)
    if batch.listed:
        c.execute(
            "UPDATE feeds SET status = 'removed' WHERE feed_id NOT IN (SELECT unnest(?::BIGINT[]))",
            [list(batch.listed)],
        )
