"""Archive files on their way: sent whole once their run is committed, brought back whole where they are to be written anew.

A file is here until the store has it and has said so; then it is there. Whoever reads takes the one that is here, where it is.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from extract.errors import Broken, NewsduckError, Unreachable
from storage import disk
from storage.files import private
from storage.store import claim, names
from storage.store.folder import held
from storage.store.place import Place

STEP = 8 << 20
PROBE = ".newsduck-probe"
BROUGHT = ".brought"  # of a file that is on its way back


@dataclass(slots=True)
class Sent:
    """What came of sending."""

    files: int = 0
    size: int = 0  # bytes
    told: list[str] = field(default_factory=list)  # what a person should know, such as why not all were sent


def send(place: Place, wanted: Sequence[str], tick: Callable[[], object] = lambda: None) -> Sent:
    """Send these files, each of which goes from here only when the store has it whole. One that the store has under the same name
    and with other content is never written over: it stays, and that is told. The caller holds the pipeline's lock."""
    done = Sent()
    with disk.told(f"clearing {place.folder}", "what is to be sent is all here"):
        for left in place.folder.glob(f"*/*/*/.*{BROUGHT}"):  # on its way when somebody was killed
            left.unlink(missing_ok=True)
    store = place.store if wanted else None
    if store is None:
        return done
    try:
        done.told += filter(None, [claim.claim(place)])
        for name in wanted:
            path = place.path(name)
            ours, theirs = held(path), store.held(name)
            if theirs is None:
                store.put(path, name, ours)
                theirs = store.held(name)
            if theirs == ours:
                names.delete(place.folder, [name])
                done.files, done.size = done.files + 1, done.size + ours.size
            else:
                done.told.append(
                    f"{name} is at {place} with other content, and stays here: look at both, and move one of them away"
                )
            tick()
    except (NewsduckError, OSError) as error:
        why = error if isinstance(error, NewsduckError) else Broken(f"{place}: {disk.way_out(error)}")
        stay = len(wanted) - done.files
        done.told.append(
            f"{why}; {stay:,} archive file{'s' * (stay != 1)} stay{'s' * (stay == 1)} in {place.folder} until the next run sends what is there"
        )
    return done


def send_anew(place: Place, wanted: Sequence[str], gone: Sequence[str]) -> None:
    """Put files that were written anew in the place of those that the store has, and delete these there, older versions too; doing
    it again changes nothing. Raises Unreachable where one is not there as it was sent, and as Store says: what is done then is done."""
    store = place.store
    if store is None:
        return
    claim.claim(place)
    for name in wanted:
        path = place.path(name)
        if path.exists():
            store.put(path, name, ours := held(path))
            if store.held(name) != ours:
                raise Unreachable(f"{name} is not at {place} as it was sent; the next run sends it again")
            store.drop_older(name)
            names.delete(place.folder, [name])
    for name in gone:
        store.delete(name)


def bring(place: Place, name: str, to: Path) -> None:
    """Bring a file back, whole and checked, to a path here. Raises Broken where it is in no store, Unreachable where what
    came is not what the store said, and as Store says."""
    store = place.store
    whole = store.held(name) if store else None
    if store is None or whole is None:
        raise Broken(f"{name} is not in {place}: restore the archive from a backup")
    with disk.told(f"bringing {name} from {place}", "it is there as it was"):
        to.parent.mkdir(parents=True, exist_ok=True)
        fresh = to.with_name(f".{to.name}{BROUGHT}")
        fresh.unlink(missing_ok=True)
        try:
            with open(fresh, "xb", opener=private) as file:
                while chunk := store.read(name, file.tell(), STEP):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if held(fresh) != whole:
                raise Unreachable(f"{name} did not come whole from {place}; try again")
            fresh.replace(to)
        finally:
            fresh.unlink(missing_ok=True)


def try_out(place: Place) -> None:
    """Whether files can be put where the archive is, read and deleted there: does it with a small one. Raises Unreachable where it
    comes back as another, and as Store says."""
    store = place.store
    if store is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "probe")
        path.write_bytes(b"newsduck doctor\n")
        store.names("9")  # of none, or few
        store.put(path, PROBE, ours := held(path))
        if store.held(PROBE) != ours or store.read(PROBE, 9, 6) != b"doctor":
            raise Unreachable(f"{place} does not give back what is put there; is it what it should be?")
        store.delete(PROBE)


@contextmanager
def at_hand(place: Place, name: str) -> Iterator[Path]:
    """Inside, a file is here under its own name: one that is elsewhere is brought, and gone from here again afterwards. For who
    reads all of it more than once. Raises as `bring`."""
    path = place.path(name)
    if not place.elsewhere or path.exists():
        yield path
        return
    bring(place, name, path)
    try:
        yield path
    finally:
        names.delete(place.folder, [name])
