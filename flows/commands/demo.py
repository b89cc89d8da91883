"""`newsduck demo`: two days of an invented newsroom through the whole line, and the stories that come out."""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from demo.newsroom import Newsroom
from extract.errors import BadInput
from flows.board.account import summary
from flows.board.up import server
from flows.commands import _drawn
from flows.commands._running import leave, run_flow
from flows.line.work import open_folder
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo, say
from storage import duck

MARK = ".newsduck-demo"  # tells a folder the demo made from one it must not touch

QUERIES = (
    (
        "Which agency reached how many outlets",
        "SELECT agency_name, count(*) AS stories, sum(articles) AS articles, max(outlets) AS most_outlets\n  FROM agency_stories GROUP BY agency_name ORDER BY articles DESC",
    ),
    (
        "How much of each outlet is agency copy",
        "SELECT outlet, articles, agency_articles, agency_share\n  FROM outlet_shares ORDER BY agency_share DESC LIMIT 6",
    ),
    (
        "What publishers changed after the fact",
        "SELECT versions.changed, versions.title AS before, articles.title AS now, articles.outlet\n  FROM versions JOIN articles USING (article_id) WHERE reason = 'publisher'",
    ),
)


def run(folder: Path, port: int = 0) -> None:
    """Make the folder anew, run both days in it against one Prefect server, and print what is on each topic."""
    with Newsroom(datetime.now(UTC), port) as newsroom:
        settings = prepare(folder, newsroom)
        open_folder(settings, say)
        with server.running(settings, say):
            for day in (1, 2):
                newsroom.day = day
                echo(f"\nDay {day}")
                state, watcher = run_flow("ingest")
                if watcher.error is not None:
                    raise watcher.error
                for note in watcher.notes:
                    echo(note)
                if watcher.row is not None:
                    echo(summary(watcher.row, watcher.topics, settings.data_folder))
                echo(f"{state.name}: {state.message} (two of the newsroom's feeds are broken on purpose)")
    warehouse = settings.data_folder / "warehouse.duckdb"
    echo(
        "\nThe stories on each topic. For each article that ran one: its role, how much of its text is the lead's, the"
    )
    echo("outlet, its headline, and where the agency's credit stands, with the words that prove it.")
    for topic in newsroom.topics():
        _show_topic(warehouse, topic)
    for title, query in QUERIES:
        echo(f"\n{title}:\n\n  {query}")
        _drawn.table(*duck.ask(warehouse, query), sys.stdout)
    program = Path(sys.argv[0]).resolve() if shutil.which("newsduck") is None else "newsduck"
    echo(f'\nAsk yourself: cd {folder} && {program} sql "FROM stories"')
    echo("The newsroom has closed: ask here, do not ingest; `newsduck up --demo` opens it again")
    echo(f"The day as a page (both days were seen today): {max((folder / 'data' / 'reports').glob('2*.html'))}")
    echo("Your own feeds: newsduck init, then newsduck ingest (README, First five minutes)")


def prepare(folder: Path, newsroom: Newsroom, more: str = "") -> Settings:
    """Make the folder anew, with settings and a feed list for the newsroom, which are in force from then on; `more` comes
    before the settings' tables."""
    _make(folder)
    (folder / "feeds.opml").write_text(newsroom.opml(), encoding="utf-8")
    shutil.copy(Path(sys.modules["demo"].__file__ or "").with_name("agencies.toml"), folder / "agencies.toml")
    (folder / "newsduck.toml").write_text(_toml(newsroom.topics(), more), encoding="utf-8")
    os.environ["NEWSDUCK_CONFIG"] = str(folder / "newsduck.toml")
    return load_settings()


def _make(folder: Path) -> None:
    if folder.exists() and not (folder / MARK).exists() and any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty and not the demo's: name another folder with --keep")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / MARK).touch()
    except OSError as error:
        raise BadInput(f"{folder} cannot be made: {error.strerror}") from error


def _toml(topics: dict[str, str], more: str) -> str:
    lines = [
        'agencies = "agencies.toml"',
        *more.splitlines(),
        "[fetch]",
        "allow_loopback = true  # the newsroom is on this machine",
        "pause = 0.0",
        "[poll]",
        "every_minutes = 0.001  # the newsroom's two days pass in seconds",
        "shortest_minutes = 0.001",
        "longest_minutes = 0.001",
    ]
    for name, query in topics.items():
        lines += [f'[topics."{name}"]', f"query = '{query}'"]
    return "\n".join(lines) + "\n"


def _show_topic(warehouse: Path, topic: str) -> None:
    """The stories on a topic, each with the articles that ran it."""
    _, stories = duck.ask(warehouse, "SELECT story_id, title, articles, outlets, agency FROM stories_on(?)", [topic])
    echo(f"\n{topic}: {len(stories)} stories", bold=True)
    for story_id, title, articles, outlets, agency in stories:
        by = f", by {agency}" if agency else ""
        echo(
            f"  {title}"
            + (f"   ({articles} articles in {outlets} outlets{by})" if articles != 1 else by.replace(", by", "   by"))
        )
        if articles == 1:
            continue
        _, spread = duck.ask(
            warehouse,
            f"SELECT role, kept_from_lead, outlet, title, agency_from, agency_evidence FROM spread_of({story_id})",
        )
        for role, kept, outlet, headline, found_in, evidence in spread:
            why = f'{found_in}: "{str(evidence)[:48]}"' if found_in else ""
            echo(f"      {role:<8} {kept:>4.0%}  {str(outlet)[:26]:<26}  {str(headline)[:58]:<58}  {why}")


@click.command()
@click.option("--port", default=0, help="Port of the newsroom; any free one by default.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path),
    default=Path("newsduck-demo"),
    show_default=True,
    help="Folder to run in.",
)
def command(port: int, keep: Path) -> None:
    """Run two days of an invented newsroom through the whole line and show the stories."""
    run(keep, port)
    leave(0)
