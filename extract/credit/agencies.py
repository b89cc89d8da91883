"""The world's news agencies: their names as they are printed, and finding those names in a line."""

import functools
import re
import tomllib
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from extract.credit.tokens import RUNS, UNSPACED, Token, pieces, unglued
from extract.errors import BadInput

FILE = Path(__file__).with_name("agencies.toml")
_FIELDS = {"name", "kind", "languages", "sites", "names", "short", "not"}


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency as its data file describes it."""

    key: str
    name: str  # for display
    kind: str  # agency, service, release or unspecified
    languages: tuple[str, ...]
    sites: tuple[str, ...]  # registered domains that are its own
    names: tuple[str, ...]  # written out
    short: tuple[str, ...]  # initials and sigla: they count only where a credit stands
    homonyms: tuple[str, ...]  # phrases that hold a name and credit nobody


# Of 5,400 lines where a credit could stand one in ten holds one of these.
_COMMON = frozenset(
    [
        "news",
        "press",
        "media",
        "service",
        "services",
        "business",
        "health",
        "international",
        "online",
        "life",
        "science",
        "group",
        "national",
        "today",
        "agency",
        "europe",
        "united",
        "information",
        "sport",
        "sports",
        "report",
        "city",
        "digital",
        "deutschland",
        "company",
        "market",
        "real",
        "the",
        "wire",
        "world",
        "times",
        "post",
    ]
)
_WORD = re.compile(rf"(?:(?![{RUNS}])[^\W\d_])+|[{RUNS}]+")  # as pieces of a line: a run without blanks ends a word
_ARTICLE = re.compile(r"^(?:the|die|der|das|la|el|le)\s+|^l[’']", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]  # as pieces of a line
    lowered: tuple[str, ...]
    agency: str | None  # None: a homonym
    short: bool


class Agencies:
    """All agencies known, indexed by how their names begin."""

    def __init__(self, agencies: list[Agency]) -> None:
        self.all = agencies
        self._by_key = {a.key: a for a in agencies}
        self._by_site = {site: a.key for a in agencies for site in a.sites}
        self._starts: dict[str, list[_Name]] = {}
        self._runs: list[tuple[str, str | None, bool]] = []  # names in scripts without blanks, and whether words too
        self._words = {
            (a.key, s) for a in agencies for s in a.short if s in a.homonyms
        }  # words or acronyms of others too
        homonyms = [(h, None, False) for a in agencies for h in a.homonyms if h not in a.short]
        names = [(n, a.key, n in a.short) for a in agencies for n in (*a.names, *a.short)]
        for text, agency, short in [*homonyms, *names]:
            words = _indexed(text)
            if len(words) == 1 and words[0].letter == "h":
                self._runs.append((words[0].text, agency, (agency, text) in self._words))
            elif words:
                name = _Name(tuple(w.text for w in words), tuple(w.text.lower() for w in words), agency, short)
                self._starts.setdefault(name.lowered[0], []).append(name)
        self._hints: dict[str, list[frozenset[str]]] = {}  # by a name's most telling word: all of its words
        for whole in {frozenset(_lowered(name)) for name, agency, _ in names if agency}:
            self._hints.setdefault(_telling(whole), []).append(whole)
        for starts in self._starts.values():
            starts.sort(key=lambda n: -len(n.words))  # the longest name that fits is the one meant
        self._runs.sort(key=lambda run: -len(run[0]))

    def begins(self, token: Token) -> bool:
        """Whether a name may begin at a token."""
        return token.text.lower() in self._starts

    def at(self, tokens: Sequence[Token], index: int) -> tuple[int, str | None]:
        """How many tokens a name is that begins at one of a line's, and whose; 0 where none begins there. A homonym is
        nobody's. Initials count as they are printed or in capitals, names in any case that is no running text's."""
        for name in self._starts.get(tokens[index].text.lower(), ()):
            width = len(name.words)
            if index + width > len(tokens) or (width > 1 and tokens[index + 1].text.lower() != name.lowered[1]):
                continue
            if _says([t.text for t in tokens[index : index + width]], name, self.kind(name.agency or "")):
                inner = self.at(tokens, index + 1) if name.lowered[0] == "the" else (0, None)
                return (1 + inner[0], None) if inner[0] >= width and inner[1] is None else (width, name.agency)
        return 0, None

    def might_name(self, text: str) -> bool:
        """Whether it is worth looking for names in a line: false where none can be there."""
        words = set(_lowered(text))
        if any(name <= words for hint in self._hints.keys() & words for name in self._hints[hint]):
            return True
        return UNSPACED.search(text) is not None and any(run in text for run, _, _ in self._runs)

    def within(self, run: str) -> list[tuple[int, int, str | None]]:
        """The names in a text without blanks, in order: start, end, and whose; the longest wins where two overlap. One that is
        a word too (共同) is none in front of other words (共同声明)."""
        found: list[tuple[int, int, str | None]] = []
        words: set[int] = set()  # where names begin that are words too
        for text, agency, is_word in self._runs:
            at = run.find(text)
            if at >= 0 and all(at + len(text) <= start or at >= end for start, end, _ in found):
                found.append((at, at + len(text), agency))
                if is_word:
                    words.add(at)
        ends = {start for start, _, _ in found} | {len(run)}
        return sorted(name for name in found if name[0] not in words or name[1] in ends)

    def whole(self, text: str) -> str | None:
        """The agency whose name (or initials) this is, all of it; "The" before it does not count."""
        bare = text.strip(" .,:;[]()–—-*")
        return next(
            (key for said in (text.strip(), bare, _ARTICLE.sub("", bare)) if (key := self._only(pieces(said)))), None
        )

    def _only(self, tokens: Sequence[Token]) -> str | None:
        """The agency whose name a row of tokens is, all of it, or all but a genitive's s."""
        if len(tokens) == 1 and tokens[0].letter == "h":
            return next((agency for name, agency, _ in self._runs if name == tokens[0].text), None)
        width, agency = self.at(tokens, 0) if tokens else (0, None)
        return agency if width and width == len(tokens) else None

    def is_like_any(self, text: str, key: str) -> bool:
        """Whether a short name is written like anybody's: in title case (Nova), or as a word or another's acronym (MAP)."""
        return (text.istitle() and text in self._by_key[key].short) or (key, text) in self._words

    def at_site(self, site: str) -> str | None:
        """The agency whose own site this is."""
        return self._by_site.get(site)

    def kind(self, key: str) -> str:
        """What sort of sender it is."""
        return self._by_key[key].kind if key in self._by_key else "agency"


