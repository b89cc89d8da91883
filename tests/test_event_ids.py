"""Events keep their ids when they are decided anew, and an id that is no more leads on."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from extract.errors import NewsduckError
from extract.group import events as grouping
from extract.group import ids
from flows.line import events as deciding
from storage import duck
from storage.derived import tales
from storage.warehouse import Warehouse
from storage.write import events as rows
from tests.faults import earlier
from tests.test_events import CRASH, VOTE, loaded, tale
from tests.typed import here


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two stories of a crash and one of a vote, among others."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("NEWSDUCK_DATA", str(folder / "data"))
        loaded(folder, tale(1, CRASH), tale(2, CRASH, days=0.1), tale(3, VOTE, days=0.2))
    return folder


@pytest.fixture
def house(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A copy of that folder."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("NEWSDUCK_DATA", str(tmp_path / "data"))
    return Warehouse(tmp_path / "data")


def put(house: Warehouse, *events: int) -> None:
    """Say of the three stories that an older method had put them into these events."""
    with duck.open_file(house.path) as c:
        for n, event in enumerate(events, 1):
            of = f"(SELECT story_id FROM articles WHERE url = 'https://outlet{n}.example/a')"
            c.execute(f"UPDATE event_stories SET event_id = {event}, method = 1 WHERE story_id = {of}")


def events(house: Warehouse) -> list[Any]:
    """The events of the three stories."""
    sql = """SELECT event_id FROM event_stories JOIN articles USING (story_id)
    WHERE url IN ('https://outlet1.example/a', 'https://outlet2.example/a', 'https://outlet3.example/a') ORDER BY url"""
    return [event for (event,) in duck.ask(house.published, sql)[1]]


def test_regroup_keeps_them(house: Warehouse) -> None:
    put(house, 71, 71, 72)
    assert here("regroup").returncode == 0
    assert events(house) == [71, 71, 72]
    assert duck.ask(house.published, "SELECT * FROM former_events")[1] == []
    before = duck.ask(house.published, "FROM event_stories ORDER BY ALL")[1]
    assert here("regroup").returncode == 0
    assert duck.ask(house.published, "FROM event_stories ORDER BY ALL")[1] == before
    with tales.opened(house.derived, house.path) as c:
        tales.catch_up(c, deciding._weighed, grouping.METHOD)
        counted = c.execute("SELECT sum(said), (SELECT count(*) FROM tales) FROM tale_words WHERE word = ''").fetchall()
    assert counted == [(len(before), len(before))], "each story is counted once"


@pytest.mark.parametrize("by", ["regroup", "a person"])
def test_a_story_that_comes_later_joins_an_event_by_the_id_that_it_has_now(house: Warehouse, by: str) -> None:
    if by == "regroup":
        put(house, 71, 71, 72)
        assert here("regroup").returncode == 0
    else:
        _, _, vote = events(house)
        assert here("event", "join", str(vote), *(f"https://outlet{n}.example/a" for n in (1, 2))).returncode == 0
    first, second, _ = events(house)  # two stories that went from one event to another
    loaded(house.data.parent, tale(4, CRASH, days=0.3))
    fourth = "SELECT event_id FROM event_stories JOIN articles USING (story_id) WHERE url = 'https://outlet4.example/a'"
    assert duck.ask(house.published, fourth)[1] == [(first,)] == [(second,)]


@pytest.mark.parametrize("changed", [{3: 77, 4: 77}, {2: 3, 3: 1}, {1: 3, 2: 3, 3: 1, 4: 1}, {1: 9}])
def test_stories_that_change_their_events_alike_are_seen(tmp_path: Path, changed: dict[int, int]) -> None:
    made = earlier.make(tmp_path / "data", earlier.STATES[-1])
    of = {1: 1, 2: 1, 3: 3, 4: 3}
    with duck.open_file(made.path) as c:
        for story, event in (of | changed).items():
            c.execute("INSERT INTO event_stories VALUES (?, ?, now(), 1, [], 4, 1)", [story, event])
    with tales.opened(made.derived, made.path) as c:
        for story, event in of.items():
            c.execute("INSERT INTO tales VALUES (?, ?, 'xx', now(), '', '')", [story, event])
        assert c.execute(tales._LEVEL).fetchall() == [(False,)]
        c.execute(
            "DELETE FROM tales; INSERT INTO tales SELECT story_id, event_id, 'xx', now(), '', '' FROM truth.event_stories"
        )
        assert c.execute(tales._LEVEL).fetchall() == [(True,)]


def test_a_run_that_died_when_all_were_decided_loses_no_id(house: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    put(house, 71, 72, 71)

    def die(*_: object) -> None:
        raise NewsduckError("it dies here")

    with monkeypatch.context() as patch:
        patch.setattr(Warehouse, "rename_events", die)
        assert "it dies here" in here("regroup").stderr
    assert here("load", str(house.data.parent / "rows.jsonl")).returncode == 0, "which brings nothing new"
    crash, same, vote = events(house)
    assert (crash, same) == (71, 71) and vote not in (71, 72)
    assert duck.ask(house.published, "SELECT event_id, into_event_id FROM merged_events")[1] == [(72, 71)]
    assert duck.ask(house.published, "SELECT * FROM former_events")[1] == []


def test_what_was_one_and_is_two_parts_and_what_was_two_and_is_one_leads_on(house: Warehouse) -> None:
    put(house, 71, 72, 71)
    assert here("regroup").returncode == 0
    crash, same, vote = events(house)
    assert (crash, same) == (71, 71) and vote not in (71, 72)
    assert duck.ask(house.published, "SELECT event_id, into_event_id FROM merged_events")[1] == [(72, 71)]
    assert "2 stories, 2 articles" in here("event", "72").stdout


def test_what_a_person_has_decided_stays(house: Warehouse) -> None:
    story = duck.ask(house.published, "SELECT story_id FROM articles WHERE url = 'https://outlet2.example/a'")[1][0][0]
    assert here("event", "split", str(story)).returncode == 0
    first, parted, vote = events(house)
    put(house, first, parted, vote)
    assert here("regroup").returncode == 0
    assert events(house) == [first, parted, vote]


def test_of_stories_that_are_not_there_nothing_is_decided(house: Warehouse) -> None:
    put(house, 71, 72, 73)
    with duck.open_file(house.path) as c:
        ((story,),) = c.execute("SELECT min(story_id) FROM stories").fetchall()
        rows.decide(c, [story, 4], 73, "joined", datetime.now(UTC), 1)
        assert c.execute("SELECT story_id, event_id FROM event_decisions").fetchall() == [(story, 73)]


def test_a_run_that_died_between_leaves_them_to_the_next(house: Warehouse) -> None:
    put(house, 71, 71, 72)
    house.untell(None)
    more = json.dumps({"url": "https://outlet9.example/a", "title": "Rain", "text": "It rained all day. " * 20})
    (house.data.parent / "more.jsonl").write_text(f"{more}\n")
    assert here("load", "more.jsonl").returncode == 0
    assert events(house) == [71, 71, 72]


def test_nor_do_stories_that_come_meanwhile_outvote_what_an_event_was(house: Warehouse) -> None:
    put(house, 71, 71, 72)
    house.untell(None)
    loaded(house.data.parent, *(tale(n, VOTE, days=0.2 + n / 100) for n in (4, 5, 6)))
    assert events(house) == [71, 71, 72]
    assert duck.ask(house.published, "SELECT count(*) FROM event_stories WHERE event_id = 72")[1] == [(4,)]
    assert duck.ask(house.published, "FROM merged_events")[1] == []


def test_an_id_goes_to_the_larger_share_and_is_never_given_twice() -> None:
    assert ids.keep("event", {5: [1, 2], 6: [3]}, {1: 9, 2: 9, 3: 9}) == {5: 9, 6: 6}
    assert ids.keep("event", {5: [1], 6: [2]}, {1: 6, 2: 5}) == {5: 6, 6: 5}
    kept = ids.keep("event", {5: [1, 2], 9: [3]}, {1: 9, 2: 9, 3: 4}, fixed={9})
    assert kept[9] == 9 and kept[5] not in (9, 4), (
        "a fixed one is not taken, nor is an id of before that nobody may bear now"
    )


def test_an_id_that_went_into_one_that_went_too_leads_all_the_way(house: Warehouse) -> None:
    put(house, 71, 72, 73)
    with duck.open_file(house.path) as c:
        c.execute("INSERT INTO merged_events VALUES (70, 72, now(), 1)")
    assert here("regroup").returncode == 0
    merged = duck.ask(house.published, "SELECT event_id, into_event_id FROM merged_events ORDER BY event_id")[1]
    assert merged == [(70, 71), (72, 71)]
