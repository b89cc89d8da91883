"""How common words are: counted from what is kept, and beforehand from elsewhere, so that a language's first day is not cold."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extract import words
from extract.group.terms import Terms

# What a stop word counts for where nothing has been counted: as if each stood in a tenth of so many stories.
BEFORE, SHARE = 2_000, 0.1
ENOUGH = 100  # stop words of a list; scripts without blanks have none of whole words
# ISO 639-1 → what justext calls its list of stop words, made of that language's Wikipedia.
STOPPED = {
    "af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "fy": "West_Frisian", "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ka": "Georgian", "kk": "Kazakh", "kn": "Kannada", "ku": "Kurdish", "ky": "Kyrgyz", "lb": "Luxembourgish",
    "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mr": "Marathi", "ms": "Malay",
    "mt": "Maltese", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian_Nynorsk", "no": "Norwegian_Bokmal", "oc": "Occitan",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tl": "Tagalog",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese",
}  # fmt: skip


class _Said(dict[str, int]):
    """How much each word of a language is said, in the stories counted beforehand too."""

    def __init__(self, language: str) -> None:
        self._before = beforehand(language)[0]

    def __missing__(self, word: str) -> int:
        said = self[word] = self._before.get(word, 0)
        return said


@dataclass(slots=True)
class Frequencies:
    """How much of a language's stories each word is."""

    stories: Counter[str] = field(default_factory=Counter)  # language → stories
    _words: dict[str, _Said] = field(default_factory=dict)

    def count(self, language: str, stories: int, words: Iterable[tuple[str, int]]) -> None:
        """Count so many stories, and how much each word is said in them."""
        self.stories[language] += stories
        said = self._of(language)
        for word, n in words:
            said[word] += n

    def add(self, language: str, terms: Terms) -> None:
        """Count a story."""
        self.count(language, 1, zip(terms.words, terms.said(), strict=True))

    def rarities(self, language: str, words: Sequence[str]) -> NDArray[np.float64]:
        """How telling each word is: the logarithm of how little it is said, in the stories counted beforehand too."""
        total = self.stories[language] + beforehand(language)[1] + 2
        said = np.fromiter(map(self._of(language).__getitem__, words), float, len(words))
        return np.maximum(np.log(total / (said + 1)), 0)

    def _of(self, language: str) -> _Said:
        if (known := self._words.get(language)) is None:
            known = self._words[language] = _Said(language)
        return known


@cache
def beforehand(language: str) -> tuple[Mapping[str, int], int]:
    """(word → stories, of so many) of a language: counted where it has been, else made of its stop words; nothing where there are
    none."""
    path = Path(__file__).parent / "common" / f"{language}.tsv"
    if path.exists():
        head, *lines = path.read_text(encoding="utf-8").splitlines()
        return {word: int(n) for word, n in (line.split("\t") for line in lines)}, int(head)
    if language not in STOPPED:
        return {}, 0
    from justext import get_stoplist  # a fiftieth of a second, for who decides events only

    listed = {word for line in get_stoplist(STOPPED[language]) for word in words.words(line) if len(word) > 1}
    return (dict.fromkeys(listed, round(SHARE * BEFORE)), BEFORE) if len(listed) >= ENOUGH else ({}, 0)
