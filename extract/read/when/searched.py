"""A day found by searching all that a page shows, by htmldate.

Where its own patterns read nothing, htmldate asks dateparser, which tries two hundred languages: a second of CPU for a process'
first page, 14 ms for each line that is no date, and month first where nothing tells. Claims are read in its place.
"""

from datetime import datetime
from functools import cache, lru_cache
from types import ModuleType

from lxml.html import HtmlElement

from extract import moments
from extract.read.when import printed

WEEKDAY = 2  # words of one at most: thứ tư


def day(page: HtmlElement) -> str | None:
    """A day (ISO) that stands somewhere on a page; the first of a month or a year where no more is said."""
    try:
        found = _htmldate().find_date(page, extensive_search=True, original_date=True)
    except (AssertionError, ValueError, OverflowError):  # what mutated pages make it raise
        return None
    return found if isinstance(found, str) else None


@cache
def _htmldate() -> ModuleType:
    """The library, which is for who reads, not for who has others read; it asks us what its patterns do not read."""
    import htmldate
    from htmldate import extractors

    extractors._external_date = _read
    extractors.month_words = _months
    return htmldate


def _read(string: str) -> datetime | None:
    """The day of a line that says one day and nothing else, or its weekday in a language that claims are not read in."""
    said = moments.read(string).at
    if said is None:
        found, words = printed.day([string])
        said = found if len(string.replace(words, " ").split()) <= WEEKDAY else None
    return said.replace(tzinfo=None) if said is not None else None


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    return frozenset(printed.MONTHS)
