"""Fetching: entries' pages into the archive, from many hosts at once and one after the other from each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from extract.captures.wayback import as_captured
from extract.fetch import client
from extract.records import Ask, Entry, Page
from flows.line.web import Answer
from flows.line.work import SLICE, Work

Fetched = list[tuple[Entry, Answer]]


def fetch_all(
    wanted: Sequence[Entry],
    work: Work,
    come: Callable[[Entry, Answer], object] = lambda *_: None,
    stop: client.Stop | None = None,
) -> Fetched:
    """Fetch the entries' pages, no two of one address; all are in the archive, synced, when this returns, and bodies are left to
    it. `come` is told of each as soon as it is there, with its body."""
    asks = asks_of(wanted, work)
    of = {entry.url: entry for entry in wanted}
    bodies: dict[str, bytes] = {}  # of pages that are kept, until they are told of
    told = 0

    def keep(page: Page) -> Page:
        kept = work.archive.keep(as_captured(page) if page.ask.role == "page" else page)
        if page.ask.role != "page":
            return kept  # robots.txt is read at once
        bodies[page.ask.url] = page.body
        return replace(kept, body=b"")

    def tell(ask: Ask, answer: Answer) -> None:
        nonlocal told
        told += 1
        body = bodies.pop(ask.url, b"")
        come(of[ask.url], replace(answer, body=body) if isinstance(answer, Page) else answer)
        if told % SLICE == 0:  # what a power cut may cost is not for the end of a long run
            work.archive.sync()

    answers = work.web.fetch(asks, work, keep, tell, by_rules=True, stop=stop)
    work.archive.sync()
    return list(zip(wanted, answers, strict=True))


def asks_of(wanted: Iterable[Entry], work: Work) -> list[Ask]:
    """How to ask for the entries' pages."""
    limit = int(work.settings.fetch.max_page_mb * 2**20)
    return [Ask(entry.url, "page", entry.url, limit) for entry in wanted]


def in_turns(wanted: Iterable[Entry]) -> list[Entry]:
    """The entries in an order that takes one of each host in turn."""
    by_url = {entry.url: entry for entry in wanted}
    return [by_url[ask.url] for ask in client.in_turns(Ask(url, "page", url, 0) for url in by_url)]
