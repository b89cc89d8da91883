"""What a page says of itself as JSON-LD: which node is the article's, broken scripts, and every way of writing a value."""

import json
import re
import sys
from typing import Any

import lxml.html
import pytest

from extract.errors import Refused
from extract.read import languages, maker
from extract.read.body import scripts, walls
from extract.read.body.engine import parse
from extract.read.claims import jsonld, metadata
from extract.read.claims.jsonld import Claims
from extract.read.layout import lay_out
from extract.read.page import warm
from tests.pages import html
from tests.test_stories import prose

URL = "https://www.herald.example/rain"


def claims(*told: Any, h1: str = "", url: str = URL) -> Claims:
    """Of a page with these scripts: texts as they are, all else as JSON."""
    written = [one if isinstance(one, str) else json.dumps(one) for one in told]
    body = "".join(f'<script type="application/ld+json">{one}</script>' for one in written)
    return jsonld.read(lxml.html.fromstring(f"<html><body>{body}<h1>{h1}</h1></body></html>"), url)


def article(headline: str, **more: Any) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": headline, **more}


@pytest.mark.parametrize(
    ("nodes", "h1", "headline"),
    [
        ([article("Rain"), article("Snow")], "", "Rain"),
        ([article("Rain"), article("Snow")], "Snow", "Snow"),
        ([article("Rain"), article("Snow", author="Ann")], "", "Snow"),  # the fuller one
        ([article("Rain", author="Ann", datePublished="x", publisher="y"), article("Snow")], "Snow", "Snow"),
        ([article("Rain", author="Ann"), article("Snow", url=URL)], "", "Snow"),
        ([article("Rain", author="Ann"), article("Snow", mainEntityOfPage={"@id": URL + "#x"})], "", "Snow"),
        ([article("Rain", author="Ann"), article("Snow", mainEntityOfPage=URL + "/")], "", "Snow"),
        ([{"@type": "WebPage", "headline": "Page"}, article("Rain")], "Page", "Rain"),
        ([{"@type": "WebPage", "headline": "Page"}], "", "Page"),
        ([{"@type": "Organization", "headline": "House"}], "", ""),
        ([{"@graph": [{"@type": "WebSite"}, article("Rain")]}], "", "Rain"),
        ([{"@type": "WebPage", "headline": "Page", "mainEntity": article("Rain")}], "", "Rain"),
        ([[article("Rain")]], "", "Rain"),
        ([{"@type": ["Thing", "BlogPosting"], "headline": "Rain"}], "", "Rain"),
        (["not json", article("Rain")], "", "Rain"),
    ],
)
def test_which_node_is_the_articles(nodes: list[Any], h1: str, headline: str) -> None:
    found = claims(*nodes, h1=h1)
    assert found.text("headline") == headline
    assert found.is_article is ("Rain" in headline or "Snow" in headline)


