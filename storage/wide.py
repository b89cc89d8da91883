"""Rows with texts: found without them. To pick some of a large table by their key DuckDB reads the texts of all; by where they lie it
reads only those of the blocks they lie in, and what a run asks for came last, so lies together.

Never in a transaction that has written the table: of rows replaced in it DuckDB 2.0 then gives others, or ends the process.
"""


def those(table: str, where: str) -> str:
    """A condition on `table`'s rows: to be of those that fulfil `where`, which looks at columns without texts."""
    return f"rowid IN (SELECT rowid FROM {table} WHERE {where})"
