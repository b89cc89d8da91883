"""Which of an extractor's lines are the article's: each rule at its bound. Texts are made of invented words."""

from collections.abc import Sequence
from typing import Any

import pytest

from extract.read.blocks import Block, count, walk
from extract.read.body import boilerplate, lines, scattered
from extract.read.body import text as texts
from extract.read.body.habits import mask
from extract.read.layout import lay_out
from tests.pages import URL, html
from tests.test_stories import prose

TITLE = "Rain floods the lower town"
TOLD = [prose(n, 20).capitalize() + "." for n in range(1, 11)]  # 200 words


def p(text: str) -> str:
    return f"<p>{text}</p>"


def chosen(
    body: str, taken: Sequence[str] | None = None, standfirst: str = "", repeated: Sequence[str] = ()
) -> list[str]:
    """The lines of a page's body, where the extractor took all of them, or these."""
    html = f"<html><body><article><h1>{TITLE}</h1><div>{body}</div></article></body></html>"
    page = lay_out(html.encode(), URL).under(TITLE)
    found = [b.text for b in page.blocks] if taken is None else list(taken)
    masks = frozenset(mask(text) for text in repeated)
    return [line for line, _ in boilerplate.choose(page, found, standfirst, masks)]


def amid(extra: str) -> list[str]:
    """What is chosen of an extra part amid ten paragraphs."""
    found = chosen("".join(map(p, TOLD[:5])) + extra + "".join(map(p, TOLD[5:])))
    assert [line for line in found if line in TOLD] == TOLD
    return [line for line in found if line not in TOLD]


WORDS = prose(77, 200).split()


def words(n: int, end: str = ".") -> str:
    return " ".join(WORDS[:n]) + end


@pytest.mark.parametrize(
    ("extra", "kept"),
    [
        (p(words(20)), True),
        (f'<div class="comment">{p(words(20))}</div>', False),
        (f'<p class="tags">{words(60)}</p>', False),
        (f'<p class="tags">{words(61)}</p>', True),
        (f'<p class="footer">{words(90)}</p>', False),
        (f"<figure>{p(words(20))}</figure>", False),
        (f"<figure><blockquote>{p(words(20))}</blockquote></figure>", True),
        (f'<div style="float: left">{words(20)}</div>', False),
        (f'<table align="right"><tr><td>{words(20)}</td></tr></table>', False),
        (f'<p style="float: left">{words(20)}</p>', True),
        (f"<p hidden>{words(20)}</p>", False),
        (f'<p style="display: none">{words(20)}</p>', False),
        (p(f'{words(8, "")} <a href="/x">{words(12, ".")}</a>'), True),  # six in ten
        (p(f'{words(7, "")} <a href="/x">{words(13, ".")}</a>'), False),
        (p(f'<a href="/x">{WORDS[0].title()}</a>'), True),
        (p(f'<a href="/x">{words(2)}</a>'), False),
    ],
)
def test_what_is_not_the_articles_by_its_marks(extra: str, kept: bool) -> None:
    assert bool(amid(extra)) is kept


@pytest.mark.parametrize(("hidden", "kept"), [(200, False), (201, True)])
def test_a_rule_that_would_take_more_than_half_is_off(hidden: int, kept: bool) -> None:
    extra = "".join(f"<p hidden>{prose(500 + n, 50)}.</p>" for n in range(3)) + f"<p hidden>{words(hidden - 150)}</p>"
    found = chosen("".join(map(p, TOLD[:9])) + extra + p(TOLD[9]))
    assert len(found) == len(TOLD) + (4 if kept else 0)


@pytest.mark.parametrize(("left", "gone"), [(150, True), (149, False)])
def test_a_rule_by_names_is_off_where_little_is_left(left: int, gone: bool) -> None:
    """Half of the words, or a hundred and fifty."""
    own = [p(" ".join(WORDS[n : min(n + 25, left)]) + ".") for n in range(0, left, 25)]
    named = "".join(f'<p class="footer">{prose(300 + n, 40)}.</p>' for n in range(5))
    found = chosen("".join(own[:-1]) + named + own[-1])
    assert (len(found) == len(own)) is gone


