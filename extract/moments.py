"""Moments as they are claimed, in feeds, sitemaps and pages: read only where all of the text is understood.

What is missing is not filled in: a day is a day, and a time without a zone says so by `zoned`. Which of two numbers is the
month is told by one above 12, by the order that a feed's other dates have, or by the country; else by nobody.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from extract.read.terms import words
from extract.read.when import printed
from extract.read.when.zones import ABBREVIATIONS
from extract.vocabulary import Precision

Order = Literal["", "dmy", "mdy"]

LONGEST = 100  # characters of a claim
FARTHEST = timedelta(hours=15)  # from UTC
MONTH_FIRST = frozenset(("us", "ph", "fm", "gov", "mil", "edu"))  # top-level domains of those who write the month first
_GENERIC = 3  # letters from which a top-level domain is no country's

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ]\s*(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?(?::00)?\s*:?(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?(?::00)?Z?",
    re.IGNORECASE,
)
_STAMP = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)([0-2]\d)([0-5]\d)([0-5]\d)?")  # 20261120100000
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? (GMT|UTC?|Z|[+-]\d{4})"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})[:h](\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([ap])\.?\s?m\b\.?|(?<!\d)(\d{1,2})\s*([ap])\.?m\b\.?|(?<!\d)(\d{1,2})[:h](\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?(?!\d)",
    re.IGNORECASE,
)
_DOTTED = re.compile(
    r"(?<=\d{4})(,?\s+(?:[^\W\d_]+\.?\s+){0,2}\d{1,2})\.([0-5]\d)(?:\.([0-5]\d))?(?=$|\s[+-]?\w+$)"
)  # 20.11.2026 kl. 10.00
_HALF = re.compile(  # 下午3:04, 오후 3시 4분; of a clock of 24 hours it says nothing
    r"(?:(上午|午前|凌晨|早上|오전|قبل الظهر)|下午|午後|晚上|傍晚|오후|بعد الظهر)\s*(\d{1,2})\s?[:時时点點시]\s?(\d{1,2})(?:\s?[:分분]\s?(\d{1,2}))?(?:\s?[秒초분分])?"
)
_HOURS = re.compile(r"(\d{1,2})\s?[時时点點시]\s?(\d{1,2})\s?[分분](?:\s?(\d{1,2})\s?[秒초])?")
_TAIL = re.compile(r"(?<=:\d\d) 00$")
_IDLE_ZONE = re.compile(r"(?<=\d{4}) (?:[+-]\d{4}|[A-Z]{3,4})$")  # behind a day without a time
_OFFSET = re.compile(r"(?:(?:GMT|UTC?|Z)\s*)?([+-])\s?(\d{1,2}):?(\d\d)?(?!\d)(?:\s*\([^()]*\))?\s*$", re.IGNORECASE)
_YEAR_LAST = re.compile(r"([+-]\d{4}) (\d{4})$")  # Fri Nov 20 10:00:00 +0000 2026
_REGION_TOO = re.compile(r"(Z|[+-]\d\d:?\d\d)\[[A-Za-z_/+-]+\d*\]$")  # 2026-11-20T10:00+01:00[Europe/Berlin]
_IN_BRACKETS = re.compile(r"(?<=\d)\[([A-Za-z_/]+)\]$")  # 2026-11-20T10:00[Europe/Berlin]
# A weekday, in whatever language; Vietnam counts some.
_BEFORE_COMMA = re.compile(rf"^({printed.NAME}+|T[2-7])\.?\s?[,،]\s?(?=\d.*\d[:.]\d\d)")
_REGION = re.compile(r"\b(?:[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+|[ECMP]T)$")
# Zones by a name that says nothing of summer or winter; the day does.
_AMERICAN = {"ET": "New_York", "CT": "Chicago", "MT": "Denver", "PT": "Los_Angeles"}
_WORD = re.compile(rf"{printed.NAME}+")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})\s?[日일.]?(?!\d)")
# A month told by its number, behind the day: 24 tháng 11 2026, 24 Th11 2026; and in the English order, 24 11月 2026.
_NUMBERED = re.compile(
    r"(?<!\d)(\d{1,2})\s(?:(?:(?:tháng|thg)\s|Th)(\d{1,2})(?:,|\snăm)?|(\d{1,2})\s?[月월])\s(\d{4})(?!\d)"
)
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})(?:\s?[-/.|]\s?|\s)(\d{1,2})(?:\s?[-/.|]\s?(\d{4}|\d\d)|\s(\d{4}))(?!\d)")
_NAMED_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°|ª|\.)?(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d|'?\d\d)(?!\d)\s*(?:г|р|року|года)?\.?")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAYS = frozenset(
    (*WEEK, "tues", "thur", "thurs", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
# Words that say nothing of the moment.
_FILLERS = frozenset(
    [
        "de",
        "of",
        "the",
        "del",
        "di",
        "du",
        "le",
        "la",
        "on",
        "at",
        "um",
        "uhr",
        "kl",
        "klo",
        "à",
        "a",
        "h",
        "alle",
        "ore",
        "às",
        "as",
        "om",
        "m",
        "г",
        "года",
        "року",
        "р",
        "and",
        "t",
        "ngày",
        "th",
        "st",
        "nd",
        "rd",
        "o",
        "clock",
        "hrs",
        "hours",
        "hour",
        "published",
        "posted",
        "am",
        "den",
        "d",
        "r",
        "roku",
    ]
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A claim as understood: `at` is None where it was not, or where two days fit (its precision is *ambiguous*)."""

    at: datetime | None = None
    precision: Precision = ""
    zoned: bool = False

    @property
    def ambiguous(self) -> bool:
        """Whether two days fit."""
        return self.precision == "ambiguous"


