"""What a topic's page and feed show, each part with the query that gives it: its stories and events, attention, who wrote, who covers
it and who does not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage import duck
from storage.look.edition import Part

MOST = 50  # stories that are shown, the newest first

# {topic} is the topic's name as SQL writes it. The window is the four weeks to the last day on which the topic had anything.
_MARKS = """SELECT topic, version, query, description, count(story_id) AS stories, coalesce(sum(story_topics.articles), 0)::BIGINT AS articles, max(day) AS last_day,
    coalesce(bit_xor(hash(story_id, snippet)), 0)::VARCHAR AS passages, (SELECT zone FROM calendar) AS zone
FROM topics LEFT JOIN story_topics USING (topic, version) WHERE current GROUP BY ALL ORDER BY topic"""
_STORIES = """SELECT t.story_id, t.title, t.first_seen_at, t.articles, t.outlets, t.ran_in, t.snippet,
    lead.url, lead.outlet, lead.language, lead.published_at, credits.agency_name AS agency
FROM topic_stories t JOIN stories USING (story_id) JOIN articles lead ON lead.article_id = stories.lead_article_id
LEFT JOIN credits ON credits.article_id = lead.article_id AND position = 1 AND NOT contributed
WHERE topic = {topic} ORDER BY t.first_seen_at DESC, t.story_id LIMIT {most}"""
_ATTENTION = """SELECT seen_day, stories, all_stories, share FROM topic_share
WHERE topic = {topic} AND seen_day > (SELECT max(seen_day) FROM topic_share WHERE topic = {topic} AND stories > 0) - 29
    AND seen_day <= (SELECT max(seen_day) FROM topic_share WHERE topic = {topic} AND stories > 0) ORDER BY seen_day"""
_ORIGINS = """SELECT coalesce(agency_name, 'own words') AS written_by, count(*) AS articles
FROM topic_stories JOIN articles USING (story_id)
LEFT JOIN credits ON credits.article_id = articles.article_id AND position = 1 AND NOT contributed
WHERE topic = {topic} GROUP BY written_by ORDER BY written_by <> 'own words', articles DESC, written_by"""
_EVENTS = """SELECT event_id, title, outlets, articles, first_seen_at, growing FROM events
WHERE outlets >= 2 AND event_id IN ({ids}) ORDER BY outlets DESC, first_seen_at DESC, event_id LIMIT 10"""
_IDS = "SELECT DISTINCT event_id FROM event_stories WHERE story_id IN ({stories})"
_COVERAGE = """SELECT outlet, site, string_agg(group_name, ', ' ORDER BY group_name) AS groups, any_value(stories) AS stories,
    any_value(articles) AS articles, any_value(all_stories) AS all_stories, any_value(last_day) AS last_day
FROM topic_coverage WHERE topic = {topic} GROUP BY outlet, site ORDER BY stories DESC, all_stories DESC, site LIMIT 60"""

_NEW = """WITH brought AS (
    SELECT story_id FROM articles WHERE story_id IN (SELECT story_id FROM articles WHERE run_id = $run)
    GROUP BY story_id HAVING min_by(run_id, (first_seen_at, article_id)) = $run
)
SELECT topic, t.story_id, t.title, t.outlets, lead.outlet, lead.url
FROM topic_stories t JOIN brought USING (story_id) JOIN stories USING (story_id) JOIN articles lead ON lead.article_id = stories.lead_article_id
ORDER BY topic, t.outlets DESC, t.score DESC, t.story_id"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells whether a topic's page is still true: its query's version, how much there is on it, a key of its passages,
    and the zone."""

    topic: str
    version: int
    query: str
    description: str
    stories: int
    articles: int
    last_day: Any  # date; None where nothing was found yet
    passages: str
    zone: str  # of which its moments are shown


@dataclass(frozen=True, slots=True)
class Dossier:
    """A topic's page, part by part; rows as the queries above name them."""

    mark: Mark
    stories: Part
    attention: Part
    origins: Part
    events: Part
    coverage: Part


def marks(path: Path) -> list[Mark]:
    """The topics as they are now, from the people's file."""
    return [Mark(**row) for row in duck.ask_rows(path, _MARKS)]


def of(path: Path, mark: Mark) -> Dossier:
    """What a topic's page shows, from the people's file."""
    topic = "'" + mark.topic.replace("'", "''") + "'"

    def part(sql: str, **more: str) -> Part:
        asked = sql.format(topic=topic, most=MOST, **more)
        return Part(asked, duck.ask_rows(path, asked))

    stories = part(_STORIES)
    told = ", ".join(str(row["story_id"]) for row in stories.rows) or "NULL"
    ids = ", ".join(str(row["event_id"]) for row in part(_IDS, stories=told).rows) or "NULL"
    return Dossier(mark, stories, part(_ATTENTION), part(_ORIGINS), part(_EVENTS, ids=ids), part(_COVERAGE))


def new_in(path: Path, run: int) -> dict[str, list[dict[str, Any]]]:
    """The stories on each topic of which a run brought the first article, the most told first, by topic."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in duck.ask_rows(path, _NEW, {"run": run}):
        found.setdefault(row["topic"], []).append(row)
    return found
