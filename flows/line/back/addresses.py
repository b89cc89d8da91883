"""Lists of addresses from elsewhere (Media Cloud, GDELT, a colleague's export): each becomes an entry that the next ingest fetches,
as politely as any other."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from extract import moments, plain, urls
from extract.captures import wayback
from extract.errors import BadInput
from extract.keys import key
from extract.records import Entry, Outcome
from flows.line.finish import keep
from flows.line.work import Work, alone
from flows.settings import Settings

WAITS = "listed by a file of addresses; its page is fetched by the next ingest"
LONGEST = 8_000  # letters of an address
URL = ("url", "link", "story_url", "documentidentifier", "document_identifier", "original", "href", "address")
DATE = ("date", "publish_date", "published_at", "published", "pub_date", "publication_date", "seendate", "datetime")
TITLE = ("title", "headline", "name")


@dataclass(frozen=True, slots=True)
class Line:
    """An address of a list, with what the list says of it."""

    url: str
    title: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a list."""

    lines: int
    added: int
    skipped: Counter[str]  # why → how many


def read(path: Path) -> list[Line]:
    """The addresses of a file: JSON Lines of objects, a CSV or TSV with names above its columns, or an address a line. Raises BadInput
    where it cannot be read, or has no column with addresses."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as text in UTF-8: {error}") from error
    rows = [line for line in text.splitlines() if line.strip()]
    if not rows:
        raise BadInput(f"{path} is empty: a line for each address is wanted")
    if rows[0].lstrip().startswith("{"):
        return [_line(path, one) for one in _objects(path, rows)]
    if rows[0].strip().lower().startswith(("http://", "https://")) and not any(mark in rows[0] for mark in ",\t;"):
        return [Line(row.strip()) for row in rows]
    dialect = max(",\t;", key=rows[0].count)
    return [_line(path, one) for one in csv.DictReader(text.splitlines(), delimiter=dialect)]


def _objects(path: Path, rows: Sequence[str]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, 1):
        try:
            found = json.loads(row)
        except ValueError as error:
            raise BadInput(f"{path}: line {number} is no JSON: {error}") from error
        if not isinstance(found, dict):
            raise BadInput(f"{path}: line {number} is no object")
        yield found


def _line(path: Path, row: dict[Any, Any]) -> Line:
    named = {str(name).strip().lower(): value for name, value in row.items() if name is not None}

    def first(names: Iterable[str]) -> str:
        return next((str(named[name]).strip() for name in names if named.get(name)), "")

    if not any(name in named for name in URL):
        there = ", ".join(map(str, named)) or "none"
        raise BadInput(f"{path} has no column of addresses: one of {', '.join(URL)} is wanted, and there are {there}")
    return Line(first(URL), first(TITLE), first(DATE))


def add(lines: Sequence[Line], settings: Settings) -> Came:
    """Have the addresses fetched by the next ingest that are new; counts the others, with why."""
    skipped: Counter[str] = Counter()
    wanted: dict[str, Line] = {}
    for line in lines:
        url = urls.canonical(wayback.raw(line.url) or line.url) if len(line.url) <= LONGEST else None
        if url is None:
            skipped["no web address"] += 1
        elif url in wanted:
            skipped["stands in the list twice"] += 1
        else:
            wanted[url] = line
    with alone("load", settings) as work:
        added = wait(wanted, work, WAITS)
    if len(wanted) > added:
        skipped["known already"] = len(wanted) - added
    return Came(len(lines), added, skipped)


def wait(wanted: Mapping[str, Line], work: Work, why: str) -> int:
    """Have the pages at these addresses (in their canonical form) fetched by the next ingest, but for those that are kept, wait
    already, or were asked for by a list before and could not be had; gives how many."""
    taken = work.warehouse.taken(list(wanted))
    kept = work.warehouse.stored([_article(url) for url in wanted])
    tried = work.warehouse.known([_id(url) for url in wanted])
    new = [url for url in wanted if url not in taken and _article(url) not in kept and _id(url) not in tried]
    if new or not work.warehouse.published.exists():
        work.archive.note("addresses", {"why": why, "lines": [[url, astuple(wanted[url])] for url in new]})
        put({url: wanted[url] for url in new}, work, why)
    return len(new)


def put(new: Mapping[str, Line], work: Work, why: str) -> None:
    """Keep these addresses as entries that wait."""
    keep(work, [Outcome(_entry(url, line), "deferred", why) for url, line in new.items()], listed=(), seen={})


def _article(url: str) -> int:
    """The id of the article that an address leads to, as far as the address tells: a capture's is its original's."""
    return key(wayback.original(url) or url)


def _id(url: str) -> int:
    return key("addresses", url)


def _entry(url: str, line: Line) -> Entry:
    """What the list claims, as a feed would."""
    return Entry(
        _id(url),
        0,
        url,
        title=plain.line(line.title),
        published_claim=line.date[: moments.LONGEST],
        published_at=moments.read(line.date).at,
    )
