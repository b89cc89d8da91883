"""The standfirst: the deck under the headline, marked or not."""

import re
from collections.abc import Sequence

from extract.read import blocks
from extract.read.blocks import HEADINGS, Block, fold, is_beside
from extract.read.body import boilerplate, feet
from extract.read.body.lines import PARAGRAPH
from extract.read.layout import Layout
from extract.read.people import persons
from extract.read.when.printed import day

NEAR = 3  # lines below the headline, where a second one stands
SIGNATURE = 12  # words at most of a line that says who wrote it, and when
LABEL = 4  # words at most of one besides its day or its writer
NEW = 0.7  # of its words at most that the title says too

_SIGNED = re.compile(r"author|byline|bio|date|time|modal|tooltip|disclaimer|response|widget", re.IGNORECASE)
_DATED = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]")
_STAMP = re.compile(r"\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d|\d{4}.{1,6}\b\d{1,2}:\d\d\b")
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’»“)]?$")
_DECK = re.compile(
    r"standfirst|(?:^|[\s_-])(?:deck|dek|lede?|subtitle(?!-\d)|sub-title|subheading|sub-headline|subheadline|chapo|bajada|"
    r"article-?summary|article-?intro|intro|teaser-?text|excerpt|sottotitolo|ingress|manchet|sub-?deck|sub-?head)(?:$|[\s_-])|"
    r"(?:article|story|news|content|entry|post|header)[_-]*(?:deck|dek|sub-?(?:deck|head|title|heading|headline)|teaser)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TEASER = re.compile(r"teaser", re.IGNORECASE)
_LEAD = re.compile(r"(?:^|[\s_-])(?<!has-)(?:lead|preamble)(?:$|[\s_-])", re.IGNORECASE)
_CAPTION = re.compile(r"caption|(?:^|[\s_-])(?:credits?|video|player|embed)(?:$|[\s_-])", re.IGNORECASE)


def marked(page: Layout, description: str, people: Sequence[str] = ()) -> str:
    """The block under the headline that says what the page's description says, or is marked as the deck."""
    if page.headline is None:
        return ""
    told = fold(description)
    for place, block in enumerate(page.blocks[page.headline + 1 : page.headline + 8], page.headline + 1):
        named = any(blocks.holds(e, _DECK) for e in block.path[-3:]) or _leads(page.blocks, place)
        marked = named and not _is_caption(block, page) and not _is_label(block, people)
        marked = marked and not _is_anothers(block) and not _heads_a_part(page, place)
        if (
            4 <= block.words <= 80
            and block.link_density < 0.5
            and (marked or (block.tag in ("h2", "p") and block.folded == told))
        ):
            # Many sites repeat the first paragraph as the description: one that stands as the others do is the text's.
            alike = sum(b.tag == block.tag and b.signature == block.signature for b in page.blocks)
            return block.text if alike <= 2 else ""
    return ""


def _leads(page: Sequence[Block], place: int) -> bool:
    """Whether a block is called what leads the text, names nobody, and stands in another element than the text: there it is its
    first paragraph."""
    block = page[place]
    if not any(blocks.holds(e, _LEAD) for e in block.path[-3:]) or persons.BY.match(block.text) or is_beside(block):
        return False
    return not any(b.words >= PARAGRAPH and block.parent in b.path for b in page[place + 1 : place + 12])


def _is_caption(block: Block, page: Layout) -> bool:
    """Whether a block stands with a picture or a video: those that lead an article are named as its deck is."""
    own = block.path[-1:] if blocks.holds(block.path[-1], _DECK) else block.path[-3:]
    around = (e for e in own if e not in page.ours)
    return any(e.tag in ("figure", "figcaption") or blocks.holds(e, _CAPTION) for e in around)


def above(page: Layout, body: Sequence[int], people: Sequence[str] = ()) -> str:
    """The deck of a page that does not mark it, given the indices of its body's blocks: the sentences that stand between
    the headline and the body."""
    first = min(body, default=0)
    if page.headline is None or page.headline >= first:
        return ""
    able = [
        block
        for block in page.blocks[page.headline + 1 : first]
        if block.tag in ("p", "h2", "h3", "h4", "div")
        and (6 if block.tag != "div" else 12) <= block.words <= 80
        and block.link_density < 0.3
        and _SENTENCE.search(block.text)
        and not (block.words < 20 and _CLOCK.search(block.text))
        and not persons.BY.match(block.text)
        and not feet.is_formerly(block)
        and not is_beside(block)
        and not _is_caption(block, page)
        and not any(blocks.holds(e, _SIGNED) for e in block.path[-3:])
    ]
    if able:
        alike = [block for block in able[:4] if block.signature == able[0].signature]
        return " ".join(block.text for block in alike) if sum(block.words for block in alike) <= 100 else ""
    near = page.blocks[page.headline + 1 : min(first, page.headline + 1 + NEAR)]
    return next((block.text for block in near if _is_second(block, page, page.blocks[first], people)), "")


def _is_second(block: Block, page: Layout, body: Block, people: Sequence[str]) -> bool:
    """Whether a block is a second headline: a heading beside the first one or on top of the body, the only one of its kind,
    that says more than the title does."""
    title, told = set(fold(page.title).split()), block.folded.split()
    return (
        block.tag in ("h2", "h3", "h4")
        and 5 <= block.words <= 40
        and not block.link_words
        and sum(word in title for word in told) < NEW * len(told)
        and (block.parent in page.ours or block.parent in body.path)
        and not _is_signature(block, people)
        and not boilerplate.is_houses(block)
        and not is_beside(block)
        and not any(blocks.holds(e, _SIGNED) for e in block.path[-3:])
        and sum(b.tag == block.tag and b.signature == block.signature for b in page.blocks) == 1
    )


def _is_label(block: Block, people: Sequence[str]) -> bool:
    """Whether a line that is marked as a deck says who wrote it, or when, and no more. A deck may begin with "By the", "Von" or
    "Por", hold a writer's name, or a year."""
    if block.words > 2 * SIGNATURE:
        return False
    if persons.BY.match(block.text) and (
        _STAMP.search(block.text) or any(map(persons.is_full, persons.named(block.text)))
    ):
        return True
    told = f" {block.folded} "
    for name in map(fold, people):
        told = told.replace(f" {name} ", " ") if name else told
    found, said = day([block.text])
    rest = told.replace(f" {fold(said)} ", " ") if found is not None else told
    words = [word for word in rest.split() if not word.isdigit()]
    return rest != f" {block.folded} " and len(words) <= LABEL


def _is_anothers(block: Block) -> bool:
    """Whether a block stands in what is called a teaser and leads away or asks for something: another story's, or the house's."""
    boxes = [e for e in block.path[-3:] if blocks.holds(e, _TEASER)]
    return bool(boxes) and (boilerplate.is_houses(block) or any(next(e.iter("a"), None) is not None for e in boxes))


def _heads_a_part(page: Layout, place: int) -> bool:
    """Whether a block is a heading below a paragraph: it heads a part of the text, as decks' names do too."""
    above = page.blocks[(page.headline or 0) + 1 : place]
    return page.blocks[place].tag in HEADINGS and any(b.tag == "p" and b.words >= PARAGRAPH for b in above)


def _is_signature(block: Block, people: Sequence[str]) -> bool:
    """Whether a heading may be who wrote it, or when: where nothing marks it as a deck, a name, a "by" or a day is doubt enough."""
    by, dated = bool(persons.BY.match(block.text)), bool(_DATED.search(block.text))
    named = by or dated or any(fold(name) in block.folded for name in people)
    return named and block.words <= (2 * SIGNATURE if by and dated else SIGNATURE)
