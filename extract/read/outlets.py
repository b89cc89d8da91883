"""The outlet that a page belongs to, by the name it gives itself."""

from extract import urls
from extract.read import jsonld
from extract.read.blocks import fold
from extract.read.meta import Meta


def read(claims: jsonld.Claims, meta: Meta, url: str) -> str:
    """The outlet's name, at most 100 characters; its site where the page gives none."""
    return (meta.first("og:site_name", "application-name", "cre") or " ".join(claims.names("publisher")[:1]))[
        :100
    ] or urls.site(url)


def bare(name: str) -> str:
    """An outlet's name as its domain would spell it: "The Herald" and "herald" are one."""
    return fold(name).removeprefix("the ").replace(" ", "")


def spellings(outlet: str, url: str) -> set[str]:
    """The bare names that an outlet goes by: its own, its site's, its site's without the country."""
    site = urls.site(url)
    return {bare(name) for name in (outlet, site, site.split(".")[0])}
