"""An archive that is not in the data folder: files go there once their run is committed, are read from there, and what is promised of
an archive holds there too. A real S3 server on loopback, and a folder."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extract.errors import Unreachable
from extract.sandbox import Sandbox
from flows import house, settings
from flows.commands import _replayed
from flows.commands.reread import reread
from flows.line import forget
from flows.line.anew.rebuild import rebuild
from flows.line.back import captures
from flows.line.back.bring import bring
from flows.line.idle import next_due
from flows.line.work import alone
from storage import archive, compact, compare, duck
from storage.erase import place as files_of
from storage.erase.rows import Asked
from storage.retention import Limits
from storage.store import folder, names, send
from storage.store.place import MARK, RECORD, Place
from storage.warehouse import Warehouse
from tests.archives import DAY, packed, response
from tests.archives import page as web_page
from tests.line import Line, ingest, settings_for
from tests.line import fetch as fetch_part
from tests.secrets import SECRETS, Press, is_whole, search
from tests.stores import NOW, Elsewhere, SharedFolder, page

NAME = "2026/11/23/ingest-20261123T120000Z.warc.gz"


KEPT = pytest.mark.promise(
    "An archive on S3 or a share is as one that is here: sent whole, read, forgotten, rebuilt, whoever is away"
)


def left(line: Line) -> list[str]:
    """The archive files that are in the data folder, whatever they are called."""
    folder = line.warehouse.archive.folder
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and p.name != RECORD)


@pytest.fixture
def either(request: pytest.FixtureRequest, trials: Callable[[int, int, int], int]) -> Line:
    """A line over the small press; over the newsroom, which has five times as many pages, in `make faults`."""
    found: Line = request.getfixturevalue("away_line" if trials(0, 1, 1) else "small")
    return found


@KEPT
def test_two_days_go_there_and_are_read_from_there(
    either: Line, elsewhere: Elsewhere, sandbox: Sandbox, tmp_path: Path
) -> None:
    line = either
    line.run()
    line.newsroom.day = 2
    line.run()
    assert left(line) == [], "nothing is here any more"
    there = elsewhere.dump(tmp_path / "dump")
    assert MARK in there and [n for n in there if n != MARK] == archive.files(line.warehouse.archive)
    is_whole(line)
    done = reread(line.settings(), sandbox, None, dry=False)
    assert not done.lost and done.outcomes
    assert left(line) == []
    if isinstance(elsewhere, SharedFolder):  # once is enough of what takes a while
        return
    again = rebuild(line.settings(), sandbox, _replayed.LINES)
    assert again.told == []
    assert compare.compare(line.warehouse.path, again.warehouse.path) == []
    assert left(line) == [], "what a rebuild brought is gone again"


@KEPT
def test_a_store_that_is_away_costs_nothing(
    away_line: Line, elsewhere: Elsewhere, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the end of a run, at the begin of one, and while one is healed."""
    line = away_line
    line.run()
    articles = line.ask("SELECT count(*) FROM articles")
    line.newsroom.day = 2
    with elsewhere.away():
        line.run()
        assert "1 archive file stays in" in (said := capsys.readouterr().out) and said.count("\n") == 1, said
        assert line.ask("SELECT count(*) FROM articles") > articles
        assert len(left(line)) == 1
        (name,) = left(line)
        assert next(archive.read_file(line.warehouse.archive, name)), "what is here is read here"
        with pytest.raises(Unreachable):
            archive.files(line.warehouse.archive)
        first = line.ask(f"SELECT warc_file, warc_offset FROM articles WHERE warc_file <> '{name}' LIMIT 1")[0]
        with pytest.raises(Unreachable):
            archive.read_page(line.warehouse.archive, *first)
        with pytest.raises(Unreachable):  # none is booked as lost
            reread(line.settings(), line.sandbox, None, dry=False)
        assert next_due(line.settings(), [], datetime.now(UTC)) is None, "a run is wanted"
    line.run()
    assert left(line) == []
    is_whole(line)


