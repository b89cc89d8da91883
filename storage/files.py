"""What a file system keeps through a power cut."""

import os
import shutil
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make what was created or renamed in a folder as safe as the files themselves: their entries are the folder's."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Put a whole file in the place of another, by one rename; raises OSError, and the old one is untouched.

    A link stays a link, and the file keeps its permissions.
    """
    path = path.resolve()
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        if path.exists():
            shutil.copymode(path, fresh)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
