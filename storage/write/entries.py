"""A run's entries and their outcomes, as rows of `entries`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from extract.records import Entry, Outcome
from storage.duck import Connection
from storage.write import rows
from storage.write.batch import Batch

KEPT = ("outcome", "reason", "article_id", "attempts", "run_id", "retry_at", "idle")


def write_entries(c: Connection, batch: Batch) -> None:
    """Write every entry the run dealt with, and its outcome; those that retention removed stay away."""
    outcomes = [o for o in batch.outcomes if not o.again]
    for start in range(0, len(outcomes), rows.SLICE):
        _write(c, batch, outcomes[start : start + rows.SLICE])
    if brought := {o.entry.url: o.article_id for o in outcomes if o.outcome == "stored" and o.article_id}:
        _tell_duplicates(c, brought)
    for o in outcomes:
        if o.forgotten:
            _leave(c, batch, o.entry.url, o.forgotten)


def _write(c: Connection, batch: Batch, outcomes: Sequence[Outcome]) -> None:
    """Write some of them: what is asked for and made of a hundred thousand at once takes more room than they do."""
    ids = [o.entry.entry_id for o in outcomes]
    found = c.execute(
        f"SELECT entry_id, first_seen_at, {', '.join(KEPT)} FROM entries WHERE entry_id IN (SELECT unnest(?::BIGINT[]))",
        [ids],
    ).fetchall()
    before = {row[0]: (row[1], dict(zip(KEPT, row[2:], strict=True))) for row in found}
    listed = "UPDATE tombstones SET last_seen_at = ? WHERE entry_id IN (SELECT unnest(?::BIGINT[])) RETURNING entry_id"
    removed = {entry_id for (entry_id,) in c.execute(listed, [batch.now, ids]).fetchall()}
    removed |= _brought_again(c, batch, {o.entry.entry_id: o.entry for o in outcomes}, before.keys() | removed)

    def written() -> Iterator[dict[str, Any]]:
        for o in outcomes:
            if o.entry.entry_id not in removed:
                first, old = before.get(o.entry.entry_id, (batch.seen.get(o.entry.entry_id, batch.now), None))
                seen = {"first_seen_at": first, "last_seen_at": batch.now}
                yield rows.row(o.entry) | seen | _settled(o, old, batch.run.run_id)

    rows.put(c, "entries", written(), key="entry_id")


def _tell_duplicates(c: Connection, brought: Mapping[str, int]) -> None:
    """The entries that an earlier run settled as the same address as another learn the article that this led to only now."""
    c.execute(
        """UPDATE entries SET article_id = brought.article_id
        FROM (SELECT unnest($1::VARCHAR[]) AS url, unnest($2::BIGINT[]) AS article_id) AS brought
        WHERE entries.url = brought.url AND outcome = 'duplicate' AND entries.article_id IS NULL""",
        [list(brought), list(brought.values())],
    )


def _leave(c: Connection, batch: Batch, url: str, forgotten: str) -> None:
    """What leads to an article that was forgotten, whichever feeds list it and whatever they say of it, leaves tombstones: it is not
    fetched again, and what was of it goes out of the archive with what is listed again."""
    of = "FROM entries WHERE url = $url AND article_id IS NULL"
    c.execute(
        f"""INSERT OR REPLACE INTO tombstones BY NAME SELECT entry_id, feed_id, url, $now AS last_seen_at,
        (SELECT min(removed_at) FROM tombstones WHERE url = $forgotten) AS removed_at {of}""",
        {"url": url, "now": batch.now, "forgotten": forgotten},
    )
    c.execute(f"DELETE {of}", {"url": url})


def _brought_again(c: Connection, batch: Batch, entries: Mapping[int, Entry], known: Collection[int]) -> set[int]:
    """The entries that are new and whose address was forgotten, whichever feed brings it now: each leaves a tombstone too."""
    new = [entry for entry in entries.values() if entry.entry_id not in known and entry.url]
    asked = "SELECT url, min(removed_at) FROM tombstones WHERE url IN (SELECT unnest($1::VARCHAR[])) AND url NOT IN (SELECT url FROM entries WHERE url IN (SELECT unnest($1::VARCHAR[]))) GROUP BY url"
    removed = dict(c.execute(asked, [[entry.url for entry in new]]).fetchall()) if new else {}
    again = [entry for entry in new if entry.url in removed]
    tombstones = [
        {
            "entry_id": entry.entry_id,
            "feed_id": entry.feed_id,
            "url": entry.url,
            "last_seen_at": batch.now,
            "removed_at": removed[entry.url],
        }
        for entry in again
    ]
    rows.put(c, "tombstones", tombstones, key="entry_id")
    return {entry.entry_id for entry in again}


def _settled(o: Outcome, old: dict[str, Any] | None, run_id: int) -> dict[str, Any]:
    """What an entry's row says of its outcome; `old` is what it said before."""
    # Nothing new is said of an entry that was settled, or waits still: the row keeps what was said then.
    if old is not None and not o.tried and not o.reason and o.outcome in ("unchanged", "deferred"):
        return old
    # One that was settled and waits again is counted from the start.
    waits_anew = old is None or (o.outcome == "deferred" and not o.tried and old["outcome"] != "deferred")
    return {
        "outcome": o.outcome,
        "reason": o.reason[:1000],
        "article_id": o.article_id or (old["article_id"] if old else None),
        "attempts": (0 if waits_anew or old is None else old["attempts"]) + o.tried,
        "run_id": run_id,
        "retry_at": o.retry_at,
        "idle": (old["idle"] if old else 0) + 1 if o.tried and o.outcome == "unchanged" else 0,
    }
