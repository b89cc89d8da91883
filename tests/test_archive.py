"""The archive: everything fetched, as it came, whatever happens to the run."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extract.errors import Broken
from extract.records import Ask, Hop, Page
from storage import archive
from storage.salvage import Mended
from storage.store.place import Place

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


def page(n: int, body: bytes = b"<p>Caf\xc3\xa9</p>") -> Page:
    url = f"https://herald.example/{n}"
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("X-Odd", "caf\xe9"))
    hops = (Hop(f"https://herald.example/old/{n}", 301, url),)
    return Page(Ask(hops[0].url, "page", f"subject {n}", 1000, etag='"1"'), url, 200, headers, body, NOW, 0.25, hops)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[tuple[Path, str, list[Page]]]:
    with archive.ArchiveWriter(Place(tmp_path), "ingest-20261123T120000Z", NOW) as writer:
        pages = [writer.keep(page(n, b"x" * 500 * n)) for n in range(4)]
        writer.sync()
        yield tmp_path, writer.name, pages


def test_a_document_comes_back_as_it_went_in(written: tuple[Path, str, list[Page]]) -> None:
    folder, name, pages = written
    assert archive.files(Place(folder)) == [name] == ["2026/11/23/ingest-20261123T120000Z.warc.gz"]
    for kept, found in zip(pages, archive.read_file(Place(folder), name), strict=True):
        assert (found.ask, found.url, found.status, found.body, found.hops) == (
            kept.ask,
            kept.url,
            200,
            kept.body,
            kept.hops,
        )
        assert (found.fetched_at, found.seconds, found.warc_offset) == (NOW, 0.25, kept.warc_offset)
        assert found.header("content-type") == "text/html"
        assert archive.read_page(Place(folder), name, kept.warc_offset).body == kept.body


def test_other_tools_read_it(written: tuple[Path, str, list[Page]]) -> None:
    """Request and response metadata are there in the standard's own terms."""
    folder, name, _ = written
    with (folder / name).open("rb") as file:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(file)]
    assert [kind for kind, _ in records] == ["warcinfo"] + ["response", "request"] * 4
    assert records[1][1] == "https://herald.example/0"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("ÄÖ=%96; path=/", "%C3%84%C3%96=%96; path=/"),  # warcio raises for it
        ("a=é; b", "a=%C3%A9; b"),
        ("https://a.example/é b", "https://a.example/%C3%A9 b"),
        ("plain; a=1", "plain; a=1"),
    ],
)
def test_a_header_beyond_ascii_is_kept_quoted(tmp_path: Path, said: str, kept: str) -> None:
    with archive.ArchiveWriter(Place(tmp_path), "ingest-20261123T120000Z", NOW) as writer:
        writer.keep(replace(page(1), headers=(("Set-Cookie", said),)))
    (found,) = archive.read_file(Place(tmp_path), writer.name)
    assert found.header("set-cookie") == kept


def test_validators_beyond_ascii_are_kept(tmp_path: Path) -> None:
    asked = replace(page(1), ask=replace(page(1).ask, etag='W/"é=1; ü"', last_modified="é=1; ü"))
    with archive.ArchiveWriter(Place(tmp_path), "ingest-20261123T120000Z", NOW) as writer:
        writer.keep(asked)
    (found,) = archive.read_file(Place(tmp_path), writer.name)
    assert found.ask == asked.ask


def test_a_run_that_fetched_nothing_leaves_no_file(tmp_path: Path) -> None:
    with archive.ArchiveWriter(Place(tmp_path), "ingest", NOW):
        pass
    assert archive.files(Place(tmp_path)) == []


def test_a_torn_file_keeps_every_whole_record(written: tuple[Path, str, list[Page]]) -> None:
    """Cut at every byte: what was whole is read, the torn record is cut off, nothing crashes."""
    folder, name, pages = written
    data = (folder / name).read_bytes()
    ends = [p.warc_offset for p in pages[1:]] + [len(data)]
    for cut in range(0, len(data), 7):
        (folder / "torn.warc.gz").write_bytes(data[:cut])
        archive.mend(Place(folder), "torn.warc.gz")
        found = len(list(archive.read_file(Place(folder), "torn.warc.gz")))
        assert found >= sum(end <= cut for end in ends)
    assert archive.mend(Place(folder), name) == Mended()


def test_a_place_that_holds_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="restore the archive"):
        archive.read_page(Place(tmp_path), "2026/none.warc.gz", 0)
    (tmp_path / "folder.warc.gz").mkdir()
    with pytest.raises(Broken, match=r"folder.warc.gz: a folder stands where a file should be"):
        archive.read_page(Place(tmp_path), "folder.warc.gz", 0)


