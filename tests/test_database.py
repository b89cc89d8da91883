"""The empty database that the set-up makes for Prefect's server."""

import sqlite3
import stat
from pathlib import Path

import pytest

from flows.board.up import database


def test_the_set_up_has_made_one_and_it_is_empty() -> None:
    asked = sqlite3.connect(f"file:{database.made()}?mode=ro", uri=True)
    tables = [name for (name,) in asked.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert {"flow_run", "deployment", "task_run"} <= set(tables)
    full = {name for name in tables if asked.execute(f'SELECT count(*) FROM "{name}"').fetchone() != (0,)}
    asked.close()
    assert full == {"alembic_version"}, "nothing of whoever made it"


def test_a_home_without_a_database_is_given_it_and_another_is_left_alone(tmp_path: Path) -> None:
    database.put(tmp_path)
    found = tmp_path / database.NAME
    assert found.read_bytes() == database.made().read_bytes()
    assert stat.S_IMODE(found.stat().st_mode) == 0o600
    found.write_bytes(b"a person's")
    database.put(tmp_path)
    assert found.read_bytes() == b"a person's"


def test_without_one_prefect_is_left_to_make_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "made", lambda: tmp_path / "none.db")
    database.put(tmp_path)
    assert not (tmp_path / database.NAME).exists()
