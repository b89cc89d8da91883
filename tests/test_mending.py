"""Markup mended where the parser would lose an article."""

import lxml.html
import pytest

from extract.read.body import mending


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
    mending.tree(page)
    there = page.find("body")
    assert ("One" in (there.text_content() if there is not None else "")) is kept
    assert "x" in page.find("head").text_content()
