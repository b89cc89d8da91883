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
        ("By Ann Lee, Jr.", ("Ann Lee Jr.",)),
        ("Written by Ann Lee Founder at Tarn Boats", ("Ann Lee",)),
        ("Guide by Ann Lee Former Deputy Boats Editor", ("Ann Lee",)),
        ("By Ann Lee ⋅ Senior Rope Analyst", ("Ann Lee",)),
        ("By Contributing Opinion Writer", ()),
        ("Updated 3 May 2026", ()),
        ("Reviewed by Ann Lee", ()),
        ("By Ann Lee . Last updated 3 May", ("Ann Lee",)),
        ("Rain floods the lower town", ()),
        ("By Marrow Media Group", ()),
        ("By Tarn Television", ()),
    ],
)
def test_people_are_named_without_their_posts(printed: str, people: tuple[str, ...]) -> None:
    assert read(f'<article>{H1}<p class="byline">{printed}</p>{BODY}</article>', ld=None).authors == people


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ('<a href="/authors/ann-lee">Ann Lee</a> <span>TARN TODAY</span>', ("Ann Lee",)),
        ('<a href="/autor/ann-lee/">Ann Lee</a>', ("Ann Lee",)),
        ('By <a href="/authors/ann-lee">Ann Lee</a> and Max Orr', ("Ann Lee", "Max Orr")),
        ('By Max Orr</span></p><p><span><a href="/authors/ann-lee">Ann Lee</a>', ("Max Orr",)),
        ('<a href="/weather/ann-lee">Ann Lee</a>', ()),
    ],
)
def test_a_name_that_leads_to_its_bearers_page_signs(line: str, people: tuple[str, ...]) -> None:
    assert read(f"<article>{H1}<p><span>{line}</span></p>{BODY}</article>", ld=None).authors == people


def test_the_box_below_an_article_presents_who_signed_it() -> None:
    box = '<div class="{0}"><h3>{1}</h3><p>{1} sails a small boat and writes of the harbour since she came to the town as a child.</p></div>'
    for boxes, people in [
        (box.format("author-bio", "About Ann Lee"), ("Ann Lee",)),
        (box.format("author-bio", "Ann Lee") + box.format("author-bio", "Max Orr"), ()),
        (f'<div class="comments">{box.format("author-info", "Max Orr")}</div>', ()),
    ]:
        assert read(f"<article>{H1}{BODY}{boxes}</article>", ld=None).authors == people


@pytest.mark.parametrize(
    ("author", "printed", "signed"),
    [
        ({"@type": "Person", "name": "Tarn Editorial Board"}, "", ("Tarn Editorial Board",)),
        ({"@type": "Person", "name": "The Herald"}, "", ("The Herald",)),
        ({"@type": "Person", "name": "Marrow Media Group"}, "", ()),
        (None, "By the Harbour Team 2–3 minutes", ("the Harbour Team",)),
        (None, "By Tarn News with Agencies", ("Tarn News",)),
        (None, "By Redaktion, 24. Januar 2022", ("Redaktion",)),
    ],
)
def test_a_newsroom_signs_by_its_name_alone(author: object, printed: str, signed: tuple[str, ...]) -> None:
    page = f"<article>{H1}<p class=byline>{printed}</p>{BODY}</article>"
    article = read(page, ld={**LD, "author": author})
    assert (article.authors, article.signed_by) == ((), signed)


def test_who_logs_in_by_her_name_is_named_as_she_signs() -> None:
    page = f"<article>{H1}<p class=byline>By Ann Lee</p>{BODY}</article>"
    assert read(page, '<meta name="author" content="annlee">', ld=None).authors == ("Ann Lee",)


def test_authors_of_other_stories_are_not_the_pages() -> None:
    rail = "".join(f'<div class="related"><a rel="author">Jon Vest{n}</a></div>' for n in "abc")
    page = f'<article>{H1}<p class="byline">By Ann Lee</p>{BODY}</article><aside>{rail}</aside>'
    assert read(page, ld=None).authors == ("Ann Lee",)


@pytest.mark.parametrize("hidden", ["hidden", 'style="display: none"', 'style="visibility:hidden"'])
def test_what_a_browser_does_not_show_is_none_of_the_text(hidden: str) -> None:
    extra = f"<p {hidden}>You have read four free articles of this month, which is all there are.</p>"
    assert lines(read(f"<article>{H1}{BODY}{extra}{BODY[:0]}</article>")) == PARAGRAPHS


