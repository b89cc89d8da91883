"""What DuckDB lays aside on disk is beside its file, and does not outlive its process."""

import subprocess
import sys
from pathlib import Path

import pytest

from storage import aside, duck

ROOT = Path(__file__).parents[1]
# A file opened with little memory, and more in it than that; then the process is killed, or not.
SPILLS = """
import os, signal, sys
from pathlib import Path
from storage import duck
path = Path(sys.argv[1])
with duck.open_file(path, memory="60MB") as connection:
    connection.execute("SET threads = 1; SET enable_progress_bar = false")
    connection.execute("CREATE TEMP TABLE words AS SELECT range, md5(range::VARCHAR) FROM range(2_000_000)")
    print(len(list(path.parent.glob(".sql-*/*"))), flush=True)
    if sys.argv[2:]:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("killed", [False, True])
def test_what_a_run_lays_aside_is_gone_after_the_next_opening(tmp_path: Path, killed: bool) -> None:
    data, elsewhere = tmp_path / "data", tmp_path / "elsewhere"
    data.mkdir()
    elsewhere.mkdir()
    words = [sys.executable, "-c", SPILLS, str(data / "pipeline.duckdb"), *["killed"] * killed]
    done = subprocess.run(words, cwd=elsewhere, env={"PYTHONPATH": str(ROOT), "TMPDIR": str(elsewhere)}, stdout=-1)
    assert done.returncode == (-9 if killed else 0) and int(done.stdout) > 0
    assert list(elsewhere.iterdir()) == [], "nothing where somebody happened to be"
    assert len(list(data.glob(".sql-*"))) == killed
    with duck.open_file(data / "pipeline.duckdb"):
        assert list(data.glob(".sql-*")) == []


def test_two_at_once_have_a_folder_each(tmp_path: Path) -> None:
    assert aside.beside(tmp_path / "one") != aside.beside(tmp_path / "one")
