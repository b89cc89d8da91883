"""Pages out of web archives: each record is kept or skipped with a reason, read and loaded as any page is, and a file is gone on with
where it was left."""

import io
import os
import random
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from extract.errors import BadInput, ForbiddenAddress, Unreachable
from extract.fetch.remote import Remote
from extract.sandbox import Sandbox
from flows.cli import newsduck
from flows.line.back import captures
from flows.line.back.bring import Period, bring
from flows.line.back.sources import Source
from flows.settings import Fetch
from storage import archive, duck
from storage.store.place import Place
from storage.warehouse import Warehouse
from tests import forked
from tests.archives import DAY, Depot, chunked, http, packed, page, record, response, wacz, zipped
from tests.faults import twin
from tests.line import settings_for

SITE = "https://herald.example"
SITES = ["herald.example"]
NEWS = [response(f"{SITE}/news/{n}", page(n), at=f"{DAY}T12:00:{n:02d}Z") for n in range(5)]


def put(folder: Path, data: bytes, name: str = "crawl.warc.gz") -> str:
    (folder / name).write_bytes(data)
    os.utime(folder / name, (0, 0))
    return str(folder / name)


def ask(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    return duck.ask(folder / "data" / "warehouse.duckdb", sql)[1]


def test_pages_of_an_archive_are_articles_of_its_time(tmp_path: Path, sandbox: Sandbox) -> None:
    found = settings_for(tmp_path, {"town": "town"})
    came = bring(put(tmp_path, packed(NEWS)), found, sandbox, [], SITES)
    assert (came.files, came.records, came.kept, came.outcomes) == (1, 5, 5, Counter(stored=5))
    rows = ask(tmp_path, "SELECT url, title, seen_by, first_seen_at, fetched_at, seen_day FROM articles ORDER BY url")
    at = datetime(2020, 3, 1, 12, 0, 1, tzinfo=UTC)
    assert rows[1] == (f"{SITE}/news/1", "Headline 1 of the town", "archive", at, at, date(2020, 3, 1))
    assert ask(tmp_path, "SELECT count(*) FROM article_topics") == [(5,)]
    assert ask(tmp_path, "SELECT outcome, retry_at, feed_id FROM entries GROUP BY ALL") == [("stored", None, 0)], (
        "no second look"
    )
    assert ask(tmp_path, "SELECT records, kept, skipped, reached, within, finished_at IS NOT NULL FROM imports") == [
        (5, 5, "{}", len(packed(NEWS)), 0, True)
    ]
    (name, offset), *_ = ask(tmp_path, "SELECT warc_file, warc_offset FROM articles ORDER BY url")
    kept = archive.read_page(Place(tmp_path / "data" / "archive"), name, offset)
    assert (kept.body, kept.fetched_at.year, kept.ask.role) == (page(0), 2020, "capture")
    again = bring(str(tmp_path / "crawl.warc.gz"), found, sandbox, [], SITES)
    assert (again.before, again.records) == (1, 0)
    (tmp_path / "more").mkdir()
    second = bring(put(tmp_path / "more", packed(NEWS[:2])), found, sandbox, [], SITES)
    assert (second.kept, second.outcomes) == (2, Counter()), "the same captures are taken already"


def test_every_record_is_kept_or_skipped_with_a_reason(tmp_path: Path, sandbox: Sandbox) -> None:
    found = settings_for(tmp_path, {}, fetch=Fetch(allow_loopback=True, pause=0.0, max_page_mb=0.1))
    bring(put(tmp_path, packed(NEWS[4:]), "before.warc.gz"), found, sandbox, [], SITES)
    good = response(f"{SITE}/news/1", page(1))
    refers = {"WARC_Refers_To_Target_URI": f"{SITE}/news/1", "WARC_Refers_To_Date": f"{DAY}T12:00:00Z"}
    strange = {"WARC_Refers_To_Target_URI": f"{SITE}/elsewhere"}
    many = [
        record("warcinfo", "", b"software: x", Content_Type="application/warc-fields"),
        record("request", f"{SITE}/news/1", b"GET / HTTP/1.1\r\n\r\n"),
        record("metadata", f"{SITE}/news/1", b"x: y", Content_Type="application/warc-fields"),
        good,
        record("response", "dns:herald.example", b"20200301 1.2.3.4", Content_Type="text/dns"),
        response("https://other.example/news/1", page(9)),
        response(f"{SITE}/old", page(9), at="2019-12-31T23:59:59Z"),
        response(f"{SITE}/undated", page(9), at="lately"),
        response(f"{SITE}/cut", page(9), WARC_Truncated="length"),
        response(f"{SITE}/gone", page(9), status="HTTP/1.1 404 Not Found"),
        response(f"{SITE}/moved", b"", "Location: /x", status="HTTP/1.1 301 Moved"),
        record("response", f"{SITE}/odd", b"no answer at all"),
        record("response", f"{SITE}/picture", http(b"\x89PNG", kind="image/png")),
        record("revisit", f"{SITE}/again", http(b""), **refers),
        record("revisit", f"{SITE}/lost", http(b""), **strange),
        response(f"{SITE}/news/1", page(2), at=f"{DAY}T13:00:00Z"),
        NEWS[4].replace(b"12:00:04", b"14:00:04").replace(b"urn:uuid:", b"urn:uuid:a"),
        response(f"{SITE}/large", page(3) + b" " * 200_000),
        response(f"{SITE}/huge", page(3) + b" " * 900_000),
        response(f"{SITE}/packed", zipped(page(3))[:-20], "Content-Encoding: gzip"),
    ]  # fmt: skip
    data = packed(many[:-1]) + packed(NEWS[:1])[:300] + packed(many[-1:])
    period = Period(date(2020, 1, 1), date(2020, 3, 1))
    came = bring(put(tmp_path, data), found, sandbox, [], SITES, period)
    want = {
        "no answer": 3, "no address": 1, "other site": 1, "other day": 1, "no date": 1, "truncated": 1, "status": 3, "no page": 1,
        "revisit": 1, "known": 2, "too large": 2, "undecodable": 1, "damaged": 1,
    }  # fmt: skip
    assert came.skipped == want
    assert (came.kept, came.records) == (2, 2 + sum(want.values()))
    assert (
        ask(
            tmp_path,
            "SELECT records = kept + coalesce(list_sum(map_values(skipped::JSON::MAP(VARCHAR, INTEGER))), 0) FROM imports",
        )
        == [(True,)] * 2
    )
    assert sorted(ask(tmp_path, "SELECT url FROM articles")) == [
        (f"{SITE}/again",),
        (f"{SITE}/news/1",),
        (f"{SITE}/news/4",),
    ]
    assert ask(tmp_path, "SELECT count(DISTINCT text_hash) FROM articles WHERE url NOT LIKE '%/4'") == [(1,)], (
        "as it was"
    )


def test_what_a_page_is_refused_for_is_final(tmp_path: Path, sandbox: Sandbox) -> None:
    """Nothing of an archive waits: its host would be asked for it, years later."""
    wall = b"<html><head><title>Just a moment...</title></head><body><div id='challenge-form'>cf-browser-verification</div></body></html>"
    bring(put(tmp_path, packed([response(f"{SITE}/wall", wall)])), settings_for(tmp_path, {}), sandbox, [], SITES)
    assert ask(tmp_path, "SELECT outcome, retry_at FROM entries") == [("refused", None)]


def test_a_newer_reading_is_never_replaced_by_an_older_capture(tmp_path: Path, sandbox: Sandbox) -> None:
    found = settings_for(tmp_path, {})
    link = b'<link rel="canonical" href="https://herald.example/news/1">'
    bring(put(tmp_path, packed(NEWS[1:2])), found, sandbox, [], SITES)
    form = response(f"{SITE}/news/1?print=yes", page(7, "Something else").replace(b"<head>", b"<head>" + link))
    came = bring(put(tmp_path, packed([form]), "forms.warc.gz"), found, sandbox, [], SITES)
    assert came.outcomes == Counter(duplicate=1)
    assert ask(tmp_path, "SELECT title FROM articles") == [("Headline 1 of the town",)]
    assert ask(tmp_path, "SELECT count(*) FROM versions") == [(0,)]


def test_packages_folders_addresses_and_months(tmp_path: Path, sandbox: Sandbox) -> None:
    found, folder = settings_for(tmp_path, {}), tmp_path / "many"
    folder.mkdir()
    put(folder, wacz(NEWS[:1]), "a.wacz")
    put(folder, NEWS[1], "b.warc")
    put(folder, b"hello", "c.warc.gz")
    told: list[str] = []
    came = bring(str(folder), found, sandbox, [], SITES, tell=told.append)
    assert (came.files, came.kept) == (3, 2) and any("c.warc.gz is no WARC" in line for line in told)
    paths = zipped(b"crawl-data/CC-NEWS/2020/03/1.warc.gz\ncrawl-data/CC-NEWS/2020/03/2.warc.gz\n")
    root = "/crawl-data/CC-NEWS/2020/03"
    files = {
        f"{root}/warc.paths.gz": paths,
        f"{root}/1.warc.gz": packed(NEWS[2:3]),
        f"{root}/2.warc.gz": packed(NEWS[3:4]),
    }
    with Depot({**files, "/d.wacz": wacz(NEWS[4:])}) as depot:
        came = bring("ccnews:2020-03", found, sandbox, [], SITES, crawl=depot.url(""))
        assert (came.files, came.kept) == (2, 2)
        assert bring(depot.url("/d.wacz"), found, sandbox, [], SITES).kept == 1
        depot.shutdown()
    assert ask(tmp_path, "SELECT count(*) FROM articles") == [(5,)]
    assert "!archive/data.warc.gz" in "".join(row[0] for row in ask(tmp_path, "SELECT source FROM imports"))


def test_an_answer_that_breaks_off_is_taken_up_where_it_did(tmp_path: Path) -> None:
    manners = settings_for(tmp_path, {}).manners
    data = packed(NEWS) * 50
    with Depot({"/a": data}) as depot:
        depot.moods = [("cut", 3000), ("status", 503), ("cut", 0), ("cut", 90_000)]
        with Remote(depot.url("/a"), manners) as remote:
            assert (remote.size, remote.ranges) == (len(data), True)
            assert remote.read() == data
            assert remote.seek(len(data) - 5) and remote.read() == data[-5:]
        assert depot.asked[-1][1] == f"bytes={len(data) - 5}-"
        depot.ranges, depot.moods = False, [("cut", 3000)] * 5  # of which the first may come to nothing
        with Remote(depot.url("/a"), manners) as remote, pytest.raises(Unreachable, match="at byte"):
            remote.read()
        depot.moods = []
        with Remote(depot.url("/a"), manners) as remote:
            assert remote.seek(9000) and remote.read() == data[9000:]
        with pytest.raises(BadInput, match="404"):
            Remote(depot.url("/none"), manners)
        with pytest.raises(ForbiddenAddress):
            Remote(depot.url("/a"), settings_for(tmp_path, {}, fetch=Fetch(pause=0.0)).manners)
        depot.shutdown()


NOISE = b"<!--" + random.Random(1).randbytes(30_000).hex().encode() + b"-->"  # more than is read ahead
LARGE = [response(f"{SITE}/news/{n % 5}", page(n % 5) + NOISE, at=f"{DAY}T12:00:{n % 5:02d}Z") for n in range(10)]


class Breaking(io.BytesIO):
    """A file of a host that gives no more than half of it, once."""

    whole = False

    def read(self, size: int | None = -1, /) -> bytes:
        half = len(self.getbuffer()) // 2
        if self.tell() >= half and not Breaking.whole:
            Breaking.whole = True
            raise Unreachable("its answer breaks off")
        return super().read(200 if size is None else min(200, size))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(packed(LARGE), id="each"),
        pytest.param(zipped(b"".join(LARGE)), id="all", marks=pytest.mark.apart),
        pytest.param(b"".join(LARGE), id="none", marks=pytest.mark.apart),
    ],
)
def test_a_host_that_gives_up_is_gone_on_with_where_it_did(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    source = put(tmp_path, data)
    monkeypatch.setattr(captures, "PAGES", 2)
    monkeypatch.setattr(Breaking, "whole", False)
    monkeypatch.setattr(
        "flows.line.back.bring.opened", lambda name, _: iter([Source(name, len(data), "", Breaking(data))])
    )
    found, said = settings_for(tmp_path, {}), list[str]()
    with pytest.raises(Unreachable):
        bring(source, found, sandbox, [], SITES)
    assert ask(tmp_path, "SELECT records >= 2, finished_at IS NULL FROM imports") == [(True, True)]
    bring(source, found, sandbox, [], SITES, tell=said.append)
    assert "goes on at byte" in said[0]
    assert ask(tmp_path, "SELECT records, kept, skipped, finished_at > started_at FROM imports") == [
        (10, 10, "{}", True)
    ]
    assert ask(tmp_path, "SELECT count(*), count(DISTINCT url) FROM articles") == [(5, 5)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--from none.warc", "none.warc is no file, no folder"),
        ("--from ccnews:2020", "no month of Common Crawl"),
        ("--from crawl.warc.gz --sites com", "'com' is no site"),
        ("--from crawl.warc.gz", "no site is wanted"),
        ("--from crawl.warc.gz --since 2020-02-02 --until 2020-01-01", "is before --since"),
        ("--from crawl.warc.gz tide", "--from stands alone"),
        ("--sites herald.example", "name one with --from"),
        ("--since 2020-01-01", "for --from and --sitemap"),
        ("--sitemap herald.example", "--since 2026-01-01"),
        ("--sitemap herald.example --from crawl.warc.gz", "2 ways back"),
        ("--from http://10.0.0.1/a.warc.gz --sites herald.example", "private and local"),
        ("--from bad.wacz --sites herald.example", "is no WACZ"),
        ("--from . --sites herald.example,tide.example", "1 file"),
    ],
)
def test_the_command_says_what_is_wrong_and_what_came(tmp_path: Path, words: str, said: str) -> None:
    put(tmp_path, packed(NEWS[:1]))
    put(tmp_path, b"PK", "bad.wacz" if "wacz" in words else "other.txt")
    (tmp_path / "newsduck.toml").write_text('data = "data"\n')
    (tmp_path / "feeds.opml").write_text('<opml version="2.0"><body/></opml>')
    done = CliRunner().invoke(newsduck, ["backfill", *words.split()])
    assert said in done.output + str(done.exception)
    assert done.exception is None or isinstance(done.exception, (BadInput, ForbiddenAddress))
    if said == "1 file":
        assert "1 record: 1 page kept\n" in done.output and "1 page read: 1 stored" in done.output


