"""A line as a row of tokens, one letter for what each is: what the shapes of credits are matched against.

Signs are folded first: full width to half, brackets of every script to ( and ), dashes to -, bullets to |. A word glued to
the next by a change of case ("LondonReuters") is two.

    N agency's name   L one of several words   S a short one like any word or name (MAP, Nova)   U agencies without one
    K capitalised word   C one in capitals   x other word   h run of Chinese, Japanese or Korean
    b by   l label of a source or an author   w with   m material, reporting   c contributed   v written, published
    y a story, an article   r role   t article   & and   d date, hour or number   p picture   © copyright
    T telegram (电)   ( ) / , | - . : = signs   _ a hyphen between letters
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from extract.read import terms
from extract.read.when.printed import month

if TYPE_CHECKING:
    from extract.credit.agencies import Agencies

NOBODY = "-"  # whose name a homonym is

RUNS = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_PIECE = re.compile(
    r"(?P<sign>©|\([Cc]\))|(?P<hour>\b[ap]\.m\b\.?)|(?P<number>\d+(?:st|nd|rd|th)?)|"
    r"(?P<hyphen>(?<=[^\W\d_])[-‐‑](?=[^\W\d_]))|"
    rf"(?P<run>[{RUNS}]+)|(?P<word>(?:(?![{RUNS}])[^\W\d_]|[\u0300-\u036f\u0900-\u0963\u0966-\u0dff])+)(?:['’]s\b)?|(?P<other>[^\s])"
)
_FOREIGN = re.compile(r"[^\x00-\x7f]")
UNSPACED = re.compile(f"[{RUNS}]")
_GLUED = re.compile(r"(?<=[a-zà-ÿа-я])(?=[A-ZÀ-ÞА-Я])|(?<=[A-Z]{3})(?=[A-Z][a-z]{2})")
_OPEN, _CLOSE = "([{【〔〈《「『", ")]}】〕〉》」』"
_SIGNS = {
    **dict.fromkeys(_OPEN, "("),
    **dict.fromkeys(_CLOSE, ")"),
    **dict.fromkeys("-‐‑‒–—―−ー~_", "-"),
    **dict.fromkeys("|·•∙▪■●◆◾ㅣ", "|"),
    **dict.fromkeys(";,、،؛", ","),
    **dict.fromkeys(".。…।۔։", "."),
    **dict.fromkeys("&+", "&"),
    **dict.fromkeys('"“”„«»', '"'),
    **dict.fromkeys("/\\", "/"),
    **dict.fromkeys("'’‘´`", "'"),
    ":": ":",
    "=": "=",
}
_ROLES = (  # the first role that a word has is what it is
    ("photo", "p"),
    ("by", "b"),
    ("with", "w"),
    ("and", "&"),
    ("the", "t"),
    ("story", "y"),
    ("contributed", "c"),
    ("material", "m"),
    ("written", "v"),
    ("role", "r"),
    ("time", "d"),
    ("weekday", "d"),
)
_BESIDE = re.compile(r"[-/,|&][NLS]")
_TELEGRAM, _REPORTER = "[电電讯訊]", "記者|记者|기자|특파원"
_IN_RUN = re.compile(f"(?P<T>{_TELEGRAM})|(?P<r>{_REPORTER})|(?P<h>.+?(?={_TELEGRAM}|{_REPORTER}|$))")


class Token(NamedTuple):
    """One piece of a line: what it is, where it stands in the line (half open), and whose name it is."""

    letter: str
    text: str  # folded
    start: int
    end: int
    agency: str = ""


def fold(line: str) -> str:
    """A line of the same length in half-width signs."""
    if line.isascii():
        return line
    return _FOREIGN.sub(lambda found: _half_width(found.group()), line)


@functools.lru_cache(4096)
def _half_width(sign: str) -> str:
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign


def unglued(line: str) -> str:
    """A line with a blank where a change of case glues two words together."""
    return _GLUED.sub(" ", fold(line))


def pieces(line: str) -> list[Token]:
    """A line cut into words, numbers and signs; what its words are is not told yet (letter K, x or h)."""
    found = []
    for match in _PIECE.finditer(fold(line)):
        kind, start = match.lastgroup, match.start()
        text = match.group(kind or 0)
        if kind == "word" and (len(text) == 1 or text[1:].islower()):  # as most are: nothing is glued there
            found.append(Token("x" if text[0].islower() else "K", text, start, start + len(text)))
        elif kind == "word":
            for at, to in pairwise([0, *(m.start() for m in _GLUED.finditer(text)), len(text)]):
                part = text[at:to]
                capital = "C" if len(part) > 2 and part.isupper() else "K"
                found.append(Token("x" if part[0].islower() else capital, part, start + at, start + to))
        else:
            letter = {"sign": "©", "hour": "d", "number": "d", "run": "h", "hyphen": "_"}.get(kind or "")
            found.append(Token(letter or _SIGNS.get(text, "~"), text, start, match.end()))
    return found


@functools.lru_cache(256)  # a page's last lines are read twice
def read(line: str, agencies: "Agencies") -> tuple[Token, ...]:
    """The tokens of a line, agencies' names and the words of bylines told apart."""
    found: list[Token] = []
    rest = _named(pieces(line), agencies)
    at = 0
    while at < len(rest):
        token = rest[at]
        width = 1
        if (
            token.letter == "h"
            and token.text in terms.words("source")
            and rest[at + 1 : at + 2]
            and rest[at + 1].letter == ":"
        ):
            token = token._replace(letter="l")
        if token.letter in "KCx" and not token.agency:
            letter, width = _term(rest, at)
            if not letter and not any(t.letter not in '(-|~"' for t in found) and _is_bare_label(rest, at):
                letter = "l"
            if not letter and month(token.text) and _by_number(rest, at):
                letter = "d"
            if letter:
                last = rest[at + width - 1]
                token = Token(letter, token.text, token.start, last.end)
        found.append(token)
        at += width
    return tuple(_among(_unsurnamed(found), agencies))


