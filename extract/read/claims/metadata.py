"""What else a page says of its article: addresses, section, tags, description, whether it is free."""

import re
from dataclasses import dataclass

from extract import urls
from extract.read.layout import Layout

_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page's makers wrote for machines."""

    canonical_url: str  # empty where it leads to another site
    section: str
    tags: tuple[str, ...]
    description: str
    free: bool | None
    locale: str  # as claimed, with its region where a claim of this language has one: en-GB


def read(page: Layout) -> Metadata:
    """What a page says of itself in JSON-LD and meta elements."""
    claims, meta = page.claims, page.meta
    said = (page.tree.get("lang") or "", meta.first("og:locale"), meta.first("content-language"))
    locales = [one.replace("_", "-") for one in map(str.strip, said) if _LOCALE.fullmatch(one)]
    alike = [one for one in locales if one[:2].lower() == locales[0][:2].lower()]
    canonical_url = urls.canonical(meta.canonical, base=page.url) or ""
    return Metadata(
        canonical_url=canonical_url if urls.site(canonical_url) == urls.site(page.url) else "",
        section=claims.text("articleSection") or meta.first("article:section", "section"),
        tags=tuple(dict.fromkeys((meta.all("article:tag") or claims.texts("keywords"))[:30])),
        description=meta.first("og:description", "description", "twitter:description") or claims.text("description"),
        free=claims.free,
        locale=next((one for one in alike if "-" in one), alike[0] if alike else ""),
    )
