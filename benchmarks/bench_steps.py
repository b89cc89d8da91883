"""What each step of a run costs: CPU milliseconds a page, of the run's own process and of its readers, on real pages.

    python benchmarks/bench_steps.py [FOLDER [SET …]]     FOLDER holds sets of pages: SET/gold.jsonl.gz and SET/ID.html.gz

The run's own process is timed step by step, with DuckDB's threads; what overlaps, thread by thread. Readers are told apart by what
one of them takes for its parts, called plainly on the same pages.
"""

import gzip
import json
import logging
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import memory

import flows.ingest
import flows.line.finish
from extract import sandbox
from extract.errors import NewsduckError
from extract.read import page
from extract.read.body import engine
from extract.sandbox import Sandbox, ready
from flows.line import load
from storage import archive
from storage.derived import sketches
from tests.conftest import REAL
from tests.line import ingest, settings_for
from tests.served import served

SETS = ("fundus", "aeb", "aed", "ctf", "l3s", "traf")
OWN, THREAD = time.process_time, time.thread_time
# Step → the functions that are it, and the clock that they are timed by. One inside another counts for itself alone.
STEPS = {
    "poll and plan": (OWN, [(flows.ingest, "poll_all"), (flows.ingest, "plan")]),
    "learn": (OWN, [(flows.ingest, "clean")]),
    "settle": (OWN, [(flows.ingest, "settle")]),
    "sketch": (OWN, [(sketches, "candidates")]),
    "join copies": (OWN, [(flows.line.finish, "group")]),
    "tag": (OWN, [(flows.line.finish, "tag")]),
    "load": (OWN, [(flows.line.finish, "load")]),
    "events": (OWN, [(flows.line.finish, "tell")]),
    "index": (OWN, [(load.index, "catch_up")]),
    "publish": (OWN, [(flows.line.finish, "publish_warehouse")]),
    "archive: hash, gzip, write": (THREAD, [(archive.ArchiveWriter, "keep")]),
    "dispatch to readers": (THREAD, [(sandbox._Worker, "call")]),
}


def timed(spent: dict[str, float]) -> None:
    """Have every step's functions note what they take, less what steps inside them take."""
    for step, (clock, functions) in STEPS.items():

        def wrapped(
            call: Callable[..., Any], step: str = step, clock: Callable[[], float] = clock
        ) -> Callable[..., Any]:
            def run(*args: Any, **more: Any) -> Any:
                start, before = clock(), sum(spent.values())
                try:
                    return call(*args, **more)
                finally:
                    took = clock() - start
                    spent[step] += took - (sum(spent.values()) - before if clock is OWN else 0)

            return run

        for owner, name in functions:
            setattr(owner, name, wrapped(getattr(owner, name)))


def readers() -> float:
    """CPU seconds of all the processes that this one has started."""
    found = 0
    for process in memory.tree(os.getpid())[1:]:
        with suppress(OSError):  # it has ended
            told = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            found += int(told[11]) + int(told[12])
    return found / os.sysconf("SC_CLK_TCK")


def parts(pages: dict[str, bytes]) -> tuple[float, float, float]:
    """(parse, lay out, all) of reading these pages, CPU seconds in this process."""
    spent = [0.0, 0.0, 0.0]

    def note(owner: Any, name: str, place: int) -> None:
        call = getattr(owner, name)

        def run(*args: Any, **more: Any) -> Any:
            start = time.process_time()
            try:
                return call(*args, **more)
            finally:
                spent[place] += time.process_time() - start

        setattr(owner, name, run)

    note(engine, "parse", 0)
    note(page, "lay_out", 1)
    logging.disable(logging.WARNING)  # of what the engine discards
    page.warm()
    spent[:] = [0.0, 0.0, 0.0]
    start = time.process_time()
    for path, body in pages.items():
        try:
            page.read_page(body, f"https://bench.example{path}", "text/html")
        except NewsduckError:
            continue
    return spent[0], spent[1] - spent[0], time.process_time() - start


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL / "data" / "pages"
    if not folder.is_dir():
        print(f"no real pages at {folder}: nothing measured")
        return
    pages = {}
    for name in sys.argv[2:] or SETS:
        for row in map(json.loads, gzip.decompress((folder / name / "gold.jsonl.gz").read_bytes()).splitlines()):
            pages[f"/{name}/{row['id']}"] = gzip.decompress((folder / name / f"{row['id']}.html.gz").read_bytes())
    spent: dict[str, float] = defaultdict(float)
    timed(spent)
    with tempfile.TemporaryDirectory() as place, Sandbox(2) as box, served(pages, Path(place)):
        box.map(ready, [(page.read_page,)] * 2)
        own, before = time.process_time(), readers()
        ingest(settings_for(Path(place), {"any": "the OR der OR la"}), box)
        own, read = time.process_time() - own, readers() - before
    parse, laid, whole = parts(pages)
    rows = {
        "fetch (asking, HTTP, its loop), and the rest": own - sum(spent.values()),
        **spent,
        "readers: parse": read * parse / whole,
        "readers: lay out, claims": read * laid / whole,
        "readers: read": read * (whole - parse - laid) / whole,
    }
    print(f"{'CPU, ms a page':46s} {'':6s} of {len(pages):,} pages")
    for step, seconds in rows.items():
        print(f"{step:46s} {1000 * seconds / len(pages):6.2f} {100 * seconds / (own + read):5.1f} %")
    print(f"{'all':46s} {1000 * (own + read) / len(pages):6.2f}")


if __name__ == "__main__":
    main()
