"""A query to which articles match, and why. Lucene's syntax, parsed by luqum, matched by tantivy.

    election* AND (labour OR "lib dem") AND NOT film      words, phrases, groups, AND OR NOT
    "injury surgery"~4                                    near words: within four moves of each other, in any order
    title:(blair OR brown)                                in one field: title, text, source, language

Words are matched as written, lower-cased and not stemmed; without a field, in title and text, and no phrase runs from
one into the other.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import tantivy
from luqum import tree
from luqum.exceptions import ParseError
from luqum.parser import parser

from extract.errors import BadQuery
from extract.records import Article, Match, Topic

EVERYWHERE = ("title", "text")
FIELDS = {"title": "title", "text": "text", "source": "source", "site": "source", "language": "language"}
WORD = r"\w+"
LONGEST = 1024  # terms in one query
FARTHEST = 1000  # moves in a "near words"~n
WILDCARDS = 3  # in one word: each multiplies the words of the index it may mean
SHOWN = 60  # characters of a query around the place where it does not parse


class _Down(Protocol):
    """Translates a child of a node, in the same field; `positive` is False below a NOT."""

    def __call__(self, child: Any, positive: bool = ...) -> tantivy.Query: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """One positive leaf of a query: what shows, in a matching article, the words that matched."""

    fields: tuple[str, ...]
    words: tuple[re.Pattern[str], ...]  # one pattern a word
    near: int | None = None  # moves allowed within a phrase; None for a single word


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: what the index is asked, and what shows why."""

    topic: Topic
    ask: tantivy.Query
    evidence: tuple[Evidence, ...]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    for name in sorted(set(FIELDS.values())):
        builder.add_text_field(name, tokenizer_name="words")
    return builder.build()


_SCHEMA = _schema()


def parse(topic: Topic) -> Query:
    """The topic's query; raises BadQuery, which says where it does not parse and what it lacks."""
    text = topic.query
    if not text.strip():
        raise BadQuery(f"topic {topic.name!r}: the query is empty")
    found: list[Evidence] = []
    try:
        ask = _translate(parser.parse(text), EVERYWHERE, topic.name, found, positive=True)
    except ParseError as error:
        raise BadQuery(f"topic {topic.name!r}: {_where(text, str(error))}") from error
    except RecursionError as error:
        raise BadQuery(f"topic {topic.name!r}: nested too deeply") from error
    except ValueError as error:  # UnicodeError among them
        raise BadQuery(f"topic {topic.name!r}: holds what is no word and no whole number ({error})") from error
    if len(found) > LONGEST:
        raise BadQuery(f"topic {topic.name!r}: more than {LONGEST} terms")
    if not found:
        raise BadQuery(f"topic {topic.name!r}: the query names no word to find; one that only excludes finds nothing")
    return Query(topic, ask, tuple(found))


def _where(text: str, error: str) -> str:
    """luqum's message with the place marked as a person sees it."""
    if found := re.search(r"unexpected\s+'(.*?)' at position (\d+)", error):
        at = int(found.group(2))
        before, behind = text[max(0, at - SHOWN) : at], text[at : at + SHOWN]
        return f"{before} ⟶ {behind}   (column {at + 1}: {found.group(1)!r} is not expected here)"
    return f"{text[-SHOWN:]} ⟵   (the query ends too early: an operand or a closing parenthesis or quote is missing)"


def _translate(
    node: Any, fields: tuple[str, ...], name: str, found: list[Evidence], *, positive: bool
) -> tantivy.Query:
    """The index's query for one node of the tree; `found` collects the positive leaves."""

    def down(child: Any, positive: bool = positive) -> tantivy.Query:
        return _translate(child, fields, name, found, positive=positive)

    if isinstance(node, tree.SearchField):
        if node.name not in FIELDS:
            raise BadQuery(f"topic {name!r}: there is no field {node.name!r}; there are {', '.join(FIELDS)}")
        return _translate(node.expr, (FIELDS[node.name],), name, found, positive=positive)
    if isinstance(node, tree.Group | tree.FieldGroup | tree.Plus):
        return down(node.a if isinstance(node, tree.Plus) else node.expr)
    if isinstance(node, tree.Not | tree.Prohibit):
        return _both(
            [
                (tantivy.Occur.Must, tantivy.Query.all_query()),
                (tantivy.Occur.MustNot, down(node.a, positive=not positive)),
            ]
        )
    if isinstance(node, tree.AndOperation):
        return _both([(tantivy.Occur.Must, down(child)) for child in node.children])
    if isinstance(node, tree.OrOperation):
        return _both([(tantivy.Occur.Should, down(child)) for child in node.children])
    if isinstance(node, tree.UnknownOperation):  # words side by side: Lucene's default is OR; + and - bind as they say
        return _both(list(_side_by_side(node, down)))
    if isinstance(node, tree.Proximity) and isinstance(node.term, tree.Phrase):
        if node.degree != int(node.degree) or not 0 <= node.degree <= FARTHEST:
            raise BadQuery(f"topic {name!r}: ~{node.degree} is not a whole number of moves from 0 to {FARTHEST}")
        return _phrase(node.term.value, fields, found, int(node.degree), positive)
    if isinstance(node, tree.Phrase):
        return _phrase(node.value, fields, found, 0, positive)
    if isinstance(node, tree.Word):
        return _word(node.value, fields, name, found, positive)
    raise BadQuery(f"topic {name!r}: {str(node).strip()!r} ({type(node).__name__.lower()}) is not supported in topics")


