"""The index that queries are asked: tantivy's, in memory for a run's articles, in a folder for all that are kept.

It is told words that are folded already (extract.words), so that what an article holds, what a query means and what shows
why they match are cut from a text by one function.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
import tantivy

from extract import words
from extract.errors import BadQuery, Broken
from extract.tag import queries
from extract.tag.queries import All, AnyOf, Leaf, Node, Query
from extract.tag.stems import STEMMERS
from extract.tracked import Document

FORMAT = 2  # counts up with what an index on disk has to be made anew for
HEAP = 128_000_000  # bytes of documents not yet written


def values(document: Document) -> dict[str, tuple[str, ...]]:
    """What each field of a query looks at; a phrase does not run from one value into the next."""
    return {
        "title": (document.title,),
        "text": document.parts,
        "source": (document.site, document.outlet),
        "site": (document.site,),
        "agency": document.agency,
        "author": document.authors,
        "section": (document.section,),
        "language": (document.language,),
    }


def stems(text: str, language: str) -> list[str]:
    """The stems of a text's words, folded, one a word, in order; of a language of STEMMERS."""
    return [words.folded(stem) for stem in _stemmer(language).analyze(" ".join(words.lowered(text)))]


@cache
def _stemmer(language: str) -> tantivy.TextAnalyzer:
    blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    return blanks.filter(tantivy.Filter.stemmer(STEMMERS[language])).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("article_id", indexed=True, fast=True)
    builder.add_integer_field("at", fast=True)
    builder.add_bytes_field("document", stored=True, indexed=False)
    for name in (*queries.FIELDS, "title_stem", "text_stem"):
        builder.add_text_field(name, tokenizer_name="words")
    return builder.build()


_SCHEMA = _schema()
_STORING, _STORED = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Document)


