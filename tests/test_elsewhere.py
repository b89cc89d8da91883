"""An archive that is not in the data folder: files go there once their run is committed, are read from there, and what is promised of
an archive holds there too. A real S3 server on loopback, and a folder."""

import json
import os
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.newsroom import Newsroom
from extract.errors import BadInput, Broken, Unreachable
from extract.records import Ask, Page
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
from storage.salvage import Mended
from storage.store import claim, names, s3, send
from storage.store.folder import held
from storage.store.place import MARK, RECORD, Place
from storage.warehouse import Warehouse
from tests.archives import DAY, packed, response
from tests.archives import page as web_page
from tests.line import Line, ingest, settings_for
from tests.line import fetch as fetch_part
from tests.secrets import SECRETS, Press, is_whole, search
from tests.stores import Elsewhere, S3Bucket, Server, SharedFolder, served
from tests.typed import configure, here

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NAME = "2026/11/23/ingest-20261123T120000Z.warc.gz"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served() as found:
        yield found


KEPT = pytest.mark.promise(
    "An archive on S3 or a share is as one that is here: sent whole, read, forgotten, rebuilt, whoever is away"
)


@pytest.fixture(params=["s3", "folder"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path, trials: Callable[[int, int, int], int]) -> Elsewhere:
    """A store of its own. S3 with versions kept: what holds there holds without. Of the longer tests that of a share stands apart."""
    if request.param == "folder":
        if request.node.get_closest_marker("promise") and not trials(0, 1, 1):
            pytest.skip("in `make faults`")
        return SharedFolder(tmp_path / "share")
    return S3Bucket(request.getfixturevalue("server"), versioned=True)


@pytest.fixture
def bucket(server: Server) -> S3Bucket:
    return S3Bucket(server)


@pytest.fixture
def press_room() -> Iterator[Press]:
    with Press(datetime.now(UTC)) as made:
        yield made


@pytest.fixture
def small(tmp_path: Path, sandbox: Sandbox, elsewhere: Elsewhere, press_room: Press) -> Line:
    """A line over a small press."""
    return Line(tmp_path, press_room, sandbox, elsewhere.address)


@pytest.fixture
def away_line(tmp_path: Path, newsroom: Newsroom, sandbox: Sandbox, elsewhere: Elsewhere) -> Line:
    return Line(tmp_path, newsroom, sandbox, elsewhere.address)


def left(line: Line) -> list[str]:
    """The archive files that are in the data folder, whatever they are called."""
    folder = line.warehouse.archive.folder
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and p.name != RECORD)


def page(number: int, body: bytes) -> Page:
    url = f"https://herald.example/{number}"
    return Page(Ask(url, "page", url, 10**8), url, 200, (("Content-Type", "text/html"),), body, NOW, 0.1)


def written(place: Place, *bodies: bytes) -> list[Page]:
    """Pages in an archive file that has been sent."""
    with archive.ArchiveWriter(place, Path(NAME).name.removesuffix(".warc.gz"), NOW) as writer:
        kept = [writer.keep(page(number, body)) for number, body in enumerate(bodies)]
    assert send.send(place, [NAME]).told == []
    return kept


@KEPT
def test_two_days_go_there_and_are_read_from_there(
    away_line: Line, elsewhere: Elsewhere, sandbox: Sandbox, tmp_path: Path
) -> None:
    line = away_line
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


def test_what_is_past_its_time_goes_there_too(small: Line, elsewhere: Elsewhere, tmp_path: Path) -> None:
    line = small
    line.run()
    gone = line.forget(Limits(datetime.now(UTC) + timedelta(days=1)))
    assert len(gone.whole) == 1
    there = elsewhere.dump(tmp_path / "dump")
    assert gone.whole[0] not in there and any("/forget-" in name for name in there)
    assert left(line) == []
    assert archive.of_runs(line.warehouse.archive) == [name for name in there if name != MARK]


def requests(bucket: S3Bucket, place: Place) -> list[str]:
    """A list to which every request of this process to the store is added."""
    asked: list[str] = []
    store = place.store
    assert isinstance(store, s3.Bucket)
    store._client.meta.events.register("before-send.s3.*", lambda request, **_: asked.append(request.method))
    return asked


def test_a_page_is_had_by_one_request_and_a_long_one_by_a_few(bucket: S3Bucket, tmp_path: Path) -> None:
    noise = random.Random(26).randbytes
    place = Place(tmp_path / "archive", bucket.address)
    kept = written(place, noise(60_000), noise(3_000_000), b"short", noise(100_000), b"last")
    asked = requests(bucket, place)
    for one, most in zip(kept, (1, 5, 1, 1, 1), strict=True):
        asked.clear()
        found = archive.read_page(place, NAME, one.warc_offset)
        assert replace(found, seconds=one.seconds) == replace(one, headers=found.headers)
        assert len(asked) <= most, (one.url, asked)
    asked.clear()
    assert [p.body for p in archive.read_file(place, NAME)] == [p.body for p in kept]
    assert len(asked) <= 7
    size = len(bucket.client.get_object(Bucket=bucket.bucket, Key=f"news/archive/{NAME}")["Body"].read())
    for name, offset in ((NAME, size), (NAME, size + 10**6), (f"{NAME[:-8]}x.warc.gz", 0)):
        with pytest.raises(Broken, match=r"no document at byte .* restore the archive"):
            archive.read_page(place, name, offset)


