"""The derived file of telling words: what it keeps, and which events a new story may be of."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from extract.tales import Told
from storage import duck
from storage.derived import beside, tales
from storage.duck import Connection
from tests.faults import earlier

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
