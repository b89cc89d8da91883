"""What is forgotten goes whole, and does not come back while its feed still lists it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.newsroom import Newsroom
from storage import archive, sketches
from storage.retention import Limits
from tests.line import Line
from tests.test_cli import configure, here

TABLES = ("articles", "versions", "copies", "stories", "article_topics", "story_topics", "entries", "tombstones")


def counts(line: Line) -> dict[str, int]:
    return {table: int(line.ask(f"SELECT count(*) FROM {table}")[0][0]) for table in TABLES}


def test_what_was_forgotten_stays_away_though_its_feed_lists_it(line: Line) -> None:
    line.run()
    before = counts(line)
    now = datetime.now(UTC)
    said = line.warehouse.forget(Limits(now + timedelta(days=1)), now, only_say=True)
    assert counts(line) == before
    gone = line.warehouse.forget(Limits(now + timedelta(days=1)), now)
    assert gone == said
    assert gone.articles == before["articles"] > 0
    assert archive.files(line.warehouse.archive) == []
    row = line.run()
    after = counts(line)
    assert row["stored"] == 0
    assert after["articles"] == after["copies"] == after["stories"] == after["article_topics"] == 0
    assert after["tombstones"] == gone.entries
    assert after["entries"] == before["entries"] - gone.entries


def test_a_story_of_which_something_is_new_stays_whole(line: Line) -> None:
    line.run()
    first = line.ask("SELECT max(finished_at) FROM runs")[0][0]
    line.newsroom.day = 2
    line.run()
    whole = dict(line.ask("SELECT story_id, articles FROM stories"))
    line.warehouse.forget(Limits(first), datetime.now(UTC))
    sketches.forget(line.warehouse.derived, line.warehouse.path)
    line.run()
    kept = dict(line.ask("SELECT story_id, articles FROM stories"))
    assert kept.items() < whole.items() and kept
    assert line.ask("SELECT count(*) FROM copies WHERE article_id NOT IN (SELECT article_id FROM articles)") == [(0,)]


def test_the_command_says_what_goes_and_asks(line: Line, tmp_path: Path) -> None:
    line.run()
    configure(tmp_path, line.newsroom)
    assert "0 stories" in here("forget", "--older-than", "30").stdout
    assert here("forget", "--older-than", "0").returncode == 2


def test_without_a_yes_nothing_goes(
    tmp_path: Path, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, line: Line
) -> None:
    line.run()
    configure(tmp_path, newsroom)
    later = datetime.now(UTC) + timedelta(days=40)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # a stopped clock
            return later

    monkeypatch.setattr("flows.forgetting.datetime", Later)
    before = counts(line)
    said = here("forget", "--older-than", "30", stdin=b"n\n")
    assert said.returncode == 0 and "nothing was deleted" in said.stdout
    assert counts(line) == before
    assert "deleted" in here("forget", "--older-than", "30", "--yes").stdout
    assert counts(line)["articles"] == 0
