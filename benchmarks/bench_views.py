"""Seconds that questions with a small answer take of a large warehouse, that its day's page takes, and its topics' pages.

    python benchmarks/bench_views.py [ARTICLES]     1000000 by default

The articles are made by SQL: 5,000 a day of 500 outlets in 20 groups, four a story, four stories an event, every fifth by one of ten
agencies, one in 20 on one of ten topics, each with its entry. Each question is asked five times of the people's file, opened anew;
the median counts, by the clock and of CPU. A view is asked as people ask it: for one topic, story, event or day where it has rows of
each, else whole. Then come the questions of docs/questions.md, and the pages.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from flows.board.paper import dossiers, newspaper
from flows.questions import QUESTIONS
from storage import duck, publish
from storage.warehouse import Warehouse
from tests.faults import earlier
from tests.line import settings_for

DAY = date(2026, 10, 18)
OUTLET, SEEN = (
    "'outlet' || n % 500 || '.example'",
    "TIMESTAMPTZ '2026-10-19 06:00:00+00' - to_seconds(n * 86400 // 5000)",
)
MASS = f"""
INSERT INTO articles BY NAME SELECT r.* REPLACE (
    n AS article_id, 'https://outlet' || n % 500 || '.example/' || n AS url, 'Headline ' || n AS title, {OUTLET} AS site, 'Outlet ' || n % 500 AS outlet,
    n AS text_hash, {SEEN} AS first_seen_at, {SEEN} - INTERVAL 1 HOUR AS published_at, CAST({SEEN} AS DATE) AS seen_day,
    CAST({SEEN} AS DATE) AS published_day, n * 40000 AS warc_offset, n - n % 4 AS story_id, n - n % 4 AS lead_article_id)
FROM range(1000, 1000 + $size) t(n), (FROM articles WHERE article_id = 1) r;
INSERT INTO entries BY NAME SELECT r.* REPLACE (
    n AS entry_id, 'https://outlet' || n % 500 || '.example/' || n AS url, 'guid ' || n AS guid, 'Headline ' || n AS title, n AS claim_hash,
    {SEEN} AS first_seen_at, {SEEN} AS last_seen_at, n AS article_id)
