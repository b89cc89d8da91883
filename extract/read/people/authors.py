"""The byline as it is printed, and the people in it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from lxml import etree
from lxml.html import HtmlElement

from extract import plain, urls
from extract.read import terms
from extract.read.blocks import HEADINGS, Block, count, fold, holds
from extract.read.body import others
from extract.read.layout import Layout
from extract.read.people import outlets, persons, reporters

_BYLINE = re.compile(
    r"byline|by-line|(?:^|[\s_-])authors?(?:$|[\s_-])|author-?name|autor(?:in|es)?(?:$|[\s_-])|c-author|reporter|"
    r"(?:^|[\s_-])(?<!tag-)(?<!category-)(?:writer|journalist|auteur|redaktor|redakteur|penulis|muhabir)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FIRMA = re.compile(r"(?:^|\s)firma(?:$|\s)", re.IGNORECASE)  # who signs, in these languages; in others a company
_SIGNING = frozenset(("es", "it", "ca", "gl"))  # and the countries of the first two, where a page names no language
_REPORTER = re.compile(  # how Korean reporters sign below their texts: a name, "reporter", where to write to
    rf"(?!\w+[부팀]\s|(?:전문|선임|인턴|명예|지역)\s?기자)({persons.KOREAN}[가-힣]{{1,3}})"  # and no desk's name
    r"\s*(?:선임|수습|인턴)?\s?(?:기자|특파원)\W{1,3}[\w.+-]+@[\w-]+(?:\.[\w-]+)+\W*(?:/[\d.]+/)?"
)
_NOT_BYLINE = re.compile(
    r"bio|about|related|comment|promo|teaser|card|avatar|image|photo|social|share|follow|footer|date|time",
    re.IGNORECASE,
)
_MARKED = re.compile(r"(?:author|byline|article)\S*(?:__|-|_)(?:source|name|agency)", re.IGNORECASE)
_SIGNED = re.compile(r"(?:^|[\s_-])(?:byline|author|source|agency)(?:$|[\s_-])", re.IGNORECASE)
_PICTURE_CLASS = re.compile(r"caption|(?:^|[\s_-])(?:figure|image|img|photo|foto|picture|gallery)", re.IGNORECASE)
_NEXT_LABEL = re.compile(
    rf"(?<=\w)\W+(?:filed (?:under|to|in)|posted in|tags?|topics?|photo(?:graph)?s?|foto(?:s|graf\w*)?|(?:{terms.pattern('picture')})[snt]?|{terms.pattern('edited')})\s?[:：].*$|"
    r"(?<=\w)\W+(?:last\s+)?(?:follow|updated|published)\b.*$",
    re.IGNORECASE,
)
_EDITED = re.compile(rf"\W*(?:{terms.pattern('edited')})\s?[:：|｜]")
# In Chinese no byline has any; a comma may part names.
_SENTENCE = re.compile(rf"[。！？]|，(?!\s*(?:(?:记者|通讯员|摄影|编辑|{reporters.NAME})\s*[:：／/]?\s*)+(?:$|[，、]))")
_NEWSROOM = re.compile(
    r"\b(?:redaktion|redacción|rédaction|redazione|redação|redactie|news ?room|news ?desk|editors|editorial|team)\b",
    re.IGNORECASE,
)
_WRITTENBY = re.compile(
    r"written by|(?:geschrieben|verfasst) von|écrit par|escrito p[ao]r|scritto da|geschreven door", re.IGNORECASE
)
_BOX = re.compile(
    r"(?:author|autor|writt?er)[\w-]*(?:bio|box|card|info|about|name)|(?:about|bio)[\w-]*(?:author|autor)",
    re.IGNORECASE,
)
_ALL_NAMES = re.compile(
    r"[Bb][Yy]:?(?:\s+(?:and|&|[^\W\d_a-z][\w.'’-]*),?)+(?:\s\|.*)?"
)  # a "by" and words in capitals
_PRESENTED = re.compile(r"^(?:about|meet|über|à propos de|sobre)\s+(?:the author:?\s*)?", re.IGNORECASE)
_HELPED = re.compile(rf"\s\(?(?:{terms.pattern('with')})\s+([^()]+)\)?\s*$", re.IGNORECASE)
_LISTED = re.compile(rf"\s*,\s*|\s+(?:{terms.pattern('and')})\s+", re.IGNORECASE)
_PAPER = re.compile(r"(?:l[ea]s?|el|los|las|il|lo|the|der|die|das|de|het)\s+\S+|l['’]\S+", re.IGNORECASE)
_ANOTHERS = re.compile(r"comment|kommentar|related", re.IGNORECASE)
_RELATED = etree.XPath("descendant-or-self::*[contains(@rel, 'author') or contains(@itemprop, 'author')]")
_NAMING = frozenset(("a", "span", "p", "div", "address", "meta"))
ABOVE, BELOW = 5, 25  # blocks around the headline in which authors are named
OVER, UNDER = 4, 15  # and in which a line with its date names them
DATED = 16  # words at most of such a line
CROWD = 6  # authors at most
PARAGRAPH = 25  # words from which a block is one
TOLD = 15  # words of a report's paragraph at least
OPENING = 3  # of such, one of which it may open with
LAST = 4  # lines of its text among which it names its reporters


def byline(page: Layout) -> str:
    """The line that names the author as it is printed: near the headline, by its first word or by its class; of those with
    such a class the first that names somebody."""
    near = [
        b for b in page.blocks[page.start : page.start + 25] if not _pictured(b) and not _is_anothers(b.path[-1], page)
    ]
    for block in near:
        if persons.BY.match(block.text) and fold(block.text) != fold(page.title):
            line = _NEXT_LABEL.sub("", block.spaced)
            if count(line) <= 15 and not _SENTENCE.search(line):
                return line
    marked = []
    signing = (page.tree.get("lang") or urls.site(page.url).rsplit(".", 1)[-1])[:2].lower() in _SIGNING
    for block in near:
        if block.words > 40:
            continue
        for element in (*block.path[-4:], *block.path[-1].iter("span", "a", "cite", "b", "strong", "em")):
            is_named = holds(element, _BYLINE) or (signing and holds(element, _FIRMA))
            if element not in page.ours and is_named and not holds(element, _NOT_BYLINE):
                text = block.spaced if element in block.path else plain.line(" ".join(element.itertext()))
                # An avatar's initials, a lone "By", a photographer: marked as authors too, and none of them a byline.
                is_other = persons.PICTURE.match(text) or _EDITED.match(text) or fold(text) == fold(page.title)
                if 3 < len(text) <= 300 and not is_other:
                    marked.append(_NEXT_LABEL.sub("", text))
    if marked:
        able = [line for line in marked if not persons.ACTION.match(line)] or [""]
        return next(filter(persons.named, marked), able[0])
    for element in _tagged(page):
        if (
            element.tag != "meta"
            and not _is_anothers(element, page)
            and (text := plain.line(" ".join(element.itertext())))
            and len(text) < 200
        ):
            return text
    return ""


def _tagged(page: Layout) -> list[HtmlElement]:
    """The elements that say by an attribute that they name an author."""
    return [
        e
        for e in _RELATED(page.tree)
        if e.tag in _NAMING and "author" in f"{e.get('rel') or ''} {e.get('itemprop') or ''}".split()
    ]


def _name_in(tagged: HtmlElement) -> HtmlElement:
    """Of an element that names an author, the one part that is marked as the name; else all of it, as where it is marked as the name
    of a part: of the house that one works for."""
    marked = [e for e in tagged.iter() if e.get("itemprop") and e is not tagged]
    named = len(marked) == 1 and marked[0].get("itemprop") == "name" and marked[0].text_content().strip()
    return marked[0] if named else tagged


def _is_anothers(element: HtmlElement, page: Layout) -> bool:
    """Whether an element names another story's author."""
    ours = page.ours
    return others.is_box(element, ours) or others.stands_in_one(element, ours) or others.is_teased(element, ours)


