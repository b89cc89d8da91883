"""An upgrade is one act: from every earlier state, with too little disk, killed at any line, with a migration that fails."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from extract.errors import Broken
from flows import upkeep
from flows.line import forget
from flows.line.work import alone
from flows.settings import Settings
from storage import duck, migrate, publish, restore, upgrade
from storage.retention import NEVER, Limits
from storage.warehouse import Warehouse
from tests.faults import earlier
from tests.faults.held import AS_IT_WAS, assert_held, assert_shown, before, left_lying
from tests.promises import Tries
from tests.test_warehouse import article, batch

PROMISE = pytest.mark.promise(
    "A data folder of any earlier version is upgraded as one act, with the disk it needs checked before and a way back"
)
pytestmark = [PROMISE, pytest.mark.timeout(4 * 3600)]

RELEASED = "0010_topics_shown"  # of 0.1.0
HOUR = timedelta(hours=1)


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    """A small published data folder of 0.1.0."""
    made = earlier.make(tmp_path / "data", RELEASED)
    earlier.fill(made)
    return made


def test_what_a_folder_of_every_earlier_state_holds_is_there_and_readable(
    tmp_path: Path, tries: Tries, trials: Callable[[int, int, int], int]
) -> None:
    """Row by row, in today's views, and for today's code, which goes on with it. In short: of the first state, that of 0.1.0, the
    last before today's, and every eighth of those between."""
    every = trials(8, 1, 1)
    kept = {earlier.STATES[0], RELEASED, earlier.STATES[-2]}
    for state in [one for n, one in enumerate(earlier.STATES[:-1]) if n % every == 0 or one in kept]:
        with tries(state):
            made = earlier.make(tmp_path / state, state)
            held = earlier.fill(made)
            due = earlier.STATES[earlier.STATES.index(state) + 1 :]
            told: list[str] = []
            assert made.prepare(told.append) == due
            assert earlier.states(made.path) == earlier.STATES
            assert_held(made.path, held, state)
            assert len(told) == 1 and "from that of newsduck 0.1.0" in told[0] and due[-1] in told[0]
            assert str(before(made)) in told[0]
            assert earlier.states(before(made)) == earlier.STATES[: -len(due)]
            assert_held(before(made), held, AS_IT_WAS)
            assert {stat.S_IMODE(path.stat().st_mode) for path in (made.path, before(made))} == {0o600}
            assert made.prepare(told.append) == [] and len(told) == 1 and left_lying(made) == []
            assert_shown(made.path)
            assert_read(made)
            made.commit(batch("ingest-3", articles=(article(7),)))
            publish.publish(made.path, made.published)
            assert {row["title"] for row in duck.ask_rows(made.published, "FROM articles")} >= {"Title 7"}


def assert_read(made: Warehouse) -> None:
    """Today's code reads the rows as they were meant."""
    assert {feed.title: feed.etag for feed in made.feeds().values()} == {
        "Harbour Herald": '"herald-2"',
        "Carrow Courier": "",
    }
    assert {n: one.outcome for n, one in made.known([1, 3, 5]).items()} == {1: "stored", 3: "refused", 5: "deferred"}
    assert [entry.url for entry in made.waiting(datetime.now(UTC))] == ["https://herald.example/slow"]
    assert {one.text[:12] for one in made.members([1])} == {"PORT ALDER (", "Ferry crews "}
    assert [(t.name, t.query, t.version) for t in made.topics()] == [("ferries", "ferry", 1)]
    assert len(made.readings()) == 2 and made.unfinished(["2026/10/20/ingest-20261020T060000Z.warc.gz"]) == []


def test_a_file_of_today_is_left_alone(tmp_path: Path) -> None:
    made = earlier.make(tmp_path / "data", earlier.STATES[-1])
    earlier.fill(made)
    told: list[str] = []
    assert made.prepare(told.append) == told == [] and not before(made).exists()
    assert duck.ask(made.path, "SELECT count(*) FROM runs")[1] == [(2,)]


def test_a_folder_in_which_nothing_has_run_is_made_and_not_upgraded(tmp_path: Path) -> None:
    made = earlier.make(tmp_path / "data", "0002_views")
    told: list[str] = []
    assert made.prepare(told.append) == earlier.STATES[2:]
    assert told == [] and not before(made).exists()


