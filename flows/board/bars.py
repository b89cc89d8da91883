"""A step as a Prefect task: what the dashboard shows as a bar."""

import logging
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows import telling
from flows.board import steps

T = TypeVar("T")


class _Closed(Generic[T]):
    """Something Prefect does not look into: it would walk through every record of it in search of futures, which took 1.2 s a call
    with 2,000 articles."""

    def __init__(self, inside: T) -> None:
        self.inside = inside


class Bars:
    """Draws each step of a run, and counts them."""

    def __init__(self) -> None:
        self.count = 0
        # "Finished in state Completed()", eighteen times, says less than a line a step of what it did.
        logging.getLogger("prefect.task_runs").setLevel(logging.WARNING)

    def __call__(self, name: str, call: Callable[[], T], /) -> T:
        """Call a step as a task of this name."""
        self.count += 1
        began = time.monotonic()
        named = task(
            name=name.rstrip("0123456789 "), task_run_name="{label}", cache_policy=NO_CACHE, persist_result=False
        )
        drawn: _Closed[Any] = named(_draw)(name, _Closed(call))
        found: T = drawn.inside
        told = steps.told(found)
        telling.log().info("%s: %s%.1f s", name, f"{told}; " if told else "", time.monotonic() - began)
        return found


def _draw(label: str, call: _Closed[Callable[[], Any]]) -> _Closed[Any]:
    """Do it; the label is the name of the task's run."""
    return _Closed(call.inside())
