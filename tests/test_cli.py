"""The command line: what a person types, and what they are told."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from extract.errors import BadInput
from flows.settings import VERSION
from storage import duck
from tests.line import Line
from tests.typed import PROGRAM, configure, here, newsduck, refused


def test_init_writes_settings_and_feeds_that_work(tmp_path: Path) -> None:
    done = here("init")
    assert done.returncode == 0
    assert {p.name for p in tmp_path.iterdir()} == {"newsduck.toml", "feeds.opml"}
    assert here("status").stderr.startswith("newsduck: ") and "does not exist yet" in here("status").stderr
    refused(here("init"), "newsduck.toml is there already")


def test_the_starter_settings_are_the_defaults(tmp_path: Path) -> None:
    from flows import feed_list, settings
    from flows.commands import init

    init.init(tmp_path, "")
    found = settings.load({"NEWSDUCK_CONFIG": str(tmp_path / "newsduck.toml")})
    assert len(found.topics) == 3
    assert len(feed_list.load(tmp_path / "feeds.opml")) >= 40
    plain = settings.load({"NEWSDUCK_CONFIG": str(tmp_path / "newsduck.toml")})
    for name in (
        "fetch",
        "poll",
        "read",
        "group",
        "keep",
        "schedule",
        "alerts",
        "server",
        "share",
        "data",
        "feeds",
        "database",
    ):
        assert getattr(plain, name) == getattr(settings.Settings(), name)
    text = (tmp_path / "newsduck.toml").read_text()
    for section in (
        settings.Settings,
        settings.Fetch,
        settings.Poll,
        settings.Read,
        settings.Group,
        settings.Keep,
        settings.Schedule,
        settings.Alerts,
        settings.Server,
        settings.Share,
        settings.TopicSetting,
    ):
        for key in section.__struct_fields__:
            assert key == "home" or key in text, f"{key} is not explained"


@pytest.mark.parametrize("command", ["ingest", "status"])
def test_no_settings_is_told_with_the_way_out(tmp_path: Path, command: str) -> None:
    refused(here(command), "no newsduck.toml", "newsduck init")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('dta = "x"', ("unknown key 'dta'", "did you mean 'data'?")),
        ("[fetch]\npuase = 2", ("unknown key 'puase'", "did you mean 'pause'?")),
        ("[fetch]\npause = -1", ("fetch.pause",)),
        ("[fetch]\npause = 'often'", ("fetch.pause",)),
        ("data = ", ("not valid TOML", "newsduck.toml")),
        ("[topics.oil]\nquery = 'oil AND'", ("topic 'oil'", "ends too early")),
        ("[topics.oil]\nquery = 'oil AND OR gas'", ("column 9",)),
        ("[topics.oil]\nquery = 'colour:red'", ("there is no field 'colour'",)),
        ("[topics.oil]\nqueri = 'x'", ("unknown key 'queri'",)),
        ("[topics]\noil = 'x'", ("topics: expected a table",)),
        ("[outlets.'a.example']\ntown = 'x'", ("unknown key 'town' at outlets", "there are name, country, language")),
        ("[alerts]\non = ['run-lost']", ("alerts.on[0]", "'run-lost'", "there are run-failed, run-missing")),
        ("[keep]\narticles = 'some'", ("keep.articles", "there are all, matching")),
        ("agencies = 'none.toml'", ("none.toml",)),
        ("feeds = 'none.opml'", ("none.opml", "newsduck init")),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    (tmp_path / "newsduck.toml").write_text(text)
    (tmp_path / "feeds.opml").write_text("<opml><body><outline xmlUrl='https://a.example/f'/></body></opml>")
    refused(here("ingest"), *words)
    assert not (tmp_path / "data").exists(), "nothing half-written"


@pytest.mark.parametrize(
    ("feeds", "words"),
    [
        ("<opml version='2.0'><body></body></opml>", "lists no feeds"),
        ("<html><body>hello</body></html>", "lists no feeds"),
        ("", "lists no feeds"),
        ("\x00\x01\x02", "lists no feeds"),
        ("<opml><body><outline xmlUrl='javascript:alert(1)'/></body></opml>", "no http(s) address"),
        ("<!DOCTYPE x [<!ENTITY a '&b;&b;'>]><opml><body/></opml>", "declares XML entities"),
    ],
)
def test_a_bad_feed_list_is_named(tmp_path: Path, feeds: str, words: str) -> None:
    (tmp_path / "newsduck.toml").write_text("")
    (tmp_path / "feeds.opml").write_text(feeds)
    refused(here("ingest"), "feeds.opml", words)


def test_a_misspelt_variable_is_named(tmp_path: Path) -> None:
    (tmp_path / "newsduck.toml").touch()
    refused(here("status", NEWSDUCK_DTA="x"), "NEWSDUCK_DTA")
    refused(here("status", NEWSDUCK_CONFIG="none.toml"), "none.toml")


def test_a_data_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "a.jsonl").write_text('{"url": "https://a.example/1", "title": "T", "text": "x"}\n')
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/newsduck")):
        refused(here("load", "a.jsonl", NEWSDUCK_DATA=str(place)), str(place))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 2"),
        ('{"url": "https://a.example/2"}', "missing required field `title`"),
        ('{"url": "ftp://a.example/2", "title": "T", "text": "x"}', "no http(s) URL"),
        ('{"url": "https://a.example/2", "title": "T", "text": 5}', "Expected `str`"),
        ('{"url": "https://a.example/2", "title": "T", "text": "x", "published_at": "soon"}', "no ISO date"),
    ],
)
def test_a_bad_line_loads_nothing_and_is_named(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"url": "https://a.example/1", "title": "T", "text": "x"}\n' + line + "\n")
    refused(here("load", "a.jsonl", NEWSDUCK_DATA=str(tmp_path / "data")), "a.jsonl", words)
    assert not (tmp_path / "data" / "warehouse.duckdb").exists()
    refused(here("load", "none.jsonl", NEWSDUCK_DATA=str(tmp_path / "data")), "none.jsonl")


def test_a_day_before_there_was_news_is_a_claim_and_no_date(tmp_path: Path) -> None:
    (tmp_path / "newsduck.toml").touch()
    (tmp_path / "a.jsonl").write_text(
        '{"url": "https://a.example/1", "title": "T", "text": "x", "published_at": "0001-01-01"}\n'
    )
    assert here("load", "a.jsonl").returncode == 0
    told = here(
        "sql", "SELECT published_at, published_precision, published_claim FROM articles", "--format", "csv"
    ).stdout
    assert told.splitlines()[1] == ",,0001-01-01"


def test_load_is_idempotent_and_groups_and_tags(tmp_path: Path) -> None:
    from tests.test_stories import prose

    (tmp_path / "newsduck.toml").write_text("[topics.any]\nquery = 'rain'\n")
    text = prose(1, 200)
    lines = [
        {
            "url": "https://a.example/1?utm_source=x",
            "title": "Rain",
            "text": f"LIMA (Reuters) - {text}",
            "published_at": "2026-11-20T10:00:00Z",
            "source": "A",
        },
        {
            "url": "https://b.example/1",
            "title": "More rain",
            "text": text,
            "authors": ["Ann Lee"],
            "published_at": "2026-11-20",
        },
        {"url": "https://c.example/1", "title": "Sun", "text": prose(2, 200), "extra": 1},
    ]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = here("load", "a.jsonl")
    assert "3 articles: 3 stored" in done.stdout, done.stderr
    assert "3 articles, 2 new stories, 1 copy found" in done.stdout
    assert "topic any: 2 articles, 1 story" in done.stdout
    again = here("load", "a.jsonl")
    assert "3 articles: 3 unchanged" in again.stdout
    told = here(
        "sql",
        "SELECT url, agency, found_in, published_precision FROM articles LEFT JOIN credits USING (article_id) ORDER BY url",
        "--format",
        "csv",
    )
    assert list(csv.reader(io.StringIO(told.stdout)))[1:] == [
        ["https://a.example/1?utm_source=x", "reuters", "dateline", "second"],
        ["https://b.example/1", "reuters", "inherited", "day"],
        ["https://c.example/1", "", "", ""],
    ]
    topics = here("sql", "SELECT count(*) AS n FROM article_topics", "--format", "json")
    assert json.loads(topics.stdout) == {"n": 2}


def test_read_gives_a_line_for_each_page_in_order(tmp_path: Path) -> None:
    import gzip

    (tmp_path / "a.html").write_bytes(
        b"<html lang=en><head><title>T</title></head><body><article><h1>T</h1><p>"
        + b"It rained all day. " * 30
        + b"</p></article></body></html>"
    )
    (tmp_path / "b.html.gz").write_bytes(gzip.compress((tmp_path / "a.html").read_bytes()))
    (tmp_path / "c.html.gz").write_bytes(b"\x1f\x8bnot gzip")
    jobs = [("1", "a.html"), (2, "none.html"), ("3", "b.html.gz"), ("4", "c.html.gz"), ("5", ".")]
    lines = "".join(json.dumps({"id": i, "url": "https://a.example/x", "path": p}) + "\n" for i, p in jobs)
    done = here("read", stdin=lines.encode("utf-8-sig"))  # as some editors write it
    assert done.returncode == 0
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [f["id"] for f in found] == ["1", 2, "3", "4", "5"]
    assert [bool(f["error"]) for f in found] == [False, True, False, True, True]
    assert found[0]["text"] == found[2]["text"] != ""
    assert set(found[0]) >= {
        "id",
        "url",
        "title",
        "authors",
        "published_at",
        "published_precision",
        "language",
        "standfirst",
        "byline",
        "text",
        "kind",
        "agency",
        "agency_evidence",
    }
    assert "3 pages could not be read" in done.stderr
    refused(here("read", stdin=b'{"id": 1}\n'), "line 1 of the input", "missing required field")
    refused(here("read", stdin=b"\xff\xfe\n"), "line 1 of the input")


def test_sql_is_the_same_as_a_process_of_its_own(stored: Line, tmp_path: Path) -> None:
    configure(tmp_path, stored.newsroom)
    real = newsduck("sql", "SELECT 1 AS one", "--format", "csv", cwd=tmp_path)
    assert (real.returncode, real.stdout) == (0, "one\n1\n")
    refused(newsduck("sql", "SELEC 1", cwd=tmp_path), "syntax error")


def test_sql_gives_tables_csv_and_json_and_stays_harmless(stored: Line, tmp_path: Path) -> None:
    configure(tmp_path, stored.newsroom)
    table = here("sql", "FROM stories_on('Ferry strike')").stdout
    assert "Ferry crews walk out" in table
    assert "rows" in table
    risky = here("sql", "SELECT '=1+1' AS a, -5 AS b, ['x', 'y'] AS c, NULL AS d", "--format", "csv").stdout
    assert risky.splitlines()[1] == """'=1+1,-5,"[""x"", ""y""]","""
    refused(here("sql", "SELEC 1"), "syntax error")
    refused(here("sql", "DROP TABLE runs"), "read-only")
    told = here("status").stdout
    for part in ("last run   ingest-", "54 articles", "2 failing", "answers HTTP 503", "topic      Ferry strike"):
        assert part in told


