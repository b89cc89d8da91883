"""How far the files of web archives were gone through, as rows of `imports`: written with what was taken of them, or alone."""

import json
from datetime import datetime
from typing import Any

from extract.records import Import
from storage.duck import Connection
from storage.write import rows
from storage.write.batch import Batch


def write_imports(c: Connection, batch: Batch) -> None:
    """Write how far the run has gone through which file."""
    for one in batch.imports:
        begun = c.execute(
            "SELECT started_at FROM imports WHERE source = ? AND wanted = ? AND reached <= ? AND size = ? AND mark = ?",
            [one.source, one.wanted, one.reached, one.size, one.mark],
        ).fetchone()
        rows.put(c, "imports", [_row(one, begun[0] if begun else batch.run.started_at, batch)])


def _row(one: Import, started_at: datetime, batch: Batch) -> dict[str, Any]:
    return rows.row(one) | {
        "skipped": json.dumps({why: count for why, count in sorted(one.skipped.items()) if count}),
        "started_at": started_at,
        "finished_at": batch.now if one.done else None,
        "run_id": batch.run.run_id,
    }
