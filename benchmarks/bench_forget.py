"""Forgetting one of many articles: seconds by the clock and of CPU, for saying what goes and for taking it out of every file.

    python benchmarks/bench_forget.py [ARTICLES]   10000 by default

Articles are of 400 invented words on pages of 30 KB, 1,000 a day; beside them ten feeds of 30 items a day, looked at 24 times: their
documents are in the archive too. Each article is a story of its own.
"""

import random
import string
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from extract.keys import key
from extract.records import Article, Ask, Copy, Entry, Feed, Outcome, Page
from extract.sandbox import Sandbox
from flows.line import forget
from flows.line.load import publish_warehouse
from flows.line.work import alone
from flows.settings import Settings
from storage.archive import ArchiveWriter
from storage.erase.rows import Asked
from storage.retention import Limits
from storage.warehouse import Warehouse
from storage.write.batch import Batch, Run

T = TypeVar("T")
DAY, FEEDS, LOOKS, ITEMS = 1_000, 10, 24, 30
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_random = random.Random(33)
WORDS = ["".join(_random.choices(string.ascii_lowercase, k=_random.randint(3, 10))) for _ in range(20_000)]


def words(number: int) -> str:
    return " ".join(_random.choices(WORDS, k=number))


def url_of(number: int) -> str:
    return f"https://site{number % FEEDS}.example/2026/story-{number}.html"


def page(url: str, role: str, subject: str, body: bytes, at: datetime) -> Page:
    headers = (("Content-Type", "text/html" if role == "page" else "application/rss+xml"),)
    return Page(Ask(url, role, subject, 10**7), url, 200, headers, body, at, 0.1)  # type: ignore[arg-type]  # a role


def fill(warehouse: Warehouse, size: int) -> None:
    """The archive and the working file of so many articles."""
    for day in range(size // DAY):
        at, name = BEGAN + timedelta(days=day), f"ingest-{BEGAN + timedelta(days=day):%Y%m%dT%H%M%SZ}"
        outcomes, copies = [], []
        with ArchiveWriter(warehouse.archive, name, at) as writer:
            for number in range(day * DAY, (day + 1) * DAY):
                url, title, text = url_of(number), words(9), words(400)
                body = f"<html><h1>{title}</h1><p>{text}</p>{words(3500)}</html>".encode()
                kept = writer.keep(page(url, "page", url, body, at))
                article = Article(
                    key(url), url, url, title=title, text=text, words=400, language="en", site=f"site{number % FEEDS}.example",
                    fetched_at=at, published_at=at, warc_file=kept.warc_file, warc_offset=kept.warc_offset, text_hash=number,
                )  # fmt: skip
                feed = f"https://site{number % FEEDS}.example/rss"
                entry = Entry(key(feed, url), key(feed), url, title=title, summary=words(40))
                outcomes.append(Outcome(entry, "stored", article=article, article_id=article.article_id, tried=True))
                copies.append(Copy(article.article_id, article.article_id, article.article_id, "original", 1.0, 1.0))
            for look in range(LOOKS):
                for n in range(FEEDS):
                    feed, newest = f"https://site{n}.example/rss", day * DAY + look * (DAY // LOOKS)
                    listed = [o.entry for o in outcomes[n::FEEDS] if o.article_id is not None][
                        (newest - day * DAY) // FEEDS :
                    ][:ITEMS]
                    items = "".join(
                        f"<item><title>{e.title}</title><link>{e.url}</link><description>{e.summary}</description></item>"
                        for e in listed
                    )
                    body = f'<rss version="2.0"><channel><title>s</title>{items}</channel></rss>'.encode()
                    writer.keep(page(feed, "feed", feed, body, at))
            archived = writer.name
        feeds = [
            Feed(
                key(f"https://site{n}.example/rss"),
                f"https://site{n}.example/rss",
                status="active",
                added_at=at,
                next_poll_at=at,
            )
            for n in range(FEEDS)
        ]
        warehouse.commit(
            Batch(
                run=Run(key(name), name, "ingest", at, archive_file=archived),
                now=at,
                feeds=feeds,
                outcomes=outcomes,
                copies=copies,
            )
        )


def timed(what: str, act: Callable[[], T]) -> T:
    cpu, wall = time.process_time(), time.perf_counter()
    found = act()
    print(f"{what:50} {time.perf_counter() - wall:6.1f} s, {time.process_time() - cpu:6.1f} s of CPU", flush=True)
    return found


def main(size: int) -> None:
    with tempfile.TemporaryDirectory() as name, Sandbox(1) as sandbox:
        settings = Settings(data=str(Path(name) / "data"))
        warehouse = Warehouse(settings.data_folder)
        warehouse.prepare()
        fill(warehouse, size)
        bytes_ = sum(path.stat().st_size for path in warehouse.archive.folder.rglob("*.gz"))
        print(
            f"{size:,} articles, archive {bytes_ / 1e6:,.0f} MB, working file {warehouse.path.stat().st_size / 1e6:,.0f} MB"
        )
        with alone("forget", settings, sandbox) as work:
            timed("publishing and the index, as after any run", lambda: publish_warehouse(work))
            asked = Asked(urls=(url_of(size // 2),))
            gone = timed("saying what goes", lambda: forget.look(work, asked))
            print(forget.told(gone))
            timed("forgetting one article", lambda: forget.delete(work, asked, datetime.now(UTC)))
        with alone("forget", settings, sandbox) as work:
            last = Asked(urls=(url_of(size - 7),))
            timed("forgetting another, of the last day", lambda: forget.delete(work, last, datetime.now(UTC)))
            limits = Limits(BEGAN + timedelta(days=1, hours=1))
        with alone("forget", settings, sandbox) as work:
            gone = timed(
                "forgetting the first two days, by age", lambda: forget.delete(work, limits, datetime.now(UTC))
            )
            print(forget.told(gone))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
