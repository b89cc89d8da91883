"""A text's words as topics and searches know them: lower-cased, without accents, in any script.

    "L'Été à Zürich"     → l ete a zurich
    "東京オリンピック"      → 東 京 オ リ …         scripts that set no blanks between words: a word of a query is a run of these

Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese and Tibetan are cut into their characters, as Lucene's CJK analysis
does at its finest: a dictionary would cut a query and a text differently. Korean is among them because its particles are
written on to its words.
"""

import re
import unicodedata
from functools import cache

LONGEST = 200  # letters of a word; what is longer is no word, and its first 200 tell it
MOST = 20_000_000  # letters of texts whose words are held

# Letters only: the punctuation between them is no word in any script.
BLANKLESS = (  # of letters that are set without blanks
    "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e50-\u0e59"  # Thai
    "\u0e81-\u0edf"  # Lao
    "\u0f40-\u0fbc\u1000-\u1049\u1050-\u109d\u1780-\u17d3"  # Tibetan, Burmese, Khmer
    "\u3005-\u3007\u3031-\u3035\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
UNSPACED = f"{BLANKLESS}\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"  # and of Hangul, whose particles are written on
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe",
                          "þ": "th", "ё": "е", "\u200c": "", "\u200d": "", "\u0640": "",
                          "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه", "ۀ": "ه"})  # fmt: skip
_POINTS = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670]"
)  # Hebrew, Arabic
_ACCENTS = re.compile("([^\u0400-\u052f])[\u0300-\u036f]+")  # of any letter but a Cyrillic one, of which й is another


@cache
def pattern(wild: bool = False) -> re.Pattern[str]:
    """What a word is; with `wild`, one of a query, in which * and ? stand for letters."""
    marks, letter = _marks(), f"[^\\W{UNSPACED}]"
    if wild:
        return re.compile(f"[{UNSPACED}][{marks}]*|(?:{letter}|[{marks}*?])+")
    return re.compile(f"{letter}+(?:[{marks}]+{letter}*)*|[{UNSPACED}][{marks}]*")


def words(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return list(map(_folded.__getitem__, pattern_of(text).findall(text)))


class Lines(dict[str, str]):
    """A text's words in one line, with blanks between: each text cut once, however often it is asked for, until MOST letters are
    held."""

    letters = 0

    def __missing__(self, text: str) -> str:
        self.letters += len(text)
        if self.letters > MOST:
            self.clear()
            self.letters = len(text)
        line = self[text] = " ".join(words(text))
        return line


def spans(text: str) -> list[tuple[int, int]]:
    """Where each of `words(text)` stands in the text."""
    return [found.span() for found in pattern_of(text).finditer(text)]


def lowered(text: str) -> list[str]:
    """The same words lower-cased only, as stemmers want them."""
    return [word[:LONGEST].lower() for word in pattern_of(text).findall(text)]


def folded(word: str) -> str:
    """`fold(word)`, remembered: most of a day's words are the same few thousand."""
    return _folded[word]


def is_unspaced(word: str) -> bool:
    """Whether a word is a character of a script that sets no blanks between words."""
    return _unspaced().match(word) is not None


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}]")


def has_unspaced(text: str) -> bool:
    """Whether a character of such a script stands in a text."""
    return not text.isascii() and _unspaced().search(text) is not None


def fold(word: str) -> str:
    """A word as it is compared: compatible forms made one, lower case, no accents; never empty."""
    plain = unicodedata.normalize("NFKC", word[:LONGEST]).casefold().translate(_LETTERS)
    if not plain.isascii():
        apart = _POINTS.sub("", unicodedata.normalize("NFD", plain))
        plain = unicodedata.normalize("NFC", _ACCENTS.sub(r"\1", apart))
    return "".join(plain.split()) or word


class _Folded(dict[str, str]):
    def __missing__(self, word: str) -> str:
        if len(self) > 200_000:
            self.clear()
        folded = self[word] = word.lower()[:LONGEST] if word.isascii() else fold(word)
        return folded


_folded = _Folded()
_ASCII = re.compile(r"\w+", re.ASCII)
_WESTERN = re.compile(r"\w+")
_OTHER = re.compile("[\u0300-\u1fff\u200c\u200d\u20d0-\u20ff\u2c00-\ud7ff\uf900-\U0010ffff]")


def pattern_of(text: str) -> re.Pattern[str]:
    """The quickest pattern that finds the words of this very text."""
    if text.isascii():
        return _ASCII
    return pattern() if _OTHER.search(text) else _WESTERN


@cache
def _marks() -> str:
    """The combining marks and joiners, as ranges of a character class: vowel signs and accents are parts of words."""
    points = [n for n in range(0x300, 0x10000) if unicodedata.category(chr(n)).startswith("M")]
    ranges: list[list[int]] = []
    for point in points:
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges) + "\u200c\u200d"
