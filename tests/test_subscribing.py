"""`newsduck feeds …`: the list as a person changes it, and what they are told of its feeds."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.feed_list import FeedList
from tests.newsagent import Newsagent, answer
from tests.typed import here, refused

SETTINGS = 'contact = "me@example.org"\n[fetch]\nallow_loopback = true\npause = 0.0\nretry_minutes = 0\n[poll]\nshortest_minutes = 0.0001\n'
MINE = """<?xml version="1.0"?>
<opml version="2.0" xmlns:mine="urn:mine"><!-- kept by hand -->
  <head><title>Mine</title><ownerName>Me</ownerName></head>
  <body>
    <outline text="Europe" mine:colour="red">
      <outline text="Spain"><outline type="rss" text="País" xmlUrl="https://pais.example/rss" htmlUrl="https://pais.example/" mine:note="x"/></outline>
    </outline>
    <outline type="rss" text="Herald" xmlUrl="https://herald.example/rss"/>
  </body>
</opml>"""


def rss(title: str, *titles: str) -> str:
    items = "".join(f"<item><title>{t}</title><link>/story/{n}</link></item>" for n, t in enumerate(titles))
    return f'<rss version="2.0"><channel><title>{title}</title><link>/</link>{items}</channel></rss>'


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Newsagent]:
    (tmp_path / "newsduck.toml").write_text(SETTINGS)
    with Newsagent() as found:
        found.shelf["/rss"] = answer(rss("The Herald", "One", "Two"), content_type="application/rss+xml", etag='"1"')
        found.shelf["/"] = answer(
            '<html><head><link rel="alternate" type="application/rss+xml" href="/rss" title="All"></head><body>Hello</body></html>'
        )
        yield found


def listed() -> list[dict[str, str]]:
    return [json.loads(line) for line in here("feeds", "list", "--format", "json").stdout.splitlines()]


def test_a_feed_is_found_from_its_sites_address(agent: Newsagent, tmp_path: Path) -> None:
    done = here("feeds", "add", agent.url("/"), "--category", "Local/Papers")
    assert done.returncode == 0, done.stderr
    assert "added" in done.stdout and "'The Herald', 2 entries" in done.stdout
    (feed,) = listed()
    assert (feed["feed"], feed["folder"], feed["status"]) == ("The Herald", "Local / Papers", "new")
    assert feed["address"] == agent.url("/rss")
    assert "on the list already" in here("feeds", "add", agent.url("/rss")).stdout
    assert len(listed()) == 1


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/fine", "give the feed's own address, or that of a page that lists articles"),
        ("/missing", "answers HTTP 404; none of"),
        ("/endless", "`fetch.max_feed_mb` in newsduck.toml allows more"),
        ("/bomb-gzip", "`fetch.max_feed_mb`"),
        ("/nothing", "hung up without an answer; try again in a while"),
    ],
)
def test_what_is_no_feed_is_not_added_and_the_way_out_is_told(
    agent: Newsagent, tmp_path: Path, path: str, way: str
) -> None:
    del agent.shelf["/rss"]
    done = here("feeds", "add", agent.url(path))
    assert done.returncode == 1
    assert done.stderr.startswith(agent.url(path)) and "not added" in done.stderr
    assert "Traceback" not in done.stderr and way in done.stderr
    assert "feeds add" not in done.stderr, "which they are doing"


def test_an_address_that_is_none_is_named(agent: Newsagent) -> None:
    assert "no http(s) address" in here("feeds", "add", "javascript:alert(1)").stderr
    assert "not a public address" in here("feeds", "add", "http://10.0.0.1/rss").stderr


SECTION = "".join(f'<h3><a href="/2026/11/{n}/story">Ferry crews walk out on day {n}</a></h3>' for n in range(10, 18))


def test_a_site_without_feeds_is_watched_by_its_page(agent: Newsagent, tmp_path: Path) -> None:
    del agent.shelf["/rss"]
    agent.shelf["/"] = answer(f"<html><head><title>The Herald</title></head><body>{SECTION}</body></html>")
    done = here("feeds", "add", agent.url("/"))
    assert done.returncode == 0, done.stderr
    assert "a page without a feed, watched for links to articles (8 just now)" in done.stdout
    assert 'type="page"' in (tmp_path / "feeds.opml").read_text()
    assert "is a page, watched for links" in here("feeds", "check").stdout


def test_a_sitemap_for_news_goes_before_the_page(agent: Newsagent) -> None:
    del agent.shelf["/rss"]
    agent.shelf["/"] = answer(f"<html><body>{SECTION}</body></html>")
    agent.shelf["/robots.txt"] = answer(f"Sitemap: {agent.url('/maps.xml')}", content_type="text/plain")
    agent.shelf["/maps.xml"] = answer(
        f"<sitemapindex><sitemap><loc>{agent.url('/news.xml')}</loc></sitemap></sitemapindex>", content_type="text/xml"
    )
    done = here("feeds", "add", agent.url("/"))
    assert f"added {agent.url('/maps.xml')}" in done.stdout and "an index of sitemaps; 1 of them" in done.stdout


def test_the_usual_addresses_are_tried_where_the_home_page_refuses(agent: Newsagent) -> None:
    agent.shelf["/"] = answer("no", "403 Forbidden")
    assert f"added {agent.url('/rss')}" in here("feeds", "add", agent.url("/")).stdout


def test_a_feed_that_lists_something_goes_before_an_empty_one_and_readers_comments_behind_both(
    agent: Newsagent,
) -> None:
    named = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{at}">' for at in ("/said", "/none", "/rss")
    )
    agent.shelf["/"] = answer(f"<html><head>{named}</head></html>")
    agent.shelf["/said"] = answer(rss("Comments on: One", "By: Max"))
    agent.shelf["/none"] = answer(rss("The Herald"))
    told = here("feeds", "add", agent.url("/")).stdout
    where = [told.index(f"{agent.url(path)}:") for path in ("/rss", "/none", "/said")]
    assert where == sorted(where)


def test_a_name_is_looked_for_as_a_browser_would(agent: Newsagent) -> None:
    """https is tried first, and answers nothing here."""
    assert "'The Herald', 2 entries" in here("feeds", "add", f"127.0.0.1:{agent.port}/rss").stdout


def test_check_explains_a_feed(agent: Newsagent) -> None:
    agent.shelf["/robots.txt"] = answer("User-agent: *\nDisallow: /story\nCrawl-delay: 7", content_type="text/plain")
    done = here("feeds", "check", agent.url("/rss"))
    assert done.returncode == 0, done.stderr
    for words in (
        "answers   HTTP 200, application/rss+xml",
        "rss20, 'The Herald', 2 entries",
        "links 2/2, dates 0/2",
        "validators: ETag\n",
        "next look",
        "no GUIDs",
        "asks that articles be left alone",
        "asks for 7 s between pages",
    ):
        assert words in done.stdout, done.stdout
    del agent.shelf["/rss"]
    done = here("feeds", "check", agent.url("/fine"))
    assert done.returncode == 1 and "cannot be read" in done.stdout


def test_dates_that_may_be_two_days_are_told(agent: Newsagent) -> None:
    dates = ("03/04/2026", "04/05/2026")
    items = "".join(f"<item><title>{d}</title><link>/{d}</link><pubDate>{d}</pubDate></item>" for d in dates)
    agent.shelf["/rss"] = answer(f"<rss version='2.0'><channel>{items}</channel></rss>", content_type="text/xml")
    done = here("feeds", "check", agent.url("/rss"))
    assert "dates 0/2" in done.stdout and "2 dates are ambiguous, as 03/04/2026 is, and left empty" in done.stdout


def test_the_whole_list_can_be_checked(agent: Newsagent) -> None:
    here("feeds", "add", agent.url("/rss"))
    agent.shelf["/rss"] = answer("", "410 Gone")
    done = here("feeds", "check")
    assert (done.returncode, "answers HTTP 410" in done.stdout) == (1, True)


def test_the_file_keeps_what_a_person_put_there(agent: Newsagent, tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(MINE, encoding="utf-8")
    here("feeds", "add", agent.url("/rss"), "--category", "Europe/Spain", "--title", "El Herald")
    here("feeds", "pause", "herald.example")
    text = path.read_text(encoding="utf-8")
    for words in ("kept by hand", "<ownerName>Me</ownerName>", 'mine:colour="red"', 'mine:note="x"', "País"):
        assert words in text
    assert [(f["feed"], f["folder"], f["status"]) for f in listed()] == [
        ("País", "Europe / Spain", "new"),
        ("El Herald", "Europe / Spain", "new"),
        ("Herald", "", "paused"),
    ]
    here("feeds", "resume", "herald.example")
    here("feeds", "remove", "País")
    assert [(f["feed"], f["status"]) for f in listed()] == [("El Herald", "new"), ("Herald", "new")]
    assert [p.name for p in tmp_path.iterdir() if "opml" in p.name] == ["feeds.opml"]


def test_a_name_that_fits_several_or_none_changes_nothing(agent: Newsagent, tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(MINE, encoding="utf-8")
    refused(here("feeds", "remove", "example"), "fits 2 feeds")
    refused(here("feeds", "pause", "Tribune"), "is not on the list")
    assert path.read_text(encoding="utf-8") == MINE


def test_what_cannot_be_written_is_not_told_as_done(agent: Newsagent, tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(MINE, encoding="utf-8")
    (tmp_path / ".feeds.opml.new").mkdir()
    for words in (("pause", "herald.example"), ("remove", "herald.example"), ("add", agent.url("/rss"))):
        done = here("feeds", *words)
        assert (done.returncode, done.stdout) == (2, "") and "it is as it was" in done.stderr, words
    assert path.read_text(encoding="utf-8") == MINE


def test_lists_come_in_and_go_out_with_their_folders(agent: Newsagent, tmp_path: Path) -> None:
    (tmp_path / "theirs.opml").write_text(MINE, encoding="utf-8")
    assert here("feeds", "import", "theirs.opml").stdout == "2 feeds added, 0 were on the list already\n"
    assert here("feeds", "import", "theirs.opml").stdout == "0 feeds added, 2 were on the list already\n"
    before = listed()
    assert [f["folder"] for f in before] == ["Europe / Spain", ""]
    assert here("feeds", "export", "out.opml").returncode == 0
    assert here("feeds", "export").stdout.encode() == (tmp_path / "out.opml").read_bytes()
    (tmp_path / "feeds.opml").unlink()
    here("feeds", "import", "out.opml")
    assert listed() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<opml/>",
        b"\xff\xfe<\x00",
        b"<!DOCTYPE x [<!ENTITY a '&b;&b;'>]><opml><body/></opml>",
        b"<html><body>x</body></html>",
    ],
)
def test_a_list_that_cannot_be_read_adds_nothing(agent: Newsagent, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "theirs.opml").write_bytes(content)
    refused(here("feeds", "import", "theirs.opml"), "theirs.opml")
    assert not (tmp_path / "feeds.opml").exists()


def test_a_list_nested_without_end_is_refused(agent: Newsagent, tmp_path: Path) -> None:
    (tmp_path / "theirs.opml").write_text("<opml><body>" + "<outline text='x'>" * 20_000)
    refused(here("feeds", "import", "theirs.opml"), "theirs.opml")


def test_a_list_that_cannot_be_written_is_named(agent: Newsagent, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").mkdir()
    refused(here("feeds", "add", agent.url("/rss")), "feeds.opml")


def test_without_settings_the_way_out_is_told(tmp_path: Path) -> None:
    for words in (["list"], ["add", "https://x.example"], ["check"], ["export"], ["accept", "x"]):
        refused(here("feeds", *words), "newsduck init")


def test_one_bad_line_costs_itself_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsduck.toml").touch()
    lines = ("https://a.example/f?x=1&y=2", "javascript:alert(1)", "feed://b.example/rss", "feed:https://c.example/rss")
    outlines = "".join(f'<outline text="Q&A" xmlUrl="{address}"/>' for address in lines)
    (tmp_path / "theirs.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    done = here("feeds", "import", "theirs.opml")
    assert "3 feeds added" in done.stdout
    assert "left out: theirs.opml: 'javascript:alert(1)' (Q&A) is no http(s) address" in done.stderr
    listed = FeedList(tmp_path / "feeds.opml").feeds()
    assert [feed.url for feed in listed] == [
        "https://a.example/f?x=1&y=2",
        "https://b.example/rss",
        "https://c.example/rss",
    ]
