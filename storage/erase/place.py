"""The files of an erasure whose rows are gone, put in place; doing it again, after a kill at any moment, changes nothing.

working file written anew ─ published ─ archive files renamed ─ what was made from them emptied ─ sent, where the archive is elsewhere

The published file comes before the archive, so that at each moment the places that it tells of are those of the archive it
stands beside, or the erasure stands in it and is finished from it. A file whose archive is elsewhere is here again from its rename on,
which is where readers look first, until it has taken the old one's place there.
"""

from collections.abc import Sequence
from pathlib import Path

from storage import compact, disk, generation, publish, upgrade
from storage.archive import odd as not_of_runs
from storage.derived import beside, index_mark
from storage.erase import rewrite
from storage.erase.pending import Pending
from storage.files import replace_file, sync_folder
from storage.store import names, send
from storage.store.place import Place

SETTLED = "settled"  # beside the working file: whose erasures' files are done here, and perhaps not elsewhere


def settle(
    waiting: Sequence[Pending],
    working: Path,
    published: Path,
    archive: Place,
    derived: Path,
    index: Path,
    group: str,
) -> None:
    """Finish what these erasures left of files that are here. Raises Broken where the disk refuses: the next try goes on from there.
    The caller holds the pipeline's lock."""
    mark = working.with_name(SETTLED)
    if mark.exists() and mark.read_text() == _settled(working, waiting):
        return
    upgrade.drop_before(working)
    compact.compact(working)
    publish.publish(working, published, group)
    generation.drop(published)  # it has what was published before
    for one in waiting:
        with disk.told(
            f"writing files of {archive.folder} anew", "what is kept is whole, and the rest goes with the next try"
        ):
            for name in one.files:
                _replace(archive.path(name))
            names.delete(archive.folder, one.deleted)
    beside.remove(derived)  # it has the words of what went, and is made anew
    with index_mark.held(index, alone=True):
        index_mark.empty(index)
    if archive.elsewhere:
        replace_file(mark, _settled(working, waiting).encode(), 0o600)


def _settled(working: Path, waiting: Sequence[Pending]) -> str:
    """What says that these are done in this very working file; one that is put back from a backup is another."""
    return " ".join(map(str, (working.stat().st_ino, *(one.run_id for one in waiting))))


def send_on(archive: Place, waiting: Sequence[Pending]) -> None:
    """Finish what erasures left of files that are elsewhere. Raises as storage/store/ says where that does not answer or refuses; the
    next try goes on from there."""
    for one in waiting:
        send.send_anew(archive, one.files, one.deleted)


def _replace(path: Path) -> None:
    """Put a file that was written anew in the place of the old one, where it is not there yet."""
    fresh = rewrite.fresh(path)
    if fresh.exists():
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
        sync_folder(path.parent)


def odd(data: Path, archive: Place) -> list[str]:
    """Files that no erasure touches and that may have what is forgotten: set aside as damaged, or put there by a person."""
    with disk.told(f"reading {data}", "nothing was changed"):
        aside = [str(path) for path in data.rglob("*.damaged-*") if path.is_file()]
    here = set(names.all_here(archive.folder))
    others = (f"{archive.folder if name in here else archive}/{name}" for name in not_of_runs(archive))
    return sorted({*aside, *others})
