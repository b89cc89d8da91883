"""Whether an XML document declares entities: one of 100 KB, used a thousand times, is a title of 100 MB. No feed in use
declares any, so what does is refused before a parser sees it, in whatever encoding it hides."""

import re

_DECLARATION = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
_IN_TEXT = re.compile(r"<!\s*ENTITY", re.IGNORECASE)
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# In these every ASCII character is its own byte and nothing else is: what is not in the bytes is not in the text.
_CLEAR = re.compile(
    r"utf[-_]?8|us[-_]?ascii|ascii|latin[-_]?1|iso[-_]?8859[-_]\d+|windows[-_]125\d|cp125\d|koi8[-_][ru]", re.IGNORECASE
)
_EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm"


def declared(body: bytes, content_type: str = "") -> bool:
    """Whether the document, read in any encoding it or its Content-Type names, declares an entity."""
    if _DECLARATION.search(body):
        return True
    head = body[:400]
    if b"\0" in head and _DECLARATION.search(body.replace(b"\0", b"")):  # UTF-16 and UTF-32, either way round
        return True
    codecs = {"cp037"} if head.startswith(_EBCDIC) else set()
    codecs |= {found.group(1).decode() for found in _ENCODING.finditer(head)}
    codecs |= {found.group(1) for found in _CHARSET.finditer(content_type)}
    return any(_hides(body, codec) for codec in codecs if not _CLEAR.fullmatch(codec))


def _hides(body: bytes, codec: str) -> bool:
    try:
        return bool(_IN_TEXT.search(body.decode(codec, "replace")))
    except (
        LookupError,
        ValueError,
        TypeError,
        AssertionError,
    ):  # no such encoding, or none of text: nobody can read it
        return False
