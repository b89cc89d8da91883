"""A fetch divided among parts: the same tables as one process gives, and no host asked by two."""

import stat
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from demo.newsroom import Newsroom
from extract.errors import Busy
from extract.fetch.parts import part_of
from extract.records import Page
from extract.sandbox import Sandbox
from flows import house, settings
from flows.board.up import deploy, server
from flows.board.up.names import Names
from flows.commands import _replayed, status
from flows.line import forget
from flows.line.anew.rebuild import rebuild
from flows.line.load import load
from flows.line.parts import lists
from flows.line.work import alone
from storage import access, archive, compare, duck
from storage.erase.rows import Asked
from storage.warehouse import Warehouse
from tests import line
from tests.board import Board
from tests.faults import twin
from tests.line import settings_for
from tests.newsagent import Newsagent, answer
from tests.parted import HOURLY, ONCE, PARTS, Press, all_due, all_parts, articles, in_parts, rounds
from tests.typed import here, newsduck

# Who of two that print one text has it first is by the moment its list was looked at: another moment in each process. And tries of a
# page that changed are counted anew where a list was taken in before the page is fetched, as after any poll.
WHO_FIRST = {"attempts", "role", "containment", "lead_containment", "lead_article_id", "story_id", "title"}


def told_apart(ours: Path, twins: Path) -> dict[str, list[str]]:
    """table → the first row that differs, but for what is by the moment and why an entry waits."""
    mine, other = twin.tables(ours), twin.tables(twins)
    return {
        t: [*map(str, ((mine[t] - other[t]).keys(), (other[t] - mine[t]).keys()))] for t in other if mine[t] != other[t]
    }


def stories(data: Path) -> set[str]:
    """The stories, each as the addresses of its articles."""
    asked = "SELECT string_agg(url, ' ' ORDER BY url) FROM articles GROUP BY story_id"
    return {str(urls) for (urls,) in duck.ask(data / "warehouse.duckdb", asked)[1]}


@pytest.fixture
def houses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Newsroom, settings.Settings, settings.Settings]]:
    """A newsroom, and settings for one process and for four parts."""
    monkeypatch.setattr(twin, "ASIDE", twin.ASIDE | WHO_FIRST)
    with Newsroom(datetime.now(UTC)) as newsroom:
        both = []
        for name in ("one", "four"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "feeds.opml").write_text(newsroom.opml(), encoding="utf-8")
            both.append(settings_for(tmp_path / name, newsroom.topics(), poll=HOURLY, fetch=ONCE))
        yield newsroom, both[0], in_parts(both[1])


@pytest.mark.promise("A fetch divided among parts leaves the tables that one process leaves, and is rebuilt as it was")
def test_four_parts_give_the_tables_that_one_process_gives(
    houses: tuple[Newsroom, settings.Settings, settings.Settings],
    sandbox: Sandbox,
    trials: Callable[[int, int, int], int],
) -> None:
    newsroom, one, four = houses
    for day in (1, 2)[: trials(1, 2, 2)]:
        newsroom.day = day
        for either in (one, four):
            all_due(either)
        line.ingest(one, sandbox)
        rounds(four, sandbox)
    assert stories(one.data_folder) == stories(four.data_folder)
    assert not told_apart(four.data_folder, one.data_folder)


@pytest.fixture
def press(tmp_path: Path) -> Iterator[tuple[Press, settings.Settings]]:
    with Newsagent() as agent:
        press = Press(agent)
        (tmp_path / "feeds.opml").write_text(press.opml(), encoding="utf-8")
        yield press, in_parts(settings_for(tmp_path, {}, poll=HOURLY, fetch=ONCE))


def test_each_document_is_asked_for_once_and_no_host_by_two_at_once(
    press: tuple[Press, settings.Settings], sandbox: Sandbox
) -> None:
    site, found = press
    assert len({part_of(f"http://{host}/", PARTS) for host in site.hosts}) > 1
    rounds(found, sandbox)
    assert len(articles(found)) == 48
    assert set(site.asked.values()) == {1}
    assert not site.at_once


