"""What one day brought, asked of the people's file: for the dashboard's pictures."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from storage import duck

_TOPICS = """
WITH arrived AS (
    SELECT topic, count(DISTINCT story_id) AS stories, count(*) AS articles
    FROM article_topics JOIN topics USING (topic, version) JOIN articles USING (article_id)
    WHERE current AND {arrived} GROUP BY topic
)
SELECT topic, coalesce(stories, 0) AS stories, coalesce(articles, 0) AS articles FROM topics LEFT JOIN arrived USING (topic)
WHERE current ORDER BY stories DESC, topic LIMIT 60
"""
_AGENCIES = """
SELECT CASE WHEN agency IS NULL THEN 'no agency credited' WHEN contributed THEN agency_name || ', in part'
        WHEN several THEN 'several agencies together' ELSE agency_name END AS name,
    count(DISTINCT story_id) AS stories, count(*) AS articles, count(DISTINCT site) AS outlets
FROM articles LEFT JOIN (
    SELECT *, count(*) FILTER (NOT contributed) OVER (PARTITION BY article_id) > 1 AS several FROM credits
) first ON first.article_id = articles.article_id AND position = 1
WHERE {arrived} GROUP BY name ORDER BY articles DESC, name
"""
_STORIES = """
SELECT s.story_id, s.title, lead.url, s.articles, s.outlets, c.agency_name AS agency, c.found_in AS agency_from, c.evidence AS agency_evidence,
    list(DISTINCT a.outlet ORDER BY a.outlet) AS ran_in,
    (SELECT list(DISTINCT topic ORDER BY topic) FROM story_topics t JOIN topics USING (topic, version) WHERE current AND t.story_id = s.story_id) AS topics
FROM stories s JOIN articles a ON a.story_id = s.story_id
JOIN articles lead ON lead.article_id = s.lead_article_id LEFT JOIN credits c ON c.article_id = s.lead_article_id AND c.position = 1
WHERE s.story_id IN (SELECT story_id FROM articles WHERE {arrived})
GROUP BY ALL ORDER BY s.outlets DESC, s.articles DESC, s.title LIMIT 20
"""
_COUNTS = """
SELECT (SELECT count(*) FROM articles WHERE {arrived}) AS articles,
    (SELECT count(DISTINCT story_id) FROM articles WHERE {arrived}) AS stories,
    (SELECT count(DISTINCT site) FROM articles WHERE {arrived}) AS outlets,
    (SELECT count(*) FROM versions WHERE reason = 'publisher' AND CAST(timezone((SELECT zone FROM calendar), replaced_at) AS DATE) = $day) AS corrections,
    (SELECT count(*) FROM feeds WHERE status NOT IN ('removed', 'paused')) AS feeds,
    (SELECT count(*) FROM articles) AS kept
"""
_DAYS = """
SELECT seen_day AS day, count(*) AS articles FROM articles WHERE run_id = $run GROUP BY day
"""
_REASONS = """
SELECT outcome, trim(regexp_replace(reason, 'https?://[^ ]+', '', 'g'), ' :') AS why, count(*) AS entries FROM entries
WHERE run_id = $run AND outcome <> 'stored' AND reason <> '' GROUP BY ALL ORDER BY entries DESC, why LIMIT 30
"""
_SLOW = """
SELECT regexp_extract(url, '^https?://([^/:]+)', 1) AS host, count(*) AS looks, round(max(seconds), 1) AS seconds FROM polls
WHERE run_id = $run AND seconds >= 5 GROUP BY host ORDER BY seconds DESC LIMIT 20
"""
_ON_TOPICS = """
SELECT count(DISTINCT article_id) AS articles, count(DISTINCT story_id) AS stories FROM article_topics
JOIN topics USING (topic, version) JOIN articles USING (article_id) JOIN entries USING (article_id)
WHERE current AND entries.run_id = $run AND entries.outcome = 'stored'
"""

Row = dict[str, Any]


ON_DAY = "articles.seen_day = $day"
IN_RUN = "articles.run_id = $run"


@dataclass(frozen=True, slots=True)
class Day:
    """What arrived on a day (as seen_day has it), or by a run; rows as the queries above name them."""

    day: date
    counts: Row
    topics: list[Row]
    agencies: list[Row]
    stories: list[Row]


def of(path: Path, day: date, run: int | None = None) -> Day:
    """What arrived on a day; with `run`, what that run brought, whenever its entries were first seen."""
    arrived = ON_DAY if run is None else IN_RUN

    def found(sql: str) -> list[Row]:
        return ask(path, sql.replace("{arrived}", arrived), day=day, run=run)

    counts, topics, agencies, stories = map(found, (_COUNTS, _TOPICS, _AGENCIES, _STORIES))
    return Day(day, counts[0], topics, agencies, stories)


def days_of(path: Path, run: int) -> list[date]:
    """The days on which what a run brought was first seen, that with most of it first; at most three, the newest ones."""
    rows = ask(path, _DAYS, run=run)
    newest = sorted(rows, key=lambda row: row["day"], reverse=True)[:3]
    return [row["day"] for row in sorted(newest, key=lambda row: row["articles"], reverse=True)]


@dataclass(frozen=True, slots=True)
class Loss:
    """Where a run's entries went."""

    reasons: list[Row]
    slow: list[Row]
    on_topics: Row


def lost(path: Path, run_id: int) -> Loss:
    """Why entries of a run are no articles, which hosts were slow, and how much of it is on topics."""
    found = [ask(path, sql, run=run_id) for sql in (_REASONS, _SLOW, _ON_TOPICS)]
    return Loss(found[0], found[1], found[2][0])


def ask(path: Path, sql: str, **values: object) -> list[Row]:
    """Rows as column → value; of the values those that the query names."""
    return duck.ask_rows(path, sql, {name: value for name, value in values.items() if f"${name}" in sql})
