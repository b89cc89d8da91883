"""The working file is gone or damaged while the published one is whole: nothing that was published is lost."""

import contextlib
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from extract.errors import Broken
from storage import duck, publish, whole
from storage.warehouse import Warehouse
from tests.empty import empty
from tests.line import Line
from tests.test_warehouse import article, batch

pytestmark = pytest.mark.promise(
    "A working file that is gone, damaged or behind comes back from the published one, and nothing is published over runs it lacks"
)


@pytest.fixture
def house(tmp_path: Path) -> Warehouse:
    """A data folder with two runs, published."""
    found = empty(tmp_path / "data")
    for number in (1, 2):
        found.commit(batch(f"ingest-{number}", articles=(article(number),)))
    publish.publish(found.path, found.published)
    return found


def runs(path: Path) -> int:
    with duck.open_file(path, read_only=True) as connection:
        return len(connection.execute("SELECT run_id FROM runs").fetchall())


DAMAGE = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "garbage": lambda path: path.write_bytes(b"x" * 50_000),
    "head": lambda path: path.write_bytes(bytes(20_000) + path.read_bytes()[20_000:]),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_it_is_taken_from_the_published_file_and_that_is_said(house: Warehouse, damage: str) -> None:
    before = house.published.read_bytes()
    DAMAGE[damage](house.path)
    told: list[str] = []
    house.prepare(told.append)
    assert len(told) == 1 and "was taken from" in told[0] and "2 runs" in told[0]
    assert ("set aside as pipeline.duckdb.damaged-1" in told[0]) is (damage != "gone")
    assert runs(house.path) == 2 and house.published.read_bytes() == before
    house.commit(batch("ingest-3", articles=(article(3),)))
    publish.publish(house.path, house.published)
    assert runs(house.published) == 3
    assert house.prepare(told.append) == [] and len(told) == 1


def test_an_older_working_file_is_not_published_over_a_newer_one(house: Warehouse) -> None:
    """Somebody put a backup of last week's back."""
    shutil.copy(house.path, house.data / "backup")
    house.commit(batch("ingest-3", articles=(article(3),)))
    publish.publish(house.path, house.published)
    shutil.copy(house.data / "backup", house.path)
    with pytest.raises(Broken, match=r"has 1 runs that .* lacks, and is left as it is"):
        publish.publish(house.path, house.published)
    told: list[str] = []
    house.prepare(told.append)
    assert "was older than the published file and was taken from" in told[0]
    assert runs(house.path) == 3


def test_two_that_each_have_what_the_other_lacks_are_for_the_person_to_part(house: Warehouse) -> None:
    shutil.copy(house.path, house.data / "backup")
    house.commit(batch("ingest-3", articles=(article(3),)))
    publish.publish(house.path, house.published)
    shutil.copy(house.data / "backup", house.path)
    with duck.open_file(house.path) as connection:
        connection.execute("UPDATE runs SET run_id = 99 WHERE name = 'ingest-2'")
    with pytest.raises(Broken, match="each have runs that the other lacks"):
        house.prepare()


