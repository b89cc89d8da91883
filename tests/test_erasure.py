"""What a person wants forgotten leaves every file, decoded; what stays is whole; a kill at any moment is finished; it does not come
back."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from extract.errors import BadInput
from extract.group import events
from extract.sandbox import Sandbox
from flows.board.paper import dossiers, newspaper
from flows.board.up import database
from flows.line import events as deciding
from flows.line import forget
from flows.line.work import alone
from storage import archive, generation, upgrade
from storage.derived import tales
from storage.erase import records
from storage.erase.rows import Asked
from storage.warehouse import Warehouse
from tests.houses import Houses
from tests.line import Line
from tests.secrets import SECRETS, Press, is_whole, search
from tests.typed import configure, here

TITLE = f"Town agrees on a plan for its school {SECRETS['title']}"


@pytest.fixture
def paper(tmp_path: Path, houses: Houses) -> Line:
    """Two days of the press, stored."""
    return houses.line(tmp_path, 2, "press")


@pytest.fixture
def press(paper: Line) -> Press:
    assert isinstance(paper.newsroom, Press)
    return paper.newsroom


def surround(line: Line) -> None:
    """Everything that stands beside the warehouse after some weeks: pages, Prefect's database and logs, older files."""
    settings, warehouse = line.settings(), line.warehouse
    dossiers.write(settings)
    newspaper.write(settings, today(line))
    os.link(warehouse.published, generation.former(warehouse.published))
    os.link(warehouse.path, warehouse.path.with_name(upgrade.BEFORE))
    with tales.opened(warehouse.derived, warehouse.path) as c:  # as the next run's first look does
        tales.catch_up(c, deciding._weighed, events.METHOD)
    home = warehouse.data / "prefect"
    home.mkdir()
    (home / "server.log").write_text(f"a line\nwarning: {line.newsroom.secret} is slow\nanother\n")  # type: ignore[attr-defined]
    (home / "worker.log").write_text(f"told of “{TITLE[:60]}…” and {SECRETS['title']}\n")
    database.make()
    database.put(home)
    with closing(sqlite3.connect(home / database.NAME)) as c:
        marked = TITLE.replace("a plan", "a \\\\*plan\\\\*")
        for number, text in enumerate((f'"| {marked} |"', '"| another |"')):
            moment = ("2026-11-26 00:00:00",) * 2
            c.execute(
                "INSERT INTO artifact (id, created, updated, key, data) VALUES (?, ?, ?, 'x', ?)",
                (str(number), *moment, text),
            )
        c.execute(
            "INSERT INTO log (id, created, updated, name, level, message, timestamp) VALUES ('1', ?, ?, 'n', 20, ?, ?)",
            (*moment, f"{TITLE}: late", moment[0]),
        )
        c.commit()
        c.execute(
            "INSERT INTO log (id, created, updated, name, level, message, timestamp) VALUES ('2', ?, ?, 'n', 20, ?, ?)",
            (*moment, TITLE * 50, moment[0]),
        )
        c.commit()
        c.execute("DELETE FROM log WHERE id = '2'")  # as Prefect deletes: its words stay on a free page
        c.commit()


def today(line: Line) -> date:
    return date.fromisoformat(str(line.ask("SELECT max(seen_day) FROM articles")[0][0]))


def asked(press: Press) -> Asked:
    return Asked(urls=(press.secret,))


