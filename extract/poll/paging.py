"""Where a feed keeps what it does not list any more: older parts of it, by RFC 5005, JSON Feed, or as WordPress has them."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from extract import urls

RELATIONS = ("prev-archive", "next")  # RFC 5005: archived feeds, and paged ones
WORDPRESS = "https://wordpress.org/"  # what its feeds name as their generator, a version behind it


def older(links: Sequence[tuple[str, str]], generator: str, url: str) -> str:
    """The address of the next older part of a feed document found at `url`; empty where it names none. `links` are the
    document's own, (relation, address). Parts on other sites do not count."""
    for relation in RELATIONS:
        for rel, href in links:
            if rel == relation and (found := urls.canonical(href, base=url)) and urls.site(found) == urls.site(url):
                return found if found != urls.canonical(url) else ""
    return _next_page(url) if generator.replace("http://", "https://").startswith(WORDPRESS) else ""


def _next_page(url: str) -> str:
    """WordPress numbers its parts: ?paged=2 is the second."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    number = query.get("paged", "1")
    query["paged"] = str(int(number) + 1 if number.isdecimal() else 2)
    return urlunsplit(parts._replace(query=urlencode(query)))