FROM range(1000, 1000 + $size) t(n), (FROM entries WHERE entry_id = 1) r;
INSERT INTO credits BY NAME SELECT r.* REPLACE (n AS article_id, 'agency' || n // 5 % 10 AS agency, 'Agency ' || n // 5 % 10 AS agency_name)
FROM range(1000, 1000 + $size) t(n), (FROM credits WHERE article_id = 1) r WHERE n % 5 = 0;
INSERT INTO stories BY NAME SELECT r.* REPLACE (n AS story_id, n AS lead_article_id, 'Headline ' || n AS title, {SEEN} AS first_seen_at, 4 AS articles, 4 AS outlets)
FROM range(1000, 1000 + $size, 4) t(n), (FROM stories WHERE story_id = 1) r;
INSERT INTO event_stories BY NAME SELECT r.* REPLACE (n AS story_id, n - n % 16 AS event_id, {SEEN} AS told_at)
FROM range(1000, 1000 + $size, 4) t(n), (FROM event_stories WHERE story_id = 1) r;
INSERT INTO topics BY NAME SELECT r.* REPLACE ('topic ' || n AS topic) FROM range(10) t(n), (FROM topics) r;
INSERT INTO article_topics BY NAME SELECT r.* REPLACE ('topic ' || n // 20 % 10 AS topic, n AS article_id)
FROM range(1000, 1000 + $size, 20) t(n), (FROM article_topics WHERE article_id = 1) r;
INSERT INTO story_topics BY NAME SELECT r.* REPLACE ('topic ' || n // 20 % 10 AS topic, n - n % 4 AS story_id, CAST({SEEN} AS DATE) AS day)
FROM range(1000, 1000 + $size, 20) t(n), (FROM story_topics WHERE story_id = 1) r;
INSERT INTO outlets BY NAME SELECT {OUTLET} AS site, 'Outlet ' || n AS name, 'pages' AS named_by, '' AS country, 'en' AS language, 1 AS feeds,
    TIMESTAMPTZ '2026-01-01' AS first_seen_at, TIMESTAMPTZ '2026-10-19' AS last_seen_at, 1 AS run_id FROM range(500) t(n);
INSERT INTO outlet_groups SELECT 'group ' || n % 20, {OUTLET}, 'settings', 1 FROM range(500) t(n);
"""
ASKED = [
    "FROM topic_stories WHERE topic = 'topic 3' ORDER BY first_seen_at DESC LIMIT 20",
    "FROM stories_on('topic 3') LIMIT 20",
    "FROM topic_daily WHERE topic = 'topic 3'",
    "FROM topic_share WHERE topic = 'topic 3'",
    f"FROM topic_share WHERE seen_day = DATE '{DAY}'",
    f"FROM topic_share_by_outlet WHERE seen_day = DATE '{DAY}' AND topic = 'topic 3'",
    f"FROM topic_share_by_group WHERE seen_day = DATE '{DAY}'",
    "FROM topic_origins WHERE topic = 'topic 3'",
    "FROM topic_coverage WHERE topic = 'topic 3'",
    "FROM story_prints WHERE story_id = 5000",
    "FROM spread_of(5000)",
    "FROM printed WHERE story_id = 5000",
    "FROM agency_stories WHERE story_id = 5000",
    "SELECT agency_name, count(*), sum(articles) FROM agency_stories GROUP BY agency_name",
    f"FROM agency_stories WHERE seen_day = DATE '{DAY}'",
    f"FROM agency_reach WHERE day = DATE '{DAY}'",
    "SELECT day, sum(articles) FROM agency_reach GROUP BY day",
    f"FROM agency_reach_between(DATE '{DAY}' - 7, DATE '{DAY}')",
    "FROM agency_by_outlet ORDER BY articles DESC LIMIT 20",
    "FROM outlet_shares",
    f"FROM events WHERE event_id IN (SELECT event_id FROM event_stories WHERE told_at >= TIMESTAMPTZ '{DAY}')",
    f"FROM events WHERE first_seen_at >= TIMESTAMPTZ '{DAY}'",
    "FROM events WHERE event_id = 4992",
    "FROM event_coverage WHERE event_id = 4992",
    "FROM coverage_of(4992)",
    "FROM event_coverage_by_group WHERE event_id = 4992",
    "FROM copies WHERE story_id = 5000",
    "FROM coverage_by_feed",
    "FROM volume_by_feed",
    "FROM loss_funnel",
    "FROM reading_by_site",
    "SELECT author, count(*) FROM article_authors GROUP BY author",
    "SELECT tag, count(*) FROM article_tags GROUP BY tag",
]


def took(call: Callable[[], object], times: int = 5) -> tuple[float, float]:
    """Median seconds of calls: by the clock, of CPU."""
    found = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        call()
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    return statistics.median(w for w, _ in found), statistics.median(c for _, c in found)


def make(folder: Path, size: int) -> Warehouse:
    """A published warehouse of so many articles."""
    made = earlier.make(folder, earlier.STATES[-1])
    earlier.fill(made)
    with duck.open_file(made.path, memory="4GB") as c:
        for statement in MASS.split(";\n"):
            if statement.strip():
                c.execute(statement, {"size": size} if "$size" in statement else None)
    publish.publish(made.path, made.published)
    return made


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        made = make(Path(name) / "data", size)
        print(f"{size:,} articles, {made.published.stat().st_size / 1e6:,.0f} MB")
        asked = [(sql, sql) for sql in ASKED] + [(f"“{one.words}”", one.sql) for one in QUESTIONS]
        for words, sql in asked:
            rows = len(duck.ask_rows(made.published, sql))
            wall, cpu = took(partial(duck.ask_rows, made.published, sql))
            print(f"{wall:6.3f} s, {cpu:6.3f} of CPU, {rows:>7,} rows  {' '.join(words.split())[:110]}", flush=True)
        settings = settings_for(Path(name), {f"topic {n}": "ferry" for n in range(10)})
        for words, call in {
            "the day's page": lambda: newspaper.write(settings, DAY),
            "a topic's page and feed": lambda: dossiers.write(settings, "topic 3"),
            "ten topics' pages and feeds": lambda: dossiers.write(settings),
            "the same where nothing changed": lambda: dossiers.write(settings),
        }.items():
            wall, cpu = took(call, 1)
            print(f"{wall:6.3f} s, {cpu:6.3f} of CPU  {words}", flush=True)


if __name__ == "__main__":
    main()
