"""datapackage.json: what is in an export, file by file and column by column, as a Frictionless data package (version 1)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from storage.export import place
from storage.export.source import Column

MEDIA = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv"}
_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DOUBLE": "number",
    "DATE": "date",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "TIMESTAMP": "datetime",
}
_WHOLE = ("BIGINT", "INTEGER", "HUGEINT", "UBIGINT", "SMALLINT", "TINYINT")
OWN_USE = "For own use only: the texts belong to their publishers and may not be passed on"


@dataclass(frozen=True, slots=True)
class File:
    """A file of the data set."""

    name: str  # of the resource
    path: Path  # where it lies now
    within: str  # its path in the data set
    about: str
    columns: Sequence[Column]
    key: Sequence[str] = ()


def is_id(name: str) -> bool:
    """Whether a column holds keys, which are beyond 2^53 and lose digits as numbers."""
    return name.endswith(("_id", "_hash"))


def resource(file: File) -> dict[str, Any]:
    """A file as a resource: its place, form, size, hash and columns."""
    form = file.within.rpartition(".")[2]
    fields = [_field(column, form) for column in file.columns]
    schema: dict[str, Any] = {"fields": fields} | ({"primaryKey": list(file.key)} if file.key else {})
    told = {"name": file.name, "path": file.within, "description": file.about, "format": form, "mediatype": MEDIA[form]}
    size = {"bytes": file.path.stat().st_size, "hash": place.digest(file.path)}
    profile = (
        {"profile": "tabular-data-resource", "encoding": "utf-8"} if form == "csv" else {"profile": "data-resource"}
    )
    return told | size | profile | {"schema": schema}


def _field(column: Column, form: str) -> dict[str, str]:
    kind = (
        "array"
        if column.type.endswith("[]")
        else "integer"
        if column.type in _WHOLE
        else _TYPES.get(column.type, "string")
    )
    if form == "csv" and is_id(column.name):
        kind = "string"
    if form == "csv" and kind == "datetime":
        return {"name": column.name, "type": kind, "format": "any", "description": column.meaning}
    return {"name": column.name, "type": kind, "description": column.meaning}


def describe(head: Mapping[str, Any], own: Mapping[str, Any], files: Sequence[File]) -> str:
    """The whole file; `own` is what newsduck adds. In it ids are text."""
    whole = {"profile": "data-package", **head, place.MARK: own, "resources": [resource(file) for file in files]}
    return json.dumps(whole, ensure_ascii=False, indent=1, default=plain) + "\n"


def plain(value: object) -> str:
    """A day or a moment as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def rows(names: Sequence[str], found: Sequence[Sequence[object]]) -> list[dict[str, Any]]:
    """Rows as objects, ids as text."""
    return [
        {
            name: str(value) if is_id(name) and value is not None else value
            for name, value in zip(names, row, strict=True)
        }
        for row in found
    ]
