"""Which of the lines an extractor took for an article are not of it, and which it lost.

The extractor's lines are found again among the page's blocks; the rules then look at where a line stands: its element,
its links, what is around it, whether it stands twice. Every rule has a guard: one that would take more than half of the
words is off for that page, for then it is the rule that is wrong.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from extract.blocks import Block, common, count, fold, holds
from extract.keys import key

GUARD = 0.5
THIN = 80
ENOUGH = 150  # words: where so many are left, what its makers named a comment or a caption may be most of the page
ARTICLE_SHARE = 0.6  # of the words inside one <article>: then what lies outside it belongs to another
ROOT_SHARE = 0.8  # of the words inside the content root: classes above it name the whole page
WHOLE_LINE = 0.9  # of a line's letters found in blocks: then it is made of them
GAP = 40  # letters of a line that may be found in no block between two that are
TOP = 4  # short lines that may stand above the first paragraph
PARAGRAPH = 15  # words: from here on a line without a full stop is a paragraph all the same
BACKGROUND = 40  # words: from here on a block that returns may be the background of a running story
SECOND_HALF = 0.25  # of the kept words: from here on what stands below them is more than a note
TEASERS = 3
RECOVER = 3  # kept paragraphs that must share a path before another one on it is brought back

_AUTHOR = re.compile(r"author|byline|\bbio\b|about-(?:the-)?(?:author|writer)|contributor|writer", re.IGNORECASE)
_COMMENT = re.compile(r"comment|disqus|discussion|respond", re.IGNORECASE)
_CAPTION = re.compile(
    r"caption|(?:^|[\s_])(?:image|photo|picture)[_-]|(?:^|\s)cap(?:$|\s)|(?:^|[\s_-])(?:gallery|slideshow|carousel|lightbox)",
    re.IGNORECASE,
)
_TAGS = re.compile(r"(?:^|[\s_-])(?:tags?|taglist|topics|keywords|breadcrumbs?)(?:$|[\s_-])", re.IGNORECASE)
_FOOTER = re.compile(r"(?:^|[\s_-])(?:footer|foot|copyright|legal|disclaimer)(?:$|[\s_-])", re.IGNORECASE)
_HIDDEN = re.compile(
    r"(?:^|[\s_-])(?:hidden|hide|visually-hidden|sr-only|screen-reader\S*|print-only|noprint)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NAVIGATION = re.compile(
    r"(?:^|[\s_-]|left|right|top|sub)nav|side-?bar|(?:left|right)-?(?:rail|col)|(?:^|[\s_-])menu", re.IGNORECASE
)
_FLOAT = re.compile(r"float\s*:\s*(?:left|right)", re.IGNORECASE)
_PROMO_CLASS = re.compile(
    r"newsletter|subscri|sign-?up|paywall-\w|app-?(?:promo|prompt|banner)|(?:^|[\s_-])(?:promo|share|sharing|social|cookie\S*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PROMO = re.compile(
    r"newsletter|sign up (?:for|to)|subscribe (?:to|now|today)|\bour app\b|download the .{0,20}app|click here|follow us on|"
    r"ad-free|abonnieren|abonnez-vous|inscri(?:vez|ption)|suscríb|assine|iscriviti|advertisement$|story continues",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"^(?:read (?:more|also|next)|see also|related|more (?:on|from|stories)|also read|you may also|don't miss|watch|"
    r"lesen sie|mehr zum|lire aussi|à lire|lea también|leer más|le(?:ia|er) (?:também|mais)|leggi anche|lees ook|läs också|les også|czytaj)\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^\W*(?:photo(?:graph)?|foto|image|bild|picture|video|illustration|crédit|credit|copyright|©)s?\b.{0,3}[:/©(]|"
    r"(?:/|via |\| ?|by )(?:getty|shutterstock|istock|alamy|picture.alliance|afp|ap photo|epa|reuters)\b[^.]{0,30}$|\bgetty images\b[^.]{0,30}$|^\(?ap photo/",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b")
_ID = re.compile(r"^[\w-]*\d{5,}[\w-]*$")  # a picture's file name printed as its title
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_END = re.compile(r"[.!?…:;\"'”’»)\]。！？]\s*$")


@dataclass(slots=True)
class _Line:
    """A line that may be of the article: its text, and the block it came from where that was found."""

    text: str
    place: int  # index of its block, or of the block before it
    block: Block | None
    words: int
    below: tuple[HtmlElement, ...] = field(default=())  # its elements from below the content root down


def mask(text: str) -> int:
    """The key of a block's words with its digits masked: "12 comments" and "7 comments" are one block to a site."""
    return key(re.sub(r"\d+", "0", fold(text)))


