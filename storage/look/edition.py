"""What a day's page shows, each part with the query that gives it: what happened, attention, who wrote, how it travelled, who covers
it, what is new, what was changed, and how complete all this is."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from storage import duck

Row = dict[str, Any]
LEADS = 12  # events that are told with their outlets
CARRIED = 3  # stories of which it is shown how they travelled

# {day} is the day as SQL writes it; what is shown beside a figure is what was asked.
_EVENTS_OF_DAY = "SELECT DISTINCT event_id FROM event_stories JOIN articles USING (story_id) WHERE seen_day = {day}"
_ON_TOPICS = """SELECT event_id, list(DISTINCT topic ORDER BY topic) AS topics, max_by(snippet, score) AS snippet, max_by(story_id, score) AS snippet_of
FROM event_stories JOIN topic_stories USING (story_id) WHERE event_id IN ({ids}) GROUP BY event_id"""
_LEADS = """SELECT event_id, title, stories, articles, outlets, joined, growing, first_seen_at FROM events
WHERE outlets >= 2 AND event_id IN ({ids}) ORDER BY outlets DESC, articles DESC, title"""
_COVERAGE = """SELECT event_id, story_id, ran_at, ran_precision, outlet, title, agency_name AS agency, url
FROM event_coverage LEFT JOIN credits ON credits.article_id = event_coverage.article_id AND position = 1 AND NOT contributed
WHERE event_id IN ({ids}) ORDER BY event_id, ran_precision = 'day', ran_at, outlet"""
_ATTENTION = """SELECT topic, seen_day, stories, all_stories, share FROM topic_share
WHERE seen_day BETWEEN {day} - 28 AND {day} ORDER BY topic, seen_day"""
_ORIGINS = """SELECT topic, coalesce(agency_name, 'own words') AS written_by, count(*) AS articles
FROM topic_stories JOIN articles USING (story_id)
LEFT JOIN credits ON credits.article_id = articles.article_id AND position = 1 AND NOT contributed
WHERE seen_day = {day} GROUP BY topic, written_by ORDER BY topic, written_by <> 'own words', articles DESC, written_by"""
_TRAVELLED = """WITH widest AS (
    SELECT story_id, stories.title AS story, outlets FROM stories
    WHERE outlets >= 3 AND story_id IN (SELECT story_id FROM articles WHERE seen_day = {day}) ORDER BY outlets DESC, articles DESC, story_id LIMIT {carried}
)
SELECT story, outlet, round(epoch(ran_at - min(ran_at) OVER (PARTITION BY story_id)) / 3600, 2) AS hours, of_lead_kept,
    article_id IN (SELECT article_id FROM versions WHERE reason = 'publisher') AS edited
FROM widest JOIN story_prints USING (story_id) WHERE ran_precision <> 'day' ORDER BY widest.outlets DESC, story, hours, outlet"""
_COVERS = """SELECT topic, group_name, outlets, all_outlets FROM topic_share_by_group
WHERE seen_day = {day} ORDER BY topic, group_name"""
_NEW = """SELECT event_id, title, outlets, articles, joined, growing FROM events
WHERE event_id IN ({ids}) AND outlets >= 2 AND (growing OR CAST(timezone((SELECT zone FROM calendar), first_seen_at) AS DATE) = {day})
ORDER BY growing DESC, outlets DESC, title LIMIT 12"""
_CHANGED = """SELECT outlet, articles.url, versions.title AS before, articles.title AS now, changed, words_added, words_removed,
    (SELECT count(*) FROM articles copy WHERE copy.story_id = articles.story_id) AS copies,
    (SELECT count(DISTINCT article_id) FROM articles copy JOIN versions v USING (article_id)
     WHERE copy.story_id = articles.story_id AND v.reason = 'publisher') AS changed_too
