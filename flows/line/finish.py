"""The tail of every run, whatever brought its articles: stories, topics, rows, and the people's copy.

days ─ name ─ group ─ tag ─ load ─ retag ─ note jumps ─ events ─ publish
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from extract.records import Copy, Feed, Import, Outcome, Stored
from extract.tracked import Match, Topic
from flows.line import days, journal, retag
from flows.line.events import tell
from flows.line.group import group
from flows.line.load import load, publish_warehouse
from flows.line.outlets import name
from flows.line.tag import by_topic, number_topics, tag
from flows.line.work import Finished, Looked, Work


def finish(
    work: Work,
    outcomes: Sequence[Outcome],
    *,
    stored: Mapping[int, Stored],
    looked: Sequence[Looked] = (),
    listed: Sequence[Feed] = (),
    seen: Mapping[int, datetime] | None = None,
    regrouped: Sequence[Copy] = (),
    imports: Sequence[Import] = (),
    published: bool = True,
) -> Finished:
    """Take a run's outcomes to the published warehouse.

    Args:
        stored: What is stored of their articles.
        looked: The looks at feeds, whose states change by them.
        listed: The person's feed list, where the run has one.
        seen: Entry → when it was first seen; others: now.
        regrouped: Rows of stories that were decided already, besides those that the outcomes' articles join.
        imports: How far it has gone through files of web archives.
        published: Put the people's copy in place; whoever finishes several runs does so once, at the end.
    """
    now, seen = work.moment("written"), {**(seen or {}), **_captured(outcomes)}

    def group_and_tag() -> tuple[list[Copy], list[Topic], list[Match]]:
        numbered = number_topics(work)
        copies = [*regrouped, *group(outcomes, stored, seen, work, now)]
        return copies, numbered, tag(outcomes, copies, numbered, work)

    with work.warehouse.at_hand():
        outcomes, outlets = name(days.settle(outcomes, work), looked, work)
        copies, numbered, matches = work.bar("group-and-tag", group_and_tag)
        brought = partial(
            load, work, now, outcomes=outcomes, copies=copies, outlets=outlets, topics=numbered, matches=matches
        )
        row = work.bar("load", partial(brought, seen=seen, looked=looked, listed=listed, imports=imports))
        if work.goes_on("retag"):
            work.bar("retag", lambda: _retag(work, numbered, now))
        if work.goes_on("events"):
            work.bar("events", lambda: _tell(work))
        if published:
            work.bar("publish", lambda: publish_warehouse(work))
    return Finished(row, by_topic(outcomes, copies, numbered, matches))


def _captured(outcomes: Sequence[Outcome]) -> dict[int, datetime]:
    """The entries of web archives' captures, with when each was captured: that is when it was first seen."""
    read = [(o.entry.entry_id, o.article) for o in outcomes if o.article is not None]
    return {n: article.fetched_at for n, article in read if article.seen_by == "archive" and article.fetched_at}


def _retag(work: Work, numbered: Sequence[Topic], now: datetime) -> None:
    """Apply topics that are new or changed to what earlier runs stored, and note those whose volume jumped."""
    retag.apply(numbered, work)
    work.warehouse.notice_jumps(now.date() - timedelta(days=1), now, work.run.run_id)
    journal.done(work, "retag")


def _tell(work: Work) -> None:
    tell(work)
    journal.done(work, "events")


def keep(
    work: Work,
    outcomes: Sequence[Outcome],
    *,
    listed: Sequence[Feed],
    looked: Sequence[Looked] = (),
    seen: Mapping[int, datetime],
    imports: Sequence[Import] = (),
    published: bool = True,
) -> Finished:
    """The tail of a run that read no article: its entries are kept, and topics stay as they were. Arguments as for `finish`."""
    now = work.moment("written")
    write = partial(load, work, now, outcomes=outcomes, seen=seen)
    row = work.bar("load", partial(write, looked=looked, listed=listed, imports=imports))
    if not published:
        return Finished(row)
    work.bar("publish", lambda: publish_warehouse(work))
    return Finished(row)
