"""Which agency wrote a text, and the words that say so.

Naming an agency credits nobody: of 200 articles that mention one, 36 credit it. So a name counts only where a credit can
stand (`signs`), in a form that credits (`shapes`), and the words found are kept as the evidence.

    site        the page is on the agency's own site
    byline      By Ann Lee, Associated Press · sak/Reuters · Von dpa
    jsonld      author or creator in the structured data; meta: the same in meta elements
    dateline    BERLIN (dpa) - … · PARIS, March 3 (Reuters) — …
    trailer     (Reporting by …; Editing by …) · — AFP · Quelle: dpa · With material from AP (contributed)
    copyright   © 2026 The Associated Press. All rights reserved.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.credit import shapes, tokens
from extract.credit.agencies import Agencies
from extract.credit.signs import Line, Signs, of_text
from extract.records import Credit

LONGEST = 400  # characters of a line that are looked at; the longest real credit has 300
BEGINNINGS = frozenset(("byline", "field", "above", "head", "opening"))  # places where a credit begins its line
SENTENCES = 4  # last ones of a paragraph that are looked at each by itself

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z(\[–—-])")


def credits(signs: Signs, agencies: Agencies) -> tuple[Credit, ...]:
    """Every agency the article is credited to, each once by its best evidence, written before contributed.

    An agency that is quoted, listed, or credited for a picture is none. Empty for most articles.
    """
    found: dict[str, Credit] = {}
    every = list(_all(signs, agencies))
    ours = _ours(signs, agencies, {c.agency for c in every if c.found_in in ("trailer", "dateline")})
    for credit in every:
        if credit.agency in ours and agencies.kind(credit.agency) == "service":
            continue
        known = found.get(credit.agency)
        if known is None or (known.partial and not credit.partial):
            found[credit.agency] = credit
    if sum(not c.partial for c in found.values()) > 1:
        found = {key: c if c.partial else replace(c, joint=True) for key, c in found.items()}
    named = [c for c in found.values() if agencies.kind(c.agency) != "unspecified"] or list(found.values())
    return tuple(sorted(named, key=lambda c: c.partial))


def given(text: str, authors: Sequence[str], site: str, agencies: Agencies) -> tuple[Credit, ...]:
    """The credits of an article of which only the text and the authors, as printed, are known."""
    return credits(of_text(text, authors, site), agencies)


def looked_at(line: Line) -> str:
    """What of a line is looked at: where it begins, or where it ends."""
    if line.place in BEGINNINGS:
        return line.text[: LONGEST // 2]
    return line.text[:LONGEST] if line.place == "note" else line.text[-LONGEST:]


def considered(line: Line, agencies: Agencies) -> shapes.Match | None:
    """The credit that one line of a page is, or that one of its last sentences is."""
    text = looked_at(line)
    if not agencies.might_name(text) and not shapes.is_set(text, line.place):
        return None
    if found := shapes.match(text, line.place, agencies):
        return found
    sentences = [] if line.place in BEGINNINGS else _SENTENCE.split(text)
    near = sentences[:SENTENCES] if line.place == "note" else sentences[-SENTENCES:]
    for sentence in near if len(sentences) > 1 else ():
        if found := shapes.match(sentence, line.place, agencies):
            return found
    return None


def _all(signs: Signs, agencies: Agencies) -> Iterator[Credit]:
    if (own := agencies.at_site(signs.site)) is not None:
        yield Credit(own, signs.site, "site")
    assumed: list[Credit] = []
    named = own is not None
    for line in signs.lines:
        if found := considered(line, agencies):
            below = found.shape.found == "byline" and line.place in ("closing", "below", "note")
            source = line.source or ("trailer" if below else found.shape.found)
            told = [Credit(a, found.evidence[:300], source, found.shape.part, found.joint) for a in found.agencies]
            if found.assumed:
                assumed += told
            else:
                named = named or not found.shape.part
                yield from told
    if not named:  # a form that credits without a name is anybody's where a name stands elsewhere
        yield from assumed


def _ours(signs: Signs, agencies: Agencies, credited: set[str]) -> set[str | None]:
    """A newspaper's own pages credit its syndication service no more than any paper credits itself; nor do those of a
    network whose house text below the article names it."""
    house = {
        token.agency
        for line in signs.lines
        if line.place in ("closing", "below") and agencies.might_name(looked_at(line))
        for token in tokens.read(looked_at(line), agencies)
        if token.letter in "NLS" and token.agency not in credited
    }
    return {agencies.at_site(signs.site)} | house
