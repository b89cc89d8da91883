"""The data dictionary: every table, view and column is explained in the file itself, and docs/ says what the file says."""

from pathlib import Path
from typing import Any

import pytest

from storage import dictionary, duck
from storage.warehouse import Warehouse
from tests.empty import empty


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return empty(tmp_path / "data")


def rows(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    return duck.ask(warehouse.path, sql)[1]


def test_every_table_and_column_is_explained(warehouse: Warehouse) -> None:
    assert rows(warehouse, "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL") == []
    tables = "(SELECT table_name FROM duckdb_tables())"
    assert (
        rows(
            warehouse,
            f"SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND table_name IN {tables} AND NOT internal",
        )
        == []
    )
    assert rows(warehouse, "SELECT view_name FROM duckdb_views() WHERE comment IS NULL AND NOT internal") == []


def test_the_data_dictionary_says_what_the_file_says() -> None:
    written = (Path(__file__).parents[1] / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary.markdown(), "run `make docs`"
