"""Fetching: entries' pages into the archive, from many hosts at once and one after the other from each."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from extract.captures.wayback import as_captured
from extract.errors import NewsduckError
from extract.fetch import client
from extract.records import Ask, Entry, Page
from flows.board import progress
from flows.line.work import Work, slices

Fetched = list[
    tuple[Entry, Page | NewsduckError]
]  # for each entry its page, whose body is in the archive, or why there is none


def fetch_all(wanted: Sequence[Entry], work: Work) -> Fetched:
    """Fetch the entries' pages, a slice a bar."""
    ordered = in_turns(wanted)
    tick = progress.watcher.stage("fetch", len(ordered))
    fetched: Fetched = []
    for number, some in enumerate(slices(ordered), 1):
        fetched += work.bar(f"fetch {number}", partial(pages, some, work, tick))
    return fetched


def pages(wanted: Sequence[Entry], work: Work, tick: progress.Tick = lambda: None) -> Fetched:
    """Fetch the entries' pages; they are in the archive, synced, when this returns. Bodies are left to the archive."""
    limit = int(work.settings.fetch.max_page_mb * 2**20)
    asks = [Ask(entry.url, "page", entry.url, limit) for entry in wanted]

    def keep(page: Page) -> Page:
        kept = work.archive.keep(as_captured(page) if page.ask.role == "page" else page)
        return replace(kept, body=b"") if page.ask.role == "page" else kept  # robots.txt is read at once

    answers = client.fetch_all(asks, work.settings.manners, keep, work.turns, work.book, lambda *_: tick())
    work.archive.sync()
    return list(zip(wanted, answers, strict=True))


def in_turns(wanted: Iterable[Entry]) -> list[Entry]:
    """The entries in an order that takes one of each host in turn."""
    by_url = {entry.url: entry for entry in wanted}
    return [by_url[ask.url] for ask in client.in_turns(Ask(url, "page", url, 0) for url in by_url)]
