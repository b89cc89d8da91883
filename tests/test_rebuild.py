"""The warehouse comes back from its archive, row by row: articles and copies, clocks, outcomes, robots, refusals and decisions."""

import json
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from extract.errors import BadInput, Broken
from extract.sandbox import Sandbox
from flows.commands import _replayed
from flows.commands import event as events
from flows.commands import rebuild as command
from flows.commands.feeds import accept
from flows.commands.load import load_file
from flows.commands.reread import reread
from flows.commands.retag import retag
from flows.ingest import line as steps
from flows.line import journal
from flows.line.anew import regroup
from flows.line.anew.rebuild import Rebuilt, _by, _Going, rebuild
from flows.line.anew.replay import Recorded
from flows.line.back import addresses
from flows.line.back.bring import bring
from flows.settings import Settings
from storage import archive, compare, duck, publish
from storage.archive import ArchiveWriter
from storage.erase.rows import Asked
from storage.retention import Limits
from storage.warehouse import Warehouse
from tests.archives import packed, page, response
from tests.houses import Houses
from tests.line import Line, at_work, backfill, ingest, poll, settings_for

T = TypeVar("T")
ALL = pytest.mark.xdist_group("rebuild")  # one process, for the house takes long to make
GIVEN = [
    {"url": f"https://elsewhere.example/{n}", "title": f"Harbour report {n}", "text": "Ferries stay in port. " * 40}
    for n in range(3)
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, houses: Houses, sandbox: Sandbox) -> tuple[Line, Settings]:
    """A data folder in which all has happened that runs and people do: two days, polls, a backfill, a loaded file, a list of
    addresses, a run that died, a feed that was accepted, topics that changed, events put together by hand."""
    folder = tmp_path_factory.mktemp("rebuild")
    line = houses.line(folder, 1)
    newsroom = line.newsroom
    first = settings_for(folder, newsroom.topics())
    another_second()
    poll(first, sandbox)  # feeds that are unchanged, one that fails, a host that is dead
    (folder / "given.jsonl").write_text("\n".join(map(json.dumps, GIVEN)))
    another_second()
    load_file(folder / "given.jsonl", first, sandbox)
    newsroom.day = 2
    another_second()
    _die(first, sandbox)
    changed = {**newsroom.topics(), "ports": "harbour OR port"}
    second = settings_for(folder, changed)
    another_second()
    ingest(second, sandbox)
    third = settings_for(folder, {**changed, "ports": "harbour"})
    another_second()
    ingest(third, sandbox)
    another_second()
    backfill(third, sandbox)
    another_second()
    accept([newsroom.feed_urls()[0]], third)
    another_second()
    addresses.add([addresses.Line(f"{newsroom.fronts()[0]}none.html", "None", "2020-01-01")], third)
    another_second()
    retag(third)
    another_second()
    regroup.regroup(third, None, dry=False)
    another_second()
    reread(third, sandbox, None, dry=False)
    another_second()
    _join(third)
    another_second()
    ingest(third, sandbox)
    return line, third


def another_second() -> None:
    """Wait for it: runs are replayed in the order of their names, which tell the second that each began in."""
    begun = datetime.now(UTC).replace(microsecond=0)
    while datetime.now(UTC).replace(microsecond=0) == begun:
        time.sleep(0.02)


def _die(found: Settings, sandbox: Sandbox, after: str = "fetch-and-read") -> None:
    """A run that ends after a step, with what it has fetched in the archive."""

    def dies(name: str, call: Callable[[], T]) -> T:
        done = call()
        if name.startswith(after):
            raise KeyboardInterrupt
        return done

    with at_work("ingest", found, sandbox) as (work, listed), pytest.raises(KeyboardInterrupt):
        work.bar = dies
        steps(work, listed)


def _join(found: Settings) -> None:
    """Two events put together, as `newsduck event join` does."""
    path = found.data_folder / "warehouse.duckdb"
    one, other = [str(e) for (e,) in duck.ask(path, "SELECT event_id FROM events ORDER BY event_id LIMIT 2")[1]]
    stories, event = events.join(path, one, [other])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "load_settings", lambda: found)
        events.decide(stories, event, "joined")


def _rebuilt(found: Settings, sandbox: Sandbox, **asked: object) -> Rebuilt:
    return rebuild(found, sandbox, _replayed.LINES, **asked)  # type: ignore[arg-type]  # of one name each


@pytest.fixture(scope="module")
def replayed(house: tuple[Line, Settings], sandbox: Sandbox) -> Rebuilt:
    """What comes of all of it, replayed."""
    return _rebuilt(house[1], sandbox)


