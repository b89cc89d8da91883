"""An erasure that is killed, at any line of what erases, is finished by what comes next, or as if it had not begun."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.sandbox import Sandbox
from storage import archive, generation, upgrade
from storage.erase.rows import Asked
from tests import forked
from tests.line import Line
from tests.promises import Tries
from tests.secrets import Press, is_whole, search

pytestmark = [
    pytest.mark.promise(
        "What is forgotten is in no file, though the erasure is killed at any moment, and what stays is whole"
    ),
    pytest.mark.timeout(4 * 3600),
    forked.ONE,
]

# A process that kills itself at the nth line of what erases that it comes to for the first time.
KILLED = (
    forked.UNTIL
    + """from datetime import UTC, datetime
from pathlib import Path
from extract.sandbox import Sandbox
from flows.line import forget
from flows.line.work import alone
from storage import compact, files, generation, publish, restore, warehouse, whole
from storage.derived import beside, index_mark
from storage.erase import house, pending, place, rewrite, rows
from storage.erase.rows import Asked
from tests import forked
from tests.line import settings_for
folder, url, last, log = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
modules = (forget, house, pending, place, rewrite, rows, compact, files, generation, publish, warehouse, whole, beside, index_mark)
with Sandbox(1) as sandbox, alone("forget", settings_for(folder, {"town": "committee AND town"}), sandbox) as work:
    met = until(modules, last)
    forget.delete(work, Asked(urls=(url,)), datetime.now(UTC))
    sys.settrace(None)
Path(log).write_text(str(len(met)))
"""
)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    """One of their own, whose lists change."""
    with Press(datetime.now(UTC)) as made:
        yield made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, press: Press, sandbox: Sandbox) -> Line:
    """Two days of the press, with an older file of each kind beside."""
    line = Line(tmp_path_factory.mktemp("made"), press, sandbox)
    line.run()
    press.day = 2
    line.run()
    press.told_since = False
    shutil.copy(line.warehouse.published, generation.former(line.warehouse.published))
    shutil.copy(line.warehouse.path, line.warehouse.path.with_name(upgrade.BEFORE))
    return line


def killed(folder: Path, press: Press, last: int) -> int:
    return forked.run(KILLED, folder, press.secret, last, folder / "lines")


def test_a_kill_at_any_line(
    tmp_path: Path, made: Line, press: Press, sandbox: Sandbox, trials: Callable[[int, int, int], int], tries: Tries
) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(made.folder, whole)
    assert killed(whole, press, 0) == 0
    total = int((whole / "lines").read_text())
    assert search(whole / "data") == {}
    count = trials(2, 20, total)
    for number in range(count):
        at = 1 + (2 * number + 1) * total // (2 * count)
        with tries(f"line {at} of {total}"):
            folder = tmp_path / str(number)
            shutil.copytree(made.folder, folder)
            line = Line(folder, press, sandbox)
            assert killed(folder, press, at) == -9
            line.run()  # whatever comes next
            is_whole(line)
            stays = line.ask(f"SELECT count(*) FROM articles WHERE url = '{press.secret}'") == [(1,)]
            if stays:
                line.forget(Asked(urls=(press.secret,)))
                is_whole(line)
            assert search(line.warehouse.data) == {}, "stays" if stays else "goes"
            assert list(line.warehouse.archive.folder.glob("*/*/*/.*")) == []
            assert sum("/ingest-" in name for name in archive.files(line.warehouse.archive)) == 3
            assert line.ask("SELECT count(*) FROM articles") == made.ask("SELECT count(*) - 1 FROM articles")
            shutil.rmtree(folder)
