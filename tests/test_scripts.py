"""Articles that stand in a page's scripts only: which texts are taken for one, and how long they have to be."""

import json
from typing import Any

import lxml.html
import pytest

from extract.read.blocks import count
from extract.read.body import scripts
from tests.test_stories import prose

TITLE = "Rain floods the lower town"


def page(*found: str, kind: str = "") -> lxml.html.HtmlElement:
    told = "".join(f"<script{kind}>{script}</script>" for script in found)
    return lxml.html.document_fromstring(f"<html><body><p>x</p>{told}</body></html>")


def told(length: int, *, title: str = TITLE) -> str:
    """A text of so many words, two lines of it, which speaks of the title."""
    return f"{title}\n{prose(3, length - len(title.split()))}"


def body(value: Any, title: str = TITLE) -> str:
    return scripts.body(page(json.dumps({"a": value})), title)


@pytest.mark.parametrize(("length", "found"), [(79, False), (80, True)])
def test_an_article_has_eighty_words(length: int, found: bool) -> None:
    assert bool(body(told(length))) is found


@pytest.mark.parametrize(("letters", "found"), [(239, False), (240, True)])
def test_a_string_that_may_be_one_has_three_letters_a_word(letters: int, found: bool) -> None:
    assert bool(scripts._texts("ab\n".ljust(letters, "c"))) is found


@pytest.mark.parametrize(
    ("said", "found"),
    [("rain", False), ("rain lower", True), ("rain lower town", True), ("in at", False)],
)
def test_it_says_half_of_the_longer_words_of_the_title(said: str, found: bool) -> None:
    assert bool(body(told(100, title=said), "Rain in our lower town at")) is found


def test_of_two_the_longer_is_taken() -> None:
    assert count(body([told(90), told(120), told(100)])) == 120
    assert count(scripts.body(page(json.dumps({"a": told(90)}), f"x = {json.dumps([told(99)])}"), TITLE)) == 99


def test_scripts_for_machines_and_pages_full_of_scripts_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    script = json.dumps({"a": told(90)})
    assert scripts.body(page(script, kind=' type="application/ld+json"'), TITLE) == ""
    assert scripts.body(page(script, kind=' type="application/json"'), TITLE)
    monkeypatch.setattr(scripts, "MOST", len(script))
    assert scripts.body(page(script), TITLE)
    assert scripts.body(page(script, "x"), TITLE) == ""


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ('{"a": 1}', [{"a": 1}]),
        ('  [1, 2] + {"a": 1}', [[1, 2]]),
        ('a = {"b": {"c": [1]}}; d([2])', [{"b": {"c": [1]}}, [2]]),  # what stands in another is not told twice
        ("a = {b: 1}; c = [2]", [[2]]),
        ('a = {"b": (= [1])}', [[1]]),
        ("nothing", []),
        ("", []),
        ("".join(f"a = [{n}];" for n in range(25)), [[n] for n in range(20)]),
        ('{"a": 1', []),
        ("{&q;a&q;:&q;&l;p&g;it&s;s &a;amp; on&q;}", [{"a": "<p>it's &amp; on"}]),  # as Angular keeps it
        ('{"a": "&q;"}', [{"a": "&q;"}]),
    ],
)
def test_the_values_that_a_script_assigns_or_hands_over(script: str, values: list[Any]) -> None:
    assert list(scripts._values(script)) == values


def paragraphs(*texts: str, kind: str = "paragraph") -> list[dict[str, Any]]:
    return [{"type": kind, "content": [{"text": text}]} for text in texts]


@pytest.mark.parametrize(("kind", "taken"), [("paragraph", True), ("h2", True), ("image", False)])
def test_a_list_of_paragraphs_is_a_text(kind: str, taken: bool) -> None:
    found = scripts._texts({"x": paragraphs("One", "", "Two", kind=kind)})
    assert ("One\nTwo" in found) is taken


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"text": "One"}, "One"),
        ({"content": [{"text": "One "}, {"children": ["two ", {"value": "three"}]}]}, "One two three"),
        ({"content": "a", "children": "b", "value": "c", "text": "d", "other": "e"}, "dcba"),
        ({"text": "<b>One</b> &amp; two"}, "One & two"),
        ({"other": "One"}, ""),
    ],
)
def test_the_words_of_a_paragraph_as_an_editor_keeps_it(value: dict[str, Any], text: str) -> None:
    assert scripts._flat(value) == text


def test_a_paragraph_has_a_thousand_pieces_at_most() -> None:
    assert count(scripts._flat({"content": ["a "] * 1_100})) == 1_000


def test_a_value_of_too_many_parts_is_looked_at_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "VALUES", 3)
    assert [text for text in scripts._texts([told(90), "x", "y"]) if text] == []
    assert [text for text in scripts._texts(["x", told(90)]) if text] == [told(90).replace("\n", "\n\n")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("One\nTwo", ["One", "", "Two"]),
        ("One", [""]),
        ("One { x\nTwo", [""]),
        ("<p>One</p><li>Two</li><div>Three</div>", ["One", "Two"]),
        ("<p>One</p><figure><p>Two</p></figure>", ["One"]),
        ('<p>One</p><div class="x-caption"><p>Two</p></div>', ["One"]),
        ("<h2>One</h2>\n{<p>Two</p>", ["One", "Two"]),
    ],
)
def test_what_a_string_prints(text: str, lines: list[str]) -> None:
    assert scripts._from_string(text).split("\n") == lines


def test_pushes_of_a_stream_are_joined() -> None:
    whole = json.dumps(f"<p>{told(90)}</p>")[1:-1]
    pushes = [f'self.__next_f.push([1,"{part}"])' for part in (whole[:200], whole[200:])]
    assert count(scripts.body(page(*pushes), TITLE)) == 90
