"""A page's blocks: the paragraphs, headings and list items as they stand in the tree, in document order."""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from extract import plain
from extract.words import has_unspaced, is_unspaced

_SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "select",
        "option",
        "button",
        "textarea",
        "input",
        "head",
        "title",
    ]
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
NAMES = 2000  # letters of an element's names that are looked at; nobody writes more by hand
DEEP = 3  # elements around all of a page: its document, its body, what holds that
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")


_BESIDE = re.compile(
    r"related|teaser|promo|sidebar|footer|recommend|most-?read|trending|figure|caption|(?:^|[\s_-])img[_-]|photo|image|media|nav|menu|card",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text and where it stands."""

    text: str
    tag: str  # the block's own tag
    path: tuple[HtmlElement, ...]  # the elements around it, outermost first, itself last
    link_words: int  # of its words, those inside links
    words: int
    folded: str  # what `fold` makes of the text
    spaced: str  # the text with a blank between its elements, as eyes read what style alone keeps apart
    signature: tuple[str, ...]  # tags and classes of the path from DEEP on: equal for the paragraphs of one body

    @property
    def parent(self) -> HtmlElement:
        """The element around its own, which is itself where there is none."""
        return self.path[-2:][0]

    @property
    def link_density(self) -> float:
        return self.link_words / self.words if self.words else 0.0


@functools.lru_cache(maxsize=50_000)
def _kind(tag: str, names: str) -> str:
    """An element's tag with its classes, less those with a digit: editors that set a page of boxes number them."""
    return ".".join([tag, *(name for name in names.split() if not _DIGIT.search(name))])


def fold(text: str) -> str:
    """A text's words only, case-folded: what two printings of one line have in common."""
    return " ".join(_WORD.findall(text.casefold()))


def count(text: str) -> int:
    """Words of a text. A run of Chinese, Japanese, Korean or Thai counts a word for every two characters."""
    return _count(_WORD.findall(text), text)


def _count(words: Sequence[str], text: str) -> int:
    if not has_unspaced(text):
        return len(words)
    return sum(max(1, len(word) // 2) if is_unspaced(word) else 1 for word in words)


def walk(tree: HtmlElement) -> list[Block]:
    """All blocks of a tree, in document order; scripts, controls and comments are no text."""
    found: list[Block] = []
    pieces: list[str] = []
    links: list[str] = []  # of the pieces, those inside links
    path: list[HtmlElement] = []
    kinds: list[str] = []  # of the elements of the path
    if tree.tag not in plain.BLOCKS:  # a fragment may begin with an inline element
        path.append(tree)
        kinds.append(_kind(str(tree.tag), tree.get("class") or ""))

    def flush() -> None:
        if not pieces:
            return
        text = plain.line("".join(pieces))
        words = _WORD.findall(text.casefold())
        if words:
            counted = _count(words, text)
            linked = 0 if not links else counted if len(links) == len(pieces) else sum(map(count, links))
            spaced = text if len(pieces) == 1 else plain.line(" ".join(pieces))
            own, signature = path[-1], tuple(kinds[DEEP:])
            found.append(Block(text, str(own.tag), tuple(path), linked, counted, " ".join(words), spaced, signature))
        pieces.clear()
        links.clear()

    def take(text: str, linked: bool) -> None:
        if not pieces and text.isspace():
            return
        pieces.append(text)
        if linked:
            links.append(text)

    links_around = 0
    walker = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in _SILENT:
                walker.skip_subtree()  # its end comes next
                continue
            if tag in plain.BLOCKS:
                if path:
                    flush()
                path.append(element)
                kinds.append(_kind(tag, element.get("class", "")))
            elif tag == "br":
                flush()
            elif tag == "a":
                links_around += 1
            if text := element.text:
                take(text, links_around > 0)
            continue
        if event == "end" and tag not in _SILENT:
            if tag in plain.BLOCKS:
                flush()
                path.pop()
                kinds.pop()
            elif tag == "a":
                links_around -= 1
        if path and (tail := element.tail):
            take(tail, links_around > 0)
    flush()
    return found


_met: dict[
    tuple[int, str], bool
] = {}  # a pattern's and names → whether they match: a site's elements have the same few


def holds(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    """Whether one of an element's names matches a pattern, which is a module's constant."""
    asked = id(pattern), names_of(element)
    if (known := _met.get(asked)) is None:
        if len(_met) > 100_000:
            _met.clear()
        known = _met[asked] = bool(pattern.search(asked[1]))
    return known


def names_of(element: HtmlElement) -> str:
    """An element's class, id and test id: the names a site's makers give its parts; of longer ones what stands first."""
    return " ".join([element.get(name, "")[:NAMES] for name in ("class", "id", "data-testid")]).strip()


def is_beside(block: Block) -> bool:
    """Whether a block stands in something that is not the article: a teaser, a sidebar, a picture, the page's foot."""
    own = block.path[-4:]
    return any(e.tag in ("aside", "footer", "nav", "figure", "figcaption") for e in block.path) or any(
        holds(e, _BESIDE) for e in own
    )


def common(blocks: Iterable[Block], share: float) -> HtmlElement | None:
    """The deepest element that holds at least this share of the blocks' words."""
    words: dict[HtmlElement, int] = {}
    depth: dict[HtmlElement, int] = {}
    total = 0
    for block in blocks:
        total += block.words
        for level, element in enumerate(block.path):
            words[element] = words.get(element, 0) + block.words
            depth[element] = level
    able = [element for element, held in words.items() if held >= share * total]
    return max(able, key=depth.__getitem__, default=None)
