"""The world's news agencies: their names as they are printed, and finding those names in a line."""

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Mention:
    """An agency's name in a line."""

    agency: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    agency: str | None  # None: a homonym
    short: bool


_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"^(?:the|die|der|das|la|el|le)\s+|^l[’']", re.IGNORECASE)


class Agencies:
    """All agencies known, indexed by how their names begin."""

    def __init__(self, agencies: list[Agency]) -> None:
        self.all = agencies
        self._by_key = {a.key: a for a in agencies}
        self._by_site = {site: a.key for a in agencies for site in a.sites}
        self._by_text: dict[str, str] = {}
        self._starts: dict[str, list[_Name]] = {}
        self._unspaced: list[_Name] = []
        homonyms = [_Name(h, None, False) for a in agencies for h in a.homonyms]
        names = [_Name(n, a.key, n in a.short) for a in agencies for n in (*a.names, *a.short)]
        for name in [*homonyms, *names]:
            for text in _spellings(name.text):
                if name.agency is not None:
                    self._by_text.setdefault(text, name.agency)
                spelt = _Name(text, name.agency, name.short)
                if _unspaced(text):
                    self._unspaced.append(spelt)
                elif first := _WORD.match(text):
                    self._starts.setdefault(first.group(), []).append(spelt)
        for starts in self._starts.values():
            starts.sort(key=lambda n: -len(n.text))  # the longest name that fits is the one meant

    def find(self, text: str, *, short: bool) -> list[Mention]:
        """The agencies named in a line, in order; with `short`, by their initials too. Homonyms name nobody."""
        found = []
        end = 0
        for word in _WORD.finditer(text):
            if word.start() < end:
                continue
            for name in self._starts.get(word.group(), ()):
                stop = word.start() + len(name.text)
                if text.startswith(name.text, word.start()) and not (stop < len(text) and text[stop].isalnum()):
                    end = stop
                    if name.agency is not None and (short or not name.short):
                        found.append(Mention(name.agency, word.start(), stop))
                    break
        if not text.isascii():  # scripts without blanks have no word to begin at
            for name in self._unspaced:
                if name.agency is not None and (at := text.find(name.text)) >= 0 and (short or not name.short):
                    found.append(Mention(name.agency, at, at + len(name.text)))
            found.sort(key=lambda m: m.start)
        return found

    def whole(self, text: str) -> str | None:
        """The agency whose name (or initials) this is, all of it; "The" before it does not count."""
        bare = _ARTICLE.sub("", " ".join(text.strip(" .,:;()[]–—-*").split()))
        return (
            self._by_text.get(text.strip())
            or self._by_text.get(bare)
            or self._by_text.get(bare.removesuffix("’s").removesuffix("'s"))
        )

    def at_site(self, site: str) -> str | None:
        """The agency whose own site this is."""
        return self._by_site.get(site)

    def kind(self, key: str) -> str:
        """What sort of sender it is."""
        return self._by_key[key].kind if key in self._by_key else "agency"


def _spellings(text: str) -> set[str]:
    """A name as written, in capitals and, for names of several words, in title case."""
    return {text, text.upper(), text.title() if text.islower() or " " in text else text}


def _unspaced(text: str) -> bool:
    return any("\u0e00" <= c <= "\u0eff" or "\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in text)


@functools.cache
def load(*extra: Path) -> Agencies:
    """The agencies of the built-in file and of a person's own ones, which may add to it or replace its entries.
    Raises BadInput where one of those cannot be read."""
    found: dict[str, Agency] = {}
    for path in (FILE, *extra):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise BadInput(
                f"{path}: cannot be read ({error.strerror}); name another file under `agencies` in newsduck.toml"
            ) from error
        except tomllib.TOMLDecodeError as error:
            raise BadInput(f"{path}: {error}") from error
        for name, table in tables.items():
            if not isinstance(table, dict) or (odd := set(table) ^ _FIELDS):
                wrong = ", ".join(sorted(odd)) if isinstance(table, dict) else "not a table"
                raise BadInput(
                    f"{path}: agency {name!r} has a missing or unknown key ({wrong}); it needs {', '.join(sorted(_FIELDS))}"
                )
            found[name] = Agency(
                name,
                table["name"],
                table["kind"],
                *(tuple(table[k]) for k in ("languages", "sites", "names", "short", "not")),
            )
    return Agencies(list(reversed(found.values())))  # a person's own come first: their names win over the built-in ones
