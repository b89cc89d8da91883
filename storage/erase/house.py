"""What a data folder forgets: what goes, asked first; the erasure's rows, inside the run that deletes; and the files, afterwards."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from extract.vocabulary import ErasureReason
from storage import archive, duck, retention
from storage.duck import Connection
from storage.erase import pending, rows
from storage.erase.pending import Pending
from storage.erase.rewrite import Rewritten
from storage.erase.rows import Asked, Chosen
from storage.look.handle import Handle
from storage.retention import Limits
from storage.store.place import Place

Wanted = Limits | Asked | None  # by age, by name, or what feeds have listed again


class Erasing(Handle):
    """A working file that forgets."""

    archive: Place

    def what_goes(self, wanted: Wanted) -> tuple[Chosen, tuple[str, ...]]:
        """(what goes of the tables, the archive files that go whole)."""
        with self._open() as c:
            whole: tuple[str, ...] = ()
            _choose(c, wanted)
            if isinstance(wanted, Limits):
                latest = f"{wanted.latest:%Y/%m/%d}"
                whole = retention.unneeded(c, [name for name in archive.files(self.archive) if name < latest])
            return rows.chosen(c), whole

    def hosts(self) -> list[str]:
        """The hosts that entries lead to."""
        return [row["host"] for row in self._ask(f"SELECT DISTINCT {rows.HOST} AS host FROM entries ORDER BY host")]

    def stays_in(self, name: str, gone: Collection[int]) -> frozenset[int]:
        """At which bytes of an archive file pages of articles stand that stay."""
        found = self._ask(
            """SELECT article_id, warc_offset FROM articles WHERE warc_file = $1
            UNION ALL SELECT article_id, warc_offset FROM versions WHERE warc_file = $1""",
            name,
        )
        return frozenset(row["warc_offset"] for row in found if row["article_id"] not in gone)

    def deletion(
        self,
        wanted: Wanted,
        run_id: int,
        now: datetime,
        done: Sequence[Rewritten],
        deleted: Collection[str],
        days: Collection[date],
    ) -> Callable[[Connection], None]:
        """What a run's transaction begins with to delete this: its rows, and where the rest of the archive will stand."""

        def delete(c: Connection) -> None:
            _choose(c, wanted)
            gone = rows.chosen(c)
            rows.delete(c, now)
            asked: ErasureReason = "age" if isinstance(wanted, Limits) else "person" if wanted else "listed"
            pending.note(c, run_id, asked, now, gone, done, deleted, days)

        return delete

    def erasing(self) -> list[Pending]:
        """The erasures that are not done."""
        with self._open() as c:
            return pending.all_of(c)

    def erased(self, run_ids: Collection[int], now: datetime) -> None:
        """These erasures are done."""
        with self._open() as c:
            pending.done(c, run_ids, now)
            c.execute("CHECKPOINT")

    def take_over(self, other: Path) -> None:
        """Take from another working file what was forgotten, so that it stays so, and the rows of the runs whose archive files went
        whole with it."""
        with self._open() as c, duck.attached(c, other, "other"):
            c.execute("INSERT OR REPLACE INTO tombstones BY NAME FROM other.tombstones")
            c.execute(
                "INSERT INTO erasures BY NAME FROM other.erasures WHERE run_id NOT IN (SELECT run_id FROM erasures)"
            )
            c.execute(
                """INSERT INTO runs BY NAME FROM other.runs WHERE run_id NOT IN (SELECT run_id FROM runs)
                AND archive_file IN (SELECT unnest(deleted) FROM other.erasures)"""
            )

    def erasure(self, run_id: int) -> dict[str, list[dict[str, Any]]]:
        """What a run's erasure left as rows: `erasures` and `tombstones`, each row as column → value."""
        return {
            "erasures": self._ask("SELECT * FROM erasures WHERE run_id = ?", run_id),
            "tombstones": self._ask(
                "SELECT * FROM tombstones WHERE removed_at IN (SELECT begun_at FROM erasures WHERE run_id = ?)", run_id
            ),
        }

    def take_erasure(self, found: Mapping[str, list[dict[str, Any]]]) -> None:
        """Put back what `erasure` gave: what was forgotten stays so."""
        with self._open() as c:
            for table in ("erasures", "tombstones"):
                for row in found.get(table, ()):
                    names = ", ".join(row)
                    c.execute(
                        f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})"
                        if table == "tombstones"
                        else f"INSERT INTO {table} ({names}) SELECT {', '.join('?' * len(row))} WHERE NOT EXISTS (FROM erasures WHERE run_id = {int(row['run_id'])})",
                        list(row.values()),
                    )

    def forgotten(self, urls: Sequence[str]) -> set[str]:
        """Of these addresses those that were forgotten, and of which no article is kept."""
        found = self._ask(
            """SELECT DISTINCT url FROM tombstones WHERE url <> '' AND url IN (SELECT unnest($1::VARCHAR[]))
            AND url NOT IN (SELECT url FROM articles WHERE url IN (SELECT unnest($1::VARCHAR[])))""",
            list(urls),
        )
        return {row["url"] for row in found}


def _choose(c: Connection, wanted: Wanted) -> None:
    if isinstance(wanted, Limits):
        retention.choose(c, wanted)
    elif wanted is None:
        rows.choose_listed_again(c)
    else:
        rows.choose(c, wanted)
