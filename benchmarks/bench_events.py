"""Seconds and MiB to decide the events of 10 and of 1,000 new stories with 140,000 in the window, and with 10,000; CPU time, each in
a process of its own, so that its start counts and nothing that made the window does.

    python benchmarks/bench_events.py [STORIES …]     sizes of the window; 10000 and 140000 by default

The mass is made by SQL: stories of two weeks, four an event, each of 120 words of which half are the event's own, as common as
words of news are (rank and frequency as Zipf has them). The new stories are prose of the same words, a half of them of an event
that is there.
"""

import multiprocessing
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from extract.group import events
from flows.line.events import tell
from flows.line.work import Work, start
from storage import duck
from storage.archive import ArchiveWriter
from storage.derived import tales
from storage.warehouse import Warehouse

NOW = datetime.now(UTC)
VOCABULARY, TERMS = 200_000, 120


def make(folder: Path, size: int) -> None:
    """A data folder with so many stories decided in the last two weeks."""
    warehouse = Warehouse(folder / "data")
    warehouse.prepare()
    with duck.open_file(warehouse.path) as c:
        c.execute(
            f"""INSERT INTO articles BY NAME SELECT n AS article_id, n AS story_id, 'https://s' || n % 500 || '.example/' || n AS url,
            'Title ' || n AS title, '' AS standfirst, '' AS byline, []::VARCHAR[] AS authors, '' AS text, 0 AS words, 'xx' AS language, 's' AS outlet,
            's' || n % 500 AS site, 'article' AS kind, 'page' AS text_from, '' AS published_from, '' AS published_precision, '' AS published_claim, '' AS canonical_url, '' AS image, '' AS section, []::VARCHAR[] AS tags, '' AS description, TIMESTAMPTZ '{NOW.isoformat()}' - to_seconds(n * 1209600 // {size}) AS first_seen_at,
            0 AS text_hash, 'x' AS extractor, 3 AS read_version, '' AS warc_file, 0 AS warc_offset, 1 AS run_id, n AS lead_article_id FROM range({size}) t(n)"""
        )
        c.execute("INSERT INTO stories SELECT story_id, story_id, title, first_seen_at, 1, 1, NULL, 1 FROM articles")
        c.execute(
            f"INSERT INTO event_stories SELECT story_id, story_id // 4, first_seen_at, 0.5, [], {events.METHOD}, 1 FROM articles"
        )
    with tales.opened(warehouse.derived, warehouse.path) as c:
        rank = (
            f"({VOCABULARY} ** ((hash({{0}}) % 1000003) / 1000003.0))::INTEGER"  # Zipf: as many words of each magnitude
        )
        word = f"'w' || CASE WHEN k < {TERMS // 2} THEN {rank.format('n // 4 * 1000 + k')} ELSE {rank.format('-n * 1000 - k')} END"
        c.execute(
            f"""CREATE TEMP TABLE said AS SELECT *, 300 + 10 * length(word) AS weight FROM (
                SELECT DISTINCT n, told_at, {word} AS word FROM (SELECT story_id AS n, told_at FROM truth.event_stories), range({TERMS}) r(k)
            )"""
        )
        packed = "unhex(string_agg(printf('%02x%02x', weight % 256, weight // 256), '' ORDER BY weight DESC, word))"
        c.execute(
            f"""INSERT INTO tales SELECT n, n // 4, 'xx', any_value(told_at), string_agg(word, chr(10) ORDER BY weight DESC, word), {packed}
            FROM said GROUP BY n ORDER BY n"""
        )
        c.execute(
            f"""INSERT INTO tale_keys SELECT word, n, weight, told_at FROM said
            QUALIFY row_number() OVER (PARTITION BY n ORDER BY weight DESC, word) <= {events.KEYS} ORDER BY n"""
        )
        c.execute("INSERT INTO tale_words SELECT 'xx', word, count(*) FROM said GROUP BY word ORDER BY word")
        c.execute("INSERT INTO tale_words SELECT 'xx', '', count(*) FROM tales")
        c.execute("INSERT INTO tale_method VALUES (?)", [events.METHOD])


def add(folder: Path, first: int, count: int) -> None:
    """Stories that are of no event yet."""
    dice = np.random.default_rng(first)
    rows = []
    for n in range(first, first + count):
        ranks = (VOCABULARY ** dice.random(300)).astype(int)
        rows.append((n, " ".join(f"w{rank}" for rank in ranks), NOW - timedelta(minutes=n % 60)))
    with duck.open_file(Warehouse(folder / "data").path) as c:
        c.executemany(
            """INSERT INTO articles BY NAME SELECT $1 AS article_id, $1 AS story_id, 'https://new.example/' || $1 AS url, 'New' AS title,
            '' AS standfirst, '' AS byline, []::VARCHAR[] AS authors, $2 AS text, 300 AS words, 'xx' AS language, 's' AS outlet, 's' AS site,
            'article' AS kind, 'page' AS text_from, '' AS published_from, '' AS published_precision, '' AS published_claim, '' AS canonical_url, '' AS image, '' AS section, []::VARCHAR[] AS tags, '' AS description, $3 AS first_seen_at, 0 AS text_hash, 'x' AS extractor, 3 AS read_version, '' AS warc_file,
            0 AS warc_offset, 1 AS run_id, $1 AS lead_article_id""",
            rows,
        )
        c.execute(
            f"INSERT INTO stories SELECT story_id, story_id, title, first_seen_at, 1, 1, NULL, 1 FROM articles WHERE article_id >= {first}"
        )


def decide(folder: Path, size: int) -> None:
    """Decide them, and say what this process has cost since it began."""
    warehouse = Warehouse(folder / "data")
    writer = ArchiveWriter(warehouse.archive, "", NOW)
    told = tell(Work(None, warehouse, start("load", NOW), None, writer))  # type: ignore[arg-type]  # nothing is read
    most = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]
    print(
        f"{size:>9,} stories: {told:>5,} new decided in {time.process_time():.2f} s of CPU, start included; {int(most) // 1024} MiB at the most"
    )


def main() -> None:
    afresh = multiprocessing.get_context("spawn")
    for size in [int(a) for a in sys.argv[1:]] or [10_000, 140_000]:
        with tempfile.TemporaryDirectory() as folder:
            steps = [(make, (Path(folder), size))]
            for first, count in ((10_000_000, 10), (20_000_000, 10), (30_000_000, 1_000)):
                steps += [(add, (Path(folder), first, count)), (decide, (Path(folder), size))]
            for step, given in steps:
                process = afresh.Process(target=step, args=given)
                process.start()
                process.join()
                if process.exitcode:
                    sys.exit(f"{step.__name__} ended with {process.exitcode}")


if __name__ == "__main__":
    main()
