"""What it costs to publish an hour's articles of a warehouse that is large: seconds, and bytes written, all of it written each
time against the file of before brought up, in turns in one run.

    python benchmarks/bench_publish.py [GIGABYTES [FOLDER]]     1 by default; takes three times that on the disk of FOLDER

The working file has one table of texts that do not compress, of about that size; each round adds 1,000 rows, changes 1,000 old
ones, and publishes.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from storage import duck, generation, publish, whole

ROUNDS = 3
TEXT = 3_600  # bytes of an article's text
ROWS = 50_000  # at a time


def make(working: Path, gigabytes: float) -> int:
    """A working file of about this size; gives its rows."""
    rows = int(gigabytes * 1e9 / TEXT)
    with duck.open_file(working) as c:
        c.execute(
            "CREATE TABLE runs (run_id BIGINT, finished_at TIMESTAMPTZ); CREATE TABLE articles (n BIGINT, text VARCHAR)"
        )
        for at in range(0, rows, ROWS):
            add(c, at, min(ROWS, rows - at))
        c.execute("CHECKPOINT")
    return rows


def add(c: duck.Connection, at: int, rows: int) -> None:
    """Rows of texts that no compression finds anything in."""
    import pyarrow as pa

    made = os.urandom(rows * TEXT // 2).hex()
    texts = pa.table({"n": range(at, at + rows), "text": [made[n * TEXT : (n + 1) * TEXT] for n in range(rows)]})
    c.register("made", texts)
    c.execute("INSERT INTO articles SELECT * FROM made")
    c.unregister("made")


def run(working: Path, number: int, rows: int) -> None:
    """A run's rows."""
    with duck.open_file(working) as c:
        c.execute("INSERT INTO runs VALUES (?, now())", [number])
        add(c, rows + number * 1_000, 1_000)
        c.execute("UPDATE articles SET n = n WHERE n BETWEEN ? AND ?", [number * 5_000, number * 5_000 + 999])
        c.execute("CHECKPOINT")


def written() -> int:
    """Bytes that this process has had written to disks so far."""
    fields = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(fields["write_bytes"])


def timed(working: Path, people: Path, *, anew: bool) -> tuple[float, float, int]:
    """Seconds by the clock and of CPU, and bytes written, of one publishing."""
    if anew:
        generation.drop(people)
    wall, cpu, before = time.perf_counter(), time.process_time(), written()
    publish.publish(working, people)
    return time.perf_counter() - wall, time.process_time() - cpu, written() - before


def main() -> None:
    gigabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        working, people = Path(folder) / "working.duckdb", Path(folder) / "people.duckdb"
        rows = make(working, gigabytes)
        publish.publish(working, people)
        ways: dict[bool, list[tuple[float, float, int]]] = {True: [], False: []}
        for number in range(1, 2 * ROUNDS + 1):
            run(working, number, rows)
            anew = number % 2 == 1
            ways[anew].append(timed(working, people, anew=anew))
        size = working.stat().st_size
        print(f"a file of {size / 1e9:.2f} GB, {rows:,} articles; 1,000 more a round; medians of {ROUNDS}")
        for anew, name in ((True, "written anew"), (False, "brought up")):
            wall, cpu, count = (statistics.median(column) for column in zip(*ways[anew], strict=True))
            print(f"{name:14s} {wall:7.2f} s by the clock, {cpu:6.2f} s of CPU, {count / 1e6:9.1f} MB written")
        assert whole.check(people)


if __name__ == "__main__":
    main()
