"""Pages made by a coverage-guided fuzzer (atheris, libFuzzer underneath), until one lets an error escape.

    python tests/fuzz_pages.py -runs=100000 FOLDER …     pages to begin with are those of the folders

libFuzzer writes what broke the reader to a file crash-… in the folder it was started in.
"""

import sys
import warnings
from datetime import UTC, datetime

import atheris

with atheris.instrument_imports(include=["extract", "htmldate"]):
    from extract.errors import NewsduckError
    from extract.read.page import read_page

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://herald.example/2026/11/rain"
TYPES = ("", "text/html; charset=iso-8859-1", "text/html; charset=utf-16", "application/xhtml+xml", "x; charset=none")

warnings.simplefilter("ignore")


def try_one(body: bytes) -> None:
    """A page, by its first byte with one Content-Type or another."""
    try:
        article = read_page(body[1:], URL, TYPES[body[0] % len(TYPES)] if body else "", NOW)
    except NewsduckError:
        return
    for text in (article.title, article.text, article.standfirst, article.byline, *article.authors):
        assert "\x1b" not in text and "\0" not in text, text
    assert article.published_at is None or article.published_at.year >= 1995, article.published_at


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
