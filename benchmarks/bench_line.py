"""Articles per second through the whole line, against trafilatura alone on two processes, in one run, on real pages.

    python benchmarks/bench_line.py [FOLDER [SET …]]     FOLDER holds sets of pages: SET/gold.jsonl.gz and SET/ID.html.gz

The line fetches the pages from a server on loopback, archives, reads, groups, tags, loads and publishes them; trafilatura
only extracts text and metadata from the same bytes. Three rounds, the two in turn; the ratio is the figure to quote.
"""

import gzip
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from pathlib import Path

import trafilatura

from extract.read.page import read_page
from extract.sandbox import Sandbox, ready
from tests.conftest import REAL
from tests.line import ingest, settings_for
from tests.served import served

ROUNDS = 3


def extract(body: bytes) -> bool:
    return trafilatura.bare_extraction(body, include_comments=False, with_metadata=True) is not None


def whole_line(pages: dict[str, bytes]) -> float:
    """Seconds for one run over all pages, in a fresh data folder, reader processes already started and ready, as trafilatura's are."""

    with tempfile.TemporaryDirectory() as folder, Sandbox(2) as sandbox, served(pages, Path(folder)):
        sandbox.map(ready, [(read_page,)] * 2)
        start = time.perf_counter()
        row = ingest(settings_for(Path(folder), {"any": "the OR der OR la"}), sandbox)
        took = time.perf_counter() - start
    assert row["seen"] == len(pages), row
    return took


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REAL / "data" / "pages"
    if not folder.is_dir():
        print(f"no real pages at {folder}: nothing measured")
        return
    pages = {}
    for name in sys.argv[2:] or ("fundus", "aeb"):
        for row in map(json.loads, gzip.decompress((folder / name / "gold.jsonl.gz").read_bytes()).splitlines()):
            pages[f"/{name}/{row['id']}"] = gzip.decompress((folder / name / f"{row['id']}.html.gz").read_bytes())
    line, alone = [], []
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(extract, [b"<p>warm</p>"] * 4)
        for _ in range(ROUNDS):
            line.append(whole_line(pages))
            start = time.perf_counter()
            pool.map(extract, list(pages.values()), chunksize=4)
            alone.append(time.perf_counter() - start)
    ratios = [a / b for a, b in zip(line, alone, strict=True)]
    for name, times in (("whole line", line), ("trafilatura alone, 2 processes", alone)):
        print(
            f"{name:32s} {len(pages) / statistics.median(times):6.1f} articles/s  (median of {ROUNDS}: {statistics.median(times):.2f} s)"
        )
    print(
        f"the line takes {statistics.median(ratios):.2f} times as long ({min(ratios):.2f} to {max(ratios):.2f}), {len(pages)} pages"
    )


if __name__ == "__main__":
    main()