def test_standfirst_and_title_stand_in_no_text() -> None:
    assert chosen(p(TITLE) + "".join(map(p, TOLD)), standfirst=TOLD[0]) == TOLD[1:]


def test_what_a_site_repeats_is_the_sites() -> None:
    extra = "Sign up, it is free for all of you in 2026."
    assert (
        chosen("".join(map(p, [*TOLD[:5], extra, *TOLD[5:]])), repeated=["sign up it is free for all of you in 2026"])
        == TOLD
    )


@pytest.mark.parametrize(
    ("top", "kept"),
    [
        (["One two three"], 0),
        (["One two three."], 1),
        (["One two three 2026."], 0),  # its day
        (["One two three 10:30."], 0),
        (["One two three 2026!"], 1),  # no day's line
        ([words(14, "")], 0),
        ([words(15, "")], 1),
        (["One two", "Three four", "Five six", "Seven eight"], 0),
        (["One two", "Three four", "Five six", "Seven eight", "Nine ten"], 5),  # that is how it is written
        (["One two", "Three four."], 1),
    ],
)
def test_short_lines_above_the_first_paragraph_go(top: list[str], kept: int) -> None:
    found = chosen("".join(map(p, [*top, *TOLD])))
    assert found == [*top[len(top) - kept :], *TOLD]


@pytest.mark.parametrize(("more", "kept"), [(0, False), (1, False), (2, True)])
def test_a_heading_stays_on_top_where_others_like_it_follow(more: int, kept: bool) -> None:
    parts = "".join(f"<h2>Part {n}</h2>{p(TOLD[n])}{p(TOLD[n + 1])}" for n in range(0, 2 * more + 2, 2))
    assert (chosen(parts + p(TOLD[8]))[0] == "Part 0") is kept
    short = parts.replace(p(TOLD[0]), p("Short and no paragraph"), 1)
    assert chosen(short + p(TOLD[8]))[0] != "Part 0"


def test_headings_at_the_end_lead_to_nothing() -> None:
    assert chosen("".join(map(p, TOLD)) + "<h2>More of it</h2><h3>And more</h3>") == TOLD


@pytest.mark.parametrize(("length", "kept"), [(4, True), (5, False)])
@pytest.mark.parametrize("tag", ["blockquote", "aside", "div"])
def test_a_quote_that_stands_in_the_text_too_is_set_apart(length: int, kept: bool, tag: str) -> None:
    quote = " ".join(TOLD[2].split()[3 : 3 + length])
    found = amid(f"<{tag}><p>{quote}</p></{tag}>")
    assert found == ([quote] if kept or tag == "div" else [])


def test_what_stands_twice_is_told_once_and_at_the_end_not_at_all() -> None:
    twice = [*TOLD[:3], TOLD[1], *TOLD[3:]]
    assert chosen("".join(map(p, twice))) == TOLD
    four = "And so it was"
    assert chosen("".join(map(p, [*TOLD[:3], four, *TOLD[3:6], four, *TOLD[6:]]))).count(four) == 1
    three = "So it was"
    assert chosen("".join(map(p, [*TOLD[:3], three, *TOLD[3:6], three, *TOLD[6:]]))).count(three) == 2
    house = "This paper is printed by the harbour press in town."
    assert chosen(p(house) + "".join(map(p, TOLD)) + p(house)) == [house, *TOLD]


def teaser(n: int, below: int = 8) -> str:
    return f'<section><h3><a href="/{n}">Another story number {n}</a></h3><p>{" ".join(WORDS[n : n + below])}.</p></section>'


@pytest.mark.parametrize(
    ("count_", "below", "kept"), [(2, 8, True), (3, 8, False), (4, 8, False), (3, 60, False), (3, 61, True)]
)
def test_three_linked_headings_of_one_kind_are_teasers(count_: int, below: int, kept: bool) -> None:
    found = amid("".join(teaser(n, below) for n in range(count_)))
    assert any("Another story" in line or WORDS[0] in line for line in found) is kept


