"""What ten times as much costs: feeds in the list, entries that wait, topics, and the size of one article.

    python benchmarks/bench_load.py [PART …]     feeds, waiting, topics and article; all by default

Each part is done in a process of its own, at a tenth of the size and at the size: 20,000 feeds, 100,000 entries waiting,
2,000 topics on 1,000 articles, an article of 20 MB. A step's figure is seconds of processor time, of this process and of
its readers that have ended, and MiB at its peak, of this process alone: the clock on the wall says nothing on a busy machine.
"""

import asyncio
import contextlib
import io
import json
import multiprocessing
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from bench_poll import address
from bench_topics import DICE, SHARE, VOCABULARY, made_queries

from extract.entries import decide_waiting
from extract.errors import NewsduckError
from extract.group import shingles
from extract.keys import key
from extract.read.given import given_article
from extract.read.page import read_page
from extract.records import Copy, Entry, Outcome
from extract.sandbox import Sandbox
from extract.tag import queries
from extract.tag import topics as tagging
from extract.tracked import Document, Topic
from flows import feed_list
from flows.commands import feeds as feeds_command
from flows.commands import topics as topics_command
from flows.line import look, retag
from flows.line.fetch import in_turns
from flows.line.group import group, settle
from flows.line.load import load, publish_warehouse
from flows.line.tag import by_topic, number_topics, tag
from flows.line.work import alone
from flows.settings import Fetch, configured_topics
from flows.settings import load as load_settings
from storage.look import day
from storage.write.batch import Batch, Run
from tests.line import at_work, settings_for

SIZES = {"feeds": 20_000, "waiting": 100_000, "topics": 2_000, "article": 20}  # the last in MB
ARTICLES = 1_000  # that the topics look at
NOW = datetime.now(UTC)
told: list[tuple[str, float, float]] = []


