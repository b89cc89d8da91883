"""What on a page is not its article: the page's foot, boxes of other stories, what readers say."""

import re
from collections.abc import Container, Iterable

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


class Ours(frozenset[HtmlElement]):
    """The elements that a page's headline stands in, and what is known of whether others are such a part or stand in one."""

    inside: dict[HtmlElement, bool]

    def __init__(self, _: Iterable[HtmlElement] = ()) -> None:
        self.inside = {}


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


def is_in_one(block: Block, ours: Container[HtmlElement]) -> bool:
    """Whether a block does."""
    return any(is_box(element, ours) for element in block.path)