@pytest.mark.parametrize("short", [0, 1])
def test_the_disk_it_needs_is_looked_for_before(house: Warehouse, monkeypatch: pytest.MonkeyPatch, short: int) -> None:
    """One byte less than it asks for, and nothing is changed."""
    needed = upgrade.ROOM * house.path.stat().st_size + upgrade.LEAST
    asked = []

    def usage(folder: Path) -> SimpleNamespace:
        asked.append(folder)
        return SimpleNamespace(free=needed - short)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    was = house.path.read_bytes()
    if short:
        mib = f"{needed / 2**20:,.0f} MiB"
        with pytest.raises(
            Broken, match=f"needs {mib} of free disk, and {mib} are free: nothing was changed; make room"
        ):
            house.prepare()
        assert house.path.read_bytes() == was and [p.name for p in house.work.iterdir()] == ["pipeline.duckdb"]
    else:
        assert house.prepare() == earlier.STATES[10:]
    assert asked == [house.work]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Makes a disk of so many bytes."""
    mounted: list[Path] = []

    def make(size: int) -> Path:
        folder = tmp_path / f"disk-{len(mounted)}"
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("only root makes a disk to fill")
        mounted.append(folder)
        return folder

    yield make
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


def test_what_it_asks_for_is_enough_and_with_less_nothing_is_changed(
    tmp_path: Path, small_disk: Callable[[int], Path], trials: Callable[[int, int, int], int], tries: Tries
) -> None:
    """On a disk of that very size, upgraded and published; the states by turns oldest and newest first."""
    order = [state for pair in zip(earlier.STATES[:-1], reversed(earlier.STATES[:-1]), strict=True) for state in pair]
    for state in list(dict.fromkeys(order))[: trials(2, 10, 10)]:
        made = earlier.make(tmp_path / state, state)
        held = earlier.fill(made)
        earlier.crowd(made, trials(500, 5_000, 20_000))
        size = made.path.stat().st_size
        room = upgrade.ROOM * size + upgrade.LEAST
        for short in (False, True):
            with tries(f"{state}, {'less than' if short else 'just'} enough"):
                disk = small_disk(2 * size + room + (-256 if short else 64) * 2**10)
                there = Warehouse(shutil.copytree(made.data, disk / "data"))
                if short:
                    with pytest.raises(Broken, match="of free disk"):
                        there.prepare()
                    assert there.path.read_bytes() == made.path.read_bytes() and not before(there).exists()
                    continue
                assert there.prepare()
                publish.publish(there.path, there.published)
                assert earlier.states(there.published) == earlier.STATES
                for table in held:
                    rows = f"SELECT count(*) FROM {table}"
                    assert duck.ask(there.published, rows) == duck.ask(made.published, rows), table


def test_a_migration_that_fails_is_told_in_words_and_changes_nothing(
    house: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(migrate.FOLDER, tmp_path / "migrations")
    (folder / "0012_odd.sql").write_text("CREATE TABLE odd (n INTEGER); INSERT INTO odd SELECT title FROM articles;")
    was, shown = house.path.read_bytes(), house.published.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "FOLDER", folder)
        with pytest.raises(Broken) as told:
            house.prepare()
    assert "failed in the migration 0012_odd (Conversion Error" in str(told.value)
    assert "is as it was, and so is the published file: go on with the newsduck that wrote it" in str(told.value)
    assert house.path.read_bytes() == was and house.published.read_bytes() == shown
    assert [path.name for path in house.work.iterdir()] == ["pipeline.duckdb"]
    assert house.prepare() == earlier.STATES[10:]


def test_a_working_file_of_a_newer_newsduck_is_refused_as_it_is(house: Warehouse) -> None:
    house.prepare()
    with duck.open_file(house.path) as connection:
        connection.execute("INSERT INTO migrations (name) VALUES ('9999_later')")
    with pytest.raises(Broken, match=r"written by a newer newsduck \(9999_later\)"):
        house.prepare()


def test_a_file_that_is_damaged_inside_is_taken_from_the_published_one_by_the_next_run(tmp_path: Path) -> None:
    """It opens, and a migration reads the block."""
    made = earlier.make(tmp_path / "data", "0009_topics_applied")
    held = earlier.fill(made)
    earlier.crowd(made, 5_000)
    with duck.open_file(made.path) as connection:
        blocks = connection.execute(
            "SELECT DISTINCT block_id FROM pragma_storage_info('article_topics') WHERE column_name = 'article_id' AND block_id >= 0"
        ).fetchall()
    with made.path.open("rb+") as file:
        for (block,) in blocks:
            file.seek(3 * 4096 + block * 262_144 + 5_000)
            file.write(b"x" * 1_000)
    with pytest.raises(
        duck.Damaged, match=r"pipeline.duckdb is damaged: .* the next run makes it anew from the other one"
    ):
        made.prepare()
    assert (made.work / restore.DAMAGED).exists() and not before(made).exists()
    told: list[str] = []
    assert made.prepare(told.append) and "was taken from" in told[0] and "was upgraded" in told[1]
    assert duck.ask(made.path, "SELECT count(*) FROM articles")[1] == [(5_003,)]
    assert len(held["articles"]) == 3


def test_a_disk_without_second_names_keeps_a_copy(house: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", none)
    was = house.path.read_bytes()
    assert house.prepare() == earlier.STATES[10:]
    assert before(house).read_bytes() == was and left_lying(house) == []


def test_the_way_back_of_the_last_upgrade_replaces_that_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = earlier.make(tmp_path / "data", "0008_agency_by_outlet")
    earlier.fill(made)
    folder = tmp_path / "migrations"
    folder.mkdir()
    for name in earlier.STATES[:9]:
        shutil.copy(migrate.FOLDER / f"{name}.sql", folder)
    with monkeypatch.context() as patch:
        patch.setattr(migrate, "FOLDER", folder)
        made.prepare()
    assert earlier.states(before(made)) == earlier.STATES[:8]
    made.prepare()
    assert earlier.states(before(made)) == earlier.STATES[:9]


def test_it_goes_back_by_two_renames(house: Warehouse) -> None:
    """As docs/deploy.md has it: the older version's file, its values, and nothing published that it would have to know."""
    with duck.open_file(house.path, read_only=True) as c:
        held = {table: rows for table, rows in earlier.fitting(c).items() if table != "runs"}
    house.prepare()
    house.commit(batch("ingest-3", articles=(article(7),)))
    publish.publish(house.path, house.published)
    shutil.copytree(house.data, house.data.with_name("one"))
    before(house).replace(house.path)
    house.published.rename(house.data / "newer.duckdb")
    assert earlier.states(house.path) == earlier.STATES[:10]
    assert_held(house.path, held, AS_IT_WAS)
    assert house.prepare() == earlier.STATES[10:], "and forward again"
    assert_held(house.path, held, AS_IT_WAS)

    one = Warehouse(house.data.with_name("one"))
    before(one).replace(one.path)
    told: list[str] = []
    one.prepare(told.append)
    assert "was older than the published file and was taken from" in told[0], "by the first of them alone it does not"


