"""A month of many feeds, from measured costs: what each machine does, how long runs take, and which part breaks first.

    python -m benchmarks.simulate                    50,000 feeds and 10 million articles a month, on 1, 2, 4 and 8 machines
    python -m benchmarks.simulate measure [FEEDS]    the costs anew from a small press, and the model held against one ten times as large

The model is of processor time: parts and readers share all cores, the run that loads has one of the first machine's to itself for what only it
does. An hour's pages that are not through by its end wait for the next hour. Costs are those of real pages (docs/figures.md) but for the fixed
ones, which `measure` gives.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import press
from benchmarks.bench_parts import STEPS, house, rounds

HOURS = 24 * 30
CORES = 2  # of a machine
PARTS = 4  # of a fetch, a machine
PAGES = 10  # of a feed of the press
# How a day's articles come: hour (UTC) → its share, as the newsrooms of one continent write.
SHAPE = [1, 1, 1, 1, 2, 3, 5, 6, 7, 7, 6, 6, 6, 6, 6, 6, 6, 5, 5, 4, 4, 3, 2, 1]


@dataclass(frozen=True)
class Costs:
    """Milliseconds of one core's time, bytes, and what a run has in memory."""

    look: float = 1.2  # a feed that is unchanged
    listed: float = 8.0  # one with something new: fetched, archived, taken in, parsed
    fetch: float = 7.7  # a page, fetched and archived by a part
    read: float = 76.0  # a page, in a reader
    load: float = 17.0  # an article, in the run that loads: learn, group, tag, events, rows
    grown: float = 1.5  # more of that for each million articles in the fortnight before
    part: float = 4_800.0  # a part's run, whatever it fetches: a process that imports
    ingest: float = 8_000.0  # likewise the run that loads, readers included
    publish: float = 300.0  # and for each GB that the warehouse has
    archive: float = 27_000.0  # bytes an article: its page, packed
    warehouse: float = 6_500.0
    derived: float = 3_600.0  # search index and sketches
    held: float = 65_000.0  # bytes of memory an article of a run


