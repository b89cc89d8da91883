"""Going through a web archive: records a second of the processor's time, memory, and what is left after kills.

    python benchmarks/bench_archives.py [MB] [KILLS]   1000 and 20 by default

Pages are invented, of some 100 KB, a gigabyte of them some 25,000 records, each a gzip member of its own, as CC-NEWS has them. First none
is wanted, then one in 500. The kills are those of tests/test_archives.py: SIGKILL at a call of what writes, then the same again; its
tables are held against those of one that nothing disturbed.
"""

import gzip
import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import flows.line.back.captures
from extract.sandbox import Sandbox
from flows.line.back.bring import bring
from tests import test_archives
from tests.archives import page, response
from tests.line import settings_for

OTHERS = 40  # different records that are not wanted, over and over
EVERY = 500  # records, of which one is wanted in the second going through
POINTS = [
    (module, name, calls, when)
    for calls in (1, 2, 3)
    for module, name in (
        ("storage.archive", "ArchiveWriter.keep"),
        ("storage.archive", "ArchiveWriter.sync"),
        ("storage.warehouse", "Warehouse.commit"),
        ("flows.line.back.captures", "settle"),
    )
    for when in ("before", "after")
]


def large(number: int, url: str) -> bytes:
    """A record of some 100 KB, a quarter of it when packed."""
    dice = random.Random(number)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(2, 9))) for _ in range(3000)]
    text = "".join(f"<p>{' '.join(dice.choices(words, k=60))}</p>" for _ in range(230))
    return response(url, page(number).replace(b"</body>", f"<footer>{text}</footer></body>".encode()))


def write(path: Path, size: int) -> int:
    """A file of so many bytes; gives how many records it has."""
    others = [gzip.compress(large(n, f"https://other{n}.example/a")) for n in range(OTHERS)]
    records = 0
    with path.open("wb") as file:
        while file.tell() < size:
            wanted = records % EVERY == 0
            file.write(
                gzip.compress(large(records, f"https://herald.example/{records}"))
                if wanted
                else others[records % OTHERS]
            )
            records += 1
    return records


def memory(what: str) -> float:
    """VmRSS or VmHWM of this process, MiB."""
    text = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(text.split(f"{what}:")[1].split()[0]) / 1024


def speed(folder: Path, size: int) -> None:
    made = write(folder / "crawl.warc.gz", size)
    found = settings_for(folder, {"town": "town"})
    print(f"a file of {size / 1e6:,.0f} MB, {made:,} records")
    with Sandbox(2) as sandbox:
        small = folder / "small.warc.gz"
        small.write_bytes(gzip.compress(response("https://herald.example/first", page(1))))
        bring(str(small), found, sandbox, [], ["herald.example"])  # all that is imported and opened once
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # the peak begins anew
        start = memory("VmRSS")
        for site in ("nobody.example", "herald.example"):
            before, begin = time.process_time(), time.perf_counter()
            came = bring(str(folder / "crawl.warc.gz"), found, sandbox, [], [site])
            cpu, wall = time.process_time() - before, time.perf_counter() - begin
            print(
                f"{came.records:>8,} records, {came.kept:,} pages kept: {cpu:.1f} s of CPU in the process that goes through it "
                f"({came.records / cpu:,.0f} records a second), {wall:.0f} s by the clock; memory {memory('VmHWM') - start:,.0f} MiB over the start's {start:,.0f}"
            )
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"the readers: {readers.ru_utime + readers.ru_stime:.1f} s of CPU")


def kills(folder: Path, count: int) -> None:
    twin = folder / "twin"
    twin.mkdir()
    test_archives.put(twin, test_archives.crawl())
    test_archives.run(twin, ("", "", 0, ""))
    failed = 0
    for number, point in enumerate(POINTS[:count]):
        ours = folder / str(number)
        ours.mkdir()
        test_archives.put(ours, test_archives.crawl())
        died = test_archives.run(ours, point) == -9
        if died:
            test_archives.run(ours, ("", "", 0, ""))
        differ = test_archives.same(ours, twin)
        failed += bool(differ)
        print(
            f"{'killed' if died else 'ended '} {point[3]:6} call {point[2]} of {point[1]}: {', '.join(differ) or 'the same'}",
            flush=True,
        )
    print(f"{count} kills, {failed} of them left other tables")


if __name__ == "__main__":
    print(f"{datetime.now(UTC):%Y-%m-%d}, batches of {flows.line.back.captures.PAGES}")
    with tempfile.TemporaryDirectory() as name:
        speed(Path(name), int(float(sys.argv[1] if len(sys.argv) > 1 else 1000) * 1e6))
    with tempfile.TemporaryDirectory() as name:
        kills(Path(name), int(sys.argv[2]) if len(sys.argv) > 2 else 20)
