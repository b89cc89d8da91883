"""Looks that share a handle on the working file: opened once, closed for whoever wants the file, opened anew after an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from extract.errors import Broken
from storage import duck
from storage.warehouse import Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    made = Warehouse(tmp_path)
    made.prepare()
    return made


@pytest.fixture
def opened(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are opened from now on."""
    found: list[Path] = []
    really = duck.open_file

    @contextmanager
    def noted(path: Path, **options: Any) -> Iterator[duck.Connection]:
        found.append(path)
        with really(path, **options) as connection:
            yield connection

    monkeypatch.setattr(duck, "open_file", noted)
    return found


def test_looks_share_one_handle_which_the_first_opens(warehouse: Warehouse, opened: list[Path]) -> None:
    with warehouse.at_hand():
        assert not opened
        warehouse.feeds()
        with warehouse.at_hand():
            warehouse.robots()
        warehouse.topics()
    assert opened == [warehouse.path]
    warehouse.feeds()
    assert opened == [warehouse.path] * 2, "outside, each look opens it for itself"


def test_it_is_let_go_for_whoever_opens_the_file_otherwise(warehouse: Warehouse, opened: list[Path]) -> None:
    with warehouse.at_hand():
        warehouse.feeds()
        derived, truth = warehouse.side_by_side()
        with duck.open_file(derived) as c, duck.attached(c, truth, "truth"):
            assert c.execute("SELECT count(*) FROM truth.runs").fetchone() == (0,)
        warehouse.feeds()
    assert opened == [warehouse.path, derived, warehouse.path]


def test_apart_each_look_opens_it_for_itself(warehouse: Warehouse, opened: list[Path]) -> None:
    with warehouse.at_hand():
        warehouse.feeds()
        with warehouse.apart():
            with duck.open_file(warehouse.path):
                pass
            warehouse.feeds()
            warehouse.feeds()
        warehouse.feeds()
        warehouse.feeds()
    assert opened == [warehouse.path] * 5


def test_a_file_that_is_closed_after_one_with_a_log_has_none(tmp_path: Path) -> None:
    with duck.open_file(tmp_path / "derived", in_log=True) as c:
        c.execute("CREATE TABLE t AS SELECT 1")
    with pytest.raises(ZeroDivisionError), duck.open_file(tmp_path / "working") as c:
        c.execute("CREATE TABLE t AS SELECT 1")
        raise ZeroDivisionError
    assert {path.name for path in tmp_path.iterdir()} == {"derived", "derived.wal", "working"}


def test_after_an_error_it_is_opened_anew(warehouse: Warehouse, opened: list[Path]) -> None:
    with warehouse.at_hand():
        warehouse.feeds()
        with pytest.raises(Broken, match=r"pipeline\.duckdb cannot be used: .* no_such_table"):
            warehouse._ask("FROM no_such_table")
        assert warehouse.feeds() == {}
    assert opened == [warehouse.path] * 2


def test_what_was_begun_and_failed_is_not_there_for_the_next(warehouse: Warehouse) -> None:
    with warehouse.at_hand():
        with pytest.raises(RuntimeError), warehouse._open() as c:
            c.begin()
            c.execute("INSERT INTO tombstones SELECT 1, 1, 'https://a.example/', now(), now()")
            raise RuntimeError("something else")
        assert warehouse.forgotten(["https://a.example/"]) == set()
