"""The working file and the people's copy: whole, balanced, and readable by the tools people have."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extract.errors import BadInput, Broken, Busy
from extract.keys import key
from extract.poll import polls
from extract.poll.schedule import Bounds
from extract.records import Article, Copy, Credit, Entry, Feed, Outcome, Poll
from extract.tracked import Match, Topic
from flows.commands.status import status
from storage import duck, lock, migrate, publish
from storage.derived import sketches
from storage.warehouse import Warehouse
from storage.write.batch import Batch, Run
from tests.empty import empty

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FEED = Feed(1, "https://a.example/feed", "A")


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return empty(tmp_path / "data")


def article(n: int, **changes: Any) -> Article:
    values = {
        "title": f"Title {n}",
        "text": f"Text {n}.",
        "words": 2,
        "text_hash": n,
        "site": "a.example",
        "text_from": "given",
    }
    return Article(n, f"https://a.example/{n}", **{**values, **changes})


def batch(name: str = "ingest-1", articles: tuple[Article, ...] = (article(1), article(2)), **changes: Any) -> Batch:
    stored = [
        Outcome(Entry(key(a.url), 1, a.url, claim_hash=1), "stored", article=a, article_id=a.article_id, tried=True)
        for a in articles
    ]
    refused = Outcome(Entry(99, 1, "https://a.example/99", claim_hash=1), "refused", "answers HTTP 404", tried=True)
    copies = [
        Copy(a.article_id, a.article_id, a.article_id, "original", 1.0, 1.0, (Credit("ap", "(AP)", "dateline"),))
        for a in articles
    ]
    poll = Poll(1, NOW, "new", 200, FEED.url, entries_seen=3, entries_new=3, etag='"1"', body_hash=7)
    values: dict[str, Any] = {
        "run": Run(key(name), name, "ingest", NOW - timedelta(minutes=1)),
        "now": NOW,
        "feeds": [polls.after(FEED, poll, Bounds())],
        "polls": [poll],
        "listed": frozenset({1}),
        "outcomes": [*stored, refused],
        "copies": copies,
        "topics": [Topic("rain", "rain", 1)],
        "matches": [Match("rain", 1, a.article_id, 1.5, ("rain",), "**rain**") for a in articles],
        "agency_names": {"ap": "Associated Press"},
    }
    return Batch(**{**values, **changes})


def rows(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    return duck.ask(warehouse.path, sql)[1]


def test_a_run_is_written_whole(warehouse: Warehouse) -> None:
    row = warehouse.commit(batch())
    assert (row["seen"], row["stored"], row["refused"], row["feeds"]) == (3, 2, 1, 1)
    assert rows(warehouse, "SELECT count(*) FROM articles") == [(2,)]
    assert rows(warehouse, "SELECT agency, agency_name, agency_evidence, agency_from FROM copies LIMIT 1") == [
        ("ap", "Associated Press", "(AP)", "dateline")
    ]
    assert rows(warehouse, "SELECT articles, outlets, agency FROM stories LIMIT 1") == [(1, 1, "ap")]
    assert len(rows(warehouse, "FROM stories_on('rain')")) == 2
    assert rows(warehouse, "SELECT status, etag, failures FROM feeds") == [("active", '"1"', 0)]


def test_the_same_run_twice_changes_no_row(warehouse: Warehouse) -> None:
    tables = [t for (t,) in rows(warehouse, "SELECT table_name FROM duckdb_tables() ORDER BY 1")]
    warehouse.commit(batch())
    before = {t: sorted(map(str, rows(warehouse, f"FROM {t}"))) for t in tables if t not in ("entries", "runs")}
    warehouse.commit(batch())
    assert {t: sorted(map(str, rows(warehouse, f"FROM {t}"))) for t in before} == before


def test_a_run_that_does_not_balance_is_refused_whole(warehouse: Warehouse) -> None:
    with pytest.raises(Exception, match="CHECK"), duck.open_file(warehouse.path) as connection:
        connection.execute(
            "INSERT INTO runs SELECT 1, 'x', 'x', '', now(), now(), '', '', 0, 0, 5, 1, 1, 1, 1, 0, 0, 0, 0, NULL"
        )
    bad = batch()
    nonsense: Any = "nonsense"
    bad.outcomes = [replace(bad.outcomes[0], outcome=nonsense), *bad.outcomes[1:]]
    with pytest.raises(Exception, match=r"nonsense|CHECK"):
        warehouse.commit(bad)
    assert rows(warehouse, "SELECT count(*) FROM articles") == [(0,)]


def test_another_text_of_an_article_keeps_the_earlier_one(warehouse: Warehouse) -> None:
    warehouse.commit(batch(articles=(article(1),)))
    warehouse.commit(batch("ingest-2", articles=(article(1, title="New", text_hash=9),)))
    assert rows(warehouse, "SELECT version, title, changed, reason FROM versions") == [
        (1, "Title 1", ["title"], "given")
    ]
    assert rows(warehouse, "SELECT title FROM articles") == [("New",)]


def test_what_waits_comes_back_as_it_was(warehouse: Warehouse) -> None:
    waiting = Entry(5, 1, "https://a.example/5", "g", "T", "S", ("Ann",), "today", NOW, "", ("x",), "<p>", 3)
    warehouse.commit(batch(outcomes=[Outcome(waiting, "deferred", "no answer", tried=True)], copies=[], matches=[]))
    assert warehouse.waiting(NOW) == [waiting]
    assert warehouse.known([5])[5].attempts == 1
    assert warehouse.taken([waiting.url]) == {waiting.url: None}


def test_a_feed_that_leaves_the_list_is_kept_as_removed(warehouse: Warehouse) -> None:
    warehouse.commit(batch())
    warehouse.commit(batch("ingest-2", feeds=[], listed=frozenset({2})))
    assert rows(warehouse, "SELECT status FROM feeds") == [("removed",)]


def test_a_changed_query_is_a_new_version_and_the_old_ones_matches_stay(warehouse: Warehouse) -> None:
    warehouse.commit(batch())
    newer = [Topic("rain", "rain OR wind", 2)]
    warehouse.commit(batch("ingest-2", topics=newer, matches=[Match("rain", 2, 1, 1.0, ("wind",), "**wind**")]))
    assert rows(warehouse, "SELECT version, current FROM topics ORDER BY 1") == [(1, False), (2, True)]
    assert rows(warehouse, "SELECT version, count(*) FROM article_topics GROUP BY 1 ORDER BY 1") == [(1, 2), (2, 1)]
    assert len(rows(warehouse, "FROM stories_on('rain')")) == 1


def test_groups_and_topics_that_are_as_they_were_are_not_written_again(warehouse: Warehouse) -> None:
    groups = {("mine", "b.example", "settings"), ("mine", "a.example", "feeds")}
    for n in (1, 2):
        warehouse.commit(batch(f"ingest-{n}", groups=groups))
    runs = "SELECT group_name, site, name FROM outlet_groups JOIN runs USING (run_id) ORDER BY ALL"
    assert rows(warehouse, runs) == [("mine", "a.example", "ingest-1"), ("mine", "b.example", "ingest-1")]
    warehouse.commit(
        batch("ingest-3", groups={("mine", "a.example", "feeds")}, topics=[Topic("rain", "rain", 1, description="wet")])
    )
    assert rows(warehouse, runs) == [("mine", "a.example", "ingest-3")]
    assert rows(warehouse, "SELECT version, description FROM topics") == [(1, "wet")]
    warehouse.commit(batch("ingest-4", groups=set(), topics=[]))
    assert rows(warehouse, runs) == [] and rows(warehouse, "SELECT current FROM topics") == [(False,)]


def test_a_file_of_a_newer_newsduck_is_left_alone(warehouse: Warehouse) -> None:
    with duck.open_file(warehouse.path) as connection:
        connection.execute("INSERT INTO migrations (name) VALUES ('9999_future')")
    with pytest.raises(Broken, match="newer newsduck"):
        warehouse.prepare()


def test_migrations_are_applied_once(warehouse: Warehouse) -> None:
    assert warehouse.prepare() == []


def test_the_published_file_opens_in_the_tools_people_have(warehouse: Warehouse) -> None:
    warehouse.commit(batch())
    publish.publish(warehouse.path, warehouse.published)
    tool = Path(sys.executable).with_name("duckdb")
    told = subprocess.run(
        [
            tool,
            "-readonly",
            "-csv",
            str(warehouse.published),
            "SELECT version()[:4] AS v, max(title) AS title FROM stories_on('rain')",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "v,title\nv1.5,Title 2\n"


def test_readers_keep_the_file_they_have_open_while_a_new_one_is_published(warehouse: Warehouse) -> None:
    warehouse.commit(batch())
    publish.publish(warehouse.path, warehouse.published)
    with duck.open_file(warehouse.published, read_only=True) as reader:
        warehouse.commit(batch("ingest-2", articles=(article(3),)))
        publish.publish(warehouse.path, warehouse.published)
        assert reader.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    assert duck.ask(warehouse.published, "SELECT count(*) FROM articles")[1] == [(3,)]


def test_a_copy_behind_the_working_file_is_noticed(warehouse: Warehouse) -> None:
    assert publish.is_behind(warehouse.last_finished(), warehouse.published)
    publish.publish(warehouse.path, warehouse.published)
    assert not publish.is_behind(warehouse.last_finished(), warehouse.published)
    warehouse.commit(batch())
    assert publish.is_behind(warehouse.last_finished(), warehouse.published)


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE articles",
        "INSERT INTO topics VALUES ('x', 1, 'x', true, now())",
        "FROM read_csv('/etc/passwd')",
        "ATTACH '/tmp/x.db'",
        "COPY articles TO '/tmp/x.csv'",
        "SELEC 1",
        "SET lock_configuration = false",
    ],
)
def test_a_persons_query_reads_the_warehouse_and_nothing_else(warehouse: Warehouse, sql: str) -> None:
    with duck.Question(warehouse.path) as question, pytest.raises(BadInput):
        question.ask(sql)
        list(question.rows())


def hold(path: str, ready: Any) -> None:
    with duck.open_file(Path(path)):
        ready.set()
        time.sleep(30)


@pytest.fixture
def holder(warehouse: Warehouse) -> Iterator[int]:
    """Another process that has the working file open."""
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=hold, args=(str(warehouse.path), ready), daemon=True)
    process.start()
    assert ready.wait(30)
    yield process.pid or 0
    process.kill()
    process.join()


def test_a_locked_warehouse_loses_nothing_and_says_who_holds_it(warehouse: Warehouse, holder: int) -> None:
    """Every method that opens the file, while somebody else has it."""
    calls: list[Callable[[], object]] = [
        warehouse.prepare,
        warehouse.feeds,
        warehouse.robots,
        lambda: warehouse.waiting(NOW),
        lambda: warehouse.titled([1], ["x"]),
        warehouse.topics,
        lambda: warehouse.commit(batch()),
        lambda: warehouse.known([1]),
        lambda: warehouse.taken(["x"]),
        lambda: warehouse.stored([1]),
        lambda: warehouse.members([1]),
        lambda: warehouse.unfinished([]),
    ]
    for call in calls:
        with pytest.raises(Busy, match=str(holder)):
            call()


@pytest.mark.parametrize("content", [b"", b"not a database at all, " * 1000])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.duckdb"
    path.write_bytes(content)
    if content:
        with pytest.raises(Broken, match=r"x\.duckdb"), duck.open_file(path):
            pass
    with pytest.raises(BadInput, match="does not exist yet"):
        duck.ask(tmp_path / "none.duckdb", "SELECT 1")


def test_a_second_run_says_since_when_the_first_works(tmp_path: Path) -> None:
    with lock.held(tmp_path, "ingest", NOW):
        with pytest.raises(Busy, match=rf"newsduck ingest.*process {os.getpid()}.*since 2026-11-23T12:00:00 UTC"):
            with lock.held(tmp_path, "load", NOW):
                pass
    with lock.held(tmp_path, "load", NOW):
        pass


def test_sketches_find_the_stories_a_text_may_join(warehouse: Warehouse) -> None:
    from extract.group.shingles import sketch
    from tests.test_stories import prose

    warehouse.commit(batch(articles=(article(1, text=prose(1, 300)), article(2, text=prose(2, 300)))))
    fresh = [sketches.Sketched(7, NOW, None, sketch(" ".join(prose(1, 300).split()[:200])))]
    window = timedelta(days=14)

    def find(at: timedelta = timedelta(0)) -> list[int]:
        moved = [replace(s, first_seen_at=NOW + at) for s in fresh]
        return sketches.candidates(warehouse.derived, warehouse.path, moved, sketch, 1, window)

    assert find() == [1]
    assert find(timedelta(days=20)) == []
    warehouse.derived.write_bytes(b"broken" * 1000)
    assert find() == [1], "a lost or broken derived file costs time, never a wrong answer"
    warehouse.commit(batch("ingest-2", articles=(article(1, text=prose(3, 300), text_hash=50),)))
    assert find() == [], "a text that changed is sketched anew"


def test_a_file_of_an_earlier_newsduck_is_brought_up_to_date(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Warehouse(tmp_path / "old")
    earlier = tmp_path / "migrations"
    earlier.mkdir()
    for name in ("0001_tables", "0002_views"):
        (earlier / f"{name}.sql").write_bytes((migrate.FOLDER / f"{name}.sql").read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "FOLDER", earlier)
        old.prepare()
    with duck.open_file(old.path) as c:
        c.execute(
            """INSERT INTO feeds VALUES (1, 'https://a.example/feed', 'A', '', ['x'], 'failing', 'failed', 'HTTP 500', 3, '"1"', '', 7,
            $now, $now, $now, $now, $now)""",
            {"now": NOW},
        )
        c.execute(
            """INSERT INTO polls VALUES (1, 1, $now, 'new', 200, '', 5, 5, 0, NULL, 1, 1, ''), (2, 1, $now, 'new', 200, '', 5, 5, 0, false, 1, 1, '')""",
            {"now": NOW},
        )
        c.execute(
            """INSERT INTO entries VALUES (5, 1, 'https://a.example/1', '', 'T', '', [], [], '', '', NULL, '', 9, $now, $now, 'deferred', 'busy', NULL, 1, 1)""",
            {"now": NOW},
        )
    assert old.prepare()[0] == "0003_polling"
    (feed,) = old.feeds().values()
    assert (feed.status, feed.failures, feed.failing_since, feed.polls, feed.losses, feed.lost_at) == (
        "failing",
        3,
        NOW,
        2,
        1,
        NOW,
    )
    assert (feed.categories, feed.etag, feed.body_hash, feed.skip_hours) == (("x",), '"1"', 7, ())
    assert [e.entry_id for e in old.waiting(NOW)] == [5]
    assert old.known([5])[5].idle == 0

    def shape(found: Warehouse) -> list[tuple[Any, ...]]:
        return rows(
            found,
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL",
        )

    assert shape(old) == shape(warehouse)


def test_a_site_whose_texts_become_short_or_pages_walls_is_told(warehouse: Warehouse) -> None:
    warehouse.commit(batch())
    with duck.open_file(warehouse.path) as c:
        c.execute("UPDATE runs SET started_at = ?", [NOW])
        c.execute("CREATE TEMP TABLE page AS FROM articles LIMIT 1; CREATE TEMP TABLE item AS FROM entries LIMIT 1")
        c.execute("DELETE FROM articles; DELETE FROM entries")
        weeks = [("good", 500, 20), ("good", 450, 1), ("short", 500, 20), ("short", 80, 1), ("wall", 500, 20)]
        for number, (host, words, days) in enumerate(weeks):
            c.execute(
                """INSERT INTO articles SELECT * EXCLUDE (i) REPLACE ($first + i AS article_id, format('https://{}.example/{}', $host, i) AS url,
                $words AS words, $seen AS first_seen_at, 'page' AS text_from, 'article' AS kind) FROM page, range(10) t(i)""",
                {"first": number * 10, "host": host, "words": words, "seen": NOW - timedelta(days=days)},
            )
        c.execute(
            """INSERT INTO entries SELECT * EXCLUDE (i) REPLACE (i AS entry_id, 'https://wall.example/' || i AS url, NULL AS article_id,
            'https://wall.example/: a consent wall stands in place of the article' AS reason, $seen AS first_seen_at)
            FROM item, range(10) t(i)""",
            {"seen": NOW - timedelta(days=1)},
        )
    assert {site["host"]: site["worse"] for site in warehouse.worse()} == {
        "short.example": "texts are less than half as long as before",
        "wall.example": "most pages are walls or without text",
    }
    publish.publish(warehouse.path, warehouse.published)
    told = status(warehouse.published)
    assert "reading    short.example: texts are less than half as long as before: a median of 500 words" in told
    assert "10 pages gave none" in told


def test_expected_and_seen_volume_by_feed_and_day(warehouse: Warehouse) -> None:
    warehouse.commit(batch())
    with duck.open_file(warehouse.path) as c:
        c.execute("UPDATE feeds SET added_at = ?", [NOW - timedelta(days=6)])
        c.execute("DELETE FROM entries")
        for day, entries in enumerate((10, 12, 11, 10, 0, 3, 2)):
            c.execute(
                """INSERT INTO entries SELECT $day * 100 + i, 1, '', '', '', '', [], [], '', '', NULL, '', 1, $when, $when, 'stored', '', NULL, 1, 1, NULL, 0
                FROM range($entries) t(i)""",
                {"day": day, "when": NOW - timedelta(days=6 - day), "entries": entries},
            )
    found = rows(warehouse, "SELECT seen, expected FROM volume_by_feed ORDER BY day")
    assert found == [(10, None), (12, None), (11, None), (10, 11.0), (0, 10.5), (3, 10.0), (2, 10.0)]
