"""Whose a store is: a mark in it and the same line beside what is here, so that a wrong bucket, an empty mount point or another
data folder's archive is told before anything is written there or believed missing."""

from pathlib import Path
from uuid import uuid4

from extract.errors import BadInput
from storage.files import replace_file
from storage.store.folder import held
from storage.store.place import MARK, RECORD, Place


def agrees(place: Place) -> None:
    """Whether the settings name the store that files have gone to; nobody is asked. Raises BadInput where they do not."""
    was = _recorded(place)[1]
    if was and was != place.elsewhere:
        says = f"archive = {place.elsewhere!r}" if place.elsewhere else "no `archive`"
        raise BadInput(
            f"archive files are at {was}, and the settings say {says}: write archive = {was!r} again, or copy them there (docs/archive.md) "
            f"and then delete {place.folder / RECORD}"
        )


def claim(place: Place) -> str:
    """Make sure that the store is this folder's; gives what is to be told. One that is nobody's is marked, one whose mark is there
    while nothing here says whose it is, is taken over, as after a restore. Raises BadInput where it is another's, and as Store says."""
    if (store := place.store) is None:
        return ""
    identity = _recorded(place)[0]
    try:
        there = store.read(MARK, 0, 1000).decode("utf-8", "replace").split()
    except FileNotFoundError:
        there = []
    if there and identity and there[0] != identity:
        raise BadInput(
            f"{place} is the archive of another data folder, by {MARK} in it: name another folder or prefix; every data folder needs its own"
        )
    if there and identity:
        return ""
    line = f"{there[0] if there else identity or uuid4().hex} {place.elsewhere}\n"
    record = place.folder / RECORD
    place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if there:
        replace_file(record, line.encode(), 0o600)
        return f"the archive at {place} is this data folder's from now on"
    fresh = record.with_name(f"{RECORD}.new")
    replace_file(fresh, line.encode(), 0o600)
    store.put(fresh, MARK, held(fresh))
    fresh.replace(record)
    return ""


def _recorded(place: Place) -> tuple[str, str]:
    """(the mark, the store) that files of here have gone to; both empty where they have not."""
    path: Path = place.folder / RECORD
    identity, _, where = path.read_text(encoding="utf-8").strip().partition(" ") if path.exists() else ("", "", "")
    return identity, where
