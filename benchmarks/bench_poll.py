"""Feeds per second: polling loopback feeds of 30 new entries each, and again unchanged, against `reader` with 20 workers.

    python benchmarks/bench_poll.py              1,000 feeds against reader; cost per feed at 100, 1,000 and 10,000

Each feed is a host of its own (127.x.y.z), served with ETags by one process. newsduck archives, parses, stores and
publishes; reader parses and stores in SQLite. Each measurement is a process of its own, in turn; the ratio is the figure.
"""

import asyncio
import json
import multiprocessing
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import memory

ROUNDS = 3
ENTRIES = 30


def address(number: int, port: int) -> str:
    return f"http://127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}:{port}/feed"


def document(number: int) -> bytes:
    """A feed of 30 entries as a news site's: 14 KB."""
    items = "".join(
        f"<item><title>Council {number} votes on item {n} of the budget for schools and roads</title>"
        f"<link>https://paper{number}.example/news/2026/11/23/story-{n}.html</link>"
        f'<guid isPermaLink="true">https://paper{number}.example/news/2026/11/23/story-{n}.html</guid>'
        f"<description>&lt;p&gt;The council voted on Monday night to adopt item {n} of a budget that will close two "
        f"schools and open a third one in the north of the city, the mayor said.&lt;/p&gt;</description>"
        f"<pubDate>Mon, 23 Nov 2026 {n % 24:02d}:30:00 +0100</pubDate><category>News</category></item>"
        for n in range(ENTRIES)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Paper {number}</title>'
        f"<link>https://paper{number}.example/</link>{items}</channel></rss>"
    ).encode()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    place = writer.get_extra_info("sockname")[0].split(".")
    if place[0] == "127":
        number = (int(place[1]) - 1) * 62500 + int(place[2]) * 250 + int(place[3]) - 1
        etag = f'"{number}"'.encode()
        if b"if-none-match: " + etag in head.lower():
            writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\nConnection: close\r\n\r\n")
        else:
            body = document(number)
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\nETag: "
                + etag
                + f"\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
    writer.close()


def serve(listening: socket.socket) -> None:
    async def run() -> None:
        server = await asyncio.start_server(_answer, sock=listening, backlog=4096)
        await server.serve_forever()

    asyncio.run(run())


def newsduck(feeds: int, port: int) -> list[float]:
    """Seconds for a first poll and for one of the same feeds unchanged; reader processes already started."""
    from datetime import UTC, datetime

    from extract.poll import feeds as feed_reader
    from extract.records import Feed
    from extract.sandbox import Sandbox
    from flows.settings import Fetch
    from tests.line import poll, settings_for

    with tempfile.TemporaryDirectory() as folder, Sandbox(2) as sandbox:
        home = Path(folder)
        outlines = "".join(f'<outline xmlUrl="{address(n, port)}"/>' for n in range(feeds))
        (home / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
        found = settings_for(home, {}, fetch=Fetch(allow_loopback=True, pause=0.0, timeout=60.0, ports=(port,)))
        warm = (document(0), Feed(1, "https://a.example/"), "https://a.example/", datetime.now(UTC))
        sandbox.map(feed_reader.parse, [warm] * 2)
        times = []
        for new in (feeds * ENTRIES, 0):
            start = time.perf_counter()
            row = poll(found, sandbox)
            times.append(time.perf_counter() - start)
            assert (row["feeds"], row["feeds_failed"], row["deferred"]) == (feeds, 0, new), row
    return times


def reader(feeds: int, port: int) -> list[float]:
    """The same for reader, its database a file, 20 workers."""
    from reader import make_reader

    with tempfile.TemporaryDirectory() as folder:
        library = make_reader(str(Path(folder) / "reader.sqlite"))
        for n in range(feeds):
            library.add_feed(address(n, port))
        times = []
        for _ in range(2):
            start = time.perf_counter()
            library.update_feeds(scheduled=False, workers=20)
            times.append(time.perf_counter() - start)
        assert library.get_entry_counts().total == feeds * ENTRIES
    return times


def measured(which: str, feeds: int, port: int) -> tuple[float, float, float]:
    """(seconds new, seconds unchanged, MiB at the peak) of one process of its own."""
    words = [sys.executable, __file__, which, str(feeds), str(port)]
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, text=True)
        most = memory.peak(process)
        said = process.communicate()[0]
        if process.returncode:
            errors.seek(0)
            sys.exit(errors.read()[-2000:])
    new, unchanged = json.loads(said.splitlines()[-1])
    return new, unchanged, most


def main() -> None:
    listening = socket.create_server(("", 0), backlog=4096)  # all of 127/8; whoever else comes gets nothing
    port = int(listening.getsockname()[1])
    server = multiprocessing.get_context("fork").Process(target=serve, args=(listening,), daemon=True)
    server.start()
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(measured("newsduck", 1000, port))
        theirs.append(measured("reader", 1000, port))
    print(f"1,000 feeds of {ENTRIES} entries, median of {ROUNDS} rounds")
    for name, rounds in (("newsduck", mine), ("reader, 20 workers", theirs)):
        new, unchanged, peak = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(
            f"{name:20s} new {1000 / new:7.1f} feeds/s   unchanged {1000 / unchanged:7.1f} feeds/s   peak {peak:5.0f} MiB"
        )
    ratios = [t[0] / m[0] for m, t in zip(mine, theirs, strict=True)]
    gains = [m[0] / m[1] for m in mine]
    print(f"new: {statistics.median(ratios):.2f} times reader's ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"unchanged: {statistics.median(gains):.1f} times as fast as new ({min(gains):.1f} to {max(gains):.1f})")
    for feeds in (100, 1000, 10000):
        new, unchanged, peak = measured("newsduck", feeds, port)
        print(
            f"{feeds:6d} feeds: {new / feeds * 1e3:6.2f} ms a new feed, {unchanged / feeds * 1e3:6.2f} ms unchanged, peak {peak:5.0f} MiB"
        )
    server.kill()


if __name__ == "__main__":
    if len(sys.argv) == 4:
        times = {"newsduck": newsduck, "reader": reader}[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
        print(json.dumps(times), flush=True)
    else:
        main()
