"""The outlet that a page belongs to: the name it gives itself, and the one name that its site's pages come to."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from extract import urls
from extract.read.blocks import fold
from extract.read.layout import Layout
from extract.vocabulary import NamedBy

LONGEST = 100  # characters of a name
_PART = re.compile(r"\s+[|–—·•»:-]\s+|\s*\|\s*|\s*::\s*")
_EDGES = " \t|–—·•»«:-."
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)*\.[a-z]{2,12})/?", re.IGNORECASE)
# Domains of countries that are sold to the whole world, and so tell none.
_ANYBODYS = frozenset(
    [
        "ac",
        "ai",
        "cc",
        "co",
        "eu",
        "fm",
        "gg",
        "im",
        "io",
        "is",
        "la",
        "li",
        "ly",
        "me",
        "nu",
        "sh",
        "st",
        "su",
        "to",
        "tv",
        "vc",
        "ws",
    ]
)
_BORN_WITH = (
    "US"  # en-US is what publishing systems start with: of 97 that say so and have no country's domain 11 are elsewhere
)
_REGION = re.compile(r"[a-z]{2,3}[-_](?:[a-z]{4}[-_])?([a-z]{2})", re.IGNORECASE)


def claimed(page: Layout) -> str:
    """The name that a page gives its outlet, without a slogan, at most 100 characters; empty where it gives none. Of several
    the one that the domain is named after; one that is only an address counts where there is no other."""
    site = urls.site(page.url)
    said = [
        page.meta.first("og:site_name"),
        " ".join(page.claims.names("publisher")[:1]),
        page.meta.first("application-name"),
        page.meta.first("cre"),
    ]
    names = [name for name in (_without_slogan(text, site) for text in said) if name]
    told = [name for name in names if not _ADDRESS.fullmatch(name)] or names
    return next((name for name in told if _is_akin(name, site)), told[0] if told else "")[:LONGEST]


def _without_slogan(text: str, site: str) -> str:
    """Of a name and what is printed beside it the part that the site's domain is named after, else the first."""
    if text.startswith(("http://", "https://")):
        return ""
    parts = [part for part in (part.strip(_EDGES) for part in _PART.split(text)) if part]
    if len(parts) < 2:
        return text.strip()
    return next((part for part in parts if _is_akin(part, site)), parts[0])


def _is_akin(name: str, site: str) -> bool:
    """Whether a domain is named after a name: spelled alike, one in the other, or by its initials."""
    label, spelled = bare(site.split(".")[0]), bare(name)
    if min(len(label), len(spelled)) < 2:
        return False
    initials = "".join(word[0] for word in fold(name).split())
    return label in (spelled, initials) or (
        min(len(label), len(spelled)) > 2 and (label in spelled or spelled in label)
    )


def choose(site: str, pages: Mapping[str, int], feeds: Iterable[str]) -> tuple[str, NamedBy]:
    """A site's one name, and where it is from: the one that most of its pages claim (claim → pages), else its feeds' title
    where the domain is named after it, else the domain. Spellings of one name count together; of these an address counts
    last."""
    if best := _most(site, pages):
        return best, "pages"
    titled = Counter(_without_slogan(title, site) for title in feeds)
    if best := _most(site, {name: count for name, count in titled.items() if _is_akin(name, site)}):
        return best[:LONGEST], "feed"
    return site, "site"


def _most(site: str, claims: Mapping[str, int]) -> str:
    spelled: dict[str, Counter[str]] = {}
    for name, count in claims.items():
        found = _ADDRESS.fullmatch(name)
        if key := bare(found[1].rsplit(".", 1)[0] if found else name):
            spelled.setdefault(key, Counter())[name] += count
    if not spelled:
        return ""
    _, names = max(spelled.items(), key=lambda one: (one[1].total(), _is_akin(one[0], site), one[0]))
    return max(names, key=lambda name: (not _ADDRESS.fullmatch(name), names[name], name))


def country(site: str, locales: Mapping[str, int]) -> str:
    """Where an outlet is at home, ISO 3166: by its domain, else by the region that most of its pages name (locale →
    pages); empty where neither tells."""
    top = site.rsplit(".", 1)[-1].lower()
    if len(top) == 2 and top.isalpha() and top not in _ANYBODYS:
        return "GB" if top == "uk" else top.upper()
    regions: Counter[str] = Counter()
    for locale, count in locales.items():
        if (found := _REGION.fullmatch(locale)) and found[1].upper() != _BORN_WITH:
            regions[found[1].upper()] += count
    return max(regions, key=lambda region: (regions[region], region)) if regions else ""


def bare(name: str) -> str:
    """An outlet's name as its domain would spell it: "The Herald" and "herald" are one."""
    return fold(name).removeprefix("the ").replace(" ", "")


def spellings(outlet: str, url: str) -> set[str]:
    """The bare names that an outlet goes by: its own, its site's, its site's without the country."""
    site = urls.site(url)
    return {bare(name) for name in (outlet, site, site.split(".")[0]) if name}
