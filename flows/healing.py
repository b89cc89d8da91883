"""Finishing what a run left that died: from its archive, without asking anybody again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from extract.entries import is_second_look
from extract.keys import key
from extract.records import Feed, Outcome
from flows import progress, retagging
from flows.learning import clean
from flows.looking import looks, on_list, plan
from flows.settings import VERSION
from flows.steps import group, load, number_topics, publish_warehouse, read, settle, tag
from flows.work import Work
from storage import archive, publish
from storage.batch import Run


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
    if recovered:
        retagging.bring_up(work)  # they were tagged with the topics of now
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
    by_url = {feed.url: feed for feed in (*known_feeds.values(), *on_list(listed, known_feeds))}
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
        and not (entry.entry_id in planned.known and is_second_look(planned.known[entry.entry_id], work.run.started_at))
    ]
    outcomes, stored = settle(
        [*planned.plan.settled, *clean(ready, read(ready, planned.known, work), work), *unfetched], work
    )
    now = datetime.now(UTC)
    numbered = number_topics(work.settings, work)
    copies = group(outcomes, stored, planned.seen, work, now)
    matches = tag(outcomes, copies, numbered, work)
    return load(work, planned.looked, listed, outcomes, copies, numbered, matches, planned.seen, now)
