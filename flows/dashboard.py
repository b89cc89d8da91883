"""What a run shows in Prefect's dashboard: a table of its feeds and a summary in Markdown."""

import re
from collections.abc import Sequence
from typing import Any

from extract import plain
from flows.report import OUTCOMES, told_of
from flows.work import Looked
from storage.topic_rows import Jump

MOST_ROWS = 300  # the dashboard draws a table whole; beyond a few hundred rows it crawls
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~])")


def feeds_table(looked: Sequence[Looked]) -> list[dict[str, Any]]:
    """A row a feed, worst first."""
    order = {"failed": 0, "refused": 1, "new": 2, "unchanged": 3}
    ranked = sorted(looked, key=lambda x: (order[x.poll.outcome], -x.poll.entries_new, x.feed.title))
    return [
        {
            "feed": name(x),
            "outcome": x.poll.outcome,
            "why": reason(x),
            "listed": x.poll.entries_seen,
            "new": x.poll.entries_new,
            "lost some": "probably" if x.poll.overlap is False else "",
            "every": f"{x.feed.interval_minutes:.0f} min" if x.feed.interval_minutes else "",
            "seconds": x.poll.seconds,
            "address": x.feed.url,
        }
        for x in ranked[:MOST_ROWS]
    ]


def summary_markdown(
    row: dict[str, Any],
    looked: Sequence[Looked],
    topics: Sequence[tuple[str, int, int]],
    worse: Sequence[dict[str, Any]] = (),
    jumps: Sequence[Jump] = (),
) -> str:
    """The run in Markdown: the funnel from entries seen to articles, stories by topic, sites that are read less well than
    before, feeds that failed, lost entries or listed them anew."""
    failures = [x for x in looked if x.poll.outcome in ("failed", "refused")]
    lost = [x for x in looked if x.poll.overlap is False]
    again = [x for x in looked if x.poll.relisted]
    lines = [f"## {row['name']}", "", f"{row['feeds']} feeds, {row['feeds_failed']} failed · {row['seen']} entries", ""]
    lines += ["| outcome | entries |", "|---|---:|", *(f"| {name} | {row[name]} |" for name in OUTCOMES), ""]
    lines += [f"{row['stories_new']} new stories, {row['copies_new']} copies found.", ""]
    if topics:
        lines += ["| topic | articles of this run | stories |", "|---|---:|---:|"]
        lines += [f"| {escape(name)} | {articles} | {stories} |" for name, articles, stories in topics]
        lines.append("")
    for jump in jumps:
        lines += [
            f"### Topic {escape(jump.topic)} jumped: {jump.stories} stories on {jump.day}, {jump.usual:g} are usual",
            "",
        ]
        lines += [*(f"- {escape(title)} ({outlets} outlets)" for _, title, outlets in jump.behind), ""]
    if worse:
        lines += ["### Sites that are read less well than before", ""]
        lines += [*(f"- {escape(told_of(site))}" for site in worse[:50]), ""]
    if failures:
        lines += [
            "### Feeds that failed",
            "",
            *(f"- **{escape(name(x))}**: {escape(reason(x))}" for x in failures[:50]),
        ]
    if lost:
        lines += [
            "",
            "### Feeds that probably lost entries since the last look",
            "",
            "They are looked at sooner from now on.",
            "",
        ]
        lines += [f"- **{escape(name(x))}**: all of {x.poll.entries_seen} entries were new" for x in lost[:50]]
    if again:
        lines += ["", "### Feeds that listed known entries under other addresses", ""]
        lines += [f"- **{escape(name(x))}**: {x.poll.relisted} of {x.poll.entries_seen} entries" for x in again[:50]]
    return "\n".join(lines)


def name(look: Looked) -> str:
    """What a feed is called: in the list, by itself, else its address."""
    return look.feed.title or look.poll.title or look.feed.url


def reason(look: Looked) -> str:
    """Why a look failed, without the address, which stands beside it."""
    return look.poll.error.replace(look.poll.url or look.feed.url, "").strip(" :")


def escape(text: str) -> str:
    """A publisher's text, harmless in Markdown."""
    return _MARKDOWN.sub(r"\\\1", plain.line(text))
