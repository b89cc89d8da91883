"""Searching what is kept: the index beside the warehouse follows it, and is made anew when it cannot be trusted."""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from extract.sandbox import Sandbox
from extract.tag.index import Index
from extract.tag.queries import parse
from extract.tracked import Topic
from flows.cli import newsduck
from flows.line.index import opened
from storage.derived import index_mark
from storage.warehouse import Warehouse
from tests.test_retagging import load, run
from tests.test_stories import prose

ANOTHER = "Another ferry. " + "It was late in the night when it came into the harbour with all of its people. " * 3
FERRY = "The ferry stays in port until the crew has been heard. "


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles loaded, dated on three days, the first under a topic."""
    home = tmp_path_factory.mktemp("loaded")
    (home / "newsduck.toml").write_text("[topics.ferry]\nquery = 'ferry AND crew'\n", encoding="utf-8")
    texts = (
        FERRY + prose(1, 80),
        ANOTHER,
        "東京で首相が会見した。" + prose(3, 80),
    )
    lines = [
        {"url": f"https://outlet{n}.example/{n}", "title": f"Headline {n}", "text": text,
         "published_at": f"2026-11-0{n}T12:00:00Z", "authors": ["Ann Lee"] if n == 2 else []}
        for n, text in enumerate(texts, 1)
    ]  # fmt: skip
    (home / "first.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSDUCK_CONFIG", str(home / "newsduck.toml"))
        run("load", str(home / "first.jsonl"))
    return home


@pytest.fixture
def folder(loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, for one test alone."""
    home = tmp_path / "home"
    shutil.copytree(loaded, home)
    monkeypatch.setenv("NEWSDUCK_CONFIG", str(home / "newsduck.toml"))
    return home


def found(*arguments: str) -> list[str]:
    """The URLs that a search prints, in order."""
    return [json.loads(line)["url"][-1] for line in run("search", *arguments, "--format", "json").splitlines()]


def test_the_newest_come_first_or_the_best(folder: Path) -> None:
    assert found("ferry") == ["2", "1"]
    assert found("ferry OR crew", "--best") == ["1", "2"]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("FERRY AND NOT crew", ["2"]),
        ("首相", ["3"]),
        ("author:lee", ["2"]),
        ("site:outlet1.example", ["1"]),
        ('"ferry crew"~9', ["1"]),
        ("title:headline -ferry", ["3"]),
    ],
)
def test_a_search_speaks_the_language_of_topics(folder: Path, query: str, numbers: list[str]) -> None:
    assert found(query) == numbers


def test_a_search_is_bounded_in_time_and_number(folder: Path) -> None:
    assert found("ferry", "--since", "2026-11-02") == ["2"]
    assert found("ferry", "--until", "2026-11-02") == ["1"]
    assert found("ferry", "--limit", "1") == ["2"]


def test_the_list_for_people_says_how_many_and_marks_the_words(folder: Path) -> None:
    told = run("search", "ferry", "--limit", "1")
    assert "2 articles, the newest 1" in told
    assert "2026-11-02 12:00  outlet2.example  Headline 2" in told
    assert "Another **ferry**." in told
    assert run("search", "nowhere").strip() == "0 articles"


def index_of(folder: Path) -> Path:
    return Warehouse(folder / "data").index


def test_each_run_brings_the_index_up(sandbox: Sandbox, folder: Path) -> None:
    load(sandbox, folder, ("https://outlet4.example/4", "A third ferry. " + prose(4, 80)))
    mark = index_mark.read(index_of(folder))
    assert mark is not None and mark.state[2] == 4
    assert found("ferry") == ["4", "2", "1"]


def test_a_run_that_brings_nothing_writes_nothing_into_it(folder: Path) -> None:
    before = index_mark.read(index_of(folder))
    run("load", str(folder / "first.jsonl"))
    after = index_mark.read(index_of(folder))
    assert before is not None and after is not None
    assert after.files == before.files and after.runs == before.runs
    assert after.state[1] == before.state[1] + 1, "and it is that of the file as it is now"


def test_a_new_reading_replaces_the_old_one(sandbox: Sandbox, folder: Path) -> None:
    load(sandbox, folder, ("https://outlet1.example/1", "No boat at all. " + prose(5, 80)))
    assert found("ferry") == ["2"]
    assert found("boat") == ["1"]


