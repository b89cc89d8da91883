"""Ten times as much costs about ten times as much, and what is huge costs itself alone.

No test here asks how long anything takes: a busy machine takes longer. With --many, the processor's time for eight times as
much is held against that for one, in the same process and the best of three; `benchmarks/bench_load.py` has the figures.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from extract.keys import key
from extract.read.given import given_article
from extract.records import Copy, Entry, Feed, Outcome, Poll
from extract.sandbox import Sandbox
from extract.tag import topics
from extract.tag.queries import parse
from extract.tracked import Document, Topic
from flows import settings
from flows.commands import feeds
from flows.feed_list import FeedList
from flows.line import look, retag
from flows.line.fetch import in_turns
from flows.line.group import settle
from flows.line.load import load
from flows.line.tag import by_topic
from flows.line.work import Work, alone
from storage import duck
from storage.write.batch import Batch, Run
from tests.line import ingest, poll, settings_for
from tests.promises import Tries
from tests.served import Server, served

pytestmark = pytest.mark.promise(
    "Ten times as many feeds, waiting entries or topics cost at most about ten times as much, and a huge article costs itself alone"
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TIMES = 8  # as much
SLACK = 2.5  # times that: a step that is quadratic takes eight times that
Trials = Callable[[int, int, int], int]


def is_in_step(act: Callable[[int], Callable[[], object]], few: int) -> None:
    """Hold the processor's time for eight times as many against that for `few`. `act` makes ready for so many, outside of the
    time, and gives what to do."""
    took = {size: min(_seconds(act(size)) for _ in range(3)) for size in (few, TIMES * few)}
    assert took[TIMES * few] <= TIMES * SLACK * took[few], took


def _seconds(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


@contextmanager
def papers(folder: Path, size: int) -> Iterator[None]:
    """Inside, so many feeds of one entry each are answered on loopback, and the folder holds a feeds.opml that names them."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            link = f"https://paper.example{self.path}"
            body = f'<rss version="2.0"><channel><item><title>One</title><link>{link}</link></item></channel></rss>'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None: ...

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hosts = [f"http://h{n % 50}.localhost:{server.server_port}/{n}" for n in range(size)]
    (folder / "feeds.opml").write_text(_opml(hosts))
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _opml(urls: list[str]) -> str:
    """A list of them; of each ten, five stand in a folder of their own."""
    outlines = [f'<outline title="Paper {n}" xmlUrl="{url}"/>' for n, url in enumerate(urls)]
    tens = [outlines[n : n + 10] for n in range(0, len(outlines), 10)]
    parts = "".join(f"<outline text='{n}'>{''.join(ten[:5])}</outline>{''.join(ten[5:])}" for n, ten in enumerate(tens))
    return f'<opml version="2.0"><body>{parts}</body></opml>'


def test_a_long_list_is_looked_at_whole(
    tmp_path: Path, sandbox: Sandbox, trials: Trials, tries: Tries, capsys: pytest.CaptureFixture[str]
) -> None:
    size = trials(200, 2_000, 20_000)
    with papers(tmp_path, size):
        found = settings_for(tmp_path, {}, fetch=settings.Fetch(allow_loopback=True, pause=0.0, timeout=300.0))
        with tries("every feed new"):
            row = poll(found, sandbox)
            assert (row["feeds"], row["feeds_failed"], row["deferred"]) == (size, 0, size)
        with tries("every feed unchanged"):
            row = poll(found, sandbox)
            assert (row["feeds"], row["feeds_failed"], row["seen"]) == (size, 0, 0)
    with tries("the list of them"):
        feeds.list_feeds(found, "table")
        lines = capsys.readouterr().out.splitlines()
        assert lines[-1] == f"{size:,} rows"
        assert sum(" active " in line for line in lines) == size


