"""What each site's last pages were made of: the masks of their blocks and the place of the body, from which its habits
are learned."""

from collections.abc import Sequence

import pyarrow as pa

from extract.records import Article, Observation
from storage.duck import Connection
from storage.write import rows
from storage.write.batch import Batch

KEPT = 20  # pages of a site: what it no longer prints is forgotten when they have gone by
LEAST = 3  # different stories on which a block has to stand; one in five of the pages where more are known

# Two pages of one story, or under one headline, are one witness: a wire copy and an article that was updated teach nothing.
_REPEATED = f"""
WITH pages AS (
    SELECT article_id, site, title, masks, fetched_at FROM fresh
    UNION ALL
    SELECT article_id, site, title, masks, fetched_at FROM site_pages
    WHERE site IN (SELECT unnest($sites::VARCHAR[])) AND article_id NOT IN (SELECT article_id FROM fresh)
),
last AS (
    SELECT p.*, coalesce(a.story_id, p.article_id) AS story_id
    FROM pages p LEFT JOIN (SELECT article_id, story_id FROM articles) a USING (article_id)
    QUALIFY row_number() OVER (PARTITION BY site ORDER BY p.fetched_at DESC, p.article_id) <= {KEPT}
),
known AS (SELECT site, count(DISTINCT title) AS pages FROM last GROUP BY site)
SELECT site, mask
FROM (SELECT site, title, story_id, unnest(masks) AS mask FROM last) JOIN known USING (site)
GROUP BY site, mask, pages
HAVING least(count(DISTINCT title), count(DISTINCT story_id)) >= greatest({LEAST}, pages / 5)
"""
_FRESH = pa.schema(
    [
        ("article_id", pa.int64()),
        ("site", pa.string()),
        ("title", pa.string()),
        ("masks", pa.list_(pa.int64())),
        ("fetched_at", pa.timestamp("us", tz="UTC")),
    ]
)


def repeated(c: Connection, sites: Sequence[str], fresh: Sequence[Article]) -> dict[str, frozenset[int]]:
    """site → the masks it repeats, of these sites' pages and those just read."""
    c.register("fresh", pa.Table.from_pylist([_row(a) for a in fresh], schema=_FRESH))
    found: dict[str, set[int]] = {}
    for site, mask in c.execute(_REPEATED, {"sites": sites}).fetchall():
        found.setdefault(site, set()).add(mask)
    c.unregister("fresh")
    return {site: frozenset(masks) for site, masks in found.items()}


def taught(c: Connection, sites: Sequence[str]) -> dict[str, list[Observation]]:
    """site → where the full reader found the bodies of its last pages."""
    found: dict[str, list[Observation]] = {}
    known = c.execute(
        """SELECT site, frame, body, kept, dropped FROM site_pages
        WHERE body <> '' AND site IN (SELECT unnest(?::VARCHAR[])) ORDER BY fetched_at DESC, article_id""",
        [sites],
    )
    for site, frame, body, kept, dropped in known.fetchall():
        found.setdefault(site, []).append(Observation(frame, body, tuple(kept), tuple(dropped)))
    return found


def write(c: Connection, batch: Batch) -> None:
    """Keep what the run's pages were made of, and of each site the last ones only."""
    articles = rows.unique((o.article for o in batch.outcomes if o.article and o.article.masks), lambda a: a.article_id)
    if not articles:
        return
    nothing = Observation("", "")
    rows.put(
        c, "site_pages", [_row(a) | rows.row(a.taught or nothing) for a in articles if a.fetched_at], key="article_id"
    )
    c.execute(
        f"""DELETE FROM site_pages WHERE article_id IN (
            SELECT article_id FROM site_pages WHERE site IN (SELECT unnest(?::VARCHAR[]))
            QUALIFY row_number() OVER (PARTITION BY site ORDER BY fetched_at DESC, article_id) > {KEPT}
        )""",
        [list({a.site for a in articles})],
    )


def _row(article: Article) -> dict[str, object]:
    return {name: getattr(article, name) for name in _FRESH.names}
