"""A forgotten headline is found in the dashboard and in logs however it is escaped or cut, and nothing else is touched."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flows.board import mentions
from flows.board.mentions import Sought
from flows.board.summary import escape
from flows.board.up import database

TITLE = "Größte *Brücke* der Stadt & ihr “Ende”: was nun?"
URL = "https://a.example/2026/11/gr%C3%B6%C3%9Fte-br%C3%BCcke.html?x=1"
SOUGHT = Sought([TITLE], ["On Tuesday the council of the town said that it would not pay for it."], [URL])
MOMENT = "2026-11-26 00:00:00"


@pytest.mark.parametrize(
    "text",
    [
        TITLE,
        escape(TITLE),
        json.dumps({"title": TITLE}),
        TITLE.replace("&", "&amp;").replace("“", "&ldquo;"),
        f"{TITLE[:31]}…",
        f"fetching {URL} took 3 s",
        "https://a.example/2026/11/größte-brücke.html?x=1",
        "**On Tuesday** the council of the town said that…",
    ],
)
def test_it_is_found(text: str) -> None:
    assert SOUGHT.stands_in(text)


@pytest.mark.parametrize(
    "text", ["", "Größte Brücke", "https://a.example/2026/11/other.html", "On Tuesday the council met"]
)
def test_nothing_else_is(text: str) -> None:
    assert not SOUGHT.stands_in(text)


def test_a_database_is_cleaned_beside_whoever_has_it_open(tmp_path: Path) -> None:
    database.make()
    database.put(tmp_path)
    path = tmp_path / database.NAME
    with closing(sqlite3.connect(path)) as server:
        for number, title in enumerate((TITLE, "Another")):
            server.execute(
                "INSERT INTO artifact (id, created, updated, key, data) VALUES (?, ?, ?, 'k', ?)",
                (str(number), MOMENT, MOMENT, json.dumps(title)),
            )
            server.execute(
                "INSERT INTO flow_run_state (id, created, updated, type, timestamp, name, message, state_details, data, flow_run_id)"
                " VALUES (?, ?, ?, 'FAILED', ?, 'Failed', ?, '{}', ?, 'r')",
                (str(number), MOMENT, MOMENT, f"{MOMENT}.{number}", title, json.dumps({"said": title})),
            )
        server.commit()
        assert mentions.clean_database(path, SOUGHT) == 2
        assert server.execute("SELECT data FROM artifact").fetchall() == [('"Another"',)]
        assert server.execute("SELECT message, data FROM flow_run_state ORDER BY id").fetchall() == [
            ("(forgotten)", "{}"),
            ("Another", '{"said": "Another"}'),
        ]
        assert server.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for file in tmp_path.iterdir():
        assert "Brücke".encode() not in file.read_bytes() and b"Br\\u00fccke" not in file.read_bytes()


def test_a_line_of_a_log_is_blanked_where_it_stands(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text(f"one\r\n{TITLE}\r\nthree")
    with log.open("ab", buffering=0) as child:
        size = log.stat().st_size
        assert mentions.clean_logs(tmp_path, SOUGHT) == 1
        child.write(b", four\n")
    lines = log.read_bytes().split(b"\n")
    assert lines[0] == b"one\r" and lines[1].strip() == b"" and lines[2] == b"three, four"
    assert log.stat().st_size == size + 7


def test_where_there_is_no_dashboard_nothing_is_done(tmp_path: Path) -> None:
    assert mentions.clean_database(tmp_path / "prefect.db", SOUGHT) == mentions.clean_logs(tmp_path, SOUGHT) == 0
