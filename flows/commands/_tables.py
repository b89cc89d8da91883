"""Rows in the form asked for: a table for people, CSV, JSON Lines, Parquet."""

import csv
import json
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TextIO

from extract import unseen
from extract.errors import BadInput
from flows import telling
from flows.commands._drawn import table

if TYPE_CHECKING:
    import pyarrow as pa

# What a spreadsheet takes for a formula when a cell begins with it, in full width too; publishers' text can (OWASP, CSV
# injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

EXACT = 2**53  # beyond it a program that takes every number for a float changes a number's last digits


def write(names: Sequence[str], rows: Iterable[Sequence[object]], form: str, out: TextIO) -> None:
    """Write rows in the form asked for: table, csv, json or jsonl (an object a line), parquet. In JSON ids are text.
    Raises BadInput where Parquet would go to a terminal."""
    if form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([_cell(name) for name in names])
        writer.writerows([_cell(value) for value in row] for row in rows)
    elif form in ("json", "jsonl"):
        ids = [name == "id" or name.endswith("_id") for name in names]
        out.writelines(_json({n: _told(v, i) for n, v, i in zip(names, row, ids, strict=True)}) for row in rows)
    elif form == "parquet":
        import pyarrow as pa

        columns = list(zip(*rows, strict=True)) or [()] * len(names)
        write_parquet(pa.table([pa.array(column) for column in columns], list(names)).to_reader(), out)
    else:
        table(names, list(rows), out)


def write_parquet(batches: "pa.RecordBatchReader", out: TextIO) -> None:
    """Write record batches as one Parquet file, in constant memory. Raises BadInput where it would go to a terminal."""
    from pyarrow import parquet

    if out.isatty():
        raise BadInput(
            "Parquet is no text for a terminal: send it to a file, as in `… --format parquet > articles.parquet`"
        )
    with parquet.ParquetWriter(out.buffer, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)


def _told(value: object, is_id: bool) -> Any:
    """A value as JSON has it; ids, and numbers that floats cannot hold, as text."""
    plain = _plain(value)
    whole = isinstance(plain, int) and not isinstance(plain, bool)
    return str(plain) if whole and (is_id or abs(plain) > EXACT) else plain


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
