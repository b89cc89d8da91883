"""What of a page is the article's body: invented pages in the markup real sites use."""

import json

import lxml.html
import pytest

from extract.read import blocks
from extract.read.body import boilerplate, engine
from extract.read.claims.jsonld import Claims
from extract.read.claims.meta import Meta
from extract.read.layout import Layout
from extract.read.page import read_page
from tests.pages import BODY, LD, PARAGRAPHS, URL, html, lines, read
from tests.test_stories import prose


def _laid_out(walked: list[blocks.Block], title: str) -> Layout:
    tree = walked[0].path[0]
    return Layout(URL, tree, walked, Claims(), Meta(tree)).under(title)


def _half(first: int, last: int) -> str:
    told = "".join(
        f"<p>Paragraph {n} of the report tells what was decided and why it matters.</p>" for n in range(first, last)
    )
    return f'<div class="grid"><div class="article-body">{told}</div></div>'


def test_a_body_cut_in_two_by_an_advertisement_is_read_whole() -> None:
    page = f"<html><body><main>{_half(0, 5)}<div class='ad'>Advertisement</div>{_half(5, 10)}</main></body></html>"
    walked = blocks.walk(lxml.html.fromstring(page))
    body = [block.text for block in walked if block.words > 5]
    assert [line for line, _ in boilerplate.choose(_laid_out(walked, "A headline"), body[:5], "")] == body


def test_a_sentence_that_lost_a_word_is_stored_as_the_page_has_it() -> None:
    told = "The council of the harbour town decided on Monday that the old lighthouse will be sold to its keeper for one euro."
    walked = blocks.walk(lxml.html.fromstring(f"<html><body><p>{told}</p></body></html>"))
    assert [
        line for line, _ in boilerplate.choose(_laid_out(walked, "A headline"), [told.replace("Monday ", "")], "")
    ] == [told]


def test_comments_and_galleries_go_even_where_they_are_most_of_the_page() -> None:
    said = "".join(f"<p>{prose(n, 60)}.</p>" for n in range(20, 30))
    for name in ("reader-comments", "gallery-captions"):
        body = f"<main><h1>Rain floods the lower town</h1>{BODY}<div class={name}>{said}</div></main>"
        assert lines(read(body)) == PARAGRAPHS


def test_a_list_of_other_stories_is_none_of_the_article() -> None:
    teasers = "".join(
        f"<div><h4><a href=/{n}>{prose(n, 5)}</a></h4><p class=byline>By Max Orr</p><p class=dek>{prose(n, 20)}.</p></div>"
        for n in range(20, 25)
    )
    assert lines(read(f"<main><h1>Rain floods the lower town</h1>{BODY}{teasers}</main>")) == PARAGRAPHS


def test_the_article_of_the_headline_is_the_one_that_is_read() -> None:
    others = "".join(f"<article><p>{prose(n, 60)}.</p></article>" for n in range(20, 30))
    page = f"<div><article><h1>Rain floods the lower town</h1>{BODY}</article>{others}</div>"
    assert lines(read(page)) == PARAGRAPHS


def test_a_paragraph_behind_the_paywall_is_the_articles_where_the_page_carries_it() -> None:
    body = BODY.replace("<p>", "<p class=paywall>")
    assert lines(read(f"<article><h1>Rain floods the lower town</h1>{body}</article>")) == PARAGRAPHS


_EDITOR = [{"type": "paragraph", "content": [{"text": p[:9]}, {"children": [p[9:]]}]} for p in PARAGRAPHS]


@pytest.mark.parametrize(
    "script",
    [
        f'<script type="application/json">{json.dumps([{"body": BODY}])}</script>',
        f"<script>window.STATE = {json.dumps({'content': _EDITOR})};</script>",
        "".join(f"<script>self.__next_f.push([1,{json.dumps(piece)}])</script>" for piece in (BODY[:500], BODY[500:])),
    ],
    ids=["html", "paragraphs", "stream"],
)
def test_an_article_that_only_the_scripts_carry_is_read(script: str) -> None:
    words = " ".join(PARAGRAPHS[0].split()[:4])
    page = f"<h1>{words}</h1><div id=root></div>{script}"
    assert lines(read(page, ld=None)) == PARAGRAPHS
    assert read(f"<h1>Something else altogether happened</h1>{script}", ld=None).words < 10


