"""What a run asks for with texts costs what it brings, not what is kept: DuckDB tells which blocks of texts it read."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage import duck
from storage.derived import tales
from storage.duck import Connection
from storage.erase.rows import Asked
from storage.warehouse import Warehouse
from storage.write import articles, events, topics
from tests.faults import earlier
from tests.houses import Houses

BLOCK = 2048  # rows, the fewest that DuckDB lets a block have
SIZE = 4 * BLOCK
NOW, DAY = datetime(2026, 11, 26, 12, tzinfo=UTC), timedelta(days=1)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Five blocks of articles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duck, "WRITTEN", f"STORAGE_VERSION '{duck.STORAGE_VERSION}', ROW_GROUP_SIZE {BLOCK}")
        made = earlier.make(tmp_path_factory.mktemp("wide") / "data", earlier.STATES[-1])
        earlier.fill(made)
        earlier.crowd(made, SIZE)
        with duck.open_file(made.path) as c:
            c.execute(
                "INSERT INTO event_stories BY NAME SELECT r.* REPLACE (s.story_id AS story_id) FROM stories s, (FROM event_stories LIMIT 1) r "
                "WHERE s.story_id NOT IN (SELECT story_id FROM event_stories)"
            )
            c.execute("DELETE FROM event_stories WHERE story_id IN (SELECT max(story_id) FROM stories)")
            c.execute("CHECKPOINT")
    return made


def read(c: Connection, ask: Callable[[], object], table: str = "articles", column: str = "text") -> tuple[int, int]:
    """(blocks of articles' texts, or of another wide column, that the last query of an act read, all of them)."""
    c.execute("PRAGMA enable_profiling = 'no_output'")
    ask()
    found = json.loads(c.get_profiling_information(format="json"))
    scans = [s for s in _nodes(found["operator"]) if column in _projected(s) and table in s["extra_info"]["Table"]]
    c.execute("PRAGMA disable_profiling")
    assert scans
    return sum(s["row_groups_scanned"] for s in scans), sum(s["total_row_groups_to_scan"] for s in scans)


def _nodes(operators: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in operators:
        yield one
        yield from _nodes(one.get("children", []))


def _projected(scan: dict[str, Any]) -> list[str]:
    told = scan["extra_info"].get("Projections", []) if scan["type"] == "TABLE_SCAN" else []
    return [told] if isinstance(told, str) else list(told)


def test_documents_members_and_what_is_replaced_are_read_from_their_own_blocks(crowded: Warehouse) -> None:
    with crowded.at_hand(), crowded._open() as c:
        last = [n for (n,) in c.execute("SELECT article_id FROM articles ORDER BY rowid DESC LIMIT 30").fetchall()]
        assert read(c, lambda: topics.documents(c, last)) == (1, 5)
        assert read(c, lambda: topics.documents(c, [*last, 1])) == (2, 5)
        assert read(c, lambda: topics.documents(c, topics.kept(c)[-BLOCK:]))[0] <= 2
        stories = [
            n for (n,) in c.execute("SELECT DISTINCT story_id FROM articles ORDER BY story_id DESC LIMIT 5").fetchall()
        ]
        assert read(c, lambda: crowded.members(stories)) == (1, 5)
        assert read(c, lambda: articles.replaced(c, last)) == (1, 5)


def test_stories_of_no_event_are_read_from_their_own_blocks(crowded: Warehouse, tmp_path: Path) -> None:
    with crowded.at_hand(), crowded._open() as c:
        assert read(c, lambda: events.tales(c, events.untold(c, 250))) == (1, 5)
    with tales.opened(tmp_path / "derived.duckdb", crowded.path) as c:
        everything = "INSERT INTO tales SELECT story_id, event_id, '', told_at, '', '' FROM truth.event_stories WHERE story_id < {}"
        c.execute(everything.format("(SELECT max(story_id) FROM truth.event_stories)"))
        assert read(c, lambda: c.execute(tales._LATE).fetchall()) == (1, 5)


def test_the_words_of_the_nearest_are_read_from_their_own_blocks(
    crowded: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duck, "WRITTEN", f"STORAGE_VERSION '{duck.STORAGE_VERSION}', ROW_GROUP_SIZE {BLOCK}")
    with tales.opened(tmp_path / "derived.duckdb", crowded.path) as c:
        c.execute(
            f"INSERT INTO tales SELECT n, n, 'xx', TIMESTAMPTZ '2026-11-26 12:00Z', 'ferry', '\\xFF\\x00'::BLOB FROM range({4 * BLOCK}) r(n)"
        )
        c.execute("INSERT INTO tale_keys SELECT 'ferry', story_id, 9000, told_at FROM tales WHERE story_id = 7")
        c.execute("CHECKPOINT")
        c.execute("CREATE TEMP TABLE wanted AS SELECT 1 AS tale, 'xx' AS language, 'ferry' AS word, 9000 AS weight")
        values = {"first": NOW - DAY, "last": NOW + DAY, "also": [8], "nearest": 9, "faint": 1, "behind": 0.2}

        def ask() -> None:
            assert [story for story, *_ in c.execute(tales._NEAR, values).fetchall()] == [7, 8]

        assert read(c, ask, "tales", "words") == (1, 4)


class Watched:
    """A connection that notes what a transaction that has written asks for by row numbers."""

    def __init__(self, connection: Connection, noted: list[str]) -> None:
        self._connection, self._noted = connection, noted
        self._wrote: bool | None = None  # None: no transaction

    def __getattr__(self, name: str) -> Any:
        if name in ("begin", "commit", "rollback"):
            self._wrote = False if name == "begin" else None
        return getattr(self._connection, name)

    def execute(self, sql: str, *values: Any) -> Any:
        """As the connection does it."""
        if self._wrote and "rowid" in sql:
            self._noted.append(sql)
        if (
            self._wrote is False
            and re.search(r"\b(?:INTO|UPDATE|FROM)\s+articles\b", sql)
            and re.match(r"\s*(?:INSERT|UPDATE|DELETE)", sql)
        ):
            self._wrote = True
        return self._connection.execute(sql, *values)


def test_no_transaction_that_has_written_articles_asks_by_where_they_lie(
    tmp_path: Path, houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[str] = []
    real, wrote = duck.open_file, []

    @contextmanager
    def open_file(*words: Any, **more: Any) -> Iterator[Any]:
        with real(*words, **more) as connection:
            connection.execute("SET python_scan_all_frames = true")
            watched = Watched(connection, noted)
            yield watched
            wrote.append(watched)

    line = houses.line(tmp_path, 1)
    line.newsroom.day = 2
    monkeypatch.setattr(duck, "open_file", open_file)
    line.run()
    assert line.ask("SELECT count(*) > 0 FROM versions WHERE reason = 'publisher'") == [(True,)]
    line.forget(Asked(urls=(line.ask("SELECT min(url) FROM articles")[0][0],)))
    assert wrote and noted == []
