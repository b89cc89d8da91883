"""`newsduck story` and `newsduck regroup`: what each outlet made of a text, and stories decided anew."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from extract.records import Copy
from extract.sandbox import Sandbox
from flows import settings
from flows.cli import newsduck
from flows.commands.load import load_file
from flows.commands.story import Passage, passages
from flows.line.anew.regroup import decide_ids
from storage import duck, migrate
from tests.empty import empty
from tests.test_stories import WIRE, prose

TITLE = "Ferries stop as crews walk out at three ports"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Path:
    """A warehouse of a wire story on three sites."""
    folder = tmp_path_factory.mktemp("comparing")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEWSDUCK_DATA", str(folder / "data"))
        fill(folder, sandbox)
    return folder


@pytest.fixture
def loaded(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it; gives the folder to run commands in."""
    monkeypatch.setenv("NEWSDUCK_DATA", str(tmp_path / "data"))
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def fill(folder: Path, sandbox: Sandbox) -> None:
    load(
        sandbox,
        folder,
        ("https://herald.example/1", TITLE, f"{WIRE}\n\n(Reporting by Ann Lee; Editing by Max Orr)"),
        ("https://post.example/2", "No boats today", f"{prose(60, 30)}.\n\n" + " ".join(WIRE.split()[:250])),
        ("https://other.example/3", "Something else", prose(61, 200)),
    )


def load(sandbox: Sandbox, folder: Path, *articles: tuple[str, str, str]) -> None:
    lines = [json.dumps({"url": url, "title": title, "text": text}) for url, title, text in articles]
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    load_file(folder / "articles.jsonl", settings.load(), sandbox)


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(newsduck, arguments)
    assert result.exit_code == code or isinstance(result.exception, Exception), result.output
    return result.output if code == 0 else str(result.exception)


def ask(folder: Path, sql: str) -> list[tuple[object, ...]]:
    return duck.ask(folder / "data/warehouse.duckdb", sql)[1]


@pytest.mark.parametrize(
    ("copy", "want"),
    [
        ("One two three four five six seven eight nine", []),
        ("one, two; THREE four “five” six seven eight nine", []),
        ("zero one two three four five six seven eight nine", [Passage(0, "", "zero")]),
        ("one two three four seven eight nine", [Passage(4, "five six", "")]),
        ("one two three four five six", [Passage(6, "seven eight nine", "")]),
        ("ten eleven", [Passage(0, "one two three four five six seven eight nine", "ten eleven")]),
    ],
)
def test_a_passage_is_where_the_words_differ(copy: str, want: list[Passage]) -> None:
    assert list(passages("one two three four five six seven eight nine", copy)) == want


def test_a_story_is_printed_with_what_each_outlet_added_and_cut(loaded: Path) -> None:
    ((story,),) = ask(loaded, "SELECT story_id FROM stories WHERE articles = 2")
    told = run("story", str(story))
    assert TITLE in told and "2 articles in 2 outlets" in told
    assert "Reuters wrote it (trailer: (Reporting by Ann Lee; Editing by Max Orr))" in told
    assert prose(60, 30).split()[0] in told, "the local top"
    assert "— " in told and "the same …" in told
    assert run("story", "https://post.example/2") == told
    assert "nobody else ran it" in run("story", "https://other.example/3")


@pytest.mark.parametrize("wanted", ["12345", "https://nobody.example/", "'; DROP TABLE stories; --", "9" * 30, "-"])
def test_a_story_that_is_none_is_told(wanted: str, loaded: Path) -> None:
    assert "no story has this id" in run("story", wanted, code=2)


