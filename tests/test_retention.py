"""What is forgotten goes whole, and does not come back while its feed still lists it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from demo.newsroom import Newsroom
from extract.records import Article, Ask, Copy, Entry, Outcome, Page
from extract.sandbox import Sandbox
from extract.tracked import Match, Topic
from flows.line import forget
from flows.line.forget import decide_limits
from flows.line.work import alone
from flows.settings import Settings
from storage import archive, duck
from storage.retention import Limits
from storage.write.batch import Batch, Run
from tests.empty import empty
from tests.line import Line
from tests.typed import configure, here

NOW = datetime(2026, 11, 1, tzinfo=UTC)
TOPICS = {"good": Topic("good", "good"), "month": Topic("month", "month")}
TABLES = ("articles", "versions", "copies", "stories", "article_topics", "story_topics", "entries", "tombstones")


def counts(line: Line) -> dict[str, int]:
    return {table: int(line.ask(f"SELECT count(*) FROM {table}")[0][0]) for table in TABLES}


def test_what_was_forgotten_stays_away_though_its_feed_lists_it(stored: Line) -> None:
    before = counts(stored)
    now = datetime.now(UTC)
    with alone("forget", stored.settings(), stored.sandbox) as work:
        said = forget.look(work, Limits(now + timedelta(days=1)))
    assert counts(stored) == before
    files = archive.files(stored.warehouse.archive)
    gone = stored.forget(Limits(now + timedelta(days=1)))
    assert gone.chosen == said.chosen
    assert len(gone.chosen.articles) == before["articles"] > 0
    assert set(files) == set(gone.whole)
    assert all("/forget-" in name for name in archive.files(stored.warehouse.archive)), "a journal of what went"
    row = stored.run()
    after = counts(stored)
    assert row["stored"] == 0
    assert after["articles"] == after["copies"] == after["stories"] == after["article_topics"] == 0
    entries = gone.chosen.entries
    assert stored.ask("SELECT count(*) FROM tombstones WHERE feed_id <> 0") == [(entries,)]
    assert after["entries"] == before["entries"] - entries


def test_a_story_of_which_something_is_new_stays_whole(stored: Line) -> None:
    first = stored.ask("SELECT max(finished_at) FROM runs")[0][0]
    stored.newsroom.day = 2
    stored.run()
    whole = dict(stored.ask("SELECT story_id, articles FROM stories"))
    stored.forget(Limits(first))
    stored.run()
    kept = dict(stored.ask("SELECT story_id, articles FROM stories"))
    assert kept.items() < whole.items() and kept
    assert stored.ask("SELECT count(*) FROM credits WHERE article_id NOT IN (SELECT article_id FROM articles)") == [
        (0,)
    ]


def test_the_command_says_what_goes_and_asks(stored: Line, tmp_path: Path) -> None:
    configure(tmp_path, stored.newsroom)
    assert "0 stories" in here("forget", "--older-than", "30").stdout
    assert here("forget", "--older-than", "0").returncode == 2


def test_without_a_yes_nothing_goes(
    tmp_path: Path, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, stored: Line
) -> None:
    configure(tmp_path, newsroom)
    later = datetime.now(UTC) + timedelta(days=40)

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]  # a stopped clock
            return later

    monkeypatch.setattr("flows.commands.forget.datetime", Later)
    before = counts(stored)
    said = here("forget", "--older-than", "30", stdin=b"n\n")
    assert said.returncode == 0 and "nothing was deleted" in said.stdout
    assert counts(stored) == before
    assert "deleted" in here("forget", "--older-than", "30", "--yes").stdout
    assert counts(stored)["articles"] == 0


def test_topics_keep_their_stories_as_long_as_they_say(tmp_path: Path, sandbox: Sandbox) -> None:
    """[keep] articles = "matching": what is on no topic goes first, a topic's own time counts, the longest of several."""
    settings = msgspec.convert(
        {
            "data": str(tmp_path),
            "keep": {"articles": "matching", "others_days": 7},
            "topics": {"good": {"query": "good"}, "month": {"query": "month", "keep_days": 30}},
        },
        Settings,
    )
    warehouse = empty(tmp_path)
    for n, text in enumerate(("on good", "on a month", "on none", "on good and a month"), 1):
        article = Article(n, f"https://a.example/{n}", title="T", text=text, fetched_at=NOW, text_hash=n)
        topics = [t for name, t in TOPICS.items() if name in text]
        batch = Batch(
            run=Run(n, f"test-{n}", "load", NOW),
            now=NOW,
            outcomes=[Outcome(Entry(n, 1, article.url), "stored", article=article, article_id=n)],
            copies=[Copy(n, n, n, "original", 1.0, 1.0)],
            topics=list(TOPICS.values()),
            matches=[Match(t.name, 1, n, 0.5, (t.name,), "") for t in topics],
        )
        warehouse.commit(batch)
    warehouse.finish_topics(list(TOPICS.values()))
    left = {}
    for days in (6, 8, 31):
        with alone("forget", settings, sandbox) as work:
            forget.delete(work, decide_limits(settings, NOW + timedelta(days=days)), NOW + timedelta(days=days))
        left[days] = sorted(warehouse.stories_since(None))
    assert left == {6: [1, 2, 3, 4], 8: [1, 2, 4], 31: [1, 4]}