def test_an_article_that_holds_most_words_is_the_one() -> None:
    def page(own: int, other: int) -> list[str]:
        html = (
            f"<html><body><article>{p(' '.join(WORDS[:own]) + '.')}</article>"
            f"<section>{p(prose(9, other) + '.')}</section></body></html>"
        )
        laid = lay_out(html.encode(), URL)
        return [line for line, _ in boilerplate.choose(laid, [b.text for b in laid.blocks], "")]

    assert len(page(60, 40)) == 1
    assert len(page(59, 41)) == 2


def walked(body: str) -> list[Block]:
    return walk(lay_out(f"<html><body>{body}</body></html>".encode(), URL).tree)


def recovered(body: str, taken: Sequence[str]) -> list[str]:
    blocks = walked(body)
    return [line.text for line in lines.recover(lines.align(taken, blocks), blocks)]


@pytest.mark.parametrize("kept", [2, 3, 4])
def test_a_paragraph_is_brought_back_where_three_from_there_are_kept(kept: int) -> None:
    one = "".join(map(p, TOLD))
    taken = [*TOLD[: kept - 1], TOLD[9]]
    assert recovered(f"<div>{one}</div>", taken) == (TOLD if kept >= 3 else taken)


@pytest.mark.parametrize(("below", "back"), [(14, False), (15, True)])
def test_what_stands_below_comes_back_where_it_is_a_quarter(below: int, back: bool) -> None:
    """Of sixty words that were kept."""
    body = f"<div>{''.join(map(p, TOLD[:3]))}{p(words(below))}</div>"
    assert (recovered(body, TOLD[:3]) == [*TOLD[:3], words(below)]) is back
    assert recovered(body.replace("<p>" + words(below), "<h1>x</h1><p>" + words(below)), TOLD[:3]) == TOLD[:3]


@pytest.mark.parametrize(
    ("extra", "back"),
    [
        ("<p>One two three four five</p>", True),
        ("<p>One two three four</p>", False),
        ("<h2>One</h2>", True),
        ("<pre>One two three four five</pre>", True),
        ("<ul><li>One two three</li></ul>", True),
        ("<ul><li>One two</li></ul>", False),
        ("<div>One two three four five</div>", False),
        ('<p>One two three <a href="/x">four five six</a></p>', True),
        ('<ul><li>One two <a href="/x">three four</a></li></ul>', True),
        ('<ul><li>One <a href="/x">two three four</a></li></ul>', False),
    ],
)
def test_what_stands_among_kept_paragraphs_in_their_element_is_of_them(extra: str, back: bool) -> None:
    body = f"<div>{''.join(map(p, TOLD[:3]))}{extra}{p(TOLD[3])}</div>"
    assert (len(recovered(body, TOLD[:4])) == 5) is back


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (TOLD[1], [TOLD[1]]),
        (f"- {TOLD[1]}", [TOLD[1]]),
        (f"{TOLD[1]} {TOLD[2]}", [TOLD[1], TOLD[2]]),
        (f"{TOLD[1]} x {TOLD[2]}", [TOLD[1], TOLD[2]]),
        (" ".join(TOLD[1].split()[:-1]), [TOLD[1]]),  # all but a word of twenty
        (" ".join(TOLD[1].split()[:-6]), [" ".join(TOLD[1].split()[:-6])]),  # a piece of it alone may be a quotation
        (" ".join(TOLD[1].split() + WORDS[:2]), [TOLD[1]]),
        ("Nothing of it at all", ["Nothing of it at all"]),
    ],
)
def test_a_line_is_found_again_among_the_blocks(line: str, found: list[str]) -> None:
    blocks = walked("".join(map(p, TOLD)))
    aligned = lines.align([line], blocks)
    assert [one.text for one in aligned] == found
    assert [one.block is not None for one in aligned] == [text in TOLD for text in found]
    assert sum(one.words for one in aligned) == sum(map(count, found))


