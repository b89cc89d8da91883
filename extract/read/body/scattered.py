"""The body of a page whose paragraphs stand in many parts of it: cards, accordions, a grid, where the extractor found one part."""

from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from extract.read.blocks import Block, common, fold, is_beside
from extract.read.body import others
from extract.read.body.boilerplate import teasers
from extract.read.body.habits import mask
from extract.read.body.lines import article_of
from extract.read.layout import Layout

PARAGRAPH = 15  # words
LEAST = 400  # words of an article's paragraphs
MISSED = 0.35  # of them, at most, in what was found: on 1,095 real pages 5 of 5 are better for it; from 0.4 on it fails
ROOT = 0.8  # of their words, in the element that holds the body
LINKED = 0.5  # of a line's words


def instead(
    page: Layout, chosen: Sequence[tuple[str, int]], standfirst: str, repeated: frozenset[int]
) -> list[tuple[str, int]]:
    """All lines of such a page's body, each with the index of its block, where those `chosen` are a small part of its
    paragraphs; none where they are not. What stands outside the article that the chosen ones are of, in boxes beside it or
    in lists of other stories is no part of it."""
    blocks = page.blocks
    places = [n for _, n in chosen if n < len(blocks)]
    found = sum(blocks[n].words for n in places)
    below = range(page.start + 1, len(blocks))
    told = [
        n
        for n in below
        if blocks[n].tag in ("p", "li") and blocks[n].words >= PARAGRAPH and blocks[n].link_density < 0.3
    ]
    if found >= MISSED * sum(blocks[n].words for n in told):  # most pages need no closer look
        return []
    elsewhere, own = teasers(blocks), _article(blocks, places)

    def is_ours(place: int) -> bool:
        block = blocks[place]
        inside = own is None or own in block.path
        return inside and place not in elsewhere and not others.is_in_one(block, page.ours) and not is_beside(block)

    told = [n for n in told if is_ours(n)]
    paragraphs = sum(blocks[n].words for n in told)
    if paragraphs < LEAST or found >= MISSED * paragraphs:
        return []
    root = common([blocks[n] for n in told], ROOT)
    said = (fold(page.title), fold(standfirst))
    return [
        (blocks[n].text, n)
        for n in below
        if root in blocks[n].path
        and blocks[n].link_density < LINKED
        and blocks[n].folded not in said
        and mask(blocks[n].folded) not in repeated
        and is_ours(n)
    ]


def _article(blocks: Sequence[Block], places: Sequence[int]) -> HtmlElement | None:
    """The <article> that most words of these blocks stand in; None where most stand in none."""
    words: Counter[HtmlElement | None] = Counter()
    for place in places:
        words[article_of(blocks[place])] += blocks[place].words
    return max(words, key=lambda e: words[e], default=None)
