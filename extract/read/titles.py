"""The headline: as printed above the article, without the site's name and without a kicker."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from lxml.html import HtmlElement

from extract import plain, urls
from extract.read.blocks import HEADINGS, Block, fold, holds
from extract.read.layout import Layout
from extract.read.people import outlets, persons
from extract.read.when.printed import day
from extract.words import BLANKLESS

_SEPARATOR = re.compile(r"\s+[|–—\-·•»«›‹:]\s+|_|\s*[ㅣ｜]\s*|--?(?=[^-\s\d]+$)")
_ARCHIVE = re.compile(r".*\s»\s+Blog Archive\s+»\s+")  # WordPress: in front of what it stands is the blog's name
_KICKER_END = re.compile(r"\s*[:|]\s+|\s+[–—-]\s+")
_HEADLINE = re.compile(
    r"head-?line|(?:story|art(?:icle)?|entry|post|news|content)[\w-]*(?:head|title)|titular|(?:^|\s)title(?:\s|$)",
    re.IGNORECASE,
)
_MARKED = re.compile(  # a kicker, a subtitle: by the names that a heading's makers gave a part of it, or all of it
    r"over-?line|top-?(?:line|title)|kicker|dachzeile|spitzmarke|strap-?line|catchline|eyebrow|roofline|cintillo|volanta|occhiello|"
    r"sub-?(?:title|line|head)",
    re.IGNORECASE,
)
_FRONT = re.compile(r"https?://(?:www\.)?([^/]+/)(?:index\.\w+)?(?:\?(?:lang|locale|hl)=[\w-]+)?")
_BLANKLESS = re.compile(f"[{BLANKLESS}\u3001-\u303f\uff01-\uff65]{{2}}")  # and their punctuation
_SIGNED = re.compile(r"(?:^|[\s_-])(?:byline|author|dateline|date|meta)(?:$|[\s_])", re.IGNORECASE)
_PARTS = ("span", "small", "div", "em", "p", "time", "h2", "h3", "h4", "h5", "h6")
_TITLE_META = (
    "headline",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "dcterms.title",
    "rnews:headline",
    "citation_title",
)
PARAGRAPH = 25  # words at least of a paragraph that a headline stands over
OVER = 8  # blocks at most between them
ALONE = 4  # words at least of a line that is a headline because it stands alone
KICKER = 6  # words at most
NAME = 6  # letters at least of a name that a few words are likened to
TELLING = 4  # letters at least of a name's word that tells it from others
MOST = 100  # h1s of a page that are looked at
LONGEST = 1_000  # characters of a title that are looked at
LABEL = 3  # words at most of a heading that names a section
SHARED = 0.5  # of a heading's words that other titles say as well: then it is the same headline in other words


def decide(page: Layout, claimed: str, site: set[str], section: str = "") -> str:
    """The headline of a page without its site's or its section's name; `claimed` is what its feed calls it, `site` are the
    bare names that the site goes by. At most 500 characters."""
    names = site | {section}
    told = {fold(title) for name in _TITLE_META for title in page.meta.all(name)}
    printed = _stand_alone(page.blocks)
    candidates = [(_shortened(text, site, printed), weight) for text, weight in _candidates(page, claimed, names, site)]
    return _best(candidates, names, told | printed)


def _candidates(page: Layout, claimed: str, names: set[str], site: set[str]) -> list[tuple[str, float]]:
    """The candidates with their weights, found by trying: h1 is what stands above the article, the others vote with it."""
    claims, tab = page.claims, _ARCHIVE.sub("", page.browser_title[:LONGEST])
    headline = claims.text("headline")[:LONGEST] if claims.is_article else ""
    others = [headline, page.meta.first("og:title", "twitter:title")[:LONGEST], claimed]
    known = set(fold(" ".join([*others, tab])).split())
    elements = {_line(e.itertext())[:LONGEST]: e for e in islice(page.tree.iter("h1"), MOST)}
    headings = [h for h in elements if h]
    headings = [h for h in headings if not _leads_home(elements[h], page.url)] or headings
    headings = [h for h in headings if not _is_site(h, names)] or headings
    # A page's logo is often an h1 too: the one that shares most words with the other candidates is the headline.
    best = max(headings, key=lambda h: len(known & set(fold(h).split())), default="")
    if not any(others):  # nothing but the browser's title to tell the headline from the name of a blog
        printed = _printed(page.blocks, tab, names, site)
        is_logo = best in elements and _leads_home(elements[best], page.url)
        shared = 0 if is_logo else len(known & set(fold(best).split()))
        best = (
            printed
            if len(fold(printed).split()) > shared
            else best
            if shared or any(b.folded == fold(tab) for b in page.blocks)
            else _marked(page.blocks) or ("" if is_logo and tab else best)
        )
    best = next((other for other in others if _ends_like(best, other, tab)), best)
    weight = _weight(best, elements.get(best), others, page.url)
    second = _second_heading(page.blocks, best, others)
    if best in elements and not any(fold(best) == fold(other) for other in (*others, tab)):
        best = _unmarked(elements[best]) or best
    return [(best, weight), (second, 2.0), *((other, 1.0) for other in others), (tab, 0.4)]


def _line(pieces: Iterable[str]) -> str:
    """The pieces of a heading in one line, with blanks between, as eyes read what style alone keeps apart; but not between
    letters of scripts that have none."""
    said = ""
    for piece in pieces:
        said += piece if _BLANKLESS.fullmatch(said[-1:] + piece[:1]) else f" {piece}"
    return plain.line(said)


def _ends_like(heading: str, title: str, tab: str) -> bool:
    """Whether a heading is a title that others say, and behind it what the browser's title ends with: a site's name."""
    head, told = fold(heading), fold(title)
    ends = {fold(tab[cut.end() :]) for cut in _SEPARATOR.finditer(tab)}
    return len(told.split()) >= LABEL and head.startswith(f"{told} ") and head.removeprefix(f"{told} ") in ends


def _weight(first: str, heading: HtmlElement | None, others: Sequence[str], url: str) -> float:
    """How much the first heading counts. One that leads away is the name of a blog, one that is marked so a kicker, a few
    words where og:title has many a section. What other titles say in other words is the headline as printed: JSON-LD, meta
    and the tab are then one title, made for search engines, with three voices."""
    headline, shown = (fold(other) for other in others[:2])
    told, said = fold(first), [title for title in (headline, shown) if title]
    words = told.split()
    if heading is not None and (_is_linked(heading, url) or (holds(heading, _MARKED) and len(shown.split()) > LABEL)):
        return 0.5
    if len(words) <= LABEL and len(shown.split()) >= 2 * len(words) and f" {told} " not in f" {shown} ":
        return 1.0
    alike = len(words) >= ALONE and all(
        len(set(words) & set(title.split())) >= SHARED * len(set(words)) and title not in told and told not in title
        for title in said
    )
    return 2.5 if said and alike else 1.5


def _unmarked(heading: HtmlElement) -> str:
    """What a heading says without the kicker, the subtitle, the author or the date that is marked inside it; empty where
    nothing is, or little is left."""
    parts = heading.iterdescendants(*_PARTS)
    marked = {
        inner
        for e in parts
        if e.tag == "small" or holds(e, _MARKED) or ((e.tag == "time" or holds(e, _SIGNED)) and _is_last(e, heading))
        for inner in e.iter()
    }
    if not marked:
        return ""
    pieces = [heading.text or ""]
    for element in heading.iterdescendants():
        if element not in marked and isinstance(element.tag, str):
            pieces.append(element.text or "")
        if element.getparent() not in marked:
            pieces.append(element.tail or "")
    text = _line(pieces).strip(" :|–-")
    return text if len(fold(text).split()) >= LABEL else ""


def _is_last(element: HtmlElement, heading: HtmlElement) -> bool:
    """Whether an element stands at a heading's end, on a line of its own or with a byline's words: no part of a sentence."""
    before = element.getprevious()
    apart = element.tag in plain.BLOCKS or (
        before is not None and before.tag == "br" and not (before.tail or "").strip()
    )
    if not apart and not persons.BY.match(plain.line(element.text_content())):
        return False
    for inner in (element, *element.iterancestors()):
        if inner is heading:
            return True
        behind = (
            e for e in inner.itersiblings() if isinstance(e.tag, str) and e.tag != "time" and not holds(e, _SIGNED)
        )
        if (inner.tail or "").strip() or any(fold(e.text_content()) for e in behind):
            return False
    return True


def _second_heading(blocks: Sequence[Block], h1: str, others: Sequence[str]) -> str:
    """The one of `others` that a second heading prints, unlinked: some pages keep h1 for search engines."""
    for block in blocks:
        if block.tag == "h2" and not block.link_words and block.folded != fold(h1):
            told = f" {block.folded}"
            for other in others:
                if len(fold(other).split()) >= 4 and told.endswith(f" {fold(other)}"):
                    return other
    return ""


def _is_linked(heading: HtmlElement, url: str) -> bool:
    """Whether all of a heading is one link, or stands in one that is nothing else and leads to another page."""
    said, here = fold(heading.text_content()), urls.canonical(url)
    around = [link for link in heading.iterancestors("a") if urls.canonical(link.get("href", ""), url) != here]
    return any(fold(link.text_content()) == said for link in (*around, *heading.iter("a")))


def _leads_home(heading: HtmlElement, url: str) -> bool:
    """Whether a heading stands in, or is, one link to the front page of the page's host: then it is the site's name."""
    front = _FRONT.fullmatch(url)
    said = fold(heading.text_content())
    links = [link for link in (*heading.iterancestors("a"), *heading.iter("a")) if fold(link.text_content()) == said]
    for link in links[:1]:
        found = _FRONT.fullmatch(urls.canonical(link.get("href", ""), url) or "")
        if found and found[1] == _host(url) and not (front and front[1] == found[1]):
            return True
    return False


def _host(url: str) -> str:
    return urls.host(url).removeprefix("www.") + "/"


def _marked(blocks: Sequence[Block]) -> str:
    """The first line that stands over a paragraph and is marked as a headline, by its names or else as a lesser heading."""
    over = [
        b
        for n, b in enumerate(blocks)
        if 3 <= b.words <= 30 and not b.link_words and any(p.words >= PARAGRAPH for p in blocks[n + 1 : n + 1 + OVER])
    ]
    beside = {b.text: _beside_day(b.text) for b in over}
    over = [b for b in over if beside[b.text] not in (0, 1) and not persons.BY.match(b.text)]
    named = [b for b in over if any(holds(e, _HEADLINE) for e in (*b.path[-3:], *b.path[-1].iter("span", "font", "b")))]
    able = [b.text for b in [*named, *(b for b in over if b.tag in HEADINGS)]]
    return min(
        able, key=lambda text: (rest := beside[text]) is not None and rest <= LABEL, default=""
    )  # days come last


def _beside_day(line: str) -> int | None:
    """How many words a line says besides a day; None where it says none."""
    found, said = day([line])
    return sum(not word.isdigit() for word in fold(line.replace(said, " ")).split()) if found is not None else None


def _stand_alone(blocks: Sequence[Block]) -> set[str]:
    """What a page prints as blocks of their own, folded: of a title that holds one of them, the rest is section and site."""
    return {b.folded for b in blocks if ALONE <= b.words <= 40 and not b.link_words}


def _printed(blocks: Sequence[Block], title: str, names: set[str], site: set[str]) -> str:
    """The block of most words that is a part of the browser's title, and not its site's name: the headline of a page that
    marks none."""
    told = f" {fold(title)} "
    able = [b for b in blocks if 3 <= b.words <= 40 and f" {b.folded} " in told]
    parts = [
        b.text
        for b in able
        if not persons.BY.match(b.text) and not _is_site(b.text, names) and not _holds_name(b.text, site)
    ]
    return max(parts, key=lambda text: (len(fold(text).split()), len(text)), default="")


def _best(candidates: Sequence[tuple[str, float]], names: set[str], printed: set[str]) -> str:
    """Each candidate without its site's or its section's name, then the one with most weight behind it."""
    known = {fold(text) for text, _ in candidates if text} | printed
    stripped = [(_without_site(text, names, known), weight) for text, weight in candidates if text]
    others = {fold(text) for text, _ in stripped} | _common_tails([text for text, _ in stripped])
    stripped = [(_without_kicker(text, others), weight) for text, weight in stripped]
    weights: dict[str, float] = {}
    for text, weight in stripped:
        weights[fold(text)] = weights.get(fold(text), 0.0) + weight
    return max((t for t, _ in stripped), key=lambda t: weights[fold(t)], default="")[:500]


def _without_site(title: str, names: set[str], known: set[str]) -> str:
    """The title without its site: where one side of a separator is the site's name, or the head stands alone elsewhere."""
    for cut in reversed(list(_SEPARATOR.finditer(title))):
        head, tail = title[: cut.start()], title[cut.end() :]
        if fold(head) in known or _is_site(tail, names):
            return _without_site(head, names, known)
        if (fold(tail) in known and len(fold(tail).split()) >= ALONE) or _is_site(head, names):
            return _without_site(tail, names, known)
    return title


