"""Bringing in what web archives have of the sites that are followed: every file that a person's word stands for, one after the other."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from extract.captures.wanted import Wish, sites
from extract.errors import BadInput
from extract.records import Feed
from extract.sandbox import Sandbox
from flows.line import heal
from flows.line.back.captures import Came, Captures
from flows.line.back.sources import COMMON_CRAWL, named, opened
from flows.line.load import load
from flows.line.work import Work, alone
from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class Period:
    """Days of capture, in UTC, both of them among them; None: no end."""

    since: date | None = None
    until: date | None = None


def bring(
    source: str,
    settings: Settings,
    sandbox: Sandbox,
    listed: Sequence[Feed],
    names: Iterable[str] = (),
    period: Period = Period(),
    tell: Callable[[str], object] = lambda _: None,
    crawl: str = COMMON_CRAWL,
) -> Came:
    """Take the pages of these sites (those of the feed list where none is named) out of the files that `source` stands for. Raises
    BadInput where that is nothing of the kind, names no site, or its only file is no archive; Unreachable where a host gives no more."""
    files = list(named(source, settings.manners, crawl))
    with alone("backfill", settings, sandbox) as work:
        if heal.heal(work, listed):
            load(work, work.moment("written"))  # its file says when that was; what it brings are runs of their own
        wish = Wish(_sites(names, listed, work), period.since, period.until, int(settings.fetch.max_page_mb * 2**20))
        captures = Captures(work, wish, tell)
        try:
            for name in files:
                try:
                    for one in opened(name, settings.manners):
                        captures.take(one)
                except BadInput as error:
                    if len(files) == 1:
                        raise
                    tell(f"{error}; it is passed over")
        finally:
            captures.close()
    return captures.came


def _sites(names: Iterable[str], listed: Sequence[Feed], work: Work) -> frozenset[str]:
    found, wrong = sites(names)
    if wrong:
        raise BadInput(f"{wrong[0]!r} is no site: one is such as bbc.co.uk")
    if not found:
        homes = {feed.feed_id: feed.site_url for feed in work.warehouse.feeds().values()}
        found, _ = sites(
            url for feed in listed for url in (feed.url, feed.site_url or homes.get(feed.feed_id, "")) if url
        )
    if not found:
        raise BadInput(
            "no site is wanted: name some behind --sites, or put their feeds on the list (`newsduck feeds add`)"
        )
    return found
