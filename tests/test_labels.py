"""Names of encodings, as browsers take them."""

import pytest

from extract import encodings
from extract.read.body import engine


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("iso88591", "cp1252"),
        ("ISO_8859-1:1987", "cp1252"),
        ("x-cp1252", "cp1252"),
        ("l1", "cp1252"),
        ("iso88599", "cp1254"),
        ("iso-8859-8-i", "cp1255"),
        ("visual", "cp1255"),
        ("iso885915", "iso8859-15"),
        ("x-cp1251", "cp1251"),
        ("koi8-ru", "koi8-u"),
        ("x-mac-ukrainian", "mac-cyrillic"),
        ("dos-874", "cp874"),
        ("gb_2312-80", "gb18030"),
        ("x-x-big5", "big5hkscs"),
        ("windows-949", "cp949"),
        ("x-euc-jp", "euc_jp"),
        ("unicode20utf8", "utf-8"),
        ("utf-7", ""),
        ("rot13", ""),
        ("klingon", ""),
    ],
)
def test_a_name_means_what_browsers_take_it_for(name: str, codec: str) -> None:
    assert encodings.codec_of(name) == codec


def test_a_page_in_xhtml_tells_its_encoding_in_its_first_line() -> None:
    page = (
        '<?xml version="1.0" encoding="windows-1251"?><html><body><p>Пруд и плотина у старой мельницы</p></body></html>'
    )
    assert "плотина" in engine.parse(page.encode("cp1251"), "https://herald.example/", "text/html").text_content()
