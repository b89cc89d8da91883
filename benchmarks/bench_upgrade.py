"""An upgrade at size: a data folder of version 0.1.0 with 100,000 articles, and one of the oldest schema there was, brought up to
date and published: seconds, file sizes, and the most disk that stood there meanwhile.

    python benchmarks/bench_upgrade.py [ARTICLES [STATE …]]   100000, from 0010_topics_shown (0.1.0) and 0001_tables by default

Articles are of 400 invented words, 5,000 a day, each with its entry. Disk is what the files of the data folder take, looked at
every five milliseconds, beyond what they took before; in sizes of the working file it is what storage/upgrade.py asks for.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

from storage import publish
from storage.upgrade import BEFORE
from tests.faults import earlier

RELEASED, OLDEST = "0010_topics_shown", "0001_tables"


def taken(folder: Path) -> int:
    """Bytes of disk that a folder's files take, one with two names once."""
    found = {}
    for path in folder.rglob("*"):
        try:
            stat = path.lstat()
        except FileNotFoundError:
            continue
        found[stat.st_ino] = stat.st_blocks * 512
    return sum(found.values())


class Peak:
    """The most that a folder took while this was open."""

    def __init__(self, folder: Path) -> None:
        self.most = 0
        self._folder = folder
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.005):
            self.most = max(self.most, taken(self._folder))


def one(size: int, state: str, folder: Path) -> None:
    made = earlier.make(folder / "data", state)
    earlier.fill(made)
    earlier.crowd(made, size)
    os.sync()
    before, stood = made.path.stat().st_size, taken(folder)
    begin = time.perf_counter()
    with Peak(folder) as upgrading:
        applied = made.prepare()
    took = time.perf_counter() - begin
    after = made.path.stat().st_size
    begin = time.perf_counter()
    with Peak(folder) as publishing:
        publish.publish(made.path, made.published)
    published = time.perf_counter() - begin
    kept = (made.work / BEFORE).stat().st_size
    peaks = [(peak.most - stood) / before for peak in (upgrading, publishing)]
    print(
        f"{size:>9,} articles from {state}: {len(applied)} migrations in {took:.2f} s, published in {published:.2f} s"
    )
    print(
        f"          working file {before / 2**20:,.1f} MiB before, {after / 2**20:,.1f} after; kept {kept / 2**20:,.1f}"
    )
    print(f"          more disk at the peak: {peaks[0]:.2f} sizes while upgrading, {peaks[1]:.2f} while publishing")


def main() -> None:
    size = int(sys.argv[1]) if sys.argv[1:] else 100_000
    for state in sys.argv[2:] or (RELEASED, OLDEST):
        with tempfile.TemporaryDirectory() as folder:
            one(size, state, Path(folder))


if __name__ == "__main__":
    main()
