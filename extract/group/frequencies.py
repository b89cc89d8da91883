"""How common words are: counted from what is kept, and beforehand from elsewhere, so that a language's first day is not cold."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from extract import words

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


@dataclass(slots=True)
class Frequencies:
    """How much of a language's stories each word is."""

    stories: Counter[str] = field(default_factory=Counter)  # language → stories
    words: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, language: str, terms: Mapping[str, float]) -> None:
        """Count a story, each of its words by `said`."""
        self.stories[language] += 1
        self.words[language].update(said(terms))

    def rarities(self, language: str, terms: Iterable[str]) -> dict[str, float]:
        """How telling each word is: the logarithm of how little it is said, in the stories counted beforehand too."""
        common, before = beforehand(language)
        total, had, known = self.stories[language] + before + 2, self.words[language].get, common.get
        return {term: max(0.0, math.log(total / (had(term, 0) + known(term, 0) + 1))) for term in terms}


def said(terms: Mapping[str, float]) -> dict[str, int]:
    """How much each word of a story adds to how common it is: what it counts for there, one at least. What is said again and again
    is common before many stories have it; whole numbers, so that they add up alike in any order."""
    return {term: max(1, round(n)) for term, n in terms.items()}


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
