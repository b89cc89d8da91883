"""One pass before any parser of feeds, sitemaps and lists: bytes as publishers send them → UTF-8 that an XML parser takes.

gunzip → decode → cut the DOCTYPE → mend ampersands, a < that is a letter, character references and signs that XML has none of
"""

import html.entities
import re
import zlib

from extract import encodings, plain
from extract.errors import NotAFeed

MOST = 64 * 2**20  # bytes of a document once unpacked
LONG = 100  # characters of what a declared entity may stand for; attacks declare longer ones, or ones made of others

_DECLARED = re.compile(rb"""^[^>]{0,200}?\bencoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_PROLOG = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)  # what may stand before a DOCTYPE
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[(.*?)\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"""<!\s*ENTITY\s+(%\s+)?(\S+)\s+(?:"([^"]*)"|'([^']*)'|(.*?))\s*>""", re.IGNORECASE | re.DOTALL)
_ANY_ENTITY = re.compile(r"<!\s*ENTITY", re.IGNORECASE)
_PARTS = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|$)|<!--.*?(?:-->|$))", re.DOTALL)
# The marks of a CDATA section that a writer escaped as if they were text, or set inside of another section.
_ESCAPED_CDATA = re.compile(r"&lt;!\[CDATA\[((?:(?!&lt;!\[CDATA\[)[^<])*?)\]\](?:&gt;|>)")
_NESTED_CDATA = re.compile(
    r"<!\[CDATA\[\s*(<!\[CDATA\[(?:(?!\]\]|<!\[CDATA\[).)*\]\])\s*\]\]>(?:<!\[CDATA\[>\]\]>)?", re.DOTALL
)
_PAIR = re.compile(
    r"&#(?:x(d[89ab][0-9a-f]{2})|(5[5-6]\d{3}));&#(?:x(d[c-f][0-9a-f]{2})|(5[6-7]\d{3}));", re.IGNORECASE
)
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(\d{1,8});|#[xX]([0-9a-fA-F]{1,7});|([A-Za-z][\w.-]{0,40});)?"
)
_CONTROLS = bytes({*range(32)} - {9, 10, 13})  # letters that XML has none of
_BREAKS = bytes.maketrans(b"\x0b\x0c", b"  ")  # of them those that end a line, as word processors write them


def unpacked(body: bytes) -> bytes:
    """A document gunzipped, where its first bytes say that it is packed. Raises NotAFeed where it cannot be unpacked."""
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        found = zlib.decompressobj(wbits=31).decompress(body, MOST)
    except zlib.error as error:
        raise NotAFeed("is packed by gzip and cut short or damaged: it has to be had anew") from error
    if len(found) >= MOST:
        raise NotAFeed(f"is more than {MOST >> 20} MB once unpacked")
    return found


def text_of(body: bytes, content_type: str = "") -> str:
    """A document's text, by what it or its Content-Type declares where its bytes do not tell."""
    declared = _DECLARED.search(body[:400])
    named = [declared.group(1).decode("ascii")] if declared else []
    named += [found.group(1) for found in _CHARSET.finditer(content_type)]
    text = encodings.decoded(body, named)
    return body.decode("cp1252", "replace") if text is None else text


def mended(body: bytes, content_type: str = "") -> bytes:
    """An XML document as UTF-8 that a parser takes: no DOCTYPE, every & a reference's, every < markup's, every
    reference to a letter that exists. Raises NotAFeed where it declares entities that expand, which only attacks do."""
    text = text_of(body, content_type)
    rest = text[_PROLOG.match(text).end() :]  # type: ignore[union-attr]  # it matches nothing at all too
    own: dict[str, str] = {}
    if found := _DOCTYPE.match(rest):
        own, rest = _declared(found.group(1) or ""), rest[found.end() :]
    parts = _PARTS.split(_NESTED_CDATA.sub(r"\1>", rest))
    if any(_ANY_ENTITY.search(part) for part in parts[::2]):
        raise NotAFeed("declares XML entities, which only attacks do")
    parts = [part if n % 2 else _mended(part, own) for n, part in enumerate(parts)]
    body = "".join(parts).encode("utf-8", "ignore")  # no half of a pair
    body = body.translate(_BREAKS).translate(None, _CONTROLS)
    body = body.replace("\ufffe".encode(), b"").replace("\uffff".encode(), b"")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _declared(subset: str) -> dict[str, str]:
    """The entities that a DOCTYPE declares, by name; those of HTML mean what they mean there. Raises NotAFeed for one that
    expands: made of others, long, or kept elsewhere."""
    found = {}
    for entity in _ENTITY.finditer(subset):
        parameter, name, double, single, elsewhere = entity.groups()
        value = double if double is not None else single
        if parameter or value is None or elsewhere:
            raise NotAFeed("declares XML entities that are kept elsewhere, which only attacks do")
        plain = re.sub(r"&#x?[0-9a-fA-F]+;", "", value)
        if len(value) > LONG or "&" in plain or "%" in plain:
            raise NotAFeed("declares XML entities that expand, which only attacks do")
        found[name] = html.unescape(value)
    return found


def _mended(text: str, own: dict[str, str]) -> str:
    text = _ESCAPED_CDATA.sub(r"\1", plain.BARE.sub("&lt;", text))
    if "&" not in text:
        return text
    text = _PAIR.sub(_joined, text)

    def letter(match: re.Match[str]) -> str:
        number, hexadecimal, name = match.groups()
        if name:
            said = own.get(name) or html.entities.html5.get(f"{name};")
            return _escaped(said) if said else f"&amp;{name};"
        if number or hexadecimal:
            code = int(number) if number else int(hexadecimal, 16)
            if 0x80 <= code <= 0x9F:  # what windows-1252 has there, as browsers read it
                return _escaped(bytes([code]).decode("cp1252", "replace"))
            exists = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
            kept = match.group() if number else f"&#x{hexadecimal};"  # XML knows no capital X
            return kept if exists else "" if code < 32 else "\ufffd"
        return "&amp;"

    return _REFERENCE.sub(letter, text)


def _joined(match: re.Match[str]) -> str:
    """One letter that a careless writer gave as the two halves UTF-16 has of it."""
    high = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    low = int(match.group(3), 16) if match.group(3) else int(match.group(4))
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return match.group()
    return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