@pytest.mark.parametrize("damage", ["flip", "zeros", "garbage", "hole", "head"])
def test_a_damaged_file_costs_its_damaged_record(written: tuple[Path, str, list[Page]], damage: str) -> None:
    """The whole records before and behind the damage are read; the file as it was is set aside under a name that says so."""
    folder, name, pages = written
    path = folder / name
    data = bytearray(path.read_bytes())
    at = pages[2].warc_offset + 40
    if damage == "flip":
        data[at] ^= 0xFF
    elif damage == "zeros":
        data[at : at + 50] = bytes(50)
    elif damage == "garbage":
        data[at : at + 50] = bytes(range(50))
    elif damage == "hole":
        del data[at : at + 30]
    else:
        data[:20] = b"x" * 20
    path.write_bytes(data)
    done = archive.mend(Place(folder), name)
    assert done.damaged and not done.torn and done.aside.endswith(".warc.gz.damaged-1")
    found = [page.url for page in archive.read_file(Place(folder), name)]
    want = [page.url for page in pages]
    assert found == (want if damage == "head" else [url for url in want if url != pages[2].url])
    assert (path.parent / done.aside).read_bytes() == data
    assert archive.mend(Place(folder), name) == Mended()
    assert archive.files(Place(folder)) == [name] and archive.odd(Place(folder)) == []


@pytest.mark.parametrize("end", [bytes(512), b"\x1f\x8b\x08\x00" + bytes(100), b"\x1f", bytes(1)])
def test_zeros_or_a_begun_record_are_a_torn_end(written: tuple[Path, str, list[Page]], end: bytes) -> None:
    folder, name, _ = written
    path = folder / name
    whole = path.read_bytes()
    path.write_bytes(whole + end)
    assert archive.mend(Place(folder), name) == Mended(torn=len(end))
    assert path.read_bytes() == whole


def test_a_record_that_cannot_be_understood_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with archive.ArchiveWriter(Place(tmp_path), "ingest-20261123T130000Z", NOW) as writer:
        writer.keep(page(1))
        with monkeypatch.context() as newer:
            newer.setattr(archive, "asdict", lambda record: {"as": "a newer one writes it"})
            writer.keep(page(2))
        with monkeypatch.context() as newer:
            newer.setattr(json.JSONEncoder, "encode", lambda *_: "a newer one writes it")
            writer.note("robots", {})
        writer.keep(page(3))
    skipped: list[str] = []
    found = [page.url for page in archive.read_file(Place(tmp_path), writer.name, skipped)]
    assert found == ["https://herald.example/1", "https://herald.example/3"]
    assert len(skipped) == 2 and "https://herald.example/2" in skipped[0]
    with pytest.raises(archive.Damaged, match="no record of ours"):
        list(archive.read_file(Place(tmp_path), writer.name))


def test_files_come_in_the_order_of_their_runs(tmp_path: Path) -> None:
    day = tmp_path / "2026" / "11" / "23"
    day.mkdir(parents=True)
    names = ["poll-20261123T010000Z", "ingest-20261123T060000Z", "backfill-20261123T070000Z", "poll-20261123T080000Z"]
    for name in names:
        (day / f"{name}.warc.gz").touch()
    for name in ("ingest-20269999T000000Z", "holiday", "ingest-20261123T060000"):
        (day / f"{name}.warc.gz").touch()
    assert [Path(name).name.removesuffix(".warc.gz") for name in archive.files(Place(tmp_path))] == names
    assert len(archive.odd(Place(tmp_path))) == 3


@pytest.mark.parametrize("number", ["ENOSPC", "EROFS", "EIO", "EDQUOT"])
def test_a_disk_that_takes_no_more_is_told_and_what_was_kept_is_whole(
    written: tuple[Path, str, list[Page]], number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer takes nothing more, its end does not speak over the error, and the file has no torn record."""
    import errno
    import os

    folder, _, _ = written
    with pytest.raises(Broken, match=r"writing .* failed: .*what was archived before is whole") as told:
        with archive.ArchiveWriter(Place(folder), "ingest-20261124T120000Z", NOW) as writer:
            writer.keep(page(1))

            def full(*_: object) -> None:
                raise OSError(getattr(errno, number), os.strerror(getattr(errno, number)))

            monkeypatch.setattr(writer, "_append", full)
            with pytest.raises(Broken):
                writer.keep(page(2))
            monkeypatch.undo()
            writer.keep(page(3))
    assert ("make room" in str(told.value)) is (number in ("ENOSPC", "EDQUOT"))
    assert len(list(archive.read_file(Place(folder), "2026/11/23/ingest-20261124T120000Z.warc.gz"))) == 1


def test_only_files_of_runs_are_the_archives(tmp_path: Path) -> None:
    day = tmp_path / "2026" / "11" / "23"
    (day / "ingest-20261123T120000Z.warc.gz").mkdir(parents=True)
    (day / "somebody.warc.gz").write_bytes(b"x")
    assert archive.files(Place(tmp_path)) == []
