"""An upgrade that is killed, at any line and at any moment, leaves the old file or the new one."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import duck
from storage.warehouse import Warehouse
from tests.faults import earlier
from tests.faults.held import AS_IT_WAS, assert_held, before, left_lying
from tests.faults.test_upgrade import PROMISE
from tests.promises import Tries

pytestmark = [PROMISE, pytest.mark.timeout(4 * 3600)]

# A process that kills itself at the nth line of what upgrades, without a word to anybody.
KILLED = """
import os, signal, sys
from pathlib import Path
from storage import files, migrate, upgrade, whole
from storage.warehouse import Warehouse
data, last, log = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
watched = {module.__file__ for module in (upgrade, migrate, files, whole)}
count = 0
def trace(frame, event, _):
    global count
    if frame.f_code.co_filename not in watched:
        return None
    if event == "line":
        count += 1
        if count == last:
            os.kill(os.getpid(), signal.SIGKILL)
    return trace
sys.settrace(trace)
Warehouse(data).prepare()
sys.settrace(None)
Path(log).write_text(str(count))
"""


def run_killed(data: Path, line: int, log: Path) -> int:
    words = [sys.executable, "-c", KILLED, str(data), str(line), str(log)]
    return subprocess.run(words, cwd=Path(__file__).parents[2], check=False, capture_output=True).returncode


def test_a_kill_at_any_line_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, trials: Callable[[int, int, int], int], tries: Tries
) -> None:
    state = "0002_views"
    made = earlier.make(tmp_path / "made", state)
    held = earlier.fill(made)
    log = tmp_path / "lines"
    shutil.copytree(made.data, tmp_path / "whole")
    assert run_killed(tmp_path / "whole", 0, log) == 0
    lines = int(log.read_text())
    some = trials(2, 60, lines)
    for n in range(some):
        line = 1 + n * (lines - 1) // max(some - 1, 1)
        with tries(f"killed at line {line} of {lines}"):
            there = Warehouse(tmp_path / f"killed-{line}")
            shutil.copytree(made.data, there.data)
            assert run_killed(there.data, line, log) == -9
            assert earlier.states(there.path) in (earlier.STATES[:2], earlier.STATES)
            assert_held(there.path, held, state if earlier.states(there.path) == earlier.STATES else AS_IT_WAS)
            assert earlier.states(there.published) == earlier.STATES[:2]
            there.prepare()
            assert earlier.states(there.path) == earlier.STATES and left_lying(there) == []
            assert_held(there.path, held, state)
            assert_held(before(there), held, AS_IT_WAS)
            shutil.rmtree(there.data)


def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, trials: Callable[[int, int, int], int], tries: Tries
) -> None:
    """While DuckDB itself is at work, in a folder of some size."""
    some = trials(2, 40, 200)
    made = earlier.make(tmp_path / "made", "0001_tables")
    earlier.fill(made)
    earlier.crowd(made, trials(1_000, 20_000, 20_000))
    articles = duck.ask(made.path, "SELECT count(*), sum(text_hash) FROM articles")
    code = "import sys; from storage.warehouse import Warehouse; from pathlib import Path; print(flush=True); Warehouse(Path(sys.argv[1])).prepare(); print(flush=True)"
    there = Warehouse(tmp_path / "there")
    took = 1.0
    for n in range(-1, some):
        with tries(f"killed after {n / some:.0%} of {took:.2f} s") if n >= 0 else tries("left alone"):
            shutil.rmtree(there.data, ignore_errors=True)
            shutil.copytree(made.data, there.data)
            words = [sys.executable, "-c", code, str(there.data)]
            with subprocess.Popen(words, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE) as process:
                assert process.stdout is not None and process.stdout.readline()
                began = datetime.now(UTC)
                if n >= 0:
                    over = threading.Timer(took * n / some, process.kill)
                    over.start()
                    process.wait()
                    over.cancel()
                else:
                    assert process.stdout.readline()
                    took = (datetime.now(UTC) - began).total_seconds()
            assert earlier.states(there.path) in (earlier.STATES[:1], earlier.STATES)
            there.prepare()
            assert earlier.states(there.path) == earlier.STATES and left_lying(there) == []
            for path in (there.path, before(there)):
                assert duck.ask(path, "SELECT count(*), sum(text_hash) FROM articles") == articles
