"""An export of both days of the newsroom, for the tests of it that only look."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.export.dataset import Wish, export
from flows.settings import Settings
from tests.houses import Houses
from tests.line import Line, settings_for

BY = ("Ann Lee", 'The "Herald" Lab')


@pytest.fixture(scope="module")
def run_line(tmp_path_factory: pytest.TempPathFactory, houses: Houses) -> Line:
    """Both days of the newsroom, stored."""
    return houses.line(tmp_path_factory.mktemp("export"), 2)


@pytest.fixture(scope="module")
def settings(run_line: Line) -> Settings:
    return settings_for(run_line.folder, run_line.newsroom.topics())


@pytest.fixture(scope="module")
def told(run_line: Line, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of everything, with words and CSV, and with who made it."""
    folder = tmp_path_factory.mktemp("told") / "out"
    export(settings, folder, Wish(words=True, csv="plain", by=BY))
    return folder


def package(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def cells(folder: Path) -> Iterator[tuple[str, str]]:
    """(where, text) of everything that is written in an export, decoded."""
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            for column in table.column_names:
                for value in table[column].to_pylist():
                    yield f"{path.name}:{column}", str(value)
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.reader(file):
                    yield from ((path.name, cell) for cell in row)
        elif path.is_file():
            yield path.name, path.read_text(encoding="utf-8")
