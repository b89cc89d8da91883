"""Which event a story is of, as rows of `event_stories`."""

from collections.abc import Sequence

from extract.tales import Tale, Told
from storage.duck import Connection
from storage.write import rows

_UNTOLD = """
SELECT s.story_id, a.language, a.title, a.text,
    CASE WHEN a.published_at <= a.first_seen_at THEN a.published_at ELSE a.first_seen_at END AS told_at
FROM stories s JOIN articles a ON a.article_id = s.lead_article_id
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