# A backfill in a process of its own, which kills itself with SIGKILL at the given call of the given function.
DYING = """
import os, signal, sys
from pathlib import Path
import flows.line.back.captures, flows.line.finish, storage.archive, storage.publish, storage.warehouse
from extract.sandbox import Sandbox
from flows.line.back.bring import bring
from tests.line import settings_for

folder, module, name, calls, when = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5]
flows.line.back.captures.PAGES = 6
if calls:
    owner = sys.modules[module]
    for part in name.split(".")[:-1]:
        owner = getattr(owner, part)
    whole, count = getattr(owner, name.split(".")[-1]), 0

    def dying(*args, **kwargs):
        global count
        count += 1
        if count == calls and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = whole(*args, **kwargs)
        if count == calls:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name.split(".")[-1], dying)
with Sandbox(1) as sandbox:
    bring(str(folder / "crawl.warc.gz"), settings_for(folder, {"town": "town"}), sandbox, [], ["herald.example"])
"""
POINTS = [
    ("storage.archive", "ArchiveWriter.keep", 9, "after"),
    pytest.param(("storage.warehouse", "Warehouse.commit", 2, "after"), marks=pytest.mark.apart),
]  # and 20 in benchmarks/bench_archives.py


def run(folder: Path, point: tuple[str, str, int, str]) -> int:
    return forked.run(DYING, folder, *point)


