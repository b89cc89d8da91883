"""Markup mended where the parser would lose an article that a browser shows, or that a careless writer hid from both."""

import re

from lxml import etree
from lxml.html import HtmlElement

from extract import plain
from extract.read.blocks import count, holds

_CLOSING = re.compile(rb"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s*>")  # a third of the time of a pattern without case
_TEXT = re.compile(rb"<(?:p|div|table|article)\b", re.IGNORECASE)
_TITLE = re.compile(rb"(<title\b[^>]*>)([^<]*)(.*?)(?=</title\s*>|\Z)", re.IGNORECASE | re.DOTALL)
# References to what is no character of XML, which parsers let by and the engine breaks at: &#1; &#x1f; &#65535;
_UNFIT = re.compile(
    rb"&#(?:0*([0-8]|1[124-9]|2\d|3[01]|6553[45])(?:;|(?!\d))|[xX]0*([0-8b-cB-Ce-fE-F]|1[\da-fA-F]|[fF]{3}[efEF])(?:;|(?![\da-fA-F])))"
)
_BLANK = frozenset((b"11", b"12", b"b", b"c"))  # of these the tabs and feeds between lines
_BODY = ("p", "h1", "article", "main", "table", "div")
_ALOUD = re.compile(
    r"(?:^|\s)(?:(?:u|is)-)?(?:sr-only|visually-?hidden|screen-reader(?:-text)?)(?:$|\s)", re.IGNORECASE
)
_MARKS = (b"<template", b"sr-only", b"visually", b"screen-reader", b"<rt")
# What a browser does not show of a paragraph: an explanation that opens on a click, an editor's error. A date or a name may be meant
# for machines; what goes on behind "read more" is long.
_UNSHOWN = etree.XPath(
    "//p//*[self::span or self::small or self::em or self::i][@hidden or contains(@style, 'none') or contains(@style, 'hidden')]"
)
_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A style that cuts off what does not fit its box hides no text, but where the box has no height; the engine takes it for one that does.
_CUT = etree.XPath("//div[@style][p[2]][contains(@style, 'overflow')]")
_OVERFLOW = re.compile(r"overflow(?:-[xy])?\s*:\s*hidden\s*;?", re.IGNORECASE)
_FLAT = re.compile(r"height\s*:\s*(?:1(?:px)?|0(?:\.0+)?(?:px|r?em|vh|%)?)\s*(?:;|!|$)", re.IGNORECASE)
_WITHIN = re.compile(r"[\w,’'-]\s$")  # how the words end that stand before a button in a sentence
_GOES_ON = re.compile(r"\s*[,;.:!?)]|\s+[^\W\d_]")  # how those begin behind it
_SHOWN = frozenset(("img", "picture", "video", "iframe"))  # what a card of another story has
HALF = 0.5
LABEL = 4  # words from which on it is no label
SAID = 6  # words at the mean of sections that are paragraphs
ROW = 3  # sections of words alone, from which on they are paragraphs
NOTE = 25  # words at most of what a paragraph does not show
TERM = 4  # words at most of a button that is a part of a sentence
TITLES = 3  # of a page's titles looked at: pictures drawn in the page have such elements too


def source(body: bytes) -> bytes:
    """A page's bytes with its end where it is: a page in two documents goes on behind the first one's end, where the parser
    stops; a title that is never closed takes all of the page. Without references to what is no character."""
    if b"&#" in body:
        body = _UNFIT.sub(lambda found: b" " if (found[1] or found[2]).lower() in _BLANK else b"", body)
    lowered = body.lower()  # to find a word in takes a tenth of a pattern's time
    ends = [at for at in (lowered.find(b"</body"), lowered.find(b"</html")) if at >= 0]
    closed = _CLOSING.search(body, min(ends)) if ends else None
    if closed and _TEXT.search(body, closed.end()):
        body = _CLOSING.sub(b"", body)
    return _TITLE.sub(_closed, body, count=TITLES) if b"<title" in body[:20_000].lower() else body


