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


class Agencies:
    """All agencies known, with the one pattern that finds them."""

    def __init__(self, agencies: list[Agency]) -> None:
        self.all = agencies
        self._by_site = {site: a.key for a in agencies for site in a.sites}
        self._by_text: dict[str, str] = {}
        for a in agencies:
            for text in (*a.names, *a.short):
                for spelling in (text, text.upper(), text.title() if text.islower() or " " in text else text):
                    self._by_text.setdefault(spelling, a.key)
        self._long = _pattern({s for a in agencies for n in a.names for s in (n, n.upper(), n.title())})
        self._any = _pattern(set(self._by_text))
        self._homonym = _pattern({h for a in agencies for h in a.homonyms})

    def find(self, text: str, *, short: bool) -> list[Mention]:
        """The agencies named in a line, in order; with `short`, by their initials too."""
        masked = self._homonym.sub(lambda m: "\x00" * len(m.group()), text) if self._homonym else text
        pattern = self._any if short else self._long
        return [Mention(self._key(m.group()), m.start(), m.end()) for m in pattern.finditer(masked)] if pattern else []

    def whole(self, text: str) -> str | None:
        """The agency whose name (or initials) this is, all of it; "The" before it does not count."""
        bare = re.sub(r"^(?:the|die|der|das|l'|la|el|le)\s+|^l[’']", "", text.strip(" .,:;()[]–—-*"), flags=re.I)
        return self._by_text.get(bare) or self._by_text.get(re.sub(r"\s+", " ", bare).removesuffix("’s").removesuffix("'s"))

    def at_site(self, site: str) -> str | None:
        """The agency whose own site this is."""
        return self._by_site.get(site)

    def name(self, key: str) -> str:
        """What an agency is called."""
        return next((a.name for a in self.all if a.key == key), key)

    def kind(self, key: str) -> str:
        """What sort of sender it is."""
        return next((a.kind for a in self.all if a.key == key), "agency")

    def _key(self, found: str) -> str:
        return self._by_text.get(found) or self._by_text.get(found.upper()) or self._by_text[found.title()]


def _pattern(texts: set[str]) -> re.Pattern[str] | None:
    """Matches any of the texts as whole words, the longest first; scripts without blanks have no word ends to ask for."""
    parts = [
        rf"(?<!\w){re.escape(t)}(?!\w)" if t[:1].isascii() or t[-1:].isascii() or not _unspaced(t) else re.escape(t)
        for t in sorted(filter(None, texts), key=len, reverse=True)
    ]
    return re.compile("|".join(parts)) if parts else None


def _unspaced(text: str) -> bool:
    return any("\u0e00" <= c <= "\u0eff" or "\u3040" <= c <= "\u9fff" for c in text)


@functools.cache
def load(*extra: Path) -> Agencies:
    """The agencies of the built-in file and of a person's own ones, which may add to it or replace its entries."""
    found: dict[str, Agency] = {}
    for path in (FILE, *extra):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise BadInput(f"{path}: cannot be read ({error.strerror}); name another file under `agencies` in newsduck.toml") from error
        except tomllib.TOMLDecodeError as error:
            raise BadInput(f"{path}: {error}") from error
        for name, table in tables.items():
            if not isinstance(table, dict) or (odd := set(table) ^ _FIELDS):
                wrong = ", ".join(sorted(odd)) if isinstance(table, dict) else "not a table"
                raise BadInput(f"{path}: agency {name!r} has a missing or unknown key ({wrong}); it needs {', '.join(sorted(_FIELDS))}")
            found[name] = Agency(
                name, table["name"], table["kind"], *(tuple(table[k]) for k in ("languages", "sites", "names", "short", "not"))
            )
    return Agencies(list(found.values()))
