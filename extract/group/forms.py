"""Whether two texts are one form, filled with other numbers and names: weather warnings, recalls, horoscopes, draws.

What outlets do to a copy is to cut, to add and to put one word for another; they do not, in place after place, put another
number or name where one stood.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice

from extract.group.shingles import printed
from extract.words import has_unspaced, pattern

LOOKED_AT = 600  # words: a form is short, and shows by then
SLOT = 12  # words on either side of a place where other things stand: more is a passage of its own
SLOTS = 2  # numbers and names at least in whose place others stand: one alone is a correction
FILLED = 0.5  # of them to a number or name that both print: of 52 labelled copies the most is 0.31
NAMES = 0.1  # of the words that both print: more with capitals are nouns, as German writes them

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|\w+")  # 1,400 and 10.30 are one number
_BEGINS = re.compile(r"(?:^|[^\w\s,'’])\s*$|\n\s*$")  # what stands before a word that has a capital anyway
_NUMERALS = frozenset("〇一二三四五六七八九十百千万億亿零")


@dataclass(frozen=True, slots=True)
class _Read:
    """A text's words, and which of them tell one filling of a form from another."""

    words: Sequence[str]  # lower-cased
    tell: Sequence[bool]  # numbers and names
    own: Set[str]  # what its headline says, and the other's does not

    def told(self, start: int, end: int) -> set[str]:
        """The telling words of a place."""
        place = zip(self.words[start:end], self.tell[start:end], strict=True)
        return {word for word, tells in place if tells or word in self.own}


def is_filled(one: str, other: str, title: str, other_title: str) -> bool:
    """Whether the same words hold other numbers and names in several places, and few that are the same."""
    mine, theirs = _read(one, title, other_title), _read(other, other_title, title)
    filled = same = words = 0
    for tag, a, b, c, d in SequenceMatcher(None, mine.words, theirs.words).get_opcodes():
        found, instead = mine.told(a, b), theirs.told(c, d)
        if tag == "equal":
            same += len(found & instead)
            words += b - a
        elif tag == "replace" and max(b - a, d - c) <= SLOT:
            filled += min(len(found), len(instead)) if _are_others(found, instead) else 0
    return filled >= max(SLOTS, FILLED * min(same, NAMES * words))


def _are_others(found: set[str], instead: set[str]) -> bool:
    """Whether other numbers or names stand in a place; one that is written 十二 here and 12 there may be the same."""
    told = bool(found and instead) and found.isdisjoint(instead)
    return told and (found <= _NUMERALS) == (instead <= _NUMERALS)


def _read(text: str, title: str, other_title: str) -> _Read:
    word = _word_of(text)
    own = set(word.findall(title.casefold())) - set(word.findall(other_title.casefold()))
    return _Read(*_words(text), own)


@lru_cache(256)  # a story's lead is likened to many
def _words(text: str) -> tuple[Sequence[str], Sequence[bool]]:
    """The first words of a text, and which of them are numbers or names."""
    words, tell = list[str](), list[bool]()
    for found in islice(_word_of(text).finditer(text), LOOKED_AT):
        word = found.group()
        name = word[0].isupper() and not _BEGINS.search(text[max(0, found.start() - 4) : found.start()])
        words.append(printed(word.casefold()))
        tell.append(name or word in _NUMERALS or any(map(str.isdigit, word)))
    return words, tell


def _word_of(text: str) -> re.Pattern[str]:
    return pattern() if has_unspaced(text) else _WORD