def test_a_redirect_into_another_part_is_followed_by_that_part(
    press: tuple[Press, settings.Settings], sandbox: Sandbox
) -> None:
    site, found = press
    one = site.hosts[0]
    other = next(h for h in site.hosts if part_of(f"http://{h}/", PARTS) != part_of(f"http://{one}/", PARTS))
    moved, there = site.lists[one][0], "/moved-page"
    site.agent.on(there, site._answer)
    site.led[one, moved] = site.agent.url(there, other)
    site.led[one, "/feed"] = site.agent.url("/feed", other)
    site.led[other, site.lists[other][1]] = site.agent.url(site.lists[other][1], other)  # a loop
    line.ingest(found, sandbox)
    all_parts(found)
    line.ingest(found, sandbox)
    assert site.asked[one, "/feed"] == 1
    rounds(found, sandbox)
    rows = duck.ask_rows(found.data_folder / "warehouse.duckdb", "SELECT url, fetched_url FROM articles")
    assert site.agent.url("/feed", one) not in {row["url"] for row in rows}
    feeds = duck.ask_rows(found.data_folder / "warehouse.duckdb", "SELECT url, last_outcome FROM feeds")
    assert {feed["url"]: feed["last_outcome"] for feed in feeds}[site.agent.url("/feed", one)] == "new"
    assert site.asked[one, moved] <= 1
    assert not site.at_once


@pytest.mark.apart
def test_redirects_from_part_to_part_and_back_end(press: tuple[Press, settings.Settings], sandbox: Sandbox) -> None:
    site, found = press
    one = site.hosts[0]
    other = next(h for h in site.hosts if part_of(f"http://{h}/", PARTS) != part_of(f"http://{one}/", PARTS))
    here, there = site.lists[one][0], site.lists[other][0]
    site.led[one, here] = site.agent.url(there, other)
    site.led[other, there] = site.agent.url(here, one)
    rounds(found, sandbox)
    rounds(found, sandbox)
    asked = f"SELECT reason, attempts FROM entries WHERE url = '{site.agent.url(here, one)}'"
    (entry,) = duck.ask_rows(found.data_folder / "warehouse.duckdb", asked)
    assert "round in a circle" in str(entry["reason"]) and entry["attempts"] == 1
    assert site.asked[one, here] <= 2


