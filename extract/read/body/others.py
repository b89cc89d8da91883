"""What on a page is not its article: the page's foot, boxes of other stories, what readers say."""

import itertools
import re
from collections.abc import Iterable, Set
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from extract.read.blocks import HEADINGS, Block, count, holds

AUTHORS_PAGE = re.compile(
    r"/(?:authors?|autor(?:en|in|es|i)?|auteurs?|redakteure?|profiles?|people|person|staff|contributors?|journalists?|"
    r"writers?|columnists?|by)/[^/]",
    re.IGNORECASE,
)
TEASER_DEPTH = 5  # elements around a teaser's link
TEASER_LENGTH = 600  # letters of a teaser at most
TEASER_WORDS = 4  # at least, of a line in a list
_MARKED = etree.XPath("descendant::*[@itemprop='headline' and not(self::meta)]")
TAGS = ("aside", "nav", "footer", "form")
_ADDRESS = re.compile(r"(?:https?://[\w.-]+)?(/(?!/)[!-\"$->@-~]*)(?:[?#]|\Z)", re.ASCII)  # as most: scheme, host, path
_WHOLE = frozenset(("html", "body", "main"))  # whatever they call themselves: `body.comments-open`
_NAMES = re.compile(
    r"comments?(?:$|[\s_-])|kommentare?(?:$|[\s_-])|disqus|"
    r"(?:^|[\s_-])(?:related|rail|river|recommend\w*|teasers?|promo|popular|trending|most-?read|also|ticker|clock|topbar|masthead|copyright|"
    r"weather|wetter|m[ée]t[ée]o|calendar|kalender)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"(?:^|[\s_-])comments?(?:$|[\s_-])", re.IGNORECASE)  # a heading that leads to what readers say
NUMBERED = re.compile(r"\W{0,3}(?:No\.\s?)?\d{1,2}\s?[.):]\s")  # how the headings of an article's own list begin
_FOOT = re.compile(r"(?:^|\s)(?:site-?|page-?|global-?)?footer(?:$|\s)", re.IGNORECASE)
_PARTS = frozenset(("div", "p", "section"))  # of an article, of which one may be called its foot


def is_box(element: HtmlElement, ours: Set[HtmlElement]) -> bool:
    """Whether an element is such a part, by its tag or its names, or an article beside ours. What the headline stands in
    (`ours`) is none, nor is the foot of the article that it stands in."""
    if element in ours or element.tag in _WHOLE:
        return False
    if element.tag == "footer" and any(e.tag in ("article", "main") and e in ours for e in element.iterancestors()):
        return False
    if element.tag == "article" and _is_beside(element, ours):
        return True
    if element.tag in TAGS or holds(element, _NAMES):
        return True
    return holds(element, _FOOT) and not (
        element.tag in _PARTS and any(above in ours and _is_article(above) for above in element.iterancestors())
    )


def _is_article(element: HtmlElement) -> bool:
    return element.tag == "article" or "Article" in (element.get("itemtype") or "")


def _is_beside(article: HtmlElement, ours: Set[HtmlElement]) -> bool:
    """Whether an article whose heading leads elsewhere stands beside the one that the headline stands in."""
    if not any(e.tag == "article" for e in ours) or any(e in ours for e in article.iterancestors("article")):
        return False
    return any(
        any(True for _ in (*heading.iterancestors("a"), *heading.iter("a"))) for heading in article.iter(*HEADINGS)
    )


class Ours(frozenset[HtmlElement]):
    """The elements that a page's headline stands in, and what is known of whether others are such a part or stand in one."""

    inside: dict[HtmlElement, bool]
    path: str  # of the page's address
    teasers: Set[HtmlElement] | None  # None as long as nobody asked

    def __new__(cls, elements: Iterable[HtmlElement] = (), url: str = "") -> "Ours":
        """Those of the page at `url`."""
        made = super().__new__(cls, elements)
        made.inside, made.teasers, made.path = {}, None, _path(url)
        return made


def stands_in_one(element: HtmlElement, ours: Ours) -> bool:
    """Whether an element stands in such a part."""
    inside, climbed, found = ours.inside, list[HtmlElement](), False
    for above in element.iterancestors():
        if (known := inside.get(above)) is not None:
            found = known
            break
        climbed.append(above)
        if found := is_box(above, ours):
            break
    inside.update(dict.fromkeys(climbed, found))
    return found


def is_in_one(block: Block, ours: Set[HtmlElement]) -> bool:
    """Whether a block does."""
    return any(is_box(element, ours) for element in block.path)


def is_teased(element: HtmlElement, ours: Ours) -> bool:
    """Whether an element stands in a teaser: a small part of the page with a heading, or an item of a list with a line, that leads
    elsewhere. Its name, its date are another story's."""
    found = _teasers_of(element, ours)
    return any(above in found for above in itertools.chain([element], element.iterancestors()))


def begins(element: HtmlElement, ours: Ours) -> bool:
    """Whether an element is a part that is not the article, or a teaser."""
    return is_box(element, ours) or element in _teasers_of(element, ours)


def _teasers_of(element: HtmlElement, ours: Ours) -> Set[HtmlElement]:
    if ours.teasers is None:
        ours.teasers = frozenset(_teasers(element.getroottree().getroot(), ours)) if ours else frozenset()
    return ours.teasers


def _teasers(tree: HtmlElement, ours: Ours) -> set[HtmlElement]:
    found: set[HtmlElement] = set()
    large: set[HtmlElement] = set()  # elements that are no teaser's, for their length or what they are
    for heading in (*tree.iter(*HEADINGS), *_MARKED(tree)):
        link = next(itertools.chain(heading.iter("a"), heading.iterancestors("a")), None)
        if heading in ours or link is None or holds(heading, _COMMENTS) or not _leads_away(link, ours.path):
            continue
        if NUMBERED.match(heading.text_content()):
            continue
        for element in itertools.islice(heading.iterancestors(), TEASER_DEPTH):
            if element in found or element in large:
                break
            if element in ours or element.tag in _WHOLE or len(element.text_content()) > TEASER_LENGTH:
                large.add(element)
                break
            found.add(element)
    for item in tree.iter("li"):
        link = next(item.iterchildren("a"), None)
        if (
            link is not None
            and item not in ours
            and _leads_away(link, ours.path)
            and count(link.text_content()) >= TEASER_WORDS
        ):
            found.add(item)
    return found


def _leads_away(link: HtmlElement, path: str) -> bool:
    """Whether a link leads to another page, which is not a person's and names no tag."""
    href = link.get("href") or "#"
    if "tag" in (link.get("rel") or "").split():
        return False
    return href[0] != "#" and not AUTHORS_PAGE.search(href) and (path in ("", "/") or _path(href) != path)


def _path(address: str) -> str:
    if plain := _ADDRESS.match(address):
        return plain[1].rstrip("/")
    try:
        return urlsplit(address).path.rstrip("/")
    except ValueError:
        return ""
