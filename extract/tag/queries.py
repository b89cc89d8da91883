"""A topic's query, parsed: Lucene's syntax, by luqum, into a small tree that the index is asked and the evidence read by.

    election* AND (labour OR "lib dem") AND NOT film      words, phrases, groups, AND OR NOT
    "injury surgery"~4                                    near words: within four moves of each other, in any order
    title:(blair OR brown)                                in one field; without one, in title and text

Case and accents make no difference. With `stem`, words that carry no wildcard match, in articles of that language, by
their stems.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from luqum import tree
from luqum.exceptions import IllegalCharacterError, ParseError
from luqum.parser import parser

from extract import words
from extract.errors import BadQuery
from extract.tracked import Topic

EVERYWHERE = ("title", "text")
FIELDS = ("title", "text", "source", "site", "agency", "author", "section", "language")
LONGEST = 1024  # terms in one query
LETTERS = 50_000  # in one query
FARTHEST = 1000  # moves in a "near words"~n
WILDCARDS = 3  # in one word: each multiplies the words of the index it may mean
WILD = 100  # words with a wildcard in one query: each is looked up among all words of the index
WILDEST = 50  # letters of such a word: its automaton grows with them, and 100 of 200 letters took 5 s to build
LETTERS_FIRST = 3  # before a wildcard within a phrase: of two letters, a week's news has more words than an index tries
SHOWN = 60  # characters of a query around the place where it does not parse

Node: TypeAlias = "All | AnyOf | Not | Leaf"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word or phrase to find in one of some fields."""

    fields: tuple[str, ...]
    words: tuple[str, ...]  # folded; * and ? are wildcards
    near: int = 0  # moves allowed between the words of a phrase
    stem: str = ""  # language by whose stems it matches too
    stems: tuple[str, ...] = ()  # the words as a stemmer wants them: lower-cased only
    whole: tuple[tuple[str, ...], ...] = ()  # for near: what was written without a blank, and stays together


@dataclass(frozen=True, slots=True)
class All:
    """What matches every part; `also` only makes it match better."""

    parts: "tuple[Node, ...]"
    also: "tuple[Node, ...]" = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What matches one part at least."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """What does not match its part."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Query:
    """A topic and its parsed query."""

    topic: Topic
    tree: Node
    leaves: tuple[Leaf, ...]  # the positive ones: what shows, in an article that matches, why


def is_wild(word: str) -> bool:
    """Whether a word of a leaf carries a wildcard."""
    return "*" in word or "?" in word


def regex(word: str) -> str:
    """A word with wildcards as a regular expression, for whole words of an index: those are letters already, so "." is
    any of their letters, where a class of letters would compile for a second."""
    return "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in word)


@cache
def compiled(word: str) -> re.Pattern[str]:
    """The same, compiled."""
    return re.compile(regex(word))


def parse(topic: Topic) -> Query:
    """The topic's query; raises BadQuery, which says where it does not parse and what was expected there."""
    text, called = topic.query.translate(_QUOTES), _called(topic)
    if not text.strip():
        raise BadQuery(f"{called}: it is empty")
    if len(text) > LETTERS:
        raise BadQuery(f"{called}: more than {LETTERS:,} letters")
    reading = _Reading(topic)
    try:
        found = reading.node(parser.parse(text), EVERYWHERE, True)
    except ParseError as error:
        raise BadQuery(f"{called}: {_where(text, error)}") from error
    except RecursionError as error:
        raise BadQuery(f"{called}: nested too deeply") from error
    except ValueError as error:  # UnicodeError among them
        raise BadQuery(f"{called}: holds what is no word and no whole number ({error})") from error
    if reading.terms > LONGEST:
        raise BadQuery(f"{called}: {reading.terms:,} terms; {LONGEST} are the most")
    if reading.wild > WILD:
        raise BadQuery(f"{called}: {reading.wild} words with wildcards; {WILD} are the most")
    if not reading.leaves:
        raise BadQuery(f"{called}: the query names no word to find; one that only excludes finds nothing")
    return Query(topic, found, tuple(reading.leaves))


