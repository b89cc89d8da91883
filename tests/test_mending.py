"""Markup mended where the parser would lose an article."""

import lxml.html
import pytest

from extract.read.body import mending
from extract.read.page import read_page
from tests.pages import BODY, html


@pytest.mark.parametrize(
    ("head", "kept"),
    [
        ("<p>One</p>", True),
        ("<section><p>One</p></section>", True),
        ("<b>x</b><h1>One</h1>", True),
        ("<b>One</b>", False),
    ],
)
@pytest.mark.parametrize("body", [True, False])
def test_an_article_in_a_pages_head_is_taken_out_of_it(head: str, kept: bool, body: bool) -> None:
    page = lxml.html.fromstring("<html><head><title>x</title></head></html>")
    for piece in lxml.html.fragments_fromstring(head):
        page.find("head").append(piece)
    if body:
        page.append(page.makeelement("body"))
    mending.tree(page, b"")
    there = page.find("body")
    assert ("One" in (there.text_content() if there is not None else "")) is kept
    assert "x" in page.find("head").text_content()


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        (b"<p>One</p></body></html><p>Two", b"<p>One</p><p>Two"),
        (b"<p>One</p></BODY ></hTml>", b"<p>One</p></BODY ></hTml>"),
        (b"</body><ti</body>tle>One<p>two", b"<title>One</title><p>two"),
        (b"x" * 19_990 + b"</body></html><title>One<p>two", b"x" * 19_990 + b"<title>One</title><p>two"),
    ],
    ids=["goes on", "ends", "a title put together", "a title that comes nearer"],
)
def test_what_stands_behind_a_documents_end_is_of_it(page: bytes, kept: bytes) -> None:
    assert mending.source(page) == kept


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("a&#1;b&#x1F;c&#0;d&#xfffe;e&#65535;f&#00031;g", "abcdefg"),
        ("a&#11;b&#xC;c&#x0b d&#012 e", "a b c  d  e"),
        ("&#9;&#10;&#13;&#32;&#x20;&#xA0;&#123;&#x1F60A;&#128522;&#12345;&#x1f1;&#65533;", None),
        ("a &#; &#x; &# 1; &amp;#1;", None),
    ],
)
def test_references_to_no_character_go(printed: str, kept: str | None) -> None:
    assert mending.source(printed.encode()) == (printed if kept is None else kept).encode()


@pytest.mark.parametrize("code", ["1", "8", "11", "12", "14", "31", "x0", "x1e", "65534", "xFFFF"])
def test_an_article_with_one_is_read(code: str) -> None:
    body = BODY.replace("<p>", f"<p>&#{code};", 1)
    article = read_page(html(f"<article><h1>Rain&#{code}; again</h1>{body}</article>"), "https://a.example/1")
    assert article.kind == "article" and article.words > 200 and article.title == "Rain again"


NOTE = "A fund is money kept for one purpose"


@pytest.mark.parametrize(
    ("note", "stays"),
    [
        (f"<span hidden>{NOTE}</span>", False),
        (f'<em style="DISPLAY : none">{NOTE}</em>', False),
        (f'<span style="text-decoration: none">{NOTE}</span>', True),
        (f'<span style="display: inline; border: none">{NOTE}</span>', True),
        ("<span hidden>Ann Lee</span>", True),  # the label of a name
        (f'<span style="display:none">{NOTE * 4}</span>', True),  # what goes on behind "read more"
        (f"<b hidden>{NOTE}</b>", True),
    ],
)
def test_what_a_paragraph_does_not_show_is_none_of_its_words(note: str, stays: bool) -> None:
    page = lxml.html.document_fromstring(
        f"<html><body><p>The fund{note} pays for it.</p><div><span hidden>{NOTE}</span></div></body></html>"
    )
    mending.drop_unseen(page, b"")
    assert (page.find(".//p").text_content() != "The fund pays for it.") is stays
    assert page.find(".//div").text_content() == NOTE


@pytest.mark.parametrize(
    ("told", "stays"),
    [
        ("The town sells a <button>bond</button>, at three per cent.", True),
        ("The <button data-x=1>town hall</button> pays.", True),
        ("Von <a href=/x>Lunn</a> aus gilt die <button>Satzung</button> wieder.", True),
        ("The council agreed. <button>Copy link</button> The rest follows.", False),
        ("Share this: <button>Facebook</button> <button>X</button>", False),
        ("<button>Yes</button> is what they say.", False),
        ("Work begins in March <button>Read on</button>", False),
        ("Work begins <button>Show me more of these terms</button> in March.", False),
        ("It costs <button>1</button> <button>2</button>", False),
    ],
)
def test_a_button_in_the_midst_of_a_sentence_is_a_term_of_it(told: str, stays: bool) -> None:
    page = lxml.html.document_fromstring(f"<html><body><p>{told}</p></body></html>")
    mending.tree(page, b"")
    assert (page.find(".//button") is None) is stays


@pytest.mark.parametrize(
    ("style", "cut"),
    [
        ("overflow:hidden", ""),
        ("clear: both; overflow-x : hidden; margin: 0", "clear: both;  margin: 0"),
        ("height:0;overflow:hidden", None),
        ("max-height: 0px; overflow: hidden", None),
        ("overflow: auto", None),
        ("overflow:hidden;display:none", "display:none"),
    ],
)
def test_a_box_that_cuts_off_what_does_not_fit_it_hides_no_text(style: str, cut: str | None) -> None:
    page = lxml.html.document_fromstring(
        f'<html><body><div style="{style}"><p>One</p><p>Two</p></div><div style="overflow:hidden"><p>Ad</p></div></body></html>'
    )
    mending.tree(page, lxml.html.tostring(page))
    assert [e.get("style") for e in page.iter("div")] == [style if cut is None else cut, "overflow:hidden"]


def test_how_characters_are_read_is_no_text_and_an_article_behind_it_is() -> None:
    words = "漢字を読む人が多い町で雨が降り続いている。" * 8
    told = f"<p><ruby>東京<rt>とうきょう</rt></ruby>の雨。{words}</p>"
    article = read_page(html(f"<article><h1>雨</h1>{told}<p>{words}</p></article>"), "https://a.example/1")
    assert "東京の雨" in article.text and "とうきょう" not in article.text
    unclosed = f"<article><h1>雨</h1><p>序文。<ruby>東京<rt>とう</p>{f'<p>{words}</p>' * 4}</article>"
    assert read_page(html(unclosed), "https://a.example/1").text.count(words) >= 1


SAID = "The ferry stayed in port today."


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        (f"<section>{SAID}</section>" * 3, 3),
        (f"<section><span>{SAID}</span> two</section>" * 3, 3),
        (f"<section>{SAID} {SAID}</section>" * 2 + "<section>Yes!</section>", 3),
        (f"<section>{SAID}</section>" * 2, 0),
        (f"<section>{SAID}</section><div><section>{SAID}</section></div><section>{SAID}</section>", 0),
        ("<section><span>Share this story today</span></section>" * 3, 0),  # labels
        (f"<section><img src=/a.jpg><span>{SAID}</span></section>" * 3, 0),  # cards
        (f"<section><p>{SAID}</p></section>" * 3, 3),
        (f"<section><h2>One</h2>{SAID}</section>" * 3, 0),
        ("<section></section>" * 3, 0),
    ],
)
def test_sections_of_words_alone_side_by_side_are_paragraphs(body: str, paragraphs: int) -> None:
    page = lxml.html.document_fromstring(f"<html><body>{body}</body></html>")
    mending.tree(page, body.encode())
    assert len(page.findall(".//p")) == paragraphs