def is_marked(block: Block) -> bool:
    """Whether a block is marked as the author's or the source's name, and as no picture's."""
    return _is_classed(block, _MARKED)


def is_signed(block: Block) -> bool:
    """Whether a block stands where the page says who wrote it, whoever that is, and belongs to no picture."""
    return (is_marked(block) or _is_classed(block, _SIGNED)) and not _pictured(block)


def _is_classed(block: Block, named: re.Pattern[str]) -> bool:
    own = block.path[-2:]
    return any(holds(e, named) for e in own) and not any(holds(e, _PICTURE_CLASS) for e in block.path)


def _opening_name(page: Layout) -> str:
    """A name that stands alone as the first paragraph under the headline, as small newsrooms sign."""
    under = page.blocks[page.start + 1 : page.start + 11]
    for block, below in pairwise(under):
        if block.tag == "p" == below.tag and below.words >= 15 and block.path[:-1] == below.path[:-1]:
            alone = 2 <= block.words <= 6 and block.text[-1].isalpha() and not block.link_words and not _pictured(block)
            return block.text if alone and all(w[:1].isupper() for w in re.split(r"[\s/]+", block.text)) else ""
    return ""


def _pictured(block: Block) -> bool:
    """Whether a block belongs to a picture: photographers' names stand in elements classed author as well."""
    return any(e.tag in ("figure", "figcaption") or holds(e, _PICTURE_CLASS) for e in block.path[-2:])