@ALL
def test_every_table_is_equal_row_by_row(house: tuple[Line, Settings], replayed: Rebuilt) -> None:
    line, done = house[0], replayed
    assert done.told == []
    kinds = {kind for (kind,) in duck.ask(line.warehouse.path, "SELECT kind FROM runs")[1]}
    assert {"ingest", "poll", "backfill", "load", "regroup", "retag", "recovered"} <= kinds
    assert compare.compare(line.warehouse.path, done.warehouse.path) == []


@ALL
def test_what_differs_is_told(house: tuple[Line, Settings], replayed: Rebuilt, tmp_path: Path) -> None:
    line, done = house[0], replayed
    other = tmp_path / "other.duckdb"
    shutil.copy(line.warehouse.published, other)
    with duck.open_file(other) as c:
        c.execute("UPDATE articles SET title = title || '!' WHERE article_id = (SELECT min(article_id) FROM articles)")
        c.execute("DELETE FROM polls WHERE feed_id = (SELECT min(feed_id) FROM polls)")
    told = {one.table: (one.missing, one.more) for one in compare.compare(other, done.warehouse.path)}
    assert told["articles"] == (1, 1)
    assert told["polls"][0] == 0 < told["polls"][1]
    assert compare.writers(other, done.warehouse.path) == {} and not compare.has_forgotten(other)
    with duck.open_file(other) as c:
        c.execute(
            "UPDATE articles SET read_version = 1, story_id = 7 WHERE article_id = (SELECT min(article_id) FROM articles)"
        )
        c.execute("UPDATE event_stories SET event_id = 7 WHERE story_id = (SELECT min(story_id) FROM event_stories)")
    ((before, now),) = compare.writers(other, done.warehouse.path).values()
    assert before.startswith("1, ") and now == before.removeprefix("1, ")
    assert command._reasons(other, done.warehouse.path) == [f"texts were read by reader {before}, and by {now} now"]
    assert compare.moved(other, done.warehouse.path) == (1, 1)


@pytest.fixture
def small(tmp_path: Path, houses: Houses) -> tuple[Line, Settings]:
    """Both days of the press, a sixth of the newsroom's pages: for what goes wrong, and not for what pages there are."""
    line = houses.line(tmp_path, 2, "press")
    return line, line.settings()


