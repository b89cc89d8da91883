"""Data folders as earlier versions made them: the migrations up to one of them, with invented rows.

tests/cases/upgrade/rows.toml has the rows as a folder of today has them. One of an earlier state gets of them what its tables have
columns for, so that a migration to come needs no new case; one that adds a table or column needs a row or a value there.
"""

import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from storage import duck, publish
from storage.duck import Connection
from storage.migrate import FOLDER
from storage.warehouse import Warehouse

STATES = [path.stem for path in sorted(FOLDER.glob("*.sql"))]
CASES = Path(__file__).parents[1] / "cases" / "upgrade"
Held = dict[str, list[dict[str, Any]]]  # table → its rows, each column → value
ROWS: Held = tomllib.loads((CASES / "rows.toml").read_text(encoding="utf-8"))
CHUNK = 20_000  # articles made at a time


def make(folder: Path, state: str) -> Warehouse:
    """A data folder whose last migration is this one, with nothing in it yet."""
    made = Warehouse(folder)
    made.work.mkdir(parents=True, mode=0o700)
    with duck.open_file(made.path) as c:
        c.begin()
        c.execute("CREATE TABLE migrations (name VARCHAR PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())")
        for name in STATES[: STATES.index(state) + 1]:
            c.execute((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
            c.execute("INSERT INTO migrations (name) VALUES (?)", [name])
        c.commit()
    return made


def fill(made: Warehouse) -> Held:
    """Put the rows in and publish; gives what was put in."""
    with duck.open_file(made.path) as c:
        held = fitting(c)
        c.begin()
        for table, rows in held.items():
            for row in rows:
                marks = ", ".join("?" * len(row))
                c.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        c.commit()
    publish.publish(made.path, made.published)
    return held


def fitting(c: Connection) -> Held:
    """The rows, as far as a file has tables and columns for them."""
    has = columns(c)
    return {
        table: [{name: value for name, value in row.items() if name in has[table]} for row in rows]
        for table, rows in ROWS.items()
        if table in has
    }


def _fits(statement: str, there: Collection[str]) -> bool:
    """Whether a file with these tables takes a statement: copies were a table of their own before 0013, and events came later."""
    if statement.startswith("UPDATE articles"):
        return "copies" not in there
    into = re.match(r"INSERT INTO (\w+)", statement)
    return bool(statement) and (into is None or into[1] in there)


def columns(c: Connection) -> dict[str, set[str]]:
    """The columns of each table."""
    found: dict[str, set[str]] = {}
    sql = (
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal"
        " AND table_name IN (SELECT table_name FROM duckdb_tables())"
    )
    for table, column in c.execute(sql).fetchall():
        found.setdefault(table, set()).add(column)
    return found


def states(path: Path) -> list[str]:
    """The migrations a file has."""
    with duck.open_file(path, read_only=True) as c:
        return [str(name) for (name,) in c.execute("SELECT name FROM migrations ORDER BY name").fetchall()]


def crowd(made: Warehouse, size: int) -> None:
    """Add so many articles of 400 words to a filled folder, with all that belongs to them, and publish."""
    first = 1_000
    script = (CASES / "mass.sql").read_text(encoding="utf-8")
    with duck.open_file(made.path, memory="4GB") as c:
        there = columns(c)
        statements = [one.strip() for one in script.split(";\n") if _fits(one.strip(), there)]
        for start in range(first, first + size, CHUNK):
            values = {"first": start, "count": min(CHUNK, first + size - start)}
            for statement in statements:
                c.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement} or None)
    publish.publish(made.path, made.published)
