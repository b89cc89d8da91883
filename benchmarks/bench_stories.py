"""Seconds to group 1,000 new articles against a warehouse of 10,000 and of 1,000,000, sketching and deciding included; and
beside it, where datasketch is installed, its MinHashLSH on the same texts, with the truncated copies that each finds.

    python benchmarks/bench_stories.py [ARTICLES …]     sizes of the warehouses; 10000 and 1000000 by default
    .venv/bin/python -m pip install datasketch          is what the comparison needs (uv pip install datasketch)

The mass of a warehouse is made by SQL: articles of 1.6 KB, 5,000 a day, each with a sketch of 40 hashes of which one in
fifty is a set phrase that others have too. Among them stand 200 wire stories of made-up prose. Of the 1,000 new articles
100 are copies of these, cut to a third; the others are new.
"""

import importlib.util
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from extract.read.given import given_article
from extract.records import Entry, Outcome
from extract.sandbox import Sandbox
from flows.line.group import group
from flows.line.work import Work, start
from storage import duck
from storage.archive import ArchiveWriter
from storage.warehouse import Warehouse
from storage.write.batch import Batch, Run
from tests.line import settings_for

NOW = datetime.now(UTC)
NEW, WIRE, COPIES, ROUNDS = 1_000, 200, 100, 5
DICE = random.Random(7)
WORDS = ["".join(DICE.choice("bdfgklmnprstv") + DICE.choice("aeiou") for _ in range(3)) for _ in range(20_000)]


def prose(words: int) -> str:
    return " ".join(DICE.choices(WORDS, k=words))


def outcome(number: int, text: str) -> Outcome:
    site = f"outlet{number % 500}.example"
    article = given_article(
        url=f"https://{site}/{number}", title=prose(8), text=text, published_at=NOW - timedelta(days=number % 10), fetched_at=NOW
    )  # fmt: skip
    return Outcome(Entry(number, 0, article.url), "stored", article=article, article_id=article.article_id)


def make(folder: Path, size: int, wire: list[Outcome]) -> Work:
    """A warehouse of so many articles, its derived file caught up."""
    settings = settings_for(folder, {})
    warehouse = Warehouse(settings.data_folder)
    warehouse.prepare()
    work = Work(settings, warehouse, start("bench", NOW), Sandbox(1), ArchiveWriter(warehouse.archive, "", NOW))
    copies = group(wire, {}, {}, work, NOW)
    warehouse.commit(Batch(run=Run(1, "bench-1", "bench", NOW), now=NOW, outcomes=wire, copies=copies, method=2))
    with duck.open_file(warehouse.path) as c:
        c.execute(
            f"""INSERT INTO articles BY NAME
            SELECT * EXCLUDE (i) REPLACE (i AS article_id, i AS story_id, i AS lead_article_id, 'https://mass.example/' || i AS url, repeat(md5(i::VARCHAR), 50) AS text, i AS text_hash,
                first_seen_at - to_hours((i * 24) // 5000) AS first_seen_at, published_at - to_hours((i * 24) // 5000) AS published_at)
            FROM (FROM articles LIMIT 1), range({size}) r(i)"""
        )
    group([outcome(9_999_999, "too short")], {}, {}, work, NOW)  # makes the derived file
    with duck.open_file(warehouse.derived) as c, duck.attached(c, warehouse.path, "truth"):
        c.execute(
            f"""INSERT INTO sketches SELECT * FROM (
                SELECT article_id, article_id AS story_id,
                    (-9223372036854775808 + (hash(CASE WHEN hash(article_id * 40 + n) % 50 = 0 THEN hash(article_id * 40 + n) // 50 % 200000
                        ELSE -article_id * 40 - n END) % 2305843009213693952)::HUGEINT)::BIGINT AS hash,
                    first_seen_at, published_at
                FROM truth.articles, range(40) r(n) WHERE article_id < {size} AND article_id >= 0
            ) ORDER BY first_seen_at::DATE, hash"""
        )
        c.execute(
            f"INSERT OR REPLACE INTO sketched SELECT article_id, text_hash, article_id FROM truth.articles WHERE article_id < {size} AND article_id >= 0"
        )
    return work


def compare(wire: list[Outcome], new: list[Outcome]) -> None:
    """datasketch on the same texts: insert the stories and what is new, then ask for each new one."""
    if importlib.util.find_spec("datasketch") is None:
        print("datasketch is not installed: python -m pip install datasketch shows it beside this")
        return
    from datasketch import MinHash, MinHashLSH

    def minhash(text: str) -> MinHash:
        words = text.split()
        made = MinHash(num_perm=128)
        made.update_batch([" ".join(words[n : n + 5]).encode() for n in range(max(1, len(words) - 4))])
        return made

    begin = time.perf_counter()
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    for o in wire:
        lsh.insert(o.entry.entry_id, minhash(o.article.text))
    inserted = time.perf_counter()
    found = [lsh.query(minhash(o.article.text)) for o in new]
    done = time.perf_counter()
    hits = sum(bool(f) for f in found[:COPIES])
    print(
        f"datasketch: {(inserted - begin) / len(wire) * 1e6:6.0f} us to insert a text, {(done - inserted):6.2f} s to ask for {len(new)}; "
        f"{hits} of {COPIES} truncated copies found at Jaccard 0.5"
    )


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or [10_000, 1_000_000]
    wire = [outcome(5_000_000 + n, prose(400)) for n in range(WIRE)]
    new = [outcome(6_000_000 + n, " ".join(wire[n].article.text.split()[:130])) for n in range(COPIES)]
    new += [outcome(7_000_000 + n, prose(400)) for n in range(NEW - COPIES)]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            work = make(Path(folder), size, wire)
            made = time.perf_counter() - begin
            took = []
            for _ in range(ROUNDS):
                begin = time.perf_counter()
                copies = group(new, {}, {}, work, NOW)
                took.append(time.perf_counter() - begin)
            own = {o.article_id for o in new[:COPIES]}
            found = sum(c.article_id in own and c.role != "original" for c in copies)
            disk = sum(p.stat().st_size for p in work.warehouse.work.iterdir()) / 2**20
            print(
                f"{size:>9,} articles ({made:.0f} s to make, {disk:,.0f} MiB): {NEW:,} new grouped in {statistics.median(took):.2f} s "
                f"({min(took):.2f} to {max(took):.2f}); {found} of {COPIES} truncated copies found"
            )
            work.sandbox.close()
    compare(wire, new)


if __name__ == "__main__":
    main()