def _side_by_side(node: tree.UnknownOperation, down: _Down) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
    """Words without an operator: any of them will do, unless some are marked + (needed) or - (excluded)."""
    for child in node.children:
        if isinstance(child, tree.Prohibit | tree.Not):
            yield tantivy.Occur.MustNot, down(child.a, positive=False)
        else:
            yield tantivy.Occur.Must if isinstance(child, tree.Plus) else tantivy.Occur.Should, down(child)


def _both(parts: list[tuple[tantivy.Occur, tantivy.Query]]) -> tantivy.Query:
    return tantivy.Query.boolean_query(parts)


def _in_any(fields: tuple[str, ...], make: Callable[[str], tantivy.Query]) -> tantivy.Query:
    return _both([(tantivy.Occur.Should, make(field)) for field in fields])


def _phrase(quoted: str, fields: tuple[str, ...], found: list[Evidence], near: int, positive: bool) -> tantivy.Query:
    words = re.findall(WORD, quoted.lower())
    if positive and words:
        found.append(Evidence(fields, tuple(re.compile(re.escape(w)) for w in words), near))
    if len(words) < 2:
        return _in_any(
            fields, lambda f: tantivy.Query.term_query(_SCHEMA, f, words[0]) if words else tantivy.Query.empty_query()
        )
    return _in_any(fields, lambda f: tantivy.Query.phrase_query(_SCHEMA, f, list(words), near))


def _word(value: str, fields: tuple[str, ...], name: str, found: list[Evidence], positive: bool) -> tantivy.Query:
    value = value.replace("\\", "").lower()
    if "*" in value or "?" in value:
        if value[0] in "*?":
            raise BadQuery(
                f"topic {name!r}: {value!r} begins with a wildcard, which would match nearly everything; put letters before it"
            )
        value = re.sub(r"\*+", "*", value)
        if value.count("*") + value.count("?") > WILDCARDS:
            raise BadQuery(f"topic {name!r}: {value[:SHOWN]!r} has more than {WILDCARDS} wildcards")
        # The index's terms are words already: "." is any of their letters, where "\w" would compile for a second.
        pattern = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in value)
        if positive:
            found.append(Evidence(fields, (re.compile(pattern),)))
        return _in_any(fields, lambda f: tantivy.Query.regex_query(_SCHEMA, f, pattern))
    return _phrase(value, fields, found, 0, positive)


def tag(articles: Sequence[Article], queries: Sequence[Query]) -> list[Match]:
    """Every match of every query among the articles, with the words of the article that matched."""
    if not articles or not queries:
        return []
    index = tantivy.Index(_SCHEMA)
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(WORD)).filter(tantivy.Filter.lowercase()).build()
    index.register_tokenizer("words", words)
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for number, article in enumerate(articles):
        document = tantivy.Document()
        document.add_unsigned("number", number)
        for field, value in _values(article).items():
            document.add_text(field, value)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    matches = []
    for query in queries:
        for score, address in searcher.search(query.ask, limit=len(articles)).hits:
            article = articles[searcher.doc(address)["number"][0]]
            matches.append(
                Match(
                    query.topic.name,
                    query.topic.version,
                    article.article_id,
                    round(score, 4),
                    _why(article, query.evidence),
                )
            )
    return matches


def _values(article: Article) -> dict[str, str]:
    text = f"{article.standfirst}\n{article.text}" if article.standfirst else article.text
    return {
        "title": article.title,
        "text": text,
        "source": f"{article.site} {article.outlet}",
        "language": article.language,
    }


def _why(article: Article, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The words and phrases of the article that a query's positive leaves found, each once, in the query's order."""
    values = {field: re.findall(WORD, text.lower()) for field, text in _values(article).items()}
    found: dict[str, None] = {}
    for leaf in evidence:
        for field in leaf.fields:
            found.update(dict.fromkeys(_shown(values[field], leaf)))
    return tuple(found)[:50]


def _shown(words: Sequence[str], leaf: Evidence) -> Iterator[str]:
    if len(leaf.words) == 1:
        yield from dict.fromkeys(word for word in words if leaf.words[0].fullmatch(word))
        return
    reach = len(leaf.words) + (leaf.near or 0)
    for start in range(len(words)):
        window = words[start : start + reach]
        if (
            not leaf.near
            and all(p.fullmatch(w) for p, w in zip(leaf.words, window, strict=False))
            and len(window) == reach
        ):
            yield " ".join(window)
        elif leaf.near and window and any(p.fullmatch(window[0]) for p in leaf.words):
            last = [max((n for n, w in enumerate(window) if p.fullmatch(w)), default=-1) for p in leaf.words]
            if min(last) >= 0:
                yield " ".join(window[: max(last) + 1])