_QUOTES = str.maketrans("“”„‟″＂", '""""""')  # as word processors write them


def _called(topic: Topic) -> str:
    return f"topic {topic.name!r}" if topic.name else "the query"


def _where(text: str, error: ParseError) -> str:
    """luqum's message with the place marked as a person sees it, and what was expected there."""
    place = re.search(r"at position (\d+)", str(error))
    if place is None:
        expected = "closing parenthesis" if text.count("(") > text.count(")") else "word, phrase or group"
        return f"{text[-SHOWN:]} ⟵   (the query ends too early: a {expected} was expected)"
    at = int(place.group(1))
    before, behind = text[max(0, at - SHOWN) : at], text[at : at + SHOWN]
    if isinstance(error, IllegalCharacterError):
        why = 'a closing " was expected' if behind.startswith('"') else f"{behind[:1]!r} has to stand in quotes"
    else:
        token = re.search(r"unexpected\s+'(.*?)'", str(error))
        open_ = not before.strip() or re.search(r"(\b(AND|OR|NOT)|[(:+-])\s*$", before)
        expected = "a word, a phrase or a group" if open_ else "AND, OR, NOT or another word"
        why = f"{token.group(1) if token else behind[:1]!r} is not expected here, but {expected}"
    return f"{before} ⟶ {behind}   (column {at + 1}: {why})"


