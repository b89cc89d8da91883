"""A text as the set of its 5-word shingles' 64-bit keys, and the sketch that candidates are found by. In scripts without
blanks a shingle is ten characters, which is as much. A text too short for shingles is one key: equal texts are one.

The sketch keeps the shingles in the lowest eighth of the range: the same ones in every text, so the sketches' overlap
estimates *containment*, the share of the smaller text that stands in the larger.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import xxhash
from numpy.typing import NDArray

from extract.words import folded, has_unspaced, is_unspaced, pattern_of

Keys = NDArray[np.int64]

VERSION = 3  # of what a sketch is
SHINGLE = 5  # words
LETTERS = 10  # characters of a shingle where most of a text is in a script without blanks
SKETCH_BELOW = -(1 << 63) + (1 << 61)  # the lowest eighth of the signed 64-bit range
SHORTEST = 10  # shingles' lengths: a shorter text is a brief or an alert, and shares its few shingles with anything
BRIEF = 8  # words of one
QUOTE = 900  # characters of a quotation at most: a mark that is not closed must not quote the rest of the text

_QUOTED = re.compile(
    rf"“[^”“]{{20,{QUOTE}}}[”“]|\"[^\"\n]{{20,{QUOTE}}}\"|[«»][^»«]{{20,{QUOTE}}}[»«]|„[^“”„]{{20,{QUOTE}}}[“”]|「[^」]{{8,{QUOTE}}}」"
)
# Serbian papers print one text in either script. Of Russian words it makes others, of each always the same one.
_LATIN = str.maketrans(
    dict(zip("абвгдђежзијклмнопрстћуфхцчш", "abvgddezzijklmnoprstcufhccs", strict=True))
    | {"љ": "lj", "њ": "nj", "џ": "dz"}
)
_PRIME = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / the golden ratio, odd: its powers spread a word over all 64 bits
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A text's shingles; one of the whole for a brief, none for less."""

    order: Keys  # as they stand
    keys: Keys  # sorted, each once
    told: Keys  # those that hold no quoted word, sorted, each once: what the reporter wrote
    scale: int = 1  # shingles to a word's: 2 in scripts without blanks

    @property
    def is_brief(self) -> bool:
        """Whether it is too short to be likened to anything but its equal."""
        return len(self.order) == 1


def of(text: str) -> Text:
    """The shingles of a text, words as `printed` makes them one.

    Each word is hashed once and five neighbours' hashes are mixed by arithmetic modulo 2^64, all at a time.
    """
    text = text.lower()
    word, words, spans = pattern_of(text), list[str](), list[tuple[int, int]]()  # spans of words inside quotation marks
    end = 0
    for quote in _QUOTED.finditer(text):
        words += word.findall(text, end, quote.start())
        first, end = len(words), quote.end()
        words += word.findall(text, quote.start(), end)
        spans.append((first, len(words)))
    words += word.findall(text, end)
    length = LETTERS if has_unspaced(text) and 2 * sum(map(is_unspaced, words)) >= len(words) else SHINGLE
    scale = length // SHINGLE
    if len(words) < SHORTEST * length:
        return _brief(words, scale)
    hashes = np.fromiter(map(_hashed.__getitem__, words), np.uint64, len(words))
    mixed = np.zeros(len(words) - length + 1, np.uint64)
    for n in range(length):
        mixed = mixed * _PRIME + hashes[n : n + len(mixed)]
    mixed = (mixed ^ (mixed >> np.uint64(32))) * _PRIME
    order = (mixed ^ (mixed >> np.uint64(29))).view(np.int64)
    quoted = np.zeros(len(words), bool)
    for first, last in spans:
        quoted[max(0, first - length + 1) : last] = True
    keys = _once(order)
    return Text(order, keys, _once(order[~quoted[: len(order)]]) if spans else keys, scale)


class _Hashed(dict[str, int]):
    """Words' hashes, remembered: most of a day's words are the same few thousand."""

    def __missing__(self, word: str) -> int:
        if len(self) > 200_000:
            self.clear()
        found = self[word] = xxhash.xxh3_64_intdigest(printed(word).encode("utf-8", "replace"))
        return found


_hashed = _Hashed()


def _once(keys: Keys) -> Keys:
    """Keys sorted, each once: in a third of the time of numpy's own for so few."""
    found = np.sort(keys)
    return found[np.concatenate(([True], found[1:] != found[:-1]))] if len(found) else found


def printed(word: str) -> str:
    """A word as every house would print it: without accents and vowel marks, numbers in European digits, Serbian in Latin
    letters."""
    if word.isascii():
        return word
    plain = folded(word).translate(_LATIN)
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in plain)


def _brief(words: list[str], scale: int) -> Text:
    """A brief as one key, which its sketch holds."""
    if len(words) < BRIEF * scale:
        return Text(_NONE, _NONE, _NONE, scale)
    key = xxhash.xxh3_64_intdigest(" ".join(map(printed, words)).encode("utf-8", "replace")) >> 3
    whole = np.array([key - (1 << 63)], np.int64)
    return Text(whole, whole, whole, scale)


def sketch(text: str) -> list[int]:
    """The eighth of a text's shingles that candidates are found by."""
    return sketch_of(of(text))


def sketch_of(text: Text) -> list[int]:
    """The same of a text whose shingles are known."""
    return [int(s) for s in lowest(text.keys)]


def lowest(keys: Keys) -> Keys:
    """Of sorted keys those below the sketch's border."""
    return keys[: np.searchsorted(keys, SKETCH_BELOW)]


def shared(one: Keys, other: Keys) -> Keys:
    """What two sorted sets have in common."""
    return np.intersect1d(one, other, assume_unique=True)
