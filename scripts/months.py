"""Make the list of months' names, extract/read/when/months.txt, in the languages of the press.

    PYTHONPATH=. python scripts/months.py

dateparser comes with htmldate; its names are CLDR's and its own (BSD, Unicode licence). A line a month: whole names only, of letters
enough not to be another language's ordinary word, and none that is two months'.
"""

import re
import unicodedata
from collections import defaultdict
from pathlib import Path

from dateparser.languages.loader import default_loader
from htmldate.extractors import MONTH_KEYS

from extract.read.when.printed import NAME

LANGUAGES = """
af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu ha he hi hr hu hy id is it ka kk km kn ko ky lo lt
lv mk ml mr ms mt my nb ne nl pa pl pt ro ru si sk sl sq sr sr-Latn sv sw ta te th tr uk ur uz
"""
OUT = Path(__file__).parents[1] / "extract" / "read" / "when" / "months.txt"
# October in Croatian, November in Polish (printed.month tells them apart); names of people; fever.
NONE = frozenset(
    ("listopad", "listopada", "listopadom", "augusta", "julie", "junie", "marco", "maris", "liepa", "جون", "feber")
)
WORD = re.compile(f"{NAME}+")  # what readers take for one
LATIN = re.compile(r"[a-z]+|[\u0000-\u024f\u0400-\u052f]+")


def least(name: str) -> int:
    """Letters that a name needs: many words of four are a month somewhere and something else elsewhere."""
    if name.isascii():
        return 5
    return 4 if LATIN.fullmatch(name) else 3


def main() -> None:
    months: dict[str, set[int]] = defaultdict(set)
    for locale in default_loader.get_locales(languages=LANGUAGES.split()):
        for number, key in enumerate(MONTH_KEYS, 1):
            names = {unicodedata.normalize("NFC", told.casefold()).strip(".") for told in locale.info.get(key, [])}
            for name in names:
                is_short = any(
                    other != name and other.startswith(name[:-1]) and len(other) > len(name) + 1 for other in names
                )
                if WORD.fullmatch(name) and len(name) >= least(name) and not is_short and name not in NONE:
                    months[name].add(number)
    lines = [" ".join(sorted(name for name, of in months.items() if of == {number})) for number in range(1, 13)]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{OUT}: {sum(len(line.split()) for line in lines)} names")


if __name__ == "__main__":
    main()
