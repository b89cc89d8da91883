"""What leaves the house with an export, and what does not: no wording, no login, no column that nobody decided on."""

import re
import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from extract.errors import BadInput
from flows.export.dataset import Wish, export
from flows.settings import Settings
from storage import duck
from storage.export.addresses import MACROS
from storage.export.source import Choice
from storage.export.tables import ARTICLES, LEFT_OUT, TABLES
from storage.migrate import migrate
from tests.exported import cells, package, run_line, settings, told
from tests.line import Line

__all__ = ["run_line", "settings", "told"]  # fixtures


LONG = 8  # words in a row that are somebody's wording


SECRETS = ("hunter2", "s3cr3t-of-reader", "5f0c1b9e77aa4d0d9c2d5c8b7e6f1a23")


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
