"""What an extractor lost that is of a body by its place among the kept lines: headings, paragraphs, items of lists, answers
that open on a click."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from extract.read import terms
from extract.read.blocks import HEADINGS, Block, count, fold, holds, is_beside
from extract.read.body.lines import END, PARAGRAPH, PLAIN, RECOVER, Line, line_of

LISTS = ("ul", "ol")
WRAPPED = 5  # elements at most from an item of a list to one that holds kept lines, where a box holds the list alone
ITEM = 2  # words at the mean of a list's items
CLOSING = 40  # words at least of a list that a body ends with
ANSWER = 8  # words at least of one that opens on a click
SHOPS = 3  # headings alike that lead to other houses: then they name what a text tests, and are no notice

_FOLDED = re.compile(r"accordion|akkordeon|(?:^|[\s_-])faqs?(?:$|[\s_-])", re.IGNORECASE)
_OTHERS = re.compile(
    rf"\W*(?:\d+\s+)?(?:{terms.pattern('also', 'readers', 'house_rules')}|repl(?:y|ies)|responses?)(?:\W|$)",
    re.IGNORECASE,
)
_PICTURES = ("img", "video", "iframe", "picture", "figure")


def beside(taken: Sequence[Line], blocks: Sequence[Block], root: HtmlElement | None) -> list[Line]:
    """What belongs to the body of the kept lines, of what stands between the first and the last of them under the content root;
    and the list it ends with."""
    kept = _Kept({line.place for line in taken if line.block is not None}, blocks)
    between = range(min(kept.places, default=0) + 1, max(kept.places, default=0))
    able = [n for n in between if n not in kept.places and root in blocks[n].path]
    found = [n for n in able if blocks[n].tag not in HEADINGS and kept.holds(n)]
    kept.tell(found)
    found += [n for n in able if blocks[n].tag in HEADINGS and kept.holds(n)]
    return [line_of(blocks, n) for n in (*sorted(found), *kept.closing())]


class _Kept:
    """The kept blocks of a page, and whether another one is of their body."""

    def __init__(self, places: set[int], blocks: Sequence[Block]) -> None:
        self.places, self.blocks = places, blocks
        self.above: set[int] = set()  # the headings right above a line of the body
        self.alone: dict[HtmlElement, bool] = {}  # a box → whether there is nothing in it but headings
        self.lists: dict[HtmlElement, bool] = {}  # a box → whether there is nothing in it but a list
        self.shops: dict[tuple[str, ...], bool] = {}  # a kind of heading → whether SHOPS of it lead to other houses
        self.elements = {element for place in places for element in blocks[place].path}
        self.kinds = {blocks[place].signature for place in places}
        self.siblings = Counter(blocks[place].parent for place in places)

    def tell(self, found: Sequence[int]) -> None:
        """Which headings stand right above a kept line, or one of those that were found, with headings between them at most."""
        told, follows = {*self.places, *found}, False
        for place in range(len(self.blocks) - 1, -1, -1):
            if follows and self.blocks[place].tag in HEADINGS:
                self.above.add(place)
            follows = place in told or place in self.above

    def holds(self, place: int) -> bool:
        """Whether a block between kept ones is of the body: a heading or a paragraph beside kept lines or of a kind that the
        body has, a heading right above a kept line, an item of a list beside kept lines or of which others are kept, an answer."""
        block = self.blocks[place]
        # Steps up to an element that holds kept lines: 1 for their sibling. All where the rules left nothing under the root.
        up = next((n for n, element in enumerate(reversed(block.path)) if element in self.elements), len(block.path))
        around = block.path[len(block.path) - up :]  # the elements that hold no kept line
        same, plain = block.signature in self.kinds, block.link_density <= PLAIN
        closed = plain and END.search(block.text) is not None
        if block.tag in HEADINGS:
            if self._heads(place, around):
                return True
            shown = block.link_density <= 0.5 or (self.siblings[block.parent] >= RECOVER and same)
            return (up <= 1 or same) and shown
        if closed and block.words >= ANSWER and any(holds(e, _FOLDED) for e in around) and not is_beside(block):
            return True
        if block.tag == "li":
            if not plain:
                return self.siblings[block.parent] >= 2
            return up <= 2 or (up <= WRAPPED and self._is_listed(around[0]) and not is_beside(block))
        if block.tag == "p":
            return (up <= 1 and closed) or (1 < up <= 3 and same and block.words >= 5)
        return up == 1 and (block.tag == "pre" or (block.tag == "div" and closed and block.words >= PARAGRAPH))

    def closing(self) -> list[int]:
        """The list right below the last kept line, with the headings above its items, where it is a sibling of kept lines and says
        CLOSING words, no links, half of its items in sentences: other stories' headlines have no full stop. What follows under a heading
        over such, or over what readers wrote, is none."""
        found: list[int] = []
        for place in range(max(self.places, default=len(self.blocks)) + 1, len(self.blocks)):
            block = self.blocks[place]
            lists = [element for element in block.path if element.tag in LISTS]
            beside = lists[0].getparent() if block.tag == "li" and lists else block.parent
            if (block.tag != "li" and block.tag not in HEADINGS) or self.siblings[beside] < 2:
                break
            if block.tag in HEADINGS and _OTHERS.match(block.text):
                break
            found.append(place)
        while found and self.blocks[found[-1]].tag in HEADINGS:
            found.pop()
        words = sum(self.blocks[n].words for n in found)
        linked = sum(self.blocks[n].link_words for n in found)
        items = [n for n in found if self.blocks[n].tag == "li"]
        closed = sum(END.search(self.blocks[n].text) is not None for n in items)
        told = words >= CLOSING and linked <= PLAIN * words and 2 * closed >= len(items)
        return found if told else []

    def _heads(self, place: int, around: Sequence[HtmlElement]) -> bool:
        """Whether a heading stands right above a line of the body, in nothing or in a box of its own, as editors that set a page
        of boxes have it. One that leads to another page is a teaser, unless there are SHOPS that lead to other houses."""
        if place not in self.above or (len(around) > 1 and not self._is_alone(around[0])):
            return False
        block = self.blocks[place]
        shown = block.link_density <= 0.5 or _leads_within(block) or (_leads_out(block) and self._is_one_of(block))
        return shown and not is_beside(block)

    def _is_alone(self, box: HtmlElement) -> bool:
        if box not in self.alone:
            self.alone[box] = is_alone(box)
        return self.alone[box]

    def _is_listed(self, box: HtmlElement) -> bool:
        if box not in self.lists:
            self.lists[box] = _is_list(box)
        return self.lists[box]

    def _is_one_of(self, block: Block) -> bool:
        kind = (block.tag, *block.signature)
        if kind not in self.shops:
            alike = [n for n in self.above if (self.blocks[n].tag, *self.blocks[n].signature) == kind]
            self.shops[kind] = sum(_leads_out(self.blocks[n]) for n in alike) >= SHOPS
        return self.shops[kind]


def is_alone(box: HtmlElement, tags: Iterable[str] = HEADINGS) -> bool:
    """Whether there is nothing in a box but headings, or elements of these tags."""
    if next(box.iter(*_PICTURES), None) is not None:
        return False
    return _letters(box.text_content()) == _letters("".join(e.text_content() for e in box.iter(*tags)))


def _is_list(box: HtmlElement) -> bool:
    """Whether there is nothing in a box but a list, which is none of links nor of single words, as menus and tags are."""
    items = [count(e.text_content()) for e in box.iterfind(".//li")]
    if sum(items) < ITEM * len(items):
        return False
    linked = sum(len(_letters(e.text_content())) for e in box.iter("a"))
    return is_alone(box, LISTS) and linked <= PLAIN * len(_letters(box.text_content()))


def _letters(text: str) -> str:
    return "".join(fold(text).split())


def _links(block: Block) -> list[HtmlElement]:
    element = block.path[-1]
    return [*element.iter("a"), *element.iterancestors("a")]


def _leads_within(block: Block) -> bool:
    """Whether all links of a block lead to places on its own page."""
    return all((a.get("href") or "#").startswith("#") for a in _links(block))


def _leads_out(block: Block) -> bool:
    """Whether a block's links lead to other houses: in a window of their own, or marked as paid for or not vouched for."""
    links = _links(block)
    return bool(links) and all(
        (a.get("href") or "").startswith("http")
        and (a.get("target") == "_blank" or bool({"nofollow", "sponsored"} & set((a.get("rel") or "").split())))
        for a in links
    )