@pytest.mark.parametrize(("begun", "twice", "found"), [(15, False, True), (14, False, False), (15, True, False)])
def test_the_beginning_of_one_block_is_that_block(begun: int, twice: bool, found: bool) -> None:
    long = words(40)
    told = [TOLD[0], long, TOLD[1], *([f"{long} And more."] if twice else [])]
    blocks, said = walked("".join(map(p, told))), long.split()
    for line, is_found in [(said[:begun], found), (said[1 : begun + 1], False)]:
        aligned = lines.align([TOLD[0], " ".join(line)], blocks)
        assert (aligned[-1].place, aligned[-1].block is not None) == ((1, True) if is_found else (0, False))


@pytest.mark.parametrize(("length", "start", "place"), [(15, 2, 3), (15, 0, 0), (15, 4, 0), (14, 2, 0)])
def test_a_paragraph_that_stands_above_the_headline_too_is_the_one_below(length: int, start: int, place: int) -> None:
    said = words(length)
    blocks = walked(p(said) + p(TOLD[0]) + f"<h1>{TITLE}</h1>" + p(said))
    assert [x.place for x in lines.align([said], blocks, start)] == [place]


@pytest.mark.parametrize(("least", "found"), [(5, True), (4, False)])
def test_pieces_of_a_block_one_after_the_other_are_that_block(least: int, found: bool) -> None:
    said = TOLD[1].split()
    pieces = [" ".join(said[:least]), " ".join(said[least : 2 * least]), TOLD[2]]
    told = [one.text for one in lines.align(pieces, walked("".join(map(p, TOLD))))]
    assert told == ([TOLD[1], TOLD[2]] if found else [*pieces[:2], TOLD[2]])
    assert lines.align([pieces[0], TOLD[2]], walked("".join(map(p, TOLD))))[0].text == pieces[0], "alone"


def test_lines_stand_in_the_blocks_order_each_once() -> None:
    blocks = walked("".join(map(p, [*TOLD[:3], TOLD[0]])))
    assert [x.place for x in lines.align([TOLD[2], TOLD[0], TOLD[0]], blocks)] == [0, 2, 3]
    assert [x.place for x in lines.align(["Odd one", TOLD[2], "Odd two", TOLD[2]], blocks)] == [2, 2, 2]


@pytest.mark.parametrize(("shared", "kept"), [(6, True), (7, False)])
def test_a_line_of_no_block_stands_there_already_where_its_pairs_do(shared: int, kept: bool) -> None:
    odd = " ".join([*TOLD[0].split()[: shared + 1], *WORDS[: 10 - shared]])
    found = recovered("".join(map(p, TOLD[:3])), [*TOLD[:3], odd])
    assert (odd in found) is kept


