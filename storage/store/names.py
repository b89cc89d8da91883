"""The names of archive files: which run wrote one, and when it began.

2026/11/23/ingest-20261123T060000Z.warc.gz
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage import disk

DECISION = "decision"  # begins the names of files that hold no run
SUFFIX = ".warc.gz"
_OURS = re.compile(r"[a-z]+-(?:(\d+)-)?(\d{8}T\d{6}Z)\.warc\.gz")


def began(name: str) -> datetime | None:
    """When the run began that wrote an archive file, by its name; None where it is no name of ours."""
    if len(Path(name).parts) == 4 and (named := _OURS.fullmatch(Path(name).name)):
        with suppress(ValueError):
            return datetime.strptime(named[2], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return None


def run_of(name: str) -> str:
    """The name of the run that wrote an archive file."""
    return name.rsplit("/", 1)[-1].removesuffix(SUFFIX)


def part(name: str) -> int | None:
    """Which part of a divided fetch wrote an archive file, by its name; None where none did."""
    named = _OURS.fullmatch(Path(name).name)
    return int(named[1]) if named and named[1] else None


def decides(name: str) -> bool:
    """Whether an archive file is no run's, but holds what a person has decided."""
    return Path(name).name.startswith(f"{DECISION}-")


def of_day(at: datetime) -> str:
    """What the names of files begin with whose runs began on that day; those of later days are greater."""
    return f"{at:%Y/%m/%d}"


def here(folder: Path) -> list[str]:
    """The names of the archive files of runs in a folder, in the order in which the runs began."""
    with disk.told(f"reading {folder}", "nothing was changed"):
        return ordered(str(path.relative_to(folder)) for path in folder.glob(f"*/*/*/*{SUFFIX}") if path.is_file())


def leaving(folder: Path) -> list[str]:
    """Of the archive files of runs in a folder those that need not stay: the last one of each part of a divided fetch stays, for the
    part goes by it."""
    found = here(folder)
    last = {part(name): name for name in found}
    return [name for name in found if part(name) is None or last[part(name)] != name]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The archive files that are to leave."""

    files: int
    size: int  # bytes
    since: datetime | None  # when the first of their runs began

    def __str__(self) -> str:
        return f"{self.files:,} archive file{'s' * (self.files != 1)} of {self.size / 2**20:,.1f} MiB"


def waiting(folder: Path) -> Waiting:
    """What is in a folder whose files are to go elsewhere; nobody is asked."""
    found, size = leaving(folder), 0
    for name in found:
        with suppress(FileNotFoundError):  # sent meanwhile
            size += (folder / name).stat().st_size
    return Waiting(len(found), size, began(found[0]) if found else None)


def all_here(folder: Path, since: str = "") -> list[str]:
    """The names of all that looks like an archive file in a folder; with `since` those of that day or later, and only that far is
    looked."""
    with disk.told(f"reading {folder}", "nothing was changed"):
        days = [day for day in folder.glob("*/*/*") if str(day.relative_to(folder)) >= since[:10]] if since else []
        paths = [path for day in days for path in day.glob(f"*{SUFFIX}")] if since else folder.glob(f"**/*{SUFFIX}")
        found = [str(path.relative_to(folder)) for path in paths]
    return sorted(name for name in found if not Path(name).name.startswith("."))


def ordered(found: Iterable[str]) -> list[str]:
    """Of these names those of runs, once each, in the order in which the runs began."""
    return sorted(filter(began, set(found)), key=lambda name: (began(name), name))


def delete(folder: Path, gone: Iterable[str]) -> None:
    """Delete archive files, and the folders of days that are empty then. Raises Broken where the disk refuses."""
    for name in gone:
        with disk.told(f"deleting {folder / name}", "whoever comes next deletes it"):
            unlink(folder, name)


def unlink(folder: Path, name: str) -> None:
    """The same of one file. Raises OSError."""
    path = folder / name
    path.unlink(missing_ok=True)
    for parent in list(path.parents)[:3]:
        if parent == folder or not parent.exists() or any(parent.iterdir()):
            break
        parent.rmdir()
