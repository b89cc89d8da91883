"""The derived file of telling words: what it keeps, and which events a new story may be of."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.errors import Broken
from extract.group import events
from extract.tales import Tale, Told
from flows.line import events as deciding
from storage import duck
from storage.derived import beside, tales
from storage.duck import Connection
from storage.warehouse import Warehouse
from tests.faults import earlier
from tests.test_events import CRASH, VOTE, loaded, tale

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SILENT = timedelta(days=14)


@pytest.fixture
def c(tmp_path: Path) -> Iterator[Connection]:
    made = earlier.make(tmp_path / "data", earlier.STATES[-1])
    with tales.opened(made.derived, made.path) as connection:
        yield connection


def put(
    c: Connection, story: int, event: int, found_by: dict[str, float], *, days: float = 0.0, language: str = "xx"
) -> Told:
    """A story in the file as a run would have put it there."""
    at = NOW - timedelta(days=days)
    tales._put(
        c, "tales", [(story, event, language, at, "\n".join(found_by), tales._packed(found_by.values()))], tales._TALE
    )
    tales._put(c, "tale_keys", [(word, story, round(w * tales.UNIT), at) for word, w in found_by.items()], tales._KEY)
    return Told(story, event, language, at, found_by)


def near(c: Connection, *words: tuple[str, float], language: str = "xx", also: tuple[int, ...] = ()) -> list[Told]:
    return tales.near(c, [(999, language, word, w) for word, w in words], NOW, NOW, SILENT, also)


def test_a_story_comes_back_as_it_was_put(c: Connection) -> None:
    one = put(c, 1, 7, {"zebra": 0.9, "東京": 0.4, "ferry": 0.0001}, days=3)
    other = put(c, 2, 7, {"zebra": 1.0}, days=2)
    assert near(c, ("zebra", 0.5)) == [one, other]
    assert list(near(c, ("ferry", 0.9), ("zebra", 0.2))[0].vector) == ["zebra", "東京", "ferry"]


def test_all_members_of_an_event_come_if_one_is_near(c: Connection) -> None:
    members = [put(c, 1, 7, {"ferry": 1.0}, days=9), put(c, 2, 7, {"harbour": 1.0})]
    put(c, 3, 8, {"council": 1.0})
    assert near(c, ("harbour", 0.3)) == members


def test_who_is_faintly_near_or_far_behind_the_nearest_is_left(c: Connection) -> None:
    put(c, 1, 7, {"ferry": 0.9})
    put(c, 2, 8, {"ferry": 0.1, "harbour": 0.5})
    put(c, 3, 9, {"ferry": 0.3})
    assert [one.story_id for one in near(c, ("ferry", 0.5))] == [1, 3]
    assert near(c, ("harbour", 0.01)) == []


def test_another_language_or_another_time_is_not_near(c: Connection) -> None:
    put(c, 1, 7, {"ferry": 0.9}, language="yy")
    put(c, 2, 8, {"ferry": 0.9}, days=15)
    assert near(c, ("ferry", 0.9)) == []
    assert [one.story_id for one in near(c, ("ferry", 0.9), language="yy")] == [1]


def test_the_nearest_are_those_of_most_weight(c: Connection) -> None:
    for n in range(tales.NEAREST + 5):
        put(c, n + 1, n + 1, {"ferry": 0.3 + n / 1000})
    assert {one.event_id for one in near(c, ("ferry", 0.5))} == set(range(6, tales.NEAREST + 6))


def test_what_a_person_said_comes_however_far(c: Connection) -> None:
    one = put(c, 1, 7, {"council": 1.0}, days=80)
    assert near(c, ("ferry", 0.9), also=(7,)) == [one]


def test_a_story_without_words_comes_back_too(c: Connection) -> None:
    one = put(c, 1, 7, {})
    assert near(c, ("ferry", 0.9), also=(7,)) == [one]


def test_what_is_written_waits_in_a_log(tmp_path: Path) -> None:
    made = earlier.make(tmp_path / "data", earlier.STATES[-1])
    with tales.opened(made.derived, made.path) as c:
        put(c, 1, 7, {"ferry": 1.0})
    laid, log = made.derived.read_bytes(), made.derived.with_name("derived.duckdb.wal")
    assert log.exists()
    with tales.opened(made.derived, made.path) as c:
        put(c, 2, 7, {"harbour": 1.0})
        assert len(near(c, ("ferry", 1.0))) == 2
    assert made.derived.read_bytes() == laid
    with duck.open_file(made.derived):
        pass
    assert not log.exists(), "another handle lays it where it belongs"


def test_where_its_log_is_garbled_it_is_made_anew(tmp_path: Path) -> None:
    made = earlier.make(tmp_path / "data", earlier.STATES[-1])
    with tales.opened(made.derived, made.path) as c:
        put(c, 1, 7, {"ferry": 1.0})
    log = made.derived.with_name("derived.duckdb.wal")
    log.write_bytes(b"garbled" + log.read_bytes()[:-9])
    assert tales.safely(made.derived, made.path, lambda c: near(c, ("ferry", 1.0))) == []
    beside.remove(made.derived)
    assert not log.exists()


def test_words_are_summed_up_once_they_are_many(c: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tales, "SEVERAL", 5)

    def take_in(n: int, *said: str) -> int:
        """How many rows of words there are after one more story."""
        told = Told(n, n, "xx", NOW, {"ferry": 1.0})
        tales._take_in(c, [(told, ({"ferry": 1.0}, {"ferry": 1.0}, dict.fromkeys(said, 2)))])
        ((rows,),) = c.execute("SELECT count(*) FROM tale_words").fetchall()
        return int(rows)

    assert [take_in(n, "ferry", "harbour") for n in range(4)] == [3, 3, 6, 9], "of three words, at more than 5, then 11"
    assert take_in(4, "ferry", "council") == 4
    assert tales.counts(c, ["ferry", "harbour", "council"]) == {"xx": {"": 5, "ferry": 10, "harbour": 8, "council": 2}}
    assert c.execute("FROM tale_words_summed").fetchall() == [(4,)]


def test_words_that_another_method_weighed_are_weighed_anew(tmp_path: Path) -> None:
    def weighed(tales_: Sequence[Tale], _: object) -> list[tales.Words]:
        return [({str(method): 1.0}, {str(method): 1.0}, {str(method): 1}) for _ in tales_]

    made = earlier.make(tmp_path / "data", earlier.STATES[-1])
    earlier.fill(made)
    with tales.opened(made.derived, made.path) as c:
        for method in (1, 1, 2):
            tales.catch_up(c, weighed, method)
            assert c.execute("SELECT word, sum(said) FROM tale_words GROUP BY word ORDER BY word").fetchall() == [
                ("", 1),
                (str(method), 1),
            ]
            assert c.execute("SELECT words FROM tales").fetchall() == [(str(method),)]


def test_the_derived_file_has_what_a_run_decided_as_if_it_were_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(deciding, "CHUNK", 7)
    for n in range(2):
        loaded(tmp_path, *(tale(10 * n + m, CRASH if m % 3 else VOTE, days=(10 * n + m) / 100) for m in range(1, 9)))
    warehouse = Warehouse(tmp_path / "data")
    kept = []
    for anew in (False, True):
        if anew:
            beside.remove(warehouse.derived)
        with tales.opened(warehouse.derived, warehouse.path) as c:
            late = c.execute(
                "SELECT count(*) FROM truth.event_stories WHERE story_id NOT IN (SELECT story_id FROM tales)"
            )
            assert late.fetchall() == [(46 if anew else 0,)]
            tales.catch_up(c, deciding._weighed, events.METHOD)
            kept.append(
                [
                    c.execute(f"SELECT {told} ORDER BY ALL").fetchall()
                    for told in (
                        "* FROM tales",
                        "* FROM tale_keys",
                        "language, word, sum(said) FROM tale_words GROUP BY ALL",
                    )
                ]
            )
    assert kept[0] == kept[1]


def test_a_derived_file_that_has_all_is_not_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(tmp_path, tale(1, CRASH), tale(2, VOTE))
    warehouse = Warehouse(tmp_path / "data")
    monkeypatch.setattr(tales, "_LATE", "SELECT error('looked through')")
    with tales.opened(warehouse.derived, warehouse.path) as c:
        tales.catch_up(c, deciding._weighed, events.METHOD)
        c.execute("UPDATE tales SET event_id = 1 WHERE story_id = (SELECT max(story_id) FROM tales)")
    with pytest.raises(Broken, match="looked through"), tales.opened(warehouse.derived, warehouse.path) as c:
        tales.catch_up(c, deciding._weighed, events.METHOD)