def test_the_default_keeps_everything(tmp_path: Path, newsroom: Newsroom) -> None:
    configure(tmp_path, newsroom)
    assert "the settings keep everything" in here("forget").stdout


def test_an_address_that_another_entry_keeps_stays_in_the_archive(tmp_path: Path, sandbox: Sandbox) -> None:
    """An entry past its time that led to nothing goes alone: the article, its page and what comes of it later stay."""
    settings = msgspec.convert(
        {
            "data": str(tmp_path),
            "keep": {"articles": "matching", "others_days": 7},
            "topics": {"good": {"query": "good"}},
        },
        Settings,
    )
    warehouse = empty(tmp_path)
    url = "https://a.example/1"
    with archive.ArchiveWriter(warehouse.archive, f"ingest-{NOW:%Y%m%dT%H%M%SZ}", NOW) as writer:
        kept = writer.keep(Page(Ask(url, "page", url, 1000), url, 200, (), b"a page", NOW, 0.1))
    article = Article(
        1, url, url, text="good", fetched_at=NOW, text_hash=1, warc_file=kept.warc_file, warc_offset=kept.warc_offset
    )
    warehouse.commit(
        Batch(
            run=Run(1, "ingest-1", "ingest", NOW, archive_file=kept.warc_file),
            now=NOW,
            outcomes=[
                Outcome(Entry(1, 1, url), "stored", article=article, article_id=1),
                Outcome(Entry(2, 2, url, title="again"), "refused"),
            ],
            copies=[Copy(1, 1, 1, "original", 1.0, 1.0)],
            topics=[TOPICS["good"]],
            matches=[Match("good", 1, 1, 0.5, ("good",), "")],
        )
    )
    warehouse.finish_topics([TOPICS["good"]])
    later = NOW + timedelta(days=9)
    with alone("forget", settings, sandbox) as work:
        gone = forget.delete(work, decide_limits(settings, later), later)
        assert (gone.chosen.entries, len(gone.chosen.articles), list(gone.files)) == (1, 0, [])
        assert archive.read_page(warehouse.archive, kept.warc_file, kept.warc_offset).body == b"a page"
        assert work.warehouse.forgotten([url]) == set()


def test_the_file_in_which_an_article_that_stays_was_listed_first_is_needed(
    tmp_path: Path, sandbox: Sandbox, newsroom: Newsroom
) -> None:
    line = Line(tmp_path, newsroom, sandbox)
    line.run()
    first, *_ = archive.files(line.warehouse.archive)
    past = Limits(NOW - timedelta(days=999), {"another": datetime.now(UTC) + timedelta(days=2)})  # of which nothing is
    with duck.open_file(line.warehouse.path) as c:  # as if a poll had listed all of it, and a later run fetched it
        c.execute("UPDATE articles SET warc_file = 'another'")
    assert line.warehouse.what_goes(past)[1] == ()
    with duck.open_file(line.warehouse.path) as c:
        c.execute("UPDATE entries SET first_seen_at = first_seen_at - INTERVAL 1 YEAR")
    assert line.warehouse.what_goes(past)[1] == (first,)
