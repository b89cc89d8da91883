"""The words a column may hold are those that its COMMENT names."""

import re
from pathlib import Path

import pytest

from extract import vocabulary
from storage import duck
from storage.warehouse import Warehouse


@pytest.mark.parametrize("column", vocabulary.COLUMNS)
def test_the_words_of_a_column_are_those_its_comment_names(column: str, tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "data")
    warehouse.prepare()
    with duck.open_file(warehouse.path) as connection:
        (comment,) = connection.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name || '.' || column_name = ?", [column]
        ).fetchall()[0]
    missing = [word for word in vocabulary.COLUMNS[column] if not re.search(rf"\b{word}\b", comment)]
    assert not missing, comment