@contextmanager
def step(name: str) -> Iterator[None]:
    """Inside, the processor's time and the peak of the memory are taken."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew
    before = _seconds()
    yield
    told.append((name, _seconds() - before, _peak()))


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak() -> float:
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def _silent(call: Callable[[], object]) -> None:
    with redirect_stdout(io.StringIO()):
        call()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    path = head.split(b" ", 2)[1]
    name = writer.get_extra_info("sockname")[0].encode() + path
    item = b"<item><title>The council votes</title><link>https://paper.example/%s</link></item>" % name
    body = b'<rss version="2.0"><channel><title>Paper %s</title>%s</channel></rss>' % (name, item)
    tag = b'"%s"' % name
    if tag in head:
        writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\nConnection: close\r\n\r\n" % tag)
    else:
        kind = b"Content-Type: application/rss+xml\r\nConnection: close\r\nETag: %s" % tag
        writer.write(b"HTTP/1.1 200 OK\r\n%s\r\nContent-Length: %d\r\n\r\n%s" % (kind, len(body), body))
    writer.close()


def serve(listening: socket.socket) -> None:
    async def run() -> None:
        server = await asyncio.start_server(_answer, sock=listening, backlog=4096)
        await server.serve_forever()

    asyncio.run(run())


def feeds(size: int, folder: Path, port: int) -> None:
    """A list, every feed of it new, then unchanged; half of them are hosts of their own, half are one host's."""
    urls = [address(n, port) if n % 2 else f"http://one.localhost:{port}/{n}" for n in range(size)]
    outlines = "".join(f'<outline title="Paper {n}" xmlUrl="{url}"/>' for n, url in enumerate(urls))
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    found = settings_for(folder, {}, fetch=Fetch(allow_loopback=True, pause=0.0, timeout=600.0, ports=(port,)))
    with step("feeds.opml read"):
        feed_list.load(found.path(found.feeds))
    for name in ("new", "unchanged"):
        with Sandbox(2) as sandbox, at_work("poll", found, sandbox) as (work, listed):
            with step(f"due, {name}"):
                due = look.due(look.on_list(listed, work.warehouse.feeds()), datetime.now(UTC))
            with step(f"looked at, {name}"):
                looked = look.poll(due, work)
                sandbox.close()
            with step(f"planned, {name}"):
                planned = look.plan(looked, work, waiting=False)
                outcomes = decide_waiting(planned.plan, planned.known)
            with step(f"committed, {name}"):
                row = load(
                    work, datetime.now(UTC), outcomes=outcomes, seen=planned.seen, looked=planned.looked, listed=listed
                )
            with step(f"published, {name}"):
                publish_warehouse(work)
            assert (row["feeds"], row["feeds_failed"]) == (size, 0), row
    with step("feeds list"):
        _silent(lambda: feeds_command.list_feeds(found, "table"))
    with step("feeds pause, of a tenth"):
        _silent(lambda: feeds_command.pause(urls[: size // 10], found, paused=True))
    with step("feeds remove, of a tenth"):
        _silent(lambda: feeds_command.remove(urls[: size // 10], found))
    folders = "".join(
        f'<outline text="Folder {n % (size // 10)}"><outline xmlUrl="https://more{n}.example/"/></outline>'
        for n in range(size)
    )
    (folder / "more.opml").write_text(f'<opml version="2.0"><body>{folders}</body></opml>')
    with step("feeds import, into a tenth as many folders"):
        _silent(lambda: feeds_command.import_file(folder / "more.opml", found))
    with step("feeds export"):
        _silent(lambda: feeds_command.export(folder / "out.opml", found))


def waiting(size: int, folder: Path) -> None:
    """Entries that wait: kept, taken up by an ingest, settled and written again without their pages; then with articles."""
    found = settings_for(folder, {"ferries": "ferr* AND strike"})
    entries = [
        Entry(
            key(str(n)),
            n % 1_000,
            f"https://paper{n % 1_000}.example/{n}",
            f"{n}",
            f"The council votes on {n}",
            "It did. " * 20,
        )
        for n in range(size)
    ]
    with Sandbox(2) as sandbox, alone("ingest", found, sandbox) as work:
        with step("kept"):
            work.warehouse.commit(
                Batch(
                    Run(1, "poll-1", "poll", NOW), NOW, outcomes=[Outcome(e, "deferred", "it waits") for e in entries]
                )
            )
        with step("planned"):
            planned = look.plan([], work)
        assert len(planned.plan.fetch) == size
        with step("in turns"):
            wanted = in_turns(planned.plan.fetch)
        with step("settled"):
            outcomes, _ = settle([Outcome(e, "deferred", "a busy host", tried=True) for e in wanted], work)
        with step("written, without articles"):
            load(work, datetime.now(UTC), outcomes=outcomes, seen=planned.seen)
        with step("published"):
            publish_warehouse(work)
        some, texts = wanted[: size // 10], prose(size // 10, 400)
        with step("a tenth of them as articles"):
            read = [
                given_article(url=e.url, title=e.title, text=text, published_at=NOW, fetched_at=NOW)
                for e, text in zip(some, texts, strict=True)
            ]
            done = [
                Outcome(e, "stored", article=a, article_id=a.article_id, tried=True)
                for e, a in zip(some, read, strict=True)
            ]
        with step("settled"):
            done, stored = settle(done, work)
        with step("grouped"):
            copies = group(done, stored, planned.seen, work, NOW)
        numbered = number_topics(work)
        with step("tagged"):
            matches = tag(done, copies, numbered, work)
        work.run = replace(work.run, run_id=3)
        with step("written, with articles"):
            load(
                work,
                datetime.now(UTC),
                outcomes=done,
                copies=copies,
                topics=numbered,
                matches=matches,
                seen=planned.seen,
            )


def prose(articles: int, words: int) -> list[str]:
    """Texts of words that are as common as words are."""
    return [" ".join(VOCABULARY[DICE.choice(len(VOCABULARY), words, p=SHARE)]) for _ in range(articles)]


def topics(size: int, folder: Path) -> None:
    """Topics on 1,000 articles: read from the settings, tagged with, written, applied to the past, listed."""
    texts = prose(ARTICLES, 400)
    asked = list(made_queries(size))
    (folder / "newsduck.toml").write_text(
        f'data = "{folder / "data"}"\n'
        + "".join(f"[topics.t{n}]\nquery = '{query}'\n" for n, query in enumerate(asked))
    )
    os.environ["NEWSDUCK_CONFIG"] = str(folder / "newsduck.toml")
    with step("settings read"):
        found = load_settings()
    with step("queries parsed"):
        parsed = [queries.parse(topic) for topic in configured_topics(found)]
    documents = [Document(n, NOW, f"Headline {n}", (text,), "en", site="o.example") for n, text in enumerate(texts)]
    with step(f"{ARTICLES:,} articles tagged"):
        matches = tagging.tag(documents, parsed)
    print(f"{len(matches):,} matches of {size:,} topics", file=sys.stderr)
    outcomes, copies = [], []
    for n, text in enumerate(texts):
        one = given_article(
            url=f"https://o.example/{n}", title=f"Headline {n}", text=text, published_at=NOW, fetched_at=NOW
        )
        outcomes.append(Outcome(Entry(n, 0, one.url), "stored", article=one, article_id=one.article_id))
        copies.append(Copy(one.article_id, one.article_id, one.article_id, "original", 1.0, 1.0))
    with alone("retag", found) as work:
        work.warehouse.commit(Batch(Run(1, "load-1", "load", NOW), NOW, outcomes=outcomes, copies=copies))
        with step("topics written"):
            numbered = retag.set_topics(work)
        with step("topics numbered"):
            numbered = number_topics(work)
        with step("topics numbered, every one changed"):
            changed = {name: type(one)(query=f"{one.query} OR other") for name, one in found.topics.items()}
            number_topics(replace(work, settings=msgspec.structs.replace(found, topics=changed)))
        with step("the past tagged again"):
            retag.apply(numbered, work, every=True)
        with step("told by topic"):
            by_topic(outcomes, copies, numbered, tag(outcomes, copies, numbered, work))
        with step("jumps noticed"):
            work.warehouse.notice_jumps(NOW.date(), NOW, 1)
        with step("published"):
            publish_warehouse(work)
    with step("topics list"):
        _silent(lambda: topics_command.list_topics(found, "table", sys.stdout))
    with step("topics show"):
        _silent(lambda: topics_command.show("t1", found))
    with step("the day"):
        day.of(work.warehouse.published, NOW.date())
    os.chdir(folder)
    with step("topics add"):
        topics_command.add(Topic("another", "one"))


def article(size: int) -> None:
    """A page of so many MB beside two small ones, as a reader has it without a limit on pages; then what its text costs after that."""
    [text] = prose(1, size * 10**6 // 9)
    [short] = prose(1, 400)
    lines = [text[n : n + 600] for n in range(0, len(text), 600)]
    pages = {
        "paragraphs": "".join(f"<p>{line}</p>" for line in lines),
        "one paragraph": f"<p>{text}</p>",
        "a script beside a short article": f"<script>var x = '{text}'</script><p>{short}</p>",
        "an image inside": f"<p>{short}</p><img src='data:image/png;base64,{'A' * size * 10**6}'>",
    }
    small = (
        f"<html><head><title>T</title></head><body><article><h1>T</h1><p>{short}</p></article></body></html>".encode()
    )
    for name, inside in pages.items():
        body = f"<html><head><title>A long one</title></head><body><article><h1>A long one</h1>{inside}</article></body></html>".encode()
        with Sandbox(2) as sandbox, step(f"page of {name}"):
            big, *others = sandbox.map(
                read_page, [(page, "https://o.example/1", "text/html") for page in (body, small, small)]
            )
            sandbox.close()
        print(f"{name}: {big if isinstance(big, NewsduckError) else f'{big.words:,} words'}", file=sys.stderr)
        assert all(not isinstance(other, NewsduckError) and other.words == 400 for other in others), others
    with step("made of its text"):
        made = given_article(url="https://o.example/1", title="A long one", text="\n\n".join(lines), fetched_at=NOW)
    with step("its shingles"):
        shingles.sketch(made.text)
    with step("tagged"):
        asked = [queries.parse(Topic(f"t{n}", query)) for n, query in enumerate(made_queries(20))]
        tagging.tag([Document(1, NOW, made.title, (made.text,), "en")], asked)


def measured(part: str, size: int, port: int) -> list[tuple[str, float, float]]:
    """The steps of a part, in a process of its own: name, seconds of processor time, MiB at the peak."""
    done = subprocess.run(
        [sys.executable, __file__, part, str(size), str(port)], stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{part} with {size} failed")
    return [(name, seconds, peak) for name, seconds, peak in json.loads(done.stdout.splitlines()[-1])]


def main() -> None:
    listening = socket.create_server(("", 0), backlog=4096)  # all of 127/8
    port = int(listening.getsockname()[1])
    server = multiprocessing.get_context("fork").Process(target=serve, args=(listening,), daemon=True)
    server.start()
    for part in sys.argv[1:] or SIZES:
        size = SIZES[part]
        print(f"{part:44s}{size // 10:>10,}{size:>18,}")
        for (name, less, low), (_, more, high) in zip(
            measured(part, size // 10, port), measured(part, size, port), strict=True
        ):
            times = f"{more / less:5.1f} times" if less >= 0.02 else ""
            print(f"  {name:42s}{less:8.2f} s {low:5.0f} MiB{more:9.2f} s {high:5.0f} MiB  {times}", flush=True)
    server.kill()


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[2].isdigit():
        with tempfile.TemporaryDirectory() as home:
            size, port, folder = int(sys.argv[2]), int(sys.argv[3]), Path(home)
            {
                "feeds": lambda: feeds(size, folder, port),
                "waiting": lambda: waiting(size, folder),
                "topics": lambda: topics(size, folder),
                "article": lambda: article(size),
            }[sys.argv[1]]()
        print(json.dumps(told), flush=True)
    else:
        main()
