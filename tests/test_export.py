"""`newsduck export`: what of a warehouse is chosen, where it comes to stand, and what the command says."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from extract.errors import BadInput
from flows.cli import newsduck
from flows.export.dataset import Wish, export
from flows.settings import Settings
from storage import duck
from storage.export import place
from storage.export.source import Choice
from tests.exported import files, package, run_line, settings, told
from tests.line import Line
from tests.typed import here, refused

__all__ = ["run_line", "settings", "told"]  # fixtures


def test_topic_query_and_days_choose(run_line: Line, settings: Settings, tmp_path: Path) -> None:
    def ids(choice: Choice) -> set[int]:
        export(settings, tmp_path / "out", Wish(choice))
        return {
            n
            for path in (tmp_path / "out" / "articles").iterdir()
            for n in pq.read_table(path)["article_id"].to_pylist()
        }

    on_topic = (
        "SELECT article_id FROM article_topics JOIN topics USING (topic, version) WHERE current AND topic = 'Measles'"
    )
    assert ids(Choice(("Measles",))) == {n for (n,) in run_line.ask(on_topic)}
    topics = pq.read_table(tmp_path / "out" / "topics.parquet").to_pylist()
    assert {row["topic"] for row in topics} == {"Measles"}
    assert package(tmp_path / "out")["x-newsduck"]["topics"][0]["query"] == topics[0]["query"]
    ferries = ids(Choice(query="title:ferry"))
    assert ferries == {n for (n,) in run_line.ask("SELECT article_id FROM articles WHERE title ILIKE '%ferry%'")}
    assert ids(Choice(("Measles",), "measles AND NOT ferry")) <= ids(Choice(("Measles",)))
    ((day,),) = run_line.ask("SELECT max(seen_day) FROM articles")
    assert isinstance(day, date)
    assert ids(Choice(since=day, until=day + timedelta(1))) == {
        n for (n,) in run_line.ask(f"SELECT article_id FROM articles WHERE seen_day = '{day}'")
    }


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(("Mesles",)), "no topic is called 'Mesles'; there are .*Measles"),
        (Choice(query='"open'), r"a closing \" was expected"),
        (Choice(query="xyzzyplugh"), "no article is kept that fits"),
        (Choice(since=date(2020, 1, 2), until=date(2020, 1, 2)), "is not before"),
        (Choice(until=date(2020, 1, 2)), "no article is kept that fits"),
    ],
)
def test_what_cannot_be_chosen_is_said_and_leaves_nothing(
    settings: Settings, tmp_path: Path, choice: Choice, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        export(settings, tmp_path / "out", Wish(choice))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    export(settings, mine, Wish())  # an empty one is nobody's
    (mine / "notes.txt").write_text("mine")
    before = files(mine)
    with pytest.raises(BadInput, match=r"notes\.txt is no part of the export"):
        export(settings, mine, Wish())
    (mine / "notes.txt").unlink()
    (mine / "CITATION.cff").write_text("authors: [me]")
    with pytest.raises(BadInput, match=r"CITATION\.cff was changed"):
        export(settings, mine, Wish())
    assert files(mine).keys() == before.keys() - {"notes.txt"}
    others = (("file.txt", "x"), ("datapackage.json", '{"resources": []}'), ("datapackage.json", "["))
    for number, (name, text) in enumerate(others):
        other = tmp_path / f"other{number}"
        other.mkdir()
        (other / name).write_text(text)
        with pytest.raises(BadInput, match="is no export of newsduck"):
            export(settings, other, Wish())
        assert (other / name).read_text() == text
    with pytest.raises(BadInput, match="is a file"):
        export(settings, tmp_path / "other0" / "file.txt", Wish())
    with pytest.raises(BadInput, match="is no folder"):
        export(settings, tmp_path / "none" / "out", Wish())
    assert not list(tmp_path.glob(".*"))


def test_an_export_takes_the_place_of_an_earlier_one(settings: Settings, tmp_path: Path) -> None:
    export(settings, tmp_path / "out", Wish(words=True, csv="plain"))
    (tmp_path / ".out.new-999999999").mkdir()  # of one that was killed
    export(settings, tmp_path / "out", Wish())
    assert not list((tmp_path / "out").rglob("*.csv"))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_export_that_fails_leaves_the_earlier_one(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(settings, tmp_path / "out", Wish())
    before = files(tmp_path / "out")
    monkeypatch.setattr(place, "_synced", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Exception, match="there is no room left"):
        export(settings, tmp_path / "out", Wish(words=True))
    assert files(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_command(run_line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(here("export", "out"), "newsduck.toml")
    monkeypatch.setenv("NEWSDUCK_DATA", str(run_line.folder / "data"))
    done = here("export", "--csv", "out")
    assert done.returncode == 0 and "version " in done.stdout and "articles in" in done.stdout
    assert (tmp_path / "out" / "csv" / "stories.csv").exists()
    assert here("export", "out", "--csv", "4cat", "--topic", "Measles").returncode == 0
    assert (tmp_path / "out" / "4cat.csv").exists() and not (tmp_path / "out" / "csv" / "stories.csv").exists()
    refused(here("export", "out", "--topic", "none"), "no topic is called 'none'")
    refused(here("export", "out", "--query", "a AND"))
    assert "does not match the format" in here("export", "out", "--since", "soon").stderr
    refused(here("export", "out", NEWSDUCK_DATA=str(tmp_path / "nothing")), "does not exist yet")


def test_an_earlier_warehouse_is_said(run_line: Line, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(run_line.warehouse.published, tmp_path / "data" / "warehouse.duckdb")
    with duck.open_file(tmp_path / "data" / "warehouse.duckdb") as c:
        c.execute("DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations)")
    with pytest.raises(BadInput, match="by an earlier newsduck"):
        export(Settings(data=str(tmp_path / "data")), tmp_path / "out", Wish())


def test_nothing_said_is_told_as_a_command_line_is() -> None:
    done = CliRunner().invoke(newsduck, ["export"])
    assert done.exit_code == 2 and "Missing argument 'FOLDER'" in done.output
