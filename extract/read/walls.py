"""What stands in front of the rest of an article that is to be paid for."""

from extract.read import terms

_WORDS = tuple(terms.words("wall"))


def says_so(text: str) -> bool:
    """Whether a line says that the rest of the article is for those who pay."""
    told = text.lower()
    return any(words in told for words in _WORDS)
