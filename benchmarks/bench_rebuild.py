"""What the journal costs, and what a rebuild takes: bytes of the archive with and without the journal, and the seconds of a rebuild
against those of reading the same pages, in one run, on real pages.

    python benchmarks/bench_rebuild.py [ARTICLES]     1,000 by default: the pages of REAL_DATA, each as often as needed
"""

import sys
import tempfile
import time
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from benchmarks.bench_flow import pages
from extract.read.page import read_page
from extract.sandbox import Sandbox
from flows.commands import _replayed
from flows.line.anew.rebuild import rebuild
from storage import archive, compare
from storage.store.place import Place
from tests.line import ingest, settings_for
from tests.served import served


def journal(path: Path) -> tuple[int, int]:
    """(bytes of a file's `metadata` records as they are stored, bytes of the file)."""
    size, starts = path.stat().st_size, list[tuple[int, bool]]()
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        for record in records:
            record.content_stream().read()
            starts.append((records.get_record_offset(), record.rec_type == "metadata"))
    ends = [start for start, _ in starts[1:]] + [size]
    return sum(end - start for (start, ours), end in zip(starts, ends, strict=True) if ours), size


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    bodies = pages(count)
    with tempfile.TemporaryDirectory() as folder, Sandbox(2) as sandbox:
        found = settings_for(Path(folder), {"any": "the OR der OR la"})
        with served(bodies, Path(folder)):
            row = ingest(found, sandbox)
        house = found.data_folder
        (name,) = archive.files(Place(house / "archive"))
        ours, size = journal(house / "archive" / name)
        print(
            f"archive of {row['seen']:,} pages: {size / 1e6:.2f} MB, of which the journal is {ours / 1e3:.1f} kB, {100 * ours / (size - ours):.2f} %"
        )
        jobs = [
            (page.body, page.url, page.header("content-type"), page.fetched_at)
            for page in archive.read_file(Place(house / "archive"), name)
            if page.ask.role == "page"
        ]
        begin = time.perf_counter()
        sandbox.map(read_page, jobs)
        reading = time.perf_counter() - begin
        begin = time.perf_counter()
        done = rebuild(found, sandbox, _replayed.LINES)
        took = time.perf_counter() - begin
        differ = compare.compare(house / "work" / "pipeline.duckdb", done.warehouse.path)
        print(
            f"reading {reading:.1f} s, rebuild {took:.1f} s: {took / reading:.2f} times; every table equal: {not differ} {differ} {done.told}"
        )


if __name__ == "__main__":
    main()
