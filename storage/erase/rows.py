"""What goes of the tables: chosen first, by age or by what a person names, then deleted in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from storage.duck import Connection

REMEMBERED = timedelta(days=365)  # how long a removed entry is known after its feed last listed it


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants forgotten."""

    urls: Sequence[str] = ()  # canonical
    sites: Sequence[str] = ()  # registered domains
    stories: Sequence[int] = ()
    hosts: Sequence[str] = ()  # of the sites, those that entries lead to


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes of the tables: keys, addresses, places, and the words by which it is found elsewhere."""

    articles: frozenset[int] = frozenset()
    stories: int = 0  # of which nothing is left
    touched: tuple[int, ...] = ()  # stories of which other copies stay
    entries: int = 0
    listed: Mapping[str, frozenset[tuple[int, str]]] = field(
        default_factory=dict
    )  # a feed's URL → the entries' keys and links
    urls: frozenset[str] = frozenset()  # that nothing has which stays
    places: frozenset[tuple[str, int]] = frozenset()
    titles: frozenset[str] = frozenset()
    passages: frozenset[str] = frozenset()  # summaries, standfirsts, what matched a topic
    first: datetime | None = None  # when any of it was first seen
    last: datetime | None = None  # and last
    days: frozenset[date] = frozenset()  # on which it was first seen or changed

    def __bool__(self) -> bool:
        return bool(self.articles or self.entries)


HOST = r"regexp_extract(url, '^https?://(\[[^/\]]*\]|[^/:?#]+)', 1)"  # of an entry's canonical address

_ASKED = f"""
CREATE OR REPLACE TEMP TABLE gone_articles AS
SELECT article_id, story_id FROM articles
WHERE url IN (SELECT unnest($urls::VARCHAR[])) OR fetched_url IN (SELECT unnest($urls::VARCHAR[]))
    OR site IN (SELECT unnest($sites::VARCHAR[])) OR story_id IN (SELECT unnest($stories::BIGINT[]))
    OR story_id IN (SELECT into_story_id FROM merged_stories WHERE story_id IN (SELECT unnest($stories::BIGINT[])))
    OR article_id IN (SELECT article_id FROM entries WHERE url IN (SELECT unnest($urls::VARCHAR[])));
CREATE OR REPLACE TEMP TABLE gone_entries AS
SELECT entry_id, feed_id, url, last_seen_at FROM entries
WHERE article_id IN (SELECT article_id FROM gone_articles) OR url IN (SELECT unnest($urls::VARCHAR[]))
    OR {HOST} IN (SELECT unnest($hosts::VARCHAR[]));
"""

# Feeds list again what was forgotten: it stays away from the tables, and is in the archive with the rest of the list.
_LISTED_AGAIN = """
CREATE OR REPLACE TEMP TABLE gone_articles AS SELECT article_id, story_id FROM articles WHERE false;
CREATE OR REPLACE TEMP TABLE gone_entries AS
SELECT entry_id, feed_id, url, last_seen_at FROM tombstones WHERE last_seen_at > removed_at;
"""

# One of whose stories no article stays.
_STORIES = """
CREATE OR REPLACE TEMP TABLE gone_stories AS
SELECT DISTINCT story_id FROM gone_articles WHERE story_id IS NOT NULL AND story_id NOT IN (
    SELECT story_id FROM articles WHERE story_id IS NOT NULL AND article_id NOT IN (SELECT article_id FROM gone_articles));
