"""The pass before any parser: bytes as publishers send them, made a document that an XML parser takes."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from extract.errors import NotAFeed
from extract.poll import document


def title(body: bytes, content_type: str = "") -> object:
    return etree.fromstring(document.mended(document.unpacked(body), content_type)).findtext("t")


@pytest.mark.parametrize(
    ("body", "content_type", "want"),
    [
        ("<r><t>髙橋</t></r>".encode("cp932"), "application/xml; charset=Shift_JIS", "髙橋"),
        ('<?xml version="1.0" encoding="euc-kr"?><r><t>뷁</t></r>'.encode("cp949"), "", "뷁"),
        ('<?xml version="1.0" encoding="iso-8859-1"?><r><t>“€”</t></r>'.encode("cp1252"), "", "“€”"),
        ("<r><t>Zürich</t></r>".encode(), "text/xml; charset=iso-8859-1", "Zürich"),
        ("<r><t>Zürich prüft, K".encode() + b"\xc3...</t></r>", "", "Zürich prüft, K\ufffd..."),
        ("<r><t>Ünder</t></r>".encode("utf-16"), "", "Ünder"),
        (gzip.compress(b"<r><t>packed</t></r>", mtime=0), "", "packed"),
        (b"<r><t>Q&A with M&S</t></r>", "", "Q&A with M&S"),
        (b"<r><t>a?x=1&sec=2</t></r>", "", "a?x=1&sec=2"),
        (b"<r><t>&#55357;&#56832;!</t></r>", "", "\U0001f600!"),
        (b"<r><t>caf&eacute;&nbsp;&mdash; &#150; &bogus;</t></r>", "", "café\xa0— – &bogus;"),
        (b'<!DOCTYPE r [<!ENTITY nbsp "&#160;">]><r><t>a&nbsp;b</t></r>', "", "a\xa0b"),
        (b"<r><t><![CDATA[They sent <!ENTITY a & b]]></t></r>", "", "They sent <!ENTITY a & b"),
        (b"<r><t>one\x0btwo&#11;</t></r>", "", "onetwo"),
        (b"<r><t>Profit <5%: a<b</t></r>", "", "Profit <5%: a<b"),
        (b"<r><t>x < y, x <y, x<=y</t></r>", "", "x < y, x <y, x<=y"),
        (b"<r><t>a <i>b</i> c</t></r>", "", "a "),
    ],
)
def test_what_is_mended(body: bytes, content_type: str, want: str) -> None:
    assert title(body, content_type) == want


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p "x">',
        f'<!ENTITY a "{"a" * 101}">',
    ],
)
def test_entities_that_expand_are_refused(subset: str) -> None:
    with pytest.raises(NotAFeed, match="only attacks do"):
        document.mended(f"<!DOCTYPE r [{subset}]><r><t>&b;</t></r>".encode())


def test_a_packed_document_that_breaks_off_is_told() -> None:
    with pytest.raises(NotAFeed, match="damaged"):
        document.unpacked(b"\x1f\x8bnothing")


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    try:
        document.mended(document.unpacked(body))
    except NotAFeed:
        return
