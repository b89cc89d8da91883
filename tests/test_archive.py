"""The archive: everything fetched, as it came, whatever happens to the run."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from extract.errors import Broken
from extract.records import Ask, Hop, Page
from storage import archive

NOW = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


def page(n: int, body: bytes = b"<p>Caf\xc3\xa9</p>") -> Page:
    url = f"https://herald.example/{n}"
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("X-Odd", "caf\xe9"))
    hops = (Hop(f"https://herald.example/old/{n}", 301, url),)
    return Page(Ask(hops[0].url, "page", f"subject {n}", 1000, etag='"1"'), url, 200, headers, body, NOW, 0.25, hops)


@pytest.fixture
def written(tmp_path: Path) -> Iterator[tuple[Path, str, list[Page]]]:
    with archive.ArchiveWriter(tmp_path, "ingest-20261123T120000Z", NOW) as writer:
        pages = [writer.keep(page(n, b"x" * 500 * n)) for n in range(4)]
        writer.sync()
        yield tmp_path, writer.name, pages


def test_a_document_comes_back_as_it_went_in(written: tuple[Path, str, list[Page]]) -> None:
    folder, name, pages = written
    assert archive.files(folder) == [name] == ["2026/11/23/ingest-20261123T120000Z.warc.gz"]
    for kept, found in zip(pages, archive.read_file(folder, name), strict=True):
        assert (found.ask, found.url, found.status, found.body, found.hops) == (
            kept.ask,
            kept.url,
            200,
            kept.body,
            kept.hops,
        )
        assert (found.fetched_at, found.seconds, found.warc_offset) == (NOW, 0.25, kept.warc_offset)
        assert found.header("content-type") == "text/html"
        assert archive.read_page(folder, name, kept.warc_offset).body == kept.body


def test_other_tools_read_it(written: tuple[Path, str, list[Page]]) -> None:
    """Request and response metadata are there in the standard's own terms."""
    folder, name, _ = written
    with (folder / name).open("rb") as file:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(file)]
    assert [kind for kind, _ in records] == ["warcinfo"] + ["response", "request"] * 4
    assert records[1][1] == "https://herald.example/0"


def test_a_run_that_fetched_nothing_leaves_no_file(tmp_path: Path) -> None:
    with archive.ArchiveWriter(tmp_path, "ingest", NOW) as writer:
        assert not writer.written
    assert archive.files(tmp_path) == []


def test_a_torn_file_keeps_every_whole_record(written: tuple[Path, str, list[Page]]) -> None:
    """Cut at every byte: what was whole is read, the torn record is cut off, nothing crashes."""
    folder, name, pages = written
    data = (folder / name).read_bytes()
    ends = [p.warc_offset for p in pages[1:]] + [len(data)]
    for cut in range(0, len(data), 7):
        (folder / "torn.warc.gz").write_bytes(data[:cut])
        archive.mend(folder, "torn.warc.gz")
        found = len(list(archive.read_file(folder, "torn.warc.gz")))
        assert found >= sum(end <= cut for end in ends)
    assert archive.mend(folder, name) == 0


def test_a_place_that_holds_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="restore the archive"):
        archive.read_page(tmp_path, "2026/none.warc.gz", 0)


def test_a_damaged_file_is_told_and_left_alone(written: tuple[Path, str, list[Page]]) -> None:
    folder, name, _ = written
    path = folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(archive.Damaged):
        archive.mend(folder, name)
        list(archive.read_file(folder, name))
    assert len(path.read_bytes()) == len(data)
    assert archive.set_aside(folder, name).endswith(".damaged")
    assert archive.files(folder) == []


def test_only_files_of_runs_are_the_archives(tmp_path: Path) -> None:
    day = tmp_path / "2026" / "11" / "23"
    (day / "ingest-20261123T120000Z.warc.gz").mkdir(parents=True)
    (day / "somebody.warc.gz").write_bytes(b"x")
    assert archive.files(tmp_path) == []
