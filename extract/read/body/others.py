"""What on a page is not its article: the page's foot, boxes of other stories, what readers say."""

import re
from collections.abc import Container

from lxml.html import HtmlElement

from extract.read.blocks import Block, holds

TAGS = ("aside", "nav", "footer", "form")
_WHOLE = frozenset(("html", "body", "main"))  # whatever they call themselves: `body.comments-open`
_NAMES = re.compile(
    r"comments?(?:$|[\s_-])|kommentare?(?:$|[\s_-])|disqus|(?:^|\s)(?:site-?|page-?|global-?)?footer(?:$|\s)|"
    r"(?:^|[\s_-])(?:related|rail|river|recommend\w*|teasers?|promo|popular|trending|most-?read|also|ticker|clock|topbar|masthead|copyright)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)


def is_box(element: HtmlElement, ours: Container[HtmlElement]) -> bool:
    """Whether an element is such a part, by its tag or its names. What the headline stands in (`ours`) is none, nor is the
    foot of the article that it stands in."""
    if element in ours or element.tag in _WHOLE:
        return False
    if element.tag == "footer" and any(e.tag in ("article", "main") and e in ours for e in element.iterancestors()):
        return False
    return element.tag in TAGS or holds(element, _NAMES)


def stands_in_one(element: HtmlElement, ours: Container[HtmlElement]) -> bool:
    """Whether an element stands in such a part."""
    return any(is_box(above, ours) for above in element.iterancestors())


def is_in_one(block: Block, ours: Container[HtmlElement]) -> bool:
    """Whether a block does."""
    return any(is_box(element, ours) for element in block.path)
