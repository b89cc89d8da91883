"""Who signs a page, at the bounds of where a name is looked for: how deep, how far and how long."""

from typing import Any

import pytest

from extract.read import titles
from extract.read.body import standfirsts
from extract.read.layout import Layout, lay_out
from extract.read.people import authors
from tests.pages import BODY, URL, html
from tests.test_lines import p, words

TITLE = "Rain floods the lower town"


def laid(body: str, head: str = "", ld: Any = None) -> Layout:
    return lay_out(html(body, head, ld), URL).under(TITLE)


def page(near: str, below: str = BODY, head: str = "", ld: Any = None) -> Layout:
    return laid(f"<article><h1>{TITLE}</h1>{near}{below}</article>", head, ld)


def signed(page: Layout, byline: str = "") -> tuple[str, ...]:
    return authors.read(page, byline, {"herald"}, lambda name: name == "AP")[0]


def inside(name: str, depth: int, text: str = "Ann Lee", tag: str = "p") -> str:
    """A paragraph so deep in an element of this name; 0 is its own."""
    if not depth:
        return f'<{tag} class="{name}">{text}</{tag}>'
    return f'<div class="{name}">{"<div>" * (depth - 1)}<{tag}>{text}</{tag}>{"</div>" * (depth - 1)}</div>'


@pytest.mark.parametrize("name", ["writer", "post-journalist", "redaktor", "penulis"])
def test_a_byline_is_marked_in_other_words_too(name: str) -> None:
    found = page(f'<div class="info"><span>The Herald</span> <span class="{name}">Mia Orr</span></div>')
    assert signed(found, authors.byline(found)) == ("Mia Orr",)


def test_of_who_is_marked_as_the_author_the_part_that_is_marked_as_the_name_counts() -> None:
    marked = '<p itemprop="author">Γράφτηκε από την <b itemprop="name">{}</b>, Herald desk</p>'
    assert signed(page(marked.format("Mia Orr"))) == ("Mia Orr",)
    assert signed(page('<p itemprop="author"><b itemprop="name"></b>Mia Orr</p>')) == ("Mia Orr",)
    house = '<i itemprop="worksFor"><b itemprop="name">Bo Ray</b></i>'
    assert signed(page(f'<p itemprop="author">Mia Orr, {house}</p>'))[0] == "Mia Orr"


@pytest.mark.parametrize(("name", "found"), [("footer", ("Mia Orr",)), ("comment", ())])
def test_the_foot_of_the_headlines_own_article_names_its_author(name: str, found: tuple[str, ...]) -> None:
    near = f'<div class="{name}"><p>By <span itemprop="author">Mia Orr</span></p></div>'
    assert signed(page(near)) == found
    assert signed(laid(f"<div><h1>{TITLE}</h1>{BODY}</div>{near}")) == ()


@pytest.mark.parametrize(("depth", "found"), [(0, True), (1, True), (3, True), (4, False)])
def test_a_byline_is_marked_on_one_of_four_elements(depth: int, found: bool) -> None:
    assert authors.byline(page(inside("byline", depth))) == ("Ann Lee" if found else "")


@pytest.mark.parametrize(("depth", "pictured"), [(0, True), (1, True), (2, False)])
def test_a_name_right_in_a_picture_is_its_photographers(depth: int, pictured: bool) -> None:
    near = inside("photo", depth, '<a class="byline">Ann Lee</a>')
    assert (authors.byline(page(near)) == "") is pictured
    dated = page(inside("photo", depth, "20.11.2026, Ann Lee"))
    assert (signed(dated) == ()) is pictured
    linked = page(inside("photo", depth, '<a href="/authors/lee">Ann Lee</a>'))
    assert (signed(linked) == ()) is pictured


