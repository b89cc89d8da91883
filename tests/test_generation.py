"""The people's file is brought up by what is new; what somebody reads never changes under them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from storage import duck, generation, publish, whole


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A working file of some megabytes and where people find it, on a file system that clones nothing; any size is worth it."""
    monkeypatch.setattr(generation, "LEAST", 0)
    monkeypatch.setattr(generation, "clone", lambda *_: False)
    working = tmp_path / "working.duckdb"
    run(working, 1)
    return working, tmp_path / "people.duckdb"


def run(working: Path, number: int) -> None:
    """A run that adds what no other has, and changes what the first had."""
    with duck.open_file(working) as c:
        c.execute("CREATE TABLE IF NOT EXISTS runs (run_id BIGINT, finished_at TIMESTAMPTZ)")
        c.execute("CREATE TABLE IF NOT EXISTS kept (n BIGINT, words VARCHAR)")
        c.execute("INSERT INTO runs VALUES (?, now())", [number])
        rows = 400_000 if number == 1 else 100
        c.execute(f"INSERT INTO kept SELECT i, md5(i::VARCHAR || '{number}') FROM range({rows}) t(i)")
        c.execute("UPDATE kept SET words = words || 'x' WHERE n = ?", [number])
        c.execute("CHECKPOINT")


def inode(path: Path) -> int:
    return path.stat().st_ino


def test_two_files_take_turns_and_each_is_equal_to_the_working_one(files: tuple[Path, Path]) -> None:
    working, people = files
    seen = []
    for number in range(2, 8):
        publish.publish(working, people)
        assert people.read_bytes() == working.read_bytes()
        seen.append(inode(people))
        run(working, number)
    assert seen[0] == seen[2] == seen[4] and seen[1] == seen[3] == seen[5] != seen[0]


def test_little_is_written_where_little_is_new(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    working, people = files
    for number in (2, 3):
        publish.publish(working, people)
        run(working, number)
    looked: list[int] = []

    def note(block: bytes) -> bool:
        looked.append(len(block))
        return True

    monkeypatch.setattr(whole, "is_whole", note)
    publish.publish(working, people)
    assert 0 < sum(looked) < working.stat().st_size / 2
    assert people.read_bytes() == working.read_bytes()


READER = "import sys; f = open(sys.argv[1], 'rb'); print('open', flush=True); sys.stdin.read(); print(f.read().hex())"


def test_a_file_somebody_reads_is_left_as_it_is(files: tuple[Path, Path]) -> None:
    """Any program may, with no lock of DuckDB's."""
    working, people = files
    publish.publish(working, people)
    before, first = people.read_bytes(), inode(people)
    with subprocess.Popen(
        [sys.executable, "-c", READER, people],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as reader:
        assert reader.stdout is not None and reader.stdout.readline() == b"open\n"
        for number in (2, 3, 4):
            run(working, number)
            publish.publish(working, people)
            assert people.read_bytes() == working.read_bytes()
            assert inode(people) != first
        read, _ = reader.communicate()
    assert bytes.fromhex(read.decode()) == before


def test_a_former_file_that_is_the_people_s_own_is_not_written_into(files: tuple[Path, Path]) -> None:
    working, people = files
    publish.publish(working, people)
    os.link(people, generation.former(people))  # a run died between keeping it and putting the new one in place
    before, first = people.read_bytes(), people.open("rb")
    run(working, 2)
    publish.publish(working, people)
    with first:
        assert first.read() == before
    assert people.read_bytes() == working.read_bytes()


def test_a_former_file_that_was_cut_short_is_made_whole(files: tuple[Path, Path]) -> None:
    working, people = files
    for number in (2, 3):
        publish.publish(working, people)
        run(working, number)
    former = generation.former(people)
    former.write_bytes(former.read_bytes()[: former.stat().st_size // 3] + b"rubbish")
    publish.publish(working, people)
    assert people.read_bytes() == working.read_bytes()


def test_small_files_and_full_disks_keep_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    working, people = tmp_path / "working.duckdb", tmp_path / "people.duckdb"
    run(working, 1)
    for _ in range(3):
        publish.publish(working, people)
    assert not generation.former(people).exists()
    monkeypatch.setattr(generation, "LEAST", 0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10))
    publish.publish(working, people)
    assert not generation.former(people).exists()


def test_a_file_system_that_clones_keeps_nothing(tmp_path: Path) -> None:
    working, people = tmp_path / "working.duckdb", tmp_path / "people.duckdb"
    run(working, 1)
    if not generation.clone(working, tmp_path / "clone"):
        pytest.skip(f"the file system of {tmp_path} shares no blocks between files; XFS and Btrfs do")
    publish.publish(working, people)
    assert people.read_bytes() == working.read_bytes()
