"""Which articles are which story, as rows of `copies`, `stories` and `merged_stories`."""

from typing import Any

from extract.records import Copy, Credit, Member
from storage.duck import Connection
from storage.write import rows
from storage.write.batch import Batch


def write_stories(c: Connection, batch: Batch) -> int:
    """Write the copies and bring the rows of their stories up to date; gives how many stories are new."""
    c.execute(
        "CREATE OR REPLACE TEMP TABLE stood AS SELECT article_id, story_id FROM copies WHERE article_id IN (SELECT unnest(?::BIGINT[]))",
        [[copy.article_id for copy in batch.copies]],
    )
    rows.put(c, "copies", [_copy(copy, batch) for copy in batch.copies])
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
            c.story_id,
            any_value(c.lead_article_id)                                   AS lead_article_id,
            any_value(a.title) FILTER (a.article_id = c.lead_article_id)   AS title,
            min(a.first_seen_at)                                           AS first_seen_at,
            count(*)::INTEGER                                              AS articles,
            count(DISTINCT a.site)::INTEGER                                AS outlets,
            mode(c.agency ORDER BY c.agency) FILTER (NOT c.contributed)     AS agency,
            $run                                                           AS run_id
        FROM copies c JOIN articles a USING (article_id)
        WHERE c.story_id IN (SELECT unnest($ids::BIGINT[]))
        GROUP BY c.story_id
        """,
        {"run": batch.run.run_id, "ids": ids},
    )
    return len(ids) - len(before)


def _end_merged(c: Connection, batch: Batch) -> None:
    """End the stories whose articles all went to another, and say where they went."""
    c.execute(
        """
        CREATE OR REPLACE TEMP TABLE ended AS
        SELECT stood.story_id, min(c.story_id) AS into_story_id
        FROM stood JOIN copies c USING (article_id)
        WHERE stood.story_id NOT IN (SELECT story_id FROM copies) GROUP BY stood.story_id
        """
    )
    values = {"now": batch.now, "run": batch.run.run_id}
    c.execute("INSERT OR REPLACE INTO merged_stories SELECT story_id, into_story_id, $now, $run FROM ended", values)
    for table in ("stories", "story_topics"):
        c.execute(f"DELETE FROM {table} WHERE story_id IN (SELECT story_id FROM ended)")


def _copy(copy: Copy, batch: Batch) -> dict[str, Any]:
    credit = copy.credit
    return rows.row(copy) | {
        "agency": credit.agency if credit else None,
        "agency_name": batch.agency_names.get(credit.agency, credit.agency) if credit else None,
        "agency_evidence": credit.evidence if credit else None,
        "agency_from": credit.found_in if credit else None,
        "contributed": credit.partial if credit else False,
        "method": batch.method,
        "run_id": batch.run.run_id,
    }


def stored_copy(row: dict[str, Any]) -> Copy:
    """A row of `copies` as a record."""
    agency, evidence, found_in, partial = (
        row.pop(name) for name in ("agency", "agency_evidence", "agency_from", "contributed")
    )
    return Copy(credit=Credit(agency, evidence, found_in, partial) if agency else None, **row)


def stored_member(row: dict[str, Any]) -> Member:
    """A row of `articles` and `copies` as what grouping needs."""
    agency, evidence, found_in, partial = (
        row.pop(name) for name in ("agency", "agency_evidence", "agency_from", "contributed")
    )
    own = (Credit(agency, evidence, found_in, partial),) if agency and found_in != "inherited" else ()
    return Member(credits=own, own_site=found_in == "site", **row)
