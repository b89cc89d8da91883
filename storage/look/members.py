"""The articles and copies of stories, asked before a run groups."""

from collections.abc import Sequence
from datetime import datetime

from extract.records import Copy, Member
from extract.vocabulary import GROUPED
from storage import wide
from storage.look.handle import Handle
from storage.write import stories as story_rows


class MemberLooks(Handle):
    """The articles and copies of stories, asked before a run groups."""

    def members(self, story_ids: Sequence[int]) -> list[Member]:
        """All articles of these stories, with their texts."""
        if not story_ids:
            return []
        found = self._ask(
            f"""
            WITH a AS MATERIALIZED (
                SELECT article_id, site, CASE WHEN kind IN {GROUPED} THEN text ELSE '' END AS text, first_seen_at, title, published_at, story_id
                FROM articles WHERE {wide.those("articles", "story_id IN (SELECT unnest(?::BIGINT[]))")}
            )
            SELECT *, {story_rows.CREDITS} FROM a""",
            list(story_ids),
        )
        return [story_rows.stored_member(row) for row in found]

    def stories_since(self, since: datetime | None) -> list[int]:
        """The stories that have an article first seen since then; all of them for None."""
        found = self._ask(
            """SELECT DISTINCT story_id FROM articles
            WHERE story_id IS NOT NULL AND (? IS NULL OR first_seen_at >= ?) ORDER BY story_id""",
            since,
            since,
        )
        return [row["story_id"] for row in found]

    def copies(self, article_ids: Sequence[int]) -> dict[int, Copy]:
        """The rows of these articles."""
        found = self._ask(
            f"""SELECT a.article_id, a.story_id, a.lead_article_id, a.role, a.containment, a.lead_containment, {story_rows.CREDITS}
            FROM articles a WHERE a.story_id IS NOT NULL AND a.article_id IN (SELECT unnest(?::BIGINT[]))""",
            list(article_ids),
        )
        return {row["article_id"]: story_rows.stored_copy(row) for row in found}