@pytest.mark.apart
@KEPT
def test_a_run_that_died_is_finished_and_sent(
    small: Line, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = small

    def dies(*_: object) -> dict[str, Any]:
        raise KeyboardInterrupt

    with elsewhere.away():
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(Warehouse, "commit", dies)
            line.run()
        assert len(left(line)) == 1, "it is not committed: it stays"
        line.run()
        assert line.ask("SELECT count(*) FROM runs WHERE kind = 'recovered'") == [(1,)]
        assert len(left(line)) == 2
    line.run()
    assert left(line) == []
    is_whole(line)


@pytest.mark.apart
def test_healing_waits_for_it_with_the_working_file_closed(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that died is finished, and pages of before, which are there, are read again for what it taught of their sites."""
    line.archive = SharedFolder(tmp_path / "share").address
    line.run()
    line.newsroom.day = 2

    def dies(*_: object) -> dict[str, Any]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Warehouse, "commit", dies)
        line.run()
    said, read = [], folder.Shared.read
    other = f"import duckdb; duckdb.connect({str(line.warehouse.path)!r}, read_only=True)"

    def noted(store: folder.Shared, name: str, start: int, size: int) -> bytes:
        said.append(subprocess.run([sys.executable, "-c", other], capture_output=True, text=True).returncode)
        return read(store, name, start, size)

    monkeypatch.setattr(folder.Shared, "read", noted)
    line.run()
    assert said and set(said) == {0}


@pytest.mark.apart
@KEPT
def test_an_older_working_file_takes_what_is_there(small: Line, tmp_path: Path, sandbox: Sandbox) -> None:
    """As after a restore: the run that it does not know is in the store, and loaded from there."""
    line = small
    line.run()
    shutil.copy(line.warehouse.path, tmp_path / "older.duckdb")
    line.newsroom.day = 2
    line.run()
    whole = line.ask("SELECT url, text FROM articles ORDER BY ALL")
    shutil.copy(tmp_path / "older.duckdb", line.warehouse.path)
    line.warehouse.published.unlink()
    line.run()
    assert line.ask("SELECT count(*) FROM runs WHERE kind = 'recovered'") == [(1,)]
    assert line.ask("SELECT url, text FROM articles ORDER BY ALL") == whole
    assert left(line) == []
    new = Line(tmp_path / "new", line.newsroom, sandbox, line.archive)
    new.folder.mkdir()
    new.run()
    assert new.ask("SELECT count(*) FROM articles") == line.ask("SELECT count(*) FROM articles"), "nor without any"


@pytest.fixture
def press(small: Line) -> Line:
    """Two days of the press, with an article that is to be forgotten."""
    for day in (1, 2):
        small.newsroom.day = day
        small.run()
    return small


def everywhere(line: Line, elsewhere: Elsewhere, to: Path) -> dict[str, set[str]]:
    """Where the secrets are: in the data folder, and in any version of any file of the store."""
    elsewhere.dump(to)
    found = {**search(line.warehouse.data), **search(to)}
    shutil.rmtree(to)
    return found


@KEPT
def test_what_is_forgotten_is_in_no_object_and_no_version(press: Line, elsewhere: Elsewhere, tmp_path: Path) -> None:
    made = press.newsroom
    assert isinstance(made, Press)
    assert set(everywhere(press, elsewhere, tmp_path / "dump")) == set(SECRETS), "the search sees every word"
    press.forget(Asked(urls=(made.secret,)))
    assert everywhere(press, elsewhere, tmp_path / "dump") == {}
    assert left(press) == []
    is_whole(press)
    done = rebuild(press.settings(), press.sandbox, _replayed.LINES)
    assert search(done.warehouse.work) == {}
    assert duck.ask(press.warehouse.path, "SELECT count(*) FROM erasures WHERE done_at IS NULL")[1] == [(0,)]


@pytest.mark.apart
@KEPT
def test_an_erasure_that_a_store_is_away_for_is_finished_later(
    press: Line, elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes away when the rows are gone: what is left is told, places are right meanwhile, and the next run finishes it."""
    made = press.newsroom
    assert isinstance(made, Press)
    told: list[str] = []
    sending = files_of.send_on
    settling: list[Any] = []

    def stopped(*words: Any) -> None:
        with elsewhere.away():
            sending(*words)

    with monkeypatch.context() as patched, alone("forget", press.settings(), press.sandbox) as work:
        patched.setattr(files_of, "send_on", stopped)
        forget.delete(work, Asked(urls=(made.secret,)), datetime.now(UTC), told.append)
    assert "what is forgotten is not yet out of" in told[0] and "the next run goes on" in told[0]
    assert search(press.warehouse.data) == {}
    assert everywhere(press, elsewhere, tmp_path / "dump")
    is_whole(press)
    with elsewhere.away():
        monkeypatch.setattr(compact, "compact", settling.append)
        press.run()  # which goes on without it
        assert settling == [], "what is done here is done once"
    monkeypatch.undo()
    press.run()
    assert {place.split("/")[0] for places in search(press.warehouse.data).values() for place in places} <= {"archive"}
    with alone("upkeep", press.settings(), press.sandbox) as work:  # its feeds have listed it again meanwhile
        forget.delete(work, None, datetime.now(UTC))
    assert everywhere(press, elsewhere, tmp_path / "dump") == {}
    is_whole(press)
    assert left(press) == []


@pytest.mark.apart
@KEPT
@pytest.mark.parametrize(
    ("elsewhere", "at"), [("s3", "put"), ("s3", "drop_older"), ("folder", "put")], indirect=["elsewhere"]
)
def test_an_erasure_killed_on_its_way_there_is_finished(
    press: Line, elsewhere: Elsewhere, tmp_path: Path, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = press.newsroom
    assert isinstance(made, Press)
    store = press.warehouse.archive.store
    assert store is not None
    whole: Callable[..., Any] = getattr(type(store), at)
    calls: list[str] = []

    def dies(self: object, *words: Any) -> Any:
        found = whole(self, *words)
        calls.append(at)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return found

    with monkeypatch.context() as patched:
        patched.setattr(type(store), at, dies)
        try:
            press.forget(Asked(urls=(made.secret,)))
        except KeyboardInterrupt:
            assert len(calls) == 2
    made.told_since = False  # its feeds do not list it again
    press.run()
    if press.ask(f"SELECT 1 FROM articles WHERE url = '{made.secret}'"):  # killed before the rows went
        press.forget(Asked(urls=(made.secret,)))
    assert everywhere(press, elsewhere, tmp_path / "dump") == {}
    is_whole(press)
    assert left(press) == []


@pytest.mark.apart
def test_what_is_past_its_time_goes_there_too(small: Line, elsewhere: Elsewhere, tmp_path: Path) -> None:
    line = small
    line.run()
    gone = line.forget(Limits(datetime.now(UTC) + timedelta(days=1)))
    assert len(gone.whole) == 1
    there = elsewhere.dump(tmp_path / "dump")
    assert gone.whole[0] not in there and any("/forget-" in name for name in there)
    assert left(line) == []
    assert archive.of_runs(line.warehouse.archive) == [name for name in there if name != MARK]


def test_switching_it_on_sends_what_is_there(small: Line, elsewhere: Elsewhere) -> None:
    line = replace(small, archive="")
    line.run()
    assert len(left(line)) == 1
    line.archive = elsewhere.address
    line.run()
    assert left(line) == [] and len(archive.files(line.warehouse.archive)) == 2
    is_whole(line)


@pytest.mark.apart
@KEPT
def test_what_comes_out_of_web_archives_goes_there_batch_by_batch(
    elsewhere: Elsewhere, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the command finishes first what another left, in a run whose own file stays open meanwhile."""
    monkeypatch.setattr(captures, "PAGES", 2)
    found = settings_for(tmp_path, {}, archive=elsewhere.address)
    news = [response(f"https://herald.example/{n}", web_page(n), at=f"{DAY}T12:00:{n:02d}Z") for n in range(5)]
    (tmp_path / "crawl.warc.gz").write_bytes(packed(news))
    dead = Warehouse(tmp_path / "data").archive
    with archive.ArchiveWriter(dead, "poll-20261101T000000Z", NOW) as writer:
        writer.keep(page(1, b"x"))
    here_then: list[int] = []
    whole = send.send

    def watched(place: Place, wanted: Sequence[str], tick: Callable[[], object]) -> send.Sent:
        here_then.append(len(names.here(place.folder)))
        return whole(place, wanted, tick)

    monkeypatch.setattr(send, "send", watched)
    came = bring(str(tmp_path / "crawl.warc.gz"), found, sandbox, [], ["herald.example"])
    assert came.kept == 5 and here_then == [3, 3, 3, 2], "each batch finds the room of the one before"
    line = house.warehouse(found)
    assert names.here(line.archive.folder) == [] and line.unfinished(archive.of_runs(line.archive)) == []
    places = duck.ask(line.path, "SELECT warc_file, warc_offset, url FROM articles WHERE seen_by = 'archive'")[1]
    assert len(places) == 5
    for name, offset, url in places:
        assert archive.read_page(line.archive, str(name), int(str(offset))).url == url


@pytest.mark.apart
@KEPT
def test_parts_that_fetch_go_by_what_stays(
    elsewhere: Elsewhere, sandbox: Sandbox, tmp_path: Path, press_room: Press
) -> None:
    """What parts bring is sent once it is loaded, but for the last file of each, by which it knows what it has asked for."""
    fetch = settings.Fetch(allow_loopback=True, pause=0.0, timeout=60.0, retry_minutes=600.0, again_hours=0.0, parts=2)
    poll = settings.Poll(every_minutes=60.0, shortest_minutes=60.0, longest_minutes=1440.0)
    (tmp_path / "feeds.opml").write_text(press_room.opml(), encoding="utf-8")
    found = settings_for(tmp_path, press_room.topics(), fetch=fetch, poll=poll, archive=elsewhere.address)
    ingest(found, sandbox)
    for _ in range(2):
        came = sum(fetch_part(found, part).documents for part in (1, 2))
        assert came
        assert [fetch_part(found, part).documents for part in (1, 2)] == [0, 0], "nothing is asked for twice"
        ingest(found, sandbox)
    with elsewhere.away():
        assert [fetch_part(found, part).documents for part in (1, 2)] == [0, 0]
    line = house.warehouse(found)
    assert {names.part(name) for name in names.here(line.archive.folder)} <= {1, 2}
    assert names.leaving(line.archive.folder) == []
    assert len(names.here(line.archive.folder)) <= 2 < len(archive.files(line.archive))
    places = duck.ask(line.published, "SELECT warc_file, warc_offset, fetched_url FROM articles WHERE warc_file <> ''")[
        1
    ]
    assert len(places) >= 10
    for name, offset, url in places:
        assert archive.read_page(line.archive, str(name), int(str(offset))).url == url
    done = rebuild(found, sandbox, _replayed.LINES)
    assert done.told == [] and compare.compare(line.path, done.warehouse.path) == []