def test_a_part_that_died_goes_on_where_it_was_and_nothing_is_lost(
    press: tuple[Press, settings.Settings], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, found = press
    line.ingest(found, sandbox)
    all_parts(found)
    line.ingest(found, sandbox)
    kept: list[str] = []
    whole = archive.ArchiveWriter.keep

    def dies(self: archive.ArchiveWriter, page: Page) -> Page:
        if len(kept) == 5:
            raise KeyboardInterrupt
        kept.append(page.url)
        return whole(self, page)

    part = part_of(f"http://{site.hosts[0]}/", PARTS)
    monkeypatch.setattr(archive.ArchiveWriter, "keep", dies)
    with pytest.raises(KeyboardInterrupt):
        line.fetch(found, part)
    monkeypatch.undo()
    assert line.fetch(found, part).before >= 5
    all_parts(found)  # the others, and this one has nothing left
    line.ingest(found, sandbox)
    assert len(articles(found)) == 48
    twice = {asked: n for asked, n in site.asked.items() if n > 1}
    assert len(twice) <= 4, "but for what was on its way when it died"
    assert not site.at_once


def test_a_part_that_died_before_its_first_record_leaves_nothing(
    press: tuple[Press, settings.Settings], sandbox: Sandbox
) -> None:
    _, found = press
    line.ingest(found, sandbox)
    now = datetime.now(UTC)
    begun = house.warehouse(found).archive.path(archive.file_name(f"fetch-1-{now:%Y%m%dT%H%M%SZ}", now))
    begun.parent.mkdir(parents=True, exist_ok=True)
    begun.touch()
    line.ingest(found, sandbox)
    assert not list(begun.parent.glob(f"{begun.name}*"))


def test_what_polls_take_in_waits_for_the_ingest(press: tuple[Press, settings.Settings], sandbox: Sandbox) -> None:
    site, found = press
    line.poll(found, sandbox)
    all_parts(found)
    line.poll(found, sandbox)  # takes in feeds, hands out their pages
    all_parts(found)
    line.poll(found, sandbox)  # takes in pages, and keeps them
    line.poll(found, sandbox)
    assert articles(found) == []
    line.ingest(found, sandbox)
    assert len(articles(found)) == 48
    assert set(site.asked.values()) == {1}


def test_an_index_of_sitemaps_is_looked_at_once_all_of_it_is_there(tmp_path: Path, sandbox: Sandbox) -> None:
    with Newsagent() as agent:

        def at(path: str) -> str:
            return agent.url(path, "maps.localhost")

        parts = "".join(f"<sitemap><loc>{at(f'/news{n}.xml')}</loc></sitemap>" for n in (1, 2))
        agent.shelf["/index.xml"] = answer(f"<sitemapindex>{parts}</sitemapindex>", content_type="text/xml")
        for n in (1, 2):
            told = f"<news:news><news:title>Council argues over bridge {n}</news:title></news:news>"
            entry = f"<url><loc>{at(f'/page{n}')}</loc>{told}</url>"
            agent.shelf[f"/news{n}.xml"] = answer(f"<urlset>{entry}</urlset>", content_type="text/xml")
        (tmp_path / "feeds.opml").write_text(
            f'<opml version="2.0"><body><outline xmlUrl="{at("/index.xml")}"/></body></opml>'
        )
        found = in_parts(settings_for(tmp_path, {}, poll=HOURLY, fetch=ONCE))
        rounds(found, sandbox)
        asked = Counter(agent.paths())
    polls = duck.ask_rows(found.data_folder / "warehouse.duckdb", "SELECT outcome, entries_seen FROM polls")
    assert polls == [{"outcome": "new", "entries_seen": 2}]
    assert asked["/index.xml"] == asked["/news1.xml"] == asked["/news2.xml"] == asked["/page1"] == 1


def test_a_part_at_work_is_left_alone_and_taken_in_later(
    press: tuple[Press, settings.Settings], sandbox: Sandbox
) -> None:
    _, found = press
    line.ingest(found, sandbox)
    all_parts(found)
    data, now = found.data_folder, datetime.now(UTC)
    before = lists.read(data, 1)
    with lists.asked_by(data, 1, "fetch 1", now):
        with pytest.raises(Busy, match="part 1"):
            line.fetch(found, 1)
        line.ingest(found, sandbox)
        assert lists.read(data, 1) == before
    rounds(found, sandbox)
    assert len(articles(found)) == 48


def test_what_parts_are_given_is_their_owners_alone(press: tuple[Press, settings.Settings], sandbox: Sandbox) -> None:
    _, found = press
    line.ingest(found, sandbox)
    folder = found.data_folder / lists.FOLDER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    assert any("parts" in told for told in access.mend(found.data_folder, ""))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_part_that_nobody_runs_is_told(press: tuple[Press, settings.Settings], sandbox: Sandbox) -> None:
    _, found = press
    line.ingest(found, sandbox)
    for part in (1, 2, 3):
        line.fetch(found, part)
    line.ingest(found, sandbox)
    path, now = Warehouse(found.data_folder).published, datetime.now(UTC)
    assert status.idle_parts(found, path, now) == []
    late = status.idle_parts(found, path, now + timedelta(days=3))
    assert "part 4 has fetched nothing for two days" in late


@pytest.mark.apart
def test_another_number_of_parts_and_none_take_in_what_there_is(
    press: tuple[Press, settings.Settings], sandbox: Sandbox
) -> None:
    site, found = press
    line.ingest(found, sandbox)
    all_parts(found)
    two = in_parts(found, 2)
    line.ingest(two, sandbox)
    all_parts(two)
    line.ingest(in_parts(found, 1), sandbox)
    assert len(articles(found)) == 48
    assert max(n for (_, path), n in site.asked.items() if path != "/robots.txt") == 1


@pytest.mark.apart
def test_what_is_forgotten_is_not_fetched_by_a_part(press: tuple[Press, settings.Settings], sandbox: Sandbox) -> None:
    site, found = press
    line.poll(found, sandbox)
    all_parts(found)
    line.poll(found, sandbox)
    gone = site.agent.url(site.lists[site.hosts[0]][0], site.hosts[0])

    def loads_and_dies(*told: Any, **named: Any) -> None:
        load(*told, **named)
        raise KeyboardInterrupt

    with (
        pytest.MonkeyPatch.context() as patch,
        pytest.raises(KeyboardInterrupt),
        alone("forget", found, sandbox) as work,
    ):
        patch.setattr(forget, "load", loads_and_dies)
        forget.delete(work, Asked(urls=(gone,)), datetime.now(UTC))
    rounds(found, sandbox)
    assert len(articles(found)) == 47
    assert site.asked[site.hosts[0], site.lists[site.hosts[0]][0]] == 0


@pytest.mark.promise("A fetch divided among parts leaves the tables that one process leaves, and is rebuilt as it was")
@pytest.mark.apart
def test_it_is_rebuilt_as_it_was(press: tuple[Press, settings.Settings], sandbox: Sandbox) -> None:
    _, found = press
    line.poll(found, sandbox)
    all_parts(found)
    line.poll(found, sandbox)
    rounds(found, sandbox)
    all_parts(found)  # not taken in by anybody
    rebuilt = rebuild(found, sandbox, _replayed.LINES)
    assert not compare.compare(Warehouse(found.data_folder).path, rebuilt.warehouse.path)
    assert not rebuilt.told


SETTINGS = "[fetch]\nallow_loopback = true\npause = 0.0\nparts = 2\n"


@pytest.mark.server
@pytest.mark.xdist_group("server")
def test_the_commands_hand_out_fetch_and_take_in(
    press: tuple[Press, settings.Settings], board: Board, sandbox: Sandbox
) -> None:
    found = in_parts(press[1], 2)
    home = Path(found.home) if found.home != "." else found.path(found.feeds).parent
    (home / "newsduck.toml").write_text(f"{board.settings}{SETTINGS}", encoding="utf-8")
    assert "no part 3" in here("fetch", "3").stderr
    said = newsduck("ingest", cwd=home).stdout
    assert "12 feeds are given to 2 parts: `newsduck fetch` asks for what is on their lists" in said, said
    said = newsduck("fetch", cwd=home).stdout
    assert "part 1: Completed: " in said and "part 2: Completed: " in said, said
    line.ingest(found, sandbox)  # and what the commands do, done here
    line.fetch(found, 1)
    assert newsduck("fetch", "2", cwd=home).returncode == 0
    assert "48 stored" in newsduck("ingest", cwd=home).stdout
    assert "parts      2, with 0 feeds and pages on their lists" in here("status").stdout
    runs = board.ask("flow_runs/filter", flows={"name": {"any_": ["fetch"]}})
    assert {run["parameters"]["part"] for run in runs} == {1, 2}


@pytest.mark.apart
@pytest.mark.server
@pytest.mark.xdist_group("server")
def test_each_part_has_a_schedule_and_one_that_is_no_more_has_none(board: Board, tmp_path: Path) -> None:
    there = settings.Server(url=board.api, auth=board.auth)
    own, hours = Names("parted"), settings.Schedule(fetch="*/7 * * * *")
    found = settings_for(tmp_path, {}, schedule=hours, server=there)

    def schedules() -> list[tuple[int, str, bool]]:
        (there,) = board.ask("deployments/filter", deployments={"name": {"any_": [own.deployment("parts")]}})
        return sorted((s["parameters"]["part"], s["schedule"]["cron"], s["active"]) for s in there["schedules"])

    with (
        server.running(found, lambda _: None),
        temporary_settings({PREFECT_API_URL: board.api, PREFECT_API_AUTH_STRING: board.auth}),
    ):
        away = msgspec.structs.replace(found.fetch, elsewhere=True, parts=3)
        deploy.deploy(msgspec.structs.replace(found, fetch=away), tmp_path, own)
        (parts,) = board.ask("deployments/filter", deployments={"name": {"any_": [own.deployment("parts")]}})
        assert parts["work_pool_name"] == own.parts_pool
        assert schedules() == [(part, "*/7 * * * *", True) for part in (1, 2, 3)]
        deploy.deploy(in_parts(found, 2), tmp_path, own)
        assert [part for part, _, _ in schedules()] == [1, 2]
