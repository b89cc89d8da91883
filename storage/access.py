"""Who may read a data folder. Pages, texts, passwords and Prefect's database are their owner's alone; a group of the person's
choice may be let in to the warehouse and the reports.

    data/work, prefect, archive, parts         0700
    data/warehouse.duckdb, data/reports        0600 and 0700, with a group 0640 and 0750
"""

import grp
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from extract.errors import BadInput, Broken

OWN = ("work", "prefect", "archive", "parts")  # nobody else's business
SHARED = ("warehouse.duckdb", "reports")  # what a group may be let in to


@dataclass(frozen=True, slots=True)
class Door:
    """One file or folder, and how it is to be."""

    path: Path
    mode: int
    group: int | None  # None: as it is

    @property
    def is_right(self) -> bool:
        """Whether it is so, or stricter."""
        found = self.path.stat()
        wider = stat.S_IMODE(found.st_mode) & 0o077 & ~self.mode
        shut = self.group is not None and (
            found.st_gid != self.group or self.mode & ~stat.S_IMODE(found.st_mode) & 0o070
        )
        return not wider and not shut


def group_id(name: str) -> int | None:
    """The number of a group by its name, None for no name; raises BadInput for a group that there is not."""
    if not name:
        return None
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError as error:
        raise BadInput(
            f"[share] group = {name!r}: there is no such group on this machine (`getent group` lists them)"
        ) from error


def doors(data: Path, group: str) -> list[Door]:
    """How what is there of a data folder is to be."""
    gid = group_id(group)
    found = [Door(data / name, 0o700, None) for name in OWN]
    for name in SHARED:
        path = data / name
        inside = sorted(path.rglob("*")) if path.is_dir() else []
        for one in (path, *inside):
            open_to = 0o700 if one.is_dir() else 0o600
            found.append(Door(one, open_to | (open_to & 0o500) >> 3 if gid is not None else open_to, gid))
    return [door for door in found if door.path.exists()]


def mend(data: Path, group: str) -> Iterator[str]:
    """Make a data folder as it is to be, itself where it does not exist yet; tells of each thing that was mended. Raises
    Broken, naming it, where something cannot be."""
    gid = group_id(group)
    _make(data, gid)
    for door in doors(data, group):
        with suppress(FileNotFoundError):  # written anew meanwhile
            if door.is_right:
                continue
            before = stat.S_IMODE(door.path.stat().st_mode)
            try:
                set_door(door)
            except Broken as error:
                if gid is not None:
                    raise
                yield f"{error}: others on this machine may read it"
                continue
            if not door.is_right:
                yield f"{door.path} stays open to others ({before:04o}): its file system keeps no permissions"
                continue
            yield (
                f"{door.path} was open to others ({before:04o}); now it is not ({door.mode:04o})"
                if before & 0o077 & ~door.mode
                else f"{door.path} is open to the group {group} now"
            )


def _make(data: Path, gid: int | None) -> None:
    """The data folder, where there is none: its owner's, and with a group that one's to enter."""
    try:
        if not data.exists():
            data.mkdir(parents=True, mode=0o700)
            if gid is not None:
                set_door(Door(data, 0o750, gid))
    except OSError as error:
        raise Broken(f"{data} cannot be made: {error.strerror}; choose another data folder") from error


def set_door(door: Door) -> None:
    """Make one thing as it is to be; raises Broken where it cannot be."""
    try:
        if door.group is not None:
            os.chown(door.path, -1, door.group)
        door.path.chmod(door.mode)
    except OSError as error:
        out = "be a member of that group, or root" if door.group is not None else "is it yours?"
        raise Broken(f"the permissions of {door.path} cannot be set ({error.strerror}): {out}") from error


def let_in(data: Path, group: str, *names: str) -> None:
    """Let the group of the settings in to these files of the data folder, which were written just now."""
    if group:
        for door in doors(data, group):
            if str(door.path.relative_to(data)) in names:
                set_door(door)


def shared(path: Path, group: str) -> None:
    """Let the group of the settings in to a file that is about to be published; without one it stays as it was made, its
    owner's alone."""
    if (gid := group_id(group)) is not None:
        set_door(Door(path, 0o640, gid))


def wrong(data: Path, group: str) -> list[str]:
    """What of a data folder is open to more people than it should be, or shut to the group that should get in."""
    said = []
    for door in doors(data, group):
        with suppress(FileNotFoundError):
            if not door.is_right:
                said.append(f"{door.path} ({stat.S_IMODE(door.path.stat().st_mode):04o})")
    return said
