"""What Prefect costs: `ingest` as a flow against the same functions called plainly, on the same real pages in one run; the
task runs of a flow for 10, 1,000 and 10,000 feeds; and the seconds from `newsduck up` to the first scheduled run.

    python benchmarks/bench_flow.py [ARTICLES [ROUNDS]]   2,000 articles by default: the pages of REAL_DATA, each as often as
                                                          needed; three rounds, the two ways in turn: ten minutes and more

Both ways poll, fetch, archive, read, group, tag, load and publish; the flow also records its tasks, its progress and its
artifacts on a real server, and writes the daily report. Each way starts its own readers. The server runs already: its start
stands apart.
"""

import gzip
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from demo.newsroom import Newsroom
from extract.sandbox import Sandbox
from flows.board.up import server
from flows.line.work import slices
from flows.settings import Settings
from tests.conftest import REAL
from tests.line import ingest, settings_for
from tests.served import served


def pages(count: int) -> dict[str, bytes]:
    """So many real pages, by path; each counted once more where there are too few."""
    found = []
    for gold in sorted((REAL / "data" / "pages").glob("*/gold.jsonl.gz")):
        for row in map(json.loads, gzip.decompress(gold.read_bytes()).splitlines()):
            found.append(gzip.decompress((gold.parent / f"{row['id']}.html.gz").read_bytes()))
    return {f"/{n}": body for n, body in enumerate(islice(cycle(found), count))}


def plain(bodies: dict[str, bytes]) -> float:
    """Seconds of the functions called plainly."""
    with tempfile.TemporaryDirectory() as folder, served(bodies, Path(folder)):
        begin = time.perf_counter()
        with Sandbox(2) as sandbox:
            row = ingest(settings_for(Path(folder), {"any": "the OR der OR la"}), sandbox)
        took = time.perf_counter() - begin
    assert row["seen"] == len(bodies), row
    return took


def flow(bodies: dict[str, bytes]) -> float:
    """Seconds of the flow, its records on the server included."""
    from flows.commands._running import run_flow

    with tempfile.TemporaryDirectory() as folder, served(bodies, Path(folder)):
        home = Path(folder)
        (home / "newsduck.toml").write_text(
            "[fetch]\nallow_loopback = true\npause = 0.0\n[poll]\nevery_minutes = 0.001\nshortest_minutes = 0.001\n"
            "longest_minutes = 0.001\n[topics.any]\nquery = 'the OR der OR la'\n"
        )
        os.environ["NEWSDUCK_CONFIG"] = str(home / "newsduck.toml")
        begin = time.perf_counter()
        state, watcher = run_flow("ingest")
        took = time.perf_counter() - begin
    assert watcher.row is not None and watcher.row["seen"] == len(bodies), (state, watcher.row)
    return took


def up() -> float:
    """Seconds from the command to the first scheduled run, on a fresh data folder."""
    from tests.started import Up, free_port
    from tests.typed import configure

    with tempfile.TemporaryDirectory() as folder, Newsroom(datetime.now(UTC)) as newsroom:
        address = f"http://127.0.0.1:{free_port()}/api"
        configure(Path(folder), newsroom, f'server = "{address}"\n')
        house = Up(Path(folder), address)
        took = house.start()
        house.stop()
    return took


def main() -> None:
    count, rounds = [*map(int, sys.argv[1:3]), *(2_000, 3)[len(sys.argv[1:3]) :]]
    for feeds in (10, 1_000, 10_000):
        bars = len(slices(range(feeds)))
        most = 7 + 3 * bars  # as many pages as feeds: fetched and read in slices of the same size
        print(f"{feeds:>6,} feeds and as many pages: {most} task runs an ingest, {4 + bars} a poll")
    print(f"newsduck up: {up():.0f} s to the first scheduled run on a fresh folder")
    if not (REAL / "data" / "pages").is_dir():
        print(f"no real pages at {REAL}: the flow was not measured")
        return
    bodies = pages(count)
    times: dict[str, list[Any]] = {"plain": [], "flow": []}
    with tempfile.TemporaryDirectory() as home, server.running(Settings(data=home), print):
        flow(pages(1))  # what a first flow run of a process imports and connects
        fixed = statistics.median([flow(pages(1)) for _ in range(3)]) - statistics.median(
            [plain(pages(1)) for _ in range(3)]
        )
        for _ in range(rounds):
            times["plain"].append(plain(bodies))
            times["flow"].append(flow(bodies))
    ratios = [a / b for a, b in zip(times["flow"], times["plain"], strict=True)]
    for name, found in times.items():
        print(f"{name:<6} {count:,} articles: {statistics.median(found):.1f} s ({min(found):.1f} to {max(found):.1f})")
    print(
        f"the flow takes {statistics.median(ratios):.3f} times as long ({min(ratios):.3f} to {max(ratios):.3f}); one article: {fixed:.1f} s more"
    )


if __name__ == "__main__":
    main()
