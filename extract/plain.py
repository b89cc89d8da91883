"""Plain text, as records hold it: no markup, no control characters, Unicode in its composed form."""

import re
import unicodedata

from lxml import etree

from extract import unseen

_PARSER = etree.HTMLParser()
# What ends a line in a browser. Others are letters of their line, as in CO<sub>2</sub>.
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_TAG = re.compile(r"<(?:[a-zA-Z/]|!--|!\[)|&#?\w{2,8};")
_WHOLE_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
# A < that is a letter, whatever parsers make of it: no name stands behind it (<5 %, x < y), or it stands in a text and
# another < comes before its > (a<b</title>). What holds a = or a quote is a tag that somebody cut, and stays one.
BARE = re.compile(r"""<(?:(?=[^\w:/!?]|\d)|(?:(?<=[^>\s]<)|(?<=[^>\s]\s<))(?=[^\W\d][^<>="']*(?:<|\Z)))""")


def line(text: str | None) -> str:
    """The text as one line: composed, without what cannot be seen, runs of blanks made one."""
    if not text:
        return ""
    joined = " ".join(text.split())
    return joined if joined.isascii() and joined.isprintable() else " ".join(_seen(joined).split())


def paragraphs(text: str | None) -> str:
    """The text as paragraphs, one line each, kept apart by a blank line."""
    return "\n\n".join(filter(None, (" ".join(part.split()) for part in _seen(text or "").splitlines())))


def from_html(text: str | None) -> str:
    """One line of plain text from a scrap of HTML; text without tags or entities comes back as it is."""
    if not text or not _TAG.search(text):
        return line(text)
    end = text.rfind("<") if _WHOLE_TAG.search(text) else len(text)  # HTML may break off inside of a tag
    text = BARE.sub("&lt;", text[:end]) + text[end:]
    try:
        tree = etree.fromstring(f"<div>{_seen(text)}</div>", _PARSER)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return line(re.sub(r"<[^>]*>", " ", text))
    etree.strip_elements(tree, "script", "style", "template", with_tail=False)
    for element in tree.iter(*BLOCKS, "br", "img"):
        # Once more without what cannot be seen: a reference (&#1;) is made a letter by the parser only, and refused as one.
        element.text, element.tail = f" {_seen(element.text or '')}", f" {_seen(element.tail or '')}"
    return line("".join(tree.itertext()))


def _seen(text: str) -> str:
    return text if text.isascii() and text.isprintable() else unicodedata.normalize("NFC", unseen.without(text))
