"""An export's forms and papers: the same bytes each time, every file listed as it is, and read by other tools."""

import csv
import hashlib
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from flows.export.dataset import Wish, export
from flows.settings import Settings
from storage import duck
from tests.exported import BY, files, package, run_line, settings, told
from tests.line import Line

__all__ = ["run_line", "settings", "told"]  # fixtures


PAPERS = {"README.md", "CITATION.cff", "datapackage.json"}


def test_the_same_warehouse_gives_the_same_bytes(settings: Settings, told: Path, tmp_path: Path) -> None:
    export(settings, tmp_path / "again", Wish(words=True, csv="plain", by=BY))
    assert files(tmp_path / "again") == files(told)


def test_the_version_is_a_hash_of_articles_and_their_words(run_line: Line, told: Path) -> None:
    rows = run_line.ask("SELECT article_id, text_hash FROM articles ORDER BY article_id")
    version = hashlib.sha256("".join(f"{a} {h}\n" for a, h in rows).encode()).hexdigest()
    assert package(told)["version"] == version
    citation = yaml.safe_load((told / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == version
    assert {"cff-version", "message", "title", "authors", "type", "date-released"} <= citation.keys()
    ((finished,),) = run_line.ask("SELECT max(finished_at) FROM runs")
    assert isinstance(finished, datetime)
    assert citation["date-released"] == f"{finished:%Y-%m-%d}"
    assert version in (told / "README.md").read_text(encoding="utf-8")
    assert citation["authors"] == [{"name": name} for name in BY]


def test_the_package_lists_every_file_as_it_is(told: Path) -> None:
    listed = {one["path"]: one for one in package(told)["resources"]}
    assert listed.keys() == files(told).keys() - PAPERS
    assert len({one["name"] for one in listed.values()}) == len(listed)
    for path, one in listed.items():
        data = (told / path).read_bytes()
        assert re.fullmatch(r"[-a-z0-9._/]+", one["name"])
        assert (one["bytes"], one["hash"]) == (len(data), f"sha256:{hashlib.sha256(data).hexdigest()}")
        names = [field["name"] for field in one["schema"]["fields"]]
        assert set(one["schema"]["primaryKey"]) <= set(names)
        assert all(field["description"] for field in one["schema"]["fields"]), path
        if one["format"] == "parquet":
            assert names == pq.read_schema(told / path).names
            assert one["mediatype"] == "application/vnd.apache.parquet"
        else:
            assert names == data.decode().splitlines()[0].split(",")
            assert (one["mediatype"], one["profile"]) == ("text/csv", "tabular-data-resource")


def test_types_are_those_of_the_files(told: Path) -> None:
    kinds = {"string": "string", "int64": "integer", "int32": "integer", "double": "number", "bool": "boolean", "date32[day]": "date",
             "timestamp[us, tz=UTC]": "datetime", "list<element: string>": "array"}  # fmt: skip
    for one in package(told)["resources"]:
        if one["format"] == "parquet":
            schema = pq.read_schema(told / one["path"])
            assert [f["type"] for f in one["schema"]["fields"]] == [kinds[str(kind)] for kind in schema.types], one[
                "path"
            ]


def test_ids_are_text_where_numbers_lose_digits(run_line: Line, told: Path) -> None:
    own = package(told)["x-newsduck"]
    ids = {str(feed) for (feed,) in run_line.ask("SELECT feed_id FROM feeds")}
    assert {feed["feed_id"] for feed in own["feeds"]} == ids
    for one in package(told)["resources"]:
        for field in one["schema"]["fields"]:
            if field["name"].endswith(("_id", "_hash")):
                assert field["type"] == ("string" if one["format"] == "csv" else "integer")
    with (told / "csv" / "credits.csv").open(encoding="utf-8", newline="") as file:
        assert all(re.fullmatch(r"-?\d+", row["article_id"]) for row in csv.DictReader(file))


def test_4cat_takes_the_csv(run_line: Line, settings: Settings, tmp_path: Path) -> None:
    """As its importer reads it: the form guessed from a megabyte, each row with a moment that can be read."""
    for texts in (False, True):
        export(settings, tmp_path / "out", Wish(texts=texts, csv="4cat"))
        sample = (tmp_path / "out" / "4cat.csv").read_text(encoding="utf-8")
        assert csv.Sniffer().sniff(sample[: 2**20], delimiters=",;\t").delimiter == ","
        rows = list(csv.DictReader(sample.splitlines(keepends=True)))
        assert {"id", "thread_id", "author", "body", "subject", "timestamp"} <= rows[0].keys()
        assert len(rows) == len({row["id"] for row in rows}) == run_line.ask("SELECT count(*) FROM articles")[0][0]
        assert {bool(row["body"]) for row in rows} == {texts}
        for row in rows:
            datetime.strptime(row["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
            assert int(row["id"]) and int(row["thread_id"]) and row["author"] and row["subject"]
    threads = {row["thread_id"] for row in rows}
    assert len(threads) == run_line.ask("SELECT count(DISTINCT story_id) FROM articles")[0][0]


def test_no_cell_is_a_formula(run_line: Line, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(run_line.warehouse.published, data / "warehouse.duckdb")
    with duck.open_file(data / "warehouse.duckdb") as c:
        c.execute("UPDATE articles SET title = '=HYPERLINK(1)', outlet = '@a', section = '\t+1', authors = ['-x']")
    for form in ("plain", "4cat"):
        export(Settings(data=str(data)), tmp_path / "out", Wish(csv=form))
        for path in (tmp_path / "out").rglob("*.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                bad = [
                    c
                    for row in csv.reader(file)
                    for c in row
                    if c[:1] in ("=", "+", "-", "@", "\t") and not re.fullmatch(r"-\d+(\.\d+)?", c)
                ]
            assert bad == [], path


@pytest.mark.parametrize("tool", ["duckdb", "pandas", "polars"])
def test_other_tools_read_it(run_line: Line, told: Path, tool: str) -> None:
    module = pytest.importorskip(tool)
    if tool == "duckdb":
        found = module.sql(f"SELECT count(*) FROM '{told}/articles/*.parquet'").fetchall()[0][0]
    elif tool == "pandas":
        found = len(module.read_parquet(told / "articles"))
    else:
        found = len(module.read_parquet(f"{told}/articles/*.parquet"))
    assert found == run_line.ask("SELECT count(*) FROM articles")[0][0]
