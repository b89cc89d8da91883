"""Topics and search at size: 100 topics on a day's 5,000 articles; the past tagged again with 1 and with 100 topics; searches
among all that is kept, beside DuckDB's ILIKE for the same words in the same run.

    python benchmarks/bench_topics.py [ARTICLES …]     sizes of the warehouse; 100000 and 1000000 by default

Articles are made of a vocabulary of 50,000 words that are as common as words are (Zipf): 400 words each, 5,000 a day. The
topics ask for rare words, pairs, phrases and wildcards, so that each finds about one article in a thousand.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from extract.read.given import given_article
from extract.records import Copy, Entry, Outcome
from extract.tag import queries, topics
from extract.tag.evidence import Why
from extract.tracked import Document, Topic
from flows.line import retag
from flows.line.index import catch_up, opened
from flows.line.work import alone
from storage import duck, publish
from storage.warehouse import Warehouse
from storage.write.batch import Batch, Run
from tests.line import settings_for

NOW = datetime.now(UTC)
DAY, TOPICS, WORDS, ASKED = 5_000, 100, 400, 60
DICE = np.random.default_rng(7)
VOCABULARY = np.array(
    [
        "".join(parts)
        for parts in zip(
            *(DICE.choice([c + v for c in "bdfgklmnprstvz" for v in "aeiou"], 200_000) for _ in range(4)), strict=True
        )
    ]
)
VOCABULARY = VOCABULARY[np.sort(np.unique(VOCABULARY, return_index=True)[1])][:50_000]
SHARE = 1 / np.arange(10, len(VOCABULARY) + 10)
SHARE /= SHARE.sum()


def texts(count: int) -> list[str]:
    words = VOCABULARY[DICE.choice(len(VOCABULARY), (count, WORDS), p=SHARE)]
    return [" ".join(row) for row in words]


def made_queries(count: int) -> Iterator[str]:
    dice = random.Random(5)
    for n in range(count):
        rare, other, common = (
            str(VOCABULARY[dice.randrange(*span)]) for span in ((8_000, 16_000), (2_000, 6_000), (50, 300))
        )
        yield (
            rare,
            f"{other} AND {rare[:5]}*",
            f'"{common} {other}"',
            f'"{common} {other}"~5',
            f"({rare} OR {other}) AND {common}",
        )[n % 5]


def fill(warehouse: Warehouse, size: int) -> None:
    """So many articles, one committed by the warehouse itself, the others beside it as copies with their own texts."""
    warehouse.prepare()
    one = given_article(url="https://outlet.example/", title="Headline", text="one", published_at=NOW, fetched_at=NOW)
    outcome = Outcome(Entry(1, 0, one.url), "stored", article=one, article_id=one.article_id)
    copy = Copy(one.article_id, one.article_id, one.article_id, "original", 1.0, 1.0)
    warehouse.commit(Batch(run=Run(1, "bench-1", "bench", NOW), now=NOW, outcomes=[outcome], copies=[copy]))
    with duck.open_file(warehouse.path, memory="6GB") as c:
        for start in range(0, size, 50_000):
            count = min(50_000, size - start)
            c.register("made", pa.table({"n": range(start, start + count), "text": texts(count)}))
            c.execute(
                """INSERT INTO articles BY NAME SELECT * EXCLUDE (n, made_text) REPLACE (n AS article_id, n AS story_id, n AS lead_article_id, 'https://outlet' || n % 500 || '.example/' || n AS url,
                    made_text AS text, n AS text_hash, first_seen_at - to_hours((n * 24) // 5000) AS first_seen_at,
                    published_at - to_hours((n * 24) // 5000) AS published_at)
                FROM (FROM articles LIMIT 1), (SELECT n, text AS made_text FROM made)"""
            )
            c.unregister("made")


def day() -> None:
    """100 topics on 5,000 articles."""
    documents = [
        Document(n, NOW, f"Headline {n}", (text,), "en", site=f"o{n % 500}.example")
        for n, text in enumerate(texts(DAY))
    ]
    parsed = [queries.parse(Topic(f"t{n}", query)) for n, query in enumerate(made_queries(TOPICS))]
    for count in (1, TOPICS):
        took = []
        for _ in range(3):
            begin = time.perf_counter()
            found = topics.tag(documents, parsed[:count])
            took.append(time.perf_counter() - begin)
        print(
            f"{count:>3} topics on {DAY:,} articles: {statistics.median(took):.2f} s ({min(took):.2f} to {max(took):.2f}), {len(found):,} matches"
        )


def past(folder: Path, size: int) -> Warehouse:
    """The past tagged again: with one topic, then with 100."""
    settings = settings_for(folder, {})
    warehouse = Warehouse(settings.data_folder)
    fill(warehouse, size)
    for count in (1, TOPICS):
        settings = settings_for(folder, {f"t{n}": query for n, query in enumerate(made_queries(count))})
        begin = time.perf_counter()
        with alone("retag", settings) as work:
            found = retag.apply(retag.set_topics(work), work, every=True)
        print(
            f"{size:>9,} articles tagged again with {count:>3} topics: {time.perf_counter() - begin:.1f} s, {found.total():,} matches"
        )
    return warehouse


def searches(warehouse: Warehouse, size: int) -> None:
    publish.publish(warehouse.path, warehouse.published)
    begin = time.perf_counter()
    catch_up(warehouse)
    made = time.perf_counter() - begin
    disk = sum(p.stat().st_size for p in warehouse.index.iterdir()) / 2**20
    print(
        f"{size:>9,} articles: the search index made in {made:.0f} s, {disk:,.0f} MiB; text in DuckDB {warehouse.published.stat().st_size / 2**20:,.0f} MiB"
    )
    asked = [queries.parse(Topic("", query)) for query in made_queries(ASKED)]
    with opened(warehouse) as (held, _):
        for newest in (True, False):
            took = []
            for query in asked:
                begin = time.perf_counter()
                _, found = held.show(query, 20, newest=newest)
                [Why(one).match(query) for one in found]
                took.append(time.perf_counter() - begin)
            order = "newest" if newest else "best"
            print(
                f"{size:>9,} articles searched, {order} 20 with snippets: median {statistics.median(took) * 1e3:.0f} ms, worst {max(took) * 1e3:.0f} ms"
            )
    scans = []
    with duck.open_file(warehouse.published, read_only=True) as c:
        for query in made_queries(5):
            word = query.replace('"', "").replace("(", "").split()[0]
            begin = time.perf_counter()
            c.execute(
                "SELECT article_id FROM articles WHERE text ILIKE ? ORDER BY published_at DESC LIMIT 20", [f"%{word}%"]
            ).fetchall()
            scans.append(time.perf_counter() - begin)
    print(f"{size:>9,} articles scanned with ILIKE for one word: median {statistics.median(scans) * 1e3:,.0f} ms")


def main() -> None:
    day()
    for size in [int(a) for a in sys.argv[1:]] or [100_000, 1_000_000]:
        with tempfile.TemporaryDirectory() as folder:
            searches(past(Path(folder), size), size)


if __name__ == "__main__":
    main()
