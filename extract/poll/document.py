"""One pass before any parser of feeds, sitemaps and lists: bytes as publishers send them → UTF-8 that an XML parser takes.

gunzip → decode → cut the DOCTYPE → mend ampersands, character references and signs that XML has none of

Encodings are those of the WHATWG's table, which is what browsers read by: Shift_JIS means Windows-31J, latin1 windows-1252.
"""

import codecs
import html.entities
import re
import zlib

from extract.errors import NotAFeed

MOST = 64 * 2**20  # bytes of a document once unpacked
BAD = 0.02  # of the letters that are not ASCII, which may be broken in a text that is UTF-8 all the same
LONG = 100  # characters of what a declared entity may stand for; attacks declare longer ones, or ones made of others

# What browsers take a name for, where Python takes it for something narrower.
_WHATWG = {
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("iso8859-9",), "cp1254"),
    **dict.fromkeys(("iso8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("shift_jis", "shift_jisx0213"), "cp932"),
    **dict.fromkeys(("euc_kr",), "cp949"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("big5",), "big5hkscs"),
}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
_BARE = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"\x4c\x6f\xa7\x94", "cp037"))  # fmt: skip
_DECLARED = re.compile(rb"""^[^>]{0,200}?\bencoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_PROLOG = re.compile(r"^\s*(?:<\?xml[^>]*\?>)?\s*", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[(.*?)\]\s*)?>", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"""<!\s*ENTITY\s+(%\s+)?(\S+)\s+(?:"([^"]*)"|'([^']*)'|(.*?))\s*>""", re.IGNORECASE | re.DOTALL)
_ANY_ENTITY = re.compile(r"<!\s*ENTITY", re.IGNORECASE)
_PARTS = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|$)|<!--.*?(?:-->|$))", re.DOTALL)
_PAIR = re.compile(
    r"&#(?:x(d[89ab][0-9a-f]{2})|(5[5-6]\d{3}));&#(?:x(d[c-f][0-9a-f]{2})|(5[6-7]\d{3}));", re.IGNORECASE
)
_REFERENCE = re.compile(r"&(?:#(\d{1,8});|#[xX]([0-9a-fA-F]{1,7});|([A-Za-z][\w.-]{0,40});)?")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))


def unpacked(body: bytes) -> bytes:
    """A document gunzipped, where its first bytes say that it is packed. Raises NotAFeed where it cannot be unpacked."""
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        found = zlib.decompressobj(wbits=31).decompress(body, MOST)
    except zlib.error as error:
        raise NotAFeed("is packed by gzip and cut short or damaged") from error
    if len(found) >= MOST:
        raise NotAFeed(f"is more than {MOST >> 20} MB once unpacked")
    return found


def text_of(body: bytes, content_type: str = "") -> str:
    """A document's text: by its byte order mark; as UTF-8 where its bytes are that, all but a few; else by what it or its
    Content-Type declares. A byte that fits nothing is one sign that says so."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    for start, codec in _BARE:
        if body.startswith(start):
            return body.decode(codec, "replace")
    text = _utf8(body)
    if text is not None:
        return text
    declared = _DECLARED.search(body[:400])
    named = [declared.group(1).decode("ascii")] if declared else []
    named += [found.group(1) for found in _CHARSET.finditer(content_type)]
    for name in named:
        if (codec := _codec(name)) and codec != "utf-8":
            return body.decode(codec, "replace")
    return body.decode("utf-8" if named else "cp1252", "replace")


def _utf8(body: bytes) -> str | None:
    """The text of bytes that are UTF-8, all but a few of them; None where they are not."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        foreign = sum(not char.isascii() for char in text)
        return text if text.count("\ufffd") <= max(1, BAD * foreign) and foreign > text.count("\ufffd") else None


def _codec(name: str) -> str:
    """Python's codec for an encoding's name as browsers take it; empty for one that is no text's, or unknown."""
    try:
        found = codecs.lookup(name)
    except LookupError:
        return ""
    return _WHATWG.get(found.name, found.name) if found._is_text_encoding and found.name != "utf-7" else ""


def mended(body: bytes, content_type: str = "") -> bytes:
    """An XML document as UTF-8 that a parser takes: no DOCTYPE, every & a reference's, every reference to a letter that
    exists. Raises NotAFeed where it declares entities that expand, which only attacks do."""
    text = text_of(body, content_type)
    start = _PROLOG.match(text)
    rest = text[start.end() :] if start else text
    own: dict[str, str] = {}
    while found := _DOCTYPE.search(rest[:20_000] if not _ANY_ENTITY.search(rest[:20_000]) else rest):
        if "<" in _PARTS.sub("", rest[: found.start()]):
            break  # it stands in a text
        own |= _declared(found.group(1) or "")
        rest = rest[: found.start()] + rest[found.end() :]
    outside = _PARTS.sub("", rest)
    if _ANY_ENTITY.search(outside):
        raise NotAFeed("declares XML entities, which only attacks do")
    parts = [part if n % 2 else _mended(part, own) for n, part in enumerate(_PARTS.split(rest))]
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + _NO_XML.sub("", "".join(parts)).encode("utf-8", "replace")


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
    if "&" not in text:
        return text
    text = _PAIR.sub(_joined, text)

    def letter(match: re.Match[str]) -> str:
        number, hexadecimal, name = match.groups()
        if name:
            if name in _OWN:
                return match.group()
            said = own.get(name) or html.entities.html5.get(f"{name};")
            return _escaped(said) if said else f"&amp;{name};"
        if number or hexadecimal:
            code = int(number) if number else int(hexadecimal, 16)
            if 0x80 <= code <= 0x9F:  # what windows-1252 has there, as browsers read it
                return _escaped(bytes([code]).decode("cp1252", "replace"))
            exists = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
            return match.group() if exists else "" if code < 32 else "\ufffd"
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
