"""What a person is told of a run, a site, a clock and a topic, in plain lines."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extract.vocabulary import OUTCOMES
from flows.telling import some
from storage import duck

if TYPE_CHECKING:
    from storage.write.events import Growth
    from storage.write.topics import Jump

# When a run last brought what was fetched or loaded: a list of addresses that only waits is none.
LAST = "SELECT max(finished_at) AS at FROM runs WHERE kind = 'ingest' OR (kind = 'load' AND stored > 0)"
LATE = timedelta(days=2)  # one daily run may fail and the next make up for it
SLACK = timedelta(minutes=5)  # clocks differ


def summary(run: dict[str, Any], topics: Sequence[tuple[str, int, int]], data: Path) -> str:
    """A run's row and its topics (name, articles, stories) in a few lines, and where its warehouse is."""
    told = ", ".join(f"{run[name]:,} {name}" for name in OUTCOMES if run[name])
    lines = []
    if run["feeds"]:
        failed = f", {run['feeds_failed']} failed" if run["feeds_failed"] else ""
        lines.append(f"{some(run['feeds'], 'feed')}{failed}")
    lines.append(
        f"{some(run['seen'], 'entry', 'entries') if run['feeds'] else some(run['seen'], 'article')}: {told or 'nothing to do'}"
    )
    new = some(run["stories_new"], "new story", "new stories")
    changed = _changed(run["run_id"], data / "warehouse.duckdb")
    articles = (
        f"{some(run['stored'] - changed, 'new article')}, {changed:,} changed"
        if changed
        else some(run["stored"], "article")
    )
    lines.append(f"{articles}, {new}, {some(run['copies_new'], 'copy', 'copies')} found")
    lines += [
        f"topic {name}: {some(articles, 'article')}, {some(stories, 'story', 'stories')}"
        for name, articles, stories in topics
        if articles
    ]
    seconds = (run["finished_at"] - run["started_at"]).total_seconds()
    lines.append(f"{run['name']} took {seconds:.1f} s; the warehouse is {data / 'warehouse.duckdb'}")
    return "\n".join(lines)


def _changed(run_id: int, path: Path) -> int:
    """How many articles a run read anew that had been read before, and otherwise."""
    # A page that was read a second time, as its site has taught meanwhile, is none that the run stored.
    again = """WITH a AS (FROM articles WHERE run_id = ?),
        was AS (SELECT article_id, max_by(warc_file, version) AS file, max_by(warc_offset, version) AS place FROM versions
            WHERE article_id IN (SELECT article_id FROM a) GROUP BY ALL)
        SELECT count(*) FROM a JOIN was USING (article_id) WHERE warc_file = '' OR (warc_file, warc_offset) <> (file, place)"""
    return int(str(duck.ask(path, again, [run_id])[1][0][0])) if path.exists() else 0


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


def told_of_growth(growth: "Growth") -> str:
    """What an event's growth is, in a line."""
    return f"event {growth.event_id}: {growth.title}: {growth.joined} of {growth.outlets} outlets joined in the last six hours"


def told_of_jump(jump: "Jump") -> str:
    """What a topic's jump is, in a line."""
    return f"topic {jump.topic}: {jump.stories} stories on {jump.day}, where {jump.usual:g} are usual"
