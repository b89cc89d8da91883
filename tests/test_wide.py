"""What a run asks for with texts costs what it brings, not what is kept: DuckDB tells which blocks of texts it read."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import duck, wide
from storage.derived import tales
from storage.duck import Connection
from storage.warehouse import Warehouse
from storage.write import articles, events, topics
from tests.faults import earlier

BLOCK = 2048  # rows, the fewest that DuckDB lets a block have
SIZE = 4 * BLOCK


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


def read(c: Connection, ask: Callable[[], object]) -> tuple[int, int]:
    """(blocks of articles' texts that the last query of an act read, all of them)."""
    c.execute("PRAGMA enable_profiling = 'no_output'")
    ask()
    found = json.loads(c.get_profiling_information(format="json"))
    scans = [s for s in _nodes(found["operator"]) if "text" in _projected(s) and "articles" in s["extra_info"]["Table"]]
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
        assert read(c, lambda: events.untold(c, 250)) == (1, 5)
    with tales.opened(tmp_path / "derived.duckdb", crowded.path) as c:
        everything = "INSERT INTO tales SELECT story_id, event_id, '', told_at, '', '' FROM truth.event_stories WHERE story_id < {}"
        c.execute(everything.format("(SELECT max(story_id) FROM truth.event_stories)"))
        assert read(c, lambda: c.execute(tales._LATE).fetchall()) == (1, 5)


@pytest.mark.parametrize("kept", [0, 10, 2 * BLOCK + 7])
@pytest.mark.parametrize("fresh", [0, 5, 2 * BLOCK])
def test_by_where_they_lie_rows_are_those_of_the_key_in_a_transaction_too(
    kept: int, fresh: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duck, "WRITTEN", f"STORAGE_VERSION '{duck.STORAGE_VERSION}', ROW_GROUP_SIZE {BLOCK}")
    chosen = list(range(0, kept + fresh, 3))

    def both(c: Connection) -> tuple[list[Any], list[Any]]:
        by_key = "id IN (SELECT unnest(?::BIGINT[]))"
        asked = [
            c.execute(f"FROM t WHERE {how} ORDER BY id", [chosen]).fetchall()
            for how in (by_key, wide.those("t", by_key))
        ]
        return asked[0], asked[1]

    with duck.open_file(tmp_path / "t.duckdb") as c:
        c.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, text VARCHAR)")
        c.execute("INSERT INTO t SELECT n, 'kept' || n FROM range(?) r(n) ORDER BY hash(n)", [kept])
        c.execute("CHECKPOINT")
        c.begin()
        c.execute("INSERT OR REPLACE INTO t SELECT n, 'other' || n FROM range(?) r(n) WHERE n % 2 = 0", [kept])
        c.execute("DELETE FROM t WHERE id % 9 = 0")
        c.execute("INSERT INTO t SELECT n, 'new' || n FROM range(?, ?) r(n)", [kept, kept + fresh])
        c.execute("UPDATE t SET text = 'changed' WHERE id % 15 = 0")
        by_key, by_place = both(c)
        assert by_key == by_place
        c.commit()
        c.execute("CHECKPOINT")
        assert both(c) == (by_key, by_key)
