"""What is known of a web archive's files and captures, asked before a page is taken out of one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from extract.records import Import
from storage.look.handle import Handle

_KNOWN = """
SELECT
    (SELECT guid FROM entries WHERE entry_id = $entry) AS record,
    EXISTS (FROM articles WHERE article_id = $article OR fetched_url = $url)
        OR EXISTS (FROM entries WHERE url = $url AND article_id IS NOT NULL) AS stored,
    EXISTS (FROM tombstones WHERE url = $url OR entry_id = $entry) AS forgotten
"""
_PLACES = "SELECT warc_file, warc_offset FROM articles WHERE (article_id = ? OR fetched_url = ?) AND warc_file <> '' ORDER BY article_id"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of an address."""

    record: str  # the record whose capture was taken last; empty where none was
    stored: bool  # an article is kept of it, whoever brought it
    forgotten: bool


class CaptureLooks(Handle):
    """What is known of a web archive's files and captures."""

    def import_of(self, source: str, wanted: str) -> Import | None:
        """How far a file was gone through with this wish; None where it was not."""
        found = self._ask("FROM imports WHERE source = ? AND wanted = ?", source, wanted)
        for row in found:
            skipped = json.loads(row.pop("skipped"))
            done = row.pop("finished_at") is not None
            row = {name: value for name, value in row.items() if name not in ("started_at", "run_id")}
            return Import(**row, skipped=skipped, done=done)
        return None

    def held(self, url: str, article_id: int, entry_id: int) -> Held:
        """What is held of an address, whose article and capture have these ids."""
        with self._open() as c:
            row = c.execute(_KNOWN, {"url": url, "article": article_id, "entry": entry_id}).fetchone()
        assert row is not None
        return Held(str(row[0] or ""), bool(row[1]), bool(row[2]))

    def places(self, url: str, article_id: int) -> Sequence[tuple[str, int]]:
        """Where in newsduck's own archive the pages of an address are."""
        return [(row["warc_file"], row["warc_offset"]) for row in self._ask(_PLACES, article_id, url)]
