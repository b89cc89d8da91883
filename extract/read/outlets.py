"""The outlet that a page belongs to, by the name it gives itself."""

from extract import urls
from extract.read.blocks import fold
from extract.read.layout import Layout


def decide(page: Layout) -> str:
    """The outlet's name, at most 100 characters; its site where the page gives none."""
    named = page.meta.first("og:site_name", "application-name", "cre") or " ".join(page.claims.names("publisher")[:1])
    return named[:100] or urls.site(page.url)


def bare(name: str) -> str:
    """An outlet's name as its domain would spell it: "The Herald" and "herald" are one."""
    return fold(name).removeprefix("the ").replace(" ", "")


def spellings(outlet: str, url: str) -> set[str]:
    """The bare names that an outlet goes by: its own, its site's, its site's without the country."""
    site = urls.site(url)
    return {bare(name) for name in (outlet, site, site.split(".")[0])}