def _without_kicker(title: str, others: set[str]) -> str:
    """The title without the few words in front of what stands elsewhere as the whole title: "Opinion: Ban it"."""
    words = title.split()
    for start in range(1, min(KICKER, len(words) - 3) + 1):
        tail = " ".join(words[start:])
        if fold(tail) in others:
            return tail
    return title


def _common_tails(titles: Sequence[str]) -> set[str]:
    """What two titles both say behind their first colon or dash, in front of which they differ: each has a kicker."""
    tails = [(fold(t[: cut.start()]), fold(t[cut.end() :])) for t in titles if (cut := _KICKER_END.search(t))]
    return {
        tail
        for head, tail in tails
        if any(tail == other and not set(head.split()) & set(before.split()) for before, other in tails)
    }


def _shortened(title: str, site: set[str], printed: set[str]) -> str:
    """The title without what follows its last bar or its last two dashes, where that is a longer or a shorter form of the site's name, a title is
    left, and the page does not print it whole: "… | Bridgestone Tires"."""
    if fold(title) in printed:
        return title
    head, bar, tail = max(title.rpartition(" | "), title.rpartition(" -- "), key=lambda parts: len(parts[0]))
    spelled, words = outlets.bare(tail), len(fold(tail).split())
    is_named = _holds_name(tail, site) or any(
        (len(name) >= NAME and spelled.startswith(name) and words == 2)
        or (words >= 2 and len(spelled) >= NAME and name.startswith(spelled))
        for name in site
    )
    return head if bar and is_named and len(fold(head).split()) >= LABEL else title


def _is_site(text: str, names: set[str]) -> bool:
    return outlets.bare(text) != "" and outlets.bare(text) in names


def _holds_name(text: str, site: set[str]) -> bool:
    """Whether a text is a site's name with small words between those of its domain, two of which tell: "The Partnership for
    Student Success" is at partnershipstudentsuccess.org."""
    words = fold(text).split()
    for name in site:
        told: list[str] = []
        for word in words:
            if name.startswith(word, sum(map(len, told))):
                told.append(word)
            elif len(word) >= TELLING or word.isdigit():
                break
        else:
            if "".join(told) == name and sum(len(word) >= TELLING for word in told) >= 2:
                return True
    return False
