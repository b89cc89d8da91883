"""Pages read by two workers of a Dask cluster on this machine, against two local readers, in turns, in one run, on real pages.

    python benchmarks/bench_cluster.py [FOLDER]     FOLDER holds sets of pages: SET/gold.jsonl.gz and SET/ID.html.gz

The cluster is one that `newsduck cluster` starts; its workers take each page out of the archive, local readers are handed its body, as
a run has it at hand. CPU is that of all processes that take part: this one, scheduler, workers and their readers. Two cores do for all of
it, and whatever else is at work on the machine takes its part: the ratios are the figures to quote.
"""

import gzip
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from extract.read.page import read_page
from extract.records import Ask, Page
from extract.sandbox import Sandbox
from flows.line.readers.crew import Crew
from flows.line.readers.hand import Kept
from storage.archive import ArchiveWriter
from storage.store.place import Place
from tests.clustered import family, running
from tests.conftest import REAL
from tests.line import AGENCIES

PAGES = 500
ROUNDS = 5
SETS = ("fundus", "aeb", "aed", "l3s")
TICK = os.sysconf("SC_CLK_TCK")


def of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Address and body of real pages."""
    for name in SETS:
        for row in map(json.loads, gzip.decompress((folder / name / "gold.jsonl.gz").read_bytes()).splitlines()):
            body = gzip.decompress((folder / name / f"{row['id']}.html.gz").read_bytes())
            yield row.get("url") or f"https://{name}.example/{row['id']}", body


def cpu(processes: list[int]) -> float:
    """Seconds that processes, and their children that have ended, had of the processor."""
    spent = 0
    for pid in processes:
        spent += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]))
    return spent / TICK


def timed(call: Callable[[], list[Any]], others: Callable[[], list[int]]) -> tuple[float, float, list[Any]]:
    """Seconds by the clock and of the processor that a call takes, and what it gives."""
    before, start = cpu([os.getpid(), *others()]), time.perf_counter()
    came = call()
    wall = time.perf_counter() - start
    return wall, cpu([os.getpid(), *others()]) - before, came


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL / "data" / "pages"
    if not folder.is_dir():
        print(f"no real pages at {folder}: nothing measured")
        return
    now = datetime.now(UTC)
    pages = [page for page, _ in zip(of(folder), range(PAGES), strict=False)]
    with tempfile.TemporaryDirectory() as name:
        archive = Place(Path(name) / "archive")
        with ArchiveWriter(archive, f"ingest-{now:%Y%m%dT%H%M%SZ}", now) as writer:
            ask = Page(Ask("", "page", "", 10**8), "", 200, (("content-type", "text/html"),), b"", now, 0.1)
            places = [writer.keep(replace(ask, url=url, body=body)) for url, body in pages]
        more = [(url, "text/html", now, (AGENCIES,)) for url, _ in pages]
        far = [(Kept(archive, page.warc_file, page.warc_offset), *m) for page, m in zip(places, more, strict=True)]
        near = [(body, *m) for (_, body), m in zip(pages, more, strict=True)]
        told: list[str] = []
        with (
            running(Path(name), "--workers", "2") as cluster,
            Crew(cluster.address, told.append) as crew,
            Sandbox(2) as sandbox,
        ):
            crew.map(read_page, far[:20])
            sandbox.map(read_page, near[:20])
            walls, cpus = [], []
            print(f"{len(pages)} pages, load {os.getloadavg()[0]:.1f}")
            for number in range(ROUNDS):
                there = family(cluster.process.pid)
                a = timed(lambda: crew.map(read_page, far), lambda there=there: there)
                own = [pid for pid in family(os.getpid()) if pid not in there and pid != cluster.process.pid]
                b = timed(lambda: sandbox.map(read_page, near), lambda own=own: own)
                walls.append(a[0] / b[0])
                cpus.append(a[1] / b[1])
                equal = sum(
                    msgspec.json.encode(x) == msgspec.json.encode(y)
                    for x, y in zip(a[2], b[2], strict=True)
                    if not isinstance(x, Exception)
                )
                errors = sum(isinstance(x, Exception) and str(x) == str(y) for x, y in zip(a[2], b[2], strict=True))
                print(
                    f"{number + 1}: cluster {a[0]:5.1f} s, CPU {a[1]:5.1f}; local {b[0]:5.1f} s, CPU {b[1]:5.1f}; wall {walls[-1]:.2f}, "
                    f"CPU {cpus[-1]:.2f}; {equal} articles equal byte for byte, {errors} refused alike; load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
        print(f"wall {statistics.median(walls):.2f} times ({min(walls):.2f} to {max(walls):.2f})")
        print(f"CPU  {statistics.median(cpus):.2f} times ({min(cpus):.2f} to {max(cpus):.2f})")
        print(*told, sep="\n", end="")


if __name__ == "__main__":
    main()
