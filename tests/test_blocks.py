"""A tree's blocks: where each begins and ends, what is text, which words are links, and what tells blocks of one kind."""

import lxml.html
import pytest

from extract.read.blocks import NAMES, names_of, walk


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<div>a<p>b</p>c</div>", ["a", "b", "c"]),
        ("<p>a<br>b<br/>c</p>", ["a", "b", "c"]),
        ("<p>a <b>b</b> c<sub>2</sub></p>", ["a b c2"]),
        ("<div>a<script>x</script>b<style>y</style> c</div>", ["ab c"]),
        ("<div>a<button>x<p>y</p></button>b</div>", ["ab"]),
        ("<div>a<!-- x -->b<?php y ?>c</div>", ["abc"]),
        ("<ul><li>a</li> <li>b</li></ul>", ["a", "b"]),
        ("<span>a</span>", ["a"]),
        ("<div> \n </div>", []),
    ],
)
def test_a_text_is_parted_as_a_browser_parts_it(html: str, blocks: list[str]) -> None:
    assert [block.text for block in walk(lxml.html.fragment_fromstring(html))] == blocks


@pytest.mark.parametrize(
    ("html", "linked", "words"),
    [
        ("<p><a href='/'>one two</a></p>", 2, 2),
        ("<p>one <a href='/'><b>two</b> three</a> four</p>", 2, 4),
        ("<p>one<a href='/'></a> two</p>", 0, 2),
        ("<p><a href='/'>one <button>x</button>two</a> three</p>", 2, 3),
    ],
)
def test_the_words_inside_links_are_counted(html: str, linked: int, words: int) -> None:
    (block,) = walk(lxml.html.fragment_fromstring(html))
    assert (block.link_words, block.words) == (linked, words)


def test_blocks_of_one_kind_have_one_signature() -> None:
    page = lxml.html.document_fromstring(
        "<html><body><main><div class='body n12'><p class='a b1'>x</p><p class='a b2'>y</p><p>z</p></div></main></body></html>"
    )
    one, other, third = walk(page)
    assert one.signature == other.signature == ("div.body", "p.a") and third.signature == ("div.body", "p")


def test_of_names_without_end_the_first_are_looked_at() -> None:
    element = lxml.html.fromstring(f'<p class="deck {"x" * 5000}" id="{"y" * 5000}">Rain</p>')
    assert names_of(element) == f"deck {'x' * (NAMES - 5)} {'y' * NAMES}"