def test_feeds_of_which_none_can_be_read_are_told(stored: Line, tmp_path: Path) -> None:
    configure(tmp_path, stored.newsroom)
    with duck.open_file(stored.warehouse.published) as connection:
        connection.execute("UPDATE runs SET feeds_failed = feeds - 1")
        ((feeds,),) = connection.execute("SELECT feeds FROM runs").fetchall()
    told = here("status").stdout
    assert f"{feeds - 1} of {feeds} feeds failed" in told and "no feed could be read" not in told
    with duck.open_file(stored.warehouse.published) as connection:
        connection.execute("UPDATE feeds SET last_outcome = 'failed'")
    done = here("status")
    assert (
        done.returncode == 1
        and "needs you  " in done.stdout
        and "no feed could be read at its last look" in done.stdout
    )


def test_a_broken_pipe_is_no_error(stored: Line, tmp_path: Path) -> None:
    configure(tmp_path, stored.newsroom)
    told = subprocess.run(
        f"{PROGRAM} sql 'FROM articles, range(2000)' --format json | head -1",
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in told.stderr
    assert json.loads(told.stdout)


@pytest.mark.parametrize(("fails", "code"), [("BrokenPipeError", 141), ("OSError(28, 'full', 'f')", 2)])
def test_a_flow_that_has_begun_is_waited_for_by_no_thread_of_its_server(fails: str, code: int) -> None:
    """Whatever the command ends by."""
    program = f"""
import threading, time
from flows import cli
from flows.commands import _running
_running.begun = True
threading.Thread(target=lambda: time.sleep(60)).start()
def main(**_):
    raise {fails}
cli.newsduck.main = main
cli.main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == code and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "demo",
        "ingest",
        "poll",
        "backfill",
        "up",
        "feeds",
        "topics",
        "search",
        "forget",
        "read",
        "reread",
        "retag",
        "regroup",
        "story",
        "load",
        "status",
        "cluster",
        "doctor",
        "report",
        "alerts",
        "sql",
        "export",
        "rehydrate",
    ],
)
def test_every_command_is_explained(tmp_path: Path, command: str) -> None:
    assert here(command, "--help").stdout.startswith("Usage: newsduck")
    page = (Path(__file__).parents[1] / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"newsduck {command}" in page


def test_settings_come_from_the_file_and_variables_override(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.settings import load

    (tmp_path / "newsduck.toml").write_text('data = "here"\ncontact = "me@example.org"\n[fetch]\npause = 3\n')
    found = load({"NEWSDUCK_FETCH_PAUSE": "0.5", "NEWSDUCK_FETCH_PORTS": "81,82", "NEWSDUCK_READ_WORKERS": "4"})
    assert (found.data_folder, found.fetch.pause, found.fetch.ports, found.read.workers) == (
        tmp_path / "here",
        0.5,
        (81, 82),
        4,
    )
    with pytest.raises(BadInput, match=r"^NEWSDUCK_FETCH_PAUSE: fetch\.pause: expected"):
        load({"NEWSDUCK_FETCH_PAUSE": "soon"})
    assert found.manners.user_agent == f"newsduck/{VERSION} (+me@example.org)"
    assert {80, 443, 81} < found.manners.ports
    with pytest.raises(AttributeError):
        found.data = "there"  # type: ignore[misc]  # assigning is what must fail


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        ('server = "http://a:1/api"\nserver_auth = "u:p"\n', {}),
        ('[server]\nurl = "http://a:1/api"\nauth = "u:p"\n', {}),
        ('server_auth = "u:p"\n', {"NEWSDUCK_SERVER": "http://a:1/api"}),
        ("", {"NEWSDUCK_SERVER": "http://a:1/api", "NEWSDUCK_SERVER_AUTH": "u:p"}),
        (
            'server = "http://b/api"\nserver_auth = "x:y"\n',
            {"NEWSDUCK_SERVER": "http://a:1/api", "NEWSDUCK_SERVER_AUTH": "u:p"},
        ),
    ],
)
def test_a_server_of_ones_own_is_named_in_three_ways(tmp_path: Path, text: str, environment: dict[str, str]) -> None:
    from flows.settings import load

    (tmp_path / "newsduck.toml").write_text(text)
    found = load({"NEWSDUCK_CONFIG": str(tmp_path / "newsduck.toml"), **environment})
    assert (found.server.url, found.server.auth) == ("http://a:1/api", "u:p")


@pytest.mark.parametrize(
    ("told", "used"),
    [
        ("http://localhost:4711/api", "http://127.0.0.1:4711/api"),
        ("http://127.0.0.1:4711", "http://127.0.0.1:4711/api"),
        ("http://LOCALHOST", "http://127.0.0.1:4200/api"),
        ("https://news.example.org/api/", "https://news.example.org/api"),
        ("https://news.example.org", "https://news.example.org/api"),
    ],
)
def test_an_address_is_spelt_in_one_way(told: str, used: str) -> None:
    from flows.settings import load

    assert load({"NEWSDUCK_SERVER": told}).server.url == used


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('server_auth = "u:p"\n[server]\nauth = "x:y"\n', "say the same thing"),
        ('server_auth = "secret"\n', "no user:password"),
        ('[server]\nurls = "x"\n', "did you mean 'url'"),
        ('[server]\nhosts = ["evil.example/x"]\n', "hosts"),
        ('server = "http://me:secret@a/api"\n', "belongs into server_auth"),
    ],
)
def test_a_server_that_is_named_wrongly_is_told(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "newsduck.toml").write_text(text)
    done = here("status")
    refused(done, words)
    assert "secret" not in done.stderr
