"""Writing an export: every table's files, then what describes them, in a folder that is put in place whole.

articles/2026-11-20.parquet …  stories.parquet …  words.parquet  csv/  README.md  CITATION.cff  datapackage.json
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from extract.errors import BadInput
from extract.tracked import Topic
from flows import house
from flows.board import progress
from flows.export import forms, package, papers, wordlist
from flows.export.package import OWN_USE, File
from flows.line.index import opened as searched
from flows.settings import VERSION, Settings
from flows.topics import check_query
from storage.export import place, source
from storage.export.source import Choice, Source
from storage.export.tables import ARTICLES, TABLES, Table
from storage.warehouse import Warehouse

ABOUT = (
    "News articles collected from feeds by newsduck: which outlet published what and when, which articles are copies of one \
story, which agency is credited, and how complete the collection is."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the data set is to hold."""

    choice: Choice = field(default_factory=Choice)
    texts: bool = False
    words: bool = False
    csv: str = ""  # plain, 4cat or none
    by: tuple[str, ...] = ()  # who collected it


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it."""

    articles: int
    version: str
    files: int
    bytes: int


def export(settings: Settings, folder: Path, wish: Wish) -> Written:
    """Write the data set. Raises BadInput where the folder is something else, where a topic or the query is none, and where nothing
    fits; Broken where the disk refuses."""
    if wish.texts and wish.words:
        raise BadInput("with --texts the words are there in their order: leave out --words")
    since, until = wish.choice.since, wish.choice.until
    if since and until and since >= until:
        raise BadInput(f"--since {since} is not before --until {until}: no day is between them")
    place.check(folder)
    warehouse = house.warehouse(settings)
    choice = _found(wish.choice, warehouse)
    with (
        place.written(folder, private=wish.texts) as fresh,
        source.opened(warehouse.published, fresh / ".aside") as look,
    ):
        look.choose(choice)
        return _write(look, fresh, replace(wish, choice=choice))


def _found(choice: Choice, warehouse: Warehouse) -> Choice:
    """The choice with the articles that its query finds."""
    if not choice.query:
        return choice
    query = check_query(Topic("", choice.query))
    with searched(warehouse) as (held, _):
        return replace(choice, found=held.find(query))


def _write(look: Source, fresh: Path, wish: Wish) -> Written:
    facts = _facts(look, wish)
    days = look.days()
    tick = progress.watcher.stage("export", len(days) + len(TABLES))
    files = []
    for file in _files(look, fresh, wish, days):
        files.append(file)
        tick()
    title = f"News collected by newsduck, {facts['first_day']} to {facts['last_day']}{', for own use' if wish.texts else ''}"
    told = {
        "README.md": papers.readme(title, facts, files, texts=wish.texts, words=wish.words, csv=wish.csv),
        "CITATION.cff": papers.citation(title, facts, wish.by, texts=wish.texts),
    }
    for name, text in told.items():
        (fresh / name).write_text(text, encoding="utf-8")
    own = _own(look, facts, wish) | {"papers": {name: place.digest(fresh / name) for name in told}}
    described = package.describe(_head(title, facts, wish), own, files)
    (fresh / place.PACKAGE).write_text(described, encoding="utf-8")
    there = [path for path in fresh.rglob("*") if path.is_file()]
    return Written(facts["articles"], facts["version"], len(there), sum(path.stat().st_size for path in there))


def _facts(look: Source, wish: Wish) -> dict[str, Any]:
    facts = look.facts()
    return facts | {
        "finished_at": source.finished(facts),
        "version": look.version(),
        "newsduck": VERSION,
        "about": f"{OWN_USE}. {ABOUT}" if wish.texts else ABOUT,
        "chosen": _chosen(wish.choice),
    }


def _chosen(choice: Choice) -> str:
    """The choice, in words."""
    parts = [f"on {' or '.join(choice.topics)}"] if choice.topics else []
    parts += [f"the query `{choice.query}`"] if choice.query else []
    parts += [f"first seen from {choice.since} on"] if choice.since else []
    parts += [f"first seen before {choice.until}"] if choice.until else []
    return "; ".join(parts) or "all that was kept"


def _files(look: Source, fresh: Path, wish: Wish, days: list[date]) -> Iterator[File]:
    """Write the files, one after the other."""
    about = look.about(ARTICLES.name)
    for day in days:
        where = f" WHERE day = DATE '{day}'"
        yield from _table(look, fresh, wish, ARTICLES, f"articles-{day}", f"articles/{day}", about, where)
    for table in TABLES:
        yield from _table(
            look, fresh, wish, table, table.name, table.name, look.about(table.name), _days(table, wish.choice)
        )
    if wish.words:
        path = fresh / "words.parquet"
        wordlist.write(look.texts(), path)
        yield File("words", path, path.name, wordlist.ABOUT, wordlist.COLUMNS, wordlist.NAMES[:2])
        if wish.csv == "plain":
            path = fresh / "csv" / "words.csv"
            forms.write(wordlist.NAMES, wordlist.counts(look.texts()), path)
            yield File("words-csv", path, "csv/words.csv", wordlist.ABOUT, wordlist.COLUMNS, wordlist.NAMES[:2])
    if wish.csv == "4cat":
        path, columns = fresh / "4cat.csv", forms.fourcat_columns()
        forms.write([column.name for column in columns], look.rows(forms.fourcat(wish.texts)), path)
        yield File("4cat", path, path.name, "Every article as 4CAT imports it.", columns, ("id",))


def _days(table: Table, choice: Choice) -> str:
    """Of what has days of its own, those that were asked for."""
    if table.name != "volume_by_feed":
        return ""
    bounds = [f"day >= DATE '{choice.since}'"] if choice.since else []
    bounds += [f"day < DATE '{choice.until}'"] if choice.until else []
    return f" WHERE {' AND '.join(bounds)}" if bounds else ""


def _table(
    look: Source, fresh: Path, wish: Wish, table: Table, name: str, within: str, about: str, where: str
) -> Iterator[File]:
    sql = table.select(texts=wish.texts, where=where)
    columns = look.columns(sql, table.of or (table.name,))
    key = [column.rpartition(".")[2].replace("told_id", "feed_id") for column in table.key]
    path = fresh / f"{within}.parquet"
    look.copy(sql, path)
    yield File(name, path, f"{within}.parquet", about, columns, key)
    if wish.csv == "plain":
        path = fresh / "csv" / f"{within}.csv"
        forms.write([column.name for column in columns], look.rows(sql), path)
        yield File(f"{name}-csv", path, f"csv/{within}.csv", about, columns, key)


def _head(title: str, facts: dict[str, Any], wish: Wish) -> dict[str, Any]:
    """What a data package says of itself."""
    head = {
        "name": "newsduck-export-for-own-use" if wish.texts else "newsduck-export",
        "title": title,
        "description": facts["about"],
        "version": facts["version"],
        "created": facts["finished_at"],
        "keywords": ["news", "media research", "wire copy"],
    }
    if wish.texts:
        head["licenses"] = [{"name": "other-closed", "title": OWN_USE}]
    return head


def _own(look: Source, facts: dict[str, Any], wish: Wish) -> dict[str, Any]:
    """What newsduck adds: how the data came about."""
    choice = wish.choice
    topics = ("topic", "version", "query", "stem", "current", "created_at", "superseded_at")
    feeds = (
        "feed_id",
        "url",
        "title",
        "status",
        "added_at",
        "entries",
        "stored",
        "lost",
        "waiting",
        "losses",
        "first_day",
        "last_day",
        "days",
        "failed_days",
    )
    return {
        "x-for-own-use": wish.texts,
        "exported_by": VERSION,
        **{
            name: facts[name]
            for name in ("collected_by", "schema_version", "readers", "methods", "event_methods", "zone")
        },
        "articles": facts["articles"],
        "chosen": {"topics": choice.topics, "query": choice.query, "since": choice.since, "until": choice.until},
        "holds": {"texts": wish.texts, "words": wish.words, "csv": wish.csv},
        "topics": package.rows(
            topics,
            list(
                look.rows(
                    f"SELECT {', '.join(topics)} FROM topics SEMI JOIN told_topics USING (topic) ORDER BY topic, version"
                )
            ),
        ),
        "feeds": package.rows(feeds, look.feeds()),
    }
