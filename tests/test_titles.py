"""Which of a page's titles is its headline, and what is cut off it, each rule at its bound."""

import re

import pytest

from extract import plain
from extract.read import titles
from extract.read.layout import lay_out
from tests.pages import BODY, URL, read


def title_of(
    h1: str, og: str = "", tab: str = "", claimed: str = "", names: tuple[str, ...] = (), more: str = ""
) -> str:
    page = f'<html><head><title>{tab}</title><meta property="og:title" content="{og}"></head><body>{h1}{BODY}{more}</body></html>'
    return titles.decide(lay_out(page.encode(), URL), claimed, set(names))


@pytest.mark.parametrize(
    ("h1", "og", "tab", "claimed", "title"),
    [
        ("<h1>Rain floods the town</h1>", "", "", "", "Rain floods the town"),
        (
            "<h1>Rain floods the town</h1>",
            "Rain floods the town",
            "Rain floods the town | Herald",
            "",
            "Rain floods the town",
        ),
        (
            "<h1>Weather</h1>",
            "Rain floods the lower town",
            "Rain floods the lower town",
            "",
            "Rain floods the lower town",
        ),
        ("<h1>Rain in town</h1>", "Rain in town and six more places", "", "", "Rain in town"),
        ("<h1>Herald</h1><h1>Rain floods the town</h1>", "Rain floods the town", "", "", "Rain floods the town"),
        ('<h1><a href="/">The daily rain blog</a></h1>', "Rain floods the town", "", "", "Rain floods the town"),
        (
            '<h1 class="kicker">Weather in the lower town</h1>',
            "Rain floods the lower town again",
            "",
            "",
            "Rain floods the lower town again",
        ),
        (
            "<h1>Rain floods the town <small>Weather</small></h1>",
            "",
            "Something else",
            "Another",
            "Rain floods the town",
        ),
        (
            '<h1><span class="kicker">Weather</span> Rain floods town</h1>',
            "",
            "Something else",
            "Another",
            "Rain floods town",
        ),
        (
            '<h1><span class="kicker">Weather</span> Rain floods</h1>',
            "",
            "Something else",
            "Another",
            "Weather Rain floods",
        ),
        (
            "<h1>Town under water as rain falls</h1>",
            "Rain falls: town under deep water",
            "Rain falls: town under deep water",
            "Rain falls: town under deep water",
            "Town under water as rain falls",
        ),
        (
            "<h1>Ferries stop at three ports</h1>",
            "Rain floods the lower town",
            "Rain floods the lower town",
            "Rain floods the lower town",
            "Rain floods the lower town",
        ),
        ("<h1>Seven things</h1><h2>Rain floods the town</h2>", "Rain floods the town", "", "", "Rain floods the town"),
        ("", "", "", "Rain floods the town", "Rain floods the town"),
        ("", "", "", "", ""),
        (f"<h1>{'x' * 600}</h1>", "", "", "", "x" * 500),
    ],
)
def test_which_title_is_the_headline(h1: str, og: str, tab: str, claimed: str, title: str) -> None:
    assert title_of(h1, og, tab, claimed) == title


@pytest.mark.parametrize(
    ("title", "want"),
    [
        ("Rain floods the town | Herald", "Rain floods the town"),
        ("Herald | Rain floods the town", "Rain floods the town"),
        ("Herald: Rain floods the town - Herald", "Herald: Rain floods the town"),
        ("Rain floods the town - News - Herald", "Rain floods the town - News"),
        ("Rain floods the town-Herald", "Rain floods the town"),
        ("Rain floods the town｜Herald", "Rain floods the town"),
        ("Rain floods the town_Herald", "Rain floods the town"),
        ("Rain floods the town | Post", "Rain floods the town | Post"),
        ("Herald", "Herald"),
    ],
)
def test_a_title_stands_without_its_sites_name(title: str, want: str) -> None:
    assert title_of(f"<h1>{title}</h1>", names=("herald",)) == want


@pytest.mark.parametrize(("kicker", "cut"), [(1, True), (5, True), (6, True), (7, False)])
def test_a_kicker_has_six_words_at_most(kicker: int, cut: bool) -> None:
    before = " ".join(["a", "b", "c", "d", "e", "f", "g"][:kicker])
    found = title_of(f"<h1>{before} Rain floods the town</h1>", og="Rain floods the town")
    assert (found == "Rain floods the town") is cut