@pytest.mark.parametrize(
    "box",
    [
        "<table align=right width=200><tr><td><p>{0}.</p></td></tr></table>",
        '<div style="width:200px; float:left"><p>{0}.</p></div>',
        "<div class=left-nav><p>{0}.</p></div>",
        "<div class=image_caption-box><p>{0}.</p></div>",
    ],
)
def test_what_text_flows_around_is_beside_the_body(box: str) -> None:
    page = f"<main><h1>Rain floods the lower town</h1><p>{PARAGRAPHS[0]}</p>{box.format(prose(30, 12))}{BODY}</main>"
    assert prose(30, 12) not in read(page).text


def test_the_consent_box_is_no_text_though_it_is_longer_than_the_article() -> None:
    asked = "".join(f"<p>{prose(n, 60)} cookies.</p>" for n in range(40, 50))
    page = f"<div><h1>Rain floods the lower town</h1>{BODY}</div><div id=onetrust-consent-sdk><div>{asked}</div></div>"
    article = read(page)
    assert lines(article) == PARAGRAPHS
    assert article.kind == "article"


def test_what_stands_among_the_paragraphs_in_their_element_is_of_the_body() -> None:
    told = [f"Paragraph {n} of the report tells what was decided and why it matters so much." for n in range(6)]
    inner = f"<p>{told[0]}</p><p>{told[1]}</p><h2>And then</h2>{told[2]}<br><p>{told[3]}</p><ul><li>First of all the pumps</li></ul><p>{told[4]}</p><p>{told[5]}</p>"
    walked = blocks.walk(lxml.html.fromstring(f"<div><div class=body>{inner}</div></div>"))
    taken = [told[n] for n in (0, 1, 3, 4, 5)]
    want = [*told[:2], "And then", *told[2:4], "First of all the pumps", *told[4:]]
    assert [line for line, _ in boilerplate.choose(_laid_out(walked, ""), taken, "")] == want


def test_a_quote_in_a_figure_stays_and_its_caption_goes() -> None:
    quote = f"<figure><blockquote><p>{prose(31, 25)}.</p></blockquote><figcaption>Ann Lee, mayor</figcaption></figure>"
    walked = blocks.walk(lxml.html.fromstring(f"<div><div>{BODY}{quote}{BODY}</div></div>"))
    kept = [line for line, _ in boilerplate.choose(_laid_out(walked, ""), [b.text for b in walked], "")]
    assert f"{prose(31, 25)}." in kept
    assert "Ann Lee, mayor" not in kept


def test_sentences_between_headline_and_body_are_the_standfirst() -> None:
    deck = "The river rose by two metres in one night, and the pumps did not hold."
    page = f"<article><h1>Rain floods the lower town</h1><header><p class=x1>{deck}</p></header><p class=meta>By Ann Lee</p><div class=text>{BODY}</div></article>"
    article = read(page)
    assert (article.standfirst, lines(article)) == (deck, PARAGRAPHS)
    for other in ("By Ann Lee, who was there.", "Published on Sunday at 23:30.", "Rain"):
        assert read(page.replace(deck, other)).standfirst == ""


def test_a_page_that_begins_with_an_inline_element_is_read() -> None:
    walked = blocks.walk(lxml.html.fromstring("<span>One<br>two <p>three</p> four</span>"))
    assert [block.text for block in walked] == ["One", "two", "three", "four"]


