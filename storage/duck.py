"""The one module that imports DuckDB: opening files, and its errors as ours."""

import contextlib
import errno
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Self

import duckdb

from extract.errors import BadInput, Broken, Busy, NewsduckError
from storage import aside, disk

Connection = duckdb.DuckDBPyConnection

# Files that 2.0 writes by default cannot be opened by the 1.5 tools most people have.
STORAGE_VERSION = "v1.5.0"
ROW_GROUP = 20_480  # rows; the default 122,880 made a day's append 3.6 times slower and the file 40 % larger
WRITTEN = f"STORAGE_VERSION '{STORAGE_VERSION}', ROW_GROUP_SIZE {ROW_GROUP}"  # how a file is opened that is written

BATCH = 256  # rows at a time; DuckDB itself hands on 2,048
MEMORY = "80%"  # of the machine's that a query of ours may take, as DuckDB has it by default
SPILL = "10GB"  # that a person's query may lay aside on disk: ten million articles sorted by their text need 4


class Damaged(Broken):
    """A DuckDB file that is not as it was written."""

    path: Path | None = None  # which


class Failed(Broken):
    """A statement that DuckDB would not run, for no fault of the disk's."""

    said = ""  # why, in DuckDB's words


@contextlib.contextmanager
def open_file(
    path: Path, *, read_only: bool = False, memory: str = "2GB", in_log: bool = False
) -> Iterator[Connection]:
    """A connection to a DuckDB file, in UTC. Open it late and close it soon: while it is open nobody else can write.

    With `in_log` what was written stays in its log, beside the file, until that is of 16 MB: to lay a few rows where they belong, all
    texts of their block are written anew. Not for a file that is copied, or from which something is to go for good.
    Raises Busy where another process holds the file, Broken where it cannot be used at all.
    """
    with told(path), _engine(path, memory, "READ_ONLY" if read_only else WRITTEN, in_log) as connection:
        connection.execute("USE file; SET TimeZone = 'UTC'")
        yield connection


@contextlib.contextmanager
def attached(connection: Connection, path: Path, name: str, options: str = "READ_ONLY") -> Iterator[None]:
    """Inside, another file can be asked too, under this name. Where something fails the connection is of no use any more."""
    connection.execute(f"ATTACH {quoted(path)} AS {name} ({options})")
    yield
    connection.execute(f"DETACH {name}")


def log_of(path: Path) -> Path:
    """Where DuckDB keeps what was written into a file and is not laid there yet."""
    return path.with_name(f"{path.name}.wal")


_idle: list[Connection] = []  # engines that have no file: to make one takes twenty times as long as to give it a file


@contextlib.contextmanager
def _engine(path: Path, memory: str, options: str, in_log: bool) -> Iterator[Connection]:
    """A connection to an engine of its own that has a file, as `file`, and none afterwards; it is kept for the next one that needs an
    engine, unless something went wrong or was laid aside on disk."""
    file, spill = quoted(path), aside.beside(path)
    engine = _idle.pop() if _idle else duckdb.connect(":memory:")
    try:
        engine.execute(f"SET memory_limit = '{memory}'; SET temp_directory = {quoted(spill)}")
        engine.execute(f"PRAGMA {'disable' if in_log else 'enable'}_checkpoint_on_shutdown")
        engine.execute(f"ATTACH {file} AS file ({options})")
        connection = engine.cursor()
        try:
            yield connection
        finally:
            connection.close()
        engine.execute("DETACH file")
    except BaseException:
        engine.close()
        raise
    if spill.exists():
        engine.close()
    else:
        _idle.append(engine)


def _after_fork() -> None:
    """Leave the parent's engines alone: their threads are not here, and to close one would wait for them."""
    _left.extend(_idle)
    _idle.clear()


_left: list[Connection] = []
os.register_at_fork(after_in_child=_after_fork)


def quoted(path: Path) -> str:
    """A path as a statement has it. Raises BadInput where its name is no UTF-8, which DuckDB would not take."""
    if not _is_text(str(path)):
        raise BadInput(
            f"{str(path)!r}: DuckDB opens no file whose path is no UTF-8: give that folder or file another name"
        )
    return f"'{str(path).replace(chr(39), chr(39) * 2)}'"


def _check_text(*said: object) -> None:
    if not all(_is_text(words) for words in said if isinstance(words, str)):
        raise BadInput("what is asked for is no UTF-8 text")