class _Reading:
    """One walk through luqum's tree."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.leaves: list[Leaf] = []
        self.terms = 0
        self.wild = 0

    def node(self, node: Any, fields: tuple[str, ...], positive: bool) -> Node:
        """Our node for luqum's, in these fields; `positive` is False below a NOT."""
        if isinstance(node, tree.SearchField):
            if node.name not in FIELDS:
                raise self.bad(f"there is no field {node.name!r}; there are {', '.join(FIELDS)}")
            return self.node(node.expr, (node.name,), positive)
        if isinstance(node, tree.Group | tree.FieldGroup):
            return self.node(node.expr, fields, positive)
        if isinstance(node, tree.Plus):
            return self.node(node.a, fields, positive)
        if isinstance(node, tree.Not | tree.Prohibit):
            return Not(self.node(node.a, fields, not positive))
        if isinstance(node, tree.AndOperation):
            return All(tuple(self.node(child, fields, positive) for child in node.children))
        if isinstance(node, tree.OrOperation):
            return AnyOf(tuple(self.node(child, fields, positive) for child in node.children))
        if isinstance(node, tree.UnknownOperation):
            return self.side_by_side(node, fields, positive)
        if isinstance(node, tree.Proximity) and isinstance(node.term, tree.Phrase):
            if node.degree != int(node.degree) or not 0 <= node.degree <= FARTHEST:
                raise self.bad(f"~{node.degree} is not a whole number of moves from 0 to {FARTHEST}")
            return self.phrase(node.term.value, fields, int(node.degree), positive)
        if isinstance(node, tree.Phrase):
            return self.phrase(node.value, fields, 0, positive)
        if isinstance(node, tree.Word):
            return self.word(node.value, fields, positive)
        raise self.bad(f"{str(node).strip()!r} ({type(node).__name__.lower()}) is not supported in topics")

    def side_by_side(self, node: tree.UnknownOperation, fields: tuple[str, ...], positive: bool) -> Node:
        """Words without an operator: any of them will do, as Lucene has it, unless some are marked + (needed) or -
        (excluded)."""
        needed: list[Node] = []
        optional: list[Node] = []
        excluded: list[Node] = []
        for child in node.children:
            if isinstance(child, tree.Word) and (meant := _OPERATORS.get(child.value)):
                raise self.bad(f"write {meant} for {child.value!r}; the word itself has to stand in quotes")
            if isinstance(child, tree.Prohibit | tree.Not):
                excluded.append(Not(self.node(child.a, fields, not positive)))
            else:
                (needed if isinstance(child, tree.Plus) else optional).append(self.node(child, fields, positive))
        if not needed and optional:
            needed, optional = [AnyOf(tuple(optional)) if len(optional) > 1 else optional[0]], []
        return All((*needed, *excluded), tuple(optional))

    def word(self, value: str, fields: tuple[str, ...], positive: bool) -> Leaf:
        """A word as it stands, perhaps with wildcards; one that holds several, such as U.S., is a phrase of them."""
        if value.startswith("!") and _pieces(value):
            raise self.bad(f"write NOT {value[1:]} for {value!r}; the sign itself has to stand in quotes")
        if _NEARBY.fullmatch(value):
            raise self.bad(
                f'{value!r} is another system\'s; words near each other are "one other"~5 here, five moves at most apart'
            )
        plain = re.sub(r"\*+", "*", value.replace("\\", ""))
        found = _pieces(plain)
        for n, piece in enumerate(found):
            if piece[0] in "*?":
                if n and words.is_unspaced(found[n - 1]):
                    if piece == "*" and n == len(found) - 1:
                        continue  # such a word is found inside longer ones anyway
                    raise self.bad(f"{value!r}: words of this script are found inside longer ones, without wildcards")
                raise self.bad(
                    f"{value!r} begins with a wildcard, which would match nearly everything; put letters before it"
                )
            if piece.count("*") + piece.count("?") > WILDCARDS:
                raise self.bad(f"{value[:SHOWN]!r} has more than {WILDCARDS} wildcards")
            if is_wild(piece) and len(piece) > WILDEST:
                raise self.bad(f"{value[:SHOWN]!r} has a wildcard and more than {WILDEST} letters")
        return self.leaf([piece for piece in found if piece != "*"], plain, fields, 0, positive)

    def phrase(self, quoted: str, fields: tuple[str, ...], near: int, positive: bool) -> Leaf:
        """Words in quotes: a * at the end of one is a wildcard, all other signs only part the words."""
        plain = re.sub(r"(?<!\w)\*|\*(?=\w)", " ", quoted.replace("?", " ").replace("\\", " "))
        found = [piece for piece in _pieces(plain) if piece != "*"]
        for piece in found:
            if len(found) > 1 and is_wild(piece) and len(piece) <= LETTERS_FIRST:
                raise self.bad(f"{piece!r} in a phrase means too many words; put {LETTERS_FIRST} letters before the *")
        return self.leaf(found, plain, fields, near, positive)

    def leaf(self, found: list[str], plain: str, fields: tuple[str, ...], near: int, positive: bool) -> Leaf:
        folded = tuple(words.fold(piece) for piece in found)
        wild = sum(map(is_wild, folded))
        stem = self.topic.stem if fields[0] in EVERYWHERE else ""
        stems = tuple(words.lowered(plain)) if stem and not wild else ()
        chunks = [tuple(map(words.fold, _pieces(chunk))) for chunk in plain.strip('"').split()] if near else []
        whole = tuple(chunk for chunk in chunks if len(chunk) > 1)
        leaf = Leaf(fields, folded, near, stem if stems else "", stems, whole)
        self.terms += max(1, len(folded))
        self.wild += wild
        if positive and folded:
            self.leaves.append(leaf)
        return leaf

    def bad(self, why: str) -> BadQuery:
        return BadQuery(f"{_called(self.topic)}: {why}")


# Proximity as LexisNexis, Factiva, ProQuest and Ovid write it: NEAR/5, w/5, pre/3, n5, ADJ3.
_NEARBY = re.compile(r"(?:NEAR|ONEAR|ADJ|near|onear|adj|[wW]|[nN]|PRE|pre)/\d+|(?:ADJ|NEAR)\d*|adj\d+")
_OPERATORS = {"and": "AND", "or": "OR", "not": "NOT", "&&": "AND", "||": "OR", "!": "NOT"}


def _pieces(text: str) -> list[str]:
    return words.pattern(wild=True).findall(text)
