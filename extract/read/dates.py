"""When an article was published: each source that says so, the first believable one, how exact it is."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from dateutil import parser as dateparser
from lxml.html import HtmlElement

from extract.read import jsonld, zones
from extract.read import printed as stated
from extract.read.meta import Meta
from extract.vocabulary import DateFrom, Precision

_DATE_META = [
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "publish-date",
    "publishdate",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "cxenseparse:recs:publishtime",
    "published_time",
    "publication_date",
    "article.published",
    "originalpublicationdate",
    "ptime",
    "displaydate",
]
_MODIFIED_META = [
    "article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
]


_IN_UTC = re.compile(r"(?:\dZ|[+-]00:?00|GMT|UTC)$", re.IGNORECASE)


def published(
    tree: HtmlElement,
    claims: jsonld.Claims,
    meta: Meta,
    url: str,
    printed: Sequence[str],
    search_date: Callable[[], str | None],
) -> tuple[datetime | None, DateFrom, Precision, str]:
    """(moment, source, precision, claim as printed) of the first source that names a date that can be one. `printed` are
    the lines near the headline: a moment claimed in UTC is written in the zone that they show."""
    marked = [
        e.get("datetime") or e.get("content") or ""
        for e in tree.iter("time", "meta", "span", "abbr")
        if e.get("itemprop") == "datePublished" or (e.tag == "time" and (e.get("pubdate") is not None))
    ]
    times = [e.get("datetime") or "" for e in tree.iter("time")]
    sources: list[tuple[DateFrom, str]] = [
        ("jsonld", claims.text("datePublished", "dateCreated", "uploadDate")),
        ("meta", meta.first(*_DATE_META)),
        *(("meta", value) for value in marked),
        *(("text", value) for value in times[:1]),
    ]
    for source, claim in sources:
        moment, exact = _moment(claim)
        if moment is not None:
            if exact != "day" and moment.hour + moment.minute and _IN_UTC.search(claim.strip()):
                moment = zones.local(moment, printed, tree)
            return moment, source, exact, claim
    moment, claim = stated.day(printed)
    if moment is not None:
        return moment, "text", "day", claim
    found = search_date()
    if found and found.endswith("-01-01"):  # what the search makes of a year alone, a copyright line's mostly
        found = None
    moment, exact = _moment(found or "")
    in_url = found is not None and re.sub(r"\D", "", found) in re.sub(r"\D", "", url)
    return moment, ("url" if in_url else "text") if moment else "", exact, found or ""


def modified(claims: jsonld.Claims, meta: Meta) -> datetime | None:
    """When the page says that it was changed."""
    return _moment(claims.text("dateModified") or meta.first(*_MODIFIED_META))[0]


def _moment(claim: str) -> tuple[datetime | None, Precision]:
    """A date as written and how exact it is. A time without a zone is taken as UTC; a day is its midnight."""
    claim = claim.strip()
    if not re.search(r"\d{4}|\d{1,2}[./]\d", claim):
        return None, ""
    try:
        when = datetime.fromisoformat(claim)
    except ValueError:
        try:
            when = dateparser.parse(claim, tzinfos=zones.ABBREVIATIONS)
        except (ValueError, OverflowError, TypeError):
            return None, ""
    moment = when if when.tzinfo else when.replace(tzinfo=UTC)
    try:
        moment.astimezone(UTC)  # an offset of days parses, and only here is found to be none
    except (ValueError, OverflowError):
        return None, ""
    return moment, precision(claim)


def precision(claim: str) -> Precision:
    """How exact a date is as printed: second, minute or day. A time of 00:00:00 is a minute's at best."""
    clock = re.search(r"\d{1,2}:\d{2}(:\d{2})?|T\d{4}", claim)
    if not clock:
        return "day"
    return "second" if clock.group(1) and not claim.endswith(("00:00:00Z", "00:00:00")) else "minute"
