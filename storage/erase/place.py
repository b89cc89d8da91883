"""The files of an erasure whose rows are gone, put in place; doing it again, after a kill at any moment, changes nothing.

working file written anew ─ published ─ archive files renamed ─ what was made from them emptied

The published file comes before the archive, so that at each moment the places that it tells of are those of the archive it
stands beside, or the erasure stands in it and is finished from it.
"""

from collections.abc import Sequence
from pathlib import Path

from storage import compact, disk, duck, generation, publish, upgrade
from storage.archive import odd as not_of_runs
from storage.derived import beside, index_mark
from storage.erase import rewrite
from storage.erase.pending import Pending, all_of
from storage.files import sync_folder
from storage.retention import delete_files


def pending(working: Path) -> list[Pending]:
    """The erasures that a working file has and that are not done."""
    with duck.open_file(working) as c:
        return all_of(c)


def settle(working: Path, published: Path, archive: Path, derived: Path, index: Path, group: str) -> Sequence[Pending]:
    """Finish what erasures left of files; gives those erasures. Raises Broken where the disk refuses: the next try goes on from
    there. The caller holds the pipeline's lock."""
    waiting = pending(working)
    if not waiting:
        return waiting
    upgrade.drop_before(working)
    compact.compact(working)
    publish.publish(working, published, group)
    generation.drop(published)  # it has what was published before
    for one in waiting:
        with disk.told(
            f"writing files of {archive} anew", "what is kept is whole, and the rest goes with the next try"
        ):
            for name in one.files:
                _replace(archive / name)
            delete_files(archive, one.deleted)
    beside.remove(derived)  # it has the words of what went, and is made anew
    with index_mark.held(index, alone=True):
        index_mark.empty(index)
    return waiting


def _replace(path: Path) -> None:
    """Put a file that was written anew in the place of the old one, where it is not there yet."""
    fresh = rewrite.fresh(path)
    if fresh.exists():
        fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
        sync_folder(path.parent)


def odd(data: Path, archive: Path) -> list[Path]:
    """Files that no erasure touches and that may have what is forgotten: set aside as damaged, or put there by a person."""
    aside = [path for path in data.rglob("*.damaged-*") if path.is_file()]
    return sorted({*aside, *(archive / name for name in not_of_runs(archive))})