@pytest.mark.parametrize(("length", "found"), [(40, True), (41, False)])
def test_a_name_inside_a_line_is_marked_in_one_of_forty_words(length: int, found: bool) -> None:
    near = p(f'{words(length - 2, "")} <span class="byline">Ann Lee</span>')
    assert (authors.byline(page(near)) == "Ann Lee") is found
    linked = p(f'{words(length - 2, "")} <a href="/authors/lee">Ann Lee</a>')
    assert (signed(page(linked)) == ("Ann Lee",)) is found


SAID = "渡轮因为大风停航三天，乘客在港口等了整整一个晚上。" * 3


@pytest.mark.parametrize(
    ("near", "below", "found"),
    [
        ("<p>2026-11-20 来源：河口网 作者：李晓明</p>", "", ("李晓明",)),
        ("<p>河口晚报记者 李晓明 王芳</p>", "", ("李晓明", "王芳")),
        ("", "<p>采写：河口晚报记者 李晓明</p>", ("李晓明",)),
        ("<p>记者从港务局获悉，渡轮明天复航。</p>", "", ()),
        ("<p>特朗普怒怼记者 白宫</p>", "", ()),
        ("<p>2026-11-20 记者 温州</p>", "", ()),
        ("<p>作者：李晓明，王芳</p>", "", ("李晓明", "王芳")),
        ("<p>记者 李晓明，通讯员 王芳</p>", "", ("李晓明", "王芳")),
        ('<p class="author">责任编辑：李晓明</p>', "", ()),
        ('<p class="author">作者：王芳 责任编辑：李晓明</p>', "", ("王芳",)),
        ('<p class="author">作者：未知 责任编辑：李晓明</p>', "", ()),
    ],
)
def test_who_wrote_a_chinese_report_and_who_edited_it(near: str, below: str, found: tuple[str, ...]) -> None:
    told = page(near, f"<p>河口社电 {SAID}</p><p>{SAID}</p><p>{SAID}</p>{below}")
    assert signed(told, authors.byline(told)) == found


def test_a_chinese_reports_first_brackets_name_who_wrote_it() -> None:
    told = page("", f"<p>{SAID}</p><p>河口晚报讯（记者 李晓明） {SAID}</p><p>{SAID}</p>")
    assert signed(told) == ("李晓明",)
    assert signed(page("<p>By Ann Lee</p>", f"<p>河口晚报讯（记者 李晓明） {SAID}</p>"), "By Ann Lee") == ("Ann Lee",)


def test_of_marked_lines_the_first_that_names_somebody_is_the_byline() -> None:
    marked = '<p class="byline">Author</p><p class="byline">Ann Lee</p><p class="byline">Max Orr</p>'
    assert authors.byline(page(marked)) == "Ann Lee"
    assert authors.byline(page('<p class="byline">Author</p><p class="byline">Link</p>')) == "Author"
    assert authors.byline(page('<p class="byline">Ann Lee</p><p>By Max Orr</p>')) == "By Max Orr"


@pytest.mark.parametrize(
    ("name", "depth", "marked"),
    [
        ("author-name", 0, True),
        ("author-name", 1, True),
        ("author-name", 2, False),
        ("author", 0, False),
        ("article__source", 0, True),
    ],
)
def test_a_mark_stands_on_a_line_or_right_around_it(name: str, depth: int, marked: bool) -> None:
    block = next(b for b in page(inside(name, depth)).blocks if b.text == "Ann Lee")
    assert authors.is_marked(block) is marked
    pictured = page(f'<div class="caption"><div><div>{inside(name, depth)}</div></div></div>')
    assert not authors.is_marked(next(b for b in pictured.blocks if b.text == "Ann Lee"))


@pytest.mark.parametrize(("below", "found"), [(15, True), (14, False)])
def test_a_name_alone_opens_a_text_above_a_paragraph_of_fifteen_words(below: int, found: bool) -> None:
    assert (signed(page("<p>Ann Lee</p>", p(words(below)))) == ("Ann Lee",)) is found
    assert signed(page("<p>Ann Lee</p>", f"<div>{words(below)}</div>")) == ()
    assert signed(page("<div><p>Ann Lee</p></div>", p(words(below)))) == ()
    assert signed(page("<p>Ann Lee</p>", f"<div>{p(words(below))}</div>")) == ()


