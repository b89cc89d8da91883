"""The lead image: what it shows and whose it is, from the page's structured data or from under the picture."""

import re
from collections.abc import Sequence
from typing import Any

from lxml.html import HtmlElement

from extract import plain, urls
from extract.read.blocks import Block, holds
from extract.read.claims import jsonld
from extract.read.layout import Layout

NEAR = 15  # blocks from the headline down, among which the lead image's words stand
LONGEST = 500  # characters kept

_CREDIT_CLASS = re.compile(r"credit|copyright|source|photographer|byline|author|agency", re.IGNORECASE)
_LABEL = re.compile(
    r"^\W*(?:(?:photo(?:graph)?|foto|image|bild|picture|crédits?|credits?|quelle|source|fuente|copyright)s?(?:\s+(?:by|par|por|von|di))?\s*[:/]\s*|©\s*)",
    re.IGNORECASE,
)
_TAIL = re.compile(  # a credit printed behind the caption
    r"(?:\((?:photo|foto|image|bild|crédit|credit|ap photo|source|quelle)\b[^()]{2,80}\)|"
    r"(?:(?:photo(?:graph)?|foto|image|bild|crédit|credit|quelle|source)s?(?:\s+by)?\s*[:/]|©)\s*[^.:]{2,80})\W*$",
    re.IGNORECASE,
)


def decide(page: Layout) -> tuple[str, str, str]:
    """(address, caption, credit) of the lead image; the words are of the figure that shows it, else of the first one near
    the headline."""
    claimed = page.meta.first("og:image", "og:image:url", "twitter:image") or page.claims.text("image")
    image = urls.canonical(claimed, base=page.url) or ""
    caption, credit = _claimed(page.claims)
    if caption and credit:
        return image, caption, credit
    printed_caption, printed_credit = _printed(page.blocks[page.start : page.start + NEAR], _name(image))
    return image, caption or printed_caption, credit or printed_credit


def _claimed(claims: jsonld.Claims) -> tuple[str, str]:
    image: Any = (claims.node or {}).get("image")
    image = image[0] if isinstance(image, list) and image else image
    if not isinstance(image, dict):
        return "", ""
    found = jsonld.Claims(node=image)
    return found.text("caption")[:LONGEST], found.text("creditText", "creator", "author", "copyrightHolder")[:LONGEST]


def _printed(blocks: Sequence[Block], name: str) -> tuple[str, str]:
    figures: dict[HtmlElement, list[Block]] = {}
    for block in blocks:
        figure = next((e for e in block.path if e.tag == "figure"), None)
        if figure is not None and any(e.tag == "figcaption" for e in block.path):
            figures.setdefault(figure, []).append(block)
    shown = [f for f in figures if name and any(_name(image.get("src") or "") == name for image in f.iter("img"))]
    for figure in (shown or list(figures))[:1]:
        texts: list[str] = []
        credits: list[str] = []
        for block in figures[figure]:
            marked = any(holds(e, _CREDIT_CLASS) for e in block.path[block.path.index(figure) + 1 :])
            (credits if marked or _LABEL.match(block.text) else texts).append(block.spaced)
        caption = " ".join(texts)
        inner = [plain.line(e.text_content()) for e in figure.iter("span", "small", "cite") if holds(e, _CREDIT_CLASS)]
        if not credits and (
            found := next(filter(None, inner), "") or next((m.group() for m in [_TAIL.search(caption)] if m), "")
        ):
            credits, caption = [found], caption.replace(found, "", 1)
        return plain.line(caption)[:LONGEST], _LABEL.sub("", " ".join(credits).strip("() "))[:LONGEST]
    return "", ""


def _name(url: str) -> str:
    """A picture's file name: what its sizes on one page have in common."""
    return url.split("?", 1)[0].rsplit("/", 1)[-1]
