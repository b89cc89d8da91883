"""A run's readings, as rows of `articles`; the readings they replace go to `versions`."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from extract.records import Article
from storage import wide
from storage.duck import Connection
from storage.write import rows
from storage.write.batch import Batch


def write_articles(c: Connection, batch: Batch) -> None:
    """Write the new readings, and the ones they replace to `versions`."""
    articles = rows.unique((o.article for o in batch.outcomes if o.article is not None), lambda a: a.article_id)
    if not articles:
        return
    first_seen = _first_seen(batch)
    ids = [a.article_id for a in articles]
    replaced(c, ids)
    told = c.execute("SELECT article_id, first_seen_at, seen_by FROM replaced").fetchall()
    before = {article_id: (first_seen_at, seen_by) for article_id, first_seen_at, seen_by in told}
    firsts = {a.article_id: before.get(a.article_id) or (first_seen[a.article_id], a.seen_by) for a in articles}
    written = [_article(a, batch, *firsts[a.article_id]) for a in articles]
    rows.put(c, "articles", written)
    if not before:
        return
    c.execute("CREATE OR REPLACE TEMP TABLE renewed AS FROM articles LIMIT 0")
    rows.put(c, "renewed", [row for row in written if row["article_id"] in before], key="article_id")
    _count_words(c)
    c.execute(
        """
        INSERT INTO versions BY NAME
        SELECT o.article_id, o.version, o.title, o.standfirst, o.text, o.words, o.fetched_at, $now AS replaced_at,
            counted.words_added, counted.words_removed,
            list_filter([
                CASE WHEN o.title <> n.title THEN 'title' END,
                CASE WHEN o.standfirst <> n.standfirst THEN 'standfirst' END,
                CASE WHEN o.text <> n.text THEN 'text' END
            ], lambda x: x IS NOT NULL) AS changed,
            CASE WHEN n.text_from = 'given' THEN 'given' WHEN o.read_version <> n.read_version
                OR o.extractor <> n.extractor
                OR ($kind = 'reread' AND o.warc_file = n.warc_file AND o.warc_offset = n.warc_offset) THEN 'reader'
                WHEN o.warc_file = n.warc_file AND o.warc_offset = n.warc_offset AND n.warc_file <> '' THEN 'site' ELSE 'publisher' END AS reason,
            o.read_version, o.warc_file, o.warc_offset, o.text_hash, o.run_id
        FROM replaced o JOIN renewed n USING (article_id) JOIN counted USING (article_id)
        """,
        {"now": batch.now, "kind": batch.run.kind},
    )


def replaced(c: Connection, article_ids: Sequence[int]) -> None:
    """Lay aside what is stored of these articles, as `replaced`. Before any is written: see storage/wide.py."""
    c.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE replaced AS
        WITH a AS MATERIALIZED (FROM articles WHERE {wide.those("articles", "article_id IN (SELECT unnest(?::BIGINT[]))")})
        SELECT *, (SELECT count(*) + 1 FROM versions v WHERE v.article_id = a.article_id)::INTEGER AS version FROM a
        """,
        [list(article_ids)],
    )


def _count_words(c: Connection) -> None:
    """By how many words, of all that a reader reads, each differing reading has more and less than the one it replaces."""
    said = "concat_ws(chr(10), {0}.title, {0}.standfirst, {0}.text)"
    pairs = c.execute(
        f"""SELECT o.article_id, {said.format("o")}, {said.format("n")}
        FROM replaced o JOIN renewed n USING (article_id) WHERE o.text_hash <> n.text_hash"""
    ).fetchall()
    c.execute("CREATE OR REPLACE TEMP TABLE counted (article_id BIGINT, words_added INTEGER, words_removed INTEGER)")
    for article_id, before, after in pairs:
        old, new = Counter(before.split()), Counter(after.split())
        c.execute("INSERT INTO counted VALUES (?, ?, ?)", [article_id, (new - old).total(), (old - new).total()])


def _first_seen(batch: Batch) -> dict[int, datetime]:
    return {
        o.article.article_id: batch.seen.get(o.entry.entry_id, batch.now)
        for o in batch.outcomes
        if o.article is not None
    }


def _article(article: Article, batch: Batch, first_seen_at: datetime, seen_by: str) -> dict[str, Any]:
    return rows.row(article) | {
        "first_seen_at": first_seen_at,
        "seen_by": seen_by,
        "read_version": batch.read_version,
        "run_id": batch.run.run_id,
    }
