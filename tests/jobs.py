"""Jobs for readers, here and on a cluster, in place of reading a page; the first part of each is the page's body."""

import os
import time
from pathlib import Path
from typing import Any

from extract.errors import NotAFeed


def size(body: bytes, *_: Any) -> int:
    return len(body)


def slowly(body: bytes, seconds: float) -> int:
    """Takes so much of the processor's time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return len(body)


def what(body: bytes, how: str) -> int:
    """Ends as it is told."""
    if how == "spin":
        while True:
            pass
    if how == "abort":
        os.abort()
    if how == "refuse":
        raise NotAFeed("no feed here")
    if how == "fail":
        raise KeyError("a key")
    return len(body)


def spin_once(body: bytes, mark: str) -> str:
    """Takes for ever the first time, and no time the second."""
    if not Path(mark).exists():
        Path(mark).touch()
        what(body, "spin")
    return "read"


def papers(body: bytes, files: tuple[Path, ...]) -> list[tuple[str, str]]:
    """Where each file lies, and what it says."""
    return [(str(path), path.read_text()) for path in files]
