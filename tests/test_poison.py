"""Pages that would cost a reader minutes, gigabytes or the interpreter cost their own row, and nobody else's."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from extract.read.page import read_page
from extract.sandbox import Sandbox
from flows.settings import Read
from storage import duck
from tests.line import ingest, settings_for
from tests.pages import BODY, URL, html
from tests.poison import PAGES
from tests.promises import Tries
from tests.served import served

GOOD = html(f"<article><h1>Rain</h1>{BODY}</article>")
ODD_JSON = [
    None,
    3,
    [{"@type": ["NewsArticle", 5], "headline": [{"x": 1}], "author": {"name": None}, "datePublished": {"@value": 7}}],
]


def test_structured_data_of_any_shape_is_no_poison() -> None:
    assert read_page(html("<p>x</p>", ld=ODD_JSON), URL).title


def _read_among(
    good: int, poison: Sequence[str], folder: Path, sandbox: Sandbox, seconds: float
) -> tuple[dict[str, Any], int]:
    """One run over so many good pages and these others from a server on loopback; its row, and how many good ones are stored."""
    pages: dict[str, bytes] = {}
    for n in range(good):
        if n % max(1, good // len(poison)) == 0 and n * len(poison) // good < len(poison):
            number = n * len(poison) // good
            pages[f"/poison/{number}"] = PAGES[poison[number]]
        pages[f"/good/{n}"] = GOOD.replace(b"<h1>Rain", b"<h1>Rain on day %d of the year" % n)
    settings = settings_for(folder, {}, read=Read(seconds=seconds))
    with served(pages, folder):
        row = ingest(settings, sandbox)
    published = settings.data_folder / "warehouse.duckdb"
    stored = duck.ask(published, "SELECT count(*) FROM articles WHERE url LIKE '%/good/%' AND words > 200")[1]
    return row, int(stored[0][0])  # type: ignore[call-overload]  # a count


def test_poison_costs_its_own_row_and_all_good_pages_are_stored(
    tmp_path: Path, trials: Callable[[int, int, int], int]
) -> None:
    """Each is read, or told as poison by its clock or its memory; never by an error of the reader's own. In short: every fourth."""
    names = list(PAGES)[:: trials(4, 1, 1)]
    with Sandbox(2, seconds=1.0) as hasty:  # of the processor, lest the suite wait for 20
        row, stored = _read_among(2 * len(names), names, tmp_path, hasty, 4.0)
    assert stored == 2 * len(names)
    assert row["seen"] == 3 * len(names)
    told = duck.ask(tmp_path / "data/warehouse.duckdb", "SELECT reason FROM entries WHERE outcome = 'quarantined'")[1]
    assert 1 <= len(told) <= 14
    assert not [reason for (reason,) in told if "broke its reader" in str(reason)]


@contextmanager
def load(processes: int) -> Iterator[None]:
    """Inside, so many other processes want the processor all the time."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


@pytest.mark.promise(
    "Pages that cost their reader minutes, gigabytes or its life cost their own rows and no others, on a busy machine too"
)
@pytest.mark.timeout(12 * 3600)
def test_as_many_good_pages_as_poisonous_ones_on_a_busy_machine(
    trials: Callable[[int, int, int], int], tmp_path: Path, tries: Tries
) -> None:
    """A load of 20, and a second of the processor's time for a page."""
    pages = trials(0, 20, 500)
    if not pages:
        pytest.skip("in `make faults`")
    with load(20), Sandbox(2, seconds=1.0) as hasty:
        every = list(islice(cycle(PAGES), pages))
        row, stored = _read_among(pages, every, tmp_path, hasty, 1.0)
    tries.count = 2 * pages
    tries.failed += ["a good page is not stored"] * (pages - stored)
    assert row["seen"] == 2 * pages
