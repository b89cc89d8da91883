"""Which event a story is of, as rows of `event_stories`; what a person has decided of it; and which events are growing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from extract.tales import Tale, Told
from storage.duck import Connection
from storage.write import rows

_UNTOLD = """
SELECT s.story_id, a.language, a.title, a.text,
    CASE WHEN a.published_at <= a.first_seen_at THEN a.published_at ELSE a.first_seen_at END AS told_at, d.event_id
FROM stories s JOIN articles a ON a.article_id = s.lead_article_id LEFT JOIN event_decisions d ON d.story_id = s.story_id
WHERE s.story_id NOT IN (SELECT story_id FROM event_stories)
ORDER BY told_at, s.story_id LIMIT ?
"""


def untold(c: Connection, most: int) -> list[Tale]:
    """The leads of the stories that are of no event yet, the earliest first."""
    return [Tale(*row) for row in c.execute(_UNTOLD, [most]).fetchall()]


def write(c: Connection, told: Sequence[Told], method: int, run_id: int) -> None:
    """Write the events of stories, and drop what is said of stories that are no more. In one transaction."""
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
    c.execute("DELETE FROM event_stories WHERE story_id NOT IN (SELECT story_id FROM stories)")
    if found:
        rows.put(c, "event_stories", found)
    c.commit()


def decide(c: Connection, stories: Sequence[int], event_id: int, decision: str, now: datetime, run_id: int) -> None:
    """Put stories into an event for good, as a person has decided, and say where events went that have none left. In one
    transaction."""
    values = {"stories": list(stories), "event": event_id, "decision": decision, "now": now, "run": run_id}
    these = "story_id IN (SELECT unnest($stories::BIGINT[]))"

    def do(sql: str) -> None:
        c.execute(sql, {name: value for name, value in values.items() if f"${name}" in sql})

    c.begin()
    do(f"CREATE OR REPLACE TEMP TABLE left_ AS SELECT DISTINCT event_id FROM event_stories WHERE {these}")
    do(
        """INSERT OR REPLACE INTO event_decisions
        SELECT unnest($stories::BIGINT[]), $event, $decision, $now"""
    )
    do(f"UPDATE event_stories SET event_id = $event, likeness = 1, witnesses = [], run_id = $run WHERE {these}")
    do("DELETE FROM merged_events WHERE event_id = $event")
    do(
        """INSERT OR REPLACE INTO merged_events SELECT event_id, $event, $now, $run FROM left_
        WHERE event_id NOT IN (SELECT event_id FROM event_stories)"""
    )
    c.commit()


def forget_since(c: Connection, since: datetime | None) -> None:
    """Let the stories told since then be of no event, so that the next run decides anew."""
    c.execute("DELETE FROM event_stories WHERE ? IS NULL OR told_at >= ?", [since, since])


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
    if joined:  # ids one by one: a query in their place would count every event there has been
        c.execute(
            f"""INSERT INTO event_growths BY NAME
            SELECT event_id, outlets::INTEGER AS outlets, joined::INTEGER AS joined,
                (SELECT max(first_seen_at) FROM articles) AS noticed_at, false AS told, $run AS run_id
            FROM events WHERE growing AND event_id IN ({", ".join(str(event) for (event,) in joined)})""",
            {"run": run_id},
        )


def untold_growths(c: Connection) -> list[Growth]:
    """The growing events whose alert has not been sent, those with most outlets first."""
    found = c.execute(
        """SELECT event_id, title, g.outlets, g.joined FROM event_growths g JOIN events USING (event_id)
        WHERE NOT told ORDER BY g.outlets DESC, event_id"""
    ).fetchall()
    return [Growth(*row) for row in found]


def growths_told(c: Connection) -> None:
    """The alerts of all of them have been sent."""
    c.execute("UPDATE event_growths SET told = true WHERE NOT told")
