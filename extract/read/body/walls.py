"""What stands in front of the rest of an article that is to be paid for, or in place of a page that is not there."""

import re

from extract.read import terms
from extract.words import UNSPACED

LONGEST = 25  # words: a longer line speaks of those who pay, and does not send them away

_WORDS = tuple(sorted(terms.words("wall")))
_PLAIN = tuple(filter(str.isascii, _WORDS))  # of these only has a line without accents any
_MISSING = re.compile(rf"(?<![^\W{UNSPACED}])(?:{terms.pattern('missing')})", re.IGNORECASE)
BESIDE = 12  # letters at most that a title has besides what it says of a missing page: "404", "Oops!"


def says_so(text: str, words: int) -> bool:
    """Whether a line of so many words says that the rest of the article is for those who pay."""
    told = text.lower() if words <= LONGEST else ""
    return any(wall in told for wall in (_PLAIN if told.isascii() else _WORDS))


def says_missing(title: str) -> bool:
    """Whether a title says that the page does not exist, and hardly more."""
    found = _MISSING.search(title)
    return found is not None and sum(map(str.isalnum, title)) - sum(map(str.isalnum, found.group())) <= BESIDE
