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