def crawl() -> bytes:
    """A dozen pages among others, one of them twice, some in chunks, one damaged, one that is no article."""
    many = [response(f"{SITE}/news/{n}", page(n), at=f"{DAY}T12:00:{n:02d}Z") for n in range(12)]
    others = [response(f"https://other.example/{n}", page(50 + n)) for n in range(12)]
    mixed = [one for pair in zip(many, others, strict=True) for one in pair]
    mixed.insert(9, response(f"{SITE}/news/2", page(30), at=f"{DAY}T19:00:00Z"))
    mixed.insert(11, response(f"{SITE}/short", b"<html><title>Contact</title><body>Call us.</body></html>"))
    mixed.insert(
        13,
        response(f"{SITE}/short", b"<html><title>Contact</title><body>Call us.</body></html>", at=f"{DAY}T20:00:00Z"),
    )
    mixed.append(response(f"{SITE}/chunks", chunked(page(40)), "Transfer-Encoding: chunked"))
    return packed(mixed[:16]) + packed(mixed[3:4])[:200] + packed(mixed[16:])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an undisturbed backfill leaves."""
    folder = tmp_path_factory.mktemp("undisturbed")
    put(folder, crawl())
    assert run(folder, ("", "", 0, "")) == 0
    return folder


@forked.ONE
@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point[1]}-{point[2]}-{point[3]}")
def test_one_that_is_killed_goes_on_and_comes_to_the_same(
    tmp_path: Path, undisturbed: Path, point: tuple[str, str, int, str]
) -> None:
    put(tmp_path, crawl())
    assert run(tmp_path, point) == -9
    assert run(tmp_path, ("", "", 0, "")) == 0
    assert same(tmp_path, undisturbed) == []


def same(ours: Path, twins: Path) -> list[str]:
    """The tables that differ, but for what says when, where and in which run."""
    found, want = (twin.tables(folder / "data") for folder in (ours, twins))
    named = {
        table: Counter(row.replace(str(twins), str(ours)) for row in rows.elements()) for table, rows in want.items()
    }
    lines = [table for table in want if found[table] != named[table]]
    house = Warehouse(ours / "data")
    return lines + house.unfinished(archive.files(house.archive))


@forked.ONE
def test_one_that_died_is_finished_by_any_other_run(tmp_path: Path) -> None:
    put(tmp_path, crawl())
    run(tmp_path, ("storage.warehouse", "Warehouse.commit", 1, "before"))
    (tmp_path / "crawl.warc.gz").rename(tmp_path / "moved.warc.gz")  # its source is out of reach
    put(tmp_path, packed([response("https://other.example/1", page(60))]))
    assert run(tmp_path, ("", "", 0, "")) == 0
    assert ask(tmp_path, "SELECT kind, stored FROM runs ORDER BY finished_at") == [
        ("recovered", 5),
        ("backfill", 0),  # which finished it
        ("backfill", 0),
    ]
    assert ask(tmp_path, "SELECT seen_by, year(first_seen_at) FROM articles GROUP BY ALL") == [("archive", 2020)]
