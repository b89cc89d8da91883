"""A handle on the working file, opened for a look and closed again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from extract.records import Entry
from storage import duck, restore
from storage.duck import Connection

ENTRY = ", ".join(field.name for field in fields(Entry))
WANTED = 20_000  # things asked for at a time


class Handle:
    """A working file that is asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._at_hand: Connection | None = None

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        if self._at_hand is not None:
            yield self._at_hand
            return
        try:
            with duck.open_file(self.path) as connection:
                yield connection
        except duck.Damaged:
            restore.mark(self.path)  # it opened: only a run that reads the block finds it
            raise

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Inside, all looks share one handle: opening the file takes longer than most of them. Not for a time in which
        the network is waited for, nor while the derived file is asked, which looks at this one too."""
        if self._at_hand is not None:
            yield
            return
        with self._open() as connection:
            self._at_hand = connection
            try:
                yield
            finally:
                self._at_hand = None

    def _ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """The rows of a short look, each as column → value."""
        with self._open() as connection:
            result = connection.execute(sql, list(values))
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _ask_of(self, sql: str, wanted: Sequence[object]) -> Iterator[dict[str, Any]]:
        """The rows of a look at many things, some of them at a time: all at once they take more room than what is found."""
        for start in range(0, len(wanted), WANTED):
            yield from self._ask(sql, list(wanted[start : start + WANTED]))


def tuples(row: dict[str, Any]) -> dict[str, Any]:
    """A row as a record's fields: its lists as tuples."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