@pytest.mark.parametrize(("between", "found"), [(8, True), (9, False)])
def test_and_stands_among_the_first_ten_lines_under_the_headline(between: int, found: bool) -> None:
    lines = "".join(p(f"line {n}") for n in range(between))
    assert (signed(page(f"{lines}<p>Ann Lee</p>")) == ("Ann Lee",)) is found


@pytest.mark.parametrize(("length", "found"), [(16, True), (17, False)])
def test_a_line_with_its_day_has_sixteen_words(length: int, found: bool) -> None:
    line = f"20.11.2026 | Ann Lee | {words(length - 5, '')}"
    assert (signed(page(p(line))) == ("Ann Lee",)) is found


@pytest.mark.parametrize(("length", "found"), [(99, True), (100, False)])
@pytest.mark.parametrize("mark", ['rel="author"', 'itemprop="author"'])
def test_a_tagged_name_has_fewer_than_a_hundred_letters(length: int, found: bool, mark: str) -> None:
    tagged = f"<p>In <span {mark}>{'Ann Lee'.ljust(length)}</span> town</p>"
    assert (signed(page(tagged)) == ("Ann Lee",)) is found


@pytest.mark.parametrize(
    ("names", "named"),
    [
        ('<meta name="author" content="Ann Lee">', "Ann Lee"),
        ('<meta name="authors" content="Ann Lee">', "Ann Lee"),
        ("""<meta name="authors" content='["Max Orr"]'><meta name="byl" content="Ann Lee">""", "Ann Lee"),
        ('<meta name="dc.creator" content="Ann Lee">', "Ann Lee"),
        ('<meta name="parsely-author" content="Ann Lee">', "Ann Lee"),
        ('<meta name="byl" content="By Ann Lee">', "Ann Lee"),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee">', "Ann Lee"),
        ('<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="Ann Lee">', ""),
        ('<meta name="byl" content="Max Orr"><meta name="author" content="Ann Lee">', "Ann Lee"),
    ],
)
def test_which_metas_name_a_person(names: str, named: str) -> None:
    found = authors._sources(page("", head=names), "")[2]
    assert found[:1] == (
        [named.replace("Ann", "By Ann")] if "byl" in names and "Max" not in names else [named][: bool(named)]
    )


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("About the author: Ann Lee Roe", True),  # six words
        ("About the author: Ann Mary Lee Roe", False),
        ("Ann Lee", True),
    ],
)
def test_who_is_presented_in_a_few_words(text: str, named: bool) -> None:
    found = authors._boxed(laid(f"<article><h1>{TITLE}</h1>{BODY}</article>{inside('author-bio', 0, text)}"))
    assert bool(found) is named


@pytest.mark.parametrize(("depth", "named"), [(0, True), (3, True), (4, False)])
def test_an_authors_box_is_one_of_four_elements_around_a_name(depth: int, named: bool) -> None:
    around = f"<article><h1>{TITLE}</h1>{BODY}</article>"
    assert bool(authors._boxed(laid(around + inside("author-bio", depth)))) is named
    assert not authors._boxed(
        laid(f'{around}<div class="comments"><div><div>{inside("author-bio", 3)}</div></div></div>')
    )


@pytest.mark.parametrize(("between", "named"), [(23, True), (24, False)])
def test_a_name_that_leads_to_its_bearers_page_stands_below_the_headline(between: int, named: bool) -> None:
    lines = "".join(p(f"line {n}") for n in range(between))
    link = '<p>In <a href="/authors/lee">Ann Lee</a> town</p>'
    assert bool(authors._linked(page(lines + link), "")) is named


