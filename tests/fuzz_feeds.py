"""Feed documents made by a coverage-guided fuzzer (atheris, libFuzzer underneath), until one lets an error escape.

    python tests/fuzz_feeds.py -runs=100000 FOLDER …     documents to begin with are those of the folders

libFuzzer writes what broke it to a file crash-… in the folder it was started in.
"""

import sys
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["feedparser", "extract"]):
    from extract.errors import NewsduckError
    from extract.poll import feeds
    from extract.records import Feed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://herald.example/feed"


def try_one(body: bytes) -> None:
    """A document, by its first byte with one Content-Type or another."""
    types = ("", "text/xml; charset=iso-8859-1", "application/rss+xml; charset=utf-16", "text/html", "x; charset=none")
    try:
        document = feeds.parse(body[1:], Feed(1, URL), URL, NOW, types[body[0] % len(types)] if body else "")
    except NewsduckError:
        return
    for entry in document.entries:
        assert entry.url == "" or entry.url.startswith(("http://", "https://")), entry.url
        assert entry.title.isprintable() or not entry.title.isascii(), entry.title
        assert "\x1b" not in entry.title + entry.summary + entry.guid


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
