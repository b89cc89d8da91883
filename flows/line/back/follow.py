"""What feeds listed before newsduck knew them: their older parts, followed one after the other."""

from collections.abc import Sequence
from dataclasses import replace

from extract.records import Ask, Feed
from flows.board import progress
from flows.line.look import looks
from flows.line.work import Looked, Work


def follow(feeds: Sequence[Feed], work: Work, pages: int) -> list[Looked]:
    """Look at each feed's list and at so many older parts of it, as far as they bring anything: those of all feeds side by
    side, each host asked as politely as ever."""
    tick = progress.watcher.stage("follow", len(feeds) * (pages + 1))
    limit = int(work.settings.fetch.max_feed_mb * 2**20)
    # Nothing is known of these documents: no validators are sent, and no body counts as seen.
    going = {feed.feed_id: (replace(feed, etag="", last_modified="", body_hash=None), feed.asked_at) for feed in feeds}
    seen: set[int] = set()
    found: list[Looked] = []
    for _ in range(pages + 1):
        asks = [Ask(address, "older", feed.url, limit) for feed, address in going.values()]
        answers = work.web.fetch(asks, work, work.archive.keep, lambda *_: tick())
        looked = looks(
            [(feed, answer, work.moment("looked")) for (feed, _), answer in zip(going.values(), answers, strict=True)],
            work.sandbox,
        )
        still = {}
        for look in looked:
            if look.document is None:
                continue
            fresh = tuple(entry for entry in look.document.entries if entry.entry_id not in seen)
            seen |= {entry.entry_id for entry in fresh}
            found.append(replace(look, document=replace(look.document, entries=fresh)))
            if fresh and look.document.older:
                still[look.feed.feed_id] = look.feed, look.document.older
        going = still
        if not going:
            break
    work.archive.sync()
    return found
