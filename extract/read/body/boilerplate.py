"""Which of the lines an extractor took for an article are not of it, and which it lost.

The extractor's lines are found again among the page's blocks; the rules then look at where a line stands: its element,
its links, what is around it, whether it stands twice. Every rule has a guard: one that would take more than half of the
words is off for that page, for then it is the rule that is wrong.
"""

import functools
import re
from collections import Counter
from collections.abc import Callable, Sequence

from lxml.html import HtmlElement

from extract.read import terms
from extract.read.blocks import HEADINGS, Block, common, count, fold, names_of
from extract.read.body import feet, walls
from extract.read.body.among import beside
from extract.read.body.habits import mask
from extract.read.body.lines import END, PARAGRAPH, Line, align, article_of, recover
from extract.read.body.others import NUMBERED
from extract.read.layout import Layout

GUARD = 0.5
THIN = 80
ENOUGH = 150  # words: where so many are left, what its makers named a comment or a caption may be most of the page
ARTICLE_SHARE = 0.6  # of the words inside one <article>: then what lies outside it belongs to another
ROOT_SHARE = 0.8  # of the words inside the content root: classes above it name the whole page
TOP = 4  # short lines that may stand above the first paragraph
TEASERS = 3
ALSO = 8  # words at most of a heading over other stories
TEASED = 20  # words at most of a line in a box of what is recommended
QUOTE = 5  # words at least of a quote that is set apart
ALIKE = 2  # further headings

