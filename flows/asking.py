"""`newsduck sql`: a person's query on the published warehouse, as a table, CSV or JSON Lines."""

import csv
import json
import math
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from storage import duck

# What a spreadsheet takes for a formula when a cell begins with it; publishers' text can (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


WIDEST = 80  # characters of a cell in a table; csv and json give it whole
UNBOUND = 10_000  # columns of a table that goes to a file or another program


def ask(path: Path, sql: str, form: str, out: TextIO) -> None:
    """Run a read-only query and write its result in the form asked for: table, csv or json (an object a line)."""
    write(*duck.ask(path, sql), form, out)


def write(names: Sequence[str], rows: Sequence[Sequence[object]], form: str, out: TextIO) -> None:
    """Write rows in the form asked for: table, csv or json (an object a line)."""
    if form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([[_cell(value) for value in row] for row in rows])
    elif form == "json":
        out.writelines(
            json.dumps(_plain(dict(zip(names, row, strict=True))), ensure_ascii=False) + "\n" for row in rows
        )
    else:
        table(names, rows, out)


def table(names: Sequence[str], rows: Sequence[Sequence[object]], out: TextIO) -> None:
    """A result as a table for people: as wide as the terminal, or as it needs where there is none."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD)
    for number, name in enumerate(names):
        numeric = bool(rows) and isinstance(rows[0][number], int | float) and not isinstance(rows[0][number], bool)
        drawn.add_column(Text(name), justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
    for row in rows:
        drawn.add_row(*(Text(_cut(_shown(value))) for value in row))
    console = Console(file=out, width=None if out.isatty() else UNBOUND)
    console.print(drawn)
    console.print(Text(f"{len(rows)} row{'' if len(rows) == 1 else 's'}"))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDEST else line[: WIDEST - 1] + "…"


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list):
        return ", ".join(_shown(v) for v in value)
    return str(value)


def _cell(value: object) -> Any:
    plain = _plain(value)
    if isinstance(plain, str):
        return "'" + plain if plain.startswith(_FORMULA) else plain
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, list | dict) else plain


def _plain(value: object) -> Any:
    """A value as JSON has it: no NaN, times in ISO form, the rest as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(_plain(k)): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
