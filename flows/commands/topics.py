"""`newsduck topics`: what is tracked, what a query would find before it is saved, and the settings file changed in place."""

import sys
import tomllib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import click

from extract.errors import BadInput
from extract.tracked import Topic
from flows import settings as settings_file
from flows.commands import _tables
from flows.commands._options import DAY, FORMAT, utc
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo, emphasised
from flows.topics import check_query, check_topic
from storage import duck
from storage.files import replace_file

BARS = 30  # days drawn
WIDE = 40  # columns of the longest bar

_LIST = """
SELECT topic, topics.version, whole, count(story_id) AS stories, coalesce(sum(articles), 0)::BIGINT AS articles,
    count(story_id) FILTER (day > current_date - 7) AS last_week, max(day) AS newest
FROM topics LEFT JOIN story_topics USING (topic, version) WHERE current GROUP BY ALL
"""
_VERSIONS = """
SELECT topics.version, created_at, superseded_at, current, whole, query, stem, count(article_id) AS articles
FROM topics LEFT JOIN article_topics USING (topic, version) WHERE topic = ? GROUP BY ALL ORDER BY topics.version
"""
_STORIES = """
SELECT title, story_topics.articles, outlets, agency, snippet, day FROM story_topics JOIN topics USING (topic, version) JOIN stories USING (story_id)
WHERE topic = ? AND current ORDER BY day > (SELECT max(day) - 30 FROM story_topics) DESC, outlets DESC, score DESC LIMIT 10
"""


def list_topics(settings: Settings, form: str, out: TextIO) -> None:
    """Write the topics of the settings, with what the warehouse has on them."""
    held = {row["topic"]: row for row in _rows(settings, _LIST)}
    names = ("topic", "stories", "articles", "last_week", "newest", "version", "state", "query", "description")
    rows = []
    for name, topic in settings.topics.items():
        row = held.get(name, {})
        state = "whole" if row.get("whole") else "to be applied by the next run"
        told = [row.get(column) for column in names[1:6]]
        rows.append((name, *told, state, topic.query, topic.description))
    _tables.write(names, rows, form, out)


def show(name: str, settings: Settings) -> None:
    """Print a topic: its query and versions, its days, and its stories with the passages that matched."""
    topic = _named(name, settings)
    _head(topic)
    for row in _rows(settings, _VERSIONS, name):
        until = f" to {row['superseded_at']:%Y-%m-%d}" if row["superseded_at"] else ""
        echo(
            f"version    {row['version']}, from {row['created_at']:%Y-%m-%d}{until}: {row['articles']:,} articles   {row['query']}"
        )
    days = _rows(settings, "SELECT day, stories, usual, jump FROM topic_daily WHERE topic = ? ORDER BY day", name)
    bars(
        [(d["day"], d["stories"], f"  jumped: {d['usual']:.0f} are usual" if d["jump"] else "") for d in days],
        "stories",
    )
    for story in _rows(settings, _STORIES, name):
        by = f", by {story['agency']}" if story["agency"] else ""
        echo(f"\n{story['day']}  {story['title']}   ({story['articles']} articles, {story['outlets']} outlets{by})")
        echo(f"    {emphasised(story['snippet'])}")


def try_query(topic: Topic, settings: Settings, since: datetime | None) -> None:
    """Print what a query would find among all articles kept (published since then), and what differs from the version of
    the topic of that name that is in force. Writes nothing of it anywhere."""
    from flows.commands import _preview
    from flows.commands.search import lines

    query = check_query(topic)
    told = _preview.preview(query, settings, since)
    _head(topic)
    began = f" since {since:%Y-%m-%d}" if since else ""
    echo(f"finds      {told.days.articles:,} articles, {told.days.stories:,} stories{began}")
    bars([(day, articles, "") for day, articles, _ in told.days.by_day], "articles")
    if told.more is not None:
        echo(f"differs    {told.counts[0]:,} articles more and {told.counts[1]:,} fewer than the version in force")
        for mark, found in (("+", told.more), ("-", told.fewer)):
            for one in found:
                echo(f"  {mark} {one.at:%Y-%m-%d}  {one.outlet}  {one.title}")
    for line in lines(told.examples, query):
        echo(line)


def bars(days: Sequence[tuple[date, int, str]], what: str) -> None:
    """Draw the last days, one a line; days between them that have none too."""
    if not days:
        return
    by_day = {day: (count, note) for day, count, note in days}
    last = days[-1][0]
    shown = [last - timedelta(days=n) for n in range(min(BARS, (last - days[0][0]).days + 1))][::-1]
    most = max(by_day.get(day, (0, ""))[0] for day in shown) or 1
    echo(f"by day     {what}{f', the last {BARS} days' if days[0][0] < shown[0] else ''}")
    empty = 0
    for day in shown:
        count, note = by_day.get(day, (0, ""))
        empty = 0 if count else empty + 1
        if count or empty == 1:
            echo(f"  {day}  {'█' * -(-count * WIDE // most):<{WIDE}} {count:>5,}{note}")
        elif empty == 2:
            echo("  …")