_AUTHOR = re.compile(r"author|byline|\bbio\b|about-(?:the-)?(?:author|writer)|contributor|writer", re.IGNORECASE)
_COMMENT = re.compile(r"comment|comentario|disqus|discussion|respond", re.IGNORECASE)
_CAPTION = re.compile(
    r"caption|(?:^|[\s_])(?:image|photo|picture)[_-]|(?:^|\s)cap(?:$|\s)|(?:^|[\s_-])(?:gallery|slideshow|carousel|lightbox)|"
    r"(?:^|[\s_-])video[_-](?:desc|title)(?![a-z])",
    re.IGNORECASE,
)
_TAGS = re.compile(r"(?:^|[\s_-])(?:tags?|taglist|topics|keywords|breadcrumbs?)(?:$|[\s_-])", re.IGNORECASE)
_FOOTER = re.compile(r"(?:^|[\s_-])(?:footer|foot|copyright|legal|disclaimer)(?:$|[\s_-])", re.IGNORECASE)
_HIDDEN = re.compile(
    r"(?:^|\s)(?:(?:is|u|js)-)?(?:hidden|hide|visually-hidden|sr-only|screen-reader\S*|print-only|noprint)(?:$|\s)",
    re.IGNORECASE,
)
_NAVIGATION = re.compile(
    r"(?:^|[\s_-]|left|right|top|sub)nav|(?<!with-)(?<!has-)(?<!no-)side-?bar|(?:left|right)-?(?:rail|col)|(?:^|[\s_-])menu",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[;\s])(?:left|top|text-indent)\s*:\s*-\d{3,}", re.IGNORECASE
)
_FLOAT = re.compile(r"float\s*:\s*(?:left|right)", re.IGNORECASE)
_PROMO_CLASS = re.compile(
    r"newsletter|subscri|sign-?up|paywall-\w|app-?(?:promo|prompt|banner)|donat(?:e|ions?)[_-]?(?:box|banner|block|form|appeal|prompt)|"
    r"(?:^|[\s_-])(?<!no-)(?<!not-)(?<!has-)(?<!with-)(?<!without-)(?<!after-)(?<!before-)(?:sponsored|advertorial|advertisement)(?:$|[\s_-])|"
    r"(?:^|[\s_-])(?:promo|share|sharing|social|cookie\S*)(?:$|[\s_-])|"
    r"(?:^|[\s_-])(?<!with-)(?<!has-)(?<!no-)cta(?:$|[\s_-])",
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
_ALSO = re.compile(rf"\W*(?:{terms.pattern('also')})(?:\s+\w+){{0,3}}\W*", re.IGNORECASE)
_CREDIT = re.compile(
    rf"^\W*(?:(?:{terms.pattern('picture')})s?\b|©\b).{{0,3}}[:：/©(]|^\W*fot\.\s|^\W*[图圖]片?\s?[:：/]|"
    r"^\W*(?:文中|本文)?图片(?:均|皆|都)?(?:来自|来源于|源自)(?:网络|互联网|视频|截图|资料|视觉中国)|(?:\s|/|记者|記者|通讯员)\S{0,8}\s?(?<![拍合])[摄攝][)）]?$|"
    r"(?:/|via |\| ?|by )(?:getty|shutterstock|istock|alamy|picture.alliance|afp|ap photo|epa|reuters)\b[^.]{0,30}$|\bgetty images\b[^.]{0,30}$|^\(?ap photo/",
    re.IGNORECASE,
)
_PULLED = re.compile(r"pull-?quote", re.IGNORECASE)
_PLAYER = re.compile(r"(?:^|[\s_-])(?:audio|podcast|tts|voice)[_-]?player(?:$|[\s_-])", re.IGNORECASE)
_RECOMMENDED = re.compile(
    r"(?:^|[\s_-])recommends?(?:$|[\s_-])|(?:^|\s)recommended(?:$|\s|[_-](?:wrapper|box|list|articles?|posts?|stories))",
    re.IGNORECASE,
)
PLAYER = 40  # words at most of what a player says of itself; a transcript is longer
OFFER, BUTTON = 400, 200  # letters at most of a box that asks for an address, of one with a button alone
_SUBSCRIBE = re.compile(rf"\W*(?:{terms.pattern('subscribe')})(?:\s+\w+){{0,2}}\W*", re.IGNORECASE)
_BUTTON = re.compile(r"(?:^|[\s_-])(?:button|btn)(?:$|[\s_-])", re.IGNORECASE)
_SIZES = re.compile(r"\W*字(?:号|號|体|體)\s?[:：]")  # buttons for larger letters
_BUTTONS = re.compile(  # what stands between a headline and its text, and is said of the text or beside it
    r"^\W*(?:(?:last )?(?:updated|published)\b|veröffentlicht\b|aktualisiert\b|publié\b|mis à jour\b|publicado\b|actualizado\b|pubblicato\b|aggiornato\b|"
    r"(?:share|print|save|listen to|watch|gift|read|e-?mail) this\b|this (?:article|story|post|page) (?:is|was|has|may|contains)\b|"
    r"reading time\b|lesezeit\b|advertisement\b|anzeige\b|publicit[éà]\b|publicidade?d?\b|pubblicità\b|table of contents\b|inhaltsverzeichnis\b|"
    r"(?:filed|posted) (?:in|under)\b|sign up\b|subscribe\b|get (?:unlimited|full|the)\b.*\b(?:access|newsletter)\b|part \w+ (?:of|in) (?:our|a|the)\b|"
    r"teilen\b|artikel (?:teilen|anhören|drucken)\b|partage[rz]\b|comparti[rl]\w*\b|condivid\w+\b)|\b\d+ (?:comments?|kommentare?|comentarios?|commentaires?)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}:\d\d\b")
_ID = re.compile(r"^[\w-]*\d{5,}[\w-]*$")  # a picture's file name printed as its title


def choose(
    page: Layout, lines: Sequence[str], standfirst: str, repeated: frozenset[int] = frozenset()
) -> list[tuple[str, int]]:
    """The article's lines in order, each with the index of the block it came from: what remains of an extractor's
    `lines`, with what it lost. `repeated` are the masks of blocks that this site prints on many pages."""
    blocks = page.blocks
    taken = align(lines, blocks, page.start)
    taken = recover(_below_headline(_cut(taken, page), page), blocks)
    root = common([line.block for line in taken if line.block], ROOT_SHARE)
    _name(taken, root)
    listed = teasers(blocks)
    taken = _without(taken, lambda line: line.place in listed)
    total = sum(x.words for x in taken)
    rules = _rules(page.title, standfirst, repeated)
    for rule, by_name in rules:
        kept = [line for line in taken if not rule(line)]
        if len(kept) < len(taken):
            words = sum(x.words for x in kept)
            if words >= GUARD * total or (by_name and words >= ENOUGH):
                taken, total = kept, words
    left = beside(taken, blocks, root)
    _name(left, root)
    more = [
        x for x in left if x.place not in listed and not any(rule(x) for rule, _ in rules if rule is not _is_linked)
    ]
    taken = sorted(taken + more, key=lambda line: line.place)
    taken = feet.without_menus(feet.without(_without_pulled(_without_repeats(taken, blocks))), blocks)
    taken = feet.without_source(_without_loose_ends(taken))
    return [(line.text, line.place) for line in _without_top(taken)]


def _name(lines: Sequence[Line], root: HtmlElement | None) -> None:
    """Tells each line what its elements are called. What the page as a whole is called says nothing of a line, nor does a
    heading's id, which is made of its text."""

    @functools.cache
    def named(element: HtmlElement) -> str:
        if element.tag in ("html", "body"):
            return ""
        return element.get("class", "") if element.tag in HEADINGS else names_of(element)

    for line in lines:
        if line.block is not None:
            path = line.block.path
            line.below = path[path.index(root) + 1 :] if root in path else path[-3:]
            line.names = "\n".join(map(named, line.below))
            line.all_names = "\n".join(map(named, path))


def _cut(taken: list[Line], page: Layout) -> list[Line]:
    """Only what lies in the article's own <article>, where there is one: next stories are often appended."""
    words: Counter[HtmlElement] = Counter()
    for line in taken:
        if line.block is not None:
            for element in line.block.path:
                if element.tag == "article":
                    words[element] += line.words
    total = sum(line.words for line in taken)
    named = article_of(page.blocks[page.headline]) if page.headline is not None else None
    own = max(
        (e for e, held in words.items() if held >= ARTICLE_SHARE * total or (e is named and held >= THIN)),
        key=lambda e: len(list(e.iterancestors())),
        default=None,
    )
    return taken if own is None else [line for line in taken if line.block is None or own in line.block.path]


def _below_headline(taken: list[Line], page: Layout) -> list[Line]:
    """Only what stands below the headline, where that is found above most of the text: menus stand above it."""
    if page.headline is None:
        return taken
    below = [line for line in taken if line.place >= page.headline]
    return below if sum(x.words for x in below) >= (1 - GUARD / 2) * sum(x.words for x in taken) else taken


def teasers(blocks: Sequence[Block]) -> set[int]:
    """The places of lists of stories: linked headings alike, TEASERS of them or more, each over no more than a blurb."""
    found: set[int] = set()
    run: list[int] = []
    alike: set[tuple[str, ...]] = set()  # the signatures of the run's blocks
    for place, block in enumerate(blocks[:-1]):
        if block.tag not in HEADINGS or block.link_density <= 0.8 or block.words < 3:
            continue
        if block.parent not in blocks[place + 1].path or NUMBERED.match(block.text):
            continue
        follows = bool(run) and _are_alike(blocks[run[-1]], block)
        if not follows or not 1 < place - run[-1] <= 5 or sum(b.words for b in blocks[run[-1] + 1 : place]) > 60:
            run, alike = [], set()
        alike.update(b.signature for b in blocks[run[-1] if run else place : place])
        run.append(place)
        if len(run) >= TEASERS:
            found.update(range(run[0] if len(run) == TEASERS else run[-2], place))
            found.update(n for n in range(place, min(place + 5, len(blocks))) if blocks[n].signature in alike)
    return found


def _are_alike(one: Block, other: Block) -> bool:
    """Whether two headings are a list's: as the one, or each in an element of its own, of which some have lesser headings."""
    if one.signature == other.signature:
        return True
    return one.signature[:-1] == other.signature[:-1] and one.parent is not other.parent


def _without(taken: list[Line], junk: Callable[[Line], bool]) -> list[Line]:
    kept = [line for line in taken if not junk(line)]
    return kept if sum(x.words for x in kept) >= 20 else taken


def _rules(title: str, standfirst: str, repeated: frozenset[int]) -> list[tuple[Callable[[Line], bool], bool]]:
    """Each says of one line whether it is junk; with it, whether it knows that by the name of the line's element."""
    headline, deck = fold(title), fold(standfirst)
    comment = functools.cache(_COMMENT.search)
    floats = functools.cache(_floats)
    hidden = functools.cache(_hidden)
    offer = functools.cache(_is_offer)

    def within(pattern: re.Pattern[str], most: int = 10_000) -> Callable[[Line], bool]:
        found = functools.cache(pattern.search)  # the lines of one body have their elements' names in common
        return lambda x: x.words <= most and found(x.names) is not None

    by_text: list[Callable[[Line], bool]] = [
        lambda x: bool(repeated) and mask(x.folded) in repeated,
        lambda x: x.folded in (headline, deck),
        lambda x: any(e.tag in ("figure", "figcaption") for e in x.below) and not _is_set_in_figure(x),
        lambda x: any(map(floats, x.below)),
        lambda x: any(map(hidden, x.below)),
        lambda x: any(map(offer, x.below)),
        lambda x: x.words <= 60 and (bool(_CREDIT.search(x.text)) or bool(_ID.match(x.text))),
        _is_linked,
        lambda x: walls.says_so(x.text, x.words),
        feet.is_notice,
        feet.is_formerly,
        lambda x: (
            x.words <= 40
            and bool(_RELATED.match(x.text))
            and (x.block is None or x.block.link_words > 0 or x.words <= 4)
        ),
        lambda x: x.words <= ALSO and (_ALSO.fullmatch(x.text) or _SIZES.match(x.text)) is not None,
        _is_promo,
    ]
    by_name = [
        lambda x: comment(x.all_names) is not None,
        within(_CAPTION),
        within(_PROMO_CLASS),
        within(_PLAYER, PLAYER),
        within(_RECOMMENDED, TEASED),
        within(_AUTHOR),
        within(_TAGS, 60),
        within(_FOOTER),
        within(_HIDDEN),
        within(_NAVIGATION),
    ]
    return [(rule, False) for rule in by_text] + [(rule, True) for rule in by_name]


def is_houses(block: Block) -> bool:
    """Whether a heading is none of an article's: it says who took a picture, leads elsewhere, or asks to subscribe, listen or share."""
    text = block.text
    return walls.says_so(text, block.words) or any(
        pattern.search(text) for pattern in (_CREDIT, _PROMO, _RELATED, _BUTTONS)
    )


def _is_promo(line: Line) -> bool:
    """Whether a line asks its reader to subscribe, click or follow. A long paragraph without a link speaks of such things."""
    tag, links = (line.block.tag, line.block.link_words) if line.block is not None else ("", 1)
    most = 20 if tag in ("p", "li") and not links else 40
    return line.words <= most and tag != "blockquote" and bool(_PROMO.search(line.text))


def _is_linked(line: Line) -> bool:
    return line.block is not None and line.words >= 2 and line.block.link_density > 0.6


def _floats(element: HtmlElement) -> bool:
    """Whether text flows around an element: a box beside the body, as pages of tables set it."""
    side = (element.get("align") or "").lower() in ("left", "right")
    return element.tag in ("table", "div") and (side or bool(_FLOAT.search(element.get("style") or "")))


def _hidden(element: HtmlElement) -> bool:
    """Whether a browser does not show an element: by its attribute, or its own style."""
    return element.get("hidden") is not None or bool(_UNSEEN.search(element.get("style") or ""))


def _is_offer(element: HtmlElement) -> bool:
    """Whether an element is a small box that asks for an address, or whose button says that one subscribes there; or that begins
    with what stands in front of the rest of an article."""
    if element.tag not in ("div", "section", "aside", "form") or (letters := len(element.text_content())) > OFFER:
        return False
    opening = next((e.text_content() for e in element.iter() if e.text and not e.text.isspace()), "")
    return walls.says_so(opening, count(opening)) or any(
        e.get("type") == "email"
        or (
            letters <= BUTTON
            and e.tag != "input"
            and _BUTTON.search(f"{e.tag} {e.get('class') or ''}")
            and _SUBSCRIBE.fullmatch(e.text_content())
        )
        for e in element.iter("input", "a", "button")
    )


def _is_set_in_figure(line: Line) -> bool:
    """Whether a line is of a figure that is no picture: a quote that is set apart, a table."""
    return any(e.tag in ("blockquote", "table") for e in line.below)


def _without_repeats(taken: list[Line], blocks: Sequence[Block]) -> list[Line]:
    """A line that stands twice is kept once; at the article's end, where house texts stand, not at all."""
    times = Counter(block.folded for block in blocks)
    end = len(taken)
    while end and (times[taken[end - 1].folded] > 1 or _is_item_among_repeats(taken, end - 1, times)):
        end -= 1
    if sum(x.words for x in taken[:end]) < GUARD * sum(x.words for x in taken):
        end = len(taken)
    seen: set[str] = set()
    kept = []
    for line in taken[:end]:
        if line.folded not in seen or line.words < 4:
            kept.append(line)
            seen.add(line.folded)
    return kept


def _without_pulled(taken: list[Line]) -> list[Line]:
    """Without the quotes that are set apart and stand in the text as well."""
    told = [f" {line.folded} " for line in taken]
    alike, whole = Counter(told), "\n".join(told)

    def is_pulled(number: int, line: Line) -> bool:
        return (
            line.words >= QUOTE
            and (
                _PULLED.search(line.names) is not None
                or any(e.tag in ("blockquote", "aside", "figure") for e in line.below)
            )
            and whole.count(told[number]) > alike[told[number]]
        )

    return [line for number, line in enumerate(taken) if not is_pulled(number, line)]


def _is_item_among_repeats(taken: list[Line], at: int, times: Counter[str]) -> bool:
    """A list item or a short label most of whose neighbours stand twice: the list is the house's, not the article's."""
    line = taken[at]
    near = [x for x in taken[max(0, at - 3) : at + 4] if x is not line]
    repeated = sum(times[x.folded] > 1 for x in near)
    return line.words <= 12 and not END.search(line.text) and len(near) >= 3 and repeated * 2 > len(near)


def _without_loose_ends(taken: list[Line]) -> list[Line]:
    """Without headings at the end, whose text was dropped."""
    end = len(taken)
    while end > 1 and (block := taken[end - 1].block) is not None and block.tag in HEADINGS:
        end -= 1
    return taken[:end]


def _without_top(taken: list[Line]) -> list[Line]:
    """Without the short lines above the first paragraph: section, date, byline. At most TOP of them, lest a poem go."""
    for start in range(min(TOP, len(taken) - 1) + 1):
        line = taken[start]
        if line.words >= PARAGRAPH or (
            END.search(line.text) and (line.text[-1] in "!?" or not _DATED.search(line.text))
        ):
            return taken[start:]
        if _heads_a_part(taken, start):
            return taken[start:]
    return taken


def _heads_a_part(taken: list[Line], at: int) -> bool:
    """Whether a line is a heading right above a paragraph, and others like it follow: the first part of a list has one too."""
    head = taken[at].block
    if head is None or head.tag not in HEADINGS or at + 1 == len(taken) or taken[at + 1].words < PARAGRAPH:
        return False
    return sum(x.block is not None and x.block.signature == head.signature for x in taken[at + 1 :]) >= ALIKE