def test_a_page_that_is_one_paragraph_is_read() -> None:
    walked = blocks.walk(lxml.html.fromstring(f"<p>{PARAGRAPHS[0]}</p>"))
    assert boilerplate.choose(_laid_out(walked, ""), [PARAGRAPHS[0]], "") == [(PARAGRAPHS[0], 0)]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        (
            "<nav><h1>Lower town flood: mayor speaks</h1></nav><h2>Flood: Rain in the lower town again</h2>",
            "Rain in the lower town again",
        ),
        (
            "<h1>Rain floods the lower town</h1><h2><a href=/>Rain in the lower town again</a></h2>",
            "Rain floods the lower town",
        ),
    ],
)
def test_the_headline_is_the_one_that_is_printed(body: str, title: str) -> None:
    ld = LD | {"headline": "Rain in the lower town again"}
    assert read(f"<article>{body}{BODY}</article>", ld=ld).title == title


def test_a_heading_that_leads_away_names_the_blog() -> None:
    page = html(f"<h1><a href=/>Herald rain notes</a></h1><h2>Rain floods the lower town</h2>{BODY}")
    assert read_page(page, URL).title == "Rain floods the lower town"


def _chosen(inner: str, given: list[str]) -> list[str]:
    """What is made of a page of which an extractor gave these lines."""
    walked = blocks.walk(lxml.html.fromstring(f"<html><body><main><article>{inner}</article></main></body></html>"))
    return [line for line, _ in boilerplate.choose(_laid_out(walked, "A headline"), given, "")]


@pytest.mark.parametrize(
    ("box", "stays"),
    [
        ("<ul><li>A list beside the paragraphs</li><li>with short items</li></ul>", ("beside the paragraphs", "short items")),
        ("<h3>A heading that leads to its part</h3>", ("leads to its part",)),
        ("<div>A sentence of the body that its makers set between two paragraphs without marking it as one.</div>", ("without marking",)),
        ("<figure class='wp-block-table'><table><tr><td>Rain in the lower town</td><td>40 mm on Monday</td></tr></table></figure>", ("40 mm",)),
        ("<p>People of the town have been told by the council's newsletter to sign up for the evacuation of the lower streets in time.</p>", ("evacuation",)),
    ],
)  # fmt: skip
def test_what_stands_beside_the_paragraphs_is_of_the_body(box: str, stays: tuple[str, ...]) -> None:
    text = "\n".join(_chosen("".join([*(f"<p>{p}</p>" for p in PARAGRAPHS[:3]), box, *(f"<p>{p}</p>" for p in PARAGRAPHS[3:])]), PARAGRAPHS))  # fmt: skip
    if "wp-block-table" in box:  # a table is an extractor's to find; that it stands in a figure does not throw it out
        text = "\n".join(_chosen(f"<p>{PARAGRAPHS[0]}</p>{box}<p>{PARAGRAPHS[1]}</p>", [PARAGRAPHS[0], "Rain in the lower town", "40 mm on Monday", PARAGRAPHS[1]]))  # fmt: skip
    assert all(piece in text for piece in stays)


@pytest.mark.parametrize(
    "box",
    [
        "<h3><a href='/other'>Mayor of the upper town resigns after the vote</a></h3>",
        "<ul><li><a href='/a'>Storm hits the coast</a></li><li><a href='/b'>Mayor resigns after vote</a></li></ul>",
        "<p>Sign up for our newsletter</p>",
        "<div class='byline'>By Ann Lee</div>",
        "<figure><img src='a.jpg'><figcaption>The lower town on Monday, seen from the bridge.</figcaption></figure>",
    ],
)
def test_what_is_not_the_bodys_by_its_own_marks_stays_out(box: str) -> None:
    inner = "".join([*(f"<p>{p}</p>" for p in PARAGRAPHS[:3]), box, *(f"<p>{p}</p>" for p in PARAGRAPHS[3:])])
    assert _chosen(inner, PARAGRAPHS) == PARAGRAPHS


