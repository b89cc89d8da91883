"""Which articles are on which topics, and why."""

from collections.abc import Callable, Sequence
from datetime import datetime

from extract.errors import BadQuery
from extract.records import Article
from extract.tag.evidence import Why
from extract.tag.index import Index
from extract.tag.queries import Query
from extract.tracked import Document, Match
from extract.words import Lines


def tag(
    documents: Sequence[Document],
    queries: Sequence[Query],
    refused: Callable[[str], object] = lambda _: None,
    lines: Lines | None = None,
) -> list[Match]:
    """Every match of every query among the documents, each with its words and a snippet. A query that the index will not
    be asked for what it would have to look through finds nothing among them, and `refused` is told. `lines` are texts cut
    already, and have those that were cut for it afterwards."""
    if not documents or not queries:
        return []
    index, lines = Index(), Lines() if lines is None else lines
    index.write(documents, {query.topic.stem for query in queries if query.topic.stem}, lines=lines)
    whys: dict[int, Why] = {}
    by_id = {document.article_id: document for document in documents}
    matches = []
    for query in queries:
        try:
            found = index.find(query)
        except BadQuery as error:
            refused(f"topic {query.topic.name!r} was not looked for in {len(documents):,} articles: {error}")
            continue
        for article_id in found:
            if article_id not in whys:
                whys[article_id] = Why(by_id[article_id], lines)
            matches.append(whys[article_id].match(query))
    return matches


def document(article: Article, at: datetime, agency: Sequence[str]) -> Document:
    """What topics look at of an article; `agency` is the key and the name of the one that wrote it."""
    return Document(
        article_id=article.article_id,
        at=article.published_at or at,
        title=article.title,
        parts=(article.standfirst, article.text) if article.standfirst else (article.text,),
        language=article.language,
        outlet=article.outlet,
        site=article.site,
        section=article.section,
        authors=(*article.authors, *article.signed_by),
        agency=tuple(agency),
    )
