"""The article that a page carries only in its scripts, from which a browser's program would print it.

Its forms are few: a string of HTML, a list of paragraphs as an editor keeps them, a text with line breaks; in a script
of type JSON, behind an assignment, or cut into pushes of a stream, as React's server components send it.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from extract import plain, unseen
from extract.read import blocks
from extract.read.blocks import Block, count, fold

LEAST = 80  # words of an article
MOST = 5_000_000  # characters of a page's scripts; those of the fullest of 1,017 real pages have 1.8 million
VALUES = 200_000  # of one script that are looked at

_STREAM = re.compile(r"__next_f\.push\(\[1,(\"(?:[^\"\\]|\\.)*\")\]\)", re.DOTALL)
_OPENING = re.compile(r"[=(]\s*(?=[{\[])")
_PARAGRAPH = frozenset(("paragraph", "heading", "p", "h2", "h3"))
_PRINTED = frozenset(("p", "li", "blockquote", "h2", "h3"))
# How Angular writes its state, so that no sign of it ends the script.
_STATE = {"&q;": '"', "&l;": "<", "&g;": ">", "&s;": "'", "&a;": "&"}
_ESCAPED = re.compile("|".join(_STATE))
_DECODER = json.JSONDecoder(strict=False)


def body(tree: HtmlElement, title: str) -> str:
    """The article's text, a line for each paragraph, from the scripts of its page; empty where none holds one.

    It is the longest text there that speaks of the title: half of its longer words are in it.
    """
    scripts = [s.text for s in tree.iter("script") if s.text and "ld+json" not in (s.get("type") or "")]
    if sum(map(len, scripts)) > MOST:
        return ""
    found = [text for script in scripts for value in _values(script) for text in _texts(value)]
    found += _texts("".join(json.loads(piece, strict=False) for script in scripts for piece in _STREAM.findall(script)))
    told = {word for word in fold(title).split() if len(word) >= 3}
    able = [text for text in found if count(text) >= LEAST and 2 * sum(w in text.casefold() for w in told) >= len(told)]
    return max(able, key=count, default="")


def _values(script: str) -> Iterator[Any]:
    """The values that a script holds: itself, where it is JSON, or what it assigns or hands over."""
    if script.lstrip().startswith("{&q;"):
        script = _ESCAPED.sub(lambda found: _STATE[found[0]], script)
    if script.lstrip()[:1] in ("{", "["):
        starts = [len(script) - len(script.lstrip())]
    else:
        starts = [match.end() for match in _OPENING.finditer(script)][:20]
    end = 0
    for start in starts:
        if start >= end:
            try:
                value, end = _DECODER.raw_decode(script, start)
            except (ValueError, RecursionError):
                continue
            yield value


def _texts(value: Any) -> list[str]:
    """Every text in a value that may be an article's: its strings, and its lists of paragraphs as one text each."""
    found: list[str] = []
    stack = [value]
    for _ in range(VALUES):
        if not stack:
            break
        value = stack.pop()
        if isinstance(value, str) and len(value) >= 3 * LEAST:
            found.append(_from_string(value))
        elif isinstance(value, dict):
            stack.extend(value.values())
        elif isinstance(value, list):
            paragraphs = [_flat(item) for item in value if isinstance(item, dict) and item.get("type") in _PARAGRAPH]
            found.append("\n".join(filter(None, paragraphs)))
            stack.extend(value)
    return found


def _flat(paragraph: dict[str, Any]) -> str:
    """The words of one paragraph as an editor keeps it: pieces of text, some inside links and marks."""
    pieces: list[str] = []
    stack: list[Any] = [paragraph]
    while stack and len(pieces) < 1_000:
        value = stack.pop()
        if isinstance(value, str):
            pieces.append(value)
        elif isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            stack.extend(value[k] for k in ("content", "children", "value", "text") if k in value)
    return plain.from_html("".join(pieces))


def _from_string(text: str) -> str:
    """A string's paragraphs: of its <p> elements, where it is HTML, else its lines."""
    if "<p" not in text:
        return plain.paragraphs(text) if "\n" in text and "{" not in text else ""
    try:
        fragment = lxml.html.fragment_fromstring(unseen.without(text), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    return "\n".join(block.text for block in blocks.walk(fragment) if block.tag in _PRINTED and not _pictured(block))


def _pictured(block: Block) -> bool:
    return any(e.tag == "figure" or "caption" in (e.get("class") or "") for e in block.path)
