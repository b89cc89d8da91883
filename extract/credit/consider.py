"""Why a page credits an agency: every line where a credit can stand, and what the shapes say of it."""

from dataclasses import dataclass
from pathlib import Path

from extract.credit import agencies, credits, shapes, signs, tokens
from extract.read.page import decide
from extract.records import Credit


@dataclass(frozen=True, slots=True)
class Considered:
    """One line where a credit can stand."""

    place: str
    text: str
    named: bool  # whether an agency is named in it
    agencies: tuple[str, ...]  # those that it credits
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was considered on a page, and what came of it."""

    lines: tuple[Considered, ...]
    credits: tuple[Credit, ...]


def page(body: bytes, url: str, content_type: str, extra: tuple[Path, ...]) -> Found:
    """The lines of a page that were considered. Raises Refused where the bytes are no HTML. Call it in a Sandbox."""
    known = agencies.load(*extra)
    decided = decide(body, url, content_type, known)
    found = signs.of_page(decided.page, decided.text, decided.byline)
    return Found(tuple(_of(line, known) for line in found.lines), credits.credits(found, known))


def _of(line: signs.Line, known: agencies.Agencies) -> Considered:
    place = line.source or line.place
    letters = "".join(token.letter for token in tokens.read(credits.looked_at(line), known))
    named = not shapes.NAMES.isdisjoint(letters)
    if match := credits.considered(line, known):
        part = ", contributed" if match.shape.part else ", with others" if match.joint else ""
        return Considered(place, line.text, named, match.agencies, f"the shape “{match.shape.name}”{part}")
    if not named:
        return Considered(place, line.text, named, (), "names no agency")
    if "p" in letters and len(letters) < shapes.LONG:
        return Considered(place, line.text, named, (), "speaks of a picture")
    seen = letters if len(letters) <= 40 else f"{letters[:20]}…{letters[-20:]}"
    return Considered(place, line.text, named, (), f"has no shape of a credit there (read as {seen})")