class Index:
    """An index of documents; in memory, or in a folder, where it is made if there is none."""

    def __init__(self, folder: Path | None = None) -> None:
        """Raises Broken where the folder holds what is no whole index of this format."""
        with _told(folder):
            self._index = tantivy.Index(_SCHEMA, str(folder) if folder else None)
            blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self._index.register_tokenizer("words", blanks)
        self._folder = folder

    def write(
        self,
        documents: Iterable[Document],
        languages: Collection[str] = (),
        gone: Iterable[int] = (),
        lines: words.Lines | None = None,
    ) -> None:
        """Put documents in, in place of those of the same articles, and take out those of articles that are `gone`; the
        stems of articles in one of the `languages` too. All of it is there afterwards, or nothing. Where `lines` are given, they
        have what was cut afterwards."""
        with _told(self._folder):
            writer = self._index.writer(HEAP, 1 if self._folder is None else 2)
            for article_id in gone:
                writer.delete_documents_by_term("article_id", article_id)
            for document in documents:
                if self._folder is not None:
                    writer.delete_documents_by_term("article_id", document.article_id)
                put = _put(document, languages, words.Lines() if lines is None else lines)
                if self._folder is not None:
                    put.add_bytes("document", _STORING.encode(document))
                writer.add_document(put)
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()

    def find(self, query: Query, since: datetime | None = None) -> tuple[int, ...]:
        """All articles that a query matches, those from `since` on where given; newest first."""
        return self._ids(_bounded(_ask(query.tree), since, None))

    def show(
        self,
        query: Query,
        most: int,
        *,
        newest: bool = False,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[int, list[Document]]:
        """The articles a query matches, those from `since` to before `until` where given: how many, and the first `most`, best
        or newest first, as they were put into the folder: of 20 among a million, the warehouse's columns would be unpacked
        for 400,000."""
        with _told(self._folder):
            searcher = self._index.searcher()
            asked = _bounded(_ask(query.tree), since, until)
            found = searcher.search(asked, most, order_by_field="at" if newest else None)
            stored = [searcher.doc(address).get_first("document") for _, address in found.hits]
            total = found.count or 0  # type: ignore[attr-defined]  # which its stub leaves out
            return total, [_STORED.decode(bytes(one)) for one in stored if one is not None]

    def count(self) -> int:
        """How many articles it holds."""
        with _told(self._folder):
            return self._index.searcher().num_docs

    def ids(self) -> set[int]:
        """The articles it holds."""
        return set(self._ids(tantivy.Query.all_query()))

    def _ids(self, asked: tantivy.Query) -> tuple[int, ...]:
        with _told(self._folder):
            searcher = self._index.searcher()
            found = searcher.search(asked, max(1, searcher.num_docs), order_by_field="at")
            ids = searcher.fast_field_values("article_id", [address for _, address in found.hits])
            return tuple(int(n) for n in ids if n is not None)


@contextmanager
def _told(folder: Path | None) -> Iterator[None]:
    """Inside, tantivy's errors become Broken; its panics too, which are no Exception."""
    try:
        yield
    except BaseException as error:
        if "max expansions" in str(error):
            raise BadQuery(
                "a word with a wildcard, in a phrase, means too many words here: put more letters before it"
            ) from error
        if isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException":
            raise Broken(f"the search index {folder or 'in memory'} cannot be used: {error}") from error
        raise


def _put(document: Document, languages: Collection[str], lines: words.Lines) -> tantivy.Document:
    put = tantivy.Document()
    put.add_integer("article_id", document.article_id)
    put.add_integer("at", int(document.at.timestamp()))
    for field, texts in values(document).items():
        for text in texts:
            put.add_text(field, lines[text])
            if document.language in languages and field in queries.EVERYWHERE:
                put.add_text(f"{field}_stem", " ".join(_marked(stems(text, document.language), document.language)))
    return put


def _marked(found: Sequence[str], language: str) -> list[str]:
    """Stems with their language: what they are in one is nothing in another."""
    return [f"{language}:{stem}" for stem in found]


def _ask(node: Node) -> tantivy.Query:
    """tantivy's query for a node."""
    must, should, never = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
    if isinstance(node, Leaf):
        return _any([_in(node, field) for field in node.fields])
    if isinstance(node, AnyOf):
        return _any([_ask(part) for part in node.parts])
    if isinstance(node, All):
        parts = [(must, _ask(part)) for part in node.parts] + [(should, _ask(part)) for part in node.also]
        return tantivy.Query.boolean_query(parts)
    return tantivy.Query.boolean_query([(must, tantivy.Query.all_query()), (never, _ask(node.part))])


def _bounded(asked: tantivy.Query, since: datetime | None, until: datetime | None) -> tantivy.Query:
    if since is None and until is None:
        return asked
    first = int(since.timestamp()) if since else None
    last = int(until.timestamp()) - 1 if until else None
    between = tantivy.Query.range_query(_SCHEMA, "at", tantivy.FieldType.Integer, first, last)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, asked), (tantivy.Occur.Must, between)])


def _any(parts: list[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])


def _in(leaf: Leaf, field: str) -> tantivy.Query:
    """A leaf in one field: as written, and by its stems."""
    found = _phrase(field, leaf.words, leaf.near)
    if leaf.whole:
        whole = [_phrase(field, part, 0) for part in leaf.whole]
        found = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in (found, *whole)])
    if not leaf.stem:
        return found
    stemmed = _marked(stems(" ".join(leaf.stems), leaf.stem), leaf.stem)
    return _any([found, _phrase(f"{field}_stem", stemmed, leaf.near)])


def _phrase(field: str, said: Sequence[str], near: int) -> tantivy.Query:
    wild = any(map(queries.is_wild, said))
    if not said:
        return tantivy.Query.empty_query()
    if len(said) == 1:
        if wild:
            return tantivy.Query.regex_query(_SCHEMA, field, queries.regex(said[0]))
        return tantivy.Query.term_query(_SCHEMA, field, said[0])
    if wild:
        return tantivy.Query.regex_phrase_query(_SCHEMA, field, list(map(queries.regex, said)), near)
    return tantivy.Query.phrase_query(_SCHEMA, field, list(said), near)
