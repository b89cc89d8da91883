"""Which agency wrote a text, and the words that say so.

Naming an agency credits nobody: of 200 articles that mention one, 36 credit it. So a name counts only where a credit
stands, in one of the forms below, and the words found are kept as the evidence.

    site        the page is on the agency's own site
    byline      By Ann Lee, Associated Press · sak/Reuters · Von dpa
    jsonld      author or creator in the structured data; meta: the same in meta elements
    dateline    BERLIN (dpa) - … · PARIS, March 3 (Reuters) — …
    trailer     (Reporting by …; Editing by …) · — AFP · Quelle: dpa · With material from AP (contributed)
    copyright   © 2026 The Associated Press. All rights reserved.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from extract.credit.agencies import Agencies, Mention
from extract.credit.signs import Signs, notes
from extract.records import Credit

LONGEST = 600  # characters of a line that are looked at; the longest real credit has 300
HEAD, TAIL = 4, 6  # lines of a bare text that count as its head and its tail

_PHOTO = re.compile(
    r"\b(?:photo(?:graph|s)?|foto(?:s|grafía)?|picture[sd]?|image[ns]?|imagen|imagem|immagine|bild(?:er)?|video|cliché|getty|shutterstock|"
    r"archiv|illustration|graphic|screenshot|pool|via)\b|photo/|/getty|fotoğraf|фото|写真|사진|图",
    re.IGNORECASE,
)
_STAFF = r"(?:staff|sports?|business|auto|science|health|medical|religion|political|entertainment|music|film|tech(?:nology)?|national|special|senior|\w+)"
_ROLE = re.compile(
    rf"^\s*(?:{_STAFF}\s+){{0,2}}(?:writer|reporter|correspondent|editor|staff|news agency|agency)s?\b", re.IGNORECASE
)
_DATE = re.compile(
    r"\s+(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|updated|published)\w*\b)",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"^(?P<place>[^()\[\]]{0,70}?)\s*[(\[](?P<who>[^()\[\]]{2,60})[)\]]\s*(?:[-–—:.|]|--|$|(?=\S))")
_PICTURED = re.compile(
    r"^\W*[A-Z][\w.-]+(?: [A-Z][\w.-]+){1,3}\s*[/|]\s*[\w ]{2,30}\W*$"
)  # (Carlos Barria/Reuters), all of a line
_STAMPED = re.compile(
    r"\d{4}\W\d{1,2}\W\d{1,2}(?:,? \d{1,2}:\d\d)?\s*[(（](?P<who>[^()（）]{2,40})[)）]\s*$"
)  # … 2016-07-15 06:50 (Xinhua)
_SOURCED = re.compile(
    r"^\W*[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3}, (?:the )?[A-Z][\w .’'&-]{1,30}$"
)  # Noah Feldman, Bloomberg
_RELEASE = re.compile(r"/(?P<who>[\w -]{3,30})/\s*(?:--|[-–—])")
_CREATED = re.compile(r"©|\(c\)|copyright", re.IGNORECASE)
_PARTIAL = re.compile(
    r"\bcontributed\b|^\W*contribut(?:ing|ors?)\b\s*:|\badditional reporting\b|\bwith (?:material|reporting|files|inputs?|information|agenc\w+|additional|help|assistance)\b|"
    r"\bmit (?:material|agenturmaterial|informationen|\w*agenturen)\b|\b(?:avec|con|com|met|z) (?:[\wéèó]+ (?:de |da |do |van )?)?$|"
    r"\bavec\b|\bcon (?:información|informaciones|datos|material)\b|\bcom (?:informações|agências)\b|\bmet informatie\b|\bcombined\b|\bfiles from\b|\b(?:mostly|partly|largely|based (?:in part )?on \w+) from\b|\bin part on\b",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"^\W*(?:source|sources|quelle|quellen|bron|fuente|fonte|źródło|kilde|källa|lähde|kaynak|izvor|zdroj|forrás|источник|джерело|المصدر|来源|출처)\s*[:：]",
    re.IGNORECASE,
)
_REUTERS_FORM = re.compile(
    r"^\W{0,2}(?:additional )?(?:reporting|writing|compiled|report) by\b.{3,300}\bediting by\b",
    re.IGNORECASE | re.DOTALL,
)
_WRITTEN = re.compile(
    r"^\W*(?:reporting|report|text) (?:by|from)\b|\b(?:written|produced|provided|supplied|published|distributed|syndicated) (?:by|from)\b|\bis a (?:story|report) (?:from|by)\b",
    re.IGNORECASE,
)


def credits(signs: Signs, agencies: Agencies) -> tuple[Credit, ...]:
    """Every agency the article is credited to, each once by its best evidence, written before contributed.

    An agency that is quoted, listed, or credited for a picture is none. Empty for most articles.
    """
    found: dict[str, Credit] = {}
    every = list(_all(signs, agencies))
    credited = {credit.agency for credit in every if credit.found_in == "trailer"}
    # A newspaper's own pages credit its syndication service no more than any paper credits itself; nor do those of a
    # network whose house text below the article names it.
    ours = {agencies.at_site(signs.site)} | {
        m.agency for line in signs.tail for m in agencies.find(line[-LONGEST:], short=False) if m.agency not in credited
    }
    for credit in every:
        if credit.agency in ours and agencies.kind(credit.agency) == "service":
            continue
        known = found.get(credit.agency)
        if known is None or (known.partial and not credit.partial):
            found[credit.agency] = credit
    named = [c for c in found.values() if agencies.kind(c.agency) != "unspecified"] or list(found.values())
    return tuple(sorted(named, key=lambda c: c.partial))


def of_text(text: str, byline: str, authors: Sequence[str], site: str, agencies: Agencies) -> tuple[Credit, ...]:
    """The credits of an article of which only the text and the authors are known."""
    lines = [line for line in text.splitlines() if line.strip()]
    shown = byline or "; ".join(authors)
    return credits(Signs(site, shown, (), tuple(lines[:HEAD]), tuple(lines[-TAIL:]), notes(lines)), agencies)


def _all(signs: Signs, agencies: Agencies) -> Iterator[Credit]:
    if (own := agencies.at_site(signs.site)) is not None:
        yield Credit(own, signs.site, "site")
    yield from _byline(signs.byline[:LONGEST], agencies)
    for source, name in signs.structured:
        yield from (Credit(m.agency, name, source) for m in _named(name, agencies))
    # A credit stands at the beginning or at the end of a line; longer ones would only feed the patterns.
    head = [line[:LONGEST] for line in signs.head]
    tail = [line[-LONGEST:] for line in signs.tail]
    for number, line in enumerate(head):
        yield from _dateline(line, number, agencies)
    quoted = sum(bool(_SOURCED.match(line)) for line in tail) > 1  # a digest that names whom it quotes
    for number, line in enumerate(tail):
        if not (quoted and _SOURCED.match(line)):
            yield from _trailer(line, len(tail) - number, agencies)
    for line in signs.notes:
        yield from _trailer(line[:LONGEST], 1, agencies)
    for line in (*head, *tail):
        yield from _copyright(line, agencies)


def _byline(byline: str, agencies: Agencies) -> Iterator[Credit]:
    if not _PHOTO.search(byline):
        partial = bool(_PARTIAL.search(byline))
        yield from (Credit(m.agency, byline, "byline", partial) for m in _named(byline, agencies))


def _named(line: str, agencies: Agencies) -> Iterable[Mention]:
    """The agencies among the names of a byline: alone, or with a role ("AP Auto Writer"), or after a person's name."""
    found = agencies.find(line, short=True)
    if not found and (
        whole := agencies.whole(re.sub(r"^\s*(?:by|von|par|por|di|da)\s+", "", line, flags=re.IGNORECASE))
    ):
        return [Mention(whole, 0, len(line))]
    return [m for m in found if _ends_a_name(line, m)]


