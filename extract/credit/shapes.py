"""The shapes of a credit, as `shapes.toml` has them, and whether a line has one."""

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.credit import tokens
from extract.credit.agencies import Agencies
from extract.credit.tokens import Token
from extract.vocabulary import CreditFrom

FILE = Path(__file__).with_name("shapes.toml")
NAMES = frozenset("NLSU")  # the letters of agencies
NEAR = 4  # tokens behind a credit: a picture's word there makes it a picture's
LONG = 30  # tokens: in a shorter line a picture's word makes it a picture's credit

_JOINT = re.compile(
    r"[KC]\)?&t*[NLSU]|[NLSU]&t*[KC]"
)  # "and" between; a slash or a comma names an agency's own people too
_PART = re.compile(r"[a-z]+|\(\?[=!]|[^a-z\s]")


@dataclass(frozen=True, slots=True)
class Shape:
    """One form in which somebody is credited."""

    name: str
    found: CreditFrom
    places: frozenset[str]
    pattern: re.Pattern[str] | None  # over the letters of a line's tokens
    text: re.Pattern[str] | None  # over the line itself
    part: bool  # they only helped
    joint: bool  # a paper stands beside them
    agency: str  # who is meant where nobody is named
    initials: int  # letters that initials need


@dataclass(frozen=True, slots=True)
class Match:
    """What of a line is a credit."""

    shape: Shape
    agencies: tuple[str, ...]
    evidence: str  # the words as printed
    joint: bool = False  # others wrote with it
    assumed: bool = False  # nobody is named: it is the form of theirs


@functools.cache
def load() -> tuple[Shape, ...]:
    """The shapes in the order in which they are tried."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(_shape(row, tables) for row in tables["shape"])


def _shape(row: dict[str, Any], tables: dict[str, Any]) -> Shape:
    return Shape(
        row["name"],
        row["found"],
        frozenset(row["places"]),
        re.compile(_compiled(row["pattern"], tables)) if "pattern" in row else None,
        re.compile(row["text"], re.IGNORECASE | re.DOTALL) if "text" in row else None,
        row.get("part", False),
        row.get("joint", False),
        row.get("agency", ""),
        row.get("initials", 0),
    )


def _compiled(pattern: str, tables: dict[str, Any]) -> str:
    """A shape's pattern as a regular expression over letters."""

    def part(match: re.Match[str]) -> str:
        word = match.group()
        if word in tables["classes"]:
            return str(tables["classes"][word])
        if word in tables["macros"]:
            return f"(?:{_compiled(tables['macros'][word], tables)})"
        return "(?:" if word == "(" else word

    return _PART.sub(part, pattern).replace(" ", "")


def is_set(line: str, place: str) -> bool:
    """Whether a line is a sentence that credits somebody without a name."""
    return any(shape.text is not None and place in shape.places and shape.text.search(line) for shape in load())


def match(line: str, place: str, agencies: Agencies) -> Match | None:
    """The credit that a line is or holds at a place; None where it is none."""
    row = tokens.read(line, agencies)
    letters = "".join(token.letter for token in row)
    pictured = "p" in letters and len(letters) < LONG
    named = not NAMES.isdisjoint(letters)
    for shape in load():
        if place not in shape.places:
            continue
        if shape.text is not None:
            if not pictured and shape.text.search(line):
                # Words like any others ("direkt") are names where no other is.
                stated = _senders([t for t in row if t.letter != "S"]) or _senders(row)
                if stated or shape.agency:
                    return Match(shape, stated or (shape.agency,), line.strip(), assumed=not stated)
        elif shape.pattern is not None and named and not pictured and (found := shape.pattern.search(letters)):
            span = row[found.start() : found.end()]
            senders = _senders(span) if "p" not in letters[found.start() : found.end() + NEAR] else ()
            if len(senders) > 1 or (senders and all(len(t.text) >= shape.initials for t in span if t.letter in "NLS")):
                joint = shape.joint or len(senders) > 1 or bool(_JOINT.search("".join(t.letter for t in span)))
                return Match(shape, senders, line[span[0].start : span[-1].end].strip(), joint)
    return None


def _senders(span: Sequence[Token]) -> tuple[str, ...]:
    """Who is named in what a shape matched, each once. Of two that an equals sign or nothing joins the first wrote and the second
    sent it on, but in Korean, where the second wrote it. "Agencies" are nobody beside a name."""
    named = [(at, t) for at, t in enumerate(span) if t.letter in "NLSU"]
    if len(named) == 2 and "".join(t.letter for t in span[named[0][0] + 1 : named[1][0]]) in ("", "="):
        named = [named[1] if "\uac00" <= named[1][1].text[0] <= "\ud7af" else named[0]]
    named = [(at, t) for at, t in named if t.letter in "NLS"] or named
    return tuple(dict.fromkeys(t.agency for _, t in named))