@pytest.mark.parametrize(
    "wall",
    [
        "Il vous reste 85 % de cet article à lire.",
        "Weiterlesen mit Herald Plus",
        "訂閱後繼續閱讀",
        "Tento článek je pouze pro předplatitele",
        "A cikk folytatása csak előfizetőknek érhető el",
        "Acest articol este disponibil doar pentru abonați",
        "Tämä juttu on vain tilaajille",
        "Μόνο για συνδρομητές",
        "Статията е само за абонати",
        "هذا المقال للمشتركين فقط",
        "הכתבה פתוחה למנויים בלבד",
        "Artikel ini khusus pelanggan",
        "유료회원 전용 기사입니다",
        "Članak je samo za pretplatnike",
        "Den här artikeln är låst",
        "A cikk további része előfizetőinké: fizessen elő, és olvasson tovább",
        "Denne saken er for abonnenter",
        "See artikkel on ainult tellijatele",
        "続きをお読みいただくには登録が必要です",
    ],
)
def test_a_wall_is_known_by_its_words(wall: str) -> None:
    article = read(f"<article>{H1}<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><div>{wall}</div></article>", ld=None)
    assert article.kind == "paywall" and wall not in article.text


@pytest.mark.parametrize(
    "told",
    [
        "Tidningen säger att den som inte prenumererar får läsa tre texter i månaden.",
        "A lap közölte, hogy előfizetés nélkül havonta három cikk olvasható.",
        "Avisen oplyser, at abonnenter kan læse alle artikler fra retten fra maj.",
        "Gazeta podała, że czytelnicy bez prenumeraty przeczytają trzy teksty w miesiącu.",
        "У него не хватило терпения, чтобы дочитать книгу, сказал он.",
    ],
)
def test_news_of_those_who_subscribe_is_no_wall(told: str) -> None:
    article = read(f"<article>{H1}<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><p>{told}</p></article>", ld=None)
    assert article.kind == "article" and told in article.text


def test_what_all_pages_of_a_site_say_of_subscribing_is_no_wall() -> None:
    said = "<p>Already a subscriber? Log in</p>"
    body = f"<article>{H1}<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article>"
    assert read(f"<header>{said}</header>{body}", ld=None).kind == "article"
    assert read(f"{body}<footer>{said}</footer>", ld=None).kind == "article"
    assert read(f"{body}<div>{said}</div>", ld=None).kind == "paywall"
    assert read(body, '<meta property="article:content_tier" content="locked">', ld=None).kind == "paywall"
    assert read(body, '<meta property="article:content_tier" content="metered">', ld=None).kind == "article"
    newsletter = "<aside><p>Abonnez-vous pour recevoir la lettre du matin</p></aside>"
    assert read(f"{body}{newsletter}", ld=None).kind == "article"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (
            "Outage darkens shops",
            "Shops showed only “Checking your browser” and “Verify you are human” to those who came",
        ),
        (
            "Bank asks its clients to enable JavaScript and cookies",
            "A letter went to all who have an account at the bank",
        ),
        ("Access denied: walkers lose the beach path", "A landowner has put up a gate and a chain across the old path"),
    ],
)
def test_news_of_walls_is_news(title: str, said: str) -> None:
    more = " and the firm that did it said on Thursday that it would look into what had gone wrong before the winter"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{said}{more}.</p></body></html>"
    assert read_page(page.encode(), URL, "text/html", NOW).kind == "article"


def test_latin1_means_what_browsers_take_it_for() -> None:
    page = html(f"<article>{H1}<p>„Die Straße – müssen wir“. {PARAGRAPHS[0]}</p>{BODY}</article>").decode()
    page = page.replace("charset=utf-8", "charset=iso-8859-1")
    assert "„Die Straße – müssen wir“" in read_page(page.encode("cp1252"), URL, "text/html", NOW).text


@pytest.mark.parametrize(("headline", "believed"), [("港口渡轮今日停航旅客等待", True), ("股市大涨创新高", False)])
def test_a_headline_without_blanks_is_likened_by_its_characters(headline: str, believed: bool) -> None:
    claims = {
        "@type": "NewsArticle",
        "headline": headline,
        "url": "https://m.paper.example/w/778899",
        "datePublished": "2026-11-20T08:00:00Z",
    }
    script = f'<script type="application/ld+json">{json.dumps(claims)}</script>'
    article = read_page(html(f"<article><h1>港口渡轮今日停航</h1>{BODY}</article>", script), URL, "text/html", NOW)
    assert (article.published_from == "jsonld") is believed