FROM versions JOIN articles USING (article_id)
WHERE reason = 'publisher' AND CAST(timezone((SELECT zone FROM calendar), replaced_at) AS DATE) = {day}
ORDER BY list_contains(changed, 'title') DESC, words_added + words_removed DESC, articles.url LIMIT 30"""
_COMPLETE = """SELECT CASE WHEN outcome = 'unchanged' AND article_id IS NOT NULL THEN 'stored' ELSE outcome END AS outcome, count(*) AS entries
FROM entries WHERE CAST(timezone((SELECT zone FROM calendar), first_seen_at) AS DATE) = {day} GROUP BY ALL ORDER BY entries DESC, outcome"""
_LOOKS = """SELECT count(DISTINCT feed_id) AS feeds, count(DISTINCT feed_id) FILTER (outcome IN ('new', 'unchanged')) AS answered,
    count(*) FILTER (overlap = false) AS losses
FROM polls WHERE CAST(timezone((SELECT zone FROM calendar), polled_at) AS DATE) = {day}"""
_FAILING = """SELECT coalesce(nullif(feeds.title, ''), feeds.url) AS feed, count(*) AS failed, max_by(polls.error, polled_at) AS why
FROM polls JOIN feeds USING (feed_id)
WHERE outcome IN ('failed', 'refused') AND CAST(timezone((SELECT zone FROM calendar), polled_at) AS DATE) = {day}
GROUP BY feeds.title, feeds.url ORDER BY failed DESC, feed LIMIT 50"""
_COUNTS = """SELECT count(*) AS articles, count(DISTINCT story_id) AS stories, count(DISTINCT site) AS outlets,
    (SELECT count(*) FROM articles) AS kept, (SELECT zone FROM calendar) AS zone FROM articles WHERE seen_day = {day}"""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows, and the query that gives them."""

    sql: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Edition:
    """A day's page, part by part; rows as the queries above name them."""

    day: date
    counts: Part
    leads: Part
    attention: Part
    origins: Part
    travelled: Part
    covers: Part
    new: Part
    changed: Part
    outcomes: Part
    looks: Part
    failing: Part
    coverage: dict[int, list[Row]] = field(default_factory=dict)  # event → its articles in order of time
    topics: dict[int, Row] = field(default_factory=dict)  # event → topics and the passage that matched


def of(path: Path, day: date) -> Edition:
    """What a day's page shows, from the people's file."""
    with duck.held_open(path):
        return _of(path, day)


def _of(path: Path, day: date) -> Edition:
    told = f"DATE '{day}'"

    def part(sql: str, **more: str) -> Part:
        values = {"day": told, "ids": _EVENTS_OF_DAY.format(day=told), "carried": CARRIED}
        return Part(sql.format(**values), duck.ask_rows(path, sql.format(**{**values, **more})))

    ids = _in(
        duck.ask_rows(path, _EVENTS_OF_DAY.format(day=told))
    )  # one by one: a query in their place would count all events
    leads = part(_LEADS, ids=ids)
    on_topics = {row["event_id"]: row for row in duck.ask_rows(path, _ON_TOPICS.format(ids=_in(leads.rows)))}
    tracked = bool(duck.ask_rows(path, "SELECT 1 FROM topics WHERE current LIMIT 1"))
    shown = [row for row in leads.rows if row["event_id"] in on_topics or not tracked][:LEADS]
    coverage: dict[int, list[Row]] = {}
    for row in duck.ask_rows(path, _COVERAGE.format(ids=_in(shown))):
        coverage.setdefault(row["event_id"], []).append(row)
    return Edition(
        day=day,
        counts=part(_COUNTS),
        leads=Part(leads.sql, shown),
        attention=part(_ATTENTION),
        origins=part(_ORIGINS),
        travelled=part(_TRAVELLED),
        covers=part(_COVERS),
        new=part(_NEW, ids=ids),
        changed=part(_CHANGED),
        outcomes=part(_COMPLETE),
        looks=part(_LOOKS),
        failing=part(_FAILING),
        coverage=coverage,
        topics=on_topics,
    )


def _in(rows: list[Row]) -> str:
    """Event ids as SQL writes a list of them."""
    return ", ".join(str(row["event_id"]) for row in rows) or "NULL"
