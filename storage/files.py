"""What a file system keeps through a power cut."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from storage import disk


def sync_folder(folder: Path) -> None:
    """Make what was created or renamed in a folder as safe as the files themselves: their entries are the folder's."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def private(name: str, flags: int) -> int:
    """An opener (of `open`) whose new files are their owner's alone."""
    return os.open(name, flags, 0o600)


def aside(path: Path) -> Path:
    """A name beside a damaged file that says what it is, and that nothing has yet."""
    number = 1
    while (found := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    return found


def replace_file(path: Path, content: bytes, mode: int | None = None) -> None:
    """Put a whole file in the place of another, by one rename; raises Broken, and the old one is untouched.

    A link stays a link, and the file keeps its permissions; with `mode` it gets these, whatever it had. It is never open to
    more people than the finished one, not even while it is written.
    """
    with disk.told(f"writing {path}", "it is as it was"):
        path = path.resolve()
        fresh = path.with_name(f".{path.name}.new")
        if mode is None and path.exists():
            mode = stat.S_IMODE(path.stat().st_mode)
        try:
            fresh.unlink(missing_ok=True)
            with open(fresh, "xb", opener=None if mode is None else private) as target:
                target.write(content)
                target.flush()
                if mode is not None:
                    os.fchmod(target.fileno(), mode)
                os.fsync(target.fileno())
            fresh.replace(path)
        except OSError:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
