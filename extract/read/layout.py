"""A page laid out once: what every decision about it looks at.

bytes → tree → blocks, JSON-LD, meta → title → the headline's place among the blocks
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lxml.html import HtmlElement

from extract import plain
from extract.read import blocks as walking
from extract.read.blocks import Block, fold
from extract.read.body import engine, places
from extract.read.body.others import Ours
from extract.read.claims import jsonld
from extract.read.claims.jsonld import Claims
from extract.read.claims.meta import Meta
from extract.records import Place

PRINTED = 0.5  # of the title's words that an h1 has to say to be the headline


@dataclass(frozen=True)
class Layout:
    """A page's parts, each looked up once. `headline` is the index of the headline's block once the title is known,
    None where the page prints none; `placed` are the indices of the body's blocks where it stands at a place that its
    site is known to keep it in, and `blocks` are then those around it only."""

    url: str
    tree: HtmlElement
    blocks: Sequence[Block]
    claims: Claims
    meta: Meta
    placed: Sequence[int] = ()
    title: str = ""
    headline: int | None = None

    @cached_property
    def browser_title(self) -> str:
        """What a browser's tab shows."""
        return next((plain.line(e.text_content()) for e in self.tree.iter("title")), "")

    @property
    def start(self) -> int:
        """Where to look for what stands near the headline: its index, 0 where there is none."""
        return self.headline or 0

    @cached_property
    def ours(self) -> Ours:
        """The elements that the headline stands in: none of them is another story's."""
        return Ours(self.blocks[self.headline].path if self.headline is not None else (), self.url)

    def under(self, title: str) -> "Layout":
        """The same page with its title, and with the place of the headline that says it."""
        return replace(self, title=title, headline=headline(self.blocks, title))


def lay_out(source: bytes, url: str, content_type: str = "", known: Sequence[Place] = ()) -> Layout:
    """The parts of a page found at `url`; `known` are the places in which its site is known to keep its articles' bodies.
    Raises Refused where the bytes are no HTML."""
    tree = engine.parse(source, url, content_type)
    found, placed = places.find(tree, known) or (walking.walk(tree), [])
    meta = Meta(tree)
    claims = jsonld.read(tree, url, meta.all("og:title"), [meta.canonical, *meta.all("og:url")])
    return Layout(url, tree, found, claims, meta, placed)


def headline(blocks: Sequence[Block], title: str) -> int | None:
    """The place of the headline among blocks: a heading that says the title (behind a kicker at most), else the first
    block that says it, else the h1 that shares most words with it, else the longest block that is a part of it."""
    told = fold(title)
    if not told:
        return None
    for tag in ("h1", "h2"):
        for n, block in enumerate(blocks):
            if block.tag == tag and (block.folded == told or block.folded.endswith(f" {told}")):
                return n
    if (exact := next((n for n, b in enumerate(blocks) if b.folded == told), None)) is not None:
        return exact
    words = set(told.split())
    shared = {n: len(words & set(b.folded.split())) for n, b in enumerate(blocks) if b.tag == "h1"}
    best = max(shared, key=lambda n: shared[n], default=None)
    if best is not None and shared[best] >= PRINTED * len(words):
        return best
    parts = [n for n, b in enumerate(blocks) if b.words >= 3 and f" {b.folded} " in f" {told} "]
    return max(parts, key=lambda n: (len(blocks[n].folded), -n), default=None)
