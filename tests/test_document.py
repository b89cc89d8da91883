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
        (b"<r><t>one\x0btwo&#11;</t></r>", "", "one two"),
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


@pytest.mark.parametrize(
    ("sent", "want"),
    [
        ("&#9;|&#10;|&#13;", "\t|\n|\r"),
        ("a&#8;b&#11;c&#31;d&#0;e", "abcde"),
        ("&#32;&#33;&#126;&#127;", " !~\x7f"),
        ("&#128;&#159;&#133;", "€Ÿ…"),  # what windows-1252 has there
        ("&#129;", "\ufffd"),
        ("&#160;", "\xa0"),
        ("&#55295;", "\ud7ff"),
        ("&#55296;&#57343;", "\U000103ff"),
        ("&#55296;", "\ufffd"),
        ("&#57343;", "\ufffd"),
        ("&#57344;", "\ue000"),
        ("&#55357;&#57344;", "\ufffd\ue000"),  # no second half
        ("&#56319;&#56320;", "\U0010fc00"),
        ("&#56320;&#56320;", "\ufffd\ufffd"),
        ("&#65533;", "\ufffd"),
        ("&#65534;&#65535;", "\ufffd\ufffd"),
        ("&#65536;", "\U00010000"),
        ("&#1114111;", "\U0010ffff"),
        ("&#1114112;", "\ufffd"),
        ("&#xD83D;&#xDE00;", "\U0001f600"),
        ("&#xd800;&#xdc00;", "\U00010000"),
        ("&#xdbff;&#xdfff;", "\U0010ffff"),
        ("&#xdc00;&#xd800;", "\ufffd\ufffd"),
        ("&#55357;&#56832;", "\U0001f600"),
        ("&#x41;&#x42;", "AB"),
        ("&#X41;&#66;", "AB"),
        ("&amp;&lt;&gt;&quot;&apos;", "&<>\"'"),
        ("&hellip;&Auml;&nothing;", "…Ä&nothing;"),
        ("&ltx;&lt;", "&ltx;<"),
        ("&#;&#x;&", "&#;&#x;&"),
        ("one\x00two\x1fthree\x08", "onetwothree"),
        ("\ufffeone\uffff", "one"),
    ],
)
def test_references_to_letters_at_the_bounds_of_what_is_one(sent: str, want: str) -> None:
    assert title(f"<r><t>{sent}</t></r>".encode()) == want


@pytest.mark.parametrize("name", ["a", "nbsp", "pm.x-1"])
def test_an_entity_that_is_short_is_taken(name: str) -> None:
    value = "x" * 99 + "&#33;"
    assert len(value) > document.LONG
    assert title(f"<!DOCTYPE r [<!ENTITY {name} '{value[5:]}'>]><r><t>&{name};</t></r>".encode()) == "x" * 94 + "!"


@pytest.mark.parametrize(("length", "taken"), [(99, True), (100, True), (101, False)])
def test_an_entity_stands_for_a_hundred_letters_at_most(length: int, taken: bool) -> None:
    body = f'<!DOCTYPE r [<!ENTITY a "{"x" * length}">]><r><t>&a;</t></r>'.encode()
    if taken:
        assert title(body) == "x" * length
    else:
        with pytest.raises(NotAFeed, match="expand"):
            document.mended(body)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('<!DOCTYPE r [<!ENTITY a "x%p;">]><r/>', "expand"),
        ("<!DOCTYPE r [<!ENTITY a 'x&b;'>]><r/>", "expand"),
        ('<!DOCTYPE r [<!ENTITY a PUBLIC "p" "http://x.example/">]><r/>', "kept elsewhere"),
        ("<r><t>x</t><!ENTITY a 'b'></r>", "declares XML entities, which"),
        ("<r><![CDATA[x]]><!ENTITY a 'b'></r>", "declares XML entities, which"),
    ],
)
def test_every_way_of_declaring_what_expands_is_refused(body: str, why: str) -> None:
    with pytest.raises(NotAFeed, match=why):
        document.mended(body.encode())


