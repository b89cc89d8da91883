"""A rebuild that is killed, at any line of what replays and puts in place, is run again and ends as one that was not."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import compare
from tests import forked
from tests.houses import Houses
from tests.line import Line
from tests.promises import Tries

pytestmark = [
    pytest.mark.promise("A rebuild killed at any moment is run again and leaves every table as it was, row by row"),
    pytest.mark.timeout(4 * 3600),
    forked.ONE,
]

# A process that kills itself at the nth line of what rebuilds that it comes to for the first time. Without a person's command
# around it: the settings stand in no file.
KILLED = (
    forked.UNTIL
    + """from pathlib import Path
from flows.commands import _replayed, rebuild as command
from flows.line import finish, heal, load
from flows.line.anew import rebuild, replay
from storage import archive, compare, duck, files, generation, publish, warehouse, whole
from storage.derived import beside
from storage.write import batch
from tests.line import settings_of
folder, last, log = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
modules = (command, _replayed, finish, heal, load, rebuild, replay, archive, compare, files, generation, publish, warehouse, whole, beside, batch)
found = settings_of(folder, {})
met = until(modules, last)
command.run(found, None, None)
sys.settrace(None)
Path(log).write_text(str(len(met)))
"""
)


def killed(folder: Path, last: int) -> int:
    return forked.run(KILLED, folder, last, folder / "lines")


def test_a_kill_at_any_line(
    tmp_path: Path, houses: Houses, trials: Callable[[int, int, int], int], tries: Tries
) -> None:
    made = houses.line(tmp_path / "made", 2, "press")
    whole = tmp_path / "whole"
    shutil.copytree(made.folder, whole)
    assert killed(whole, 0) == 0
    total = int((whole / "lines").read_text())
    count = trials(1, 20, total)
    for number in range(count):
        at = 1 + (2 * number + 1) * total // (2 * count)
        with tries(f"line {at} of {total}"):
            folder = tmp_path / str(number)
            shutil.copytree(made.folder, folder)
            line = Line(folder, made.newsroom, made.sandbox)
            assert killed(folder, at) == -9
            assert killed(folder, 0) == 0
            for path in (line.warehouse.path, line.warehouse.published):
                assert compare.compare(made.warehouse.path, path) == [], path
            assert not (line.warehouse.work / "rebuild").exists()
            assert line.run()["stored"] == 0, "the next run goes on from it"
            shutil.rmtree(folder)
