"""Which part of a divided fetch a host belongs to: one site's hosts to one part, so that only one process ever asks them."""

from extract import urls
from extract.keys import key


def part_of(url: str, parts: int) -> int:
    """The part, from 1 on, that asks for a URL: the same on every machine for one number of parts."""
    return key(urls.site(url)) % parts + 1