@pytest.mark.parametrize(
    "before",
    [
        "",
        "  \n",
        '<?xml version="1.0"?>\n',
        "<!-- one --><?php two ?> <!-- three -->",
        "<!doctype r>",
        "<!DOCTYPE r SYSTEM 'x'>",
    ],
)
def test_what_stands_before_a_document_is_no_part_of_it(before: str) -> None:
    mended = document.mended(f"{before}<r><t>x</t></r>".encode())
    assert mended.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n') and mended.count(b"DOCTYPE") == 0
    assert etree.fromstring(mended).findtext("t") == "x"


def test_comments_and_cdata_stay_as_they_are() -> None:
    body = b"<r><t>a</t><!-- &bogus; & <x --><t><![CDATA[&amp; <b> &#1;]]></t></r>"
    assert b"<!-- &bogus; & <x -->" in document.mended(body)
    assert b"<![CDATA[&amp; <b> &#1;]]>" in document.mended(body)


def test_a_document_is_unpacked_where_its_bytes_say_so_and_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST", 3 * 2**20)
    assert document.unpacked(b"\x1f\x8c") == b"\x1f\x8c"
    assert document.unpacked(b"") == b""
    assert document.unpacked(gzip.compress(b"x" * (3 * 2**20 - 1))) == b"x" * (3 * 2**20 - 1)
    with pytest.raises(NotAFeed, match="more than 3 MB once unpacked"):
        document.unpacked(gzip.compress(b"x" * 3 * 2**20))


def test_an_encoding_is_declared_near_the_beginning_or_beside() -> None:
    sent = '<?xml version="1.0" encoding="windows-1251"?><r><t>Дождь</t></r>'
    assert title(sent.encode("cp1251")) == "Дождь"
    assert title("<r><t>Дождь</t></r>".encode("cp1251"), "text/xml; charset='windows-1251'") == "Дождь"
    assert document.text_of("Дождь".encode("cp1251"), "") == "Äîæäü"


@pytest.mark.parametrize(
    ("sent", "want"),
    [
        (b"It\x92s \x93on\x94 \x96 Z\xc3\xbcrich", "It\u2019s \u201con\u201d \u2013 Z\u00fcrich"),
        (b"Z\xc3\xbcrich, Stra\xc3\x9fe K\xc3", "Z\u00fcrich, Stra\u00dfe K\ufffd"),
        (b"Z\xc3\xbcrich \xe2\x80", "Z\u00fcrich \ufffd"),
    ],
)
def test_a_mark_of_windows_1252_among_utf_8_is_one_and_a_cut_letter_is_none(sent: bytes, want: str) -> None:
    assert document.text_of(sent) == want


@pytest.mark.parametrize("declared", ["utf-8", "UTF8", "windows-1252"])
def test_a_document_that_says_it_is_utf_8_is_so_with_a_quarter_of_its_letters_broken(declared: str) -> None:
    def text(letters: int, broken: int) -> str:
        sent = f'<?xml version="1.0" encoding="{declared}"?>{"Д" * letters}'.encode() + b" \xd0" * broken
        return document.text_of(sent)

    said = declared != "windows-1252"
    assert ("ДДД \ufffd" in text(3, 1), "Д" in text(6, 2), "Д" in text(5, 2)) == (True, said, False)


@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("cp1252", "Fähre über München – „spät“"),
        ("cp1251", "Паром снова опоздал"),
        ("iso8859-7", "Το πλοίο άργησε"),
        ("gb18030", "渡轮再次晚点，商人担心"),
        ("cp932", "フェリー再び遅延"),
        ("euc_kr", "여객선 또 지연"),
    ],
)
def test_one_that_only_says_so_is_not(codec: str, said: str) -> None:
    sent = b'<?xml version="1.0" encoding="utf-8"?>' + said.encode(codec) * 9
    assert document.text_of(sent) == sent.decode("cp1252", "replace")
