"""The empty folder that tests copy is what a first start makes."""

import stat
from pathlib import Path

from storage import duck, migrate
from storage.warehouse import Warehouse
from tests.empty import empty

TABLES = """SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal ORDER BY ALL"""


def test_a_first_start_applies_every_migration_and_a_copy_has_them(tmp_path: Path) -> None:
    made, copied = Warehouse(tmp_path / "made"), empty(tmp_path / "copied")
    assert made.prepare() == [path.stem for path in sorted(migrate.FOLDER.glob("*.sql"))]
    assert copied.prepare() == []
    assert duck.ask(made.path, TABLES)[1] == duck.ask(copied.path, TABLES)[1] != []
    for one, other in ((made.path, copied.path), (made.work, copied.work)):
        assert stat.S_IMODE(one.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)
