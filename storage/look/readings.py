"""What is stored of pages that can be read again, and what their sites print on many of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from extract.records import Article, Entry, Observation
from storage.look.handle import ENTRY, Handle, tuples
from storage.write import site_pages


@dataclass(frozen=True, slots=True)
class Reading:
    """What is stored of an article that can be read again."""

    article_id: int
    entry: Entry  # the one that brought it
    site: str
    title: str
    standfirst: str
    text: str
    words: int
    warc_file: str
    warc_offset: int
    extractor: str  # what found the text


class ReadingLooks(Handle):
    """What is stored of pages that can be read again, and what their sites print on many of them."""

    def repeated(self, sites: Iterable[str], fresh: Sequence[Article] = ()) -> dict[str, frozenset[int]]:
        """The masks of the blocks that each of these sites prints on many pages, counted over the last ones stored and
        those just read."""
        with self._open() as connection:
            return site_pages.repeated(connection, list(sites), fresh)

    def taught(self, sites: Iterable[str]) -> dict[str, list[Observation]]:
        """Where the full reader found the bodies of each site's last pages."""
        with self._open() as connection:
            return site_pages.taught(connection, list(sites))

    def readings(self, since: datetime | None = None, sites: Sequence[str] | None = None) -> list[Reading]:
        """The articles whose page is in the archive, fetched since then, each with the entry that brought it first; with
        `sites`, only those that these learn their habits from."""
        found = self._ask(
            f"""
            WITH wanted AS MATERIALIZED (
                SELECT article_id, rowid AS place FROM articles
                WHERE text_from = 'page' AND warc_file <> '' AND (? IS NULL OR fetched_at >= ?)
                    AND (? IS NULL OR article_id IN (FROM site_pages SELECT article_id WHERE site IN (SELECT unnest(?::VARCHAR[]))))
            ),
            first AS MATERIALIZED (
                SELECT rowid AS place FROM entries WHERE article_id IN (SELECT article_id FROM wanted)
                QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY (outcome = 'duplicate'), first_seen_at, entry_id) = 1
            )
            SELECT a.article_id, a.title AS old_title, a.site, a.standfirst, a.text, a.words, a.warc_file, a.warc_offset, a.extractor, e.*
            FROM articles a JOIN (SELECT {ENTRY}, article_id FROM entries WHERE rowid IN (SELECT place FROM first)) e USING (article_id)
            WHERE a.rowid IN (SELECT place FROM wanted)
            ORDER BY a.warc_file, a.warc_offset""",
            since,
            since,
            sites,
            sites or [],
        )
        own = {field.name for field in fields(Entry)}
        return [
            Reading(
                entry=Entry(**tuples({name: value for name, value in row.items() if name in own})),
                title=row["old_title"],
                **{
                    name: row[name]
                    for name in (
                        "article_id",
                        "site",
                        "standfirst",
                        "text",
                        "words",
                        "warc_file",
                        "warc_offset",
                        "extractor",
                    )
                },
            )
            for row in found
        ]
