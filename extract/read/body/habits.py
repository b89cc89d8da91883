"""What a site prints on many different pages: blocks known by their words with the digits masked."""

import re
from collections import Counter
from collections.abc import Sequence

from extract.keys import key
from extract.read.blocks import Block, fold

BACKGROUND = 40  # words: from here on a block that returns may be the background of a running story

_DIGITS = re.compile(r"\d+")


def mask(folded: str) -> int:
    """The key of a block's folded words with its digits masked: "12 comments" and "7 comments" are one to a site."""
    return key(_DIGITS.sub("0", folded))


def masks(blocks: Sequence[Block]) -> tuple[int, ...]:
    """The masks of a page's blocks, each once."""
    return tuple({mask(block.folded) for block in blocks})


def telling(blocks: Sequence[Block]) -> tuple[int, ...]:
    """The masks of the blocks from which a site's habits are learned as its pages come in: the short ones. A long
    paragraph that returns within days is more often the background of a running story than a house text."""
    return masks([block for block in blocks if block.words < BACKGROUND])


def decide_repeated(pages: Sequence[tuple[str, Sequence[int]]]) -> frozenset[int]:
    """The masks that one site repeats, from (title, masks) of its pages: on two others, or on one where pages are few.

    Pages with one title are one page seen again, and teach nothing about the site.
    """
    distinct = {fold(title): set(masks) for title, masks in pages}
    times = Counter(m for masks in distinct.values() for m in masks)
    enough = 3 if len(distinct) > 5 else 2
    return frozenset(m for m, n in times.items() if n >= enough)
