"""A fetch divided among parts against one process: articles a second, and where the time goes.

    python -m benchmarks.bench_parts [FEEDS [PAGES [PARTS [SCHEDULER]]]]     1,000 feeds of 10 pages, 4 parts by default

With a scheduler (`newsduck cluster --workers 2` prints one) the parts' pages are read by its cluster, whose CPU is not counted.

An invented press on loopback (benchmarks/press.py). One process: one ingest. Parts: an ingest hands out the feeds, the parts fetch
them side by side, an ingest takes them in and hands out the pages, the parts fetch, an ingest reads. Each run is a process of its own;
CPU is theirs and their readers', not the press's.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import flows.ingest
from benchmarks import press
from benchmarks.bench_growth import Steps
from flows import settings
from flows.line.readers.crew import readers
from storage import duck
from tests import line
from tests.line import at_work, settings_for

STEPS = "steps.json"
READING = 2  # readers of the run that loads


@dataclass
class Took:
    """Seconds of a process and its children, and its memory at the peak."""

    wall: float
    cpu: float
    mib: float


def of(folder: Path, parts: int, scheduler: str = "") -> settings.Settings:
    """The settings of a house with so many parts."""
    asking = settings.Fetch(allow_loopback=True, pause=0.0, parts=parts, retry_minutes=600.0, again_hours=0.0)
    return settings_for(
        folder,
        {"any": "bada OR lumi"},
        fetch=asking,
        poll=settings.Poll(),
        read=settings.Read(workers=READING, scheduler=scheduler),
    )


def run(*commands: tuple[str, ...]) -> Took:
    """Processes of this file side by side, until the last has ended."""
    start = time.perf_counter()
    begun = [subprocess.Popen([sys.executable, "-m", "benchmarks.bench_parts", *words]) for words in commands]
    cpu = mib = 0.0
    for _ in begun:
        _, status, used = os.wait4(-1, 0)
        assert status == 0
        cpu, mib = cpu + used.ru_utime + used.ru_stime, max(mib, used.ru_maxrss / 1024)
    return Took(time.perf_counter() - start, cpu, mib)


def ingest(folder: Path, parts: int, scheduler: str) -> None:
    """One ingest, whose steps are told, and written beside its data: step → seconds by the clock and of CPU; `readers` are theirs."""
    steps = Steps()
    found = of(folder, parts, scheduler)
    with readers(found) as sandbox, at_work("ingest", found, sandbox) as (work, listed):
        work.bar = steps
        flows.ingest.line(work, listed)
    read = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = {**steps.took, "readers": [0.0, read.ru_utime + read.ru_stime]}
    (folder / STEPS).write_text(json.dumps(took), encoding="utf-8")
    print("    " + ", ".join(f"{step} {wall:.1f} s ({cpu:.1f} CPU)" for step, (wall, cpu) in took.items()))


def house(folder: Path, feeds: int, port: int) -> Path:
    """A folder with the list of all feeds."""
    folder.mkdir()
    (folder / "feeds.opml").write_text(press.opml(feeds, port), encoding="utf-8")
    return folder


def told(name: str, took: Took) -> None:
    print(f"  {name:32s} {took.wall:7.1f} s, CPU {took.cpu:7.1f} s, at most {took.mib:,.0f} MiB a process", flush=True)


def rounds(folder: Path, parts: int, scheduler: str = "") -> list[Took]:
    """All that parts and the run that loads do, from nothing to the articles."""
    took = []
    for what in ("hands out feeds", "takes them in, hands out pages", "takes in pages, reads"):
        took.append(run(("ingest", str(folder), str(parts), scheduler)))
        told(f"ingest {what}", took[-1])
        if len(took) < 5:
            took.append(run(*(("fetch", str(folder), str(parts), str(part)) for part in range(1, parts + 1))))
            told(f"{parts} parts side by side", took[-1])
    return took


def compare(feeds: int, pages: int, parts: int, scheduler: str) -> None:
    """Both, one after the other."""
    count = feeds * pages
    with tempfile.TemporaryDirectory() as name, press.printed(pages) as port:
        one, many = (house(Path(name) / kind, feeds, port) for kind in ("one", "many"))
        print(f"{feeds:,} feeds, {count:,} pages; load {os.getloadavg()[0]:.1f}")
        alone = run(("ingest", str(one), "1", ""))
        told("one process: ingest", alone)
        all_of_it = rounds(many, parts, scheduler)
        asked = "SELECT count(*), count(DISTINCT text_hash), bit_xor(text_hash) FROM articles"
        (first,), (second,) = (duck.ask(folder / "data" / "warehouse.duckdb", asked)[1] for folder in (one, many))
        assert first == second, (first, second)
    wall, cpu = sum(took.wall for took in all_of_it), sum(took.cpu for took in all_of_it)
    print(f"one process: {count / alone.wall:.1f} articles a second, {1000 * alone.cpu / count:.1f} ms of CPU each")
    print(f"{parts} parts: {count / wall:.1f} articles a second, {1000 * cpu / count:.1f} ms of CPU each")
    print(f"{wall / alone.wall:.2f} times the wall, {cpu / alone.cpu:.2f} times the CPU")


def main() -> None:
    match sys.argv[1:]:
        case ["ingest", folder, parts, scheduler]:
            ingest(Path(folder), int(parts), scheduler)
        case ["fetch", folder, parts, part]:
            line.fetch(of(Path(folder), int(parts)), int(part))
        case words:
            feeds, pages, parts = [*map(int, words[:3]), *(1_000, 10, 4)[len(words) :]]
            compare(feeds, pages, parts, words[3] if len(words) > 3 else "")


if __name__ == "__main__":
    main()
