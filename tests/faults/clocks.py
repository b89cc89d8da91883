"""A clock that is wrong: whatever module of ours asks for the time is told another one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from typing import Any

ROOMS = ("extract", "storage", "flows", "tests.line", "tests.faults.acts")


@contextmanager
def off(ahead: float) -> Iterator[None]:
    """Inside, the clock is so many seconds ahead."""

    class Off(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain one, which can be sent to readers
            return datetime.now(tz) + timedelta(seconds=ahead)

    changed: list[Any] = [
        module
        for name, module in sys.modules.items()
        if name.startswith(ROOMS) and getattr(module, "datetime", None) is datetime
    ]
    for module in changed:
        module.datetime = Off
    try:
        yield
    finally:
        for module in changed:
            module.datetime = datetime