@dataclass(frozen=True)
class Month:
    """What is followed."""

    feeds: int = 50_000
    articles: int = 10_000_000

    def hours(self) -> Iterator[float]:
        """The articles of each hour; weekends have six tenths of a weekday."""
        days = [0.6 if day % 7 in (5, 6) else 1.0 for day in range(HOURS // 24)]
        whole = sum(days) * sum(SHAPE)
        for day in days:
            yield from (self.articles * day * share / whole for share in SHAPE)


@dataclass(frozen=True)
class Came:
    """What became of it."""

    longest: float  # seconds of the longest run that loads
    median: float
    alone: float  # of the longest run, seconds of what only the run that loads can do
    busy: float  # share of all cores' time that was used, in the busiest hour
    late: float  # articles that still wait at the month's end
    memory: float  # bytes of the run that loads
    disk: float  # bytes at the end


def simulate(month: Month, costs: Costs, machines: int) -> Came:
    """The month, hour by hour."""
    waiting, kept = 0.0, list[float]()
    runs, loads, busy, memory = list[float](), list[float](), list[float](), 0.0
    for come in month.hours():
        waiting += come
        fresh = min(sum(kept[-14 * 24 :]), month.articles)
        new = min(month.feeds, come / 2)  # feeds with something new: two articles each
        fixed = (6 * PARTS * machines * costs.part + costs.ingest) / 1000
        looks = (new * costs.listed + (month.feeds - new) * costs.look) / 1000
        one = (costs.load + costs.grown * fresh / 1e6) / 1000  # seconds of an article in the run that loads
        publish = costs.publish / 1000 * (sum(kept) * costs.warehouse / 1e9)
        beside = (costs.fetch + costs.read) / 1000
        # All cores are there for what is shared; what only the run that loads does takes one of them the while.
        room = machines * CORES * 3600 - fixed - looks - publish
        most = max(0.0, min((3600 - publish) / (one + beside / (machines * CORES)), room / (one + beside)))
        done = min(waiting, most)
        waiting -= done
        kept.append(done)
        alone = done * one + publish + costs.ingest / 2000
        runs.append(alone + done * costs.read / 1000 / (machines * CORES))
        loads.append(alone)
        busy.append((fixed + looks + publish + done * (one + beside)) / (machines * CORES * 3600))
        memory = max(memory, 250e6 + done * costs.held)
    disk = sum(kept) * (costs.archive + costs.warehouse * 2 + costs.derived)
    longest = max(range(HOURS), key=runs.__getitem__)
    return Came(runs[longest], sorted(runs)[HOURS // 2], loads[longest], max(busy), waiting, memory, disk)


def breaks(costs: Costs, machines: int) -> tuple[int, str]:
    """How many articles a month are too many, and what breaks by them."""
    low, high = 100_000, 1_000_000_000
    while high - low > 100_000:
        middle = (low + high) // 2
        came = simulate(Month(middle // 200, middle), costs, machines)
        low, high = (middle, high) if came.late < middle / 1000 else (low, middle)
    alone = costs.load + costs.grown * 14 / 30 * high / 1e6
    beside = (costs.fetch + costs.read) / (machines * CORES)
    if alone > beside:
        return high, f"the run that loads, which has one core ({alone:.0f} ms an article, all others {beside:.0f})"
    return high, f"reading and fetching on all cores ({beside:.0f} ms an article, the run that loads {alone:.0f})"


def table(month: Month, costs: Costs) -> None:
    """A line for each number of machines."""
    print(f"{month.feeds:,} feeds, {month.articles:,} articles in 30 days, machines of {CORES} cores")
    print("machines  run (median)  longest  of it alone  busiest hour  still waiting   memory    disk")
    for machines in (1, 2, 4, 8):
        came = simulate(month, costs, machines)
        print(
            f"{machines:8d} {came.median:11.0f} s {came.longest:6.0f} s {came.alone:10.0f} s {came.busy:12.0%} {came.late:15,.0f}"
            f" {came.memory / 2**30:5.1f} GiB {came.disk / 1e9:4.0f} GB"
        )
    for machines in (1, 2, 4, 8):
        most, why = breaks(costs, machines)
        print(f"{machines} machines: too much from {most / 1e6:,.1f} million articles a month on: {why}")


def measured(feeds: int, pages: int = PAGES) -> dict[str, float]:
    """The CPU seconds that a press of this size costs, by stretch; of reading and loading the readers' and the loading run's own too."""
    with tempfile.TemporaryDirectory() as name, press.printed(pages) as port:
        folder = house(Path(name) / "house", feeds, port)
        first, looked, second, fetched, last = rounds(folder, PARTS)
        steps = {step: cpu for step, (_, cpu) in json.loads((folder / STEPS).read_text()).items()}
    return {
        "feeds": first.cpu + looked.cpu + second.cpu,
        "pages": fetched.cpu,
        "reading": steps["readers"],
        "loading": last.cpu - steps["readers"],
    }


def measure(feeds: int) -> None:
    """What a run costs whatever it brings, by a press of two feeds; what each feed and page costs more, by a small one; and what both
    foretell of one ten times as large."""
    least, small = measured(2, 1), measured(feeds)
    pages = PAGES * feeds
    more = {name: (small[name] - least[name]) / (feeds if name == "feeds" else pages) for name in least}
    print("; ".join(f"{name}: {least[name]:.1f} s and {1000 * cpu:.2f} ms each" for name, cpu in more.items()))
    large = measured(10 * feeds)
    for name, cpu in large.items():
        foretold = least[name] + more[name] * 10 * (feeds if name == "feeds" else pages)
        print(f"{name:8s} foretold {foretold:7.1f} s of CPU, came to {cpu:7.1f}: {cpu / foretold:.2f} times")
    print(f"load {os.getloadavg()[0]:.1f}")


def main() -> None:
    if sys.argv[1:2] == ["measure"]:
        measure(int(sys.argv[2]) if len(sys.argv) > 2 else 100)
    else:
        table(Month(), Costs())


if __name__ == "__main__":
    main()