def add(topic: Topic) -> Path:
    """Write a new topic into the settings file; gives the file. Raises BadInput where its name is taken or the
    file cannot be written."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    check_topic(topic)
    path, document = _document()
    if topic.name in document.get("topics", {}):
        raise BadInput(f"{path} has a topic {topic.name!r}: `newsduck topics edit` changes it")
    table = tomlkit.table()
    for key in ("description", "stem"):
        if value := getattr(topic, key):
            table.add(key, value)
    table.add("query", tomlkit.string(topic.query, literal=_literal(topic.query)))
    try:
        document.setdefault("topics", tomlkit.table(is_super_table=True))[topic.name] = table
    except (ValueError, TypeError, TOMLKitError) as error:
        raise BadInput(f"{path}: its topics are written in a way that another cannot be added to: {error}") from error
    return _write(path, document)


def edit(name: str, settings: Settings, query: str | None, description: str | None, stem: str | None) -> Path:
    """Change a topic in the settings file: what is None stays; gives the file."""
    import tomlkit

    before = _named(name, settings)
    after = Topic(
        name,
        before.query if query is None else query,
        stem=before.stem if stem is None else stem,
        description=before.description if description is None else description,
    )
    check_topic(after)
    path, document = _document()
    table = document["topics"][name]
    if after.query != before.query:
        table["query"] = tomlkit.string(after.query, literal=_literal(after.query))
    for key in ("description", "stem"):
        if getattr(after, key) != getattr(before, key):
            table[key] = getattr(after, key)
    return _write(path, document)


def remove(name: str, settings: Settings) -> Path:
    """Take a topic out of the settings file; its matches stay in the warehouse, marked superseded by the next run."""
    _named(name, settings)
    path, document = _document()
    del document["topics"][name]
    return _write(path, document)


def _head(topic: Topic) -> None:
    if topic.name:
        echo(topic.name, bold=True)
    if topic.description:
        echo(topic.description)
    echo(f"query      {topic.query}{f'   (stems: {topic.stem})' if topic.stem else ''}")


def _named(name: str, settings: Settings) -> Topic:
    for topic in settings_file.configured_topics(settings):
        if topic.name == name:
            return topic
    known = ", ".join(settings.topics) or "none"
    raise BadInput(f"there is no topic {name!r} in the settings; there are: {known}")


def _rows(settings: Settings, sql: str, *values: object) -> list[dict[str, Any]]:
    """Rows of the people's file; none where there is no such file yet."""
    path = settings.data_folder / "warehouse.duckdb"
    return duck.ask_rows(path, sql, values) if path.exists() else []


def _document() -> tuple[Path, Any]:
    import tomlkit  # settings are changed in place by few commands
    from tomlkit.exceptions import TOMLKitError

    path = settings_file.file()
    try:
        return path, tomlkit.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadInput(f"{path} does not exist: `newsduck init` makes it") from error
    except (OSError, TOMLKitError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from error


def _literal(query: str) -> bool:
    """Whether a query can stand between single quotes, which leaves its double ones as they are."""
    return "'" not in query and query.isprintable()


def _write(path: Path, document: Any) -> Path:
    import tomlkit

    text = tomlkit.dumps(document)
    try:
        tomllib.loads(text)
        replace_file(path, text.encode())
    except ValueError as error:
        raise BadInput(f"{path} cannot be written like that, and stays as it is: {error}") from error
    return path


_APPLIED = "the next run applies it to everything kept, `newsduck retag` at once"


@click.group()
def command() -> None:
    """What is tracked: list and show it, try a query before it is saved, change the settings file."""


@command.command("list")
@FORMAT
def topics_list(form: str) -> None:
    """Show the topics, their queries, and what the warehouse has on them."""
    list_topics(load_settings(), form, sys.stdout)


@command.command("show")
@click.argument("name")
def topics_show(name: str) -> None:
    """Show a topic: its versions, its days, its stories with the passages that matched."""
    show(name, load_settings())


@command.command("test", context_settings={"ignore_unknown_options": True})
@click.argument("query")
@click.option("--topic", "name", default="", help="Say what differs from this topic as it is now.")
@click.option("--since", type=DAY, help="Only articles published since that day (UTC).")
@click.option("--stem", default="", help="Language (ISO 639-1) in whose articles words match by their stems.")
def topics_test(query: str, name: str, since: datetime | None, stem: str) -> None:
    """Say what a query would find among all that is kept, and write nothing: how much, when, and examples."""
    from flows.board import progress

    with progress.bars():
        try_query(Topic(name, query, stem=stem), load_settings(), utc(since))


@command.command("add", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("query")
@click.option("--description", default="", help="A note for yourself.")
@click.option("--stem", default="", help="Language (ISO 639-1) in whose articles words match by their stems.")
def topics_add(name: str, query: str, description: str, stem: str) -> None:
    """Track a query under a name: write it into the settings file."""
    load_settings()  # a file that is wrong already is told before it is written
    echo(f"wrote {add(Topic(name, query, stem=stem, description=description))}; {_APPLIED}")


@command.command("edit", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("query", required=False)
@click.option("--description", help="Another note.")
@click.option("--stem", help='Another language for stems; "" for none.')
def topics_edit(name: str, query: str | None, description: str | None, stem: str | None) -> None:
    """Change a topic's query in the settings file: by the one given, else in your editor."""
    found = load_settings()
    if query is None and description is None and stem is None and name in found.topics:
        query = (click.edit(found.topics[name].query) or found.topics[name].query).strip()
    echo(f"wrote {edit(name, found, query, description, stem)}; {_APPLIED}")


@command.command("remove")
@click.argument("name")
def topics_remove(name: str) -> None:
    """Track a topic no more. What it matched stays in the warehouse, as a version that is not current."""
    echo(f"wrote {remove(name, load_settings())}")