def test_the_command_puts_it_in_place_and_says_so(
    small: tuple[Line, Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    line, found = small
    before = line.ask("SELECT article_id, text_hash, fetched_at FROM articles ORDER BY ALL")
    line.warehouse.path.unlink()  # the published one is whole, and what is replayed is held against it
    with duck.open_file(line.warehouse.derived) as c:
        c.execute("CHECKPOINT")
    shutil.copy(line.warehouse.derived, beside := line.folder / "derived.duckdb")
    command.tell(command.run(found, None, None))
    said = capsys.readouterr().out
    assert "2 runs replayed" in said and "every table is as it was, row by row" in said
    assert line.ask("SELECT article_id, text_hash, fetched_at FROM articles ORDER BY ALL") == before
    assert not (line.warehouse.work / "rebuild").exists()
    assert compare.compare(beside, line.warehouse.derived) == [], "what later runs weigh words by is as it was"
    assert line.run()["stored"] == 0, "the next run goes on from it"


@pytest.mark.apart
def test_one_that_is_killed_anywhere_leaves_what_is_in_use_and_the_next_ends_the_same(
    small: tuple[Line, Settings], sandbox: Sandbox
) -> None:
    line, found = small
    before = line.warehouse.path.read_bytes()
    for last in range(2):

        def die(name: str, last: int = last) -> None:
            if archive.files(line.warehouse.archive).index(name) == last:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            _rebuilt(found, sandbox, tick=die)
    assert line.warehouse.path.read_bytes() == before
    done = _rebuilt(found, sandbox)
    assert compare.compare(line.warehouse.path, done.warehouse.path) == []


@pytest.mark.apart
def test_a_run_whose_archive_is_gone_is_not_thrown_away(small: tuple[Line, Settings], tmp_path: Path) -> None:
    line, found = small
    first = archive.files(line.warehouse.archive)[0]
    line.warehouse.archive.path(first).unlink()
    before = line.warehouse.path.read_bytes()
    with pytest.raises(Broken, match=r"1 run of .* cannot be replayed"):
        command.run(found, None, None)
    assert line.warehouse.path.read_bytes() == before
    for since, into in (
        (None, tmp_path / "no" / "x.duckdb"),
        (None, line.warehouse.published),
        (datetime.now(UTC), None),
    ):
        with pytest.raises(BadInput):
            command.run(found, since, into)
    assert not (line.warehouse.work / "rebuild").exists()
    came = command.run(found, None, tmp_path / "into.duckdb")
    assert duck.ask(tmp_path / "into.duckdb", "SELECT count(*) FROM runs")[1] == [(1,)]
    assert came.differences


def test_a_run_without_agencies_of_its_own_goes_by_none_of_today(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    going = _Going(Settings(agencies="todays.toml"), Sandbox(1), {}, Rebuilt(Warehouse(tmp_path)))
    going.went_by["x"] = {"settings": {}, "feeds": [], "agencies": []}
    assert _by(Recorded("2026/11/20/ingest.warc.gz", by="x"), going)[0].agencies == ""
    going.went_by["y"] = {"settings": {}, "feeds": [], "agencies": ["[x]", 'name = "X"']}
    (path,) = _by(Recorded("2026/11/21/ingest.warc.gz", by="y"), going)[0].extra_agencies
    assert path.read_text(encoding="utf-8") == '[x]\nname = "X"'


def test_articles_that_would_go_are_told_before_they_go(small: tuple[Line, Settings]) -> None:
    line, found = small
    with duck.open_file(line.warehouse.path) as c:  # as if a list that brought it were cut whole
        c.execute(
            "INSERT INTO articles BY NAME SELECT * REPLACE (1 AS article_id, url || '?1' AS url) FROM articles LIMIT 1"
        )
    with pytest.raises(Broken, match=r"^1 article of .* would not be there any more .*: nothing was changed"):
        command.run(found, None, None)
    assert line.ask("SELECT count(*) FROM articles WHERE article_id = 1") == [(0,)], (
        "the people's file is the one before"
    )
    with duck.open_file(line.warehouse.path, read_only=True) as c:
        assert c.execute("SELECT count(*) FROM articles WHERE article_id = 1").fetchone() == (1,)
    assert command.run(found, None, None, sure=True).differences


def test_files_from_before_the_journal_give_their_articles(
    tmp_path: Path, houses: Houses, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ArchiveWriter, "note", lambda *_: None)
    monkeypatch.setattr(archive, "_note", lambda writer, *_: writer.create_warcinfo_record("x", {"software": "x"}))
    line = houses.line(tmp_path, 0, "press")
    line.run()
    done = _rebuilt(line.settings(), sandbox)
    assert len(done.told) == 1 and "before runs had journals" in done.told[0]
    publish.publish(done.warehouse.path, done.warehouse.published)
    texts = "SELECT url, title, text_hash FROM articles ORDER BY ALL"
    assert duck.ask(done.warehouse.published, texts)[1] == line.ask(texts)


def test_a_garbled_mark_of_what_was_said_has_it_said_again(small: tuple[Line, Settings]) -> None:
    line, _ = small
    (line.warehouse.work / journal.KEPT).write_bytes(b"\xef\x00 nothing")
    line.run()
    begun = dict(archive.read_notes(line.warehouse.archive, archive.files(line.warehouse.archive)[-1]))["begin"]
    assert "went_by" in begun


def test_what_a_run_that_died_said_is_said_again(small: tuple[Line, Settings], sandbox: Sandbox) -> None:
    line, _ = small
    changed = settings_for(line.folder, {"ports": "harbour"})
    _die(changed, sandbox, "poll")
    ingest(changed, sandbox)
    for name in archive.files(line.warehouse.archive)[-2:]:
        assert "went_by" in dict(archive.read_notes(line.warehouse.archive, name))["begin"], name


def test_runs_that_died_are_replayed_as_far_as_they_came(
    tmp_path: Path, houses: Houses, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = houses.line(tmp_path, 0, "press")
    (tmp_path / "feeds.opml").write_text(line.newsroom.opml())
    _die(line.settings(), sandbox, "load")  # it is committed, and its stories are of no event
    line.newsroom.day = 2
    another_second()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Warehouse, "commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        line.run()  # its journal is whole, and nothing is committed
    another_second()
    _die(line.settings(), sandbox, "poll")  # it has finished that one
    another_second()
    line.run()
    done = _rebuilt(line.settings(), sandbox)
    assert compare.compare(line.warehouse.path, done.warehouse.path) == []


def test_the_journal_is_a_small_part_of_the_archive(small: tuple[Line, Settings]) -> None:
    line, _ = small
    for name in archive.files(line.warehouse.archive):
        notes = archive.read_notes(line.warehouse.archive, name)
        assert notes[0][0] == "begin" and [what for what, _ in notes[-4:]] == ["end", "done", "done", "done"]
        assert "server_auth" not in json.dumps(notes) and "alerts" not in json.dumps(notes)


@pytest.mark.apart
def test_what_was_forgotten_does_not_come_back(small: tuple[Line, Settings], sandbox: Sandbox, tmp_path: Path) -> None:
    line, found = small
    given = [
        {"url": "https://elsewhere.example/secret", "title": "Xq7 Zw9", "text": "Kj4vTq8 walks alone. " * 40},
        *GIVEN,
    ]
    (tmp_path / "given.jsonl").write_text("\n".join(map(json.dumps, given)))
    load_file(tmp_path / "given.jsonl", found, sandbox)
    ((url, title),) = line.ask(
        "SELECT a.url, a.title FROM articles a JOIN stories s USING (story_id) WHERE s.articles = 1 QUALIFY count(*) OVER (PARTITION BY a.title) = 1 ORDER BY url LIMIT 1"
    )
    line.forget(Asked(urls=(str(url), given[0]["url"])))
    done = _rebuilt(found, sandbox)
    assert done.told == []
    assert compare.missing_runs(line.warehouse.path, done.warehouse.path) == []
    for table in ("articles", "tombstones", "erasures"):
        count = f"SELECT count(*) FROM {table}"
        assert duck.ask(done.warehouse.path, count)[1] == duck.ask(line.warehouse.path, count)[1], table
    publish.publish(done.warehouse.path, done.warehouse.published)
    with duck.open_file(done.warehouse.published, read_only=True) as c:
        assert c.execute("FROM articles WHERE url = ? OR title = ?", [url, title]).fetchall() == []
    for name in archive.files(line.warehouse.archive):
        notes = json.dumps(archive.read_notes(line.warehouse.archive, name))
        assert "Kj4vTq8" not in notes and "Xq7 Zw9" not in notes and str(url) not in notes.replace(_tombs(notes), "")
    assert any("documents were forgotten" in reason for reason in command.run(found, None, None, sure=True).reasons)
    assert line.run()["stored"] == 0


def _tombs(notes: str) -> str:
    """What a note of an erasure says, which names addresses."""
    return "".join(json.dumps(said) for what, said in json.loads(notes) if what == "forgotten")


@pytest.mark.apart
def test_pages_out_of_a_web_archive_come_back_too(
    small: tuple[Line, Settings], sandbox: Sandbox, tmp_path: Path
) -> None:
    line, found = small
    crawl = tmp_path / "crawl.warc.gz"
    crawl.write_bytes(packed([response(f"https://herald.example/{n}", page(n)) for n in range(4)]))
    assert bring(str(crawl), found, sandbox, [], ["herald.example"]).kept == 4
    line.run()
    done = _rebuilt(found, sandbox)
    assert done.told == []
    assert duck.ask(done.warehouse.path, "SELECT count(*) FROM articles WHERE seen_by = 'archive'")[1] == [(4,)]
    assert compare.compare(line.warehouse.path, done.warehouse.path) == []


@pytest.mark.apart
def test_runs_whose_files_an_age_has_deleted_stand_in_no_way(small: tuple[Line, Settings]) -> None:
    line, found = small
    now = datetime.now(UTC)
    gone = line.forget(Limits(now + timedelta(days=2)))
    assert gone.whole
    came = command.run(found, None, None)
    assert "polls" in {one.table for one in came.differences} and "runs" not in {one.table for one in came.differences}
    assert line.ask("SELECT count(*) FROM articles") == [(0,)]
    assert line.run()["stored"] == 0, "its tombstones are there"


def test_of_a_damaged_file_what_is_whole_is_replayed(small: tuple[Line, Settings], tmp_path: Path) -> None:
    line, found = small
    first, _ = archive.files(line.warehouse.archive)
    url, place = line.ask(f"SELECT url, warc_offset FROM articles WHERE warc_file = '{first}' ORDER BY ALL")[0]
    _damage(line.warehouse.archive.path(first), place)  # a page of which the second day brought no newer text
    with pytest.raises(Broken, match=f"{first}.* cannot be replayed whole"):
        command.run(found, None, None)
    came = command.run(found, None, tmp_path / "new.duckdb")
    assert came.rebuilt.runs == 2
    assert first in came.rebuilt.told[0] and "are whole and were replayed" in came.rebuilt.told[0]
    there = "SELECT url, title, text, warc_offset FROM articles"
    before, after = (set(duck.ask(path, there)[1]) for path in (line.warehouse.published, came.placed))
    lost = before - after
    assert [row[0] for row in lost] == [url] and after < before
    waits = duck.ask(came.placed, "SELECT outcome FROM entries WHERE url = ?", [url])[1]
    assert ("deferred",) in waits, "the next run asks for it again"


@pytest.mark.parametrize("place", [0, -1], ids=["beginning", "end"])
def test_a_damaged_file_without_its_beginning_or_end_is_passed_over(
    small: tuple[Line, Settings], sandbox: Sandbox, place: int
) -> None:
    line, found = small
    first, second = archive.files(line.warehouse.archive)
    path = line.warehouse.archive.path(first)
    _damage(path, place % path.stat().st_size - 3000 * (place < 0), 3000)
    done = _rebuilt(found, sandbox)
    assert first in done.told[0] and "passed over" in done.told[0]
    assert done.runs == 1, f"{second} is replayed"
    assert done.damaged == [first]


def _damage(path: Path, place: int, size: int = 600) -> None:
    """Overwrite so many bytes of a file."""
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\xff" * size)