def _closed(title: re.Match[bytes]) -> bytes:
    opening, text, rest = title.groups()
    return opening + text + (b"</title>" + rest if _TEXT.search(rest) else rest)


def tree(page: HtmlElement, source: bytes) -> None:
    """Takes an article out of what is no place for one: a button around all of the page, or in the midst of a sentence, as terms are
    that open an explanation; a box said to hide what does not fit it; the page's head."""
    for button in [
        e for e in page.iter("button") if _is_term(e) or next(e.iter("h1", "article", "main"), None) is not None
    ]:
        button.drop_tag()
    for box in _CUT(page) if b"overflow" in source else ():
        if not _FLAT.search(style := box.get("style")):
            box.set("style", _OVERFLOW.sub("", style))
    if b"<section" in source:
        _set_paragraphs(page)
    for head in page.findall("head"):
        first = next((n for n, e in enumerate(head) if e.tag in _BODY or next(e.iter(*_BODY), None) is not None), None)
        if first is None:
            continue
        body = page.find("body")
        if body is None:
            body = page.makeelement("body")
            page.append(body)
        for n, element in enumerate(head[first:]):
            body.insert(n, element)


def _set_paragraphs(page: HtmlElement) -> None:
    """Makes paragraphs of the sections that editors set a text in, ROW of them side by side, each of no more than words, and of
    SAID at the mean: shorter ones are labels."""
    found: dict[HtmlElement, list[HtmlElement]] = {}
    for section in page.iter("section"):
        if (
            not any(e.tag in plain.BLOCKS or e.tag in _SHOWN for e in section.iterdescendants())
            and section.text_content().strip()
        ):
            found.setdefault(section.getparent(), []).append(section)
    for row in found.values():
        if len(row) >= ROW and sum(count(section.text_content()) for section in row) >= SAID * len(row):
            for section in row:
                section.tag = "p"


def _is_term(button: HtmlElement) -> bool:
    """Whether a button stands in a paragraph's sentence, whose words go on before and behind it."""
    paragraph, before = button.getparent(), button.getprevious()
    told = (paragraph.text if before is None else before.tail) or ""
    words = len(button.text_content().split())
    return (
        paragraph.tag == "p"
        and 0 < words <= TERM
        and _WITHIN.search(told) is not None
        and _GOES_ON.match(button.tail or "") is not None
    )


def drop_unseen(page: HtmlElement, body: bytes) -> None:
    """Takes away what waits in templates, unless it is most of the page or shown at once; what stands above characters to say
    how they are read (<ruby>), where no brackets part the two; and what paragraphs say to machines that read aloud, where the
    page's bytes have such marks; what a paragraph does not show. What is short there may be the label of a name or a date."""
    for element in _UNSHOWN(page):
        unseen = element.get("hidden") is not None or _STYLE.search(element.get("style") or "")
        if unseen and LABEL <= len(element.text_content().split()) <= NOTE:
            element.drop_tree()
    if not any(mark in body for mark in _MARKS):
        return
    is_closed = body.count(b"<ruby") == body.count(b"</ruby")  # where one is not, a reading holds what follows
    for ruby in page.iter("ruby") if is_closed else ():
        if ruby.find(".//rp") is None:
            for reading in ruby.findall(".//rt"):
                reading.drop_tree()
    waiting = [e for e in page.iter("template") if not any(name.startswith("shadowroot") for name in e.attrib)]
    if sum(len(e.text_content()) for e in waiting) < HALF * len(page.text_content() if waiting else "-"):
        for template in waiting:
            template.drop_tree()
    for element in [e for e in page.iter("span", "small") if holds(e, _ALOUD)]:
        if (
            len(element.text_content().split()) >= LABEL
            and next(element.iterancestors("p", "li", "article"), None) is not None
        ):
            element.drop_tree()
