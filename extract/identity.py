"""Which of a page's addresses is its article's: print, AMP and mobile forms of one page on one site are one article.

A site's `rel=canonical` says so; it is believed where the two addresses are forms of one another, for some sites' canonical
is their front page, or the same for every article.
"""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from extract import urls

_HOSTS = re.compile(r"^(?:(?:www\d?|m|mobile|amp|touch|wap|print|edition)\.)+(?=[^.]+\.)")
_FORMS = frozenset(
    [
        "amp",
        "amphtml",
        "print",
        "printable",
        "print-edition",
        "mobile",
        "m",
        "full",
        "all",
        "single-page",
        "singlepage",
        "index",
    ]
)
_ENDING = re.compile(r"(?:[._-](?:amp|print|mobile|full)|\.(?:html?|php|aspx?|jsp|s?html?\.amp))+$", re.IGNORECASE)
_WORDS = 3  # of a slug that names one article
_DIGITS = 5  # of a number that does


def of(url: str, claimed: str) -> str:
    """The address under which the article at `url` is known: `claimed` (its canonical, empty or of the same site) where both
    name the same article, else `url`."""
    if not claimed or claimed == url or urls.site(claimed) != urls.site(url):
        return url
    (path, asked), (other, said) = _plain(url), _plain(claimed)
    if path == other:
        # What the canonical leaves out of the query is no part of the article's name, if the path has one.
        same = asked == said or (said <= asked and _tells(path))
    else:
        same = asked == said == frozenset() and _tells(path) and path[-1:] == other[-1:]
    return claimed if same else url


def is_home(led: str, url: str) -> bool:
    """Whether an article's address led to the first page of its host, as sites send on what they have taken down. A short link
    leads to another host's, where a story may have a host of its own."""
    there, before = urlsplit(led), urlsplit(url)
    leads_home = there.path in ("", "/") and not there.query and _host(led) == _host(url)
    # /index.html is a form of the first page itself
    return leads_home and before.path not in ("", "/") and _plain(url) != _plain(led)


def _host(url: str) -> str:
    """The host of a URL without what makes it a form of the site's: www., m. and the like."""
    return _HOSTS.sub("", urlsplit(url).netloc.lower())


def _plain(url: str) -> tuple[tuple[str, ...], frozenset[tuple[str, str]]]:
    """(host and path without what makes them a form of a page, what is asked besides)."""
    parts = urlsplit(url)
    names = [_ENDING.sub("", unquote(name).lower()) for name in parts.path.split("/")]
    path = [name for name in names if name and name not in _FORMS]
    asked = {(name.lower(), value) for name, value in parse_qsl(parts.query, keep_blank_values=True)}
    kept = {(name, value) for name, value in asked if name not in _FORMS and value.lower() not in _FORMS}
    return (_host(url), *path), frozenset(kept)


def _tells(path: tuple[str, ...]) -> bool:
    """Whether the last part of a path names an article: a slug of several words, or a long number."""
    last = path[-1] if len(path) > 1 else ""
    return len(re.findall(r"[^\W_]+", last)) >= _WORDS or any(len(n) >= _DIGITS for n in re.findall(r"\d+", last))
