"""What of an extractor's lines is not the article's, at the bounds that only a page of its own shows. Words are invented."""

from collections import Counter

import pytest

from extract.read.body import boilerplate
from extract.read.body.lines import Line
from extract.read.layout import lay_out
from tests.pages import URL
from tests.test_lines import TITLE, TOLD, WORDS, amid, chosen, p, words
from tests.test_stories import prose

LINKED = '<a href="/x">{}</a>'


def read(body: str) -> list[int]:
    """The words of each line chosen of a body that was taken whole, without a headline."""
    page = lay_out(f"<html><body>{body}</body></html>".encode(), URL)
    return [len(line.split()) for line, _ in boilerplate.choose(page, [b.text for b in page.blocks], "")]


def parts(name: str, inside: int, outside: int) -> str:
    """A body of which so many words stand in a part of this name, and so many below it."""
    told = [prose(600 + n, inside // 4) for n in range(4)]
    return f'<main><div class="{name}">{"".join(map(p, told))}</div><div>{p(prose(700, outside))}</div></main>'


@pytest.mark.parametrize(("inside", "outside", "gone"), [(800, 200, False), (796, 204, True)])
def test_the_name_of_what_holds_four_fifths_of_the_words_is_the_pages(inside: int, outside: int, gone: bool) -> None:
    assert (read(parts("footer", inside, outside)) == [outside]) is gone


@pytest.mark.parametrize(("depth", "gone"), [(1, True), (2, True), (3, False)])
def test_of_a_line_outside_the_bodys_element_the_next_three_names_count(depth: int, gone: bool) -> None:
    inner = "<div>" * (depth - 1) + p(words(30)) + "</div>" * (depth - 1)
    body = f'<div class="footer">{inner}</div><div class="body">{"".join(map(p, TOLD))}</div>'
    assert (30 not in read(body)) is gone


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("图片来源：河口港务局", True), ("图/河口港务局", True), ("渡轮在雨中靠岸。河口晚报记者 李晓明 摄", True), ("文中图片均来自网络", True),
        ("资料图：去年夏天的渡轮。", True), ("字号：大 中 小", True), ("热门推荐", True),
        ("图书馆：明天起开放到晚上九点", False), ("图1 各港口的班次", False), ("这段视频由两名乘客在船上拍摄", False),
        ("图片来自两百年前的一本航海日记。", False), ("这些字号是城里最老的店。", False),
    ],
)  # fmt: skip
def test_chinese_lines_of_pictures_and_of_buttons_are_none_of_the_text(text: str, gone: bool) -> None:
    told = [prose(800 + n, 40) for n in range(4)]
    page = lay_out(f"<html><body>{''.join(map(p, [*told[:2], text, *told[2:]]))}</body></html>".encode(), URL)
    kept = [line for line, _ in boilerplate.choose(page, [b.text for b in page.blocks], "")]
    assert (text not in kept) is gone


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("recommend", True), ("hot-recommend", True), ("recommended", True), ("recommended-articles", True), ("post_recommend", True),
        ("recommended-text", False), ("table-recommended", False), ("recommender", False), ("is-recommended", False),
        ("recommendations", False),  # what an inquiry makes, by its heading
    ],
)  # fmt: skip
def test_lines_in_a_box_of_what_is_recommended_are_other_stories(name: str, gone: bool) -> None:
    told = "".join(p(prose(900 + n, 40)) for n in range(4))
    assert (
        7 not in read(f'<main>{told}<div class="{name}"><div>{words(7)}</div></div>{p(prose(950, 40))}</main>')
    ) is gone


def teaser(n: int) -> str:
    return f'<section><h3><a href="/{n}">Another story number {n}</a></h3><p>{words(9)}</p></section>'


@pytest.mark.parametrize(("left", "gone"), [(19, False), (20, True)])
def test_a_list_of_stories_goes_where_twenty_words_are_left(left: int, gone: bool) -> None:
    page = lay_out(f"<html><body>{p(words(left))}{''.join(map(teaser, range(3)))}</body></html>".encode(), URL)
    found = boilerplate.choose(page, [b.text for b in page.blocks if b.tag != "h3"], "")
    assert ([line for line, _ in found] == [words(left)]) is gone


def places(*between: int) -> set[int]:
    """The places of teasers' lists, where so many paragraphs stand below each heading."""
    told = "".join(
        f'<section><h3><a href="/{n}">Another story number {n}</a></h3>{p(words(9)) * count}</section>'
        for n, count in enumerate(between)
    )
    return boilerplate.teasers(lay_out(f"<html><body>{told}</body></html>".encode(), URL).blocks)