def _ends_a_name(line: str, mention: Mention) -> bool:
    """Whether a mention in a byline stands as a name of its own, not inside another one ("Reuters Square")."""
    behind = line[mention.end :]
    return not re.match(r"\s+[A-Z][a-z]+", behind) or bool(_ROLE.match(behind) or _DATE.match(behind))


def _dateline(line: str, number: int, agencies: Agencies) -> Iterator[Credit]:
    if found := _STAMPED.search(line):
        yield from (Credit(agency, found.group().strip(), "dateline") for agency in _parts(found["who"], agencies))
    elif (found := _DATELINE.match(line)) and not _PICTURED.match(line):
        place, names = found["place"], _parts(found["who"], agencies)
        # A parenthesis in running text ("The union (AP poll: …) said") has lower-case words before it; a place has few.
        if (
            names
            and len(place.split()) <= 8
            and not _PHOTO.search(found["who"])
            and not re.search(r"[.!?]\s+\D|\b(?:said|told)\b", place)
        ):
            yield from (Credit(agency, found.group().strip(), "dateline") for agency in names)
    elif (found := _RELEASE.search(line[:120])) and (agency := agencies.whole(found["who"])):
        yield Credit(agency, line[: found.end()], "dateline")
    elif (found := re.match(r"^(新华社|中新社|新華社|中新网)[^，。]{0,25}[电電讯]", line)) and (
        mentions := agencies.find(found.group(), short=True)
    ):
        yield Credit(mentions[0].agency, found.group(), "dateline")
    first, *rest = re.split(r"\s[|·•–—]\s|\s*[|]\s*", line, maxsplit=1)
    # Two letters alone on a line are a font-size button or an avatar as often as an agency.
    if (
        number < 2
        and len(line.split()) <= 14
        and len(_bare(first)) > 2
        and (agency := agencies.whole(_bare(first)))
        and not _PHOTO.search(line)
        and not (rest and len(rest[0].split()) > 4 and not re.search(r"\d", rest[0]))  # a picture's caption
    ):
        yield Credit(agency, line, "byline")
    elif number < 3 and len(line.split()) <= 14 and re.match(r"(?:by|von|par|por|di)\s", line, re.IGNORECASE):
        yield from _byline(line, agencies)