def _is_text(words: str) -> bool:
    """Whether it is all letters, and no bytes that were read for some."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextlib.contextmanager
def told(path: Path) -> Iterator[None]:
    """Inside, DuckDB's errors become ours, naming the file and the way out: raises Busy or Broken."""
    try:
        yield
    except NewsduckError:
        raise
    except duckdb.IOException as error:
        text = str(error)
        if "lock" in text.lower():
            holder = re.search(r"held in (.+? \(PID \d+\))", text)
            raise Busy(
                f"{path} is in use{f' by {holder.group(1)}' if holder else ''}; try again when it is done"
            ) from error
        raise _of(path, error) from error
    except duckdb.Error as error:
        raise _of(path, error) from error


# What DuckDB says of a file that is no longer what it wrote.
_DAMAGE = re.compile(
    r"[Cc]hecksum|not read enough bytes|[Cc]orrupt|not a valid DuckDB database|[Ss]erializ|load metadata|\bWAL\b"
)
_FILES = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
# The folder in which a query's file has another name.
_BEHIND = re.compile(rf"[^\s\"']*/{re.escape(aside.PREFIX)}[^/\s]*/")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def _of(path: Path, error: duckdb.Error) -> Broken:
    """DuckDB's words as an error of ours, with the way out that fits them and no other."""
    line = _first_line(str(error))
    text = _QUOTED.sub("", str(error).replace(str(path), ""))  # names and values are no words of DuckDB's
    if "No space left" in text or "not enough space" in text.lower() or "max_temp_directory_size" in text:
        return Broken(f"{path}: {disk.WAYS_OUT[errno.ENOSPC]} ({line}); every committed run is safe")
    if "Read-only file system" in text:
        return Broken(f"{path}: {disk.WAYS_OUT[errno.EROFS]}; every committed run is safe")
    if "Permission denied" in text:
        return Broken(f"{path}: {disk.WAYS_OUT[errno.EACCES]}")
    if "Input/output error" in text:
        return Broken(f"{path}: {disk.WAYS_OUT[errno.EIO]} ({line})")
    # Of a checksum that does not fit it tells now by one of these, now by an error of no class of its own.
    if (isinstance(error, _FILES) or type(error) is duckdb.Error) and _DAMAGE.search(text):
        damaged = Damaged(
            f"{path} is damaged: {line}; the next run makes it anew from the other one, published or working, if that is whole"
        )
        damaged.path = path
        return damaged
    if isinstance(error, duckdb.IOException) and ("No such file" in text or "does not exist" in text):
        return Broken(f"{path} cannot be opened: {disk.WAYS_OUT[errno.ENOENT]}")
    failed = Failed(f"{path} cannot be used: {line}; restore it from a backup or load the archive anew")
    failed.said = line
    return failed