def test_a_story_that_was_merged_leads_to_the_one_that_has_its_articles(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDUCK_DATA", str(empty(tmp_path / "data").data))
    words = WIRE.split()
    beginning, middle = " ".join(words[:160]), " ".join([*words[:40], *words[200:]])
    load(
        sandbox,
        tmp_path,
        ("https://herald.example/1", TITLE, beginning),
        ("https://post.example/2", "No boats", middle),
    )
    before = {story for (story,) in ask(tmp_path, "SELECT story_id FROM stories")}
    assert len(before) == 2
    load(sandbox, tmp_path, ("https://www.reuters.com/3", TITLE, WIRE))
    ((kept, articles),) = ask(tmp_path, "SELECT story_id, articles FROM stories")
    assert kept in before and articles == 3
    (gone,) = before - {kept}
    assert ask(tmp_path, "SELECT story_id, into_story_id FROM merged_stories") == [(gone, kept)]
    assert "3 articles in 3 outlets" in run("story", str(gone))
    assert ask(tmp_path, "SELECT DISTINCT agency_from FROM copies ORDER BY 1") == [("inherited",), ("site",)]


def test_grouping_anew_by_the_same_method_changes_nothing(loaded: Path) -> None:
    before = ask(loaded, "SELECT article_id, story_id, role FROM copies ORDER BY 1")
    told = run("regroup")
    assert "3 articles grouped anew: 2 stories before, 2 now" in told
    assert "0 articles are of another story; 0 differ" in told
    assert ask(loaded, "SELECT article_id, story_id, role FROM copies ORDER BY 1") == before
    assert ask(loaded, "SELECT count(*) FROM runs") == [(1,)]


def test_what_an_older_method_got_wrong_is_mended_and_ids_stay(loaded: Path) -> None:
    right = ask(loaded, "SELECT article_id, story_id, role FROM copies ORDER BY 1")
    with duck.open_file(loaded / "data/work/pipeline.duckdb") as connection:
        connection.execute(
            "UPDATE articles SET story_id = 7, role = 'original', lead_article_id = article_id WHERE role <> 'original'"
        )
        connection.execute("INSERT INTO stories SELECT 7 AS story_id, * EXCLUDE (story_id) FROM stories LIMIT 1")
        connection.execute("INSERT INTO merged_stories SELECT unnest([8, $1]), 7, now(), 1", [right[0][1]])
    told = run("regroup", "--dry-run")
    assert "1 articles would be of another story" in told and "nothing was written" in told
    assert "1 articles are of another story" in run("regroup")
    assert ask(loaded, "SELECT article_id, story_id, role FROM copies ORDER BY 1") == right
    (mended,) = [story for _, story, role in right if role != "original"]
    led = ask(loaded, "SELECT story_id, into_story_id FROM merged_stories ORDER BY 1")
    assert led == [(7, mended), (8, mended)], "also what had gone into it, and none that is there"
    assert "0 articles grouped anew" in run("regroup", "--since", "2100-01-01")


def test_the_larger_part_of_a_story_keeps_its_id() -> None:
    def copy(article: int, story: int) -> Copy:
        return Copy(article, story, article, "original", 1.0, 1.0)

    anew = [copy(1, 100), copy(2, 100), copy(3, 300), copy(4, 400)]
    kept = {c.article_id: c.story_id for c in decide_ids(anew, {1: 9, 2: 9, 3: 9, 4: 400})}
    assert kept[1] == kept[2] == 9
    assert kept[3] == 300, "an id of its own"
    assert kept[4] == 400
    taken = {c.article_id: c.story_id for c in decide_ids([copy(1, 9), replace(copy(2, 2), story_id=5)], {1: 5, 2: 9})}
    assert taken == {1: 5, 2: 9}


def test_ids_that_an_earlier_version_led_on_by_steps_lead_all_the_way(tmp_path: Path) -> None:
    script = next(migrate.FOLDER.glob("0025_*")).read_text(encoding="utf-8")
    with duck.open_file(tmp_path / "any.duckdb") as connection:
        connection.execute("CREATE TABLE stories AS SELECT unnest([1, 9]) AS story_id")
        connection.execute(
            "CREATE TABLE merged_stories AS SELECT * FROM (VALUES (5, 4), (4, 3), (3, 1), (9, 1), (7, 8), (8, 7)) t(story_id, into_story_id)"
        )
        connection.execute(script)
        led = dict(connection.execute("FROM merged_stories").fetchall())
    assert led.pop(7) == 8 and led.pop(8) == 7, "a circle ends nowhere, and stays as it is"
    assert led == {5: 1, 4: 1, 3: 1}