NONE = Moment()


def read(claim: str, order: Order = "") -> Moment:
    """The moment that a claim means, all of it understood. A time without a zone is given as UTC, a day as its midnight."""
    found = _read(claim[: LONGEST + 1], "")
    return _read(claim[: LONGEST + 1], order) if found.ambiguous and order else found


def day(claim: str, at: datetime) -> date:
    """The day of a moment as its claim has it, in the claim's own zone; where that cannot be read, the moment's own."""
    said = read(claim).at
    return said.date() if said is not None and abs(said - at) < timedelta(days=1) else at.date()


@functools.lru_cache(4096)
def _read(claim: str, order: Order) -> Moment:
    if found := _RFC822.fullmatch(claim):  # what nine of ten feeds write
        day, named, year, hour, minute, second, zone = found.groups()
        try:
            return _made((int(year), printed.month(named), int(day)), (hour, minute, second), _zone(zone))
        except (ValueError, OverflowError):
            return NONE
    claim = " ".join(unicodedata.normalize("NFKC", claim.translate(printed.MARKS)).split()).strip(" ,.،")
    if not claim or len(claim) > LONGEST:
        return NONE
    try:
        return _whole(claim, order)
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return NONE


def precision(*claims: str) -> Precision:
    """How exact the first of these claims is that is understood; which number is the month plays no part."""
    return next((found.precision for claim in claims if (found := read(claim, "dmy")).at is not None), "")


def order_of(claims: Iterable[str]) -> Order:
    """Day or month first, as the dates of one source that can be read one way only have it; empty where none tells."""
    seen: set[Order] = set()
    for claim in claims:
        if (found := _NUMBERS.search(claim)) and not _YEAR_FIRST.search(claim):
            first, second = int(found.group(1)), int(found.group(2))
            if first > 12 >= second:
                seen.add("dmy")
            elif second > 12 >= first:
                seen.add("mdy")
    return seen.pop() if len(seen) == 1 else ""


def order_at(host: str, language: str = "") -> Order:
    """Day or month first, as is usual in the country of a host's name or in a language as pages declare it (en-US); empty
    where neither tells."""
    told = language.lower().replace("_", "-")
    if told in ("en-us", "en-ph"):
        return "mdy"
    if told[:2] not in ("", "en") or told.startswith("en-"):
        return "dmy"
    domain = host.rsplit(".", 1)[-1].split(":")[0].lower()
    if domain in MONTH_FIRST:
        return "mdy"
    return "dmy" if len(domain) < _GENERIC and domain.isalpha() else ""


