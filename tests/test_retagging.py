"""A topic that is new or whose query changed is applied to everything kept; what the version before matched stays."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from extract.sandbox import Sandbox
from flows import settings
from flows.cli import newsduck
from flows.commands.load import load_file
from flows.line import retag
from storage import duck, publish
from tests.test_stories import prose

FERRY = "The ferry stays in port until the crew has been heard. "


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """Settings with one topic, and three articles loaded under it, two of them one story."""
    made = tmp_path_factory.mktemp("retagging")
    topics(made, ferry="ferry")
    story = FERRY + prose(1, 200)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSDUCK_CONFIG", str(made / "newsduck.toml"))
        load(
            sandbox,
            made,
            ("https://a.example/1", story),
            ("https://b.example/2", story),
            ("https://c.example/3", prose(2, 80)),
        )
    return made


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it."""
    monkeypatch.setenv("NEWSDUCK_CONFIG", str(tmp_path / "newsduck.toml"))
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def topics(folder: Path, **queries: str) -> None:
    lines = [f"[topics.{name}]\nquery = '{query}'" for name, query in queries.items()]
    (folder / "newsduck.toml").write_text("\n".join(lines), encoding="utf-8")


def load(sandbox: Sandbox, folder: Path, *articles: tuple[str, str]) -> None:
    lines = [json.dumps({"url": url, "title": "Headline", "text": text}) for url, text in articles]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    load_file(folder / "articles.jsonl", settings.load(), sandbox)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(newsduck, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def ask(folder: Path, sql: str) -> list[tuple[object, ...]]:
    return duck.ask(folder / "data/warehouse.duckdb", sql)[1]


COUNTS = "SELECT topic, version, count(*) FROM {} GROUP BY ALL ORDER BY ALL"


def test_a_new_topic_finds_what_was_kept_before_it(sandbox: Sandbox, folder: Path) -> None:
    topics(folder, ferry="ferry", crew="crew AND port")
    load(sandbox, folder, ("https://d.example/4", f"{FERRY}{prose(3, 80)}"))
    assert ask(folder, COUNTS.format("article_topics")) == [("crew", 1, 3), ("ferry", 1, 3)]
    assert ask(folder, COUNTS.format("story_topics")) == [("crew", 1, 2), ("ferry", 1, 2)], "a wire story counts once"
    assert ask(folder, "SELECT topic, current, whole FROM topics ORDER BY 1") == [
        ("crew", True, True),
        ("ferry", True, True),
    ]


def test_a_changed_query_is_a_new_version_and_the_old_ones_matches_stay(sandbox: Sandbox, folder: Path) -> None:
    topics(folder, ferry=f"ferry OR {prose(2, 1)}")
    load(sandbox, folder, ("https://d.example/4", prose(4, 80)))
    matches = ask(
        folder, "SELECT count(*) FILTER (version = 1) = 2, count(*) FILTER (version = 2) >= 3 FROM article_topics"
    )
    assert matches == [(True, True)]
    assert ask(folder, "SELECT version, current, whole FROM topics ORDER BY 1") == [(1, False, False), (2, True, True)]


def test_a_topic_that_was_away_for_a_while_catches_up(sandbox: Sandbox, folder: Path) -> None:
    topics(folder, other="port")
    load(sandbox, folder, ("https://d.example/4", f"{FERRY}{prose(3, 80)}"))
    topics(folder, ferry="ferry")
    load(sandbox, folder, ("https://e.example/5", prose(5, 80)))
    assert ask(folder, "SELECT count(*) FROM article_topics WHERE topic = 'ferry'") == [(3,)]


def test_an_unchanged_topic_is_not_applied_again(
    sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("nothing to apply")

    monkeypatch.setattr("flows.line.retag.topics.tag", never)
    monkeypatch.setattr("flows.line.finish.tag", lambda *_: [])
    load(sandbox, folder, ("https://d.example/4", prose(4, 80)))


def test_retag_applies_every_topic_whatever_was_done(folder: Path) -> None:
    with duck.open_file(folder / "data/work/pipeline.duckdb") as connection:
        connection.execute("DELETE FROM article_topics; DELETE FROM story_topics")
    assert "topic ferry: 2 articles" in run("retag")
    assert ask(folder, COUNTS.format("story_topics")) == [("ferry", 1, 1)]
    assert "topic ferry: 2 articles" in run("retag")
    assert ask(folder, COUNTS.format("article_topics")) == [("ferry", 1, 2)]


def test_many_articles_are_tagged_in_slices(sandbox: Sandbox, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retag, "CHUNK", 2)
    topics(folder, ferry="ferry", any="port")
    load(sandbox, folder, ("https://d.example/4", prose(4, 80)))
    assert ask(folder, "SELECT count(*) FROM article_topics WHERE topic = 'any'") == [(2,)]


def test_an_hourly_poll_leaves_topics_as_they_are_until_they_are_applied(folder: Path) -> None:
    """A topic that was edited keeps its stories until the next ingest has applied the new query."""
    topics(folder, ferry="ferry OR port")
    from storage.warehouse import Warehouse
    from storage.write.batch import Batch, Run

    warehouse = Warehouse(folder / "data")
    now = datetime.now(UTC)
    warehouse.commit(Batch(run=Run(7, "poll-7", "poll", now), now=now))
    publish.publish(warehouse.path, warehouse.published)
    assert ask(folder, "SELECT version, current, whole FROM topics") == [(1, True, True)]
