"""Rows on their way into tables."""

from pathlib import Path

import pyarrow as pa

from storage import duck
from storage.write import rows


def test_what_is_written_is_not_held_until_the_transaction_ends(tmp_path: Path) -> None:
    with duck.open_file(tmp_path / "some.duckdb") as c:
        c.execute("CREATE TABLE texts (text_id BIGINT PRIMARY KEY, text VARCHAR)")
        c.begin()
        before = pa.total_allocated_bytes()
        rows.put(c, "texts", ({"text_id": n, "text": str(n) * 400} for n in range(3 * rows.SLICE)), key="text_id")
        assert pa.total_allocated_bytes() - before < rows.SLICE * 400
        c.commit()
        assert c.execute("SELECT count(*), max(length(text)) FROM texts").fetchall() == [(3 * rows.SLICE, 2000)]


def test_a_row_with_the_same_key_is_replaced_within_a_transaction_too(tmp_path: Path) -> None:
    with duck.open_file(tmp_path / "some.duckdb") as c:
        c.execute("CREATE TABLE texts (text_id BIGINT PRIMARY KEY, text VARCHAR)")
        c.begin()
        for text in ("one", "two", "three"):
            rows.put(c, "texts", [{"text_id": 1, "text": text, "no_column": 0}], key="text_id")
        c.commit()
        assert c.execute("FROM texts").fetchall() == [(1, "three")]
