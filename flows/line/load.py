"""Loading: all that a run has to write, in one transaction; and the people's copy of it."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from extract.credit import agencies
from extract.errors import NewsduckError
from extract.group import stories
from extract.read.maker import READER
from extract.records import Copy, Feed, Import, Outcome, Outlet
from extract.tracked import Match, Topic
from flows.board import progress
from flows.line import index, journal, look
from flows.line import outlets as naming
from flows.line.work import Looked, Work
from storage import publish
from storage.duck import Connection
from storage.write.batch import Batch

HOSTS = 3  # that have to tell the time before this machine's is likened to theirs


def load(
    work: Work,
    now: datetime,
    *,
    outcomes: Sequence[Outcome] = (),
    copies: Sequence[Copy] = (),
    outlets: Sequence[Outlet] = (),
    topics: Sequence[Topic] | None = None,
    matches: Sequence[Match] = (),
    seen: Mapping[int, datetime] | None = None,
    looked: Sequence[Looked] = (),
    listed: Sequence[Feed] = (),
    imports: Sequence[Import] = (),
    first: Callable[[Connection], None] = lambda _: None,
) -> dict[str, Any]:
    """Write the run; gives its row of `runs`.

    Args:
        now: When it is written.
        outlets: The outlets of its articles, and those named by a person, as they are called now.
        copies: The rows of all articles of the stories that changed.
        topics: Those in force from now on; None: as they were.
        seen: Entry → when it was first seen; others: now.
        looked: The looks at feeds, whose states change by them.
        listed: The person's feed list, where the run has one.
        imports: How far it has gone through files of web archives.
        first: What its transaction begins with.
    """
    named = agencies.load(*work.settings.extra_agencies).all if copies else ()
    journal.end(work)
    if work.taking is not None:
        work.taking.settle()
    run = replace(work.run, archive_file=work.run.archive_file or work.archive.name)
    if len(work.ahead) >= HOSTS:
        run = replace(run, clock_off=statistics.median(work.ahead))
    with work.warehouse.at_hand():
        batch = Batch(
            run=run,
            now=now,
            feeds=look.states(looked, listed, work),
            polls=[one.poll for one in looked],
            robots=list(work.book.learned.values()),
            listed=frozenset(feed.feed_id for feed in listed),
            outcomes=outcomes,
            copies=copies,
            outlets=outlets,
            groups=naming.groups(listed, work),
            zone=work.settings.zone,
            topics=topics,
            matches=matches,
            seen=seen or {},
            imports=imports,
            taken=work.taking.runs if work.taking else (),
            read_version=READER,
            method=stories.METHOD,
            agency_names={agency.key: agency.name for agency in named},
        )
        row = work.warehouse.commit(batch, first)
    journal.done(work, "load")
    work.archive.sync()
    work.known_feeds = None
    return row


def publish_warehouse(work: Work) -> None:
    """Put the people's copy in place, and bring the search index up to it; where that fails, whoever searches next does
    it."""
    if not work.publishes:
        return
    work.warehouse.let_go()
    publish.publish(work.warehouse.path, work.warehouse.published, work.settings.share.group)
    try:
        index.catch_up(work.warehouse, work.lines)
    except (NewsduckError, OSError) as error:
        progress.watcher.warn(f"the search index is behind ({error}); the next search brings it up")
