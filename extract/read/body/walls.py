"""What stands in front of the rest of an article that is to be paid for."""

import re

from extract.read import terms

LONGEST = 25  # words: a longer line speaks of those who pay, and does not send them away

_WORDS = tuple(sorted(terms.words("wall")))
_PLAIN = tuple(filter(str.isascii, _WORDS))  # of these only has a line without accents any
# In many languages: to go on.
_MORE = re.compile(
    r"continu|keep reading|weiter|poursui|la suite|siga? |segui|sigue|verder|videre|vidare|fortsätt|jatka|dalej|dál|pokračov|tovább|folytat|"
    r"în continuare|nastavak|nadaljev|дальше|продолж|далі|devam|συνεχ|続き|续|續|剩余|계속|rest of|suite de|whole|full|complet|ganzen",
    re.IGNORECASE,
)


def says_more(text: str) -> bool:
    """Whether what says so tells that the article goes on, and not only that there are subscribers."""
    return _MORE.search(text) is not None


def says_so(text: str, words: int) -> bool:
    """Whether a line of so many words says that the rest of the article is for those who pay."""
    told = text.lower() if words <= LONGEST else ""
    return any(wall in told for wall in (_PLAIN if told.isascii() else _WORDS))
