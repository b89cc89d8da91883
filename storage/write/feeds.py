"""A run's looks at feeds, as rows of `feeds` and `polls`, and the robots.txt it met."""

from dataclasses import replace

from storage.duck import Connection
from storage.write import rows
from storage.write.batch import Batch


def write_feeds(c: Connection, batch: Batch) -> None:
    """Write what the run learned of each feed; feeds that left the person's list become `removed`."""
    new = [replace(f, added_at=f.added_at or batch.now, next_poll_at=f.next_poll_at or batch.now) for f in batch.feeds]
    rows.put(c, "feeds", [rows.row(feed) for feed in new], key="feed_id")
    rows.put(c, "polls", [rows.row(poll) | {"run_id": batch.run.run_id} for poll in batch.polls])
    rows.put(c, "robots", [rows.row(robots) for robots in batch.robots], key="origin")
    if batch.listed:
        c.execute(
            "UPDATE feeds SET status = 'removed' WHERE status <> 'removed' AND feed_id NOT IN (SELECT unnest(?::BIGINT[]))",
            [list(batch.listed)],
        )