@pytest.mark.parametrize(
    ("extra", "kept"),
    [
        (p(f"Photo: {words(59)}"), False),
        (p(f"Photo: {words(60)}"), True),  # a longer one tells of a picture
        (p("img-12345"), False),
        (p("img-1234"), True),
        (p(f"{words(17, '')} our newsletter."), False),
        (p(f"{words(19, '')} our newsletter."), True),  # a sentence of the text
        (f"<div>{words(37, '')} our newsletter.</div>", False),
        (f"<div>{words(39, '')} our newsletter.</div>", True),
        (f"<blockquote><p>{words(6, '')} our newsletter.</p></blockquote>", False),
        (f"<blockquote>{words(6, '')} our newsletter.</blockquote>", True),
        (p("Read more today"), False),
        (p(f"Read more {words(3)}"), True),
        (p(f'Read more {words(8)} <a href="/x">word</a>'), False),
        (p(f'Read more {words(37)} <a href="/x">word</a>'), False),
        (p(f'Read more {words(38)} <a href="/x">word</a>'), True),
        (f'<div class="newsletter">{p(words(30))}</div>', False),
        (f'<div class="author-bio">{p(words(30))}</div>', False),
        (f'<div class="hidden">{p(words(30))}</div>', False),
        (f'<div class="subnav">{p(words(30))}</div>', False),
        (f'<div class="audio-player">{p(words(40))}</div>', False),
        (f'<div class="audio-player">{p(words(41))}</div>', True),  # what is said in it
        (f'<div class="wp-donation-box">{p(words(30))}</div>', False),
        (f'<div class="donate-blood">{p(words(30))}</div>', True),
        (f'<div class="x"><h3>Subscribe to continue</h3>{p(words(30))}</div>', False),
        (f'<div class="x"><h3>Rain</h3>{p(words(30))}</div>', True),
        (p("Recommended Stories"), False),
        (p("Recommended doses of salt were too high for all"), True),
        (f'<div class="comentarios">{p(words(30))}</div>', False),
        (f'<div class="comentados">{p(words(30))}</div>', True),
        (f'<div><p class="video-desc">{words(30)}</p></div>', False),
        (f'<div><p class="video-essay">{words(30)}</p></div>', True),
        (f'<div class="caption">{p(words(30))}</div>', False),
        (f'<h3 id="comment-on-the-rain">{words(5, "")}</h3>', True),  # a heading's id is made of its text
        (f'<h3 class="comment">{words(5, "")}</h3>', False),
    ],
)
def test_what_is_not_the_articles_by_its_words_or_names(extra: str, kept: bool) -> None:
    assert bool(amid(extra)) is kept


@pytest.mark.parametrize(
    ("linked", "words_", "kept"),
    [("Three words here", 8, False), ("Two words", 8, True), ("Three words here", 0, True)],
)
def test_a_teasers_heading_is_a_link_of_three_words_over_something(linked: str, words_: int, kept: bool) -> None:
    below = f"<p>{words(words_)}</p>" if words_ else ""
    one = f'<section><h3><a href="/x">{linked}</a></h3>{below}</section>'
    page = lay_out(f"<html><body>{one * 3}<p>{words(30)}</p></body></html>".encode(), URL)
    assert (boilerplate.teasers(page.blocks) == set()) is kept


@pytest.mark.parametrize(("plain", "teaser_"), [(0, True), (1, False)])
def test_and_nearly_all_of_it_is_the_link(plain: int, teaser_: bool) -> None:
    heading = f'<h3>{"plain " * plain}<a href="/x">one two three four</a></h3>'
    page = lay_out(f"<html><body>{f'<section>{heading}<p>{words(9)}</p></section>' * 3}</body></html>".encode(), URL)
    assert bool(boilerplate.teasers(page.blocks)) is teaser_


def test_a_list_of_teasers_ends_with_what_is_like_it() -> None:
    body = "".join(teaser(n) for n in range(3)) + p(words(30))
    page = lay_out(f"<html><body>{p(words(20))}{body}</body></html>".encode(), URL)
    assert boilerplate.teasers(page.blocks) == {1, 2, 3, 4, 5, 6}
    apart = "".join(teaser(n) + p(words(9)) * 3 for n in range(3))
    assert boilerplate.teasers(lay_out(f"<html><body>{apart}</body></html>".encode(), URL).blocks) != set()
    far = "".join(teaser(n) + p(words(9)) * 4 for n in range(3))
    assert boilerplate.teasers(lay_out(f"<html><body>{far}</body></html>".encode(), URL).blocks) == set()


@pytest.mark.parametrize(("above", "gone"), [(66, True), (67, False)])
def test_what_stands_above_the_headline_goes_where_it_is_a_quarter(above: int, gone: bool) -> None:
    html = f"<html><body><article>{p(words(above))}<h1>{TITLE}</h1>{''.join(map(p, TOLD))}</article></body></html>"
    page = lay_out(html.encode(), URL).under(TITLE)
    found = boilerplate.choose(page, [b.text for b in page.blocks if b.text != TITLE], "")
    assert (len(found) == len(TOLD)) is gone