def _by_number(rest: Sequence[Token], at: int) -> bool:
    """Whether a number stands beside a token, or behind the dot beside it."""
    near = rest[max(0, at - 2) : at + 3]
    return any(token.letter == "d" and token.text[:1].isdigit() for token in near)


def _is_bare_label(rest: Sequence[Token], at: int) -> bool:
    """Whether a word says where a text is from though no colon follows: then nothing but senders does ("Source AFP")."""
    word, behind = rest[at].text.lower(), rest[at + 1 :]
    is_label = word in terms.words("source") and word != "credit"  # which is a picture's
    if not is_label or not any(t.agency for t in behind):
        return False
    return all(t.letter in 'NLU/,&()."' or t.text.lower() in terms.words("and") for t in behind)


@functools.cache
def _terms() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """By first word: the words of each term in order, longest first, and their letter."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for role, letter in _ROLES:
        for term in terms.words(role):
            words = tuple(p.text for p in pieces(term))
            found.setdefault(words[0], []).append((words, letter))
    for role in ("source", "author"):
        for term in terms.words(role):
            words = tuple(p.text for p in pieces(term))
            found.setdefault(words[0], []).append(((*words, ":"), "l"))
    for term in terms.words("copyright"):
        found.setdefault(term, []).insert(0, ((term,), "©"))
    for rows in found.values():
        rows.sort(key=lambda row: -len(row[0]))
    return found


def _term(rest: Sequence[Token], at: int) -> tuple[str, int]:
    """The letter of the term that begins at a token, and how many tokens it is; a label's colon is not one of them."""
    first = rest[at].text
    for words, letter in _terms().get(first.lower(), ()):
        there = rest[at : at + len(words)]
        if len(there) == len(words) and all(
            t.text.lower() == w or (t.letter == "|" and w == ":") for t, w in zip(there, words, strict=True)
        ):
            if len(first) <= 2 and first.isupper() and letter in "&w":
                continue  # initials are no "and" and no "with"
            return letter, len(words) - (letter == "l")
    return "", 1


def _named(found: Sequence[Token], agencies: "Agencies") -> list[Token]:
    """With agencies' names as one token each; of a run without blanks what stands around a name is its own token."""
    named: list[Token] = []
    at = 0
    while at < len(found):
        token = found[at]
        if token.letter != "h" and not agencies.begins(token):  # as most do
            named.append(token)
            at += 1
            continue
        width, agency = agencies.at(found, at)
        if token.letter == "h" and not width:
            named.extend(_cut(token, agencies))
            at += 1
            continue
        if width and agency is not None:
            last = found[at + width - 1]
            name = " ".join(t.text for t in found[at : at + width])
            letter = "U" if agencies.kind(agency) == "unspecified" else "L" if width > 1 else "N"
            if width == 1 and agencies.is_like_any(name, agency):
                letter = "S"
            named.append(Token(letter, name, token.start, last.end, agency))
        else:
            named.extend(_nobodys(t) for t in found[at : at + width])
            if not width:
                named.append(token)
        at += width or 1
    return _unexplained(_merged(named))