def test_a_link_in_the_published_files_place_is_followed(house: Warehouse, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.duckdb"
    house.published.rename(elsewhere)
    house.published.symlink_to(elsewhere)
    house.commit(batch("ingest-3", articles=(article(3),)))
    publish.publish(house.path, house.published)
    assert house.published.is_symlink() and runs(elsewhere) == 3


@pytest.mark.parametrize(
    "sql", ["INSERT INTO runs SELECT * FROM runs", "SELECT 'the wall of wales'::INTEGER", "FROM nope"]
)
def test_an_error_of_a_statement_is_no_damage(house: Warehouse, sql: str) -> None:
    """Whatever words its values and names hold."""
    with pytest.raises(Broken) as told, house._open() as connection:
        connection.execute(sql)
    assert not isinstance(told.value, duck.Damaged)
    assert house.prepare() == [] and not list(house.work.glob("*damaged*"))


def test_a_person_who_has_the_published_file_open_stops_no_run(house: Warehouse) -> None:
    """As DuckDB's own command opens it: for writing."""
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    words = [sys.executable, "-c", code, str(house.published)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as person:
        assert person.stdout and person.stdout.readline() == b"open\n"
        house.prepare()
        house.commit(batch("ingest-3", articles=(article(3),)))
        publish.publish(house.path, house.published)
        person.communicate(b"")
    assert runs(house.published) == 3


def test_a_published_file_that_is_damaged_is_replaced_by_the_next_run(house: Warehouse) -> None:
    house.published.write_bytes(b"x" * 1000)
    assert publish.is_behind(house.last_finished(), house.published)
    publish.publish(house.path, house.published)
    assert runs(house.published) == 2
    assert (house.data / "warehouse.duckdb.damaged-1").read_bytes() == b"x" * 1000


def test_a_run_after_the_loss_has_everything_the_one_before_had(stored: Line) -> None:
    before = stored.ask("SELECT url, text_hash FROM articles ORDER BY url")
    stored.warehouse.path.unlink()
    stored.newsroom.day = 2
    stored.run()
    after = stored.ask("SELECT url, text_hash FROM articles ORDER BY url")
    assert {url for url, _ in before} < {url for url, _ in after}
    assert stored.ask("SELECT count(*) FROM runs WHERE kind = 'ingest'") == [(2,)]


def blocks(path: Path) -> list[int]:
    """Where the blocks lie in which articles' texts stand."""
    with duck.open_file(path, read_only=True) as connection:
        found = connection.execute(
            "SELECT block_id, additional_block_ids FROM pragma_storage_info('articles') WHERE column_name = 'text'"
        ).fetchall()
    ids = {number for one, more in found for number in (one, *(more or ())) if number >= 0}
    return [sum(whole.HEADERS) + number * whole.BLOCK for number in sorted(ids)]


def turn(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place + 1000] ^= 1
    path.write_bytes(data)


def test_a_block_that_no_run_reads_is_not_copied_over_a_whole_one(house: Warehouse) -> None:
    """One bit of the working file turned on the disk: the published file stays, and the working file comes back from it."""
    house.commit(batch("ingest-3", articles=(article(3, text=secrets.token_hex(500_000)),)))
    publish.publish(house.path, house.published)
    house.commit(batch("ingest-4", articles=(article(4),)))
    turn(house.path, blocks(house.path)[-1])
    before = house.published.read_bytes()
    with pytest.raises(duck.Damaged, match="the next run makes it anew from the other one"):
        publish.publish(house.path, house.published)
    assert house.published.read_bytes() == before and not list(house.data.glob(".*.new"))
    told: list[str] = []
    house.prepare(told.append)
    assert "was damaged and was taken from" in told[0] and runs(house.path) == 3


def test_a_block_that_is_not_in_use_may_be_anything(house: Warehouse) -> None:
    house.commit(batch("ingest-3", articles=(article(3, text=secrets.token_hex(500_000)),)))
    used = blocks(house.path)
    house.commit(batch("ingest-4", articles=tuple(article(n, text=secrets.token_hex(50_000)) for n in range(4, 9))))
    with duck.open_file(house.path) as connection:
        connection.execute("DELETE FROM articles WHERE article_id = 3")
    free = [place for place in used if place not in blocks(house.path) and place < house.path.stat().st_size]
    assert free, "what was deleted still takes room"
    turn(house.path, free[-1])
    publish.publish(house.path, house.published)
    assert runs(house.published) == 4


def test_a_bit_turned_in_any_block_is_not_published(house: Warehouse, trials: Callable[[int, int, int], int]) -> None:
    """Rows, indexes, what stands between: it is found damaged, or made whole on the way. In short: every third block."""
    many = tuple(article(n, text=secrets.token_hex(200)) for n in range(1, 1_500))
    house.commit(batch("ingest-3", articles=many))
    good, had = house.path.read_bytes(), runs(house.path)
    publish.publish(house.path, house.published)
    published = house.published.read_bytes()
    for place in range(sum(whole.HEADERS), len(good) - whole.BLOCK, trials(6, 1, 1) * whole.BLOCK):
        house.path.write_bytes(good)
        turn(house.path, place)
        house.published.write_bytes(published)
        with contextlib.suppress(duck.Damaged):
            publish.publish(house.path, house.published)
        assert whole.copy(house.published, house.data / "copy"), f"the block at {place} was published as it was"
        assert runs(house.published) == had
