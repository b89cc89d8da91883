"""Rows as a table for people, CSV or JSON Lines, row by row."""

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TextIO

from extract import unseen
from flows import telling

# What a spreadsheet takes for a formula when a cell begins with it, in full width too; publishers' text can (OWASP, CSV
# injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

WIDEST = 80  # characters of a cell in a table; csv and json give it whole


def write(names: Sequence[str], rows: Iterable[Sequence[object]], form: str, out: TextIO) -> None:
    """Write rows in the form asked for: table, csv or json (an object a line)."""
    if form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([_cell(name) for name in names])
        writer.writerows([_cell(value) for value in row] for row in rows)
    elif form == "json":
        out.writelines(_json(_plain(dict(zip(names, row, strict=True)))) for row in rows)
    else:
        table(names, list(rows), out)


def table(
    names: Sequence[str], rows: Sequence[Sequence[object]], out: TextIO, more: Callable[[], int] = lambda: 0
) -> None:
    """A result as a table for people: as wide as the terminal, or as it needs where there is none; `more` counts the rows
    that are not shown."""
    right = [isinstance(value, int | float) and not isinstance(value, bool) for value in rows[0]] if rows else []
    right = right or [False] * len(names)
    told = [[unseen.harmless(_cut(_shown(value))) for value in row] for row in rows]
    if out.isatty():
        _draw(names, told, right, out)
    else:
        out.writelines(f"{line}\n" for line in _lines(names, told, right) if names)
    count = f"{len(rows):,} row{'' if len(rows) == 1 else 's'}"
    if hidden := more():
        count = f"{count} shown, {hidden:,} more: LIMIT, or --format csv or json for all of them"
    telling.echo(count, file=out)


def _draw(names: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], out: TextIO) -> None:
    """A table that folds its cells to the terminal's width."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=box.SIMPLE_HEAD)
    for name, numeric in zip(names, right, strict=True):
        drawn.add_column(telling.text(name), justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
    for row in rows:
        drawn.add_row(*map(telling.text, row))
    Console(file=out).print(drawn)


def _lines(names: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool]) -> Iterator[str]:
    """The same table where nothing has to be folded: rich takes 2 ms a row, and a list may have 20,000."""
    from rich.cells import cell_len

    head = [unseen.harmless(" ".join(name.split())) for name in names]
    widths = [max(map(cell_len, column)) for column in zip(head, *rows, strict=True)]
    blank = " " * (sum(widths) + 3 * len(widths) + 1)
    yield blank
    for n, row in enumerate((head, *rows)):
        gaps = [" " * (width - cell_len(cell)) for width, cell in zip(widths, row, strict=True)]
        parts = [gap + cell if end else cell + gap for cell, gap, end in zip(row, gaps, right, strict=True)]
        yield f"  {'   '.join(parts)}  "
        if n == 0:
            yield f" {'─' * (len(blank) - 2)} "
    yield blank


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


def _json(value: object) -> str:
    return telling.json_line(json.dumps(value, ensure_ascii=False))


def _cell(value: object) -> Any:
    plain = _plain(value)
    if isinstance(plain, str):
        harmless = unseen.harmless(plain)
        return "'" + harmless if plain.startswith(_FORMULA) or harmless.startswith(_FORMULA) else harmless
    return _json(plain).rstrip() if isinstance(plain, list | dict) else plain


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
