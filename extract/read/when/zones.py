"""The publisher's own time zone, for pages whose claims are in UTC: the day a reader saw is the local one.

Only how a moment is written changes, never the moment.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone

from lxml.html import HtmlElement

LONGEST = 200_000  # characters of a script that are searched; a page's settings stand in short ones
FARTHEST = timedelta(hours=14)
STEP = timedelta(minutes=30)  # zones differ from UTC by multiples of it, but for Nepal's and the Chatham Islands'

# Abbreviations as printed in news; where two zones share one, the one of more outlets.
ABBREVIATIONS = {
    name: round(hours * 3600)
    for names, hours in (
        ("UTC GMT WET", 0),
        ("BST CET WAT WEST MEZ", 1),
        ("CEST EET CAT SAST MESZ", 2),
        ("EEST MSK EAT TRT", 3),
        ("PKT", 5),
        ("IST", 5.5),
        ("WIB ICT", 7),
        ("HKT SGT PHT MYT AWST", 8),
        ("JST KST", 9),
        ("ACST", 9.5),
        ("AEST", 10),
        ("ACDT", 10.5),
        ("AEDT", 11),
        ("NZST", 12),
        ("NZDT", 13),
        ("ART BRT ADT", -3),
        ("AST EDT", -4),
        ("EST CDT", -5),
        ("CST MDT", -6),
        ("MST PDT", -7),
        ("PST AKDT", -8),
        ("AKST", -9),
        ("HST", -10),
    )
    for name in names.split()
}

_CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d{2})\b(?:[:.]\d{2}\b)?\s*([ap])?\.?(?:m\b)?", re.IGNORECASE)
_NAMED = re.compile(r"\b\d{1,2}[:.h]\d{2}\b(?::\d{2}\b)?\s*(?i:[ap]\.?m\b\.?|uhr\b|hrs\b|h\b)?\s*\(?([A-Z]{3,5})\b")
_STAMP = re.compile(r"[\"'](\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d)?[\"']")  # no zone behind it
_ZULU = re.compile(r"T\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z\b")
_OFFSET = re.compile(r"(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?|\d\d:\d\d:\d\d) ?([+-]\d\d):?([0-5]\d)\b")


def local(moment: datetime, printed: Sequence[str], tree: HtmlElement) -> datetime:
    """A moment claimed in UTC, written in the zone that its page shows: by its own clock as `printed` near the headline
    or kept in a script, else by the only zone that the page's other times name. Others come back as they are."""
    if moment.utcoffset():
        return moment
    offset = _of_printed(moment, printed)
    if offset is None:
        offset = _of_stamps(moment, _scripts(tree))
    if offset is None:
        offset = _only_one(_said(tree))
    return moment.astimezone(timezone(offset)) if offset else moment


def shown(moment: datetime, printed: Iterable[str], tree: HtmlElement) -> datetime:
    """A moment claimed without a zone, in the only one that its page names: behind a clock `printed` near the headline, or in
    the times of its scripts and elements. Others come back as they are."""
    offsets = {
        timedelta(seconds=ABBREVIATIONS[name])
        for line in printed
        for name in _NAMED.findall(line)
        if name in ABBREVIATIONS
    }
    texts = _said(tree)
    offsets |= _offsets(texts) | ({timedelta(0)} if any(map(_ZULU.search, texts)) else set())
    return moment.replace(tzinfo=timezone(offsets.pop())) if len(offsets) == 1 else moment


def _scripts(tree: HtmlElement) -> list[str]:
    return [s.text for s in tree.iter("script") if s.text and len(s.text) <= LONGEST]


def _said(tree: HtmlElement) -> list[str]:
    """Where a page names zones besides what it shows."""
    return [*_scripts(tree), *(e.get("datetime") or e.get("content") or "" for e in tree.iter("time", "meta"))]


def _of_printed(moment: datetime, printed: Iterable[str]) -> timedelta | None:
    """The offset at which a line with a clock says this very minute, and the day and the year of it."""
    for line in printed:
        numbers = set(re.findall(r"\d+", line))
        for hour, minute, half in _CLOCK.findall(line):
            hours = int(hour) % 12 + (12 if half.lower() == "p" else 0) if half else int(hour)
            if int(minute) % 30 != moment.minute % 30 or hours > 23:
                continue
            for days in (-1, 0, 1):
                there = datetime(moment.year, moment.month, moment.day, hours, int(minute), tzinfo=UTC) + timedelta(
                    days
                )
                offset = there - moment.replace(second=0, microsecond=0)
                day = {str(there.day), f"{there.day:02d}"} & numbers
                if abs(offset) <= FARTHEST and day and str(there.year) in numbers:
                    return offset
    return None


def _of_stamps(moment: datetime, scripts: Iterable[str]) -> timedelta | None:
    """The offset at which a stamp without a zone says this very second, or minute where it has no seconds."""
    for script in scripts:
        for day, clock, seconds in _STAMP.findall(script):
            try:
                there = datetime.fromisoformat(f"{day}T{clock}{seconds}+00:00")
            except ValueError:
                continue
            here = moment.replace(microsecond=0) if seconds else moment.replace(second=0, microsecond=0)
            offset = there - here
            if abs(offset) <= FARTHEST and not offset % STEP:
                return offset
    return None


def _only_one(texts: Iterable[str]) -> timedelta | None:
    found = _offsets(texts) - {timedelta(0)}
    return found.pop() if len(found) == 1 else None


def _offsets(texts: Iterable[str]) -> set[timedelta]:
    found = (
        timedelta(hours=int(hours), minutes=int(hours[0] + minutes))
        for text in texts
        for hours, minutes in _OFFSET.findall(text)
    )
    return {offset for offset in found if abs(offset) <= FARTHEST}
