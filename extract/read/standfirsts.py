"""The standfirst: the deck under the headline, marked or not."""

import re
from collections.abc import Sequence

from extract.read import authors, blocks
from extract.read.blocks import Block, fold, is_beside

_SIGNED = re.compile(r"author|byline|bio|date|time|modal|tooltip|disclaimer|response|widget", re.IGNORECASE)
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»“)]?$")
_DECK = re.compile(
    r"standfirst|(?:^|[\s_-])(?:deck|dek|lede?|subtitle|sub-title|subheading|sub-headline|subheadline|chapo|bajada|"
    r"article-?summary|article-?intro|intro|teaser-?text|excerpt|sottotitolo|ingress|manchet)(?:$|[\s_-])",
    re.IGNORECASE,
)


def marked(walked: Sequence[Block], title: str, description: str) -> str:
    """The block under the headline that says what the page's description says, or is marked as the deck."""
    headline = fold(title)
    start = next((n for n, b in enumerate(walked) if b.tag in ("h1", "h2") and b.folded.endswith(headline)), None)
    if start is None:
        return ""
    told = fold(description)
    for block in walked[start + 1 : start + 8]:
        marked = any(blocks.holds(e, _DECK) for e in block.path[-3:])
        if (
            4 <= block.words <= 80
            and block.link_density < 0.5
            and (marked or (block.tag in ("h2", "p") and block.folded == told))
        ):
            # Many sites repeat the first paragraph as the description: one that stands as the others do is the text's.
            alike = sum(b.signature == block.signature and b.tag == block.tag for b in walked)
            return block.text if alike <= 2 else ""
    return ""


def above(walked: Sequence[Block], title: str, body: Sequence[int]) -> str:
    """The deck of a page that does not mark it, given the places of its body's blocks: the sentences that stand between the headline and the body."""
    told = fold(title)
    first = min((place for place in body if place < len(walked)), default=0)
    start = next((n for n in range(first - 1, -1, -1) if told and walked[n].folded.endswith(told)), None)
    if start is None:
        return ""
    able = [
        block
        for block in walked[start + 1 : first]
        if block.tag in ("p", "h2", "h3", "h4", "div")
        and (6 if block.tag != "div" else 12) <= block.words <= 80
        and block.link_density < 0.3
        and _SENTENCE.search(block.text)
        and not (block.words < 20 and _CLOCK.search(block.text))
        and not authors.BY.match(block.text)
        and not is_beside(block)
        and not any(blocks.holds(e, _SIGNED) for e in block.path[-3:])
    ]
    alike = [block for block in able[:4] if block.signature == able[0].signature]
    return " ".join(block.text for block in alike) if sum(block.words for block in alike) <= 100 else ""
