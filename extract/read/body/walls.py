"""What stands in front of the rest of an article that is to be paid for."""

from extract.read import terms

LONGEST = 25  # words: a longer line speaks of those who pay, and does not send them away

_WORDS = tuple(sorted(terms.words("wall")))
_PLAIN = tuple(filter(str.isascii, _WORDS))  # of these only has a line without accents any


def says_so(text: str, words: int) -> bool:
    """Whether a line of so many words says that the rest of the article is for those who pay."""
    told = text.lower() if words <= LONGEST else ""
    return any(wall in told for wall in (_PLAIN if told.isascii() else _WORDS))