@pytest.mark.parametrize(
    ("tab", "body", "title"),
    [
        ("Rain came at night - Harbour", "<h1>Rain came at night</h1>", "Rain came at night"),
        ("Books / Rain in the harbour", "<p>Rain in the harbour</p>", "Rain in the harbour"),
        ("Harbour pages", "<h1>Jobs</h1><h3>Rain came at night</h3>", "Rain came at night"),
        ("Harbour pages", "<h1>Jobs</h1><h3>Rain came</h3>", "Harbour pages"),
        ("Harbour pages", f"<h1>Jobs</h1><h3>{'word ' * 30}</h3>", ("word " * 30).strip()),
        ("Harbour pages", f"<h1>Jobs</h1><h3>{'word ' * 31}</h3>", "Harbour pages"),
        ("Harbour pages", "<h1>Jobs</h1><h3>Rain came at night</h3>" + "<p>x</p>" * 7, "Rain came at night"),
        ("Harbour pages", "<h1>Jobs</h1><h3>Rain came at night</h3>" + "<p>x</p>" * 8, "Harbour pages"),
        ("Harbour pages", '<h1>Jobs</h1><h3>Rain <a href="/x">came at night</a></h3>', "Harbour pages"),
    ],
)
def test_a_page_with_nothing_but_its_tabs_title(tab: str, body: str, title: str) -> None:
    assert title_of(body, tab=tab) == ("Jobs" if title == "Harbour pages" else title)


@pytest.mark.parametrize(
    ("h1", "og", "title"),
    [
        ("Rain in the lower town", "The lower town: rain and much of it", "Rain in the lower town"),  # in other words
        ("Rain in our town", "Weather of all the days to come", "Rain in our town"),
        ("One two three", "Four five six seven eight nine", "Four five six seven eight nine"),
        ("One two three", "Four five six seven eight", "One two three"),  # not twice as long
        ("One two three", "One two three four five six", "One two three"),
        (
            "One two three four",
            "Five six seven eight nine ten eleven twelve",
            "One two three four",
        ),
    ],
)
def test_how_much_a_heading_counts_beside_two_other_voices(h1: str, og: str, title: str) -> None:
    found = title_of(f"<h1>{h1}</h1>", og, og)
    assert found == title


@pytest.mark.parametrize(("words", "taken"), [(3, False), (4, True)])
def test_a_second_heading_of_four_words_confirms_another_title(words: int, taken: bool) -> None:
    og = " ".join(["Rain", "floods", "our", "town"][:words])
    found = title_of(f"<h1>Seven other things to know</h1><h2>News {og}</h2>", og)
    assert (found == og) is taken


@pytest.mark.parametrize(("tail", "cut"), [(2, False), (3, True), (4, True)])
def test_a_title_behind_a_kicker_has_three_words_at_least(tail: int, cut: bool) -> None:
    whole = ["Rain", "floods", "our", "town"][:tail]
    title = f"News {' '.join(whole)}"
    assert (titles._without_kicker(title, {" ".join(whole).lower()}) == " ".join(whole)) is cut


@pytest.mark.parametrize(("name", "cut"), [("headline", True), ("sailthru.title", True), ("keywords", False)])
def test_what_makers_tell_machines_is_a_title_without_its_section(name: str, cut: bool) -> None:
    title = "Rain floods the town-Weather"
    head = f'<meta name="{name}" content="Rain floods the town"><meta property="og:title" content="{title}">'
    page = f"<html><head><title>{title}</title>{head}</head><body>{BODY}</body></html>"
    found = titles.decide(lay_out(page.encode(), URL), "", set())
    assert (found == "Rain floods the town") is cut


def decided(body: str, tab: str = "", url: str = "https://www.herald.example/a/1", names: tuple[str, ...] = ()) -> str:
    page = f"<html><head><title>{tab}</title></head><body>{body}{BODY}</body></html>"
    return titles.decide(lay_out(page.encode(), url), "", set(names))


@pytest.mark.parametrize(
    ("logo", "cut"),
    [
        ('<h1><a href="/">The daily rain</a></h1>', True),
        ('<a href="https://herald.example/?lang=en"><h1>The daily rain</h1></a>', True),
        ('<h1><a href="/index.php">The daily rain</a></h1>', True),
        ('<h1><a href="/a/1">The daily rain</a></h1>', False),
        ('<h1><a href="/b/">The daily rain</a></h1>', False),
        ('<h1><a href="https://other.example/">The daily rain</a></h1>', False),
        ('<h1>The daily rain<a href="/"></a></h1>', False),
        ('<h1><a href="/?p=12">The daily rain</a></h1>', False),  # short for an article's address
        ('<h1><a href="https://live.herald.example/">The daily rain</a></h1>', False),
        ('<a href="/"><img src="x"><div><h1>The daily rain</h1><p>It goes on</p></div></a>', False),
    ],
)
def test_a_heading_that_leads_to_the_front_page_is_its_sites_name(logo: str, cut: bool) -> None:
    title = "Seven towns flooded" if cut else "The daily rain"
    assert decided(f"{logo}<h2>Seven towns flooded</h2>", "Seven towns flooded » The daily rain") == title