@pytest.mark.parametrize(
    ("between", "found"),
    [
        ((1, 1, 1), 6),
        ((4, 4, 4), 15),
        ((4, 5, 4, 4), 0),  # the second is too far from the third
        ((5, 4, 4, 4), 15),  # and the first from the second, but then come three
        ((1, 1, 1, 1), 8),
        ((1, 1, 6), 9),  # of the last one five lines at most
        ((1, 1), 0),
    ],
)
def test_headings_of_teasers_stand_five_lines_apart_at_most(between: tuple[int, ...], found: int) -> None:
    assert len(places(*between)) == found


def test_headings_right_upon_each_other_or_of_another_kind_are_no_list() -> None:
    def found(body: str) -> set[int]:
        return boilerplate.teasers(lay_out(f"<html><body>{body}{p(words(9))}</body></html>".encode(), URL).blocks)

    heading = '<div class="{}"><section><h3><a href="/">Another story for all</a></h3>{}</section></div>'
    text = p(words(9))
    assert found("".join(heading.format("a", text) for _ in range(3))) == {0, 1, 2, 3, 4, 5}
    assert found("".join(heading.format(name, text) for name in "aab")) == {0, 1, 2, 3, 4, 5}  # the body's own children
    for names in ("aab", "baa", "aba", "bab", "bba"):
        assert found("".join(f"<main><div>{heading.format(name, text)}</div></main>" for name in names)) == set()
    assert found(f"<section>{LINKED.format('One two three').join(['<h3>', '</h3>']) * 3}{text}</section>") == set()


@pytest.mark.parametrize(
    ("extra", "kept"),
    [
        (p(f"Read more {words(2)}"), False),  # four words
        (f"<ul><li>{words(17, '')} our newsletter.</li></ul>", False),
        (f"<ul><li>{words(19, '')} our newsletter.</li></ul>", True),
        (p(f"{words(37, '')} our {LINKED.format('newsletter')}."), False),
        (p(f"{words(39, '')} our {LINKED.format('newsletter')}."), True),
        (f'<div align="left">{words(20)}</div>', False),
        (f'<div align="center">{words(20)}</div>', True),
        (f'<table style="float:right"><tr><td>{words(20)}</td></tr></table>', False),
        (f'<p style="visibility: hidden">{words(20)}</p>', False),
        (f"<figure><table><tr><td>{words(20)}</td></tr></table></figure>", True),
        (f"<figcaption>{words(20)}</figcaption>", False),
        (f'<div>{p(words(20))}<form><input type="email"></form></div>', False),
        (f'<div>{p(words(20))}<a class="btn" href="/">Abonnieren</a></div>', False),
        (f"<section>{p(words(20))}<button>Sign up now</button></section>", False),
        (f'<div>{p(words(20))}<a class="btn" href="/">Check price</a></div>', True),
        (f'<div>{p(words(20))}<a href="/">Subscribe</a></div>', True),  # no button
        (f"<div>{p(words(120))}<button>Subscribe</button></div>", True),  # no small box
        (f'<div class="sponsored-box">{p(words(20))}</div>', False),
        (f'<div class="unsponsored">{p(words(20))}</div>', True),
        (f'<div class="after-advertisement">{p(words(20))}</div>', True),
        (f"<div>{p(words(40))}<button>Subscribe</button></div>", True),  # a paragraph beside a button
        (f"<div>{p(words(20))}<button>Join the debate</button></div>", True),
        (p("Читайте также:"), False),
        (p("यह भी पढ़ें:"), False),
        (p("Baca juga:"), False),
        (p("Читайте также новый договор города с соседями о воде."), True),
    ],
)
def test_what_is_not_the_articles(extra: str, kept: bool) -> None:
    assert bool(amid(extra)) is kept


@pytest.mark.parametrize(("length", "kept"), [(38, False), (40, True)])
def test_a_line_that_no_block_has_asks_as_one_with_a_link(length: int, kept: bool) -> None:
    asked = f"{words(length, '')} our newsletter."
    assert (asked in chosen("".join(map(p, TOLD)), [*TOLD[:5], asked, *TOLD[5:]])) is kept


@pytest.mark.parametrize(("length", "kept"), [(40, False), (41, True)])
def test_a_line_that_no_block_has_leads_elsewhere(length: int, kept: bool) -> None:
    asked = f"Read more {words(length - 2)}"
    assert (asked in chosen("".join(map(p, TOLD)), [*TOLD[:5], asked, *TOLD[5:]])) is kept


HOUSE = "This paper is printed by the harbour press in town."  # ten words


@pytest.mark.parametrize(
    ("house", "cut"),
    [(10, True), (11, False)],
)
def test_the_houses_lines_at_the_end_go_where_half_is_left(house: int, cut: bool) -> None:
    told = [prose(40 + n, 10).capitalize() + "." for n in range(10)]
    often = [prose(60 + n, 10).capitalize() + "." for n in range(house)]
    above = "".join(f"<ul><li>{line}</li></ul>" for line in often)
    page = lay_out(
        f"<html><body>{above}<article><h1>{TITLE}</h1>{''.join(map(p, told + often))}</article></body></html>".encode(),
        URL,
    ).under(TITLE)
    found = [line for line, _ in boilerplate.choose(page, told + often, "")]
    assert (found == told) is cut