def _merged(named: list[Token]) -> list[Token]:
    """With a name and its own initials behind it as one: "Agence France-Presse (AFP)"."""
    found: list[Token] = []
    for token in named:
        found.append(token)
        if len(found) >= 4 and [t.letter for t in found[-3::2]] == ["(", ")"]:
            name, initials = found[-4], found[-2]
            if name.agency and name.agency == initials.agency != NOBODY:
                found[-4:] = [name._replace(end=token.end)]
    return found


def _nobodys(token: Token) -> Token:
    """A word of a homonym: a picture's word still says so."""
    return token._replace(letter="p" if token.text.lower() in terms.words("photo") else "K", agency=NOBODY)


def _cut(run: Token, agencies: "Agencies") -> Iterator[Token]:
    at = 0
    for start, end, agency in agencies.within(run.text):
        yield from _unnamed(run, at, start)
        if agency is None:
            yield Token("h", run.text[start:end], run.start + start, run.start + end)
        else:
            letter = "U" if agencies.kind(agency) == "unspecified" else "N"
            yield Token(letter, run.text[start:end], run.start + start, run.start + end, agency)
        at = end
    yield from _unnamed(run, at, len(run.text))


def _unnamed(run: Token, start: int, end: int) -> Iterator[Token]:
    """What a run says between names: a telegram's sign, a reporter, the rest."""
    at = run.start + start
    for part in _IN_RUN.finditer(run.text[start:end]):
        yield Token(part.lastgroup or "h", part.group(), at + part.start(), at + part.end())


def _unexplained(found: list[Token]) -> list[Token]:
    """Without the initials in brackets that explain the words before them: "Government of National Accord (GNA)"."""
    for at, token in enumerate(found):
        if (
            token.letter not in "NLS"
            or not 0 < at < len(found) - 1
            or found[at - 1].letter + found[at + 1].letter != "()"
        ):
            continue
        initials = token.text.upper()
        if initials.isalpha() and token.text.isupper() and _spells(found[: at - 1], initials):
            found[at] = token._replace(letter="K", agency="")
    return found


def _unsurnamed(found: list[Token]) -> list[Token]:
    """Without short names in title case beside a capitalised word, with no sign between: a person's (Petra Wolf)."""
    for at, token in enumerate(found):
        if token.letter == "S" and token.text.istitle() and _is_beside_a_name(found, at):
            found[at] = token._replace(letter="K", agency="")
    return found


def _is_beside_a_name(found: Sequence[Token], at: int) -> bool:
    """Whether a capitalised word that is nobody's stands right before a token, or right behind it."""
    beside = [*found[max(0, at - 1) : at], *found[at + 1 : at + 2]]
    return any(t.letter == "K" and not t.agency and t.text.isalpha() for t in beside)


def _spells(before: Sequence[Token], initials: str) -> bool:
    """Whether the words at the end of a row begin with these letters, small words between them left out or not."""
    words: list[str] = []
    for token in reversed(before):
        if token.letter not in "KCxNLS-_'&t" and not token.text.isalpha():
            break
        words.extend(part[0].upper() for part in reversed(token.text.split()) if part[0].isalpha())
        if len(words) > 2 * len(initials) + 2:
            break
    return _ends(words, initials[::-1], True)


def _ends(words: Sequence[str], initials: str, first: bool) -> bool:
    if not initials:
        return True
    if not words:
        return False
    if words[0] == initials[0] and _ends(words[1:], initials[1:], False):
        return True
    return not first and _ends(words[1:], initials, False)


def _among(found: list[Token], agencies: "Agencies") -> list[Token]:
    """With initials in another case beside an agency named already: "Reuters - Ap - Afp"; not a person's (Ann Mena, AFP)."""
    for at, token in enumerate(found):
        if token.letter in "KC" and not token.agency and 2 <= len(token.text) <= 5 and not _is_beside_a_name(found, at):
            sides = (
                "".join(t.letter for t in found[max(0, at - 2) : at][::-1]),
                "".join(t.letter for t in found[at + 1 : at + 3]),
            )
            if any(_BESIDE.match(side) for side in sides) and (agency := agencies.whole(token.text.upper())):
                found[at] = token._replace(letter="N", agency=agency)
    return found
