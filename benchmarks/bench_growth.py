"""The same day's ingest into warehouses of growing size: wall-clock and CPU seconds of each step, memory at the peak, disk.

    python benchmarks/bench_growth.py [PAGES [ARTICLES …]]     2,000 pages; 10000 and 100000 articles by default

The bases are of articles of 400 invented words, made by SQL (tests/faults/earlier.py); a first run of ten pages brings what is derived of
them up, which is not counted. Each run in a process of its own.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TypeVar

import flows.ingest
from benchmarks.bench_flow import pages
from extract.sandbox import Sandbox
from tests.faults import earlier
from tests.line import at_work, settings_for
from tests.served import served

T = TypeVar("T")
WARM = 10  # pages of the first run


class Steps:
    """What each step takes."""

    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    def __call__(self, name: str, call: Callable[[], T]) -> T:
        wall, cpu = time.perf_counter(), time.process_time()
        try:
            return call()
        finally:
            took = self.took[name.rstrip("0123456789 ")]
            took[0] += time.perf_counter() - wall
            took[1] += time.process_time() - cpu


def run(folder: Path, bodies: dict[str, bytes], sandbox: Sandbox) -> Steps:
    """One ingest of these pages."""
    steps = Steps()
    with (
        served(bodies, folder),
        at_work("ingest", settings_for(folder, {"any": "ferry OR strike"}), sandbox) as (work, listed),
    ):
        work.bar = steps
        steps("in all", lambda: flows.ingest.line(work, listed))
    return steps


def make(folder: Path, size: int) -> None:
    """A data folder of so many articles, with all that is derived of them."""
    made = earlier.make(folder / "data", earlier.STATES[-1])
    earlier.fill(made)
    earlier.crowd(made, size)
    with Sandbox(2) as sandbox:
        run(folder, dict(islice(pages(WARM).items(), WARM)), sandbox)


def one(folder: Path, count: int) -> None:
    """The figures of a run of so many pages into that folder."""
    bodies = pages(count + WARM)
    with Sandbox(2) as sandbox:
        before = _size(folder)
        steps = run(folder, dict(islice(bodies.items(), WARM, None)), sandbox)
        after = _size(folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} pages: memory of the run {peak:,.0f} MiB, disk {after / 1e6:,.0f} MB, {(after - before) / 1e6:,.0f} of them new"
    )
    for step, (wall, cpu) in steps.took.items():
        print(f"  {step:15s} {wall:7.2f} s, of CPU without the readers {cpu:7.2f} s", flush=True)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in (folder / "data").rglob("*") if path.is_file())


def main() -> None:
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]))
        return
    if sys.argv[1:2] == ["one"]:
        one(Path(sys.argv[2]), int(sys.argv[3]))
        return
    count = sys.argv[1] if len(sys.argv) > 1 else "2000"
    for size in [int(word) for word in sys.argv[2:]] or [10_000, 100_000]:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, __file__, "make", folder, str(size)], check=True)
            os.sync()
            print(f"{size:,} articles, ", end="", flush=True)
            subprocess.run([sys.executable, __file__, "one", folder, count], check=True)


if __name__ == "__main__":
    main()
