"""What else a page says of its article: addresses, section, tags, description, whether it is free."""

from dataclasses import dataclass

from extract import urls
from extract.read.layout import Layout


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page's makers wrote for machines."""

    canonical_url: str  # empty where it leads to another site
    section: str
    tags: tuple[str, ...]
    description: str
    free: bool | None
    language_claim: str  # two letters


def read(page: Layout) -> Metadata:
    """What a page says of itself in JSON-LD and meta elements."""
    claims, meta = page.claims, page.meta
    links = page.tree.iter("link")
    canonical = next((e.get("href") for e in links if (e.get("rel") or "").lower() == "canonical"), None)
    canonical_url = urls.canonical(canonical or "", base=page.url) or ""
    return Metadata(
        canonical_url=canonical_url if urls.site(canonical_url) == urls.site(page.url) else "",
        section=claims.text("articleSection") or meta.first("article:section", "section"),
        tags=tuple(dict.fromkeys((meta.all("article:tag") or claims.texts("keywords"))[:30])),
        description=meta.first("og:description", "description", "twitter:description") or claims.text("description"),
        free=claims.flag("isAccessibleForFree"),
        language_claim=(page.tree.get("lang") or meta.first("og:locale", "content-language"))[:2].lower(),
    )
