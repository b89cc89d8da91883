"""The body of a page as trafilatura finds it: bytes → tree → the lines of the text."""

import copy
import re
from collections.abc import Iterator, Sequence
from importlib import metadata

import lxml.html
from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction

from extract import encodings
from extract.errors import Refused
from extract.read import blocks
from extract.read.blocks import Block, count
from extract.read.body import mending

EXTRACTOR = f"trafilatura {metadata.version('trafilatura')}"
THIN = 150  # words: below this, precision mode may have thrown the article away
BEHIND = 0.3  # of the default mode's words: then it has
OPENING = 40  # letters by which a paragraph is found in a text
LOOSE = 3  # paragraphs without elements of their own
COVERED = 0.6  # of a page's paragraphs: below this, precision mode's second opinions are asked for
HALF = 0.45  # of a page's paragraphs: below this, default mode is tried

# Every element is an HtmlElement. lxml.html's parsers ask Python of each whether it is a form or a label, which nobody here wants to know.
PLAIN = etree.ElementDefaultClassLookup(HtmlElement, HtmlComment, HtmlProcessingInstruction, HtmlEntity)

_ELEMENTS = re.compile(rb"<(?:p|div|table|body|article)\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"^\s*<!doctype[^<>]*>?", re.IGNORECASE)
_META = re.compile(rb"""<meta\b[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_PROLOGUE = re.compile(rb"""^\s*<\?xml\b[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_CONSENT = re.compile(
    r"onetrust|didomi|usercentrics|(?:cookie|gdpr|privacy|consent)-?_?(?:banner|consent|notice|law|bar|modal|dialog|prompt|manager|preference)",
    re.IGNORECASE,
)
CONSENT_DEPTH = 3  # elements below the body's, where such boxes hang
_INLINE = ("span", "time", "b", "strong", "em", "i", "small")
_PARAGRAPHS = frozenset(("p", "li", "blockquote", "td"))
_BESIDE = frozenset(("footer", "aside", "nav", "figure", "form", "li"))


def parse(body: bytes, url: str, content_type: str) -> HtmlElement:
    """The tree of a page found at `url`, without its consent box. Raises Refused where it is no HTML."""
    import trafilatura.utils  # a quarter of a second: for who reads, not for who has others read

    trafilatura.utils.HTML_PARSER.set_element_class_lookup(PLAIN)
    kind = content_type.split(";")[0].strip().lower()
    if kind and "html" not in kind and "xml" not in kind and not kind.startswith("text/"):
        raise Refused(f"{url}: is {kind}, not a web page")
    body = mending.source(body)
    named = [found.group(1) for found in _CHARSET.finditer(content_type)]
    told = (*_META.finditer(body[:4096]), *_PROLOGUE.finditer(body[:200]))
    named += [found.group(1).decode("ascii") for found in told]
    told_by = encodings.decoded(body, named) or encodings.by_language(body)
    source: bytes | str = told_by or body  # where nothing tells, the detector looks at the bytes
    tree = trafilatura.load_html(source)
    if tree is None and _ELEMENTS.search(body):  # a broken doctype, or none: the engine wants the word html up there
        text = source if isinstance(source, str) else body.decode("utf-8", "replace")
        tree = trafilatura.load_html(f"<!doctype html><html>{_DOCTYPE.sub('', text)}")
    if tree is None:
        raise Refused(f"{url}: holds no HTML")
    mending.drop_unseen(tree, body)
    mending.tree(tree, body)
    _part(tree)
    _drop_consent(tree)
    return tree


def warm() -> None:
    """Load what the engine loads for its first second opinion: justext's lists of stop words."""
    from trafilatura.external import jt_stoplist_init

    jt_stoplist_init()


def _part(tree: HtmlElement) -> None:
    """Sets a blank between two words that only style holds apart: <span>14 November</span><span>The council</span>."""
    for element in tree.iter(*_INLINE):
        behind = element.getnext()
        if element.tail or behind is None or behind.tag not in _INLINE or not (text := behind.text):
            continue
        before = element.text_content()[-1:]
        if (before.islower() or before.isdigit()) and text[0].isupper() and text[1:2].islower():
            element.tail = " "


def _outer(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The outermost elements of a page."""
    level = [child for found in tree.iter("body") for child in found]
    for _ in range(CONSENT_DEPTH):
        yield from level
        level = [child for element in level for child in element]


def _drop_consent(tree: HtmlElement) -> None:
    """Takes the box that asks for consent away, which is often longer than the article, unless it is all of the page."""
    boxes = {e for e in _outer(tree) if e.tag in ("div", "section", "aside") and blocks.holds(e, _CONSENT)}
    told = {box: count(box.text_content()) for box in boxes if boxes.isdisjoint(box.iterancestors())}
    if told and count(tree.text_content()) - sum(told.values()) >= 2 * THIN:
        for box in told:
            box.drop_tree()


def lines(tree: HtmlElement, walked: Sequence[Block]) -> list[str]:
    """The body's lines: precision mode's without its second opinions, which are asked for where it kept less of the
    page's paragraphs than an article is; and default mode's where that shows precision to have thrown it away."""
    told = [b for b in walked if b.words >= 15 and b.link_density < 0.3]
    everything = sum(b.words for b in told)
    paragraphs = sum(b.words for b in told if b.tag == "p")

    def is_thin(words: int, share: float) -> bool:
        return words < share * paragraphs or (words < THIN and words < max(COVERED * everything, 20))

    body = [b for b in told if not any(e.tag in _BESIDE for e in b.path)] if paragraphs >= THIN else []
    text = _extract(around(tree, blocks.common(body, 1.0)), favor_precision=True, fast=True)
    words = _told(text, told)
    if is_thin(words, COVERED):
        text = max(_extract(copy.deepcopy(tree), favor_precision=True), text, key=count)
        words = _told(text, told)
    if is_thin(words, HALF) and words < BEHIND * sum(b.words for b in walked):
        wide = _extract(copy.deepcopy(tree))
        if words < BEHIND * count(wide):
            text = wide
    loose = _loose(told)
    held = sum(b.words for b in loose)
    above = told[: told.index(loose[0])] if loose else []
    found = sum(b.words for b in loose if b.text in text)
    if held > HALF * everything and found < BEHIND * held and not any(b.text in text for b in above):
        return [block.text for block in loose]  # below an article its readers' words stand so
    return text.splitlines()


def _told(text: str, paragraphs: Sequence[Block]) -> int:
    """The words of a text; none where it is short and has none of the page's paragraphs: then it is made of what stands around them."""
    words = count(text)
    if words >= THIN or not paragraphs:
        return words
    folded = blocks.fold(text)
    return words if any(b.folded[:OPENING] in folded for b in paragraphs) else 0


def _loose(told: Sequence[Block]) -> list[Block]:
    """The paragraphs between the line breaks of the element that has most of them, LOOSE at least: no extractor finds a body
    there where something else on the page has elements of its own."""
    homes: dict[HtmlElement, list[Block]] = {}
    for block in told:
        if block.tag not in ("p", "li", *blocks.HEADINGS):
            homes.setdefault(block.path[-1], []).append(block)
    able = [found for found in homes.values() if len(found) >= LOOSE and not blocks.is_beside(found[0])]
    return max(able, key=lambda found: sum(b.words for b in found), default=[])


def around(tree: HtmlElement, element: HtmlElement | None) -> HtmlElement:
    """A copy of a page of one element only, which takes the extractor half as long; of the whole page for none."""
    if element is None or element.tag in ("html", "body"):
        return copy.deepcopy(tree)
    page = (tree.getroottree().parser or lxml.html.html_parser).makeelement("html")  # in a document of its own
    body = page.makeelement("body")
    page.append(body)
    body.append(copy.deepcopy(element))
    body[0].tail = None
    return page


def _extract(tree: HtmlElement, *, favor_precision: bool = False, fast: bool = False) -> str:
    """What trafilatura makes of a page, which is not of use to anybody afterwards."""
    import trafilatura  # as in parse

    for element in list(tree.iter("time")):  # which it drops, also out of a sentence
        around = element.getparent()
        if (
            around is not None
            and around.tag in _PARAGRAPHS
            and (element.tail or "").strip()
            and (around.text or "").strip()
        ):
            element.tag = "span"
    document = trafilatura.bare_extraction(
        tree, favor_precision=favor_precision, fast=fast, include_comments=False, with_metadata=False
    )
    return (document.text or "") if document is not None and not isinstance(document, dict) else ""