"""

_ARTICLES, _ENTRIES = (
    "article_id IN (SELECT article_id FROM gone_articles)",
    "entry_id IN (SELECT entry_id FROM gone_entries)",
)

_TOUCHED = """
SELECT DISTINCT story_id FROM gone_articles WHERE story_id IS NOT NULL AND story_id NOT IN (SELECT story_id FROM gone_stories)"""

_ENTRIES_LISTED = "SELECT feeds.url, entry_id, gone_entries.url FROM gone_entries JOIN feeds USING (feed_id)"

_URLS = f"""
(SELECT url FROM gone_entries UNION SELECT unnest([url, fetched_url]) FROM articles WHERE {_ARTICLES})
EXCEPT SELECT unnest([url, fetched_url]) FROM articles WHERE NOT {_ARTICLES}
EXCEPT SELECT url FROM entries WHERE NOT {_ENTRIES}"""

_PLACES = f"""
SELECT warc_file, warc_offset FROM articles WHERE {_ARTICLES} AND warc_file <> ''
UNION SELECT warc_file, warc_offset FROM versions WHERE {_ARTICLES} AND warc_file <> ''"""

_TITLES = f"""
SELECT title FROM articles WHERE {_ARTICLES} UNION SELECT title FROM versions WHERE {_ARTICLES}
UNION SELECT title FROM entries WHERE {_ENTRIES}"""

_PASSAGES = f"""
SELECT unnest([standfirst, description]) FROM articles WHERE {_ARTICLES}
UNION SELECT standfirst FROM versions WHERE {_ARTICLES} UNION SELECT summary FROM entries WHERE {_ENTRIES}
UNION SELECT snippet FROM article_topics WHERE {_ARTICLES}
UNION SELECT snippet FROM story_topics WHERE story_id IN (SELECT story_id FROM gone_articles)"""

_MOMENTS = f"""
SELECT min(first), max(last) FROM (
    SELECT first_seen_at AS first, greatest(first_seen_at, fetched_at) AS last FROM articles WHERE {_ARTICLES}
    UNION ALL SELECT fetched_at, replaced_at FROM versions WHERE {_ARTICLES}
    UNION ALL SELECT first_seen_at, last_seen_at FROM entries WHERE {_ENTRIES}
    UNION ALL SELECT removed_at, last_seen_at FROM tombstones WHERE {_ENTRIES})"""

_DAYS = f"""
SELECT seen_day FROM articles WHERE {_ARTICLES} AND seen_day IS NOT NULL
UNION SELECT CAST(timezone((SELECT zone FROM calendar), replaced_at) AS DATE) FROM versions WHERE {_ARTICLES}"""

_DELETED = """
DELETE FROM tombstones WHERE last_seen_at < $forgotten;
INSERT OR REPLACE INTO tombstones BY NAME
SELECT (hash('forgotten', address) >> 1)::BIGINT AS entry_id, 0 AS feed_id, address AS url, $now AS last_seen_at, $now AS removed_at
FROM (SELECT DISTINCT unnest([url, fetched_url]) AS address FROM articles SEMI JOIN gone_articles USING (article_id)) WHERE address <> '';
INSERT OR REPLACE INTO tombstones BY NAME SELECT *, $now AS removed_at FROM gone_entries;
DELETE FROM entries WHERE entry_id IN (SELECT entry_id FROM gone_entries);
DELETE FROM articles WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM versions WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM article_topics WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM site_pages WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM credits WHERE article_id IN (SELECT article_id FROM gone_articles);
DELETE FROM stories WHERE story_id IN (SELECT story_id FROM gone_stories);
DELETE FROM story_topics WHERE story_id IN (SELECT story_id FROM gone_articles);
DELETE FROM merged_stories WHERE into_story_id IN (SELECT story_id FROM gone_stories);
DELETE FROM event_stories WHERE story_id IN (SELECT story_id FROM gone_stories);
DELETE FROM event_decisions WHERE story_id IN (SELECT story_id FROM gone_stories);
DELETE FROM event_growths WHERE event_id NOT IN (SELECT event_id FROM event_stories);
DELETE FROM merged_events WHERE into_event_id NOT IN (SELECT event_id FROM event_stories);
DELETE FROM outlets WHERE site NOT IN (SELECT site FROM articles);
UPDATE event_stories SET witnesses = [] WHERE story_id IN (SELECT story_id FROM gone_articles);
"""


def choose(c: Connection, asked: Asked) -> None:
    """Choose what a person names."""
    each(
        c, _ASKED, urls=list(asked.urls), sites=list(asked.sites), hosts=list(asked.hosts), stories=list(asked.stories)
    )


def choose_listed_again(c: Connection) -> None:
    """Choose what feeds have listed since it was forgotten."""
    each(c, _LISTED_AGAIN)


def chosen(c: Connection) -> Chosen:
    """What was chosen, by this connection."""
    each(c, _STORIES)

    def column(sql: str) -> list[Any]:
        return [value for (value,) in c.execute(sql).fetchall()]

    listed: dict[str, set[tuple[int, str]]] = {}
    for feed, entry, url in c.execute(_ENTRIES_LISTED).fetchall():
        listed.setdefault(feed, set()).add((entry, url))
    ((first, last),) = c.execute(_MOMENTS).fetchall()
    return Chosen(
        articles=frozenset(column("SELECT article_id FROM gone_articles")),
        stories=len(column("SELECT story_id FROM gone_stories")),
        touched=tuple(column(_TOUCHED)),
        entries=len(column("SELECT entry_id FROM gone_entries")),
        listed={feed: frozenset(entries) for feed, entries in listed.items()},
        urls=frozenset(column(_URLS)) - {""},
        places=frozenset(c.execute(_PLACES).fetchall()),
        titles=frozenset(column(_TITLES)),
        passages=frozenset(column(_PASSAGES)) - {None, ""},
        first=first,
        last=last,
        days=frozenset(column(_DAYS)) - {None},
    )


def delete(c: Connection, now: datetime) -> None:
    """Delete what was chosen by this connection, inside the caller's transaction; its entries and addresses leave tombstones."""
    each(c, _DELETED, now=now, forgotten=now - REMEMBERED)


def each(c: Connection, script: str, **values: object) -> None:
    """Run a script's statements, each with those of the values that it names."""
    for statement in filter(str.strip, script.split(";\n")):
        c.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})