def test_nothing_that_is_forgotten_stays_in_the_way_back(house: Warehouse) -> None:
    house.prepare()
    said: list[str] = []
    for limits in (Limits(NEVER), Limits(datetime.now(UTC) + HOUR), Limits(datetime.now(UTC) + HOUR)):
        with alone("forget", Settings(data=str(house.data))) as work:
            forget.delete(work, limits, datetime.now(UTC), said.append)
        assert before(house).exists() is (limits.others == NEVER), "it goes where anything went"
    assert said == ["what was kept from before the last upgrade is deleted too: there is no way back to it any more"]
    assert duck.ask(house.path, "SELECT count(*) FROM articles")[1] == [(0,)]


def test_upkeep_deletes_it_after_thirty_days(house: Warehouse) -> None:
    house.prepare()
    work: Any = SimpleNamespace(warehouse=house)
    for days, kept in ((0, True), (29, True), (31, False)):
        if days:
            then = (datetime.now(UTC) - timedelta(days=days)).timestamp()
            os.utime(before(house), (then, then))
        said = upkeep._drop_before(work)
        assert before(house).exists() is kept
        assert said == ("" if kept else "what was kept from before the last upgrade is deleted: 30 days are over")
    assert upkeep._drop_before(work) == ""


@pytest.mark.apart
def test_a_hundred_thousand_articles(tmp_path: Path, trials: Callable[[int, int, int], int], tries: Tries) -> None:
    """With `--long`; a tenth with `--many`."""
    size = trials(1_000, 10_000, 100_000)
    for state in ("0001_tables", RELEASED):
        with tries(state):
            made = earlier.make(tmp_path / state, state)
            earlier.fill(made)
            earlier.crowd(made, size)
            was = duck.ask(
                made.path, "SELECT count(*), sum(text_hash), sum(hash(text)), sum(hash(title)) FROM articles"
            )
            begin = datetime.now(UTC)
            assert made.prepare()
            assert datetime.now(UTC) - begin < timedelta(minutes=2), "two seconds on an idle machine"
            publish.publish(made.path, made.published)
            for path in (made.path, made.published, before(made)):
                assert (
                    duck.ask(path, "SELECT count(*), sum(text_hash), sum(hash(text)), sum(hash(title)) FROM articles")
                    == was
                )
            assert was[1][0][0] == size + 3
            assert 2 * made.path.stat().st_size <= upgrade.ROOM * before(made).stat().st_size + upgrade.LEAST