class Question:
    """A query on a file that is only read. It can reach nothing else of this machine, its rows come as they are taken, and
    what it lays aside while it sorts is bounded and goes with it. One of ours, not a person's, is trusted not to write over the
    file it reads."""

    def __init__(self, path: Path, *, trusted: bool = False) -> None:
        """Raises BadInput where there is no file yet, or its path is none for DuckDB."""
        if not path.exists():
            raise BadInput(f"{path} does not exist yet: `newsduck ingest` or `newsduck load` makes it")
        quoted(path)
        self._path = path
        self._stack = contextlib.ExitStack()
        self._spill: Path | None = None
        if trusted:
            self._connection = self._stack.enter_context(open_file(path.resolve(), read_only=True, memory=MEMORY))
        else:
            with told(path), _laid_aside(path.resolve()) as (self._spill, linked):
                bounds: dict[str, Any] = {"temp_directory": str(self._spill), "max_temp_directory_size": SPILL}
                self._connection = duckdb.connect(str(linked), read_only=True, config=bounds)
                if linked.parent == self._spill:
                    linked.unlink()
        self.names: list[str] = []  # of the result's columns, each once
        self._locked = trusted

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._stack.close()
        self.abandon()

    def ask(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> None:
        """Begin the query; raises BadInput, in DuckDB's words, where it is none or asks for what it may not."""
        _check_text(sql, *(values.values() if isinstance(values, Mapping) else values))
        with self._told():
            if not self._locked:
                self._connection.execute("SET TimeZone = 'UTC'")
                # Cannot be undone on this connection: a query may read the warehouse and nothing else of the machine.
                self._connection.execute("SET enable_external_access = false; SET lock_configuration = true")
                self._locked = True
            result = self._connection.execute(sql, dict(values) if isinstance(values, Mapping) else list(values))
            if result is None:
                raise BadInput("the query is empty")
            self.names = _names(result)

    def statements(self, sql: str) -> list[str]:
        """The statements of a text; raises BadInput, in DuckDB's words, where it is none."""
        _check_text(sql)
        with self._told():
            found = [statement.query for statement in self._connection.extract_statements(sql)]
        if not found:
            raise BadInput("the query is empty")
        return found

    def batches(self) -> Any:
        """All rows that are left, as Arrow's record batches, in constant memory."""
        with self._told(), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return self._connection.to_arrow_reader(BATCH)

    def take(self, most: int) -> list[tuple[object, ...]]:
        """The next rows, none at the end."""
        with self._told():
            return self._connection.fetchmany(most)

    def rows(self) -> Iterator[tuple[object, ...]]:
        """All rows that are left, in constant memory."""
        while some := self.take(BATCH):
            yield from some

    def count_rest(self) -> int:
        """How many rows are left; they are not kept."""
        with self._told(), warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # DuckDB would rather be asked in another way
            left: Any = self._connection.to_arrow_reader(BATCH)
            return sum(batch.num_rows for batch in left)

    def interrupt(self) -> None:
        """Ask the query to end, from another thread."""
        self._connection.interrupt()

    def abandon(self) -> None:
        """Take away what it has laid aside, when the process is about to end without it."""
        if self._spill is not None:
            shutil.rmtree(self._spill, ignore_errors=True)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        with told(self._path):
            try:
                yield
            except duckdb.InterruptException as error:
                raise KeyboardInterrupt from error
            except (duckdb.IOException, duckdb.FatalException, duckdb.InternalException):
                raise
            except RuntimeError as error:  # Ctrl-C as DuckDB's binding notices it, or words that are no UTF-8
                if "interrupted" in str(error):
                    raise KeyboardInterrupt from error
                raise BadInput(str(error)) from error
            except (duckdb.Error, UnicodeError) as error:
                raise BadInput(str(error)) from error
            except MemoryError as error:
                raise BadInput("the result does not fit into memory: add a LIMIT") from error


@contextlib.contextmanager
def _laid_aside(path: Path) -> Iterator[tuple[Path, Path]]:
    """(a folder for what a query lays aside, the file under a name that is not its own). The folder goes when this fails.

    A query may not reach files, but DuckDB excepts the file it has opened, and `COPY … TO` that file's name would write over
    it. So it is opened under a second name, in the folder, which is taken away once it is open. Who may not write beside the
    file cannot write over it either, and opens it as it is.
    """
    beside = os.access(path.parent, os.W_OK)
    if not beside and os.access(path, os.W_OK):
        raise Broken(f"{path} can be written, and its folder cannot: `newsduck sql` could not keep a query from it")
    if not beside:
        folder = Path(tempfile.mkdtemp(prefix="newsduck-sql-"))
        linked = path
    else:
        aside.sweep(path.parent)
        folder = Path(tempfile.mkdtemp(prefix=f"{aside.PREFIX}{os.getpid()}-", dir=path.parent))
        linked = folder / "warehouse.duckdb"
    try:
        if linked is not path:
            linked.hardlink_to(path)
        yield folder, linked
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Broken(
            f"{path} cannot be given a second name ({error.strerror}), without which a query could write over it: "
            "keep the data folder on a file system with hard links"
        ) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


_held: ContextVar[tuple[Path, Question] | None] = ContextVar("_held", default=None)


@contextlib.contextmanager
def held_open(path: Path) -> Iterator[Question]:
    """A file for the queries of ours that are asked inside, opened once: they see one state of it, and opening takes longer than
    most of them do. Raises BadInput where there is no file yet."""
    held = _held.get()
    if held is not None and held[0] == path:
        yield held[1]
        return
    with Question(path, trusted=True) as question:
        before = _held.set((path, question))
        try:
            yield question
        finally:
            _held.reset(before)


def ask(
    path: Path, sql: str, values: Sequence[object] | Mapping[str, object] = ()
) -> tuple[list[str], list[tuple[object, ...]]]:
    """(column names, all rows) of a query of ours on a file that is only read."""
    with held_open(path) as question:
        question.ask(sql, values)
        return question.names, list(question.rows())


def ask_rows(path: Path, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[dict[str, Any]]:
    """The same as rows, each column → value."""
    names, rows = ask(path, sql, values)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _names(result: Connection) -> list[str]:
    """The names of a result's columns, each once: x, x_1 …"""
    names: list[str] = []
    for column in result.description or ():
        name, n = column[0], 0
        while name in names:
            n += 1
            name = f"{column[0]}_{n}"
        names.append(name)
    return names


def roll_back(connection: Connection) -> None:
    """Undo a transaction, where there is still one: the error that ended it is the one to tell."""
    with contextlib.suppress(duckdb.Error):
        connection.rollback()


def _first_line(text: str) -> str:
    return _BEHIND.sub("", text.strip().splitlines()[0])