def test_a_forgotten_article_stands_in_no_file(paper: Line, press: Press) -> None:
    surround(paper)
    before = search(paper.warehouse.data)
    everywhere = {place for places in before.values() for place in places}
    assert set(before) == set(SECRETS), "the search sees every word"
    for place in (
        "warehouse.duckdb:articles.title",
        "warehouse.duckdb:versions.text",
        "warehouse.duckdb:entries.summary",
        "warehouse.duckdb:entries.content",
        ".warehouse.duckdb.former:articles.title",
        "work/before-upgrade.duckdb:articles.title",
        "work/pipeline.duckdb:articles.authors",
        "work/derived.duckdb:tale_words.word",
        "work/search",
        "prefect/prefect.db",
        "prefect/worker.log",
        f"reports/{today(paper)}.html",
        "reports/topics/town.html",
        "reports/topics/town.atom",
        *(f"archive/{name}" for name in archive.files(paper.warehouse.archive)),
    ):
        assert place in everywhere, place
    copy = paper.ask(f"SELECT story_id, article_id FROM articles WHERE url = '{press.page(2, 'gazette.localhost')}'")
    others = paper.ask(f"SELECT article_id, title, text FROM articles WHERE url <> '{press.secret}' ORDER BY 1")
    gone = paper.forget(asked(press))
    assert search(paper.warehouse.data) == {}
    assert len(gone.chosen.articles) == 1 and gone.mentioned == 4
    is_whole(paper)
    assert paper.ask(f"SELECT article_id, title, text FROM articles WHERE url <> '{press.secret}' ORDER BY 1") == others
    assert paper.ask(
        f"SELECT article_id FROM stories s JOIN articles a ON a.article_id = s.lead_article_id WHERE s.story_id = {copy[0][0]}"
    ) == [copy[0][1:]]
    log = (paper.warehouse.data / "prefect" / "server.log").read_text()
    assert log.startswith("a line\n   ") and log.endswith("\nanother\n")
    with closing(sqlite3.connect(paper.warehouse.data / "prefect" / "prefect.db")) as c:
        assert c.execute("SELECT data FROM artifact").fetchall() == [('"| another |"',)]
    row = paper.ask("SELECT asked, articles, pages, lists, len(files), deleted FROM erasures")
    assert row == [("person", 1, 2, 8, 2, [])]


def test_lists_lose_just_the_item_and_say_so(paper: Line, press: Press) -> None:
    paper.forget(asked(press))
    edited, whole = 0, 0
    for name in archive.files(paper.warehouse.archive):
        data = paper.warehouse.archive.path(name).read_bytes()
        for record in records.read(data):
            assert isinstance(record, records.Record)
            if record.ours and record.ours["ask"]["role"] == "feed":
                edited += record.ours.get("edited", False)
                whole += (
                    press.page(3).encode() in record.http[1]
                    or press.page(4, "gazette.localhost").encode() in record.http[1]
                )
    assert (edited, whole) == (8, 10)


def test_it_does_not_come_back(paper: Line, press: Press, sandbox: Sandbox) -> None:
    paper.forget(asked(press))
    press.day = 3
    paper.run()
    listed = search(paper.warehouse.data)
    assert {place.partition("/")[0] for places in listed.values() for place in places} == {"archive"}, (
        "as its feeds list it"
    )
    with alone("upkeep", paper.settings(), sandbox) as work:
        assert forget.delete(work, None, datetime.now(UTC))
        assert not forget.delete(work, None, datetime.now(UTC))
    assert search(paper.warehouse.data) == {}
    is_whole(paper)


