"""Where else a forgotten text is named: Prefect's database (artifacts, logs, events), log files, pages of days.

What is looked for are words in a row, whatever stands between them: a headline is escaped in Markdown, in HTML and in JSON, and
cut short in a table. A few words in a row that two texts share cost the dashboard a line, and the warehouse nothing.
"""

import html
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from extract.errors import Broken
from storage import disk

TITLE, PASSAGE = 5, 8  # words in a row by which a headline, or a passage, is known
SHORTEST = 8  # letters of a headline of one word
WAIT = 60.0  # seconds that a server of ours, which has the database open, may take to let us write
FORGOTTEN = "(forgotten)"
# Prefect's tables whose rows are shown or kept for reading only; of others the one value is replaced.
_ROWS = ("artifact", "artifact_collection", "log", "events", "event_resources", "automation_event_follower")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\[nrt]|\\")
_WORD = re.compile(r"\w+")


def _words(text: str) -> list[str]:
    plain = _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else " " if len(m[0]) > 1 else "", html.unescape(text))
    return _WORD.findall(plain.casefold())


class Sought:
    """What is looked for: rows of words, by the first of them and how many they are."""

    def __init__(self, titles: Iterable[str], passages: Iterable[str], urls: Iterable[str]) -> None:
        self._rows: dict[str, dict[int, set[tuple[str, ...]]]] = defaultdict(lambda: defaultdict(set))
        for title in titles:
            self._take(_words(title), TITLE, 1)
        for passage in passages:
            self._take(_words(passage.replace("**", "")), PASSAGE, 4)
        for url in urls:
            self._take(whole := _words(unquote(url)), len(whole), 2)

    def _take(self, words: list[str], size: int, least: int) -> None:
        if len(words) < least or (len(words) == 1 and len(words[0]) < SHORTEST):
            return
        size = min(size, len(words))
        for n in range(len(words) - size + 1):
            self._rows[words[n]][size].add(tuple(words[n : n + size]))

    def stands_in(self, text: str) -> bool:
        """Whether a text has any of it."""
        words = _words(unquote(text)) if "%" in text else _words(text)
        return any(
            any(tuple(words[n : n + size]) in rows for size, rows in self._rows[word].items())
            for n, word in enumerate(words)
            if word in self._rows
        )


def days(folder: Path, sought: Sought) -> set[date]:
    """The days whose pages have any of it."""
    found = set()
    for path in folder.glob("????-??-??.html"):
        with suppress(ValueError, OSError):
            day = date.fromisoformat(path.stem)
            if sought.stands_in(re.sub(r"<[^>]*>", " ", text := path.read_text(encoding="utf-8"))) or sought.stands_in(
                text
            ):
                found.add(day)
    return found


def clean_logs(home: Path, sought: Sought) -> int:
    """Blank the lines of log files that have any of it, in place: whoever writes on does so behind them. Gives how many lines."""
    blanked = 0
    for path in sorted(home.glob("*.log*")):
        with disk.told(f"cleaning {path}", "nothing else was changed"), path.open("rb+", buffering=0) as file:
            at = 0
            for line in file.read().splitlines(keepends=True):
                if sought.stands_in(line.decode("utf-8", "replace")):
                    end = len(line) - len(line.rstrip(b"\r\n"))
                    os.pwrite(file.fileno(), b" " * (len(line) - end), at)
                    blanked += 1
                at += len(line)
            os.fsync(file.fileno())
    return blanked


def clean_database(path: Path, sought: Sought) -> int:
    """Take out of Prefect's SQLite database what has any of it, and write the file anew, so that no free page keeps it; a server
    may run on it meanwhile. Gives how many rows. Raises Broken where the database cannot be written: nothing is changed then."""
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as c:
            c.execute("PRAGMA secure_delete = ON")
            c.execute("BEGIN IMMEDIATE")
            try:
                found = sum(_clean(c, table, sought) for table in _tables(c))
            except BaseException:
                c.execute("ROLLBACK")
                raise
            c.execute("COMMIT")
            c.execute("VACUUM")  # what Prefect itself deleted before
            busy, *_ = c.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise Broken(
                    f"{path} is read without a pause, and its log {path.name}-wal stays: stop the server, then run it again"
                )
            return found
    except sqlite3.Error as error:
        raise Broken(
            f"{path} cannot be cleaned ({error}): stop the server that runs on it, then run it again"
        ) from error


def _tables(c: sqlite3.Connection) -> Iterator[str]:
    for (name,) in c.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall():
        yield str(name)


def _clean(c: sqlite3.Connection, table: str, sought: Sought) -> int:
    columns = [
        (str(name), str(kind).upper())
        for _, name, kind, *_ in c.execute(f'PRAGMA table_info("{table}")').fetchall()
        if str(kind).upper() in ("TEXT", "JSON", "VARCHAR")
    ]
    if not columns:
        return 0
    kinds = dict(columns)
    named = ", ".join(f'"{name}"' for name in kinds)
    hits: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row, *values in c.execute(f'SELECT rowid, {named} FROM "{table}"'):
        for name, value in zip(kinds, values, strict=True):
            if isinstance(value, str) and sought.stands_in(value):
                hits[row].append((name, _instead(value) if kinds[name] == "JSON" else FORGOTTEN))
    for row, changes in hits.items():
        if table in _ROWS:
            c.execute(f'DELETE FROM "{table}" WHERE rowid = ?', [row])
            continue
        for name, value in changes:
            c.execute(f'UPDATE "{table}" SET "{name}" = ? WHERE rowid = ?', [value, row])
    return len(hits)


def _instead(value: str) -> str:
    """Of the same kind of JSON, with nothing in it."""
    return {"{": "{}", "[": "[]"}.get(value.lstrip()[:1], '""')
