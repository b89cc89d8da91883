"""What stands below a body and is not of it: a page's foot, where its makers gave it no name to know it by."""

from collections.abc import Sequence

from lxml.html import HtmlElement

from extract.read.blocks import common
from extract.read.lines import Line

ROOT = 0.8  # of the kept words: the element that holds them is the body's
ITEMS = ("li", "h1", "h2", "h3", "h4", "h5", "h6")  # a list below may be the body's: three of four are, on 378 guides


def without(taken: Sequence[Line]) -> list[Line]:
    """Without the lines below the body's element that stand in none like it; the parts of a body are alike."""
    blocks = [line.block for line in taken if line.block is not None]
    root = common(blocks, ROOT)
    if root is None:
        return list(taken)
    last = max(line.place for line in taken if line.block is not None and root in line.block.path)
    around = tuple(reversed([root, *root.iterancestors()]))

    def is_below(line: Line) -> bool:
        if line.block is None or line.place <= last or line.block.tag in ITEMS:
            return False
        own, other = next(((a, b) for a, b in zip(around, line.block.path, strict=False) if a is not b), (root, root))
        return not _are_alike(own, other)

    return [line for line in taken if not is_below(line)]


def _are_alike(one: HtmlElement, other: HtmlElement) -> bool:
    return one.tag == other.tag and (one.get("class") or "") == (other.get("class") or "") != ""