def test_nor_under_another_address(
    paper: Line, press: Press, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its feeds list the page's print form, which is known for what it is only once it has been fetched."""
    paper.forget(asked(press))
    press.day, plain, page = 3, press.page, press._page
    monkeypatch.setattr(
        press, "page", lambda n, host="herald.localhost": plain(n, host) + "?print=1" * press._is_secret(n, host)
    )
    canonical = f'<head><link rel="canonical" href="{plain(press.SECRET)}">'.encode()
    monkeypatch.setattr(
        press, "_page", lambda n, host: page(n, host).replace(b"<head>", canonical * (n == press.SECRET))
    )
    paper.run()
    found = search(paper.warehouse.data)
    assert {place.partition("/")[0] for places in found.values() for place in places} == {"archive"}
    with alone("upkeep", paper.settings(), sandbox) as work:
        assert forget.delete(work, None, datetime.now(UTC))
        assert not forget.delete(work, None, datetime.now(UTC))
    assert search(paper.warehouse.data) == {}
    fetched = len(press.requests)
    paper.run()
    assert not any("2026/11/2-" in path for _, path, _ in press.requests[fetched:]), "it is not fetched again"


def test_nor_by_a_run_that_died(paper: Line, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its feeds list it again, and another feed for the first time; the run dies before it commits, and is healed."""
    paper.forget(asked(press))
    press.day = 3
    with monkeypatch.context() as patched:

        def dies(*_: object) -> dict[str, Any]:
            raise KeyboardInterrupt

        patched.setattr(Warehouse, "commit", dies)
        with pytest.raises(KeyboardInterrupt):
            paper.run()
    paper.run()
    assert paper.ask("SELECT count(*) FROM runs WHERE kind = 'recovered'") == [(1,)]
    found = search(paper.warehouse.data)
    assert {place.partition("/")[0] for places in found.values() for place in places} == {"archive"}


def test_a_site_and_a_story_go_whole(paper: Line, press: Press) -> None:
    (story,) = paper.ask(f"SELECT story_id FROM articles WHERE url = '{press.page(4)}'")[0]
    assert paper.ask(f"SELECT articles FROM stories WHERE story_id = {story}") == [(2,)]
    paper.forget(Asked(stories=(story,)))
    assert paper.ask(f"SELECT count(*) FROM articles WHERE story_id = {story}") == [(0,)]
    is_whole(paper)
    paper.forget(Asked(sites=("herald.localhost",)))
    assert paper.ask("SELECT DISTINCT site FROM articles") == [("gazette.localhost",)]
    assert search(paper.warehouse.data) == {}
    is_whole(paper)


def test_what_is_not_kept_is_told_with_the_way_out(paper: Line) -> None:
    for wanted in (Asked(urls=("https://nobody.example/x",)), Asked(sites=("nobody.example",)), Asked(stories=(7,))):
        with pytest.raises(BadInput, match=r"nothing is kept of .*: `newsduck search`"):
            paper.forget(wanted)


def test_damaged_bytes_are_the_persons(paper: Line, press: Press) -> None:
    """A file with damage in its middle is written anew of what is whole; as it was it is kept, and named."""
    name = archive.files(paper.warehouse.archive)[0]
    path = paper.warehouse.archive.path(name)
    data = bytearray(path.read_bytes())
    first = next(r for r in records.read(bytes(data)) if isinstance(r, records.Record) and not r.ours)
    data[first.start + 20] ^= 0xFF  # of the file's first record, which says who wrote it
    path.write_bytes(data)
    gone = paper.forget(asked(press))
    assert [one.aside for one in gone.files if one.damaged] == [f"{path.name}.damaged-1"]
    is_whole(paper)
    with alone("forget", paper.settings(), paper.sandbox) as work:
        again = forget.look(work, Asked(urls=(press.page(3),)))
    assert any(f"{path.name}.damaged-1" in line for line in forget.details(again))


def test_the_command_says_what_goes_and_asks(paper: Line, press: Press, tmp_path: Path) -> None:
    configure(tmp_path, press)
    (story,) = paper.ask(f"SELECT story_id FROM articles WHERE url = '{press.page(4)}'")[0]
    named = ("forget", "--url", f"{press.secret}?utm_source=mail#top", "--story", str(story))
    said = here(*named, stdin=b"n\n")
    files = archive.files(paper.warehouse.archive)
    assert "to be forgotten: 1 story with 3 articles" in said.stdout, said.stdout + said.stderr
    assert f"2 archive files written anew: {', '.join(files)}" in said.stdout and "nothing was deleted" in said.stdout
    assert "title" in search(paper.warehouse.data)
    done = here(*named, "--yes")
    assert "deleted" in done.stdout and done.returncode == 0, done.stderr
    assert search(paper.warehouse.data) == {}
    assert paper.ask("SELECT asked, articles, done_at FROM erasures") == [("person", 3, None)]
    for words in (named, ("forget", "--site", "localhost")):  # of which every host here is a part, and none its own
        again = here(*words, "--yes")
        assert again.returncode == 2 and "nothing is kept of" in again.stderr
    assert "nothing was deleted" in here("forget", "--site", "gazette.localhost", stdin=b"n\n").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--url", "herald"), "herald is no http(s) address"),
        (("--url", "https://a.example/x", "--older-than", "3"), "--older-than stands alone"),
        (("--site", "http://"), "is no site"),
        (("--site", ""), "'' is no site"),
        (("--site", "blog.a-site.co.uk"), "blog.a-site.co.uk is a part of a-site.co.uk"),
    ],
)
def test_bad_input_is_told(tmp_path: Path, press: Press, words: tuple[str, ...], said: str) -> None:
    configure(tmp_path, press)
    done = here("forget", *words)
    assert done.returncode == 2 and said in done.stderr
