"""Records as rows: which field stands in which column. DuckDB takes them as Arrow tables, 50,000 rows a second."""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from storage.duck import Connection

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")

SLICE = 10_000  # rows held a second time, as Arrow has them: of 100,000 entries with their texts a gigabyte


@cache
def _types() -> "dict[str, pa.DataType]":
    import pyarrow as pa  # with numpy a fifth of a second: for who writes, not for who only asks

    return {
        "BIGINT": pa.int64(),
        "INTEGER": pa.int32(),
        "BIGINT[]": pa.list_(pa.int64()),
        "INTEGER[]": pa.list_(pa.int32()),
        "DATE": pa.date32(),
        "DOUBLE": pa.float64(),
        "BOOLEAN": pa.bool_(),
        "VARCHAR": pa.string(),
        "VARCHAR[]": pa.list_(pa.string()),
        "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", tz="UTC"),
    }


def put(connection: Connection, table: str, rows: Iterable[dict[str, Any]], key: str = "") -> None:
    """Insert rows, given as column → value; names that are no column are ignored. Rows that are made as they are asked for are never
    there all at once. Their keys are to be unique.

    Of a row that is there by its key the columns that are given change, and others stay. With `key`, the table's own of one column,
    the whole row goes and what is not given is empty: that takes less than half of the time, for a few rows as for many, and less memory.
    """
    todo = iter(rows)
    while some := list(islice(todo, SLICE)):
        _put(connection, table, some, key)


def _put(connection: Connection, table: str, rows: list[dict[str, Any]], key: str) -> None:
    import pyarrow as pa

    if key:
        rows = list({row[key]: row for row in reversed(rows)}.values())[::-1]
    # Not by the catalogue's views, which take three times as long.
    described = connection.execute(f"SELECT * FROM {table} LIMIT 0").description
    types = _types()
    schema = pa.schema([(name, types[str(kind)]) for name, kind, *_ in described or () if name in rows[0]])
    try:
        incoming = pa.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:  # a lone surrogate somewhere: costs that letter, not the run
        incoming = pa.Table.from_pylist([{k: _encodable(v) for k, v in row.items()} for row in rows], schema=schema)
    # DuckDB finds it by its name here. Registered, it would be held until the transaction ends, and all of a run's rows with it.
    if key:
        connection.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM incoming)")
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
    else:
        connection.execute(f"INSERT OR REPLACE INTO {table} BY NAME SELECT * FROM incoming")
    del incoming


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return [_encodable(part) for part in value] if isinstance(value, list | tuple) else value


def row(record: Any) -> dict[str, Any]:
    """A record's fields, field → value, as they are."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def unique(records: Iterable[T], key: Callable[[T], Any]) -> list[T]:
    """Each record once by its key, the last one given; in the order of first mention."""
    return list({key(record): record for record in records}.values())