@pytest.mark.parametrize(
    ("label", "times", "kept"),
    [
        ("All of our days", 2, False),
        (" ".join(WORDS[:12]), 2, False),
        (" ".join(WORDS[:13]), 2, True),
        ("All of our days.", 2, True),
        ("All of our days", 1, True),  # most of those around it stand once
    ],
)
def test_a_label_among_lines_that_stand_twice_is_the_houses(label: str, times: int, kept: bool) -> None:
    """The last line of ten, of three before which so many stand above the article too."""
    often = [HOUSE, HOUSE.replace("harbour", "river"), HOUSE.replace("harbour", "mountain")][:times]
    above = "".join(f"<ul><li>{line}</li></ul>" for line in often)
    body = "".join(map(p, [*TOLD, *often, label]))
    page = lay_out(f"<html><body>{above}<article><h1>{TITLE}</h1>{body}</article></body></html>".encode(), URL).under(
        TITLE
    )
    found = [line for line, _ in boilerplate.choose(page, [*TOLD, *often, label], "")]
    assert (label in found) is kept


def test_a_text_of_nothing_but_headings_keeps_its_first() -> None:
    assert chosen("<h2>One two three four.</h2><h2>Five six seven eight.</h2>") == ["One two three four."]


def test_a_quote_that_is_a_line_of_its_own_is_not_in_another() -> None:
    quote = " ".join(TOLD[2].split()[3:9])
    for tag in ("figure", "aside"):
        assert amid(f"<{tag}><blockquote><p>{quote}</p></blockquote></{tag}>") == []
    assert amid(f'<div class="pullquote"><p>{quote}</p></div>') == []
    assert amid(f"<blockquote><p>{quote} otherwise</p></blockquote>") == [f"{quote} otherwise"]


@pytest.mark.parametrize(
    ("lines", "at", "houses"),
    [
        (".hhx", 3, True),
        ("hhx", 2, False),  # of too few
        ("hh.x", 3, True),  # two of the three before it
        ("h..x", 3, False),
        ("hhh.x", 4, True),
        ("hh..x", 4, False),  # three before it at most
        ("xhh.", 0, True),
        ("xh..h", 0, False),  # and three behind it
        ("x..hhh", 0, False),
        ("x.hhhh", 0, True),
        ("..hx.hh", 3, False),  # half of them
        (".hhx.hh", 3, True),
    ],
)
def test_a_label_is_the_houses_where_most_of_those_around_it_stand_twice(lines: str, at: int, houses: bool) -> None:
    """Of lines of which those called h stand twice on the page, x is the label."""
    told = [Line(f"{name}{n}", n, None, 2, f"{name}{n}") for n, name in enumerate(lines)]
    times = Counter({line.folded: 2 if line.text[0] == "h" else 1 for line in told})
    assert boilerplate._is_item_among_repeats(told, at, times) is houses


@pytest.mark.parametrize("number", ["{n}. ", "{n}) ", "#{n}: ", "No. {n}. "])
def test_numbered_headings_that_lead_elsewhere_are_the_articles_own_list(number: str) -> None:
    def told(number: str) -> str:
        heads = (f"<h3><a href='/{n}'>{number.format(n=n)}The old stone mill</a></h3>" for n in range(1, 6))
        return "".join(f"<div>{head}{p(words(30))}</div>" for head in heads)

    def found(number: str) -> set[int]:
        return boilerplate.teasers(lay_out(f"<html><body>{told(number)}</body></html>".encode(), URL).blocks)

    assert found("") and not found(number)


@pytest.mark.parametrize(
    ("tags", "around", "found"),
    [
        (("h2", "h3", "h2", "h3"), "<div class=item>{}</div>", True),
        (("h2", "h3", "h2", "h3"), "{}", False),  # the parts of one text
        (("h2", "h3"), "<div class=item>{}</div>", False),
        (("h3", "h3", "h3", "h3"), "{}", True),
    ],
)
def test_a_list_of_other_stories_has_greater_and_lesser_ones(tags: tuple[str, ...], around: str, found: bool) -> None:
    heads = (f"<{tag}><a href=/{n}>The old stone mill {n}</a></{tag}>{p(words(9))}" for n, tag in enumerate(tags))
    body = "".join(around.format(head) for head in heads)
    blocks = lay_out(f"<html><body><div>{body}</div></body></html>".encode(), URL).blocks
    assert bool(boilerplate.teasers(blocks)) is found
