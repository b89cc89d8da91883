"""The one name of each outlet, as rows of `outlets` and in `articles`; and the days that articles are counted by."""

import pyarrow as pa

from storage.duck import Connection
from storage.write import rows
from storage.write.batch import Batch

_NAMED = pa.schema([(name, pa.string()) for name in ("site", "name", "named_by", "country", "language")])


def write_outlets(c: Connection, batch: Batch) -> None:
    """Write the outlets as this run names them, after its articles; an outlet without an article is none."""
    if not batch.outlets:
        return
    c.register("named", pa.Table.from_pylist([rows.row(outlet) for outlet in batch.outlets], schema=_NAMED))
    c.execute(
        """
        INSERT OR REPLACE INTO outlets BY NAME
        SELECT named.*, feeds, first_seen_at, last_seen_at, $run AS run_id
        FROM named JOIN (
            SELECT site, min(first_seen_at) AS first_seen_at, max(first_seen_at) AS last_seen_at
            FROM articles WHERE site IN (SELECT site FROM named) GROUP BY site
        ) USING (site) JOIN (
            SELECT site, count(DISTINCT feed_id)::INTEGER AS feeds
            FROM articles LEFT JOIN entries USING (article_id) WHERE site IN (SELECT site FROM named) GROUP BY site
        ) USING (site)
        """,
        {"run": batch.run.run_id},
    )
    c.execute(
        "UPDATE articles SET outlet = named.name FROM named WHERE named.site = articles.site AND outlet <> named.name"
    )
    c.unregister("named")


def write_groups(c: Connection, batch: Batch) -> None:
    """Write the person's groups of outlets, where the run has read them and they are not as they were."""
    if batch.groups is None:
        return
    names, groups = ("group_name", "site", "said_by"), sorted(batch.groups)
    if c.execute(f"SELECT {', '.join(names)} FROM outlet_groups ORDER BY ALL").fetchall() == groups:
        return
    c.execute("DELETE FROM outlet_groups")
    if groups:
        named = [dict(zip(names, group, strict=True)) | {"run_id": batch.run.run_id} for group in groups]
        rows.put(c, "outlet_groups", named)


def write_calendar(c: Connection, batch: Batch) -> None:
    """Give the articles their days; all of them, and the stories on topics, anew where the settings name another zone than before."""
    c.execute(
        """UPDATE articles SET seen_day = CAST(timezone((SELECT zone FROM calendar), first_seen_at) AS DATE)
        WHERE run_id = ?""",
        [batch.run.run_id],
    )
    if batch.zone and c.execute("SELECT zone FROM calendar").fetchall() != [(batch.zone,)]:
        c.execute("DELETE FROM calendar")
        c.execute("INSERT INTO calendar VALUES (?, ?)", [batch.zone, batch.run.run_id])
        c.execute("UPDATE articles SET seen_day = CAST(timezone(?, first_seen_at) AS DATE)", [batch.zone])
        c.execute(
            """UPDATE story_topics SET day = first.day FROM (
                SELECT topic, version, story_id, min(seen_day) AS day
                FROM article_topics JOIN articles USING (article_id) WHERE story_id IS NOT NULL GROUP BY ALL
            ) first WHERE (story_topics.topic, story_topics.version, story_topics.story_id) = (first.topic, first.version, first.story_id)"""
        )
