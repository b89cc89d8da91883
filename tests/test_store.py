"""A place for archive files outside of the data folder, by itself: how pages are had from it, what is never written over, and what is
told where it cannot be used. A real S3 server on loopback, and a folder."""

import json
import os
import pickle
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extract.errors import BadInput, Broken, Unreachable
from extract.records import Page
from extract.sandbox import Sandbox
from flows import settings
from storage import archive
from storage.salvage import Mended
from storage.store import claim, s3, send
from storage.store.folder import held
from storage.store.place import MARK, RECORD, Place
from storage.warehouse import Warehouse
from tests.line import Line
from tests.secrets import Press
from tests.stores import NOW, Elsewhere, S3Bucket, Server, SharedFolder, page
from tests.typed import configure, here

NAME = "2026/11/23/ingest-20261123T120000Z.warc.gz"


def written(place: Place, *bodies: bytes) -> list[Page]:
    """Pages in an archive file that has been sent."""
    with archive.ArchiveWriter(place, Path(NAME).name.removesuffix(".warc.gz"), NOW) as writer:
        kept = [writer.keep(page(number, body)) for number, body in enumerate(bodies)]
    assert send.send(place, [NAME]).told == []
    return kept


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
    s3_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