def _whole(claim: str, order: Order) -> Moment:
    claim = _IN_BRACKETS.sub(r" \1", _REGION_TOO.sub(r"\1", printed.digits(claim)))
    if (found := _BEFORE_COMMA.match(claim)) and not (
        printed.month(found.group(1))
        or found.group(1).upper() in ABBREVIATIONS
        or found.group(1).casefold() in _WEEKDAYS
    ):
        claim = claim[found.end() :]
    if found := _ISO.fullmatch(claim):
        year, month, day, hour, minute, second, zone = found.groups()
        return _made((int(year), int(month), int(day)), (hour, minute, second), _zone(zone or ""))
    if found := _STAMP.fullmatch(claim):
        year, month, day, hour, minute, second = found.groups()
        return _made((int(year), int(month), int(day)), (hour, minute, second), None)
    if _EPOCH.fullmatch(claim):
        seconds = float(claim)
        return Moment(datetime.fromtimestamp(seconds / (1000 if seconds >= 1e12 else 1), UTC), "second", True)
    claim = _DOTTED.sub(_counted, _TAIL.sub("", _HOURS.sub(_counted, _HALF.sub(_halved, claim))))
    rest, zone = _without_zone(_YEAR_LAST.sub(r"\2 \1", _NUMBERED.sub(r"\4-\2\3-\1", claim)))
    rest, clock = _without_clock(rest)
    if clock[0] is None:
        rest = _IDLE_ZONE.sub("", rest)
    rest, day, ambiguous = _without_day(rest, order)
    if day is None and not ambiguous:
        return NONE
    if _says_more(rest):
        return NONE
    if day is None:
        return Moment(precision="ambiguous")
    return _made(day, clock, zone if clock[0] is not None else None)


def _counted(found: re.Match[str]) -> str:
    return ":".join(part for part in found.groups() if part)


def _halved(found: re.Match[str]) -> str:
    before, hour, minute, second = found.groups()
    told = ":".join(filter(None, (hour, f"{minute:0>2}", second)))
    return f" {told}" if int(hour) > 12 or int(hour) == 0 else f" {told} {'am' if before else 'pm'}"


def _without_zone(claim: str) -> tuple[str, tzinfo | None]:
    """(the claim without its zone, the zone): by number, by name, or both, where the number counts."""
    offset: tzinfo | None = None
    for _ in range(3):
        if (found := _OFFSET.search(claim)) and (
            _CLOCK.search(claim[: found.start()]) or re.search(r"GMT|UT", found.group(), re.IGNORECASE)
        ):
            claim, offset = claim[: found.start()].strip(), _offset(*found.groups())
        elif not _CLOCK.search(claim):
            break
        elif found := _REGION.search(claim):
            city = _AMERICAN.get(found.group())
            zone = ZoneInfo(f"America/{city}" if city else found.group())
            claim, offset = claim[: found.start()].strip(), offset or zone
        elif name := _last_zone(claim):
            seconds = ABBREVIATIONS.get(name.group().upper(), 0)
            claim = f"{claim[: name.start()]} {claim[name.end() :]}".strip()
            offset = offset or timezone(timedelta(seconds=seconds))
        else:
            break
    return claim, offset


def _last_zone(claim: str) -> re.Match[str] | None:
    """The last word that is a zone's name; in lower case only at the end."""
    for word in reversed(list(_WORD.finditer(claim))):
        name = word.group()
        if (name.upper() == "Z" or name.upper() in ABBREVIATIONS) and (name.isupper() or word.end() == len(claim)):
            return word
    return None


def _zone(text: str) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    return _offset(text[0], text[1:3], text[3:].lstrip(":") or None)


def _offset(sign: str, hours: str, minutes: str | None) -> timezone:
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > FARTHEST:
        raise ValueError(hours)
    return timezone(-offset if sign == "-" else offset)


_Clock = tuple[str | None, str | None, str | None]


def _without_clock(claim: str) -> tuple[str, _Clock]:
    found = _CLOCK.search(claim)
    if found is None:
        return claim, (None, None, None)
    h1, m1, s1, half1, h2, half2, h3, m3, s3 = found.groups()
    hour, minute, second, half = h1 or h2 or h3, m1 or m3 or "00", s1 or s3, half1 or half2
    if half:
        if not 1 <= int(hour) <= 12:
            raise ValueError(hour)
        hour = str(int(hour) % 12 + (12 if half.lower() == "p" else 0))
    return f"{claim[: found.start()]} {claim[found.end() :]}", (hour, minute, second)