def test_what_is_brought_back_stands_there_once() -> None:
    told = [
        f"{p} <code>call_{n}()</code> returns {n} and the next one is asked for it." for n, p in enumerate(PARAGRAPHS)
    ]
    inner = "".join(f"<p>{t}</p>" for t in told)
    torn = [piece for n, p in enumerate(PARAGRAPHS) for piece in ([p, f"returns {n} and the next one is asked for it."] if n in (2, 4) else [f"{p} call_{n}() returns {n} and the next one is asked for it."])]  # fmt: skip
    assert [line.count("returns") for line in _chosen(inner, torn)] == [1] * len(told)


@pytest.mark.parametrize(
    ("name", "stays"),
    [("field--label-hidden field__item", True), ("rte with-sidebar", True), ("hidden", False), ("col sidebar", False)],
)
def test_a_name_that_speaks_of_something_else_hides_no_body(name: str, stays: bool) -> None:
    box = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[4:])
    inner = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[:4]) + f"<div class='{name}'>{box}</div>"
    assert (PARAGRAPHS[4] in _chosen(inner, PARAGRAPHS)) == stays


def test_a_body_of_which_the_rules_leave_nothing_under_its_root_is_read() -> None:
    gone = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    page = f"<html><body><div><div class='comments'>{gone}</div></div><p>{PARAGRAPHS[0]} {PARAGRAPHS[1]} A last word.</p></body></html>"
    walked = blocks.walk(lxml.html.fromstring(page))
    assert boilerplate.choose(_laid_out(walked, "A headline"), [b.text for b in walked], "")


def test_text_between_line_breaks_is_the_body_where_an_extractor_found_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [
        f"Paragraph {n} says at some length what the keepers of the weir did on that day of the week." for n in range(4)
    ]
    box = "Are you tired of your job and of the road to it? Here is what others did to find one nearer home."
    page = f"<html><body><div id='t'>{'<br><br>'.join(told)}</div><div><p>{box}</p></div></body></html>"
    monkeypatch.setattr(engine, "_extract", lambda *_, **__: box)
    tree = engine.parse(page.encode(), "https://tarn.example/1", "text/html")
    assert engine.lines(tree, blocks.walk(tree)) == told


def test_readers_words_that_stand_between_line_breaks_below_an_article_are_not_the_body(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article = "The gates of the upper weir have not moved since the storm, and the chain has to come from the foundry."
    told = [
        f"Reader {n} says at some length what the keepers of the weir should have done on that day." for n in range(4)
    ]
    page = f"<html><body><p>{article}</p><div>{'<br><br>'.join(told)}</div></body></html>"
    monkeypatch.setattr(engine, "_extract", lambda *_, **__: article)
    tree = engine.parse(page.encode(), "https://tarn.example/1", "text/html")
    assert engine.lines(tree, blocks.walk(tree)) == [article]


@pytest.mark.parametrize(
    ("line", "is_junk"),
    [
        ("Auch interessant", True),
        ("Weitere Artikel zum Thema:", True),
        ("Das ist auch interessant", False),
        ("Weitere Artikel fand die Polizei im Keller", False),
    ],
)
def test_a_heading_over_other_stories_is_no_text_and_a_sentence_is(line: str, is_junk: bool) -> None:
    assert (boilerplate._ALSO.fullmatch(line) is not None) is is_junk


@pytest.mark.parametrize(
    "line", ["Beitragsbild: die Fähre", "Fot. Jan Kowal / Agencja", "Bildquelle: Archiv", "Fotos: Max Moor"]
)
def test_a_label_of_a_picture_is_known_in_many_languages(line: str) -> None:
    assert boilerplate._CREDIT.search(line)
    assert not boilerplate._CREDIT.search(f"Ein Satz über {line}")


def test_a_moment_in_a_sentence_stays_in_it() -> None:
    told = 'The strike began on <time datetime="2026-11-01">1 November</time>, Mara Holt said.'
    article = read(f"<article><h1>Rain floods the lower town</h1>{BODY}<p>{told}</p></article>")
    assert lines(article)[-1] == "The strike began on 1 November, Mara Holt said."
