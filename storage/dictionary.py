"""The data dictionary: every public table and view with its columns, every macro, each with its comment, as Markdown, from the migrations themselves."""

import tempfile
from pathlib import Path

from storage import duck
from storage.migrate import migrate

_TABLES = """
SELECT table_name, comment FROM (
    SELECT table_name, comment, 0 AS kind, table_oid AS place FROM duckdb_tables() WHERE database_name = current_database()
    UNION ALL
    SELECT view_name, 'A view. ' || comment, 1, row_number() OVER (ORDER BY view_name) FROM duckdb_views()
    WHERE database_name = current_database() AND NOT internal
) ORDER BY kind, place
"""
_COLUMNS = """
SELECT column_name, data_type, comment FROM duckdb_columns()
WHERE database_name = current_database() AND table_name = ? ORDER BY column_index
"""
_MACROS = """
SELECT DISTINCT function_name, comment FROM duckdb_functions()
WHERE database_name = current_database() AND NOT internal AND function_type = 'table_macro' ORDER BY function_name
"""


def markdown() -> str:
    """The whole dictionary; what docs/data-dictionary.md holds."""
    with tempfile.TemporaryDirectory() as folder, duck.open_file(Path(folder) / "empty.duckdb") as connection:
        migrate(connection)
        lines = [
            "# Data dictionary",
            "",
            "The tables and views of `warehouse.duckdb`, made by `make docs` from the comments in the file itself: in the file,",
            "`SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'articles'` says the same.",
            "All times are UTC. Keys are 64-bit integers.",
        ]
        for table, comment in connection.execute(_TABLES).fetchall():
            lines += ["", f"## {table}", "", str(comment), "", "| column | type | meaning |", "|---|---|---|"]
            for name, kind, meaning in connection.execute(_COLUMNS, [table]).fetchall():
                lines.append(f"| `{name}` | {kind.replace('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ')} | {meaning} |")
        lines += ["", "## Macros", "", "| name | gives |", "|---|---|"]
        lines += [f"| `{name}` | {comment} |" for name, comment in connection.execute(_MACROS).fetchall()]
    return "\n".join(lines) + "\n"
