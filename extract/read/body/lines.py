"""The lines that an extractor took for the article, found again among the page's blocks; and those that it lost."""

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from extract.read.blocks import HEADINGS, Block, count, fold

WHOLE_LINE = 0.9  # of a line's letters found in blocks: then it is made of them
GAP = 40  # letters of a line that may be found in no block between two that are
PARAGRAPH = 15  # words: from here on a line without a full stop is a paragraph all the same
SECOND_HALF = 0.25  # of the kept words: from here on what stands below them is more than a note
PLAIN = 0.3  # share of a block's words in links, up to which it is text
END = re.compile(r"[.!?…:;\"'”’»)\]。！？]\s*$")  # of a sentence
TWICE = 0.7  # of a line's pairs of words: from here on it stands there already
PIECE = 5  # words at least of a piece of a paragraph
TABLE = 60  # words of a line from which on it may be a table's
ALMOST = 0.8  # of a block's pairs of words
EDGE = 2  # blocks between a body and its loose first or last paragraph, at most
RECOVER = 3  # kept paragraphs that must share a place before another one from there is brought back


@dataclass(slots=True)
class Line:
    """A line that may be of the article: its text, and the block it came from where that was found."""

    text: str
    place: int  # index of its block, or of the block before it
    block: Block | None
    words: int
    folded: str
    below: tuple[HtmlElement, ...] = ()  # its elements from below the content root down
    names: str = ""  # of those elements, a line each
    all_names: str = ""  # of all elements around it


def align(lines: Sequence[str], blocks: Sequence[Block], start: int = 0) -> list[Line]:
    """The lines of an extractor's text in the order of the page; a line may be several blocks, or none. What stands both above
    `start`, where the headline is, and below it is the latter: boxes to share a page repeat its first paragraph."""
    texts = [block.folded for block in blocks]
    places: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        places.setdefault(text, []).append(number)
    found: list[Line] = []
    last = 0
    for number, raw in enumerate(lines):
        text = re.sub(r"^[-•]\s+", "", raw.strip())
        folded = fold(text)
        able = places.get(folded, [])
        after = [p for p in able if p >= last]
        below = [p for p in after if p >= start] if len(after) > 1 and len(folded.split()) >= PARAGRAPH else []
        if (place := next(iter(below or after or able), None)) is not None:
            able.remove(place)
            parts = [place]
        else:
            parts = _parts(folded, texts, last) or _near(folded, blocks, texts, last) or _parts(folded, texts, 0)
            parts = (
                parts or _within(number, lines, blocks, last) or _begun(folded, texts, last) or _spread(folded, blocks)
            )
        if parts:
            found += [line_of(blocks, p) for p in parts]
            last = parts[-1]
        elif folded:
            found.append(Line(text, last, None, count(text), folded))
    first = next((n for n, line in enumerate(found) if line.block is not None), 0)
    for line in found[:first]:  # what stands above the first line that was found begins there too
        line.place = found[first].place
    once = {line.place if line.block else (line.place, line.text): line for line in found}
    return sorted(once.values(), key=lambda line: line.place)


def line_of(blocks: Sequence[Block], place: int) -> Line:
    """A block as a line."""
    block = blocks[place]
    return Line(block.text, place, block, block.words, block.folded)


def _parts(line: str, texts: Sequence[str], start: int) -> list[int]:
    """The blocks that an extractor ran together into one line, as it does with table cells and <br>: each begins where
    the one before ended or, where it is no short one, soon after; together they are nearly all of the line."""
    found, at, held = [], 0, 0
    for place in range(start, len(texts)):
        if at >= len(line):
            break
        text = texts[place]
        begin = line.find(text, at, at + len(text) + (GAP if len(text) >= GAP else 1))
        if begin >= 0 and text:
            found.append(place)
            at, held = begin + len(text), held + len(text) + 1
    return found if held >= WHOLE_LINE * len(line) else []


def _near(line: str, blocks: Sequence[Block], texts: Sequence[str], start: int) -> list[int]:
    """The block that a line was, less some of its words: an extractor drops an inline element now and then."""
    words = Counter(line.split())
    total = words.total()
    if total < PARAGRAPH:
        return []
    for place in range(start, len(blocks)):
        if WHOLE_LINE * total <= blocks[place].words <= 1.4 * total and (
            (words & Counter(texts[place].split())).total() >= WHOLE_LINE * total
        ):
            return [place]
    return []


def _within(number: int, lines: Sequence[str], blocks: Sequence[Block], start: int) -> list[int]:
    """The block that a line and one beside it are pieces of: an extractor breaks a paragraph where its source does."""
    line = fold(lines[number])
    if len(line.split()) < PIECE:
        return []
    beside = [fold(other) for other in (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])]
    able = (
        n
        for n in range(start, len(blocks))
        if blocks[n].tag != "pre"
        and f" {line} " in (whole := f" {blocks[n].folded} ")
        and any(other and f" {other} " in whole for other in beside)
    )
    return list(itertools.islice(able, 1))


