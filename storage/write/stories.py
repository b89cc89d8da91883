"""Which articles are which story, as columns of `articles` and rows of `credits`, `stories` and `merged_stories`."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from extract.records import Copy, Credit, Member
from storage.duck import Connection
from storage.write import rows
from storage.write.batch import Batch

# Every credit of an article as one list, the best first.
CREDITS = """(SELECT list({'agency': agency, 'evidence': evidence, 'found_in': found_in, 'contributed': contributed, 'joint': joint} ORDER BY position)
FROM credits WHERE credits.article_id = a.article_id) AS credits"""

_PLACED = {
    "article_id": pa.int64(),
    "story_id": pa.int64(),
    "lead_article_id": pa.int64(),
    "role": pa.string(),
    "containment": pa.float64(),
    "lead_containment": pa.float64(),
}


def write_stories(c: Connection, batch: Batch) -> int:
    """Write the copies and bring the rows of their stories up to date; gives how many stories are new."""
    if not batch.copies:
        return 0
    c.execute(
        "CREATE OR REPLACE TEMP TABLE stood AS SELECT article_id, story_id FROM articles WHERE story_id IS NOT NULL AND article_id IN (SELECT unnest(?::BIGINT[]))",
        [[copy.article_id for copy in batch.copies]],
    )
    _place(c, batch)
    _end_merged(c, batch)
    ids = list({copy.story_id for copy in batch.copies})
    before = {
        r[0]
        for r in c.execute(
            "SELECT story_id FROM stories WHERE story_id IN (SELECT unnest(?::BIGINT[]))", [ids]
        ).fetchall()
    }
    c.execute(
        """
        INSERT OR REPLACE INTO stories BY NAME
        SELECT
            a.story_id,
            any_value(a.lead_article_id)                                   AS lead_article_id,
            any_value(a.title) FILTER (a.article_id = a.lead_article_id)   AS title,
            min(a.first_seen_at)                                           AS first_seen_at,
            count(DISTINCT a.article_id)::INTEGER                          AS articles,
            count(DISTINCT a.site)::INTEGER                                AS outlets,
            mode(c.agency ORDER BY c.agency) FILTER (NOT c.contributed)     AS agency,
            $run                                                           AS run_id
        FROM articles a LEFT JOIN credits c USING (article_id)
        WHERE a.story_id IN (SELECT unnest($ids::BIGINT[]))
        GROUP BY a.story_id
        """,
        {"run": batch.run.run_id, "ids": ids},
    )
    return len(ids) - len(before)


def _end_merged(c: Connection, batch: Batch) -> None:
    """End the stories whose articles all went to another, and say where they went, of those that had gone into them too; one that is
    there again is no more said to have gone."""
    c.execute(
        """
        CREATE OR REPLACE TEMP TABLE ended AS
        SELECT stood.story_id, min(a.story_id) AS into_story_id
        FROM stood JOIN articles a USING (article_id)
        WHERE stood.story_id NOT IN (SELECT story_id FROM articles WHERE story_id IS NOT NULL) GROUP BY stood.story_id
        """
    )
    values = {"now": batch.now, "run": batch.run.run_id}
    c.execute("INSERT OR REPLACE INTO merged_stories SELECT story_id, into_story_id, $now, $run FROM ended", values)
    c.execute(
        "UPDATE merged_stories SET into_story_id = e.into_story_id FROM ended e WHERE merged_stories.into_story_id = e.story_id"
    )
    c.execute(
        "DELETE FROM merged_stories WHERE story_id IN (SELECT unnest(?::BIGINT[]))",
        [list({copy.story_id for copy in batch.copies})],
    )
    for table in ("stories", "story_topics"):
        c.execute(f"DELETE FROM {table} WHERE story_id IN (SELECT story_id FROM ended)")


def _place(c: Connection, batch: Batch) -> None:
    """Say of each article which story it is, and whom it credits."""
    placed = pa.Table.from_pylist(
        [{name: getattr(copy, name) for name in _PLACED} for copy in batch.copies], schema=pa.schema(_PLACED)
    )
    c.register("placed", placed)
    c.execute(
        f"""UPDATE articles SET {", ".join(f"{name} = placed.{name}" for name in list(_PLACED)[1:])},
        method = $method, grouped_run_id = $run FROM placed WHERE placed.article_id = articles.article_id""",
        {"method": batch.method, "run": batch.run.run_id},
    )
    c.execute("DELETE FROM credits WHERE article_id IN (SELECT article_id FROM placed)")
    c.unregister("placed")
    if found := [row for copy in batch.copies for row in _credits(copy, batch)]:
        rows.put(c, "credits", found)


def _credits(copy: Copy, batch: Batch) -> Iterator[dict[str, Any]]:
    for position, credit in enumerate(copy.credits, 1):
        yield {
            "article_id": copy.article_id,
            "position": position,
            "agency": credit.agency,
            "agency_name": batch.agency_names.get(credit.agency, credit.agency),
            "contributed": credit.partial,
            "joint": credit.joint,
            "inherited": credit.found_in == "inherited",
            "found_in": credit.found_in,
            "evidence": credit.evidence,
            "run_id": batch.run.run_id,
        }


def stored_copy(row: dict[str, Any]) -> Copy:
    """A row of `articles` with its credits as a record."""
    return Copy(credits=_stored(row.pop("credits")), **row)


def stored_member(row: dict[str, Any]) -> Member:
    """A row of `articles` with its credits as what grouping needs."""
    own = tuple(credit for credit in _stored(row.pop("credits")) if credit.found_in != "inherited")
    return Member(credits=own, own_site=any(credit.found_in == "site" for credit in own), **row)


def _stored(found: Sequence[dict[str, Any]] | None) -> tuple[Credit, ...]:
    return tuple(Credit(f["agency"], f["evidence"], f["found_in"], f["contributed"], f["joint"]) for f in found or ())
