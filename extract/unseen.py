"""Signs that show nothing on a page and that a terminal, a log or a spreadsheet obeys."""

import re

# C0 and C1 controls (terminal escapes among them), zero-width characters and bidirectional overrides: invisible on a
# page, harmful in a terminal, a table or a comparison. U+200C/U+200D stay: Persian and Indic words need them.
SIGNS = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]"
)


def without(text: str) -> str:
    """The text as it is, but for these signs and lone surrogates; tabs and line breaks stay."""
    return text if text.isascii() and text.isprintable() else SIGNS.sub("", text)


def harmless(text: str) -> str:
    """The same for what is printed: a carriage return would go back and write over what stands there."""
    return without(text).replace("\r\n", "\n").replace("\r", "\n")
