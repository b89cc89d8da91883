"""A disk that is full: at whatever size it is, what was committed stays, and with more room the next run goes on."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.ground import Ground
from tests.promises import Tries

pytestmark = [pytest.mark.xdist_group("ingest"), pytest.mark.timeout(4 * 3600)]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, in memory, whose size can be set."""
    mount = shutil.which("mount")
    if os.getuid() != 0 or not mount:
        pytest.skip("a disk of a given size can be mounted by root only")
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def _resize(place: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True, capture_output=True)


@pytest.mark.promise(
    "A disk that is full is told in words, whatever its size, and costs nothing: with more room the next run goes on"
)
def test_a_full_disk(small: Path, ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]) -> None:
    ground.twin("ingest")
    base = ground.start("ingest")
    before = sum(path.stat().st_size for path in base.rglob("*") if path.is_file())
    after = sum(path.stat().st_size for path in ground.twin("ingest").rglob("*") if path.is_file())
    sizes = trials(1, 20, 100)
    for n in range(1, sizes + 1):
        # A run needs room for its results, and for a moment for a second copy of them.
        room = int((2 * after - before) * n / (sizes + 1))
        with tries(f"{room:,} bytes of room"):
            _resize(small, 2**30)
            folder = small / str(n)
            shutil.copytree(base, folder)
            used = shutil.disk_usage(small).used
            _resize(small, used + room)
            came = ground.go("ingest", folder)
            assert came.code in (0, 3) and "Errno" not in came.said, came.said
            assert came.code == 0 or "make room" in came.said, came.said
            _resize(small, 2**30)
            ground.finish("ingest", folder)
            ground.judge("ingest", folder)
