"""The articles and copies of stories, asked before a run groups."""

from collections.abc import Sequence
from datetime import datetime

from extract.records import Copy, Member
from storage.look.handle import Handle
from storage.write import stories as story_rows


class MemberLooks(Handle):
    """The articles and copies of stories, asked before a run groups."""

    def members(self, story_ids: Sequence[int]) -> list[Member]:
        """All articles of these stories, with their texts."""
        articles = self._ask(
            "SELECT article_id FROM copies WHERE story_id IN (SELECT unnest(?::BIGINT[]))", list(story_ids)
        )  # first, for a join of both tables would read all texts
        found = self._ask(
            """SELECT a.article_id, a.site, CASE WHEN a.kind = 'live' THEN '' ELSE a.text END AS text, a.first_seen_at,
            a.title, a.published_at, c.story_id, c.agency, c.agency_evidence, c.agency_from, c.contributed
            FROM articles a JOIN copies c USING (article_id) WHERE a.article_id IN (SELECT unnest(?::BIGINT[]))""",
            [row["article_id"] for row in articles],
        )
        return [story_rows.stored_member(row) for row in found]

    def stories_since(self, since: datetime | None) -> list[int]:
        """The stories that have an article first seen since then; all of them for None."""
        found = self._ask(
            """SELECT DISTINCT story_id FROM copies JOIN articles USING (article_id)
            WHERE ? IS NULL OR first_seen_at >= ? ORDER BY story_id""",
            since,
            since,
        )
        return [row["story_id"] for row in found]

    def copies(self, article_ids: Sequence[int]) -> dict[int, Copy]:
        """The rows of these articles."""
        found = self._ask(
            """SELECT article_id, story_id, lead_article_id, role, containment, lead_containment,
            agency, agency_evidence, agency_from, contributed FROM copies WHERE article_id IN (SELECT unnest(?::BIGINT[]))""",
            list(article_ids),
        )
        return {row["article_id"]: story_rows.stored_copy(row) for row in found}
