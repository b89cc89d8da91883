"""Which event a story is of, as rows of `event_stories`; what a person has decided of it; and which events are growing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from extract.tales import Tale, Told
from storage import wide
from storage.duck import Connection
from storage.write import rows

# All stories are looked through for them, once a run.
_UNTOLD = """
SELECT s.story_id, s.lead_article_id,
    CASE WHEN a.published_at <= a.first_seen_at THEN a.published_at ELSE a.first_seen_at END AS told_at, d.event_id
FROM stories s JOIN articles a ON a.article_id = s.lead_article_id LEFT JOIN event_decisions d ON d.story_id = s.story_id
WHERE s.story_id NOT IN (SELECT story_id FROM event_stories)
ORDER BY told_at, s.story_id LIMIT ?
"""
_LEADS = f"""
SELECT article_id, language, title, text FROM articles
WHERE {wide.those("articles", "article_id IN (SELECT unnest(?::BIGINT[]))")}
"""


# The stories whose event may keep an id of before, or has one that another should have again; one that went into another story
# speaks for that one.
CONCERNED = """
WITH spoken AS (
    SELECT f.story_id, coalesce(m.into_story_id, f.story_id) AS by_story FROM former_events f LEFT JOIN merged_stories m USING (story_id)
),
touched AS (
    SELECT event_id FROM event_stories JOIN spoken ON by_story = event_stories.story_id UNION SELECT event_id FROM former_events
)
SELECT story_id, event_id FROM (
    SELECT story_id, event_id, told_at FROM event_stories WHERE event_id IN (FROM touched)
    UNION ALL
    SELECT s.story_id, e.event_id, e.told_at FROM spoken s JOIN event_stories e ON e.story_id = s.by_story WHERE s.story_id <> s.by_story
) ORDER BY told_at, story_id
"""
_GONE = """
CREATE OR REPLACE TEMP TABLE gone AS SELECT e.event_id, m.into_story_id, m.merged_at
FROM event_stories e JOIN merged_stories m USING (story_id) WHERE e.story_id NOT IN (SELECT story_id FROM stories)
"""
# Events whose last story went into another: where that is told of.
_LEFT = """
INSERT OR REPLACE INTO merged_events
SELECT g.event_id, arg_min(e.event_id, e.story_id), max(g.merged_at), ? FROM gone g JOIN event_stories e ON e.story_id = g.into_story_id
WHERE g.event_id NOT IN (SELECT event_id FROM event_stories) GROUP BY g.event_id
"""
# What led to an event that is no more leads to where that went.
_ONWARD = """
UPDATE merged_events SET into_event_id = n.into_event_id FROM (SELECT event_id AS gone_id, into_event_id FROM merged_events) n
WHERE merged_events.into_event_id = n.gone_id
"""


@dataclass(frozen=True, slots=True)
class Untold:
    """A story that is of no event yet."""

    story_id: int
    lead: int  # the article that leads it
    at: datetime  # as a Tale has it
    event_id: int | None  # that a person has said it is of


def untold(c: Connection, most: int) -> list[Untold]:
    """The stories that are of no event yet, the earliest first."""
    return [Untold(*row) for row in c.execute(_UNTOLD, [most]).fetchall()]


def tales(c: Connection, untold: Sequence[Untold]) -> list[Tale]:
    """What the leads of these stories say."""
    said = {
        lead: (language, title, text)
        for lead, language, title, text in c.execute(_LEADS, [[one.lead for one in untold]]).fetchall()
    }
    return [Tale(one.story_id, *said[one.lead], at=one.at, event_id=one.event_id) for one in untold]


def write(c: Connection, told: Sequence[Told], method: int, run_id: int, *, last: bool = True) -> None:
    """Write the events of stories; with a run's `last`, drop what is said of stories that are no more, and say where their events
    went. In one transaction."""
    found = [
        {
            "story_id": one.story_id,
            "event_id": one.event_id,
            "told_at": one.at,
            "likeness": one.likeness,
            "witnesses": one.witnesses,
            "method": method,
            "run_id": run_id,
        }
        for one in told
    ]
    c.begin()
    if last:
        c.execute(_GONE)
        c.execute("DELETE FROM event_stories WHERE story_id NOT IN (SELECT story_id FROM stories)")
    if found:
        rows.put(c, "event_stories", found, key="story_id")
    if last:
        c.execute(_LEFT, [run_id])
        c.execute(_ONWARD)
    c.commit()


def decide(c: Connection, stories: Sequence[int], event_id: int, decision: str, now: datetime, run_id: int) -> None:
    """Put stories into an event for good, as a person has decided, and say where events went that have none left; within a run's
    transaction."""
    values = {"stories": list(stories), "event": event_id, "decision": decision, "now": now, "run": run_id}
    these = "story_id IN (SELECT unnest($stories::BIGINT[]))"

    def do(sql: str) -> None:
        c.execute(sql, {name: value for name, value in values.items() if f"${name}" in sql})

    do(f"CREATE OR REPLACE TEMP TABLE left_ AS SELECT DISTINCT event_id FROM event_stories WHERE {these}")
    do(
        """INSERT OR REPLACE INTO event_decisions
        SELECT story_id, $event, $decision, $now FROM (SELECT unnest($stories::BIGINT[]) AS story_id)
        WHERE story_id IN (SELECT story_id FROM stories)"""  # of a part of the archive that is replayed some are not there
    )
    do(f"UPDATE event_stories SET event_id = $event, likeness = 1, witnesses = [], run_id = $run WHERE {these}")
    do("DELETE FROM merged_events WHERE event_id = $event")
    do(
        """INSERT OR REPLACE INTO merged_events SELECT event_id, $event, $now, $run FROM left_
        WHERE event_id NOT IN (SELECT event_id FROM event_stories)"""
    )
    c.execute(_ONWARD)


def forget_since(c: Connection, since: datetime | None) -> None:
    """Let the stories told since then be of no event, so that they are decided anew; which they were of is kept. In one transaction."""
    c.begin()
    told = "event_stories WHERE $since IS NULL OR told_at >= $since"
    c.execute(f"INSERT OR IGNORE INTO former_events SELECT story_id, event_id FROM {told}", {"since": since})
    c.execute(f"DELETE FROM {told}", {"since": since})
    c.commit()


def rename(c: Connection, renamed: Mapping[int, int], now: datetime, run_id: int) -> None:
    """Give events other ids, all at once, and say of those of before that have no stories any more where most of these are now. In
    one transaction."""
    c.begin()
    c.execute("CREATE OR REPLACE TEMP TABLE renamed (event_id BIGINT, new_id BIGINT)")
    if renamed:
        c.executemany("INSERT INTO renamed VALUES (?, ?)", list(map(list, renamed.items())))
    c.execute("UPDATE event_stories SET event_id = new_id FROM renamed WHERE renamed.event_id = event_stories.event_id")
    c.execute(
        f"""CREATE OR REPLACE TEMP TABLE went AS SELECT f.event_id, e.event_id AS into_id
        FROM former_events f JOIN ({CONCERNED}) e USING (story_id) WHERE f.event_id NOT IN (SELECT event_id FROM event_stories)
        GROUP BY f.event_id, e.event_id QUALIFY row_number() OVER (PARTITION BY f.event_id ORDER BY count(*) DESC, e.event_id) = 1"""
    )
    c.execute("DELETE FROM merged_events WHERE event_id IN (SELECT event_id FROM event_stories)")
    c.execute("INSERT OR REPLACE INTO merged_events SELECT event_id, into_id, ?, ? FROM went", [now, run_id])
    c.execute(_ONWARD)
    c.execute(  # what was written by an id that this gives another
        """UPDATE merged_events SET into_event_id = new_id FROM renamed
        WHERE renamed.event_id = into_event_id AND into_event_id NOT IN (SELECT event_id FROM event_stories)"""
    )
    c.execute("DELETE FROM former_events")
    c.commit()


@dataclass(frozen=True, slots=True)
class Growth:
    """An event that is growing, as it was when a run first noticed."""

    event_id: int
    title: str
    outlets: int
    joined: int  # of these, in the last hours


def notice_growth(c: Connection, run_id: int) -> None:
    """Note the events that are growing, each once: of those only that outlets told of in the last hours."""
    joined = c.execute(
        """SELECT event_id FROM event_stories JOIN articles USING (story_id)
        WHERE first_seen_at > (SELECT max(first_seen_at) - INTERVAL 6 HOUR FROM articles)
            AND event_id NOT IN (SELECT event_id FROM event_growths)
        GROUP BY event_id HAVING count(DISTINCT site) >= 3"""
    ).fetchall()
    if joined:
        c.execute(
            f"""INSERT INTO event_growths BY NAME
            SELECT event_id, outlets::INTEGER AS outlets, joined::INTEGER AS joined,
                (SELECT max(first_seen_at) FROM articles) AS noticed_at, false AS told, $run AS run_id
            FROM events WHERE growing AND event_id IN ({_listed(joined)})""",
            {"run": run_id},
        )


def untold_growths(c: Connection) -> list[Growth]:
    """The growing events whose alert has not been sent, those with most outlets first."""
    untold = c.execute("SELECT event_id FROM event_growths WHERE NOT told").fetchall()
    if not untold:
        return []
    found = c.execute(
        f"""SELECT event_id, title, g.outlets, g.joined FROM event_growths g JOIN events USING (event_id)
        WHERE event_id IN ({_listed(untold)}) ORDER BY g.outlets DESC, event_id"""
    ).fetchall()
    return [Growth(*row) for row in found]


def _listed(ids: Sequence[tuple[int]]) -> str:
    """Ids one by one: a query in their place would count every event there has been."""
    return ", ".join(str(one) for (one,) in ids)


def growths_told(c: Connection) -> None:
    """The alerts of all of them have been sent."""
    c.execute("UPDATE event_growths SET told = true WHERE NOT told")