def _begun(line: str, texts: Sequence[str], start: int) -> list[int]:
    """The one block that a line is the beginning of: an extractor loses the rest behind an element that says nothing."""
    if len(line.split()) < PARAGRAPH:
        return []
    able = [n for n in range(start, len(texts)) if texts[n].startswith(f"{line} ")]
    return able if len(able) == 1 else []


def _spread(line: str, blocks: Sequence[Block]) -> list[int]:
    """The blocks of a table that an extractor made one line of, less words of its own here and there: those whose pairs of
    words it has, with the short ones between them; together they are most of the line."""
    held = len(line.split())
    if held < TABLE:
        return []
    told, within = _pairs(line), f" {line} "
    found = [
        n
        for n, block in enumerate(blocks)
        if block.words >= 5 and (own := _pairs(block.folded)) and len(own & told) >= ALMOST * len(own)
    ]
    if sum(blocks[n].words for n in found) < TWICE * held:
        return []
    return [n for n in range(found[0], found[-1] + 1) if n in found or f" {blocks[n].folded} " in within]


def recover(taken: list[Line], blocks: Sequence[Block]) -> list[Line]:
    """Brings back what the extractor lost of the body: first paragraphs on the same path as the kept ones, between them
    and below them, for an advertisement may cut a body in two; then whatever stands among them in the same element."""
    return _once(_at_home(_alike(taken, blocks), blocks))


def _once(lines: list[Line]) -> list[Line]:
    """Without the lines that were found in no block, of whose words the blocks that were brought back have most."""
    if all(line.block is not None for line in lines):
        return lines
    held = {pair for line in lines if line.block is not None for pair in _pairs(line.folded)}
    return [
        x
        for x in lines
        if x.block is not None or not (told := _pairs(x.folded)) or len(told & held) < TWICE * len(told)
    ]


def _pairs(folded: str) -> set[tuple[str, str]]:
    words = folded.split()
    return set(itertools.pairwise(words))


def _alike(taken: list[Line], blocks: Sequence[Block]) -> list[Line]:
    """With the paragraphs that stand on the same path as the kept ones, from the first of them to the next headline or
    article; those below the last only where they are more than a note."""
    kept = {line.place for line in taken if line.block is not None}
    if not kept:
        return taken
    paths = Counter(blocks[place].signature for place in kept if blocks[place].tag == "p")
    last = max(kept)
    own = article_of(blocks[last])
    end = next(
        (n for n in range(last, len(blocks)) if blocks[n].tag == "h1" or article_of(blocks[n]) is not own), len(blocks)
    )
    lost = [
        line_of(blocks, place)
        for place, block in enumerate(blocks[:end])
        if place > min(kept)
        and place not in kept
        and block.tag == "p"
        and block.words >= 5
        and paths[block.signature] >= RECOVER
    ]
    below = sum(line.words for line in lost if line.place > last)
    if below < SECOND_HALF * sum(line.words for line in taken):
        lost = [line for line in lost if line.place < last]
    return sorted(taken + lost, key=lambda line: line.place)


def _at_home(taken: list[Line], blocks: Sequence[Block]) -> list[Line]:
    """With what stands between the first and the last of the kept lines in an element that holds RECOVER of them:
    paragraphs, headings, list items, text between line breaks."""
    kept = {line.place for line in taken if line.block is not None}
    homes = Counter(blocks[n].parent if blocks[n].tag == "p" else blocks[n].path[-1] for n in kept)

    def belongs(block: Block) -> bool:
        parent = block.path[-3] if block.tag == "li" and len(block.path) > 2 else block.parent
        least = 1 if block.tag in HEADINGS else 3 if block.tag == "li" else 5
        flowing = block.tag in ("p", "pre", "li") or block.tag in HEADINGS
        return (
            block.link_density <= 0.5
            and block.words >= least
            and homes[parent if flowing else block.path[-1]] >= RECOVER
        )

    def is_loose(block: Block) -> bool:  # a paragraph without its element: the first and the last often are
        return (
            block.path[-1] in homes
            and homes[block.path[-1]] >= RECOVER
            and block.words >= PARAGRAPH
            and block.link_density <= PLAIN
            and END.search(block.text) is not None
        )

    first, last = min(kept, default=0), max(kept, default=0)
    lost = [
        line_of(blocks, n)
        for n, block in enumerate(blocks)
        if n not in kept
        and (belongs(block) if first < n < last else first - EDGE <= n <= last + EDGE and is_loose(block))
    ]
    return sorted(taken + lost, key=lambda line: line.place)


def article_of(block: Block) -> HtmlElement | None:
    """The innermost <article> around a block."""
    return next((e for e in reversed(block.path) if e.tag == "article"), None)
