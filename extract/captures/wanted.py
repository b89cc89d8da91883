"""Which records of an archive are wanted, told from little before much: whose page it is and of which day before its answer is unpacked."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from extract import urls
from extract.keys import key
from extract.records import Ask, Entry, Page
from extract.vocabulary import SkipReason

if TYPE_CHECKING:  # they bring along what unpacks and parses: not for who only wants an entry
    from extract.captures.answers import Answer
    from extract.captures.tape import Record

WEB = ("http://", "https://")
LONGEST = 8_000  # letters of an address
NAMED = 20  # sites that a wish's line has by name
HOSTS = 100_000  # whose site is remembered; a month of CC-NEWS has some 30,000


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of an archive."""

    sites: frozenset[str]  # registered domains
    since: date | None = None  # of the day of capture, in UTC
    until: date | None = None  # and this day too
    limit: int = 10 * 2**20  # bytes of a page
    _sites: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)  # host → whether it is of them

    @property
    def line(self) -> str:
        """It in one line: another line is another going through. Many sites are told by a key of them."""
        told = " ".join(sorted(self.sites))
        if len(self.sites) > NAMED:
            told = f"{len(self.sites)} sites, {key(told) % 2**64:016x}"
        return f"{told}; since {self.since or 'ever'}; until {self.until or 'now'}"

    def has_site_of(self, url: str) -> bool:
        """Whether an address is one of the sites'."""
        host = url.split("/", 3)[2]
        if host not in self._sites:
            if len(self._sites) >= HOSTS:
                self._sites.clear()
            self._sites[host] = urls.site(f"http://{host}") in self.sites
        return self._sites[host]

    def has_day_of(self, at: datetime) -> bool:
        """Whether a moment is of the days."""
        day = at.date()
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def sites(names: Iterable[str]) -> tuple[frozenset[str], list[str]]:
    """(the sites that these names or addresses are of, those names that are of none)."""
    told = {name: urls.site(name if "//" in name else f"http://{name}") for name in names}
    return frozenset(site for site in told.values() if "." in site), [n for n, site in told.items() if "." not in site]


def decide_record(record: "Record", wish: Wish) -> SkipReason | None:
    """Why a record is not wanted, as far as its own head tells; None where it may be."""
    if not record.answers:
        return "no answer"
    url = record.url
    if not url.lower().startswith(WEB) or len(url) > LONGEST:
        return "no address"
    if not wish.has_site_of(url):
        return "other site"
    if (at := record.date) is None:
        return "no date"
    if not wish.has_day_of(at):
        return "other day"
    return "truncated" if record.header("WARC-Truncated") else None


def decide_answer(answer: "Answer") -> SkipReason | None:
    """Why an answer is not wanted; None where it is a page."""
    if answer.status != 200:
        return "status"
    return None if answer.is_page else "no page"


def page_of(record: "Record", url: str, headers: tuple[tuple[str, str], ...], body: bytes, at: datetime) -> Page:
    """A record as the page it captured; `url` is its address, canonical."""
    return Page(Ask(url, "capture", record.id, 0), url, 200, headers, body, at, 0.0)


def entry_of(page: Page) -> Entry:
    """The entry that stands for a captured page: one an address, whatever archive has it. Its GUID is the capture's record."""
    return Entry(id_of(page.url), 0, page.url, guid=page.ask.subject)


def id_of(url: str) -> int:
    """The id of the entry of a captured address."""
    return key("captures", url)
