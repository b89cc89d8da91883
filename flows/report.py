"""What a person is told after a run, and what `newsduck status` says, in plain lines."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from storage import duck
from storage.look.health import QUIET, WORSE
from storage.write.topics import Jump

LATE = timedelta(days=2)  # one daily run may fail and the next make up for it
SLACK = timedelta(minutes=5)  # clocks differ
OUTCOMES = ("stored", "unchanged", "duplicate", "refused", "quarantined", "deferred")


def summary(run: dict[str, Any], topics: Sequence[tuple[str, int, int]], data: Path) -> str:
    """A run's row and its topics (name, articles, stories) in a few lines, and where its warehouse is."""
    told = ", ".join(f"{run[name]:,} {name}" for name in OUTCOMES if run[name])
    lines = []
    if run["feeds"]:
        failed = f", {run['feeds_failed']} failed" if run["feeds_failed"] else ""
        lines.append(f"{run['feeds']:,} feeds{failed}")
    lines.append(f"{run['seen']:,} {'entries' if run['feeds'] else 'articles'}: {told or 'nothing to do'}")
    lines.append(f"{run['stored']:,} articles, {run['stories_new']:,} new stories, {run['copies_new']:,} copies found")
    lines += [
        f"topic {name}: {articles:,} articles, {stories:,} stories" for name, articles, stories in topics if articles
    ]
    seconds = (run["finished_at"] - run["started_at"]).total_seconds()
    lines.append(f"{run['name']} took {seconds:.1f} s; the warehouse is {data / 'warehouse.duckdb'}")
    return "\n".join(lines)


def status(path: Path) -> str:
    """How the warehouse is doing: the last run, what it holds, the feeds that need a look, the topics."""
    parts = []
    last = _first(path, "SELECT * FROM runs ORDER BY finished_at DESC LIMIT 1")
    if last is None:
        return f"{path} holds no run yet"
    parts.append(f"last run   {last['name']} ({last['kind']}), finished {last['finished_at']:%Y-%m-%d %H:%M} UTC")
    told = ", ".join(f"{last[name]:,} {name}" for name in OUTCOMES if last[name])
    parts.append(f"           {last['seen']:,} seen: {told or 'nothing to do'}")
    held = _first(
        path,
        """SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM stories) AS stories,
        (SELECT count(*) FROM copies WHERE role IN ('copy', 'edited')) AS copies, (SELECT count(*) FROM versions) AS versions,
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
    parts += [f"topic      {t['topic']}: {t['stories']:,} stories, {t['articles']:,} articles" for t in topics]
    parts += [
        f"  jumped   {t['topic']}: {t['stories']:,} stories on {t['day']}, where {t['usual']:g} are usual"
        for t in duck.ask_rows(path, "FROM topic_jumps WHERE day > current_date - 7 ORDER BY day DESC, topic LIMIT 10")
    ]
    return "\n".join(parts)


def needs_somebody(path: Path, now: datetime) -> list[str]:
    """What does not mend itself, each in a few words: no run for two days, feeds that are dead, gone or held, sites whose
    reading has gone bad."""
    found = []
    last = _first(path, "SELECT max(finished_at) AS at FROM runs WHERE kind IN ('ingest', 'load')")
    if last is None or last["at"] is None or now - last["at"] > LATE:
        found.append("no ingest for two days")
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


def told_of_clock(newest: datetime, now: datetime) -> str:
    """What it means that a run finished in the future."""
    ahead = newest - now
    far = f"{ahead.days} days" if ahead.days else f"{ahead.total_seconds() / 60:.0f} minutes"
    return f"a run finished {far} from now ({newest:%Y-%m-%d %H:%M} UTC): this machine's clock is behind, or was ahead then"


def clock_off(path: Path) -> float:
    """Seconds by which this machine's clock was ahead when a run last likened it to others; 0 where that is within what
    clocks differ by, or the file is of a newsduck that did not look."""
    known = "SELECT 1 FROM duckdb_columns() WHERE table_name = 'runs' AND column_name = 'clock_off'"
    last = "SELECT clock_off FROM runs WHERE clock_off IS NOT NULL ORDER BY finished_at DESC LIMIT 1"
    rows = duck.ask(path, last)[1] if duck.ask(path, known)[1] else []
    return next((float(str(off)) for (off,) in rows if abs(float(str(off))) > SLACK.total_seconds()), 0.0)


def told_of_offset(seconds: float) -> str:
    """How far this machine's clock was off when it was last likened to others."""
    far = f"{abs(seconds) / 86_400:.1f} days" if abs(seconds) >= 86_400 else f"{abs(seconds) / 60:.0f} minutes"
    return f"this machine's clock was {far} {'ahead of' if seconds > 0 else 'behind'} those of the hosts it asked"


def told_of(site: dict[str, Any]) -> str:
    """What has gone bad with reading a site, from a row of `reading_by_site`."""
    before = f"{site['words_before']:.0f} words in {site['articles_before']:,} articles before"
    now = f"{site['words'] or 0:.0f} in {site['articles']:,} of the last week"
    return f"{site['host']}: {site['worse']}: a median of {before}, {now}; {site['blocked']:,} pages gave none"


def told_of_jump(jump: Jump) -> str:
    """What a topic's jump is, in a line."""
    return f"topic {jump.topic}: {jump.stories} stories on {jump.day}, where {jump.usual:g} are usual"


def _feeds(path: Path) -> str:
    counts = duck.ask_rows(path, "SELECT status, count(*) AS n FROM feeds GROUP BY status ORDER BY status")
    lines = ["feeds      " + (", ".join(f"{c['n']:,} {c['status']}" for c in counts) or "none")]
    lines += [
        f"  {feed['status']:<8} {feed['title'] or feed['url']}: {feed['last_error']} ({feed['failures']} in a row)"
        for feed in duck.ask_rows(
            path,
            """SELECT title, url, status, last_error, failures FROM feeds WHERE status IN ('failing', 'dead', 'gone')
            ORDER BY failures DESC LIMIT 10""",
        )
    ]
    lines += [
        f"  held     {feed['title'] or feed['url']}: {feed['held']}; `newsduck feeds accept {feed['url']}` says yes"
        for feed in duck.ask_rows(
            path, "SELECT title, url, held FROM feeds WHERE held <> '' AND status <> 'removed' LIMIT 10"
        )
    ]
    lines += [
        f"  lost     {feed['title'] or feed['url']}: entries were probably missed before {feed['lost_at']:%Y-%m-%d %H:%M} UTC, "
        f"{feed['losses']} time{'' if feed['losses'] == 1 else 's'} so far; now looked at every {feed['interval_minutes']:.0f} minutes"
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


def _first(path: Path, sql: str) -> dict[str, Any] | None:
    return next(iter(duck.ask_rows(path, sql)), None)
