"""How often the extractor is asked for a body and which of its answers is taken: each share at its bound, with answers made up."""

from collections.abc import Callable

import lxml.html
import pytest
from lxml.html import HtmlElement

from extract import encodings
from extract.errors import Refused
from extract.read import blocks
from extract.read.body import engine
from tests.test_lines import p, words
from tests.test_stories import prose

Asked = Callable[..., tuple[str, list[str]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The lines taken of a page, and what the extractor was asked for, where it answers with so many words each time."""

    def ask(body: str, fast: int, precise: int = 0, wide: int = 0) -> tuple[str, list[str]]:
        tree = lxml.html.document_fromstring(f"<html><body>{body}</body></html>")
        calls: list[str] = []

        def answer(page: HtmlElement, *, favor_precision: bool = False, fast: bool = False) -> str:
            calls.append(
                ("fast" if fast else "precise" if favor_precision else "wide")
                + ("" if page.text_content() == tree.text_content() else " part")
            )
            return prose(1, counts[calls[-1].split()[0]])

        counts = {"fast": fast, "precise": precise, "wide": wide}
        monkeypatch.setattr(engine, "_extract", answer)
        return " ".join(engine.lines(tree, blocks.walk(tree))), calls

    return ask


def told(length: int, count: int = 20, tag: str = "p") -> str:
    """Paragraphs of which the extractor's answer begins with the first."""
    return "".join(
        f"<section><{tag}>{prose(20 + n if n else 1, count)}</{tag}></section>" for n in range(length // count)
    )


@pytest.mark.parametrize(
    ("body", "fast", "again"),
    [
        (told(400), 240, False),
        (told(400), 239, True),  # less than six in ten of its paragraphs
        (told(400, 14), 1, True),
        (told(400, 14), 20, False),  # which have fifteen words at least
        (told(405, 15), 200, True),
        (told(200, tag="div"), 120, False),
        (told(200, tag="div"), 119, True),
        (told(300, tag="div"), 150, False),
        (told(300, tag="div"), 149, True),
        (told(20, tag="div"), 20, False),
        (told(20, tag="div"), 19, True),
    ],
)
def test_second_opinions_are_asked_for_where_little_was_found(asked: Asked, body: str, fast: int, again: bool) -> None:
    text, calls = asked(body, fast, 300)
    assert (blocks.count(text), len(calls)) == ((300, 2) if again else (fast, 1))


@pytest.mark.parametrize(("fast", "precise", "taken"), [(100, 99, 100), (100, 101, 101)])
def test_the_longer_of_two_answers_is_taken(asked: Asked, fast: int, precise: int, taken: int) -> None:
    assert blocks.count(asked(told(200), fast, precise)[0]) == taken


@pytest.mark.parametrize(
    ("body", "precise", "wide", "taken"),
    [
        (told(400), 119, 400, 400),
        (told(400), 120, 500, 120),  # three in ten of the page's words
        (told(400), 100, 334, 334),
        (told(400), 100, 333, 100),  # and of what the default finds
        (told(400) + told(700, 14, "div"), 179, 596, 179),
        (told(400) + told(700, 14, "div"), 179, 597, 597),
        (told(400) + told(700, 14, "div"), 180, 900, 180),
    ],
)
def test_the_default_is_asked_where_precision_threw_the_article_away(
    asked: Asked, body: str, precise: int, wide: int, taken: int
) -> None:
    assert blocks.count(asked(body, 0, precise, wide)[0]) == taken


@pytest.mark.parametrize(("fast", "again"), [(149, True), (150, False)])
def test_a_short_answer_that_has_no_paragraph_of_the_page_is_none(asked: Asked, fast: int, again: bool) -> None:
    body = "".join(p(prose(40 + n, 20)) for n in range(7))
    assert (len(asked(body, fast, fast, 400)[1]) > 1) is again
    assert len(asked(told(140), 149)[1]) == 1


@pytest.mark.parametrize(("length", "part"), [(150, True), (135, False)])
def test_the_element_of_all_paragraphs_is_asked_where_they_are_an_article(
    asked: Asked, length: int, part: bool
) -> None:
    body = f'<div class="menu">One two three</div><main>{told(length, 15)}</main>'
    assert asked(body, 400)[1] == (["fast part"] if part else ["fast"])
    assert asked(told(length, 15), 400)[1] == ["fast"], "of the body as a whole no part"
    assert asked(f"<aside>{p(prose(3, 14))}</aside>{body}", 400)[1] == (["fast part"] if part else ["fast"])


def loose(count: int, length: int = 20) -> str:
    return "<div>" + "<br>".join(prose(60 + n, length) for n in range(count)) + "</div>"


@pytest.mark.parametrize(
    ("body", "fast", "taken"),
    [
        (loose(3), 0, True),
        (loose(2), 0, False),
        (loose(5) + told(120), 0, True),
        (loose(9) + told(220), 0, False),  # forty-five in a hundred of the words
        (f"<aside>{loose(3)}</aside>", 0, False),
        (loose(3, 14), 0, False),
    ],
)
def test_text_between_line_breaks_is_taken_where_it_is_most_of_the_page(
    asked: Asked, body: str, fast: int, taken: bool
) -> None:
    assert (prose(60, 14) in asked(body, fast)[0]) is taken


def test_of_two_such_elements_the_one_of_most_words_is_taken(asked: Asked) -> None:
    small = "<div>" + "<br>".join(prose(80 + n, 16) for n in range(4)) + "</div>"
    text = asked(small + loose(4), 0)[0]
    assert prose(60, 20) in text and prose(80, 16) not in text


def outer(tree: str) -> list[str]:
    return [str(e.get("id")) for e in engine._outer(lxml.html.document_fromstring(tree)) if e.get("id")]


def test_boxes_are_looked_for_three_elements_deep() -> None:
    assert outer("<div id=a><div id=b><div id=c><div id=d></div></div></div></div><p id=e></p>") == ["a", "e", "b", "c"]


@pytest.mark.parametrize(("rest", "gone"), [(299, False), (300, True)])
@pytest.mark.parametrize(
    ("box", "is_one"),
    [
        ('<div id="onetrust-banner">{}</div>', True),
        ('<div><section class="cookie-notice">{}</section></div>', True),
        ('<div><div><aside class="consent-modal">{}</aside></div></div>', True),
        ('<div><div><div><aside class="consent-modal">{}</aside></div></div></div>', False),
        ('<p class="cookie-notice">{}</p>', False),
        ('<div class="box">{}</div>', False),
    ],
)
def test_a_box_that_asks_for_consent_goes_where_an_article_is_left(
    rest: int, gone: bool, box: str, is_one: bool
) -> None:
    page = f"<html><body>{box.format('Accept <b>all</b> cookies ')}<p>{prose(5, rest)}</p></body></html>"
    tree = engine.parse(page.encode(), "https://a.example/", "text/html")
    assert ("cookies" not in tree.text_content()) is (gone and is_one)


@pytest.mark.parametrize(
    ("one", "other", "parted"),
    [
        ("14 November", "The council", True),
        ("November 14", "The council", True),
        ("NOVEMBER", "The council", False),
        ("November", "the council", False),
        ("November", "THE council", False),
        ("November", "T", False),
        ("November ", "The council", False),
        ("", "The council", False),
    ],
)
def test_words_that_style_alone_holds_apart_are_parted(one: str, other: str, parted: bool) -> None:
    for tags in (("span", "span"), ("b", "time"), ("small", "i")):
        page = f"<p><{tags[0]}>{one}</{tags[0]}><{tags[1]}>{other}</{tags[1]}></p>"
        tree = lxml.html.fromstring(page)
        engine._part(tree)
        assert tree.text_content() == one + (" " if parted else "") + other
    told = lxml.html.fromstring(f"<p><span>{one}</span>, <span>{other}</span></p>")
    engine._part(told)
    assert told.text_content() == f"{one}, {other}"
    link = lxml.html.fromstring(f"<p><span>{one}</span><a>{other}</a></p>")
    engine._part(link)
    assert link.text_content() == one + other


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        ("text/html", True),
        ("TEXT/HTML; charset=utf-8", True),
        ("application/xhtml+xml", True),
        ("application/html", True),
        ("text/plain", True),
        ("", True),
        ("application/pdf", False),
        ("image/png; x=text/html", False),
    ],
)
def test_what_is_called_no_web_page_is_none(kind: str, read: bool) -> None:
    page = f"<html><body><p>{words(20)}</p></body></html>".encode()
    if read:
        assert engine.parse(page, "https://a.example/", kind).text_content().strip() == words(20)
    else:
        with pytest.raises(Refused, match="not a web page"):
            engine.parse(page, "https://a.example/", kind)


@pytest.mark.parametrize("before", ["", "<!doctype x>", "<!doctype html PUBLIC>"])
def test_a_page_without_its_first_words_is_read(before: str) -> None:
    page = f"{before}<div><p>{words(20)}</p></div>".encode()
    assert words(20) in engine.parse(page, "https://a.example/", "").text_content()


def test_a_declared_letter_set_is_looked_for_near_the_beginning() -> None:
    def read(blanks: int) -> str:
        head = f'<html><head>{" " * blanks}<meta charset="windows-1251"></head><body><p>'
        return str(
            engine.parse(
                head.encode() + "Дождь".encode("cp1251") + b"</p></body></html>", "https://a.example/", ""
            ).text_content()
        )

    assert "Дождь" in read(0) and "Дождь" in read(4000)


@pytest.mark.parametrize(
    ("language", "codec", "said"),
    [
        ("de", "cp1252", "Die Straße – „für alle“"), ("fr-CA", "latin-1", "À l'été prochain"), ("en", "cp1252", "£42 at the café’s"),
        ("sr", "cp1250", "Kiša je šetala žurno čašu"), ("pl", "cp1250", "Rada zagłosowała we wtorek za halą – „targ” śpi"), ("pl", "iso8859-2", "Rada zagłosowała we wtorek za halą, targ śpi"), ("tr", "cp1254", "Kıyıköy belediyesi salı akşamı planı onayladı, şehir bekliyor"),
        ("lt", "cp1257", "Žvejų gyvenvietė"),
        ("de", "cp1251", "Городской совет вечером решил строить рынок"), ("en", "gb18030", "市议会周二晚间投票通过重建老鱼市的方案"),
        ("fr", "cp949", "시 의회는 화요일 저녁 낡은 수산시장을"), ("en", "cp1253", "Το δημοτικό συμβούλιο ψήφισε την ανακατασκευή"),
    ],
)  # fmt: skip
def test_a_page_that_names_no_letter_set_has_its_languages(language: str, codec: str, said: str) -> None:
    """Where another script's letters stand in it, the detector is asked, as it is where the page names no language."""
    page = f'<html lang="{language}"><head><title>x</title></head><body><p>{said}. {said}!</p></body></html>'.encode(
        codec
    )
    assert said in engine.parse(page, "https://a.example/", "").text_content()
    read = encodings.by_language(page)
    assert (read is None) is (codec in ("cp1251", "gb18030", "cp949", "cp1253"))
    assert encodings.by_language(page.replace(b" lang=", b" data-x=")) is None


def test_a_part_of_a_page_is_a_page_of_its_own() -> None:
    tree = lxml.html.document_fromstring("<html><body><div>One</div> two</body></html>")
    part = engine.around(tree, tree.find(".//div"))
    assert part.text_content() == "One" and part.tag == "html" and tree.text_content() == "One two"
    assert part.getroottree().getroot() is part and part.xpath("//body")[0].text_content() == "One"
    for whole in (engine.around(tree, None), engine.around(tree, tree.find("body"))):
        assert whole is not tree and whole.text_content() == "One two"