def masks(blocks: Sequence[Block]) -> tuple[int, ...]:
    """The masks of a page's blocks, each once."""
    return tuple({mask(block.text) for block in blocks})


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


def choose(
    lines: Sequence[str], blocks: Sequence[Block], title: str, standfirst: str, repeated: frozenset[int] = frozenset()
) -> list[tuple[str, int]]:
    """The article's lines in order, each with the index of the block it came from. `repeated` are the masks of blocks
    that this site prints on many pages."""
    taken = _align(lines, blocks)
    taken = _recover(_below_headline(_cut(taken, blocks, title), blocks, title), blocks)
    root = common([line.block for line in taken if line.block], ROOT_SHARE)
    for line in taken:
        if line.block is not None:
            path = line.block.path
            line.below = path[path.index(root) + 1 :] if root in path else path[-3:]
    teasers = _teasers(blocks)
    taken = _without(taken, lambda line: line.place in teasers)
    for rule, named in _rules(title, standfirst, repeated):
        kept = [line for line in taken if not rule(line)]
        words = sum(x.words for x in kept)
        if words >= GUARD * sum(x.words for x in taken) or (named and words >= ENOUGH):
            taken = kept
    return [(line.text, line.place) for line in _without_top(_without_loose_ends(_without_repeats(taken, blocks)))]


def _align(lines: Sequence[str], blocks: Sequence[Block]) -> list[_Line]:
    texts = [fold(block.text) for block in blocks]
    places: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        places.setdefault(text, []).append(number)
    found: list[_Line] = []
    last = 0
    for raw in lines:
        text = re.sub(r"^[-•]\s+", "", raw.strip())
        folded = fold(text)
        able = places.get(folded, [])
        if (place := next((p for p in able if p >= last), able[0] if able else None)) is not None:
            able.remove(place)
            parts = [place]
        else:
            parts = _parts(folded, texts, last) or _near(folded, blocks, texts, last) or _parts(folded, texts, 0)
        if parts:
            found += [_Line(blocks[p].text, p, blocks[p], blocks[p].words) for p in parts]
            last = parts[-1]
        elif folded:
            found.append(_Line(text, last, None, count(text)))
    first = next((n for n, line in enumerate(found) if line.block is not None), 0)
    for line in found[:first]:  # what stands above the first line that was found begins there too
        line.place = found[first].place
    once = {line.place if line.block else (line.place, line.text): line for line in found}
    return sorted(once.values(), key=lambda line: line.place)


def _parts(line: str, texts: Sequence[str], start: int) -> list[int]:
    """The blocks that an extractor ran together into one line, as it does with table cells and <br>: each begins where
    the one before ended or, where it is no short one, soon after; together they are nearly all of the line."""
    found, at, held = [], 0, 0
    for place in range(start, len(texts)):
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


def _cut(taken: list[_Line], blocks: Sequence[Block], title: str) -> list[_Line]:
    """Only what lies in the article's own <article>, where there is one: next stories are often appended."""
    words: Counter[HtmlElement] = Counter()
    for line in taken:
        if line.block is not None:
            for element in line.block.path:
                if element.tag == "article":
                    words[element] += line.words
    total = sum(line.words for line in taken)
    named = _article(blocks[place]) if (place := _headline(blocks, title)) is not None else None
    own = max(
        (e for e, held in words.items() if held >= ARTICLE_SHARE * total or (e is named and held >= THIN)),
        key=lambda e: len(list(e.iterancestors())),
        default=None,
    )
    return taken if own is None else [line for line in taken if line.block is None or own in line.block.path]


