"""Topics and what they look at, asked before a run tags; and what a topic that is applied anew writes."""

from collections.abc import Sequence
from datetime import date, datetime

from extract.tracked import Document, Match, Topic
from storage.look.handle import Handle
from storage.write import topics as topic_rows
from storage.write.topics import Jump


class TopicLooks(Handle):
    """Topics and what they look at, asked before a run tags; and what a topic that is applied anew writes."""

    def topics(self) -> list[Topic]:
        """Every version of every topic there has been."""
        return [
            Topic(**row)
            for row in self._ask("SELECT topic AS name, query, version, stem FROM topics ORDER BY topic, version")
        ]

    def whole_topics(self) -> set[tuple[str, int]]:
        """(name, version) of the topics that have been applied to everything kept."""
        return {(row["topic"], row["version"]) for row in self._ask("SELECT topic, version FROM topics WHERE whole")}

    def to_tag(self, but_run: int) -> list[int]:
        """The articles that other runs brought, in an order in which slices of them are read without the others."""
        with self._open() as c:
            return topic_rows.kept(c, but_run)

    def documents(self, article_ids: Sequence[int]) -> list[Document]:
        """What topics look at of these articles."""
        if not article_ids:
            return []
        with self._open() as c:
            return topic_rows.documents(c, article_ids)

    def notice_jumps(self, since: date, now: datetime, run: int) -> None:
        """Note the days since then on which a topic jumped, each once."""
        with self._open() as c:
            topic_rows.notice_jumps(c, since, now, run)

    def untold_jumps(self) -> list[Jump]:
        """The jumps whose event has not been sent."""
        with self._open() as c:
            return topic_rows.untold_jumps(c)

    def jump_told(self, jump: Jump) -> None:
        """The event of this jump has been sent."""
        with self._open() as c:
            topic_rows.jump_told(c, jump)

    def keep_matches(
        self, matches: Sequence[Match], topics: Sequence[Topic], articles: Sequence[int], run: int
    ) -> None:
        """Write the matches of these articles and topics, in one transaction."""
        with self._open() as c:
            topic_rows.keep(c, matches, topics, articles, run)

    def finish_topics(self, topics: Sequence[Topic]) -> None:
        """These topics have been applied to everything kept."""
        with self._open() as c:
            topic_rows.finish(c, topics)
