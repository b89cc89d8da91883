"""`newsduck status`: how the warehouse is doing, in plain lines."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from extract.errors import Busy
from extract.vocabulary import OUTCOMES
from flows.board.account import LAST, LATE, SLACK, clock_off, told_of, told_of_clock, told_of_offset
from flows.board.up import password
from flows.line.parts import lists
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo, some
from storage import duck, lock
from storage.look.health import QUIET, WORSE
from storage.store.names import waiting


def status(path: Path) -> str:
    """How the warehouse is doing: the last run, what it holds, the feeds that need a look, the topics."""
    parts = []
    last = _first(path, "SELECT * FROM runs ORDER BY finished_at DESC LIMIT 1")
    if last is None:
        return f"{path} holds no run yet"
    parts.append(f"last run   {last['name']} ({last['kind']}), finished {last['finished_at']:%Y-%m-%d %H:%M} UTC")
    told = [f"{last[name]:,} {name}" for name in OUTCOMES if last[name]]
    if last["feeds_failed"]:
        told.append(f"{last['feeds_failed']:,} of {last['feeds']:,} feeds failed")
    parts.append(f"           {last['seen']:,} seen: {', '.join(told) or 'nothing to do'}")
    held = _first(
        path,
        """SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM stories) AS stories,
        (SELECT count(*) FROM articles WHERE role IN ('copy', 'edited')) AS copies, (SELECT count(*) FROM versions) AS versions,
        (SELECT count(*) FROM entries WHERE outcome = 'deferred') AS waiting""",
    )
    assert held is not None
    parts.append(
        "holds      " + ", ".join(f"{number:,} {name}" for name, number in held.items() if number or name == "articles")
    )
    parts.append(_feeds(path))
    parts += [f"reading    {told_of(site)}" for site in duck.ask_rows(path, f"{WORSE} LIMIT 10")]
    topics = duck.ask_rows(
        path,
        """SELECT topic, count(*) AS stories, sum(articles)::BIGINT AS articles FROM story_topics JOIN topics USING (topic, version)
        WHERE current GROUP BY topic ORDER BY stories DESC""",
    )
    parts += [
        f"topic      {t['topic']}: {some(t['stories'], 'story', 'stories')}, {some(t['articles'], 'article')}"
        for t in topics
    ]
    parts += [
        f"  jumped   {t['topic']}: {t['stories']:,} stories on {t['day']}, where {t['usual']:g} are usual"
        for t in duck.ask_rows(path, "FROM topic_jumps WHERE day > current_date - 7 ORDER BY day DESC, topic LIMIT 10")
    ]
    return "\n".join(parts)


def needs_somebody(path: Path, now: datetime) -> list[str]:
    """What does not mend itself, each in a few words: no run for two days, no feed that could be read, feeds that are dead, gone or
    held, sites whose reading has gone bad."""
    found = []
    last = _first(path, LAST)
    if last is None or last["at"] is None:
        found.append("no ingest has come to its end yet")
    elif now - last["at"] > LATE:
        found.append("no ingest for two days")
    looked = _first(
        path,
        """SELECT count(*) FILTER (last_outcome IN ('new', 'unchanged')) AS read, count(*) FILTER (last_outcome IN ('failed', 'refused')) AS failed
        FROM feeds WHERE status NOT IN ('removed', 'paused')""",
    )
    if looked and looked["failed"] and not looked["read"]:
        found.append("no feed could be read at its last look")
    newest = _first(path, "SELECT max(finished_at) AS at FROM runs")
    if newest and newest["at"] is not None and newest["at"] > now + SLACK:
        found.append(told_of_clock(newest["at"], now))
    if off := clock_off(path):
        found.append(told_of_offset(off))
    counts = _first(
        path,
        """SELECT count(*) FILTER (status = 'dead') AS dead, count(*) FILTER (status = 'gone') AS gone,
        count(*) FILTER (held <> '') AS held FROM feeds WHERE status <> 'removed'""",
    )
    found += [f"{n} feeds {state}" for state, n in (counts or {}).items() if n]
    worse = len(duck.ask_rows(path, WORSE))
    return [*found, f"{worse} sites read badly"] if worse else found


def _feeds(path: Path) -> str:
    counts = duck.ask_rows(path, "SELECT status, count(*) AS n FROM feeds GROUP BY status ORDER BY status")
    lines = ["feeds      " + (", ".join(f"{c['n']:,} {c['status']}" for c in counts) or "none")]
    ailing = sum(c["n"] for c in counts if c["status"] in ("failing", "dead", "gone"))
    lines += [
        f"  {feed['status']:<8} {feed['title'] or feed['url']}: {feed['last_error']} ({feed['failures']} in a row)"
        for feed in duck.ask_rows(
            path,
            """SELECT title, url, status, last_error, failures FROM feeds WHERE status IN ('failing', 'dead', 'gone')
            ORDER BY failures DESC LIMIT 10""",
        )
    ]
    lines += [f"  and {ailing - 10} more: `newsduck feeds list` has all"] if ailing > 10 else []
    lines += [
        f"  held     {feed['title'] or feed['url']}: {feed['held']}; `newsduck feeds accept {feed['url']}` says yes"
        for feed in duck.ask_rows(
            path, "SELECT title, url, held FROM feeds WHERE held <> '' AND status <> 'removed' LIMIT 10"
        )
    ]
    lines += [
        f"  lost     {feed['title'] or feed['url']}: entries were probably missed before {feed['lost_at']:%Y-%m-%d %H:%M} UTC, "
        f"{some(feed['losses'], 'time')} so far; now looked at every {feed['interval_minutes']:.0f} minutes"
        for feed in duck.ask_rows(
            path,
            """SELECT title, url, lost_at, losses, interval_minutes FROM feeds WHERE lost_at IS NOT NULL AND status <> 'removed'
            ORDER BY lost_at DESC LIMIT 10""",
        )
    ]
    quiet = duck.ask_rows(path, QUIET)
    lines += [
        f"  quiet    {feed['title'] or feed['url']}: {feed['seen']} entries on {feed['day']}, where {feed['expected']:.0f} were to be expected"
        for feed in quiet
    ]
    return "\n".join(lines)


def _parts(settings: Settings) -> str:
    """What the parts of a divided fetch have on their lists."""
    given = [lists.read(settings.data_folder, part) for part in range(1, settings.fetch.parts + 1)]
    asks = sum(len(one.asks) for one in given if one is not None)
    return f"parts      {settings.fetch.parts}, with {asks:,} feeds and pages on their lists"


def idle_parts(settings: Settings, path: Path, now: datetime) -> list[str]:
    """The parts that have something on their list and have not fetched for two days: no worker runs them."""
    if settings.fetch.parts == 1:
        return []
    (began,) = duck.ask_rows(path, "SELECT min(started_at) AS at FROM runs")
    fetched = duck.ask_rows(path, "SELECT name, started_at AS at FROM runs WHERE kind = 'fetch' ORDER BY started_at")
    last = {row["name"].split("-")[1]: row["at"] for row in fetched}
    found = []
    for part in range(1, settings.fetch.parts + 1):
        given = lists.read(settings.data_folder, part)
        if given is not None and given.asks and now - last.get(str(part), began["at"]) > LATE:
            found.append(f"part {part} has fetched nothing for two days")
    return found


def _where(settings: Settings, home: Path) -> str:
    """Where this folder's dashboard is, or how it comes to be: at its address another folder's may answer."""
    try:
        lock.look(home)
    except Busy:
        return settings.server.url.removesuffix("/api")
    return "`newsduck up` starts it"


def _first(path: Path, sql: str) -> dict[str, Any] | None:
    return next(iter(duck.ask_rows(path, sql)), None)


@click.command()
def command() -> None:
    """Say how the warehouse is doing: the last run, what it holds, feeds that need a look, topics. Exit code 1 where
    something does not mend itself."""
    found = load_settings(needed=True)
    path, secret = found.data_folder / "warehouse.duckdb", password.path(found.data_folder / "prefect")
    with duck.held_open(path):
        echo(status(path))
        if found.fetch.parts > 1:
            echo(_parts(found))
        if secret.exists():
            echo(f"dashboard  {_where(found, secret.parent)}; its password is the line in {secret}")
        wanted = [*needs_somebody(path, now := datetime.now(UTC)), *idle_parts(found, path, now)]
        if found.elsewhere:
            here = waiting(found.data_folder / "archive")
            echo(f"archive    at {found.elsewhere}; {f'still here: {here}' if here.files else 'nothing waits here'}")
            if here.since is not None and now - here.since > LATE:
                wanted.append("archive files are not sent (`newsduck doctor` says why)")
    if wanted:
        echo(f"needs you  {', '.join(wanted)}", bold=True)
        sys.exit(1)