def read(
    page: Layout, byline: str, names: set[str], is_agency: Callable[[str], bool]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(people, newsroom or agency where nobody signs) of a page with this byline. `names` are the outlet's bare ones;
    `is_agency` tells an agency's name from a person's."""
    found = (decide(sources, names, is_agency) for sources in _named(page, byline))
    if people := next(filter(None, found), ()):
        return people, ()
    # A publisher that JSON-LD types as a person is nobody; a newsroom, an agency or the outlet itself signs as such.
    unclear = page.claims.unclear("author")
    claimed = [
        name
        for name in page.claims.names("author")
        if name in unclear or outlets.bare(name) in names or is_agency(name) or _NEWSROOM.search(name)
    ]
    return (), persons.newsroom(
        [claimed, page.meta.all("author") + page.meta.all("article:author"), [byline], _boxed(page)]
    )


def _named(page: Layout, byline: str) -> Iterator[list[list[str]]]:
    """Where a page may name its authors, the surest first: each as lists of names, to decide between."""
    yield _sources(page, byline)
    yield [[_opening_name(page)]]
    yield from ([names] for names in _dated(page))
    yield [_second(page, byline)]
    yield [_below(page)]
    yield [_reporters(page)]
    yield [_boxed(page)]


def _reporters(page: Layout) -> list[str]:
    """The reporters whom a Chinese report names near its headline, in its first brackets, or in a line below its text."""
    near = [b for b in page.blocks[page.start + 1 : page.start + UNDER] if not _pictured(b)]
    text = [b for b in page.blocks[page.start :] if b.words >= TOLD and not _is_anothers(b.path[-1], page)]
    homes = Counter(b.parent for b in text)
    home = max(homes, key=lambda element: homes[element], default=None)
    last = [b for b in page.blocks[page.start :] if b.parent is home][-LAST:]
    found = [reporters.alone(b.text) for b in near if b.words <= DATED]
    found += [reporters.opening(b.text) for b in text[:OPENING]]
    found += [reporters.alone(b.text) for b in last if b.words <= DATED]
    return next(filter(None, found), [])


def _dated(page: Layout) -> list[list[str]]:
    """The names in each line near the headline that has a date."""
    near = page.blocks[max(0, page.start - OVER) : page.start + UNDER]
    return [
        persons.beside_date(block.spaced) or reporters.beside_day(block.spaced)
        for block in near
        if block.words <= DATED and not _pictured(block) and not _is_anothers(block.path[-1], page)
    ]


def _sources(page: Layout, byline: str) -> list[list[str]]:
    """Each source's list, best source first; the byline as printed is the last."""
    claims, meta = page.claims, page.meta
    tagged = [
        plain.line(" ".join(_name_in(e).itertext()))
        for e in _tagged(page)
        if len(e.text_content()) < 100 and not _is_anothers(e, page)
    ]
    metas = (
        meta.all("author")
        + [value for value in meta.all("authors") if value[0] not in "[{"]  # a program's list
        + meta.all("article:author")
        + meta.all("og:article:author")
        + meta.all("parsely-author")
        + meta.all("dc.creator")
        + meta.all("byl")
        + (meta.all("twitter:data1") if _WRITTENBY.search(meta.first("twitter:label1")) else [])
    )
    printed = (
        {fold(person) for person in persons.named(byline) if persons.is_full(person)}
        if persons.BY.match(byline)
        else set()
    )
    named = {fold(person) for name in tagged for person in persons.named(name)}
    is_signed_otherwise = bool(printed) and printed.isdisjoint(named) and not _tagged_above(page)
    if len(set(tagged)) > CROWD or is_signed_otherwise:  # they are the authors of other articles
        tagged = []
    return [
        claims.names("author", persons=True),
        claims.names("creator", persons=True),
        metas,
        tagged,
        _linked(page, byline),
        [byline],
    ]


def _tagged_above(page: Layout) -> bool:
    """Whether an author is marked between the headline and the text: "By Sea" may be a heading there."""
    marked = set(_tagged(page))
    for block in page.blocks[page.start : page.start + UNDER]:
        if block.words >= PARAGRAPH:
            break
        if not marked.isdisjoint((*block.path, *block.path[-1].iter())):
            return True
    return False


def _second(page: Layout, byline: str) -> list[str]:
    """The name behind the second "by" above the text, where the first is a house's: "By: The Herald", "By Ann Lee"."""
    if not persons.BY.match(byline):
        return []
    for block in page.blocks[page.start + 1 : page.start + BELOW]:
        if block.words >= PARAGRAPH:
            break
        if not persons.BY.match(block.text) or block.tag in HEADINGS or _pictured(block):
            continue
        found = [name for name in persons.named(block.spaced) if persons.is_full(name)]
        if found and _ALL_NAMES.fullmatch(block.spaced) and not _is_anothers(block.path[-1], page):
            return found
    return []


def _below(page: Layout) -> list[str]:
    """The one reporter who signs below the text, as is the custom in Korea."""
    signed = [(block, _REPORTER.fullmatch(block.text)) for block in page.blocks[page.start :] if "@" in block.text]
    found = {line[1] for block, line in signed if line is not None and not _is_anothers(block.path[-1], page)}
    return list(found) if len(found) == 1 else []


def _boxed(page: Layout) -> list[str]:
    """The name in the box that presents an article's author, below or beside it; none where several are presented alike."""
    found = []
    for block in page.blocks:
        words = _PRESENTED.sub("", persons.BY.sub("", block.text)).split() if block.words <= 6 else []
        if (
            not 2 <= len(words) <= 4
            or not all(word[:1].isupper() for word in words)
            or persons.ACTION.match(" ".join(words))
        ):
            continue
        if any(holds(e, _BOX) for e in block.path[-4:]) and not any(holds(e, _ANOTHERS) for e in block.path):
            found.append(" ".join(words))
    often = Counter(found).most_common(2)  # a name may stand in two boxes, what its bearer is in one
    return [often[0][0]] if often and (len(often) == 1 or often[0][1] > often[1][1]) else []


def _linked(page: Layout, byline: str) -> list[str]:
    """The names near the headline that lead to their bearers' own pages; where the byline names people as well, only what it
    prints with more behind it: "Ann Lee USA NEWS"."""
    near = page.blocks[max(0, page.start - ABOVE) : page.start + BELOW]
    found = [
        plain.line(" ".join(link.itertext()))
        for block in near
        if block.link_words and block.words <= 40 and not _pictured(block) and not _is_anothers(block.path[-1], page)
        for link in dict.fromkeys(
            [*block.path[-1].iter("a"), *(e for e in block.path if e.tag == "a")]
        )  # in their order
        if others.AUTHORS_PAGE.search(link.get("href") or "")
    ]
    printed = [fold(person) for person in persons.named(byline)]
    told = {fold(name) for name in found}
    longer = any(name != person and f" {name} " in f" {person} " for name in told for person in printed)
    return found if len(told) <= CROWD and (longer or not printed) else []


def decide(sources: Sequence[list[str]], names: set[str], is_agency: Callable[[str], bool]) -> tuple[str, ...]:
    """The people of the first source that names any, in order: no "By", no titles, no outlet, no agency. The last source
    is the byline as printed; `names` are the outlet's bare ones."""
    lists = []
    for printed_names in sources:
        once: dict[str, str] = {}  # "Ann Lee" and the "ann-lee" of her page's address are one
        alone = (_without_outlet(_alone(name, is_agency), names) for name in printed_names)
        for person in (p for name in alone for p in persons.named(name)):
            if outlets.bare(person) not in names and not is_agency(person):
                once.setdefault(fold(person), person)
        lists.append(once)
    named = [people for people in lists if people]
    if not named:
        return ()
    best, printed, byline = named[0], lists[-1], " ".join(sources[-1])
    # The printed line is believed where another source agrees, or where it joins a second name to the one of the best.
    joined = best.keys() < printed.keys() and _are_joined(byline, list(printed.values()))
    if printed and (joined or sum(people.keys() == printed.keys() for people in lists) > 1):
        best = printed
    spelled = {name.replace(" ", ""): person for name, person in printed.items()}  # "annlee" is how Ann Lee logs in
    return tuple(spelled.get(name, person) for name, person in best.items())[:20]


def _alone(name: str, is_agency: Callable[[str], bool]) -> str:
    """A printed name without the agencies that helped; none where it is a paper's that they did ("Le Figaro avec AFP")."""
    found = _HELPED.search(name)
    if found is None or not all(map(is_agency, _LISTED.split(found[1]))):
        return name
    rest = name[: found.start()]
    return "" if _PAPER.fullmatch(persons.BY.sub("", rest)) else rest


def _without_outlet(name: str, names: set[str]) -> str:
    """A printed name without the outlet's behind it: "Ann M. USA TODAY"; none where that leaves one word, for then all of it is the outlet's."""
    words = persons.BY.sub("", name).split()
    end = next((n for n in range(1, len(words)) if outlets.bare(" ".join(words[n:])) in names), len(words))
    if (
        end == len(words)
        or (end == len(words) - 1 and not words[end].isupper() and not persons.is_house(words[end]))
        or len(words) <= 2
    ):
        return name  # one word more may be a family's: Daniel Stern
    return " ".join(words[:end]) if end > 1 else ""


def _are_joined(line: str, people: Sequence[str]) -> bool:
    """Whether a line names two people and nothing but an "and" or a comma between them."""
    names = rf"{re.escape(people[0])}(?:\s+(?:and|und|et|y|e|i|en|og|och|ja|&)\s+|\s?,\s){re.escape(people[-1])}"
    return len(people) == 2 and bool(re.search(names, line))