def test_on_a_front_page_such_a_heading_is_its_title() -> None:
    for front in ("/", "/index.html", "http://www.herald.example"):
        heading = f'<h1><a href="{front}">The daily rain</a></h1>'
        assert decided(heading, url="https://herald.example/") == "The daily rain"


def test_a_logo_is_the_title_where_there_is_nothing_else() -> None:
    logo = '<h1><a href="/">The daily rain</a></h1>'
    assert decided(logo) == "The daily rain"
    assert decided(logo, "The daily rain") == "The daily rain"
    assert decided(logo, "Seven towns flooded") == "Seven towns flooded"


SITES = ("tyresstudents", "herald", "heraldweeklymagazinegroup")


@pytest.mark.parametrize(
    ("tail", "cut"),
    [
        ("| Tyres for Students", True),  # a small word between those of the name
        ("| The Tyres Students", True),
        ("| Tyres about Students", False),
        ("| Tyres 18 Students", False),
        ("- Tyres for Students", False),
        ("| Herald Pictures", True),
        ("| Pictures of Herald", False),
        ("| Herald Pictures Extra", False),  # a third of it
        ("| The Herald", True),
        ("- Herald Pictures", False),
        ("| Herald Weekly Magazine", True),  # an outlet's name without its end
        ("| Herald: all of it", False),
        ("| Rain", False),
    ],
)
def test_behind_the_last_bar_a_sites_name_may_be_longer_or_shorter(tail: str, cut: bool) -> None:
    title = f"Rain floods the town {tail}"
    assert title_of("<h2>Weather</h2>", title, title, names=SITES) == ("Rain floods the town" if cut else title)
    assert title_of(f"<h1>{title}</h1>", title, title, names=SITES) == title or tail.startswith("| The ")


@pytest.mark.parametrize(
    ("title", "names", "section"),
    [
        ("The Age of AI – what comes next", ("theage", "theagecomau"), ""),
        ("The Hill on TV – ratings fall", ("thehill", "hill"), ""),
        ("A New Yorker – how he lost his way", ("newyorker",), ""),
        ("El mundo de hoy – una crónica", ("elmundo",), ""),
        ("War in Middle East – day 12", ("herald",), "middleeast"),
        ("Explained | Ukraine war", ("herald",), "ukraine"),
        ("Opinion | Independent Scotland", ("independent",), ""),
        ("What to eat | Boston", ("bostonglobe",), ""),
        ("Poem | Atlantic Crossing", ("atlantic", "theatlantic"), ""),
    ],
)
def test_a_title_that_has_words_of_its_sites_name_stays_whole(title: str, names: tuple[str, ...], section: str) -> None:
    page = f'<html><head><title>{title}</title><meta property="og:title" content="{title}"></head><body><h1>{title}</h1>{BODY}</body></html>'
    assert titles.decide(lay_out(page.encode(), URL), "", set(names), section) == title


@pytest.mark.parametrize("date", ["December 16, 2025", "Friday, 18 January 2008", "Said Lee on 2008-01-20 05:17:00"])
def test_a_date_is_no_headline(date: str) -> None:
    assert decided(f'<h2 class="date">{date}</h2><h3>Rain floods the town</h3>') == "Rain floods the town"


def test_a_headline_may_have_a_day() -> None:
    for title in ("Minutes of the council meeting, 12 May 2024", "Council meeting 12 May 2024"):
        assert decided(f"<h3>{title}</h3>", "Town") == title
    assert decided("<h2>12 May 2024</h2><h2>By Ann Lee, 12 May 2024</h2>", "Town council") == "Town council"


@pytest.mark.parametrize(
    "heading",
    [
        "Every quake since <time>2010</time> in one map of Japan",
        'Looking back at <em class="author">Charles Dickens</em> and his London',
        '<span class="post-meta-title">Rain floods town</span> and three more villages',
        'A long evening spent with <em class="author">Charles Dickens</em>',
        "What the town has seen since <time>2010</time>",
    ],
)
def test_what_a_heading_goes_on_behind_is_of_it(heading: str) -> None:
    assert decided(f"<h1>{heading}</h1>") == plain.line(re.sub("<[^>]+>", "", heading))


