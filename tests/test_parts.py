"""A fetch divided among parts: the same tables as one process gives, and no host asked by two."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from extract import urls
from extract.errors import Busy
from extract.fetch.parts import part_of
from extract.records import Feed
from extract.sandbox import Sandbox
from flows import settings
from flows.line.parts import lists
from storage import archive, duck
from tests import line
from tests.faults import twin
from tests.line import settings_for
from tests.newsagent import Newsagent, answer

PARTS = 4
ONCE = settings.Fetch(allow_loopback=True, pause=0.0, timeout=60.0, retry_minutes=600.0, again_hours=0.0)
HOURLY = settings.Poll(every_minutes=60.0, shortest_minutes=60.0, longest_minutes=1440.0)


def in_parts(found: settings.Settings, parts: int = PARTS) -> settings.Settings:
    return settings.Settings(**{**_fields(found), "fetch": settings.Fetch(**{**_fields(found.fetch), "parts": parts})})


def _fields(section: settings.Section) -> dict[str, object]:
    return {name: getattr(section, name) for name in section.__struct_fields__}


def all_parts(found: settings.Settings) -> list[int]:
    """All parts fetch at once; gives what each was answered in documents."""
    came: dict[int, int] = {}
    threads = [
        threading.Thread(target=lambda p=part: came.__setitem__(p, line.fetch(found, p).documents))
        for part in range(1, found.fetch.parts + 1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[part] for part in sorted(came)]


def rounds(found: settings.Settings, sandbox: Sandbox) -> None:
    """Hand out feeds, take them in and hand out pages, take those in; and once more for what was led elsewhere."""
    line.ingest(found, sandbox)
    for _ in range(3):
        all_parts(found)
        line.ingest(found, sandbox)


# Who of two that print one text has it first is by the moment its list was looked at: another moment in each process.
WHO_FIRST = {"role", "containment", "lead_containment", "lead_article_id", "story_id", "title"}


def told_apart(ours: Path, twins: Path) -> dict[str, list[str]]:
    """table → the first row that differs, but for what is by the moment and why an entry waits."""
    mine, other = twin.tables(ours), twin.tables(twins)
    return {t: [*map(str, ((mine[t] - other[t]).keys(), (other[t] - mine[t]).keys()))] for t in other if mine[t] != other[t]}


def stories(data: Path) -> set[str]:
    """The stories, each as the addresses of its articles."""
    asked = "SELECT string_agg(url, ' ' ORDER BY url) FROM articles GROUP BY story_id"
    return {str(urls) for (urls,) in duck.ask(data / "warehouse.duckdb", asked)[1]}


@pytest.fixture
def houses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Newsroom, settings.Settings, settings.Settings]]:
    """A newsroom, and settings for one process and for four parts."""
    monkeypatch.setattr(twin, "ASIDE", twin.ASIDE | WHO_FIRST)
    with Newsroom(datetime.now(UTC)) as newsroom:
        both = []
        for name in ("one", "four"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "feeds.opml").write_text(newsroom.opml(), encoding="utf-8")
            both.append(settings_for(tmp_path / name, newsroom.topics(), poll=HOURLY, fetch=ONCE))
        yield newsroom, both[0], in_parts(both[1])


def test_four_parts_give_the_tables_that_one_process_gives(
    houses: tuple[Newsroom, settings.Settings, settings.Settings], sandbox: Sandbox
) -> None:
    newsroom, one, four = houses
    for day in (1, 2):
        newsroom.day = day
        line.ingest(one, sandbox)
        rounds(four, sandbox)
    assert stories(one.data_folder) == stories(four.data_folder)
    assert not told_apart(four.data_folder, one.data_folder)
