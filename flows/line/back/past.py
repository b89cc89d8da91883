"""Through a site's sitemaps back to a day: what they list of that time waits for the next ingest, as a list of addresses would."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from extract import urls
from extract.errors import BadInput, NewsduckError
from extract.fetch import client, robots
from extract.fetch.turns import Turns
from extract.poll import past
from extract.records import Ask, Page
from extract.sandbox import Sandbox
from flows.line.back import addresses
from flows.line.back.addresses import Came, Line
from flows.settings import Settings

DOCUMENTS = 1_000  # sitemaps that are looked at; a paper with one a day has 365 a year
MOST = 200_000  # addresses


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a site's sitemaps."""

    documents: int
    older: int  # parts and addresses of before
    odd: int  # addresses of what is no article, or of other sites
    left: int  # parts that were not looked at any more
    came: Came  # of the addresses


def follow(site: str, since: date, settings: Settings, sandbox: Sandbox, tell: Callable[[str], object]) -> Found:
    """Have what a site's sitemaps list since a day fetched by the next ingest. Raises BadInput where the site has none, or is none."""
    turns = Turns()
    home, todo = _start(site, settings, turns)
    seen, lines = set(todo), dict[str, Line]()
    documents = older = odd = 0
    failed = ""
    while todo and documents < DOCUMENTS and len(lines) < MOST:
        now, todo = todo[: min(100, DOCUMENTS - documents)], todo[min(100, DOCUMENTS - documents) :]
        pages = []
        for answer in _get(now, settings, turns):
            if isinstance(answer, Page) and answer.status == 200:
                pages.append(answer)
            else:
                failed = failed or (
                    f"{answer.url} answers HTTP {answer.status}" if isinstance(answer, Page) else str(answer)
                )
        jobs = [(page.body, page.url, page.header("content-type"), since) for page in pages]
        for read in sandbox.map(past.read, jobs):
            if isinstance(read, NewsduckError):
                failed = failed or str(read)
                continue
            documents, older, odd = documents + 1, older + read.older, odd + read.odd
            lines |= {one.url: Line(one.url, one.title, one.claim) for one in read.listed}
            new = [address for address in read.parts if address not in seen]
            seen.update(new)
            todo += new
        tell(f"{urls.host(home)}: {documents:,} sitemaps, {len(lines):,} addresses")
    if not documents:
        raise BadInput(f"{site} has no sitemap that can be read: {failed or 'none is named'}")
    came = addresses.add(list(lines.values())[:MOST], settings)
    return Found(documents, older, odd, len(todo), came)


def _start(site: str, settings: Settings, turns: Turns) -> tuple[str, list[str]]:
    """(the site's home, the sitemaps it names), or the one that was given."""
    home = urls.canonical(site if "://" in site else f"https://{site}/")
    if home is None or not urls.host(home):
        raise BadInput(f"{site!r} is no site: one is such as bbc.co.uk")
    if home.split("?")[0].endswith((".xml", ".xml.gz")):
        return home, [home]
    ways = [home] if "://" in site else [home, f"https://www.{site}/"]
    for way in ways:
        (rules,) = _get([f"{robots.origin(way)}/robots.txt"], settings, turns)
        if isinstance(rules, Page) and rules.status == 200:
            return rules.url, past.named(rules.body.decode("utf-8", "replace"), rules.url)
    return home, past.named("", home)


def _get(wanted: list[str], settings: Settings, turns: Turns) -> list[Page | NewsduckError]:
    """The documents, asked for as politely as ever; nothing is archived."""
    limit = int(settings.fetch.max_feed_mb * 2**20)
    asks = [Ask(url, "older", url, limit) for url in wanted]
    return client.fetch_all(asks, settings.manners, lambda page: page, turns)