def test_a_place_travels_to_other_processes(bucket: S3Bucket, tmp_path: Path) -> None:
    place = Place(tmp_path / "archive", bucket.address)
    (kept,) = written(place, b"a page")
    assert place.store is pickle.loads(pickle.dumps(place)).store, "one client a process"
    code = (
        "import pickle, sys; from storage import archive\n"
        "print(archive.read_page(pickle.loads(bytes.fromhex(sys.argv[1])), sys.argv[2], int(sys.argv[3])).body)"
    )
    words = [sys.executable, "-c", code, pickle.dumps(place).hex(), NAME, str(kept.warc_offset)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert done.stdout == "b'a page'\n", done.stderr


def test_a_large_file_goes_in_parts(bucket: S3Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "PART", 5 << 20)
    place = Place(tmp_path / "archive", bucket.address)
    kept = written(place, random.Random(1).randbytes(12 << 20), b"the last")
    assert archive.read_page(place, NAME, kept[1].warc_offset).body == b"the last"
    send.bring(place, NAME, place.path(NAME))
    assert archive.mend(place, NAME) == Mended()
    assert send.send(place, [NAME]).files == 1, "what is there already is not sent again"

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(s3, "_md5", dies)
    send.bring(place, NAME, place.path(NAME))
    store = place.store
    assert store is not None
    with pytest.raises(KeyboardInterrupt):
        store.put(place.path(NAME), "2026/11/24/another.warc.gz", held(place.path(NAME)))
    assert "Uploads" not in bucket.client.list_multipart_uploads(Bucket=bucket.bucket), "no parts are left behind"


def test_what_has_the_name_is_never_written_over(elsewhere: Elsewhere, tmp_path: Path) -> None:
    place = Place(tmp_path / "archive", elsewhere.address)
    written(place, b"first")
    with archive.ArchiveWriter(place, Path(NAME).name.removesuffix(".warc.gz"), NOW) as writer:
        kept = writer.keep(page(1, b"second"))
    (told,) = send.send(place, [NAME]).told
    assert "with other content, and stays here" in told
    assert place.path(NAME).exists() and archive.read_page(place, NAME, kept.warc_offset).body == b"second"
    place.path(NAME).unlink()
    assert [p.body for p in archive.read_file(place, NAME)] == [b"first"]


def test_half_a_file_has_never_its_right_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    share = SharedFolder(tmp_path / "share")
    place = Place(tmp_path / "archive", share.address)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("storage.store.folder._held", lambda _: dies())
        written(place, b"x")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(5, "I/O")))
        told = send.send(place, [NAME]).told
    assert "the disk answers with an error" in told[0] and "1 archive file stays" in told[0]
    assert share.dump(tmp_path / "dump") in ([], [MARK])
    assert place.path(NAME).exists()
    assert send.send(place, [NAME]).files == 1


def test_an_empty_mount_point_is_nobodys_archive(tmp_path: Path) -> None:
    share = SharedFolder(tmp_path / "share")
    place = Place(tmp_path / "archive", share.address)
    (kept,) = written(place, b"x")
    with share.away():
        share.path.mkdir()
        with pytest.raises(Unreachable, match=f"{MARK} in it is not"):
            archive.files(place)
        with pytest.raises(Unreachable, match="mount that"):
            archive.read_page(place, NAME, kept.warc_offset)
        share.path.rmdir()
    assert archive.files(place) == [NAME]


