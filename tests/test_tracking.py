"""Topics from the command line: tried before they are saved, written into the settings file in place, listed and shown."""

import shutil
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from extract.records import Article, Copy, Entry, Outcome
from extract.tracked import Match, Topic
from flows.cli import newsduck
from storage import duck
from storage.warehouse import Warehouse
from storage.write.batch import Batch, Run
from tests.test_retagging import ask, run
from tests.test_searching import folder, loaded

__all__ = ["folder", "loaded"]


def refused(*arguments: str) -> str:
    result: Result = CliRunner().invoke(newsduck, arguments)
    assert result.exit_code != 0
    return f"{result.output}{result.exception}"


def files(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file() and "lock" not in p.name}


def test_a_query_is_tried_and_nothing_is_written(folder: Path) -> None:
    before = files(folder)
    told = run("topics", "test", "ferry", "--topic", "ferry")
    assert files(folder) == before
    assert "finds      2 articles, 2 stories" in told
    assert "2026-11-02  ████" in told and "2026-11-01  ████" in told
    assert "1 articles more and 0 fewer than the version in force" in told
    assert "+ 2026-11-02  outlet2.example  Headline 2" in told
    assert "Another **ferry**." in told


def test_a_query_is_tried_on_a_part_of_the_time_and_by_stems(folder: Path) -> None:
    assert "finds      1 articles, 1 stories since 2026-11-02" in run(
        "topics", "test", "ferry", "--since", "2026-11-02"
    )
    assert "finds      1 articles" in run("topics", "test", "ferries", "--stem", "en")
    assert "finds      0 articles" in run("topics", "test", "ferries")
    assert "0 articles more and 1 fewer" in run("topics", "test", "nowhere", "--topic", "ferry")


def test_a_topic_is_added_edited_and_removed_in_the_file_in_place(folder: Path) -> None:
    file = folder / "newsduck.toml"
    file.write_text("# my own remark\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    run("topics", "add", "it's; DROP TABLE topics; --", '"pay talks" OR crew\'s', "--description", 'a "note"')
    run("topics", "edit", "ferry", "ferry*", "--stem", "en")
    assert file.read_text(encoding="utf-8").startswith("# my own remark\n")
    assert tomllib.loads(file.read_text(encoding="utf-8"))["topics"] == {
        "ferry": {"query": "ferry*", "stem": "en"},
        "it's; DROP TABLE topics; --": {"query": '"pay talks" OR crew\'s', "description": 'a "note"'},
    }
    run("retag")
    versions = "SELECT topic, version, current, superseded_at IS NOT NULL, stem FROM topics ORDER BY ALL"
    assert ask(folder, versions) == [
        ("ferry", 1, False, True, ""),
        ("ferry", 2, True, False, "en"),
        ("it's; DROP TABLE topics; --", 1, True, False, ""),
    ]
    assert ask(
        folder, "SELECT version, count(*) FROM article_topics WHERE topic = 'ferry' GROUP BY ALL ORDER BY ALL"
    ) == [
        (1, 1),
        (2, 2),
    ]
    run("topics", "remove", "ferry")
    assert list(tomllib.loads(file.read_text(encoding="utf-8"))["topics"]) == ["it's; DROP TABLE topics; --"]


def test_topics_are_listed_and_shown(folder: Path) -> None:
    assert '"topic": "ferry", "stories": 1, "articles": 1' in run("topics", "list", "--format", "json")
    told = run("topics", "show", "ferry")
    assert "version    1, from " in told and "1 articles" in told
    assert "Headline 1   (1 articles, 1 outlets)" in told
    assert "The **ferry** stays in port until the **crew** has been heard." in told