@pytest.mark.parametrize(("own", "cut"), [(79, False), (80, True)])
def test_the_article_of_the_headline_is_the_one_where_it_says_enough(own: int, cut: bool) -> None:
    html = (
        f"<html><body><article><h1>{TITLE}</h1>{p(words(own))}</article>"
        f"<article>{p(prose(8, 70) + '.')}</article><article>{p(prose(9, 70) + '.')}</article></body></html>"
    )
    page = lay_out(html.encode(), URL).under(TITLE)
    found = boilerplate.choose(page, [b.text for b in page.blocks if b.text != TITLE], "")
    assert (len(found) == 1) is cut


def read_text(body: str, description: str = "", ld: Any = None) -> texts.Text:
    page = lay_out(html(f"<article><h1>{TITLE}</h1>{body}</article>", "", ld), URL).under(TITLE)
    return texts.decide(page, description)


@pytest.mark.parametrize(
    ("claimed", "free", "whole"),
    [
        (" ".join([*TOLD, *TOLD]), "True", True),
        (" ".join([*TOLD, *TOLD]), "False", False),  # what is to be paid for is read as it is shown
        (" ".join([*TOLD, *TOLD[:9], words(19)]), "True", False),  # not twice as long
        (" ".join([*reversed(TOLD), *TOLD, *TOLD]), "True", False),  # another text
    ],
)
def test_what_a_page_claims_to_be_its_text_is_believed_where_it_goes_on(claimed: str, free: str, whole: bool) -> None:
    ld = {"@type": "NewsArticle", "headline": TITLE, "articleBody": claimed, "isAccessibleForFree": free}
    found = read_text("".join(map(p, TOLD)), ld=ld)
    assert (found.words == count(claimed)) is whole
    assert bool(found.script) is whole
    if not whole:
        assert found.text == "\n\n".join(TOLD) and found.words == 200


def test_a_deck_that_a_site_repeats_is_the_houses() -> None:
    deck = '<p class="deck">All the news of the lower town, every day.</p>'
    page = lay_out(html(f"<article><h1>{TITLE}</h1>{deck}{''.join(map(p, TOLD))}</article>"), URL).under(TITLE)
    assert texts.decide(page, "").standfirst == "All the news of the lower town, every day."
    house = frozenset([mask("all the news of the lower town every day")])
    assert texts.decide(page, "", house).standfirst == ""


def cards(count_: int, words_: int = 50) -> str:
    return "".join(f'<div class="tile"><div><p>{prose(800 + n, words_)}.</p></div></div>' for n in range(count_))


@pytest.mark.parametrize(
    ("found", "cards_", "instead"),
    [(100, 8, True), (100, 6, True), (100, 5, False), (250, 8, False), (140, 8, True), (160, 8, True), (230, 8, False)],
)
def test_a_body_in_many_parts_is_taken_whole_where_little_of_it_was_found(
    found: int, cards_: int, instead: bool
) -> None:
    """Of four hundred words or more, of which a third was found."""
    first = " ".join(WORDS[: found // 2]) + ".", prose(7, found - found // 2) + "."
    page = lay_out(
        f"<html><body><main><h1>{TITLE}</h1><section>{p(first[0])}{p(first[1])}</section>{cards(cards_)}</main></body></html>".encode(),
        URL,
    ).under(TITLE)
    chosen_ = [(b.text, n) for n, b in enumerate(page.blocks) if b.text in first]
    told = scattered.instead(page, chosen_, "", frozenset())
    total = found + 50 * cards_
    assert bool(told) is instead is (total >= 400 and found < 0.35 * total)
    if told:
        assert len(told) == cards_ + 2


def test_of_nothing_nothing_is_chosen_and_of_two_lines_the_paragraph() -> None:
    assert chosen("", []) == []
    assert chosen(p("One two three") + p(TOLD[0]), ["One two three", TOLD[0]]) == [TOLD[0]]
