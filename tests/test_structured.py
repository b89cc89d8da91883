"""What a page says of itself as JSON-LD: which node is the article's, broken scripts, and every way of writing a value."""

import json
from typing import Any

import lxml.html
import pytest

from extract.read import jsonld, scripts
from extract.read.jsonld import Claims
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
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Rain",}',
        '{"@type": "NewsArticle", /* x */ "headline": "Rain"} ;',
        '// <![CDATA[\n{"@type": "NewsArticle", "headline": "Rain"}\n// ]]>',
        '<!-- {"@type": "NewsArticle", "headline": "Rain"} -->',
        '{"@type": "NewsArticle", // x\n "headline": "Rain", "url": "https://x.example/"}',
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
    assert claims(article("x", isAccessibleForFree=value)).flag("isAccessibleForFree") is told


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
