"""A page's blocks: the paragraphs, headings and list items as they stand in the tree, in document order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from extract import plain

# What ends a line in a browser. A block is the deepest of these around a text.
_BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
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
    ]
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text and where it stands."""

    text: str
    tag: str  # the block's own tag
    path: tuple[HtmlElement, ...]  # the elements around it, outermost first, itself last
    link_words: int  # of its words, those inside links
    words: int
    spaced: str = ""  # the text with a blank between its elements, as eyes read what style alone keeps apart

    @property
    def link_density(self) -> float:
        return self.link_words / self.words if self.words else 0.0

    @property
    def signature(self) -> tuple[str, ...]:
        """Tags and classes from the fourth element down: equal for the paragraphs of one body."""
        return tuple(f"{e.tag}.{e.get('class') or ''}" for e in self.path[3:])


def fold(text: str) -> str:
    """A text's words only, case-folded: what two printings of one line have in common."""
    return " ".join(_WORD.findall(text.casefold()))


def count(text: str) -> int:
    """Words of a text. A run of Chinese, Japanese or Thai counts a word for every two characters."""
    words = _WORD.findall(text)
    return len(words) if text.isascii() else sum(max(1, len(w) // 2) if _unspaced(w) else 1 for w in words)


def _unspaced(word: str) -> bool:
    return "\u0e00" <= word[0] <= "\u0eff" or "\u3040" <= word[0] <= "\u9fff" or word[0] >= "\U00020000"


def walk(tree: HtmlElement) -> list[Block]:
    """All blocks of a tree, in document order; scripts, controls and comments are no text."""
    found: list[Block] = []
    pieces: list[tuple[str, bool]] = []
    path: list[HtmlElement] = []

    def flush() -> None:
        text = plain.line("".join(t for t, _ in pieces))
        if text and _WORD.search(text):
            linked = sum(count(t) for t, link in pieces if link)
            spaced = plain.line(" ".join(t for t, _ in pieces))
            found.append(Block(text, str(path[-1].tag), tuple(path), linked, count(text), spaced))
        pieces.clear()

    # By hand, not by recursion: a page may nest ten thousand deep.
    stack: list[tuple[HtmlElement, bool, bool]] = [(tree, False, False)]
    while stack:
        element, linked, leaving = stack.pop()
        if not isinstance(element.tag, str):
            pass
        elif leaving:
            if element.tag in _BLOCK:
                flush()
                path.pop()
        elif element.tag not in _SILENT:
            linked = linked or element.tag == "a"
            if element.tag in _BLOCK:
                if path:
                    flush()
                path.append(element)
            elif element.tag == "br":
                flush()
            if element.text:
                pieces.append((element.text, linked))
            stack.append((element, linked, True))
            stack.extend((child, linked, False) for child in reversed(element))
            continue
        if element.tail and path:
            inside = any(True for _ in element.iterancestors("a"))
            pieces.append((element.tail, inside))
    return found


def holds(element: HtmlElement, pattern: re.Pattern[str]) -> bool:
    """Whether an element's class, id or test id matches: the names a site's makers give its parts."""
    return bool(pattern.search(" ".join(filter(None, map(element.get, ("class", "id", "data-testid"))))))


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
