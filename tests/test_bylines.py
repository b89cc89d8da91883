"""Who is believed of several that a page names, and what in a byline is nobody."""

import pytest

from extract.read.layout import lay_out
from extract.read.people import authors
from tests.pages import BODY, URL, html
from tests.test_authors import TITLE, laid, page, signed


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("<p>By Ann Lee</p>", ("Ann Lee",)),
        ("<p>By wetowl99</p>", ("Mia Orr",)),  # an account
        ("<p>Published on Monday</p>", ("Mia Orr",)),
        ("", ("Mia Orr",)),
    ],
)
def test_the_printed_byline_comes_before_who_is_marked_elsewhere(line: str, people: tuple[str, ...]) -> None:
    other = '<div><a href="/b">Another story</a> <a rel="author" href="/mia">Mia Orr</a></div>'
    found = laid(f"<article><h1>{TITLE}</h1>{line}{BODY}</article>{other}")
    assert signed(found, authors.byline(found)) == people


@pytest.mark.parametrize("title", ["Report by Mia Orr angers police", "Von der Laan besucht Kiew", "Text by text"])
def test_a_headline_is_no_byline(title: str) -> None:
    source = f"<article><h1>{title}</h1><p class=byline>By Ann Lee</p>{BODY}</article>"
    found = lay_out(html(source), URL).under(title)
    assert (authors.byline(found), signed(found, authors.byline(found))) == ("By Ann Lee", ("Ann Lee",))


@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("Ann M. Herald", ("Ann M.",)),
        ("Ann Lee The Herald", ("Ann Lee",)),
        ("Herald", ()),
        ("City Herald", ()),  # what else it is called
        ("Ann Herald Lee", ("Ann Herald Lee",)),
        ("By Daniel Stern", ("Daniel Stern",)),  # of a paper that is called Stern
        ("Anna Maria Stern", ("Anna Maria Stern",)),
        ("Ann Lee STERN", ("Ann Lee",)),
        ("Ann Lee", ("Ann Lee",)),
    ],
)
def test_the_outlets_name_behind_a_persons_is_none_of_it(name: str, people: tuple[str, ...]) -> None:
    assert authors.decide([[name]], {"herald", "stern"}, lambda _: False) == people


@pytest.mark.parametrize("name", ["Email the author", "Follow Ann", "admin", "Super User", "https://x.example/a"])
def test_labels_and_accounts_sign_nothing(name: str) -> None:
    assert authors.read(page("", head=f'<meta name="author" content="{name}">'), "", {"herald"}, bool) == ((), ())


@pytest.mark.parametrize("name", ["Mehr News Agency", "View from Oulu", "About Oulu"])
def test_a_newsrooms_name_may_begin_as_a_label_does(name: str) -> None:
    assert authors.read(page("", head=f'<meta name="author" content="{name}">'), "", {"herald"}, bool) == ((), (name,))


@pytest.mark.parametrize(
    ("language", "kicker"), [("it", "Da Milano Centrale"), ("en", "By Sea Transport"), ("en", "Analysis: Ferry Strike")]
)
def test_a_kicker_does_not_outdo_who_is_marked_above_the_text(language: str, kicker: str) -> None:
    near = f'<p>{kicker}</p><p><a rel="author" href="/mia">Mia Orr</a></p>'
    found = lay_out(
        html(f"<article><h1>{TITLE}</h1>{near}{BODY}</article>").replace(b"lang=en", f"lang={language}".encode()), URL
    ).under(TITLE)
    assert signed(found, authors.byline(found)) == ("Mia Orr",)


@pytest.mark.parametrize("name", ["ARD-Hauptstadtstudio", "ARD-Studio Laan", "ZDFheute"])
def test_a_broadcasters_studio_is_nobody(name: str) -> None:
    assert signed(page(f'<p class="byline">Von {name}</p>'), f"Von {name}") == ()
