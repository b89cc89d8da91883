"""The text of bytes, by the encodings that browsers mean: the WHATWG's table, where Shift_JIS is Windows-31J and latin1 windows-1252."""

import codecs
import re
from collections.abc import Iterable

BAD = 0.02  # of the letters that are not ASCII, which may be broken in a text that is UTF-8 all the same
BAD_DECLARED = 0.25  # of them in a text that says it is UTF-8; in text of another encoding two thirds are

# What browsers take a name for, where Python takes it for something narrower.
_WHATWG = {
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"),
    **dict.fromkeys(("iso8859-9",), "cp1254"),
    **dict.fromkeys(("iso8859-8",), "cp1255"),  # browsers know points and quotation marks in neither
    **dict.fromkeys(("iso8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("shift_jis", "shift_jisx0213"), "cp932"),
    **dict.fromkeys(("euc_kr",), "cp949"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("big5",), "big5hkscs"),
}
_LABELS = {  # that Python lacks
    **dict.fromkeys(("unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8"), "utf-8"),
    **dict.fromkeys(("sjis", "windows-31j", "csshiftjis"), "cp932"),
    **dict.fromkeys(("cseuckr", "csksc56011987", "iso-ir-149", "ks_c_5601-1989", "ksc_5601", "windows-949"), "cp949"),
    **dict.fromkeys(("csgb2312", "gb_2312", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("cn-big5", "x-big5"), "big5hkscs"),
    **dict.fromkeys(("windows-874", "dos-874"), "cp874"),
    **dict.fromkeys(("mac", "csmacintosh", "mac-roman"), "mac_roman"),
    **dict.fromkeys(("mac-cyrillic", "mac-ukrainian"), "mac_cyrillic"),
    **dict.fromkeys(("koi", "koi8"), "koi8_r"),
    **dict.fromkeys(("logical", "visual"), "iso8859-8"),
    "koi8-ru": "koi8_u",
    "sun_eu_greek": "iso8859-7",
    "csisolatin9": "iso8859-15",
    "cseucpkdfmtjapanese": "euc_jp",
}
_LATIN = re.compile(r"iso-?8859-?(\d{1,2})(?:-[ei])?")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_TWICE = "\u00e2\u0080"  # how a quotation mark or a dash begins that was made UTF-8 twice; the second is no letter of any text
# A quotation mark, dash or the like of windows-1252 that was pasted between letters of ASCII: as UTF-8 it begins no letter.
_PASTED = re.compile(rb"(?<![\x80-\xff])[\x80\x85\x91-\x97\x99](?![\x80-\xff])")
_AGAIN = re.compile(r"[\u00c2-\u00f4][\u0080-\u00bf]{1,3}")
# What browsers take a page for that names no encoding, by its language: the HTML standard's table, less the scripts that detectors
# know; all other languages are windows-1252. Of the two for central Europe one has no signs in the second row of controls.
_LANG = re.compile(rb"""<html\b[^>]{0,300}?\slang\s*=\s*["']?([a-z]{2})\b""", re.IGNORECASE)
_LOCALES = {
    **dict.fromkeys((b"pl", b"cs", b"sk", b"hu", b"hr", b"sl", b"bs", b"sr", b"ro"), "cp1250"),
    **dict.fromkeys((b"tr", b"az"), "cp1254"),
    **dict.fromkeys((b"et", b"lt", b"lv"), "cp1257"),
}
_HIGH = re.compile(rb"[\x80-\xff]+")
_SECOND = re.compile(rb"[\x80-\x9f]")
ALONE = 1.5  # letters that are not ASCII in a row, on average: more are another script's; of pages in eleven languages 1.0 to 1.2


def decoded(body: bytes, declared: Iterable[str]) -> str | None:
    """A document's text: by its byte order mark; as UTF-8 where its bytes are that, all but a few; else by the first of the
    encodings declared that there is. A byte that fits nothing is one sign that says so. None where nothing tells."""
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    for start, codec in _BARE:
        if body.startswith(start):
            return body.decode(codec, "replace")
    declared = list(declared)
    if any(name.lower() == "iso-2022-jp" for name in declared) and b"\x1b$" in body:  # all ASCII, and none
        return body.decode("iso2022_jp", "replace")
    says = any(codec_of(name) == "utf-8" for name in declared)
    if (text := _utf8(body, BAD_DECLARED if says else BAD)) is not None:
        return text
    for name in declared:
        if (codec := codec_of(name)) and codec != "utf-8":
            return body.decode(codec, "replace")
    return None


def by_language(body: bytes) -> str | None:
    """The text of a page that names no encoding, by the language that it names; None where the detector knows better."""
    named, found = _LANG.search(body, 0, 4096), _HIGH.findall(body)
    if named is None or sum(map(len, found)) > ALONE * len(found):
        return None
    language = named[1].lower()
    if language == b"en" and _has_letters_of_others(b"".join(found)):  # which templates say of pages in any language
        return None
    codec = _LOCALES.get(language, "cp1252")
    return body.decode("iso8859-2" if codec == "cp1250" and not _SECOND.search(body) else codec, "replace")


def _has_letters_of_others(high: bytes) -> bool:
    """Whether letters of western Europe would be others in the centre of it."""
    there = zip(high.decode("cp1252", "replace"), high.decode("cp1250", "replace"), strict=True)
    return any(one != other and one.isalpha() for one, other in there)


def _utf8(body: bytes, most: float) -> str | None:
    """The text of bytes that are UTF-8, all but `most` of the letters; None where they are not. What was made UTF-8 twice is mended."""
    try:
        text = body.decode("utf-8")
        return _AGAIN.sub(_once, text) if _TWICE in text else text
    except UnicodeDecodeError:
        pasted = len(_PASTED.findall(body))
        text = _PASTED.sub(_as_utf8, body).decode("utf-8", "replace")
        foreign = sum(not char.isascii() for char in text) - pasted
        return text if text.count("\ufffd") <= max(1, most * foreign) and foreign > text.count("\ufffd") else None


def _as_utf8(found: re.Match[bytes]) -> bytes:
    return found[0].decode("cp1252").encode()


def _once(found: re.Match[str]) -> str:
    try:
        return found[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def codec_of(name: str) -> str:
    """Python's codec for an encoding's name as browsers take it; empty for one that is no text's, or unknown."""
    name = name.strip().lower().removeprefix("x-")
    try:
        found = codecs.lookup(_LABELS.get(name) or _LATIN.sub(r"iso8859-\1", name))
    except LookupError:
        return ""
    return _WHATWG.get(found.name, found.name) if found._is_text_encoding and found.name != "utf-7" else ""
