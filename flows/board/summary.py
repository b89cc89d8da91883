"""What a run shows in Prefect's dashboard: a table of its feeds and a summary in Markdown."""

import base64
import re
from collections.abc import Sequence
from typing import Any

from extract import plain
from extract.vocabulary import OUTCOMES
from flows.board.account import told_of
from flows.board.paper import charts
from flows.line.work import Looked
from flows.telling import short
from storage.look.day import Day, Loss
from storage.write.topics import Jump

MOST_ROWS = 300  # the dashboard draws a table whole; beyond a few hundred rows it crawls
LONGEST = 52  # letters of a headline or a feed's name in a table
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~])")


def feeds_table(looked: Sequence[Looked]) -> list[dict[str, Any]]:
    """A row a feed, worst first; figures first, for what stands at the right is cut off. The dashboard reads cells as Markdown."""
    order = {"failed": 0, "refused": 1, "new": 2, "unchanged": 3}
    ranked = sorted(looked, key=lambda x: (order[x.poll.outcome], -x.poll.entries_new, x.feed.title))
    return [
        {
            "outcome": x.poll.outcome,
            "new": x.poll.entries_new,
            "listed": x.poll.entries_seen,
            "lost": "some" if x.poll.overlap is False else "",  # probably
            "every": f"{x.feed.interval_minutes:.0f} min" if x.feed.interval_minutes >= 1 else "",
            "feed": _link(short(name(x), LONGEST), x.feed.site_url or x.feed.url),
            "why": escape(reason(x)),
            "seconds": x.poll.seconds,
            "address": escape(x.feed.url),
        }
        for x in ranked[:MOST_ROWS]
    ]


def summary_markdown(
    row: dict[str, Any],
    looked: Sequence[Looked],
    loss: Loss,
    worse: Sequence[dict[str, Any]] = (),
    jumps: Sequence[Jump] = (),
) -> str:
    """The run in Markdown: the funnel from entries seen to stories on topics, with reasons; topics that jumped; what needs a
    look: feeds that failed, lost entries or listed them anew, slow hosts, sites that are read less well than before."""
    failures = [x for x in looked if x.poll.outcome in ("failed", "refused")]
    lost = [x for x in looked if x.poll.overlap is False]
    again = [x for x in looked if x.poll.relisted]
    lines = [f"## {row['name']}", "", f"{row['feeds']} feeds, {row['feeds_failed']} failed", ""]
    lines += _funnel(row, loss)
    for jump in jumps:
        lines += [
            "",
            f"### {escape(jump.topic)} jumped: {jump.stories} stories on {jump.day}, {jump.usual:g} are usual",
            "",
        ]
        lines += [f"- {escape(title)} ({outlets} outlets)" for _, title, outlets in jump.behind]
    lines += _listed("Feeds that failed", [f"**{escape(name(x))}**: {escape(reason(x))}" for x in failures])
    lines += _listed(
        "Feeds that probably lost entries since the last look; they are looked at sooner from now on",
        [f"**{escape(name(x))}**: all of {x.poll.entries_seen} entries were new" for x in lost],
    )
    lines += _listed(
        "Feeds that listed known entries under other addresses",
        [f"**{escape(name(x))}**: {x.poll.relisted} of {x.poll.entries_seen} entries" for x in again],
    )
    lines += _listed("Slow hosts", [f"{escape(x['host'])}: {x['seconds']} s for a feed" for x in loss.slow])
    lines += _listed("Sites that are read less well than before", [escape(told_of(site)) for site in worse])
    return "\n".join(lines)


def _funnel(row: dict[str, Any], loss: Loss) -> list[str]:
    """From entries seen to stories on topics, a step a row."""
    lines = ["| step | entries | why |", "|---|---:|---|", f"| **seen** | {row['seen']} | |"]
    for outcome in OUTCOMES[1:]:
        if row[outcome]:
            reasons = [r for r in loss.reasons if r["outcome"] == outcome]
            why = "; ".join(f"{r['entries']} × {escape(r['why'])}" for r in reasons[:5])
            lines.append(f"| {outcome} | −{row[outcome]} | {why} |")
    lines.append(
        f"| **stored** as articles | {row['stored']} | {row['stories_new']} new stories, {row['copies_new']} copies |"
    )
    on = loss.on_topics
    return [*lines, f"| **on topics** | {on['articles']} | {on['stories']} stories |"]


def _listed(title: str, items: Sequence[str]) -> list[str]:
    return ["", f"### {title}", "", *(f"- {item}" for item in items[:50])] if items else []


def arrivals_markdown(day: Day) -> str:
    """What a run brought, by topic and by agency, as pictures with their numbers beside them."""
    counts = day.counts
    lines = [
        f"## What arrived, {day.day}",
        "",
        f"{counts['articles']:,} articles, {counts['stories']:,} stories, {counts['outlets']:,} outlets",
    ]
    for title, pairs in (
        (
            "Stories by topic",
            [(t["topic"], t["stories"], f"{t['stories']} ({t['articles']})") for t in day.topics[:30]],
        ),
        (
            "Articles by agency",
            [(a["name"], a["articles"], f"{a['articles']} ({a['stories']})") for a in day.agencies[:15]],
        ),
    ):
        if pairs:
            both = "stories (articles)" if title.startswith("Stories") else "articles (stories)"
            lines += ["", f"### {title}", "", f"{both}", "", f"![{title}]({_uri(charts.bars(pairs, title))})"]
    return "\n".join(lines)


def stories_markdown(day: Day) -> str:
    """The stories that a run brought something of, those in most outlets first."""
    lines = [
        f"## Stories, most reprinted first, {day.day}",
        "",
        "| outlets | articles | story | topics | agency |",
        "|---:|---:|---|---|---|",
    ]
    for story in day.stories:
        topics = ", ".join(escape(topic) for topic in story["topics"] or ())
        lines.append(
            f"| {story['outlets']} | {story['articles']} | {_link(short(story['title'] or story['url'], LONGEST), story['url'])} | {topics} | "
            f"{escape(story['agency'] or '')} |"
        )
    return "\n".join(lines)


def _link(text: str, url: str) -> str:
    """A publisher's words as a link, which neither they nor the address can break out of."""
    for sign, code in (("(", "%28"), (")", "%29"), ("|", "%7C"), (" ", "%20"), ("<", "%3C"), (">", "%3E")):
        url = url.replace(sign, code)
    return f"[{escape(text)}]({url})"


def _uri(svg: str) -> str:
    """A picture inside a page: nothing has to be fetched for it."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def name(look: Looked) -> str:
    """What a feed is called: in the list, by itself, else its address."""
    return look.feed.title or look.poll.title or look.feed.url


def reason(look: Looked) -> str:
    """Why a look failed, without the address, which stands beside it."""
    return look.poll.error.replace(look.poll.url or look.feed.url, "").strip(" :")


def escape(text: str) -> str:
    """A publisher's text, harmless in Markdown."""
    return _MARKDOWN.sub(r"\\\1", plain.line(text))
