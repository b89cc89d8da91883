"""The words that tell of a story, and what each counts for: those of its title and of its first 600, the earlier the more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from extract import words

TITLE = 4.0  # what a word of the title counts
# What a word of the text counts, up to this one of them; those behind the last count nothing.
OPENING = ((60, 3.0), (200, 1.5), (600, 0.6))


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """A story's words, each once, in the order of their letters: of words that weigh alike all stories keep the same."""

    words: Sequence[str]
    weights: NDArray[np.float64]  # what each counts for

    def said(self) -> list[int]:
        """How much each adds to how common it is: what it counts for, one at least. What is said again and again is common
        before many stories have it; whole numbers, so that they add up alike in any order."""
        return [max(1, n) for n in map(int, np.rint(self.weights).tolist())]


def of(title: str, text: str) -> Terms:
    """The words of a story. Scripts without blanks give pairs of characters."""
    found: defaultdict[str, float] = defaultdict(float)
    for word in _units(title):
        found[word] += TITLE
    last, begin = OPENING[-1][0], 0
    units = _units(text[: last * 12], last)
    for end, weight in OPENING:
        for word in units[begin:end]:
            found[word] += weight
        begin = end
    found.pop("", None)
    said = tuple(sorted(found))
    return Terms(said, np.fromiter(map(found.__getitem__, said), float, len(said)))


def _units(text: str, most: int | None = None) -> list[str]:
    """What tells of a text's words: each of two letters or more, and each two characters side by side; empty where nothing begins."""
    said = words.words(text)[:most]
    if not words.has_unspaced(text):
        return [word if len(word) > 1 else "" for word in said]
    found = []
    for word, after in pairwise((*said, "")):
        if words.is_unspaced(word):
            found.append(word + after if words.is_unspaced(after) else "")
        else:
            found.append(word if len(word) > 1 else "")
    return found