def test_what_was_forgotten_is_not_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # a stopped clock
            return datetime(2036, 1, 1, tzinfo=UTC)

    monkeypatch.setattr("flows.commands.forget.datetime", Later)
    assert "deleted" in run("forget", "--older-than", "30", "--yes")
    assert found("ferry") == []


def test_a_missing_index_is_made_again(folder: Path) -> None:
    shutil.rmtree(index_of(folder))
    assert found("ferry") == ["2", "1"]


@pytest.mark.parametrize("harm", ["cut", "scribble", "remove", "mark", "empty", "format"])
def test_a_damaged_index_costs_time_and_no_wrong_answer(folder: Path, harm: str) -> None:
    index = index_of(folder)
    largest = max((p for p in index.iterdir() if p.name != index_mark.NAME), key=lambda p: p.stat().st_size)
    if harm == "cut":
        largest.write_bytes(largest.read_bytes()[:40])
    elif harm == "scribble":
        largest.write_bytes(bytes(len(largest.read_bytes())))
    elif harm == "remove":
        largest.unlink()
    elif harm == "mark":
        (index / index_mark.NAME).write_text('{"format": 1', encoding="utf-8")
    elif harm == "empty":
        (index / "meta.json").write_bytes(b"")
    else:
        (index / index_mark.NAME).write_text(
            (index / index_mark.NAME).read_text().replace('"format": ', '"format": 9'), encoding="utf-8"
        )
    assert found("ferry") == ["2", "1"]
    assert index_mark.read(index) is not None


def test_a_copied_folder_is_searched_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = index_of(folder)
    for path in index.iterdir():
        os.utime(path, (1, 1))
    monkeypatch.setattr(Index, "write", lambda *_: pytest.fail("it is made anew"))
    assert found("ferry") == ["2", "1"]
    monkeypatch.setattr(index_mark, "replace_file", lambda *_: pytest.fail("it is marked a second time"))
    assert found("ferry") == ["2", "1"]


def test_a_mark_without_contents_counts_while_the_times_are_those_of_the_files(folder: Path) -> None:
    index = index_of(folder)
    told = json.loads((index / index_mark.NAME).read_text(encoding="utf-8"))
    told["files"] = {name: [size, at] for name, (size, at, _) in told["files"].items()}
    (index / index_mark.NAME).write_text(json.dumps(told), encoding="utf-8")
    assert index_mark.read(index) is not None
    os.utime(index / "meta.json", (1, 1))
    assert index_mark.read(index) is None


def test_an_index_whose_files_lie_about_themselves_is_made_again(folder: Path) -> None:
    """Files that are damaged and marked as whole: what tantivy says of them is believed."""
    index, warehouse = index_of(folder), Warehouse(folder / "data")
    mark = index_mark.read(index)
    assert mark is not None
    (index / "meta.json").write_bytes(b"{}")
    index_mark.write(index, mark.format, mark.state, set(mark.runs))
    with opened(warehouse) as (made, _):
        assert len(made.find(parse(Topic("", "ferry")))) == 2


def test_after_a_restore_an_older_file_is_searched_as_it_is(sandbox: Sandbox, folder: Path) -> None:
    work, published = folder / "data/work/pipeline.duckdb", folder / "data/warehouse.duckdb"
    old = published.read_bytes()
    load(sandbox, folder, ("https://outlet1.example/1", "No boat at all. " + prose(5, 80)))
    assert found("boat") == ["1"]
    for path in (work, published):
        path.write_bytes(old)
    assert found("boat") == []
    assert found("ferry") == ["2", "1"]


def test_a_search_while_the_pipeline_works_is_answered(folder: Path) -> None:
    from storage import lock

    with lock.held(folder / "data/work", "ingest", datetime.now(UTC)):
        assert found("ferry") == ["2", "1"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("",), "the query: it is empty"),
        (("ferry AND",), "ends too early"),
        (("*erry",), "begins with a wildcard"),
        (("NOT ferry",), "only excludes"),
        (("colour:red",), "there is no field 'colour'"),
        (("and", "--limit", "0"), "--limit"),
    ],
)
def test_a_search_that_cannot_be_made_says_why(
    folder: Path, arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = CliRunner().invoke(newsduck, ["search", *arguments])
    assert result.exit_code != 0
    assert words in f"{result.output}{result.exception}"


def test_without_a_warehouse_it_says_what_makes_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDUCK_DATA", str(tmp_path / "none"))
    result = CliRunner().invoke(newsduck, ["search", "ferry"])
    assert "newsduck ingest" in str(result.exception)
    assert not (tmp_path / "none").exists()
