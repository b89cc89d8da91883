"""Rows on their way into tables."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from extract.records import Entry, Outcome
from storage import duck
from storage.look import handle
from storage.warehouse import Warehouse
from storage.write import rows
from storage.write.batch import Batch, Run
from tests.line import Line

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


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


def test_many_things_are_asked_for_and_written_some_at_a_time_and_come_to_the_same(
    stored: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, cut = Warehouse(tmp_path / "whole"), Warehouse(tmp_path / "cut")
    for copy in (whole, cut):
        shutil.copytree(stored.warehouse.data, copy.data)
    sql = "SELECT entry_id, url FROM entries ORDER BY entry_id"
    ids, urls = zip(*duck.ask(whole.path, sql)[1], strict=True)
    again = [Outcome(Entry(n, 1, url), "unchanged", "asked again") for n, url in zip(ids, urls, strict=True)]
    again += [Outcome(Entry(n, 1, f"https://new.example/{n}"), "deferred") for n in range(1, 8)]
    found = whole.known(ids), whole.taken(urls)
    whole.commit(Batch(Run(1, "poll-1", "poll", NOW), NOW, outcomes=again))
    monkeypatch.setattr(handle, "WANTED", 7)
    monkeypatch.setattr(rows, "SLICE", 7)
    assert (cut.known(ids), cut.taken(urls)) == found
    cut.commit(Batch(Run(1, "poll-1", "poll", NOW), NOW, outcomes=again))
    both = [duck.ask(one.path, "FROM entries ORDER BY entry_id")[1] for one in (whole, cut)]
    assert both[0] == both[1] and len(both[0]) == len(ids) + 7