@pytest.mark.parametrize(
    ("headline", "place", "known", "taken"),
    [
        ("Otter seen at the pond", "https://www.herald.example/otter", "", False),
        ("Otter seen at the pond", "https://www.herald.example/rain?page=2#x", "", True),  # the page's by its address
        (
            "Otter seen at the pond",
            "https://www.herald.example/wet",
            "https://www.herald.example/wet",
            True,
        ),  # canonical
        ("Otter seen at the pond", "https://www.herald.example/", "", True),  # a front page's tells nothing
        ("Otter seen at the pond", "", "", True),
        (
            "Rain on Monday again",
            "https://www.herald.example/otter",
            "",
            False,
        ),  # a quarter of its words are the page's
        ("Rain on Monday", "https://www.herald.example/otter", "", True),  # a third
    ],
)
def test_an_article_of_another_address_and_headline_is_anothers(
    headline: str, place: str, known: str, taken: bool
) -> None:
    script = json.dumps(article(headline, url=place))
    tree = lxml.html.fromstring(
        f'<html><body><script type="application/ld+json">{script}</script><h1>A flood of rain</h1></body></html>'
    )
    assert (jsonld.read(tree, URL, (), [known]).text("headline") == headline) is taken


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Rain",}',
        '{"@type": "NewsArticle", /* x */ "headline": "Rain"} ;',
        '// <![CDATA[\n{"@type": "NewsArticle", "headline": "Rain"}\n// ]]>',
        '<!-- {"@type": "NewsArticle", "headline": "Rain"} -->',
        '{"@type": "NewsArticle", // x\n "headline": "Rain", "url": "https://x.example/"}',
        '\ufeff{"@type": "NewsArticle", "headline": "Rain"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Rain&quot;}",
        '{"@type": "WebSite", "name": "x"}\n{"@type": "NewsArticle", "headline": "Rain"}',
        '[{"@type": "WebSite", "name": "x"} {"@type": "NewsArticle", "headline": "Rain"}]',
        '{"@type": "NewsArticle"\n"headline": "Rain"}',
        '{"@type": "NewsArticle",, "headline": "Rain"}',
        '{"@type": "NewsArticle", "publisher": {"name": "x"} "headline": "Rain"}',
        '{"@type": "NewsArticle", "wordCount": , "image": undefined, "headline": "Rain"}',
        '{"@graph": [{"@type": "NewsArticle", "headline": "Rain", "author": {"name": "Ann Lee"',
        '{"@type": "NewsArticle", "description": "Ann\\\'s C:\\news", "headline": "Rain"}',
        '{"@type": "NewsArticle", "description": "first\nsecond\tthird", "headline": "Rain"}',
    ],
)
def test_scripts_that_are_nearly_json_are_read(script: str) -> None:
    assert claims(script).text("headline") == "Rain"
    assert (
        claims('{"@type": "NewsArticle", "headline": "The "big" rain", "url": "x"}').text("headline")
        == 'The "big" rain'
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Rain &amp; wind", "Rain & wind"),
        (["", "Rain"], "Rain"),
        ({"name": "Rain"}, "Rain"),
        ({"url": "https://x.example/"}, "https://x.example/"),
        ({"@value": "Rain"}, "Rain"),
        (7, "7"),
        (1.5, "1.5"),
        (True, ""),
        (None, ""),
        ([], ""),
        ({}, ""),
    ],
)
def test_a_value_is_written_in_many_ways(value: Any, text: str) -> None:
    found = claims(article("x", about=value, other="Other"))
    assert found.text("about") == text
    assert found.text("about", "other") == (text or "Other")


@pytest.mark.parametrize(
    ("author", "named"),
    [
        ([[{"@type": "Person", "name": "Ann Lee"}], "Max Orr"], ["Ann Lee", "Max Orr"]),
        ({"@type": "Person", "givenName": "Ann", "familyName": "Lee"}, ["Ann Lee"]),
        ({"name": "Ann B. Lee", "givenName": "Ann", "familyName": "Lee"}, ["Ann B. Lee"]),
        ({"givenName": "Ann"}, []),
        ({"givenName": "Ann", "familyName": " "}, []),
        ({"givenName": "Ann", "familyName": None}, []),
    ],
)
def test_a_person_is_named_in_many_ways(author: Any, named: list[str]) -> None:
    assert claims(article("x", author=author)).names("author") == named


@pytest.mark.parametrize(
    ("kind", "name", "taken"),
    [
        ("VideoObject", "The harbour in winter", False),
        ("PodcastEpisode", "The harbour in winter", True),
        ("VideoObject", "A flood of rain: the film", True),
        ("VideoObject", "", True),
        ("WebPage", "The harbour in winter", True),
    ],
)
def test_a_film_that_an_article_shows_is_not_the_article(kind: str, name: str, taken: bool) -> None:
    found = claims({"@type": kind, "name": name, "uploadDate": "2026-11-20"}, h1="A flood of rain")
    assert (found.text("uploadDate") != "") is taken


def test_a_page_of_a_film_may_call_it_by_another_name_than_its_file_has() -> None:
    film = {"@type": "VideoObject", "name": "GMA_rain_v2", "uploadDate": "2026-11-20"}
    page = '<meta property="og:type" content="video.other"><script type="application/ld+json">{}</script><h1>A flood of rain</h1>'
    assert jsonld.read(lxml.html.fromstring(page.format(json.dumps(film))), URL).text("uploadDate") == "2026-11-20"


def test_names_of_people_and_of_houses() -> None:
    found = claims(
        article(
            "x",
            author=[
                {"@type": "Person", "name": "Ann Lee"},
                {"@type": "NewsMediaOrganization", "name": "Herald"},
                {"@type": "Brand", "name": "Post"},
                "Max Orr",
                {"@id": "#jo"},
                {"name": ["Al Bee", "Cy Dee"]},
                {"@type": "Person"},
                7,
            ],
        ),
        {"@type": "Person", "@id": "#jo", "name": "Jo Ray"},
    )
    people = ["Ann Lee", "Max Orr", "Jo Ray", "Al Bee", "Cy Dee"]
    assert found.names("author", persons=True) == people
    assert found.names("author", persons=False) == ["Herald", "Post"]
    assert set(found.names("author")) == {*people, "Herald", "Post"}
    assert found.unclear("author") == ["Herald", "Post", "Max Orr", "Jo Ray", "Al Bee", "Cy Dee"]


