"""robots.txt, as RFC 9309 has it: which pages of a host may be fetched, and how slowly."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import ada_url
from protego import Protego

from extract import unseen
from extract.errors import NewsduckError, RedirectLoop
from extract.records import Page, Robots

AGENT = "newsduck"  # the product token that rules are matched against
DAY = timedelta(days=1)  # RFC 9309, 2.4: not longer
SOON = timedelta(hours=1)  # until one that could not be had is asked for again
LONGEST = 500 * 1024  # characters that are parsed: RFC 9309, 2.5
SLOWEST = 30.0  # seconds; with a longer Crawl-delay the pages of a busy day would not fit into that day


def origin(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for."""
    return str(ada_url.URL(url).origin)


def decide(where: str, answer: Page | NewsduckError, now: datetime, old: Robots | None = None) -> Robots:
    """What the answer to a request for robots.txt means. A host that has trouble keeps the rules it had."""
    status = answer.status if isinstance(answer, Page) else None
    if isinstance(answer, Page) and 200 <= answer.status < 300:
        return Robots(
            where,
            "rules",
            status,
            unseen.harmless(answer.body.decode("utf-8-sig", "replace")[:LONGEST]),
            now,
            now + DAY,
        )
    # 429 is a host that is busy, not one without rules; the RFC leaves it open.
    if isinstance(answer, RedirectLoop) or (status is not None and 300 <= status < 500 and status != 429):
        return Robots(where, "none", status, "", now, now + DAY)
    if old is not None and old.verdict != "unreachable":
        return Robots(where, old.verdict, old.status, old.body, old.fetched_at, now + SOON)
    return Robots(where, "unreachable", status, "", now, now + SOON)


class Book:
    """The robots.txt of every host met so far; `learned` are those to be written down."""

    def __init__(self, known: Iterable[Robots] = ()) -> None:
        self._known = {robots.origin: robots for robots in known}
        self._parsed: dict[str, Protego] = {}
        self.learned: dict[str, Robots] = {}

    def at(self, where: str, now: datetime) -> Robots | None:
        """What is known of an origin and not yet stale."""
        found = self._known.get(where)
        return found if found is not None and found.expires_at > now else None

    def take(self, robots: Robots) -> None:
        """Take in what an earlier run learned."""
        self._known[robots.origin] = self.learned[robots.origin] = robots

    def learn(self, where: str, answer: Page | NewsduckError, now: datetime) -> Robots:
        """Take in the answer to a request for an origin's robots.txt."""
        found = decide(where, answer, now, self._known.get(where))
        self._known[where] = self.learned[where] = found
        self._parsed.pop(where, None)
        return found

    def _rules(self, robots: Robots) -> Protego:
        if robots.origin not in self._parsed:
            self._parsed[robots.origin] = Protego.parse(robots.body)
        return self._parsed[robots.origin]

    def allows(self, robots: Robots, url: str) -> bool:
        """Whether its rules let this URL be fetched."""
        return robots.verdict == "none" or (
            robots.verdict == "rules" and bool(self._rules(robots).can_fetch(url, AGENT))
        )

    def delay(self, robots: Robots) -> float:
        """Seconds it asks for between two requests, 30 at most."""
        found = self._rules(robots).crawl_delay(AGENT) if robots.verdict == "rules" else None
        return min(max(float(found or 0.0), 0.0), SLOWEST)