def test_a_long_list_is_changed_in_one_walk(tmp_path: Path, trials: Trials, tries: Tries) -> None:
    def act(size: int) -> Callable[[], object]:
        folder = tmp_path / str(size)
        folder.mkdir(exist_ok=True)
        urls = [f"https://h{n}.example/feed" for n in range(size)]
        (folder / "feeds.opml").write_text(_opml(urls[: size // 2]))
        (folder / "more.opml").write_text(_opml(urls))
        (folder / "few.opml").unlink(missing_ok=True)
        found = settings_for(folder, {})

        def change() -> None:
            feeds.import_file(folder / "more.opml", found)
            feeds.pause(urls[::4], found, paused=True)
            feeds.remove(urls[::3], found)
            feeds.export(folder / "out.opml", found)

        return change

    with tries("they are changed"):
        act(600)()
        left = FeedList(tmp_path / "600" / "feeds.opml").feeds()
        assert {feed.url for feed in left} == {f"https://h{n}.example/feed" for n in range(600) if n % 3}
        assert {f.url for f in left if f.status == "paused"} == {
            f"https://h{n}.example/feed" for n in range(0, 600, 4) if n % 3
        }
        assert FeedList(tmp_path / "600" / "out.opml").feeds() == left
    for _ in range(trials(0, 1, 3)):
        with tries("eight times as many"):
            is_in_step(act, 1_000)


def entries(size: int) -> list[Entry]:
    return [
        Entry(key(str(n)), n % 100, f"https://paper{n % 100}.example/{n}", title=f"Story {n}", content="<p>So." * 100)
        for n in range(size)
    ]


@contextmanager
def with_waiting(folder: Path, size: int) -> Iterator[Work]:
    """The work of a run that finds so many entries waiting."""
    with alone("ingest", settings_for(folder, {})) as work:
        outcomes = [Outcome(entry, "deferred", "it waits") for entry in entries(size)]
        work.warehouse.commit(Batch(Run(1, "poll-1", "poll", NOW), NOW, outcomes=outcomes))
        yield work


def take_up(work: Work) -> None:
    """Plan to fetch all that waits, get none of it, and write that."""
    planned = look.plan([], work)
    wanted = in_turns(planned.plan.fetch)
    outcomes = [Outcome(entry, "deferred", "no answer", tried=True) for entry in wanted]
    outcomes, _ = settle([*planned.plan.settled, *outcomes], work)
    load(work, NOW, outcomes=outcomes, seen=planned.seen)


def test_what_waits_is_taken_up_and_kept(tmp_path: Path, trials: Trials, tries: Tries) -> None:
    size = trials(2_000, 20_000, 100_000)
    with with_waiting(tmp_path / "all", size) as work, tries("all of them tried once"):
        take_up(work)
        told = "SELECT outcome, reason, attempts, first_seen_at = ?, count(*) FROM entries GROUP BY ALL"
        with duck.open_file(work.warehouse.path) as c:
            assert c.execute(told, [NOW]).fetchall() == [("deferred", "no answer", 1, True, size)]
        by_id = {entry.entry_id: entry for entry in entries(size)}
        assert {entry.entry_id: entry for entry in work.warehouse.waiting(NOW)} == by_id
    for number in range(trials(0, 1, 3)):
        took = []
        for many in (2_000, 2_000 * TIMES):
            with with_waiting(tmp_path / f"{number}-{many}", many) as work:
                took.append(min(_seconds(partial(take_up, work)) for _ in range(3)))
        with tries("eight times as many"):
            assert took[1] <= TIMES * SLACK * took[0], took


def test_a_host_takes_its_turn_however_many_wait() -> None:
    turns = in_turns([Entry(n, 0, f"https://{'ab'[n > 9]}.example/{n}") for n in range(1_000)])
    assert [entry.url[8] for entry in turns[:20]] == ["a", "b"] * 10


def test_many_feeds_are_committed_and_read_again(tmp_path: Path, trials: Trials, tries: Tries) -> None:
    def act(size: int) -> Callable[[], object]:
        folder = tmp_path / f"{size}-{time.monotonic_ns()}"
        feeds = [Feed(n, f"https://h{n}.example/", added_at=NOW, next_poll_at=NOW) for n in range(size)]
        polls = [Poll(feed.feed_id, NOW, "unchanged") for feed in feeds]
        listed = frozenset(feed.feed_id for feed in feeds)

        def commit() -> None:
            with alone("poll", settings_for(folder, {})) as work:
                for number in (1, 2):
                    run = Run(number, f"poll-{number}", "poll", NOW)
                    polled = polls if number == 1 else ()
                    work.warehouse.commit(Batch(run, NOW, feeds=feeds, polls=polled, listed=listed))
                due = look.due(look.on_list(feeds, work.warehouse.feeds()), NOW)
                assert due == feeds

        return commit

    with tries("they are as they were"):
        act(500)()
    for _ in range(trials(0, 1, 3)):
        with tries("eight times as many"):
            is_in_step(act, 2_000)


def topics_of(size: int) -> dict[str, str]:
    return {f"t{n}": f"word{n} AND NOT other" for n in range(size)}


def test_many_topics_are_written_applied_and_listed(
    tmp_path: Path, trials: Trials, tries: Tries, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = [
        given_article(url=f"https://o.example/{n}", title=f"Word{n}", text=f"The {n}th.", fetched_at=NOW)
        for n in range(50)
    ]
    kept = Batch(
        Run(1, "load-1", "load", NOW),
        NOW,
        outcomes=[Outcome(Entry(a.article_id, 0, a.url), "stored", article=a, article_id=a.article_id) for a in stored],
        copies=[Copy(a.article_id, a.article_id, a.article_id, "original", 1.0, 1.0) for a in stored],
    )

    def act(size: int) -> Callable[[], object]:
        folder = tmp_path / f"{size}-{time.monotonic_ns()}"

        with alone("load", settings_for(folder, {})) as work:
            work.warehouse.commit(kept)

        def apply() -> None:
            for words in (topics_of(size), {name: f"{query} AND NOT more" for name, query in topics_of(size).items()}):
                with alone("retag", settings_for(folder, words)) as work:
                    numbered = retag.set_topics(work)
                    found = retag.apply(numbered, work)
                    assert found == {f"t{n}": 1 for n in range(min(50, size))}
                    matches = topics.tag([], [parse(topic) for topic in numbered])
                    assert len(by_topic(kept.outcomes, kept.copies, numbered, matches)) == size
            said = "SELECT version, current, whole, count(*) FROM topics GROUP BY ALL ORDER BY version"
            on = "SELECT version, count(*), count(DISTINCT topic) FROM story_topics GROUP BY ALL ORDER BY version"
            with duck.open_file(work.warehouse.path) as c:
                assert c.execute(said).fetchall() == [(1, False, False, size), (2, True, True, size)]
                assert c.execute(on).fetchall() == [(n, min(50, size), min(50, size)) for n in (1, 2)]

        return apply

    with tries("each is on its one article"):
        act(trials(100, 400, 2_000))()
    for _ in range(trials(0, 1, 3)):
        with tries("eight times as many"):
            is_in_step(act, 200)


def page(name: str, words: int) -> bytes:
    """A page of so many words, in paragraphs of sixty that stand nowhere else."""
    said = " ".join(["ferry harbour strike council island crew union line talks fare"] * 6).removeprefix("ferry ")
    body = "".join(f"<p>{name}{n} {said}.</p>" for n in range(words // 60))
    return (
        f"<html><head><title>{name}</title></head><body><article><h1>{name}</h1>{body}</article></body></html>".encode()
    )


@pytest.mark.apart
def test_a_huge_article_costs_itself_alone(tmp_path: Path, tries: Tries) -> None:
    long, longer = page("Long", 480_000), page("Longer", 1_740_000)
    assert len(long) > 3 * 10**6
    assert len(longer) > 10 * 2**20
    shelf = {"/small": page("Small", 600), "/long": long, "/longer": longer, "/other": page("Other", 1_200)}
    with served(shelf, tmp_path), Sandbox(2, seconds=300.0) as patient, tries("three megabytes, and eleven"):
        ingest(settings_for(tmp_path, {"ferries": "harb* AND strike"}), patient)
    told = "SELECT parse_path(url)[-1], outcome, reason, words FROM entries LEFT JOIN articles USING (article_id, url) ORDER BY 1"
    found = {
        name: (outcome, words, reason)
        for name, outcome, reason, words in duck.ask(tmp_path / "data" / "warehouse.duckdb", told)[1]
    }
    assert found["small"][:2] == ("stored", 600)
    assert found["other"][:2] == ("stored", 1_200)
    assert found["long"][:2] == ("stored", 480_000)
    assert found["longer"][0] == "refused"
    assert "MiB" in str(found["longer"][2])


def test_an_article_that_takes_its_reader_too_long_is_set_aside(tmp_path: Path, tries: Tries) -> None:
    shelf = {"/small": page("Small", 600), "/long": page("Long", 1_200_000), "/other": page("Other", 1_200)}
    with served(shelf, tmp_path), Sandbox(2, seconds=1.0) as strict, tries("eight megabytes in one second"):
        row = ingest(settings_for(tmp_path, {}), strict)
        assert (row["stored"], row["quarantined"]) == (2, 1), row


def test_a_query_on_a_huge_text_is_one_match(tries: Tries) -> None:
    with tries("a megabyte"):
        text = "ferry harbour " * 70_000 + "strike"
        document = Document(1, NOW, "A long one", (text,), "en")
        asked = [parse(topic) for topic in long_queries()]
        assert [(match.topic, len(match.snippet) < 1_000) for match in topics.tag([document], asked)] == [
            ("word", True),
            ("wild", True),
            ("near", True),
        ]


def long_queries() -> list[Topic]:
    return [Topic(name, query) for name, query in (("word", "ferry"), ("wild", "harb*"), ("near", '"strike ferry"~5'))]
