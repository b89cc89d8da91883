"""What pages say of themselves, carelessly: JSON-LD that does not parse, other articles' nodes, people with their posts."""

import json
from collections.abc import Callable

import pytest

from extract.read.page import read_page
from tests.pages import BODY, LD, NOW, PARAGRAPHS, URL, html, lines, read

H1 = "<h1>Rain floods the lower town</h1>"


@pytest.mark.parametrize(
    "careless",
    [
        lambda text: text.replace("{", "{ // the article\n", 1),
        lambda text: text.replace("}", ", }", 1),
        lambda text: text.replace("Rain floods", 'Rain "floods"', 1),
        lambda text: f"/* cms */ {text}",
    ],
)
def test_careless_json_ld_is_read(careless: Callable[[str], str]) -> None:
    script = f'<script type="application/ld+json">{careless(json.dumps(LD))}</script>'
    article = read_page(html(f"<article>{H1}{BODY}</article>", script), URL, "text/html", NOW)
    assert article.authors == ("Ann Lee", "Max Orr")
    assert article.published_at is not None and article.published_from == "jsonld"


def test_the_node_that_says_the_headline_is_the_pages() -> None:
    other = {
        **LD,
        "headline": "Another story",
        "author": "Someone Else",
        "articleBody": "Long.",
        "mainEntityOfPage": "x",
    }
    article = read(ld=[other, {"@type": "NewsArticle", "headline": LD["headline"], "author": "Ann Lee"}])
    assert article.authors == ("Ann Lee",)


def test_an_author_may_be_named_elsewhere_on_the_page() -> None:
    graph = [{**LD, "author": {"@id": "#ann"}}, {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}]
    assert read(ld={"@graph": graph}).authors == ("Ann Lee",)


@pytest.mark.parametrize(
    ("printed", "people"),
    [
        ("By Home Affairs Editor Ann Lee", ("Ann Lee",)),
        ("By Ann Lee Rome Correspondent", ("Ann Lee",)),
        ("By Ann Lee, Special to the Herald", ("Ann Lee",)),
        ("By Ann Lee, Jr.", ("Ann Lee Jr",)),
        ("By Marrow Media Group", ()),
        ("By Tarn Television", ()),
    ],
)
def test_people_are_named_without_their_posts(printed: str, people: tuple[str, ...]) -> None:
    assert read(f'<article>{H1}<p class="byline">{printed}</p>{BODY}</article>', ld=None).authors == people


def test_authors_of_other_stories_are_not_the_pages() -> None:
    rail = "".join(f'<div class="related"><a rel="author">Jon Vest{n}</a></div>' for n in "abc")
    page = f'<article>{H1}<p class="byline">By Ann Lee</p>{BODY}</article><aside>{rail}</aside>'
    assert read(page, ld=None).authors == ("Ann Lee",)


@pytest.mark.parametrize("hidden", ["hidden", 'style="display: none"', 'style="visibility:hidden"'])
def test_what_a_browser_does_not_show_is_none_of_the_text(hidden: str) -> None:
    extra = f"<p {hidden}>You have read four free articles of this month, which is all there are.</p>"
    assert lines(read(f"<article>{H1}{BODY}{extra}{BODY[:0]}</article>")) == PARAGRAPHS


@pytest.mark.parametrize(
    "wall", ["Il vous reste 85 % de cet article à lire.", "Weiterlesen mit Herald Plus", "訂閱後繼續閱讀"]
)
def test_a_wall_is_known_by_its_words(wall: str) -> None:
    article = read(f"<article>{H1}<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><div>{wall}</div></article>", ld=None)
    assert article.kind == "paywall" and wall not in article.text


def test_latin1_means_what_browsers_take_it_for() -> None:
    page = html(f"<article>{H1}<p>„Die Straße – müssen wir“. {PARAGRAPHS[0]}</p>{BODY}</article>").decode()
    page = page.replace("charset=utf-8", "charset=iso-8859-1")
    assert "„Die Straße – müssen wir“" in read_page(page.encode("cp1252"), URL, "text/html", NOW).text
