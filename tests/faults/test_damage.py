"""Files of a data folder that are gone, cut, garbled or have one bit turned: what can be had is had, the rest is told."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import archive
from storage.store.place import Place
from tests.faults import twin
from tests.faults.ground import Ground
from tests.faults.stage import archived
from tests.promises import Tries

pytestmark = [pytest.mark.xdist_group("ingest"), pytest.mark.timeout(4 * 3600)]


def _turn(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    path.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: path.unlink(),
    "one bit turned": _turn,
    "cut": lambda path: path.write_bytes(path.read_bytes()[: random.randrange(path.stat().st_size)]),
    "zeros at its end": lambda path: path.write_bytes(path.read_bytes() + bytes(512)),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "garbage": lambda path: path.write_bytes(random.randbytes(path.stat().st_size)),
}


@pytest.mark.promise(
    "A file of the data folder that is gone or damaged stops no run and costs nothing that is elsewhere: the working file comes "
    "back from the published one, which comes back from it; the index and the sketches are made anew"
)
def test_a_damaged_file(ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]) -> None:
    ground.twin("ingest")
    settled = ground.settled / "data"
    files = sorted(
        str(path.relative_to(settled)) for path in settled.rglob("*") if path.is_file() and path.stat().st_size
    )
    for name, damage in _some([(name, damage) for name in files for damage in DAMAGE], trials(1, 30, 10**6)):
        with tries(f"{name}: {damage}"):
            folder = ground.start("ingest")
            DAMAGE[damage](folder / "data" / name)
            came = ground.go("ingest", folder)
            assert came.code in (0, 3), came.said
            ground.finish("ingest", folder)
            # What was set aside is there to be looked at; a page whose archive file is damaged is not there any more.
            found = twin.differences(folder / "data", ground.twin("ingest"), lost=name.removeprefix("archive/"))
            found = [line for line in found if "damaged" not in line]
            assert not found, "\n".join(found)


@pytest.mark.promise("A damaged archive file of a run that died costs its damaged records and no other")
def test_a_damaged_archive_file(ground: Ground, tries: Tries, trials: Callable[[int, int, int], int]) -> None:
    if not (times := trials(0, 8, 60)):
        pytest.skip("in `make faults`")
    whole = archived(ground.twin("first").parent)
    while tries.count < times:
        damage = random.choice(["one bit turned", "cut", "zeros at its end"])
        folder = ground.start("first")
        once = random.randrange(1, whole)
        if not ground.go("first", folder, kill_once=once).struck:
            continue  # it was quicker than its end
        with tries(f"the archive file of a run that died with {once:,} bytes in it: {damage}"):
            for name in archive.files(Place(folder / "data/archive")):
                DAMAGE[damage](folder / "data/archive" / name)
            ground.finish("first", folder)
            # What was damaged is fetched later than its twin was: which article leads a story may be another.
            lost, more = twin.texts(ground.twin("first")), twin.texts(folder / "data")
            assert lost == more, f"missing: {sorted(lost - more)}; not to be there: {sorted(more - lost)}"


def _some(cases: list[tuple[str, str]], times: int) -> list[tuple[str, str]]:
    return cases if len(cases) <= times else random.sample(cases, times)