@pytest.mark.parametrize(
    "inside",
    [
        '<span class="byline">By Ann Lee</span>',
        "<br><time>23 February</time>",
        '<p class="entry-meta">Ann Lee, today</p>',
    ],
    ids=["byline", "time", "meta"],
)
def test_who_and_when_inside_a_heading_are_not_of_it(inside: str) -> None:
    assert decided(f"<h1>Rain floods the town {inside}</h1>") == "Rain floods the town"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("<b>子</b>どもへの<i>体罰</i>を禁止する", "子どもへの体罰を禁止する"),
        ("<span>Weather</span><span>Rain</span>", "Weather Rain"),
        (
            "<ruby>子<rt>こ</rt></ruby>どもへの<ruby>体罰<rt>たいばつ</rt></ruby>を禁止する",
            "子どもへの体罰を禁止する",
        ),
        ("<ruby>尹<rp>（</rp><rt>ユン</rt><rp>）</rp></ruby>大統領", "尹（ユン）大統領"),
        ("대통령 미국 방문<br>관세 협상", "대통령 미국 방문 관세 협상"),
    ],
    ids=["no blanks", "blanks", "read so", "read so, in brackets", "Korean"],
)
def test_a_headings_pieces_are_one_line(heading: str, title: str) -> None:
    assert decided(f"<h1>{heading}</h1>", title) == title


@pytest.mark.parametrize(
    ("title", "names", "want"),
    [
        ("Rain floods the town -- Herald.example", ("heraldexample",), "Rain floods the town"),
        ("Rain floods the town--Herald", ("herald",), "Rain floods the town"),
        ("Rain floods the town -- again", ("herald",), "Rain floods the town -- again"),
        ("Rain -- and what the Herald said", ("herald",), "Rain -- and what the Herald said"),
        ("Rain floods the town -- The Pit", ("pit",), "Rain floods the town -- The Pit"),
    ],
)
def test_two_dashes_part_a_sites_name_too(title: str, names: tuple[str, ...], want: str) -> None:
    assert title_of("", og=title, names=names) == want


@pytest.mark.parametrize(
    ("tab", "title"),
    [
        ("The Harbour Club » Blog Archive » A Walk Home", "A Walk Home"),
        ("The Harbour Club » Blog Archive", "The Harbour Club"),
        ("The Harbour Club » A Walk Home", "The Harbour Club"),
    ],
)
def test_what_a_blog_calls_its_archive_stands_in_front_of_a_posts_title(tab: str, title: str) -> None:
    h1, h2 = '<h1><a href="/blog/">The Harbour Club</a></h1>', '<h2><a href="/x">A Walk Home</a></h2>'
    assert title_of(f"{h1}<p>x</p>{h2}", tab=tab) == title


def test_a_heading_inside_a_link_is_the_sites_name() -> None:
    own, logo = "Rain floods the lower town", '<a href="/news"><h1>News of the world: HeraldBB</h1></a>'
    assert title_of(f"{logo}<h1>{own}</h1>", og=own, tab=f"{own} News of the world: HeraldBB") == own
    assert title_of(f'<a href="/x"><h1>{own}</h1></a>', og=own) == own
    assert title_of(f'<a href="/x"><h1>{own}</h1></a>') == own


@pytest.mark.parametrize(
    ("behind", "tab", "cut"),
    [
        ("Mirror of Sill", "{} » Local » News » Mirror of Sill", True),
        ("and the port", "{} » Local » News » Mirror of Sill", False),
        ("again", "{} again | Herald", False),
        ("Mirror of Sill", "{}", False),
    ],
)
def test_what_the_tab_ends_with_is_cut_off_a_heading_that_others_say_without_it(
    behind: str, tab: str, cut: bool
) -> None:
    title = "Rain floods the lower town"
    found = title_of(f"<h1><b>{title}</b> {behind}</h1>", og=title, tab=tab.format(title))
    assert found == (title if cut else f"{title} {behind}")


def test_a_heading_inside_a_link_to_its_own_page_is_the_headline() -> None:
    head = '<meta property="og:title" content="Rain: all you need to know">'
    for link, title in ((URL, "Rain floods the lower town"), ("/", "Rain: all you need to know")):
        page = f'<article><a href="{link}"><h1>Rain floods the lower town</h1></a>{BODY}</article>'
        assert read(page, head, ld=None).title == title
