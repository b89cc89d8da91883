"""Rows for people: a table as wide as the terminal, or a block a row where a table does not fit."""

import re
import shutil
import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TextIO

from extract import unseen
from flows import telling

WIDEST = 80  # characters of a cell in a table; csv and json give it whole
NARROWEST = 12  # to which a column of words is cut before blocks take the table's place
LONGEST = 1_000  # characters of a cell in a block
_GAP = 3  # between columns
_WEB = re.compile(r"^https?://(?:www\.)?")


def table(
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    out: TextIO,
    more: Callable[[], int] = lambda: 0,
    *,
    expand: bool = False,
) -> None:
    """A result for people. On a terminal its columns are cut to fit, and where that leaves too little of them each row is a
    block, as with `expand`; elsewhere it is as wide as it needs. `more` counts the rows that are not shown."""
    from rich.cells import cell_len

    right = [_is_numeric([row[n] for row in rows]) for n in range(len(names))]
    head = [unseen.harmless(" ".join(name.split())) for name in names]
    told = [[unseen.harmless(_line(value)) for value in row] for row in rows]
    cells = [[_cut(cell, WIDEST) for cell in row] for row in told]
    widths = [max(map(cell_len, column)) for column in zip(head, *cells, strict=True)]
    room = shutil.get_terminal_size().columns if out.isatty() else None
    fitting = widths if room is None else _fitting(widths, right, room)
    if names and (expand or fitting is None):
        out.writelines(f"{line}\n" for line in _blocks(head, told, room or WIDEST + NARROWEST))
    elif names and fitting is not None:
        cut = [[_cut(cell, width) for cell, width in zip(row, fitting, strict=True)] for row in (head, *cells)]
        out.writelines(f"{line}\n" for line in _lines(cut, fitting, right))
    count = telling.some(len(rows), "row")
    if hidden := more():
        count = f"{count} shown, {hidden:,} more: LIMIT, or --format csv or json for all of them"
    telling.echo(count, file=out)


def _is_numeric(column: Sequence[object]) -> bool:
    known = [value for value in column if value is not None]
    return bool(known) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in known)


def _fitting(widths: Sequence[int], right: Sequence[bool], room: int) -> list[int] | None:
    """The widths at which a table fits: of its columns of words the widest are cut first; None where it cannot fit."""
    found = list(widths)
    while (over := sum(found) + _GAP * (len(found) - 1) + 4 - room) > 0:
        able = [n for n, width in enumerate(found) if width > NARROWEST and not right[n]]
        if not able:
            return None
        widest = max(able, key=lambda n: found[n])
        next_ = max([NARROWEST, *(found[n] for n in able if found[n] < found[widest])])
        found[widest] -= max(1, min(over, found[widest] - next_))
    return found


def _lines(rows: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[bool]) -> Iterator[str]:
    """The table line by line; its first row is the head."""
    from rich.cells import cell_len

    blank = " " * (sum(widths) + _GAP * len(widths) + 1)
    yield blank
    for n, row in enumerate(rows):
        gaps = [" " * (width - cell_len(cell)) for width, cell in zip(widths, row, strict=True)]
        parts = [gap + cell if end else cell + gap for cell, gap, end in zip(row, gaps, right, strict=True)]
        yield f"  {'   '.join(parts)}  "
        if n == 0:
            yield f" {'─' * (len(blank) - 2)} "
    yield blank


def _blocks(names: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> Iterator[str]:
    """A row a block, a column a line; long texts go on below."""
    from rich.cells import cell_len

    widest = max(map(cell_len, names))
    for number, row in enumerate(rows, 1):
        yield f"── {number} ".ljust(room, "─")
        for name, cell in zip(names, row, strict=True):
            label = f"  {name}{' ' * (widest - cell_len(name))}  "
            told = textwrap.wrap(_cut(cell, LONGEST), max(20, room - widest - 4)) or [""]
            yield (label + told[0]).rstrip()
            yield from (" " * (widest + 4) + line for line in told[1:])
    yield ""


def _cut(line: str, most: int) -> str:
    """A cell in at most so many columns; an address loses its scheme before it loses its end."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(line) > most:
        line = _WEB.sub("", line)
    return line if cell_len(line) <= most else set_cell_size(line, most - 1).rstrip() + "…"


def _line(value: object) -> str:
    return " ".join(_shown(value).split())


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, list):
        return ", ".join(_shown(v) for v in value)
    return str(value)
