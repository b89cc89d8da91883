"""`newsduck export`: what leaves the house, what does not, and that it is the same each time."""

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner

from extract.errors import BadInput
from flows.cli import newsduck
from flows.export.dataset import Wish, export
from flows.settings import Settings
from storage import duck
from storage.export import place
from storage.export.addresses import MACROS
from storage.export.source import Choice
from storage.export.tables import ARTICLES, LEFT_OUT, TABLES
from storage.migrate import migrate
from tests.houses import Houses
from tests.line import Line, settings_for
from tests.test_cli import here, refused

PAPERS = {"README.md", "CITATION.cff", "datapackage.json"}
LONG = 8  # words in a row that are somebody's wording
SECRETS = ("hunter2", "s3cr3t-of-reader", "5f0c1b9e77aa4d0d9c2d5c8b7e6f1a23")


@pytest.fixture(scope="module")
def run_line(tmp_path_factory: pytest.TempPathFactory, houses: Houses) -> Line:
    """Both days of the newsroom, stored."""
    return houses.line(tmp_path_factory.mktemp("export"), 2)


@pytest.fixture(scope="module")
def settings(run_line: Line) -> Settings:
    return settings_for(run_line.folder, run_line.newsroom.topics())


@pytest.fixture(scope="module")
def told(run_line: Line, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of everything, with words and CSV."""
    folder = tmp_path_factory.mktemp("told") / "out"
    export(settings, folder, Wish(words=True, csv="plain"))
    return folder


def package(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def cells(folder: Path) -> Iterator[tuple[str, str]]:
    """(where, text) of everything that is written in an export, decoded."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            for column in table.column_names:
                for value in table[column].to_pylist():
                    yield f"{path.name}:{column}", str(value)
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.reader(file):
                    yield from ((path.name, cell) for cell in row)
        elif path.is_file():
            yield path.name, path.read_text(encoding="utf-8")


def runs_of(text: str, length: int = LONG) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[n : n + length]) for n in range(len(words) - length + 1)}


def wordings(line: Line) -> set[tuple[str, ...]]:
    """Every run of eight words of any article, now or before, but for those of headlines."""
    sql = """SELECT text FROM articles UNION SELECT standfirst FROM articles UNION SELECT description FROM articles
    UNION SELECT image_caption FROM articles UNION SELECT byline FROM articles UNION SELECT text FROM versions
    UNION SELECT standfirst FROM versions UNION SELECT summary FROM entries UNION SELECT content FROM entries"""
    found = set().union(*(runs_of(str(text)) for (text,) in line.ask(sql)))
    titles = line.ask("SELECT title FROM articles UNION SELECT title FROM versions")
    return found - set().union(*(runs_of(str(title)) for (title,) in titles))


def test_an_export_holds_no_wording(run_line: Line, told: Path) -> None:
    forbidden = wordings(run_line)
    assert len(forbidden) > 5_000
    leaked = [(where, run) for where, cell in cells(told) for run in runs_of(cell) & forbidden]
    assert leaked == []


def test_neither_does_one_for_4cat_of_one_topic(run_line: Line, settings: Settings, tmp_path: Path) -> None:
    export(settings, tmp_path / "out", Wish(Choice(("Measles",)), csv="4cat"))
    forbidden = wordings(run_line)
    assert not [where for where, cell in cells(tmp_path / "out") if runs_of(cell) & forbidden]


