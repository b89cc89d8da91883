"""The derived file beside the truth that it is made from: lost or broken, it costs time, never a wrong answer."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from storage import disk, duck
from storage.duck import Connection

MOMENT = pa.timestamp("us", tz="UTC")


def register(connection: Connection, name: str, rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> None:
    """Let rows be asked under a name."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    found = [pa.array(c, type=f.type) for c, f in zip(columns, schema, strict=True)]
    connection.register(name, pa.table(found, schema=schema))


def move(derived: Path, place: Path) -> None:
    """Put a derived file where there is none, beside its truth: made anew it would weigh the stories' words by what is kept now, and not
    as each run did when they came. Raises Broken where the disk refuses."""
    if derived.exists():
        with duck.open_file(derived) as connection:  # and what lies in its log with it
            connection.execute("CHECKPOINT")
        with disk.told(f"moving {derived}", "it is made anew from what is stored"):
            derived.replace(place)


def remove(derived: Path) -> None:
    """Delete the derived file: it is made anew at the next use. Raises Broken where the disk refuses."""
    with disk.told(f"deleting {derived}", "it is made anew from what is stored"):
        for path in (derived, duck.log_of(derived)):
            if path.is_dir():
                shutil.rmtree(path)
            path.unlink(missing_ok=True)