def _parts(who: str, agencies: Agencies) -> list[str]:
    """The agencies of "dpa/lsw", "AP, Reuters" or "Xinhua"; none unless the first is one, for then it is no credit."""
    parts = re.split(r"[/,;&+]|\s(?:and|und|et|y|e)\s|\s[-–]\s", who)
    keys = [agencies.whole(part) for part in parts if not re.search(r"\d", part)]  # a date may stand with them
    return [k for k in keys if k] if keys and (keys[0] or keys[-1]) else []


def _trailer(line: str, from_end: int, agencies: Agencies) -> Iterator[Credit]:
    words = len(line.split())
    if _PHOTO.search(line) and words < 30:
        return
    if _REUTERS_FORM.search(line):
        mentions = agencies.find(line, short=False)
        yield Credit(mentions[0].agency if mentions else "reuters", line[-300:], "trailer")
        return
    if found := _SOURCE.match(line):
        yield from (
            Credit(m.agency, line[:200], "trailer") for m in agencies.find(line[found.end() :][:60], short=True)
        )
        return
    if words <= 6 and len(_bare(line)) > 2 and (names := _parts(_bare(line), agencies)):
        yield from (Credit(agency, line, "trailer") for agency in names)
        return
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z(\[–—-])", line)[-4:] if from_end <= 6 else ():
        mentions = agencies.find(sentence, short=True)
        if not mentions or len(sentence.split()) > 40:
            continue
        if _PARTIAL.search(sentence) and not re.search(r"\btold\b|\baccording to\b", sentence):
            yield from (Credit(m.agency, sentence, "trailer", partial=True) for m in mentions)
        elif _WRITTEN.search(sentence[: mentions[0].start]):
            yield Credit(mentions[0].agency, sentence, "trailer")
    if from_end <= 4 and (
        found := re.search(
            r"(?:[(](?P<a>[^()]{2,40})[)]|\s[-–—]{1,2}\s?(?P<b>[\w /.]{2,30})|(?P<c>(?<![\w.-])[\w.-]{1,20}/[\w.-]{1,20}))\W*$",
            line,
        )
    ):
        who = found["a"] or found["b"] or found["c"]
        # Initials right behind the written-out name explain it, as a footer does that lists the paper's agencies.
        explains = any(m.end >= found.start() - 1 for m in agencies.find(line[: found.start() + 1], short=False))
        if not _PHOTO.search(who) and not explains:
            partial = bool(_PARTIAL.search(who))
            names = _parts(who, agencies) or ([m.agency for m in agencies.find(who, short=True)] if partial else [])
            yield from (Credit(agency, found.group().strip(), "trailer", partial) for agency in names)


def _copyright(line: str, agencies: Agencies) -> Iterator[Credit]:
    if (sign := _CREATED.search(line)) and not _PHOTO.search(line[: sign.end() + 60]):
        for mention in agencies.find(line[sign.end() :][:80], short=True)[:2]:
            yield Credit(mention.agency, line[sign.start() :][:200], "copyright")


def _bare(line: str) -> str:
    return line.strip(" .,:;()[]{}–—-*/|")