def test_what_pages_give_for_a_name_is_none_where_it_is_a_sentence(run_line: Line, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(run_line.warehouse.published, tmp_path / "data" / "warehouse.duckdb")
    with duck.open_file(tmp_path / "data" / "warehouse.duckdb") as c:
        c.execute(
            "UPDATE articles SET section = array_to_string(string_split(text, ' ')[:20], ' '), outlet_claim = 'The Paper'"
        )
    export(Settings(data=str(tmp_path / "data")), tmp_path / "out", Wish())
    rows = [row for path in (tmp_path / "out" / "articles").iterdir() for row in pq.read_table(path).to_pylist()]
    assert {(row["section"], row["outlet_claim"]) for row in rows} == {("", "The Paper")}


def test_counted_words_are_in_the_order_of_their_letters(run_line: Line, told: Path) -> None:
    rows = pq.read_table(told / "words.parquet").to_pylist()
    keys = [(row["article_id"], row["word"]) for row in rows]
    assert keys == sorted(set(keys))
    ((article, text),) = run_line.ask(
        "SELECT article_id, text FROM articles WHERE language = 'en' ORDER BY words LIMIT 1"
    )
    counted = {row["word"]: row["times"] for row in rows if row["article_id"] == article}
    assert sum(counted.values()) == len(re.findall(r"\w+", str(text)))


def test_the_same_warehouse_gives_the_same_bytes(settings: Settings, told: Path, tmp_path: Path) -> None:
    export(settings, tmp_path / "again", Wish(words=True, csv="plain"))
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


def test_every_column_was_decided_on(tmp_path: Path) -> None:
    """Whoever adds a column says here whether it may leave the house."""
    with duck.open_file(tmp_path / "empty.duckdb") as connection:
        migrate(connection)
    for table in (ARTICLES, *TABLES):
        found: set[str] = set()
        for name in table.of[:1] or (table.name,):
            found |= {row[0] for row in duck.ask(tmp_path / "empty.duckdb", f"DESCRIBE {name}")[1]}  # type: ignore[misc]
        decided = [*table.always, *table.wording, *table.never]
        assert len(decided) == len(set(decided)), table.name
        assert found <= set(decided), table.name
        assert table.of or found == set(decided), table.name
    tables = {str(t) for (t,) in duck.ask(tmp_path / "empty.duckdb", "SELECT table_name FROM duckdb_tables()")[1]}
    named = {table.name for table in (ARTICLES, *TABLES)} | set(", ".join(names for names, _ in LEFT_OUT).split(", "))
    assert tables - named == {"calendar", "migrations", "schema_version", "story_topics"}, (
        "in datapackage.json, or summed up"
    )


def test_logins_and_keys_of_addresses_stay_at_home(run_line: Line, settings: Settings, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(run_line.warehouse.published, data / "warehouse.duckdb")
    with duck.open_file(data / "warehouse.duckdb") as c:
        feeds = [feed for (feed,) in c.execute("SELECT feed_id FROM feeds ORDER BY feed_id LIMIT 3").fetchall()]
        c.execute(
            "UPDATE feeds SET url = 'https://me:hunter2@paper.example/feed', title = '' WHERE feed_id = ?", feeds[:1]
        )
        c.execute(
            "UPDATE feeds SET url = 'https://paper.example/feed?token=s3cr3t-of-reader&topic=art' WHERE feed_id = ?",
            feeds[1:2],
        )
        c.execute(
            f"UPDATE feeds SET url = 'https://paper.example/u/{SECRETS[2]}/rss', last_error = 'no {SECRETS[2]}' WHERE feed_id = ?",
            feeds[2:],
        )
        c.execute(
            "UPDATE articles SET url = 'https://me:hunter2@paper.example/' || article_id || '?token=s3cr3t-of-reader&page=2'"
        )
    export(Settings(data=str(data)), tmp_path / "out", Wish(csv="plain"))
    export(Settings(data=str(data)), tmp_path / "four", Wish(csv="4cat"))
    for folder in (tmp_path / "out", tmp_path / "four"):
        for where, cell in cells(folder):
            assert not [secret for secret in SECRETS if secret in cell], where
            assert not [feed for feed in feeds if str(feed) in cell], f"{where}: the id is a key of the whole address"
    urls = pq.read_table(tmp_path / "out" / "feeds.parquet")["url"].to_pylist()
    assert {
        "https://paper.example/feed",
        "https://paper.example/feed?token=removed&topic=art",
        "https://paper.example/u/removed/rss",
    } <= set(urls)


@pytest.mark.parametrize(
    ("address", "feed", "article"),
    [
        ("https://a.example/rss.xml", None, None),
        ("https://a.example/feed/?paged=2&cat=12", None, None),
        ("https://www.youtube.com/feeds/videos.xml?channel_id=UC16niRr50-MSBwiO3YDb3RA", None, None),
        ("https://a.example/2026/11/20/a-long-slug-of-many-words-about-2026-elections", None, None),
        ("http://u:p@a.example:8080/x?y=1", "http://a.example:8080/x?y=1", "http://a.example:8080/x?y=1"),
        ("https://a.example/f?APIKEY=abc", "https://a.example/f?APIKEY=removed", "https://a.example/f?APIKEY=removed"),
        ("https://a.example/f?rss_key=abc&z=1", "https://a.example/f?rss_key=removed&z=1", "="),
        ("https://a.example/f?x=AbCdEf0123456789AbCdEf", "https://a.example/f?x=removed", "="),
        ("https://a.example/f?AbCdEf0123456789AbCdEf", "https://a.example/f?removed", "="),
        ("https://a.example/private-0123456789abcdef01234567/x.ics", "https://a.example/removed/x.ics", "="),
        ("https://a.example/s?session_id=1&id=5f3a9c0123456789abcdef01", "https://a.example/s?session_id=removed&id=removed", "https://a.example/s?session_id=removed&id=5f3a9c0123456789abcdef01"),
        ("no address", None, None),
    ],
)  # fmt: skip
def test_what_goes_of_an_address(address: str, feed: str | None, article: str | None) -> None:
    with duckdb.connect() as c:
        c.execute(MACROS)
        got = c.execute("SELECT feed_address($a), article_address($a)", {"a": address}).fetchone()
    assert got == (feed or address, address if article in (None, "=") else article)


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


def test_texts_are_marked_for_own_use(run_line: Line, settings: Settings, tmp_path: Path) -> None:
    export(settings, tmp_path / "out", Wish(texts=True))
    found = package(tmp_path / "out")
    assert found["name"].endswith("for-own-use")
    assert found["licenses"] == [
        {
            "name": "other-closed",
            "title": "For own use only: the texts belong to their publishers and may not be passed on",
        }
    ]
    assert found["x-newsduck"]["x-for-own-use"] is True
    assert "For own use only" in (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    texts = {t for path in (tmp_path / "out" / "articles").iterdir() for t in pq.read_table(path)["text"].to_pylist()}
    assert texts == {t for (t,) in run_line.ask("SELECT text FROM articles")}
    with pytest.raises(BadInput, match="leave out --words"):
        export(settings, tmp_path / "out", Wish(texts=True, words=True))


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
