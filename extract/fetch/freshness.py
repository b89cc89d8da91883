"""What HTTP headers say about time: Retry-After, Cache-Control and Expires (RFC 9110, 9111)."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from extract.records import Page

PATIENCE = timedelta(days=1)  # the longest Retry-After believed; longer ones are slips, or spite
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def retry_at(header: str, now: datetime) -> datetime | None:
    """The moment a Retry-After header names, in seconds or as a date: after `now`, within a day; None for nonsense."""
    header = header.strip()
    if re.fullmatch(r"\d{1,9}", header):
        wait = timedelta(seconds=int(header))
    elif (when := _date(header)) is not None:
        wait = when - now
    else:
        return None
    return now + min(wait, PATIENCE) if wait > timedelta(0) else None


def fresh_seconds(page: Page) -> float:
    """For how many seconds caches may keep an answer; 0 where it does not say."""
    control = page.header("cache-control")
    if re.search(r"no-cache|no-store", control, re.IGNORECASE):
        return 0.0
    if (found := _MAX_AGE.search(control)) is not None:
        return max(0.0, float(found.group(1)) - _age(page))
    expires = _date(page.header("expires"))
    if expires is None:
        return 0.0
    return max(0.0, (expires - (_date(page.header("date")) or page.fetched_at)).total_seconds())


def last_modified(page: Page) -> str:
    """The header as it came; empty where it names a moment that is still to come: such a page would never have changed."""
    told = page.header("last-modified")
    when = _date(told)
    return "" if when is not None and when > (_date(page.header("date")) or page.fetched_at) else told


def clock_ahead(page: Page) -> float | None:
    """Seconds by which our clock was ahead of the host's when it answered; None where the answer came from a cache or does
    not say."""
    told = _date(page.header("date"))
    return (page.fetched_at - told).total_seconds() if told is not None and not page.header("age") else None


def _age(page: Page) -> float:
    age = page.header("age").strip()
    return float(age) if re.fullmatch(r"\d{1,9}", age) else 0.0


def _date(text: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
