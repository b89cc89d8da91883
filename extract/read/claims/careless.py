"""JSON as careless writers put it into pages."""

import html
import json
import re
from typing import Any

MAX_VALUES = 200  # of one script
_WRAPPING = re.compile(r"^\s*(<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(-->|//\s*\]\]>|\]\]>|;)\s*$")
_BETWEEN = re.compile(r"[\s,;]*")  # of two values in one script
_STRING = r'"(?:[^"\\]|\\.)*"'
_COMMENT = re.compile(r"""("(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\Z))|//[^\n]*|/\*.*?\*/""", re.DOTALL)
_EXTRA_COMMA = re.compile(r",(\s*[,}\]])")
_NO_COMMA = re.compile(
    rf"""(?<=["\d}}\]el])[^\S\n]*+\n\s*+(?={_STRING}\s*:)|(?<=[}}\]])\s*+(?={_STRING}\s*:)|(?<=}})\s*+(?={{)"""
)
_NO_VALUE = re.compile(r"(?<=\":)\s*+(?:undefined)?(?=\s*[,}])")
_NO_ESCAPE = re.compile(r'(\\\\)|\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_VALUE = re.compile(r"""("[\w@]{2,30}"\s*:\s*")(.{0,2000}?)(?="\s*(?:,\s*"[\w@]{2,30}"\s*:|[}\]]))""", re.DOTALL)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[{}\[\]]', re.DOTALL)  # a string that is not ended goes on to the end


def values(text: str) -> list[Any]:
    """The values of a script, of which there may be several; none where no repair makes sense of it."""
    text = _WRAPPING.sub("", _WRAPPING.sub("", text.strip("\ufeff \t\r\n")))
    for repair in (str, _repaired, _requoted):
        if found := _read(repair(text)):
            return found
    return []


def _read(text: str) -> list[Any]:
    decoder, at = json.JSONDecoder(strict=False), 0
    found: list[Any] = []
    while (at := _at(text, at)) < len(text) and len(found) < MAX_VALUES:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
    return found


def _at(text: str, begin: int) -> int:
    between = _BETWEEN.match(text, begin)
    return between.end() if between else begin


def _repaired(text: str) -> str:
    """Without comments, commas before a closing bracket or another, escapes that are none and HTML's quotation marks; with what was
    forgotten: values, commas between fields, the brackets at the end."""
    if '"' not in text:
        text = html.unescape(text)
    text = _COMMENT.sub(lambda found: found.group(1) or " ", _NO_ESCAPE.sub(r"\1", text))
    text = _NO_VALUE.sub("null", _NO_COMMA.sub(",", _EXTRA_COMMA.sub(r"\1", text)))
    return text + _left_open(text)


def _left_open(text: str) -> str:
    """The closing brackets that a text lacks at its end."""
    opened: list[str] = []
    for mark in _TOKEN.findall(text):
        if mark in "{[":
            opened.append("}" if mark == "{" else "]")
        elif mark in "}]" and opened:
            opened.pop()
    return "".join(reversed(opened))


def _requoted(text: str) -> str:
    """With the quotation marks escaped that stand in texts as they are printed."""
    return _VALUE.sub(lambda found: found.group(1) + re.sub(r'(?<!\\)"', r'\\"', found.group(2)), _repaired(text))
