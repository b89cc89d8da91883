"""A page and a feed a topic, and what is sent to be read: of both days of the newsroom."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from extract.poll import feeds
from extract.records import Feed
from flows.board.paper import atom, dossiers, newspaper, pages, sent
from flows.settings import Settings
from storage import duck
from storage.look import dossier, edition
from tests.houses import Houses
from tests.line import Line, settings_for

TOPIC = "Ferry strike"


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory, houses: Houses) -> Line:
    """Both days of the newsroom, stored."""
    return houses.line(tmp_path_factory.mktemp("dossiers"), 2)


@pytest.fixture
def found(two_days: Line, tmp_path: Path) -> Settings:
    """Settings over a copy of its published warehouse, in which no page is written yet."""
    (tmp_path / "data").mkdir()
    shutil.copy(two_days.warehouse.published, tmp_path / "data" / "warehouse.duckdb")
    return settings_for(tmp_path, two_days.newsroom.topics())


def today(line: Line) -> date:
    """The last day on which something was seen, which is over where midnight came meanwhile."""
    return date.fromisoformat(str(line.ask("SELECT max(seen_day) FROM articles")[0][0]))


def mark(found: Settings) -> dossier.Mark:
    return next(m for m in dossier.marks(found.data_folder / "warehouse.duckdb") if m.topic == TOPIC)


def test_a_topics_page_and_feed_are_written_once_and_again_only_where_something_changed(found: Settings) -> None:
    first = dossiers.write(found)
    assert {p.stem for p in first} == {dossiers.name_of(name) for name in found.topics}
    assert dossiers.write(found) == []
    page = next(p for p in first if p.stem.startswith("ferry-strike"))
    assert {p.stat().st_mode & 0o777 for p in (page.parent, page.parent.parent)} == {0o700}
    assert (page.stat().st_mode & 0o777, page.with_suffix(".atom").stat().st_mode & 0o777) == (0o600, 0o600)
    page.with_suffix(".atom").unlink()
    assert dossiers.write(found) == [page], "a page without its feed is not whole"
    with duck.open_file(found.data_folder / "warehouse.duckdb") as c:
        c.execute(
            "UPDATE story_topics SET snippet = 'other words' WHERE story_id = (SELECT min(story_id) FROM story_topics WHERE topic = ?)",
            [TOPIC],
        )
    assert page in dossiers.write(found), "a passage changed"
    other = page.with_name("gone.html")
    other.write_bytes(page.read_bytes())
    assert (dossiers.write(found), other.exists()) == ([], False), "of a topic that is no more"
    assert dossiers.write(found, TOPIC) == [page]
    assert dossiers.write(found, "nothing") == []


def test_a_page_says_what_is_kept_on_its_topic_and_runs_nothing(found: Settings, two_days: Line) -> None:
    told = dossier.of(found.data_folder / "warehouse.duckdb", mark(found))
    page = dossiers.html(told).decode()
    (stories,) = two_days.ask(f"SELECT count(*) FROM topic_stories WHERE topic = '{TOPIC}'")[0]
    assert len(told.stories.rows) == stories == told.mark.stories
    assert f"{stories} stories" in page and "Meridian News Agency" in page and "Nothing on it from" in page
    assert "<script" not in page and "default-src &#39;none&#39;" not in page and "default-src 'none'" in page
    evil = "<script>alert(1)</script>"
    rows = [row | {"title": evil, "snippet": f"**{evil}**", "outlet": evil} for row in told.stories.rows]
    assert "<script" not in dossiers.html(replace(told, stories=replace(told.stories, rows=rows))).decode()


def test_the_feed_is_valid_for_feedparser_and_for_our_own_reader(found: Settings, two_days: Line) -> None:
    dossiers.write(found)
    body = (found.data_folder / dossiers.FOLDER / f"{dossiers.name_of(TOPIC)}.atom").read_bytes()
    theirs = feedparser.parse(body)
    assert (theirs.bozo, theirs.version) == (False, "atom10")
    ids = [str(story) for (story,) in two_days.ask(f"SELECT story_id FROM topic_stories WHERE topic = '{TOPIC}'")]
    assert sorted(e.id.rpartition(":")[2] for e in theirs.entries) == sorted(ids), "an entry a story, none for a copy"
    url = "http://herald.example/topic.atom"
    ours = feeds.parse(body, Feed(1, url), url, datetime.now(UTC))
    assert [e.title for e in ours.entries] == [e.title for e in theirs.entries]
    assert all(e.published_at is not None and e.url and e.summary for e in ours.entries)


def test_equal_stories_give_equal_bytes_and_odd_ones_a_valid_feed(found: Settings) -> None:
    told = dossier.of(found.data_folder / "warehouse.duckdb", mark(found))
    assert atom.feed(told.mark, told.stories.rows, "a") == atom.feed(told.mark, told.stories.rows, "a")
    odd = told.stories.rows[0] | {
        "title": "a\x00<b> & \ud800",
        "url": "javascript:alert(1)",
        "agency": "x\x0b",
        "published_at": None,
    }
    body = atom.feed(told.mark, [odd], "a b")
    read = feedparser.parse(body)
    assert read.bozo is False and b"javascript" not in body
    assert feedparser.parse(atom.feed(told.mark, [], "a")).bozo is False


@pytest.mark.parametrize("topic", ["storm", "Storm", "Krieg & Frieden", "../../etc", "火山", "x" * 100, "ndß"])
def test_a_topics_files_have_names_of_their_own_inside_the_folder(topic: str) -> None:
    name = dossiers.name_of(topic)
    assert name and "/" not in name and "." not in name and len(name.encode()) < 200
    assert (name == topic) == (
        topic
        in (
            "storm",
            "火山",
        )
    )
    assert len({dossiers.name_of(t) for t in (topic, topic.upper(), f"{topic}!", topic.title())}) >= len(
        {topic, topic.upper()}
    )


def test_the_day_leads_to_its_topics(found: Settings, two_days: Line) -> None:
    dossiers.write(found)
    page = newspaper.write(found, today(two_days))
    name = dossiers.name_of(TOPIC)
    assert (
        f'href="topics/{name}.html"' in page.read_text()
        and f'href="topics/{name}.atom"' in page.with_name("index.html").read_text()
    )


def test_a_day_leads_to_the_days_that_have_a_page_and_to_no_other(found: Settings) -> None:
    today = datetime.now(UTC).date()
    earlier, later = today - timedelta(days=5), today - timedelta(days=2)
    page = newspaper.write(found, earlier)
    assert f"{today - timedelta(days=4)}.html" not in page.read_text() and 'href="2' not in page.read_text()
    newspaper.write(found, later)
    assert f'href="{later}.html"' in page.read_text(), "the one before leads to the new one now"
    assert f'href="{earlier}.html"' in page.with_name(f"{later}.html").read_text()


def test_what_is_sent_says_the_day_and_the_new_stories_of_a_run_with_copies_folded(two_days: Line) -> None:
    path = two_days.warehouse.published
    words = sent.day_text(edition.of(path, today(two_days)))
    (articles,) = two_days.ask("SELECT count(*) FROM articles")[0]
    assert f"{articles} articles" in words and "Ferry crews walk out" in words and "feeds answered" in words
    runs = [run for (run,) in two_days.ask("SELECT run_id FROM runs ORDER BY started_at")]
    new = [dossier.new_in(path, run) for run in runs]
    on_both = [{row["story_id"] for row in found.get(TOPIC, [])} for found in new]
    (all_of_them,) = two_days.ask(f"SELECT list(story_id) FROM topic_stories WHERE topic = '{TOPIC}'")[0]
    assert sorted(on_both[0] | on_both[1]) == sorted(all_of_them) and not on_both[0] & on_both[1]
    text = sent.matches_text(TOPIC, new[0][TOPIC])
    assert text.startswith(f"{TOPIC}: {len(on_both[0])} new stor") and "other outlets)" in text


def test_clocks_are_of_the_zone_that_days_are_of() -> None:
    moment = datetime(2026, 11, 28, 14, 14, tzinfo=UTC)
    shown = pages._environment().from_string('{{ (at | there(zone)).strftime("%d %b, %H:%M") }}')
    assert [shown.render(at=moment, zone=zone) for zone in ("UTC", "Pacific/Auckland", "America/Lima")] == [
        "28 Nov, 14:14", "29 Nov, 03:14", "28 Nov, 09:14"
    ]  # fmt: skip