@pytest.mark.parametrize(
    ("value", "texts"),
    [("a, b,", ["a", "b"]), (["a, b", "c"], ["a, b", "c"]), (["a, b"], ["a", "b"]), ([1, "a"], ["a"]), (None, [])],
)
def test_a_list_or_a_string_with_commas(value: Any, texts: list[str]) -> None:
    assert claims(article("x", keywords=value)).texts("keywords") == texts


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (True, True),
        ("True", True),
        ("1", True),
        (1, True),
        (False, False),
        ("false", False),
        (0, False),
        ("no", None),
        (None, None),
    ],
)
def test_a_yes_or_no(value: Any, told: bool | None) -> None:
    assert claims(article("x", isAccessibleForFree=value)).free is told


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        ({"isAccessibleForFree": "False", "cssSelector": ".premium"}, "True", False),
        ([{"isAccessibleForFree": False}], None, False),
        ([{"isAccessibleForFree": True}, {"isAccessibleForFree": "true"}], True, True),
        ([{"@type": "Review", "name": "x"}, "https://a.example"], None, None),
        ({"cssSelector": ".paywall"}, False, False),
        ([], True, True),
    ],
)
def test_an_article_of_which_a_part_is_locked_is_not_free(part: Any, whole: Any, told: bool | None) -> None:
    assert claims(article("x", isAccessibleForFree=whole, hasPart=part)).free is told


def body(script: str, title: str = "", kind: str = "") -> str:
    page = f"<html><body><script{kind}>{script}</script></body></html>"
    return scripts.body(lxml.html.fromstring(page), title)


def text(words: int) -> list[str]:
    return [prose(n, 50) for n in range(words // 50)] + ([prose(99, words % 50)] if words % 50 else [])


@pytest.mark.parametrize(("spare", "found"), [(0, True), (1, True), (-1, False)])
def test_a_script_carries_an_article_of_so_many_words(spare: int, found: bool) -> None:
    told = text(scripts.LEAST + spare)
    html_ = json.dumps({"body": "".join(f"<p>{part}</p>" for part in told)}).replace("</", "<\\/")
    for script in (html_, f"window.__STATE__ = {html_};", f"  {html_}"):
        assert bool(body(script)) is found
    assert body(json.dumps({"body": "\n".join(told)})).count("\n") == (max(0, len(told) - 1) * 2 if found else 0)


@pytest.mark.parametrize(
    ("title", "found"), [("", True), ("Rain rain", True), ("Bami konan xyz", True), ("Rain xyz snow", False)]
)
def test_it_says_half_of_its_titles_words(title: str, found: bool) -> None:
    told = "rain " + " ".join(text(scripts.LEAST + 50)) + " bami konan"
    assert bool(body(json.dumps({"body": f"{told}\nmore"}), title)) is found


def test_only_what_says_that_it_is_json_ld_is_read_as_such() -> None:
    page = '<html><body><script type="text/x">{"@type": "NewsArticle", "headline": "Rain"}</script><script type="application/ld+json"></script></body></html>'
    assert jsonld.read(lxml.html.fromstring(page)) == Claims()


@pytest.mark.parametrize(
    ("head", "locale"),
    [
        ('<meta property="og:locale" content="en_GB">', "en-GB"),
        ('<meta property="og:locale" content="de_DE">', "en"),  # of another language
        ('<meta name="content-language" content="en-AU">', "en-AU"),
        ('<meta property="og:locale" content="english of Britain">', "en"),
    ],
)
def test_a_pages_language_is_told_with_its_region_where_one_claim_has_it(head: str, locale: str) -> None:
    assert metadata.read(lay_out(html("<p>x</p>", head), URL)).locale == locale


@pytest.mark.parametrize(
    ("head", "ld", "tags"),
    [
        ('<meta property="article:tag" content="a"><meta property="article:tag" content="b">' * 2, None, ("a", "b")),
        ("".join(f'<meta property="article:tag" content="{n}">' for n in range(40)), None, tuple(map(str, range(30)))),
        ("", {"@type": "NewsArticle", "keywords": "a, b"}, ("a", "b")),
    ],
)
def test_thirty_tags_are_kept_each_once(head: str, ld: Any, tags: tuple[str, ...]) -> None:
    assert metadata.read(lay_out(html("<p>x</p>", head, ld), URL)).tags == tags


@pytest.mark.parametrize(("words", "told"), [(19, "xx"), (20, "en")])
def test_a_language_is_concluded_from_twenty_words(words: int, told: str) -> None:
    text_ = [
        "the",
        "ferry",
        "to",
        "the",
        "island",
        "does",
        "not",
        "run",
        "today",
        "said",
        "the",
        "line",
        "and",
        "asked",
        "all",
        "who",
        "wait",
        "for",
        "their",
        "patience",
        "now",
    ]
    assert languages.decide(" ".join(text_[:words]), "xx") == told


@pytest.mark.parametrize(("words", "says"), [(25, True), (26, False)])
def test_a_wall_is_a_short_line(words: int, says: bool) -> None:
    wall = min(walls._WORDS)
    assert walls.says_so(f"x {wall.upper()} x", words) is says
    assert not walls.says_so("nothing of the kind", words)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Please sign up or log in to continue reading", True), ("Join the Herald for free to access this content", True),
        ("Register to continue reading", True), ("Create an account to continue reading.", True),
        ("Residents could log in to continue the survey", False), ("He went on reading to continue", False),
        ("Students get in for free", False), ("She had to sign up twice", False), ("The content is free to all", False),
    ],
)  # fmt: skip
def test_a_wall_may_ask_for_a_login(line: str, says: bool) -> None:
    assert walls.says_so(line, len(line.split())) is says


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("", True),
        ("text/html; charset=utf-8", True),
        ("text/plain", True),
        ("application/xhtml+xml", True),
        ("application/pdf", False),
        ("image/png", False),
    ],
)
def test_what_calls_itself_a_page_is_read(kind: str, taken: bool) -> None:
    if taken:
        assert parse(b"<html><body><p>x</p></body></html>", URL, kind) is not None
    else:
        with pytest.raises(Refused, match=f"is {kind}, not a web page"):
            parse(b"<html><body><p>x</p></body></html>", URL, kind)