def test_a_link_beside_a_byline_counts_where_the_byline_says_more() -> None:
    near = page('<p><a href="/authors/lee">Ann Lee</a></p>')
    assert authors._linked(near, "By Ann Lee Usa") == ["Ann Lee"]
    assert authors._linked(near, "By Ann Lee") == []
    assert authors._linked(near, "By Max Orr") == []
    assert authors._linked(near, "") == ["Ann Lee"]


@pytest.mark.parametrize(
    ("line", "people", "joined"),
    [
        ("By Ann Lee and Max Orr", ["Ann Lee", "Max Orr"], True),
        ("By Ann Lee, Max Orr", ["Ann Lee", "Max Orr"], True),
        ("By Ann Lee and Jo Ray and Max Orr", ["Ann Lee", "Jo Ray", "Max Orr"], False),
        ("By Ann Lee and Max Orr", ["Ann Lee", "Jo Ray", "Max Orr"], False),
        ("By Ann Lee", ["Ann Lee"], False),
        ("By Ann Lee & Ann Lee", ["Ann Lee"], False),
        ("By Ann Lee with Max Orr", ["Ann Lee", "Max Orr"], False),
    ],
)
def test_two_people_and_nothing_but_an_and_between_them(line: str, people: list[str], joined: bool) -> None:
    assert authors._are_joined(line, people) is joined


@pytest.mark.parametrize("above", [0, 1, 3, 4])
def test_what_stands_right_under_the_headline_is_looked_at_wherever_that_is(above: int) -> None:
    """A name, a deck that is marked and one that is not: below so many lines."""
    lines = "".join(p(f"line {n}") for n in range(above))
    deck = "The river rose by two metres in one night."
    assert signed(laid(f"{lines}<h1>{TITLE}</h1><p>Ann Lee</p>{BODY}")) == ("Ann Lee",)
    for name in ("deck", "x"):
        found = laid(f'{lines}<h1>{TITLE}</h1><header><p class="{name}">{deck}</p></header><div>{BODY}</div>')
        assert standfirsts.marked(found, "") == (deck if name == "deck" else "")
        assert standfirsts.above(found, range(above + 2, above + 8)) == deck
        assert standfirsts.above(found, range(above + 1, above + 8)) == ""


@pytest.mark.parametrize("h1", ["A day of rain", "Some rain", "Zone of rain"])
def test_a_second_heading_that_says_another_title(h1: str) -> None:
    blocks = laid(f"<h1>{h1}</h1><h2>{h1}</h2><h2>News: {TITLE}</h2>{BODY}").blocks
    assert titles._second_heading(blocks, h1, [h1, TITLE]) == TITLE
    assert titles._second_heading(blocks, TITLE, [h1]) == (h1 if len(h1.split()) >= 4 else "")


@pytest.mark.parametrize(
    ("length", "between", "found"), [(28, 0, True), (28, 7, True), (28, 8, False), (3, 0, True), (2, 0, False)]
)
def test_a_lesser_heading_stands_over_a_paragraph(length: int, between: int, found: bool) -> None:
    """It is none itself, however long."""
    body = f"<h3>{words(length)}</h3>{p('line') * between}"
    assert titles._marked(laid(f"{body}{p(words(25))}").blocks) == (words(length) if found else "")
    assert titles._marked(laid(f"{body}{p(words(24))}").blocks) == ""


def test_of_several_decks_those_are_one_that_stand_as_the_first_does() -> None:
    def deck(*names: str) -> str:
        lines = "".join(f'<p class="{name}">Line {n} of it says it all.</p>' for n, name in enumerate(names))
        found = laid(f"<main><div><h1>{TITLE}</h1>{lines}</div><div>{BODY}</div></main>")
        return standfirsts.above(found, range(len(names) + 1, len(names) + 7))

    one, two = "Line 0 of it says it all.", "Line 1 of it says it all."
    assert deck("x", "x", "y") == f"{one} {two}"
    assert deck("x", "y") == deck("x", "y", "y") == one
    assert deck("x", "y", "x") == f"{one} Line 2 of it says it all."


