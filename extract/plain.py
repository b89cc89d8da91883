"""Plain text, as records hold it: no markup, no control characters, Unicode in its composed form."""

import re
import unicodedata

from lxml import etree

# C0 and C1 controls (terminal escapes among them), zero-width characters and bidirectional overrides: invisible on a
# page, harmful in a terminal, a table or a comparison. U+200C/U+200D stay: Persian and Indic words need them.
_UNSEEN = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)
_PARSER = etree.HTMLParser()
_TAG = re.compile(r"<(?:[a-zA-Z/]|!--|!\[)|&#?\w{2,8};")


def line(text: str | None) -> str:
    """The text as one line: composed, without what cannot be seen, runs of blanks made one."""
    if not text:
        return ""
    joined = " ".join(text.split())
    return joined if joined.isascii() and joined.isprintable() else " ".join(_seen(joined).split())


def paragraphs(text: str | None) -> str:
    """The text as paragraphs, one line each, kept apart by a blank line."""
    return "\n\n".join(filter(None, (" ".join(part.split()) for part in _seen(text or "").splitlines())))


def storable(text: str) -> str:
    """The text as it is, but for what no file or XML tree can hold: lone surrogates and control characters."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", text)


def from_html(text: str | None) -> str:
    """One line of plain text from a scrap of HTML; text without tags or entities comes back as it is."""
    if not text or not _TAG.search(text):
        return line(text)
    try:
        tree = etree.fromstring(f"<div>{_seen(text)}</div>", _PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return line(re.sub(r"<[^>]*>", " ", text))
    etree.strip_elements(tree, "script", "style", "template", with_tail=False)
    return line(" ".join(tree.itertext()))


def _seen(text: str) -> str:
    return text if text.isascii() and text.isprintable() else unicodedata.normalize("NFC", storable(text))