def _without_day(rest: str, order: Order) -> tuple[str, tuple[int, int, int] | None, bool]:
    """(what else it says, (year, month, day), whether two days fit)."""
    if found := _YEAR_FIRST.search(rest):
        year, month, day = map(int, found.groups())
        return f"{rest[: found.start()]} {rest[found.end() :]}", (year, month, day), False
    if found := _NUMBERS.search(rest):
        first, second, year = int(found.group(1)), int(found.group(2)), _century(found.group(3) or found.group(4))
        left = f"{rest[: found.start()]} {rest[found.end() :]}"
        if "." in found.group() or first > 12 or (first != second and order == "dmy"):
            return left, (year, second, first), False
        if second > 12 or first == second or order == "mdy":
            return left, (year, first, second), False
        days = [day for day in ((year, second, first), (year, first, second)) if _falls_on(day, left)]
        return left, days[0] if len(days) == 1 else None, len(days) != 1
    for word in _WORD.finditer(rest):
        if month := printed.month(word.group(), rest):
            found_day = _around(rest[: word.start()], month, rest[word.end() :])
            if found_day[1] is not None and not _says_more(found_day[0]):  # else it is a weekday's: mar. 3 nov. 2026
                return found_day
    return rest, None, False


def _falls_on(day: tuple[int, int, int], rest: str) -> bool:
    """Whether a day is the weekday that stands beside it, by its English name."""
    told = {word.casefold()[:3] for word in _WORD.findall(rest) if word.casefold() in _WEEKDAYS}
    return told == {WEEK[date(*day).weekday()]}


def _around(before: str, month: int, behind: str) -> tuple[str, tuple[int, int, int] | None, bool]:
    """Day and year beside a month's name: before it and behind it, or both behind."""
    years = [
        (text, found)
        for text in (behind, before)
        for found in _YEAR.finditer(text)
        if len(found.group(1).strip("'")) == 4
    ]
    if not years:  # 20 Nov 26
        parts = [part.group(1) for part in _NAMED_DAY.finditer(before)], re.findall(r"(?<!\d)'?(\d\d)(?!\d)", behind)
        if len(parts[0]) == 1 and len(parts[1]) == 1:
            return re.sub(r"\d+", " ", before + " " + behind), (_century(parts[1][0]), month, int(parts[0][0])), False
        return before + behind, None, False
    text, found = years[0]
    year = int(found.group(1))
    cut = f"{text[: found.start()]} {text[found.end() :]}"
    before, behind = (before, cut) if text is behind else (cut, behind)
    days = list(_NAMED_DAY.finditer(before)) or list(_NAMED_DAY.finditer(behind))
    if len(days) != 1:
        return before + behind, None, False
    rest = f"{before} {behind}".replace(days[0].group(), " ", 1)
    return rest, (year, month, int(days[0].group(1))), False


def _century(year: str) -> int:
    number = int(year)
    return number if number > 99 else number + (1900 if number >= 70 else 2000)


def _says_more(rest: str) -> bool:
    return any(not _says_nothing(word) for word in _WORD.findall(rest)) or re.search(r"\d", rest) is not None


def _says_nothing(word: str) -> bool:
    told = word.casefold()
    return told in _FILLERS or (len(told) >= 2 and any(name.startswith(told) for name in words("weekday")))


def _made(day: tuple[int, int, int], clock: _Clock, zone: tzinfo | None) -> Moment:
    hour, minute, second = clock
    if hour is None:
        return Moment(datetime(*day, tzinfo=UTC), "day")
    late = int(hour) == 24 and not int(minute or 0)
    exact: Precision = "second" if second is not None else "minute"
    at = datetime(*day, 0 if late else int(hour), int(minute or 0), min(int(second or 0), 59), tzinfo=zone or UTC)
    at += timedelta(days=1) if late else timedelta(0)
    at.astimezone(UTC)
    return Moment(at, exact, zone is not None)