def _headline(blocks: Sequence[Block], title: str) -> int | None:
    """The place of the headline: the first block that says the title, else the longest that is a part of it."""
    told = fold(title)
    if not told:
        return None
    texts = [fold(block.text) for block in blocks]
    if told in texts:
        return texts.index(told)
    parts = [n for n, text in enumerate(texts) if blocks[n].words >= 3 and f" {text} " in f" {told} "]
    return max(parts, key=lambda n: (len(texts[n]), -n), default=None)


def _below_headline(taken: list[_Line], blocks: Sequence[Block], title: str) -> list[_Line]:
    """Only what stands below the headline, where that is found above most of the text: menus stand above it."""
    place = _headline(blocks, title)
    if place is None:
        return taken
    below = [line for line in taken if line.place >= place]
    return below if sum(x.words for x in below) >= (1 - GUARD / 2) * sum(x.words for x in taken) else taken


def _recover(taken: list[_Line], blocks: Sequence[Block]) -> list[_Line]:
    """Brings back what the extractor lost of the body: first paragraphs on the same path as the kept ones, between them
    and below them, for an advertisement may cut a body in two; then whatever stands among them in the same element."""
    return _at_home(_alike(taken, blocks), blocks)


def _alike(taken: list[_Line], blocks: Sequence[Block]) -> list[_Line]:
    """With the paragraphs that stand on the same path as the kept ones, from the first of them to the next headline or
    article; those below the last only where they are more than a note."""
    kept = {line.place for line in taken if line.block is not None}
    if not kept:
        return taken
    paths = Counter(blocks[place].signature for place in kept if blocks[place].tag == "p")
    last = max(kept)
    own = _article(blocks[last])
    end = next(
        (n for n in range(last, len(blocks)) if blocks[n].tag == "h1" or _article(blocks[n]) is not own), len(blocks)
    )
    lost = [
        _Line(block.text, place, block, block.words)
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


def _at_home(taken: list[_Line], blocks: Sequence[Block]) -> list[_Line]:
    """With what stands between the first and the last of the kept lines in an element that holds RECOVER of them:
    paragraphs, headings, list items, text between line breaks."""
    kept = {line.place for line in taken if line.block is not None}
    homes = Counter(blocks[n].path[-2] if blocks[n].tag == "p" else blocks[n].path[-1] for n in kept)

    def belongs(block: Block) -> bool:
        parent, own = block.path[-2:] if len(block.path) > 1 else (block.path[-1], block.path[-1])
        if block.tag == "li" and len(block.path) > 2:
            parent = block.path[-3]
        least = 1 if block.tag in _HEADINGS else 3 if block.tag == "li" else 5
        flowing = block.tag in ("p", "pre", "li") or block.tag in _HEADINGS
        return block.link_density <= 0.5 and block.words >= least and homes[parent if flowing else own] >= RECOVER

    between = range(min(kept, default=0) + 1, max(kept, default=0))
    lost = [
        _Line(blocks[n].text, n, blocks[n], blocks[n].words) for n in between if n not in kept and belongs(blocks[n])
    ]
    return sorted(taken + lost, key=lambda line: line.place)


def _article(block: Block) -> HtmlElement | None:
    """The innermost <article> around a block."""
    return next((e for e in reversed(block.path) if e.tag == "article"), None)


def _teasers(blocks: Sequence[Block]) -> set[int]:
    """The places of lists of stories: linked headings alike, TEASERS of them or more, each over no more than a blurb."""
    found: set[int] = set()
    run: list[int] = []
    for place, block in enumerate(blocks[:-1]):
        if block.tag not in _HEADINGS or block.link_density <= 0.8 or block.words < 3:
            continue
        if block.path[-2] not in blocks[place + 1].path:
            continue
        follows = bool(run) and blocks[run[-1]].signature == block.signature
        if not follows or not 1 < place - run[-1] <= 5 or sum(b.words for b in blocks[run[-1] + 1 : place]) > 60:
            run = []
        run.append(place)
        if len(run) >= TEASERS:
            found.update(range(run[0], place))
            alike = {b.signature for b in blocks[run[0] : place]}
            found.update(n for n in range(place, min(place + 5, len(blocks))) if blocks[n].signature in alike)
    return found


def _without(taken: list[_Line], junk: Callable[[_Line], bool]) -> list[_Line]:
    kept = [line for line in taken if not junk(line)]
    return kept if sum(x.words for x in kept) >= 20 else taken


def _rules(title: str, standfirst: str, repeated: frozenset[int]) -> list[tuple[Callable[[_Line], bool], bool]]:
    """Each says of one line whether it is junk; with it, whether it knows that by the name of the line's element."""
    headline, deck = fold(title), fold(standfirst)

    def within(pattern: re.Pattern[str], most: int = 10_000) -> Callable[[_Line], bool]:
        return lambda x: x.words <= most and any(holds(e, pattern) for e in x.below)

    by_text: list[Callable[[_Line], bool]] = [
        lambda x: mask(x.text) in repeated,
        lambda x: fold(x.text) in (headline, deck),
        lambda x: any(e.tag in ("figure", "figcaption") for e in x.below) and not _is_quote(x),
        lambda x: any(map(_floats, x.below)),
        lambda x: x.words <= 60 and (bool(_CREDIT.search(x.text)) or bool(_ID.match(x.text))),
        lambda x: x.block is not None and x.words >= 2 and x.block.link_density > 0.6,
        lambda x: (
            x.words <= 40
            and bool(_RELATED.match(x.text))
            and (x.block is None or x.block.link_words > 0 or x.words <= 4)
        ),
        lambda x: x.words <= 40 and bool(_PROMO.search(x.text)) and (x.block is None or x.block.tag != "blockquote"),
    ]
    by_name = [
        lambda x: x.block is not None and any(holds(e, _COMMENT) for e in x.block.path),
        within(_CAPTION),
        within(_PROMO_CLASS),
        within(_AUTHOR),
        within(_TAGS, 60),
        within(_FOOTER),
        within(_HIDDEN),
        within(_NAVIGATION),
    ]
    return [(rule, False) for rule in by_text] + [(rule, True) for rule in by_name]


def _floats(element: HtmlElement) -> bool:
    """Whether text flows around an element: a box beside the body, as pages of tables set it."""
    side = (element.get("align") or "").lower() in ("left", "right")
    return element.tag in ("table", "div") and (side or bool(_FLOAT.search(element.get("style") or "")))


def _is_quote(line: _Line) -> bool:
    return any(e.tag == "blockquote" for e in line.below)


def _without_repeats(taken: list[_Line], blocks: Sequence[Block]) -> list[_Line]:
    """A line that stands twice is kept once; at the article's end, where house texts stand, not at all."""
    times = Counter(fold(block.text) for block in blocks)
    end = len(taken)
    while end and (times[fold(taken[end - 1].text)] > 1 or _is_item_among_repeats(taken, end - 1, times)):
        end -= 1
    if sum(x.words for x in taken[:end]) < GUARD * sum(x.words for x in taken):
        end = len(taken)
    seen: set[str] = set()
    kept = []
    for line in taken[:end]:
        if (folded := fold(line.text)) not in seen or line.words < 4:
            kept.append(line)
            seen.add(folded)
    return kept


def _is_item_among_repeats(taken: list[_Line], at: int, times: Counter[str]) -> bool:
    """A list item or a short label most of whose neighbours stand twice: the list is the house's, not the article's."""
    line = taken[at]
    near = [x for x in taken[max(0, at - 3) : at + 4] if x is not line]
    repeated = sum(times[fold(x.text)] > 1 for x in near)
    return line.words <= 12 and not _END.search(line.text) and len(near) >= 3 and repeated * 2 > len(near)


def _without_loose_ends(taken: list[_Line]) -> list[_Line]:
    """Without headings at the end, whose text was dropped."""
    end = len(taken)
    while end > 1 and (block := taken[end - 1].block) is not None and block.tag in _HEADINGS:
        end -= 1
    return taken[:end]


def _without_top(taken: list[_Line]) -> list[_Line]:
    """Without the short lines above the first paragraph: section, date, byline. At most TOP of them, lest a poem go."""
    for start in range(min(TOP, len(taken) - 1) + 1):
        line = taken[start]
        if line.words >= PARAGRAPH or (_END.search(line.text) and not _DATED.search(line.text)):
            return taken[start:]
    return taken
