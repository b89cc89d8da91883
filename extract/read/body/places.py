"""Where a site keeps its articles' bodies: learned from its own earlier pages, checked on each page it is used on.

    full reading ─observe→ Observation ─of three pages or more─ decide_places → Place ─find→ the body's lines, or None

A place is no rule of ours for a site: it is what the full reader found there, and it is forgotten with the pages that
taught it. Where the check fails the full reader reads the page, and teaches anew.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from lxml.html import HtmlElement

from extract.keys import key
from extract.read import blocks
from extract.read.blocks import Block
from extract.records import Observation, Place

LEAST = 3  # pages on which a body has to stand in one place
HELD = 0.8  # of a body's words, that its element holds
WORDS = 120  # of a body read at its place; shorter ones are for the full reader, which tells stubs and walls
UNKNOWN = 0.15  # of the words found, that may stand in parts not seen before, or elsewhere
PARAGRAPH = 15  # words

_TEXT = frozenset(("p", "li", "blockquote", "pre", "h2", "h3", "h4"))  # one of the body's lines, not the body
_VARIED = re.compile(r"[\d<\[\]]+")  # what differs from page to page, and what a name is put together with


def observe(walked: Sequence[Block], chosen: Sequence[int], headline: int | None) -> Observation | None:
    """The place of the body on a page: `chosen` are the places of its lines among all blocks, `headline` the title's."""
    body = [walked[n] for n in chosen]
    element = blocks.common(body, HELD)
    if element is None or element not in body[0].path:
        return None
    path = body[0].path
    at = path.index(element)
    while at and path[at].tag in _TEXT:
        at -= 1
    element = path[at]
    title = walked[headline].path if headline is not None else (element,)
    frame = next((e for e in reversed(path[: at + 1]) if e in title), None)
    if frame is None:
        return None
    taken = set(chosen)
    parts: tuple[dict[int, None], dict[int, None]] = ({}, {})
    for number, block in enumerate(walked):
        if element in block.path:
            parts[number in taken][_part(block, element)] = None
    return Observation(_name(frame), _name(element), tuple(parts[True]), tuple(parts[False]))


def decide_places(seen: Iterable[Observation]) -> tuple[Place, ...]:
    """The places that LEAST pages of one site share, the most usual first; a part belongs where most pages kept it."""
    by_place: dict[tuple[str, str], list[Observation]] = {}
    for observation in seen:
        by_place.setdefault((observation.frame, observation.body), []).append(observation)
    found = []
    for (frame, body), pages in sorted(by_place.items(), key=lambda item: -len(item[1])):
        if len(pages) >= LEAST:
            kept = Counter(part for page in pages for part in page.kept)
            dropped = Counter(part for page in pages for part in page.dropped)
            own = frozenset(part for part, times in kept.items() if times >= dropped[part])
            found.append(Place(frame, body, own, frozenset(dropped) - own))
    return tuple(found)


def find(tree: HtmlElement, places: Sequence[Place]) -> tuple[list[Block], list[int]] | None:
    """The blocks around headline and body, and which of them are the body's lines, by the first place that holds on this
    page; None where none does, and the full reader has to read it."""
    for place in places:
        frame, element = _element(tree, place.frame), _element(tree, place.body)
        if frame is not None and element is not None:
            walked = blocks.walk(frame)
            lines = _lines(walked, element, place)
            if lines:
                return walked, lines
    return None


def _lines(walked: Sequence[Block], element: HtmlElement, place: Place) -> list[int]:
    lines, words, unknown = [], 0, 0
    for number, block in enumerate(walked):
        if element in block.path:
            part = _part(block, element)
            if part in place.kept:
                lines.append(number)
                words += block.words
            elif part not in place.dropped:
                unknown += block.words
        elif block.tag == "p" and block.words >= PARAGRAPH and block.link_density < 0.3:
            unknown += block.words
    return lines if words >= WORDS and unknown <= UNKNOWN * words else []


def _element(tree: HtmlElement, name: str) -> HtmlElement | None:
    """The one element of this name in a tree; None where there are several, or none."""
    first, *steps = reversed(name.split("<"))
    found = [e for e in tree.iter(first.split(".", 1)[0]) if _label(e) == first]
    for step in steps:
        tag, dot, _ = step.partition(".")
        if dot:
            found = [e for parent in found for e in parent.iterchildren(tag) if _label(e) == step]
        else:
            tag, place = step.rstrip("]").split("[")
            found = [e for parent in found for e in islice(parent.iterchildren(tag), int(place), int(place) + 1)]
    return found[0] if len(found) == 1 else None


def _name(element: HtmlElement) -> str:
    """What tells an element from the others of its page: its own and its parent's label, or, where its makers named
    neither, its way down from the first ancestor that they did. A name begins with the element's own step."""
    parts = [_step(element)]
    for above in element.iterancestors():
        if "[" not in parts[-1] and len(parts) > 1:
            break
        parts.append(_step(above))
    if "[" in parts[-1]:
        parts[-1] = _label(element.getroottree().getroot())
    return "<".join(parts)


def _step(element: HtmlElement) -> str:
    label = _label(element)
    place = sum(1 for _ in element.itersiblings(element.tag, preceding=True)) if label.endswith(".") else 0
    return f"{element.tag}[{place}]" if label.endswith(".") else label


def _label(element: HtmlElement) -> str:
    """An element's tag with its classes and ids, digits masked."""
    return f"{element.tag}.{_VARIED.sub('0', blocks.names_of(element))}"


def _part(block: Block, element: HtmlElement) -> int:
    """The key of a block's path below an element."""
    return key("/".join(_label(e) for e in block.path[block.path.index(element) + 1 :]))