@pytest.mark.parametrize(
    ("rest", "depth", "name", "gone"),
    [
        (300, 1, "cookie-banner", True),
        (299, 1, "cookie-banner", False),  # it is all of the page
        (300, 3, "cookie-banner", True),
        (300, 4, "cookie-banner", False),
        (300, 1, "cookies", False),
        (300, 1, "onetrust-consent-sdk", True),
    ],
)
def test_the_box_that_asks_for_consent_goes(rest: int, depth: int, name: str, gone: bool) -> None:
    box = "<div>" * (depth - 1) + f'<div id="{name}">We use cookies </div>' + "</div>" * (depth - 1)
    page = f"<html><body>{box}<p>{' '.join(['word'] * rest)}</p></body></html>"
    assert ("cookies" not in parse(page.encode(), URL, "").text_content()) is gone


@pytest.mark.parametrize(
    ("spans", "told"),
    [
        ("<span>14 November</span><span>The council</span>", "14 November The council"),
        ("<span>November 14</span><b>The council</b>", "November 14 The council"),
        ("<span>mc</span><span>Donald</span>", "mc Donald"),
        ("<span>wo</span><span>rd</span>", "word"),
        ("<span>A</span><span>The</span>", "AThe"),
        ("<span>word</span><span>AB</span>", "wordAB"),
        ("<span>word</span>-<span>The</span>", "word-The"),
        ("<span>word</span><div>The</div>", "wordThe"),
    ],
)
def test_words_that_only_style_holds_apart_are_parted(spans: str, told: str) -> None:
    assert parse(f"<html><body><p>{spans}</p></body></html>".encode(), URL, "").text_content() == told


def test_what_makes_a_reading_is_told_by_name() -> None:
    told = maker.made_by()
    assert set(maker.LIBRARIES) < set(told)
    assert told["python"] == f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    assert told["reader"] == str(maker.READER) and re.fullmatch(r"[0-9a-f]{12}", told["code"])
    assert told["lxml"] != "none" and maker._version("no-such-library") == "none"
    warm()  # and what a first reading loads is loaded without an error
