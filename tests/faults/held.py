"""What a folder of an earlier version holds, and what today's views show of it once it was upgraded."""

from datetime import datetime
from pathlib import Path
from typing import Any

from storage import duck
from storage.upgrade import BEFORE
from storage.warehouse import Warehouse
from tests.faults import earlier

AS_IT_WAS = "9"  # after every state: nothing changed on purpose

# What today's views and macros show of the rows, from whatever state they came.
SHOWN: dict[str, list[tuple[Any, ...]]] = {
    "SELECT story_id, title, ran_in, matched FROM stories_on('ferries')": [
        (1, "Ferry crews walk out at Port Alder", ["Carrow Courier", "Harbour Herald"], ["ferry"])
    ],
    "SELECT outlet, role, kept_from_lead, of_lead_kept, agency_evidence FROM spread_of(1)": [
        ("Harbour Herald", "original", 1.0, 1.0, "PORT ALDER (MNA) –"),
        ("Carrow Courier", "copy", 1.0, 0.4, "herald.example"),
    ],
    "SELECT agency_name, stories, articles, outlets FROM agency_reach": [("Meridian News Agency", 1, 2, 2)],
    "SELECT site, articles, lead_kept FROM agency_by_outlet ORDER BY site": [
        ("courier.example", 1, 0.4),
        ("herald.example", 1, 1.0),
    ],
    "SELECT site, articles, agency_share FROM outlet_shares ORDER BY site": [
        ("courier.example", 1, 1.0),
        ("herald.example", 2, 0.5),
    ],
    "SELECT title, status, entries, stored, lost, waiting FROM coverage_by_feed ORDER BY feed_id": [
        ("Harbour Herald", "active", 4, 2, 1, 1),
        ("Carrow Courier", "failing", 1, 1, 0, 0),
    ],
    "SELECT title, day::VARCHAR, seen, polls, failed, losses FROM volume_by_feed WHERE seen > 0 OR failed > 0 ORDER BY ALL": [
        ("Carrow Courier", "2026-10-20", 1, 1, 0, 0),
        ("Carrow Courier", "2026-10-21", 0, 1, 1, 0),
        ("Harbour Herald", "2026-10-20", 2, 1, 0, 0),
        ("Harbour Herald", "2026-10-21", 2, 1, 0, 1),
    ],
    "SELECT host, articles, words, worse FROM reading_by_site": [("herald.example", 2, 11.0, None)],
    "SELECT step, entries FROM loss_funnel WHERE run_id = 2 AND entries > 0 ORDER BY step": [
        ("deferred", 1),
        ("seen", 3),
        ("stored", 2),
    ],
    "SELECT topic, day::VARCHAR, stories, articles FROM topic_daily WHERE stories > 0": [
        ("ferries", "2026-10-20", 1, 2)
    ],
    "SELECT title, address, held, failing_since IS NOT NULL, polls, losses, lost_at IS NOT NULL FROM feeds ORDER BY feed_id": [
        ("Harbour Herald", "", "", False, 2, 1, True),
        ("Carrow Courier", "", "", True, 2, 0, False),
    ],
    "SELECT signed_by, image_caption, image_credit FROM articles WHERE article_id = 1": [([], "", "")],
    "SELECT title, changed, words_added, words_removed FROM versions": [
        ("Ferry crews to walk out", ["title", "standfirst", "text"], 0, 0)
    ],
}


def changed_on_purpose(table: str, state: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row as it is after the upgrade: 0010 has every topic applied anew."""
    return {**row, "whole": False} if table == "topics" and "whole" in row and state < "0010" else row


def assert_held(path: Path, held: earlier.Held, state: str) -> None:
    """Every value of an earlier folder is in this file, and no row more."""
    with duck.open_file(path, read_only=True) as c:
        for table, rows in held.items():
            names = list(dict.fromkeys(name for row in rows for name in row))
            wanted = [{**dict.fromkeys(names), **changed_on_purpose(table, state, row)} for row in rows]
            found = c.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()
            assert sorted(_plain(dict(zip(names, row, strict=True))) for row in found) == sorted(map(_plain, wanted)), (
                table
            )


def assert_shown(path: Path) -> None:
    with duck.open_file(path, read_only=True) as c:
        for sql, shown in SHOWN.items():
            assert c.execute(sql).fetchall() == shown, sql


def _plain(row: dict[str, Any]) -> str:
    """A row's values as text, moments in UTC."""
    return str({name: one.isoformat() if isinstance(one, datetime) else one for name, one in sorted(row.items())})


def before(house: Warehouse) -> Path:
    return house.work / BEFORE


def left_lying(house: Warehouse) -> list[str]:
    """Files of an upgrade that should not be there after it."""
    return [path.name for path in house.work.iterdir() if path.name.startswith(".") or path.suffix == ".wal"]