def test_another_folders_archive_and_another_place_are_told(elsewhere: Elsewhere, tmp_path: Path) -> None:
    ours, theirs = (Place(tmp_path / name / "archive", elsewhere.address) for name in ("ours", "theirs"))
    written(ours, b"x")
    with archive.ArchiveWriter(theirs, Path(NAME).name.removesuffix(".warc.gz"), NOW) as writer:
        writer.keep(page(1, b"theirs"))
    (theirs.folder / RECORD).write_text(f"another {elsewhere.address}\n")
    (told,) = send.send(theirs, [NAME]).told
    assert "is the archive of another data folder" in told and "1 archive file stays" in told
    assert theirs.path(NAME).exists()
    for said in ("", str(tmp_path / "new")):
        house = Warehouse(tmp_path / "ours", said)
        with pytest.raises(BadInput, match=rf"archive files are at {elsewhere.address}, .* write archive = "):
            house.prepare()
    (theirs.folder / RECORD).unlink()  # as after a restore
    assert "is this data folder's from now on" in claim.claim(theirs)
    assert claim.claim(theirs) == ""


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("s3://key:secret@bucket/x", "keys do not belong into the settings"),
        ("s3://bucket/x?aws_secret=secret", "keys do not belong into the settings"),
        ("s3://secret@bucket", "keys do not belong into the settings"),
        ("s3://Bucket_/x", "is no place for an archive: s3://bucket/prefix is one"),
        ("s3://bucket//x", "is no place for an archive"),
        ("s3://", "is no place for an archive"),
        ("gs://bucket/x", "is no place for an archive"),
        ("https://bucket.example/x", "is no place for an archive"),
        ("data/archive", "where files are written first"),
        ("data/archive/more", "where files are written first"),
        (".", "where files are written first"),
    ],
)
def test_settings_that_cannot_be_are_told(tmp_path: Path, said: str, words: str) -> None:
    (tmp_path / "newsduck.toml").write_text(f"archive = {json.dumps(said)}\n")
    done = here("status")
    assert done.returncode == 2 and words in done.stderr and "newsduck.toml" in done.stderr
    assert "secret@" not in done.stderr and "aws_secret" not in done.stderr


def test_a_setting_may_be_relative_or_in_the_environment(tmp_path: Path) -> None:
    (tmp_path / "newsduck.toml").write_text('archive = "../share/news"\n')
    config = {"NEWSDUCK_CONFIG": str(tmp_path / "newsduck.toml")}
    assert settings.load(config).elsewhere == str(tmp_path.parent / "share" / "news")
    assert settings.load({**config, "NEWSDUCK_ARCHIVE": "s3://bucket/a/b"}).elsewhere == "s3://bucket/a/b"
    assert settings.Settings().elsewhere == ""


def test_a_wrong_bucket_missing_keys_and_a_missing_library_are_told(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadInput, match="s3://nobodys-bucket/x: there is no such bucket: make it"):
        archive.files(Place(tmp_path, "s3://nobodys-bucket/x"))
    with monkeypatch.context() as patched:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patched.delenv(name)
        with pytest.raises(BadInput, match="no keys for s3://nobodys-bucket/y: set AWS_ACCESS_KEY_ID"):
            archive.files(Place(tmp_path, "s3://nobodys-bucket/y"))
        patched.setenv("AWS_PROFILE", "nobody")
        with pytest.raises(BadInput, match="no keys for s3://nobodys-bucket/z: set AWS_ACCESS_KEY_ID"):
            archive.files(Place(tmp_path, "s3://nobodys-bucket/z"))
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(BadInput, match=r"needs boto3, which comes with the extra s3: pip install 'newsduck\[s3\]'"):
        archive.files(Place(tmp_path, "s3://nobodys-bucket/w"))


def test_rights_that_are_missing_are_named(bucket: S3Bucket, tmp_path: Path) -> None:
    """What S3 says where it refuses, said by a handler in its place: the server here checks no rights."""
    place = Place(tmp_path / "archive", bucket.address)
    written(place, b"x")
    store = place.store
    assert isinstance(store, s3.Bucket)

    def refuses(**_: object) -> tuple[Any, dict[str, Any]]:
        from types import SimpleNamespace

        told = {"Error": {"Code": "AccessDenied", "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 403}}
        return SimpleNamespace(status_code=403), told

    store._client.meta.events.register("before-call.s3.ListObjectVersions", refuses)
    with pytest.raises(BadInput, match=r"may not be rid of older versions .*s3:DeleteObjectVersion"):
        store.delete(NAME)


def test_status_and_doctor_say_where_it_is(
    sandbox: Sandbox, bucket: S3Bucket, tmp_path: Path, press_room: Press
) -> None:
    line = Line(tmp_path, press_room, sandbox, bucket.address)
    configure(tmp_path, press_room, f'archive = "{bucket.address}"\n')
    line.run()
    assert f"archive    at {bucket.address}; nothing waits here" in here("status").stdout
    assert f"ok   archive    at {bucket.address}\n" in here("doctor").stdout.replace("ok  ", "ok ", 1).replace(
        "ok  ", "ok  "
    )
    with bucket.away():
        line.run()
        assert "still here: 1 archive file of 0." in here("status").stdout
        assert "BAD  archive" in (said := here("doctor").stdout) and "does not answer" in said
    old = line.warehouse.archive.path("2026/01/01/ingest-20260101T000000Z.warc.gz")
    old.parent.mkdir(parents=True)
    old.write_bytes(b"")
    assert "archive files are not sent" in here("status").stdout
    assert "BAD  archive" in here("doctor").stdout


def test_switching_it_on_sends_what_is_there(small: Line, elsewhere: Elsewhere) -> None:
    line = replace(small, archive="")
    line.run()
    assert len(left(line)) == 1
    line.archive = elsewhere.address
    line.run()
    assert left(line) == [] and len(archive.files(line.warehouse.archive)) == 2
    is_whole(line)


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
