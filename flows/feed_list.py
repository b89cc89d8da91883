"""The person's feed list: OPML, as every reader exports it."""

from pathlib import Path

import listparser

from extract import urls
from extract.errors import BadInput
from extract.keys import key
from extract.records import Feed


def load(path: Path) -> list[Feed]:
    """The feeds of an OPML file, each once, in order; raises BadInput, naming the file, where there are none to read."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read ({error.strerror}): `newsduck init` makes a feed list, `feeds` in newsduck.toml names yours"
        ) from error
    if b"<!entity" in text.lower():
        raise BadInput(f"{path}: declares XML entities; a feed list has no use for them")
    parsed = listparser.parse(text)
    found: dict[str, Feed] = {}
    for item in parsed.feeds:
        url = urls.canonical(item.url)
        if url is None:
            raise BadInput(f"{path}: {item.url!r} ({item.title}) is no http(s) address")
        folders = tuple(part for chain in item.categories[:1] for part in chain if part)
        found.setdefault(url, Feed(feed_id=key(url), url=url, title=item.title, categories=folders))
    if not found:
        why = f": {parsed.bozo_exception}" if parsed.bozo and parsed.bozo_exception else ""
        raise BadInput(f'{path} lists no feeds{why}; an OPML file has <outline xmlUrl="https://…"/> for each')
    return list(found.values())
