"""One name an outlet, and the days that are counted by."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.errors import BadInput
from extract.keys import key
from extract.read.layout import lay_out
from extract.read.people import outlets
from extract.records import Article, Copy, Entry, Outcome, Outlet
from extract.tracked import Match, Topic
from flows import settings
from storage import duck
from storage.write.batch import Batch, Run
from tests.empty import empty
from tests.line import Line

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content="Harbour Herald">', "Harbour Herald"),
        ('<meta property="og:site_name" content="Herald | All the news of the coast">', "Herald"),
        ('<meta property="og:site_name" content="Crisis and you | The Herald">', "The Herald"),
        ('<meta property="og:site_name" content="Sport"><meta name="application-name" content="The Herald">', "The Herald"),
        ('<meta property="og:site_name" content="herald.example"><meta name="application-name" content="Coast News">', "Coast News"),
        ('<meta property="og:site_name" content="https://herald.example">', ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_page_calls_its_outlet(head: str, name: str) -> None:
    page = lay_out(
        f"<html><head>{head}</head><body><p>x</p></body></html>".encode(), "https://www.herald.example/1", ""
    )
    assert outlets.claimed(page) == name


@pytest.mark.parametrize(
    ("pages", "feeds", "name"),
    [
        ({"Fox News": 5, "foxnews.com": 9, "Fox News Latino": 3}, [], ("Fox News", "pages")),
        ({"WIRED": 2, "Wired": 3}, [], ("Wired", "pages")),
        ({"foxnews.com": 2}, [], ("foxnews.com", "pages")),
        ({}, ["Fox News - Latest"], ("Fox News", "feed")),
        ({}, ["Latest articles"], ("foxnews.com", "site")),
        ({}, [], ("foxnews.com", "site")),
    ],
)
def test_a_site_has_one_name(pages: Mapping[str, int], feeds: list[str], name: tuple[str, str]) -> None:
    assert outlets.choose("foxnews.com", pages, feeds) == name


@pytest.mark.parametrize(
    ("site", "locales", "country"),
    [
        ("herald.co.uk", {}, "GB"),
        ("herald.de", {"en-US": 9}, "DE"),
        ("herald.tv", {}, ""),
        ("herald.com", {"en-GB": 2, "en-US": 9}, "GB"),
        ("herald.com", {"en-US": 9}, ""),
        ("herald.com", {"zh-Hant-TW": 1}, "TW"),
    ],
)
def test_where_an_outlet_is_at_home(site: str, locales: Mapping[str, int], country: str) -> None:
    assert outlets.country(site, locales) == country


def test_every_article_of_a_site_bears_its_one_name_and_a_person_may_give_another(stored: Line) -> None:
    ((split,),) = stored.ask(
        "SELECT count(*) FROM (FROM articles SELECT site GROUP BY site HAVING count(DISTINCT outlet) > 1)"
    )
    assert split == 0
    sites = stored.ask("SELECT site, name, named_by, feeds FROM outlets ORDER BY site")
    assert stored.ask("SELECT DISTINCT site, outlet FROM articles ORDER BY site") == [
        (site, name) for site, name, *_ in sites
    ]
    assert all(feeds for *_, feeds in sites)
    site, learned, *_ = next(row for row in sites if row[2] == "pages")
    mine = {site: settings.OutletSetting(name="My Own Name", country="NO")}
    for told, name in ((mine, "My Own Name"), ({}, learned)):
        stored.run(outlets=told)
        assert stored.ask(f"SELECT DISTINCT outlet FROM articles WHERE site = '{site}'") == [(name,)]


def test_an_outlet_setting_names_a_registered_domain(tmp_path: Path) -> None:
    file = tmp_path / "newsduck.toml"
    file.write_text('[outlets."www.foxnews.com"]\nname = "Fox"\n')
    with pytest.raises(BadInput, match=r"such as foxnews\.com"):
        settings.load({"NEWSDUCK_CONFIG": str(file)})


def test_the_days_are_those_of_the_zone_in_the_settings(tmp_path: Path) -> None:
    warehouse = empty(tmp_path / "data")
    entry = Entry(1, 1, "https://a.example/1", title="Rain")
    article = Article(key(entry.url), entry.url, site="a.example", outlet="a.example", fetched_at=NOW)
    for number, (zone, day) in enumerate(
        {"UTC": 23, "Pacific/Auckland": 24, "America/Lima": 23, "Europe/Berlin": 24}.items()
    ):
        first = Batch(
            Run(1, "load-1", "load", NOW),
            NOW,
            outcomes=[Outcome(entry, "stored", article=article, article_id=article.article_id)],
            outlets=[Outlet("a.example", "A", "pages")],
            copies=[Copy(article.article_id, 7, article.article_id, "original", 1.0, 1.0)],
            topics=[Topic("rain", "rain")],
            matches=[Match("rain", 1, article.article_id, 0.5, ("rain",), "**rain**")],
            zone=zone,
        )
        warehouse.commit(Batch(Run(number + 1, "load-1", "load", NOW), NOW, zone=zone) if number else first)
        found = duck.ask(warehouse.path, "SELECT zone, day(seen_day), outlet FROM articles, calendar")[1]
        assert found == [(zone, day, "A")]
        for view in ("topic_share WHERE stories > 0", "topic_daily WHERE stories > 0", "topic_stories"):
            column = "seen_day" if "share" in view else "day"
            assert duck.ask(warehouse.path, f"SELECT day({column}) FROM {view}")[1] == [(day,)], view
    again = [Outcome(entry, "stored", article=replace(article, text="x", text_hash=1), article_id=article.article_id)]
    warehouse.commit(Batch(Run(9, "load-9", "load", NOW), NOW, outcomes=again))
    assert duck.ask(warehouse.path, "SELECT zone, day(seen_day) FROM articles, calendar")[1] == [("Europe/Berlin", 24)]


@pytest.mark.parametrize(
    ("site", "name", "akin"),
    [
        ("herald.example", "The Herald", True),
        ("herald.example", "Herald of the Coast", True),
        ("coastherald.example", "Herald", True),
        ("hc.example", "Herald Coast", True),  # by its initials
        ("hc.example", "Herald of Coast", False),
        ("ab.example", "AB", True),
        ("a.example", "A", False),
        ("ab.example", "Abacus", False),  # two letters are in everything
        ("abc.example", "Abc News", True),
        ("post.example", "Herald", False),
    ],
)
def test_a_feeds_title_names_a_site_that_is_named_after_it(site: str, name: str, akin: bool) -> None:
    assert outlets.choose(site, {}, [name]) == ((name, "feed") if akin else (site, "site"))


@pytest.mark.parametrize(
    ("pages", "name"),
    [
        ({"Post": 3, "The Herald": 2}, "Post"),
        ({"Post": 2, "The Herald": 2}, "The Herald"),  # as the site is called
        ({"The Herald": 2, "HERALD": 1, "Post": 2}, "The Herald"),
        ({"herald.example": 9, "Herald": 1, "Post": 9}, "Herald"),
        ({"herald.example": 1}, "herald.example"),
        ({"Sun": 1, "Post": 1}, "Sun"),
        ({"!": 5}, ""),
    ],
)
def test_of_what_pages_claim_most_counts(pages: dict[str, int], name: str) -> None:
    assert outlets.choose("herald.example", pages, []) == ((name, "pages") if name else ("herald.example", "site"))


@pytest.mark.parametrize(
    ("site", "locales", "where"),
    [
        ("herald.de", {"en-US": 9}, "DE"),
        ("herald.co.uk", {}, "GB"),
        ("herald.com", {"en-GB": 2, "en-US": 9}, "GB"),
        ("herald.com", {"de-AT": 2, "de-DE": 2}, "DE"),
        ("herald.com", {"de-AT": 3, "de-DE": 2}, "AT"),
        ("herald.com", {"zh-Hant-TW": 1, "de": 5}, "TW"),
        ("herald.com", {"en_IE": 1}, "IE"),
        ("herald.com", {}, ""),
        ("10.0.0.12", {"en-GB": 1}, "GB"),
    ],
)
def test_what_tells_an_outlets_country(site: str, locales: dict[str, int], where: str) -> None:
    assert outlets.country(site, locales) == where


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("News of the town | Herald", "Herald"),  # whose the domain is
        ("Town and country | All the news | Every day", "Town and country"),
        ("Town and country", "Town and country"),
        ("https://herald.example/ | Herald", ""),
        (" | Town | ", "| Town |"),
    ],
)
def test_a_name_stands_without_its_slogan(text: str, name: str) -> None:
    assert outlets._without_slogan(text, "herald.example") == name
