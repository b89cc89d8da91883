"""Finishing what a run left that died: from its archive, without asking anybody again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from extract.captures.wanted import entry_of
from extract.entries import is_second_look
from extract.errors import Refused, Transient
from extract.fetch import robots
from extract.keys import key
from extract.records import Entry, Feed, Outcome, Page
from flows.board import progress
from flows.line import forget
from flows.line.finish import finish
from flows.line.group import settle
from flows.line.learn import clean
from flows.line.load import publish_warehouse
from flows.line.look import looks, on_list, plan
from flows.line.read import carried, read
from flows.line.work import Looked, Work, plainly
from flows.settings import VERSION
from storage import archive, publish
from storage.erase import rewrite
from storage.store import names
from storage.store.claim import claim
from storage.store.place import Place
from storage.store.send import bring
from storage.write.batch import Run


def mend_times(work: Work, tell: Callable[[str], object]) -> None:
    """Void the times that only a clock gone wrong can have set, and tell of it."""
    again = timedelta(hours=work.settings.fetch.again_hours)
    void = work.warehouse.mend_times(work.run.started_at, work.settings.bounds.longest, again)
    if void.feeds or void.entries:
        tell(
            f"{void.feeds:,} feeds and {void.entries:,} articles were to wait for longer than the settings and a right clock "
            "allow; they are due again, one after the other"
        )


def heal(work: Work, listed: Sequence[Feed]) -> list[dict[str, Any]]:
    """Finish what earlier runs left: archive files that no committed run has loaded, and a copy not yet published.

    Their documents are read again from the archive, not fetched; entries whose page was not fetched any more wait for
    the run that comes now. Gives the rows of the runs recovered.
    """
    warehouse = work.warehouse
    for name in archive.odd(warehouse.archive, here=True):
        progress.watcher.warn(f"{warehouse.archive.path(name)} is no archive file of a run and is left alone")
    with warehouse.at_hand():
        forget.finish(work)
        left = warehouse.unfinished(_files(work, warehouse.last_began()))
        recovered = []
        if left:
            with warehouse.apart():
                recovered = _recovered(left, work, listed)
        if publish.is_behind(warehouse.last_finished(), warehouse.published):
            publish_warehouse(work)
    return recovered


def _recovered(left: Sequence[str], work: Work, listed: Sequence[Feed]) -> list[dict[str, Any]]:
    """Load these archive files of runs that died; gives the rows of those runs."""
    warehouse, recovered = work.warehouse, []
    for name in left:
        elsewhere = not warehouse.archive.path(name).exists()
        if elsewhere and not _brought(warehouse.archive, name):
            continue
        if work.settings.fetch.parts > 1 and archive.part(name) is not None:
            continue  # what parts bring is taken in, not recovered
        mended = archive.mend(warehouse.archive, name)
        if mended.damaged:
            progress.watcher.warn(
                f"{warehouse.archive.path(name)}: {mended.damaged:,} bytes are damaged; what is whole is loaded, the file as it was "
                f"is set aside as {mended.aside}"
            )
        try:
            recovered.append(recover(work, name, listed))
        except archive.Damaged as error:
            aside = archive.set_aside(warehouse.archive, name)
            also = f"; it is in {warehouse.archive} too: look at it, and delete it there" if elsewhere else ""
            progress.watcher.warn(f"{error}; set aside as {aside}{also}")
    return recovered


def _files(work: Work, last: datetime | None) -> list[str]:
    """The archive files of runs that may not be loaded. Such a file is here, but after a restore: then it may be one that is elsewhere
    and of a run after the `last` that is known. Where nobody answers there, that is told, and what is here is gone on with."""
    place = work.warehouse.archive
    if place.elsewhere:
        work.warehouse.let_go()  # while that is waited for
    since = names.of_day(last - rewrite.LONGEST) if last else ""
    try:
        if told := claim(place):
            progress.watcher.note(told)
        return archive.of_runs(place, since)
    except (Transient, Refused) as error:
        progress.watcher.warn(f"{error}; the run goes on with what is here")
        return [name for name in names.here(place.folder) if not names.decides(name)]


def _brought(place: Place, name: str) -> bool:
    try:
        bring(place, name, place.path(name))
    except (Transient, Refused) as error:
        progress.watcher.warn(f"{name} is to be loaded, and the next run tries that again: {error}")
        return False
    return True


def recover(work: Work, name: str, listed: Sequence[Feed]) -> dict[str, Any]:
    """Load an archive file of a run that died; gives the row of the run."""
    return _recover(_as_run_of(work, name), name, listed)


def _as_run_of(work: Work, name: str) -> Work:
    """The same work as the run that wrote an archive file."""
    run_name = archive.run_of(name)
    started = archive.began(name) or work.run.started_at
    return replace(
        work, run=Run(key(run_name, "recovered"), run_name, "recovered", started, archive_file=name, newsduck=VERSION)
    )


def _recover(work: Work, name: str, listed: Sequence[Feed]) -> dict[str, Any]:
    """Load an archive file: every document in it is taken by somebody, whatever run it was of."""
    skipped: list[str] = []
    whole = archive.read_file(work.warehouse.archive, name, skipped)
    found = [replace(p, body=b"") if p.ask.role in ("page", "capture") else p for p in whole]  # read again when needed
    for line in skipped:
        progress.watcher.warn(f"{name}: a record cannot be understood and is passed over: {line}")
    for page in found:
        if page.ask.role == "robots":
            work.book.learn(robots.origin(page.ask.url), page, page.fetched_at)
    looked = _looks(found, listed, work)
    planned = plan(looked, work)
    fetched = {page.ask.subject: page for page in found if page.ask.role == "page"}
    ready = [(entry, fetched[entry.url]) for entry in planned.plan.fetch if entry.url in fetched]
    taken = {entry.url for entry, _ in ready} | work.warehouse.taken(list(fetched)).keys()
    ready += [(_of_its_own(url), page) for url, page in fetched.items() if url not in taken]
    ready += [(entry_of(page), page) for page in found if page.ask.role == "capture"]
    unfetched = [
        Outcome(entry, "deferred", "the run that was to fetch it ended early")
        for entry in planned.plan.fetch
        if entry.url not in fetched
        and not (entry.entry_id in planned.known and is_second_look(planned.known[entry.entry_id], work.run.started_at))
    ]
    outcomes = clean(ready, read(ready, planned.known, work, expected=fetched), work)
    outcomes, stored = settle([*carried(planned, work), *outcomes, *unfetched], work)
    # An older part of a list says nothing of how its feed is doing.
    own = [look for look, page in zip(planned.looked, _of_feeds(found), strict=True) if page.ask.role == "feed"]
    plain = replace(work, bar=plainly)  # it is one bar of the run that heals
    return finish(plain, outcomes, stored=stored, looked=own, listed=listed, seen=planned.seen, published=False).row


def _of_feeds(found: Sequence[Page]) -> list[Page]:
    return [page for page in found if page.ask.role in ("feed", "older")]


def _looks(found: Sequence[Page], listed: Sequence[Feed], work: Work) -> list[Looked]:
    """What the documents of feeds come to, one look each; those of feeds that are on no list any more too."""
    known = work.warehouse.feeds()
    by_url = {feed.url: feed for feed in (*known.values(), *on_list(listed, known))}
    jobs = []
    for page in _of_feeds(found):
        feed = by_url.get(page.ask.subject) or Feed(key(page.ask.subject), page.ask.subject)
        older = replace(feed, etag="", last_modified="", body_hash=None)  # nothing is known of it yet
        jobs.append((feed if page.ask.role == "feed" else older, page, page.fetched_at))
    return looks(jobs, work.sandbox)


def _of_its_own(url: str) -> Entry:
    """An entry for a page whose feed's document is lost, so that the page is not."""
    return Entry(key("recovered", url), 0, url)