def test_topics_are_listed_before_there_is_a_warehouse(folder: Path) -> None:
    shutil.rmtree(folder / "data")
    assert "to be applied by the next run" in run("topics", "list", "--format", "csv")
    assert "newsduck ingest" in refused("topics", "test", "ferry")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "ferry", "x"), "has a topic 'ferry'"),
        (("add", "", "x"), "is no name for a topic"),
        (("add", "two\nlines", "x"), "is no name for a topic"),
        (("add", "new", "x AND"), "ends too early"),
        (("add", "new", "x", "--stem", "xx"), "no stems of the language 'xx'"),
        (("edit", "ferries", "x"), "there is no topic 'ferries' in the settings; there are: ferry"),
        (("edit", "ferry", "(x"), "a closing parenthesis was expected"),
        (("show", "ferries"), "there is no topic 'ferries'"),
        (("remove", "ferries"), "there is no topic 'ferries'"),
        (("test", "x", "--stem", "klingon"), "no stems of the language"),
        (("test", "NOT x"), "only excludes"),
    ],
)
def test_what_cannot_be_done_is_refused_and_the_file_stays(
    folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    before = files(folder)
    assert words in refused("topics", *arguments)
    assert files(folder) == before


def test_without_a_settings_file_adding_says_what_makes_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSDUCK_DATA", str(tmp_path / "data"))
    assert "newsduck init" in refused("topics", "add", "ferry", "ferry")


NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def stories(warehouse: Warehouse, run_id: int, by_day: dict[int, int], topic: Topic, old: int = 0) -> None:
    """Commit so many stories for each day before now, all on the topic, and so many days old."""
    keys = [(day, n) for day, count in by_day.items() for n in range(count)]
    articles = [
        Article(run_id * 10_000 + day * 100 + n, f"https://a.example/{run_id}/{day}/{n}", title=f"Story {day}/{n}", text="rain",
                published_at=NOW - timedelta(days=day + old), fetched_at=NOW, site="a.example")
        for day, n in keys
    ]  # fmt: skip
    warehouse.prepare()
    warehouse.commit(
        Batch(
            run=Run(run_id, f"test-{run_id}", "load", NOW),
            now=NOW + timedelta(minutes=run_id),
            outcomes=[
                Outcome(Entry(a.article_id, 1, a.url), "stored", article=a, article_id=a.article_id) for a in articles
            ],
            seen={a.article_id: NOW - timedelta(days=day) for a, (day, _) in zip(articles, keys, strict=True)},
            copies=[Copy(a.article_id, a.article_id, a.article_id, "original", 1.0, 1.0) for a in articles],
            topics=[topic],
            matches=[Match(topic.name, 1, a.article_id, 0.5, ("rain",), "**rain**") for a in articles],
        )
    )
    warehouse.finish_topics([topic])


def daily(warehouse: Warehouse, sql: str) -> list[tuple[object, ...]]:
    with duck.open_file(warehouse.path, read_only=True) as connection:
        return list(connection.execute(sql).fetchall())


def test_a_topic_that_jumps_is_noticed_once_with_its_stories(tmp_path: Path) -> None:
    warehouse, topic = Warehouse(tmp_path), Topic("rain", "rain")
    stories(warehouse, 1, {day: 2 + day % 3 for day in range(1, 20)}, topic)
    yesterday = NOW.date() - timedelta(days=1)
    warehouse.notice_jumps(yesterday, NOW, 1)
    assert warehouse.untold_jumps() == []
    stories(warehouse, 2, {0: 15}, topic)
    for number in (2, 3):  # a run that was cut off before it told, and the one after it
        warehouse.notice_jumps(yesterday, NOW, number)
        (jump,) = warehouse.untold_jumps()
    assert (jump.topic, jump.day, jump.stories, jump.usual) == ("rain", NOW.date(), 15, 3.0)
    assert len(jump.behind) == 15 and jump.behind[0][1].startswith("Story 0/")
    warehouse.jump_told(jump)
    assert warehouse.untold_jumps() == []
    assert daily(warehouse, "SELECT stories, usual, jump FROM topic_daily ORDER BY day DESC LIMIT 1") == [
        (15, 3.0, True)
    ]
    assert daily(warehouse, "SELECT topic, stories, run_id FROM topic_jumps") == [("rain", 15, 2)]


@pytest.mark.parametrize(("old", "jumps"), [(0, True), (1, True), (9, False)])
def test_what_a_new_feed_still_lists_is_no_jump(tmp_path: Path, old: int, jumps: bool) -> None:
    warehouse, topic = Warehouse(tmp_path), Topic("rain", "rain")
    stories(warehouse, 1, {day: 2 + day % 3 for day in range(1, 20)}, topic)
    stories(warehouse, 2, {0: 15}, topic, old)
    assert daily(warehouse, "SELECT stories, jump FROM topic_daily ORDER BY day DESC LIMIT 1") == [(15, jumps)]


def test_days_without_stories_count_and_a_new_warehouse_does_not_jump(tmp_path: Path) -> None:
    """The first days bring everything that feeds still list, and scattered older articles: that is no jump."""
    warehouse, topic = Warehouse(tmp_path), Topic("rain", "rain")
    stories(warehouse, 1, {0: 30, 1: 4, 3: 1, 12: 1}, topic)
    with duck.open_file(warehouse.path) as connection:
        connection.execute("UPDATE runs SET feeds = 1")
    assert daily(warehouse, "SELECT count(*), sum(stories), bool_or(jump) FROM topic_daily") == [(13, 36, False)]


def test_a_wire_story_counts_once_a_day(folder: Path) -> None:
    told = (
        "SELECT topic, day = (SELECT min(seen_day) FROM articles), stories, articles FROM topic_daily WHERE stories > 0"
    )
    assert ask(folder, told) == [("ferry", True, 1, 1)]
    last = ask(folder, "SELECT max(day) = (SELECT max(started_at)::DATE FROM runs) FROM topic_daily")
    assert last == [(True,)], "and has a row for each day until the last run"
