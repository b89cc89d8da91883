"""Pages read by their places in an archive that is here, in a shared folder, and in an S3 server on loopback: ms and requests a page;
and sending a file there: MB a second.

    python benchmarks/bench_store.py [PAGES]   1000 by default

Pages are as large, packed, as real ones are (1,000 news pages: median 18 KB, mean 31, 24 of them above 128): invented words in a site's
markup; they are read in a random order. The S3 server is moto's, a Python program in a process
of its own: what it takes is its own time and not that of S3, where a request takes 10 to 50 ms of waiting.
"""

import os
import random
import string
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from extract.records import Ask, Page
from storage import archive
from storage.store import s3, send
from storage.store.place import Place

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SERVER = """
import logging, sys, time
from moto.server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
_random = random.Random(36)
MARKUP = "".join(f'<li class="menu"><a href="/section/{n}">Section {n}</a></li>' for n in range(1_500))
WORDS = ["".join(_random.choices(string.ascii_lowercase, k=_random.randint(3, 10))) for _ in range(20_000)]


def page(number: int) -> Page:
    url = f"https://site{number % 50}.example/{number}.html"
    size = _random.uniform(32_000, 60_000) if _random.random() < 0.024 else _random.lognormvariate(8.2, 0.8)
    text = " ".join(_random.choices(WORDS, k=int(size)))
    body = f"<html><body>{MARKUP}<p>{text}</p></body></html>".encode()
    return Page(Ask(url, "page", url, 10**8), url, 200, (("Content-Type", "text/html"),), body, NOW, 0.1)


def measure(name: str, place: Place, offsets: list[int], warc: str) -> None:
    asked: list[str] = []
    store = place.store
    if isinstance(store, s3.Bucket):
        store._client.meta.events.register("before-send.s3.*", lambda request, **_: asked.append(request.method))
    begun, cpu = time.perf_counter(), time.process_time()
    for offset in offsets:
        archive.read_page(place, warc, offset)
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(
        f"{name:<22} {1000 * wall / len(offsets):7.2f} ms a page, {1000 * cpu / len(offsets):6.2f} of them CPU here, "
        f"{len(asked) / len(offsets):.3f} requests a page"
    )


def main(pages: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server,
    ):
        assert server.stdout is not None and server.stdin is not None
        port = server.stdout.readline().strip()
        if not port.isdigit():
            port = server.stdout.readline().strip()
        os.environ |= {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        import boto3

        boto3.client("s3").create_bucket(Bucket="archive")
        Path(folder, "share").mkdir()
        here = Place(Path(folder, "here"))
        with archive.ArchiveWriter(here, f"ingest-{NOW:%Y%m%dT%H%M%SZ}", NOW) as writer:
            offsets = [writer.keep(page(number)).warc_offset for number in range(pages)]
        size = here.path(writer.name).stat().st_size
        print(f"{pages:,} pages, {size / 1e6:,.1f} MB packed")
        _random.shuffle(offsets)
        measure("here", here, offsets, writer.name)
        for name, where in (("a shared folder", str(Path(folder, "share"))), ("S3 on loopback", "s3://archive/news")):
            place = Place(Path(folder, name), where)
            path = place.path(writer.name)
            path.parent.mkdir(parents=True)
            path.write_bytes(here.path(writer.name).read_bytes())
            begun = time.perf_counter()
            sent = send.send(place, [writer.name])
            assert sent.files == 1, sent.told
            print(f"{'sent to ' + name:<28} {sent.size / 1e6 / (time.perf_counter() - begun):,.0f} MB a second")
            measure(name, place, offsets, writer.name)
        server.stdin.close()


main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