def _lowered(text: str) -> list[str]:
    return _WORD.findall(unglued(text).lower())


def _telling(words: Set[str]) -> str:
    """Of a name's words the one that tells most: its longest that is not on every page."""
    return max(words, key=lambda word: (word not in _COMMON, len(word), word), default="")


def _says(there: Sequence[str], name: _Name, kind: str) -> bool:
    """Whether these words of a line are this name."""
    if name.short:
        return tuple(there) in (name.words, tuple(word.upper() for word in name.words))
    if tuple(word.lower() for word in there) != name.lowered:
        return False
    if name.agency is None or kind == "unspecified" or tuple(there) == name.words:
        return True
    return any(word[0].isupper() for word in there) or not name.words[0][0].isupper()


@functools.cache
def load(*extra: Path) -> Agencies:
    """The agencies of the built-in file and of a person's own ones, which may add to it or replace its entries.
    Raises BadInput where one of those cannot be read."""
    found = {agency.key: agency for path in (FILE, *extra) for agency in _listed(path)}
    return Agencies(list(reversed(found.values())))  # a person's own come first: their names win over the built-in ones


@functools.cache
def _listed(path: Path) -> tuple[Agency, ...]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(
            f"{path}: cannot be read ({error.strerror}); name another file under `agencies` in newsduck.toml"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: {error}") from error
    found = []
    for name, table in tables.items():
        if not isinstance(table, dict) or (odd := set(table) ^ _FIELDS):
            wrong = ", ".join(sorted(odd)) if isinstance(table, dict) else "not a table"
            raise BadInput(
                f"{path}: agency {name!r} has a missing or unknown key ({wrong}); it needs {', '.join(sorted(_FIELDS))}"
            )
        lists = (tuple(table[key]) for key in ("languages", "sites", "names", "short", "not"))
        found.append(Agency(name, table["name"], table["kind"], *lists))
    return tuple(found)


@functools.cache
def _indexed(text: str) -> tuple[Token, ...]:
    """A name in pieces."""
    return tuple(pieces(text))