def test_who_took_a_picture_opens_no_text() -> None:
    assert signed(page('<p id="caption">Ann Lee / Getty</p>')) == ()
    assert signed(page('<p id="x">Ann Lee</p>')) == ("Ann Lee",)


def test_tags_in_a_heading_make_no_teaser_of_what_stands_beside_them() -> None:
    near = '<div class="meta"><h4><a href="/author/lee" rel="author">Ann Lee</a></h4><h4>Topics: <a href="/t/rain" rel="{}">rain</a></h4></div>'
    assert signed(page(near.format("tag"))) == ("Ann Lee",)
    assert signed(page(near.format("bookmark"))) == ()


@pytest.mark.parametrize("tool", ["Text Size", "Text size: A A", "Text only", "Print"])
def test_a_tools_label_is_no_byline(tool: str) -> None:
    found = page(f'<div id="byline"><div>{tool}</div><p>By: Ann Lee</p></div>')
    assert authors.byline(found) == "By: Ann Lee"
    assert authors.byline(page('<div id="byline"><div>Print</div></div>')) == ""


@pytest.mark.parametrize(("language", "found"), [("es", ("Ann Lee",)), ("it-IT", ("Ann Lee",)), ("de", ()), ("cs", ())])
def test_who_signs_is_called_so_in_some_languages(language: str, found: tuple[str, ...]) -> None:
    near = f'<article><h1>{TITLE}</h1><div><p class="firma"><em>Ann Lee</em> | Madrid</p></div>{BODY}</article>'
    laid_out = lay_out(html(near).replace(b"lang=en", f"lang={language}".encode()), URL).under(TITLE)
    assert signed(laid_out, authors.byline(laid_out)) == found
    abroad = lay_out(html(near).replace(b"lang=en", b""), f"https://www.herald.{language[:2]}/rain").under(TITLE)
    assert signed(abroad, authors.byline(abroad)) == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("By: The Herald", "By Ann Lee"), ("Ann Lee",)),
        (("By: AP", "By Ann Lee and Max Orr"), ("Ann Lee", "Max Orr")),
        (("By: AP", "By Ann Lee | CNN"), ("Ann Lee",)),
        (("By: The Herald", "By the way"), ()),
        (("By: The Herald", "By Popular Demand, the ferry is back."), ()),
        (("By: The Herald", "By Ann Lee Bridge the ferry stops"), ()),
        (("By Ann Lee", "By Max Orr"), ("Ann Lee",)),
        (("The Herald", "x"), ()),
    ],
)
def test_a_second_by_names_who_wrote_where_the_first_names_a_house(
    lines: tuple[str, str], found: tuple[str, ...]
) -> None:
    near = page("".join(f"<div>{line}</div>" for line in lines))
    assert signed(near, authors.byline(near)) == found
    below = page(f"<div>By: {lines[0]}</div>", f"{BODY}<div>By Jo Ray</div>")
    assert "Jo Ray" not in signed(below, authors.byline(below))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("최은영 기자 hand@herald.example", ("최은영",)),
        ("최은영 기자  hand@herald.example /2026.05.11/", ("최은영",)),
        ("최은영 선임기자(hand@herald.example)", ("최은영",)),
        ("최은영 기자", ()),
        ("시민 기자 hand@herald.example", ()),  # a citizen
        ("정치부 기자 hand@herald.example", ()),  # a desk
        ("인턴기자 hand@herald.example", ()),
        ("최은영 기자의 말 hand@herald.example", ()),
        ("제보 hand@herald.example", ()),
    ],
)
def test_korean_reporters_sign_below(line: str, found: tuple[str, ...]) -> None:
    assert signed(page("", f"{BODY}<div>{line}</div>")) == found
    assert signed(page("", f'{BODY}<div class="comments"><p>{line}</p></div>')) == ()
    assert signed(page("", f"{BODY}<div>{line}</div><div>김철수 기자 kim@herald.example</div>")) == (
        () if found else ("김철수",)
    )
