"""A handle on the working file, opened for a look and closed again, or shared by the looks of a stretch of a run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
        self._shared: ExitStack | None = None  # what closes the handle that looks share
        self._at_hand: Connection | None = None  # that handle, once a look has opened it

    @contextmanager
    def _open(self) -> Iterator[Connection]:
        if self._shared is None:
            with self._opened() as connection:
                yield connection
            return
        if self._at_hand is None:
            self._at_hand = self._shared.enter_context(self._opened())
        try:
            yield self._at_hand
        except BaseException:
            self._at_hand = None
            with self._shared.pop_all():  # closes it, and tells of DuckDB's errors as of ours
                raise

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        try:
            with duck.open_file(self.path) as connection:
                yield connection
        except duck.Damaged as error:
            if error.path == self.path:
                restore.mark(self.path)  # it opened: only a run that reads the block finds it
            raise

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Inside, all looks share one handle, which the first of them opens: that takes longer than most of them. Not for a time in
        which the network is waited for, nor for two threads at once. Before the file is opened by its path, attached or replaced it is to
        be let go."""
        if self._shared is not None:
            yield
            return
        with ExitStack() as self._shared:
            try:
                yield
            finally:
                self._shared = self._at_hand = None

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Inside, each look has a handle of its own again, also where one is at hand outside: for a time in which the network may be
        waited for, or several threads look."""
        self.let_go()
        shared, self._shared = self._shared, None
        try:
            yield
        finally:
            self._shared = shared

    def let_go(self) -> None:
        """Close the handle that looks share, where one does; the next look opens it anew."""
        self._at_hand = None
        if self._shared is not None:
            self._shared.close()

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
