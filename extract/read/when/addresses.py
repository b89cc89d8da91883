"""The day that an article's address has: asked before all that the page shows is searched, and a guess like that."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from extract.moments import Order
from extract.read.when import printed

_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/_.])([01]\d)\2([0-3]\d)(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)([0-3]\d)([-_.])([0-3]\d)\2(20\d\d)(?!\d)")
# Year, month and day as parts of their own, without a nought in front or the month by its beginning: 2026/6/9/, 2026/nov/2/.
_PARTS = re.compile(
    r"(?<=/)(20\d\d)/([01]?\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/([0-3]?\d)(?=/.)", re.IGNORECASE
)
# Eight digits in a row may be a number of anything: they have to stand between signs.
_BARE = re.compile(r"(?<![^\W_])((?:19|20)\d\d)([01]\d)([0-3]\d)(?![^\W_])")


def day(url: str, order: Order) -> datetime | None:
    """The day in an address as year, month and day, or as day and month before the year where that has one reading in the
    page's `order`; none where the address has two days."""
    path = urlsplit(url).path
    found = {_day(year, month, day) for year, _, month, day in _YEAR_FIRST.findall(path)}
    found |= {_day(year, month, day) for year, month, day in _BARE.findall(path)}
    for year, month, day in _PARTS.findall(path):
        found.add(_day(year, month if month.isdecimal() else str(printed.month(month)), day))
    found |= {_day(year, *_turned(first, second, order)) for first, _, second, year in _YEAR_LAST.findall(path)}
    days = [one for one in found if one is not None]
    return days[0] if len(days) == 1 else None


def _turned(first: str, second: str, order: Order) -> tuple[str, str]:
    """(month, day) of two numbers; no month where both can be it and no order is known."""
    if int(first) > 12 or first == second or order == "dmy":
        return second, first
    return (first, second) if int(second) > 12 or order == "mdy" else ("0", second)


def _day(year: str, month: str, day: str) -> datetime | None:
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
