"""What stands below a body and is not of it, told from what is."""

import pytest

from extract.read.blocks import Block, count, fold
from extract.read.body import feet
from extract.read.body.lines import Line, line_of
from tests.test_lines import p, walked, words

STOPPED = "".join(p(words(15)) for _ in range(3))


def said(*texts: str) -> list[Line]:
    """Lines of which no block is known."""
    return [Line(text, place, None, count(text), fold(text)) for place, text in enumerate(texts)]


def standing(body: str) -> tuple[list[Line], list[Block]]:
    """All lines of a page, with its blocks."""
    blocks = walked(body)
    return [line_of(blocks, n) for n in range(len(blocks))], blocks


def left(body: str) -> list[int]:
    """The words of each line of a page that is not below its body."""
    return [line.words for line in feet.without(standing(body)[0])]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Follow the Herald on Facebook and Instagram.", True), ("Have a look at our YouTube channel!", True),
        ("Підписуйтесь на наш Telegram-канал", True), ("Ikuti kami di WhatsApp", True), ("Она следит за Telegram суда.", False),
        ("Folgen Sie uns auf Instagram", True), ("Síguenos en WhatsApp y Telegram.", True),
        ("In der Folge sperrte YouTube das Video.", False), ("El presidente sigue publicando en Twitter cada día.", False),
        ("Rund eine Million Menschen folgt ihr auf Instagram.", False), ("Polizei: Kanal auf Telegram gesperrt", False),
        ("mia@herald.example", True), ("(END)", True), ("(끝)", True), ("Write to mia@herald.example", False), ("(the end)", False), ("END", False),
        ("mia@herald", False),         ("She told her readers to follow the case on Facebook.", False), ("The ship went aground in our canal last year.", False),
    ],
)  # fmt: skip
def test_who_asks_to_be_followed_and_who_tells_of_it(text: str, asks: bool) -> None:
    body = [Line(f"Paragraph {n} of a report.", n, None, 5, "") for n in range(4)]
    assert (len(feet._without_channels([*body, Line(text, 4, None, 8, "")])) == 4) is asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Нашли ошибку? Выделите текст и нажмите Ctrl+Enter", True), ("Если вы заметили опечатку, выделите её и нажмите Ctrl+Enter", True),
        ("Haben Sie einen Fehler entdeckt? Schreiben Sie uns.", True), ("Spotted a mistake?", True), ("Report an error", True),
        ("Found an error of nine pounds, said the clerk, and gave it back.", False),
        ("Fehler gefunden hat bisher niemand, sagte der Bürgermeister.", False),
        ("«Нашли ошибку — исправим», сказала она.", False), ("Une erreur dans le calcul avait coûté neuf mille euros.", False),
        ("The error was found in May, and who made it?", False),
    ],
)  # fmt: skip
def test_who_asks_for_mistakes_in_a_text_and_who_tells_of_one(text: str, asks: bool) -> None:
    for line in walked(f"<p>{text}</p>"):
        last = Line(line.text, 4, line, line.words, line.folded)
        assert (len(feet._without_channels([*said("One.", "Two.", "Three."), last])) == 3) is asks


@pytest.mark.parametrize(
    ("text", "words", "is_source"),
    [
        ("Quelle: Gemeinde Sill", 3, True), ("Source: the parish", feet.SOURCE, True), ("Source: the parish", feet.SOURCE + 1, False),
        ("The source of the Sill: a walk", 7, False), ("Source of the Sill", 4, False), ("Fuente:", 1, False),
        ("来源：河口晚报", 3, True), ("来源|河口发布、山前晚报", 5, True), ("来源于河口的水质报告", 5, False),
    ],
)  # fmt: skip
def test_a_last_line_that_names_a_source_is_no_text(text: str, words: int, is_source: bool) -> None:
    body = [Line("A paragraph of a report.", 0, None, 5, ""), Line(text, 1, None, words, "")]
    assert (len(feet.without_source(body)) == 1) is is_source
    assert feet.without_source([*body, body[0]]) == [*body, body[0]]  # in the midst of a text it stays
    assert feet.without_source(body[1:]) == body[1:]  # nor does a text go that is no more than that


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("责任编辑：李晓明", True), ("（责任编辑： HK018）", True), ("编辑|李晓明", True), ("编辑 李晓明 校对 王芳", True),
        ("【编辑：王芳】", True), ("编辑：王芳 校对：李晓明 审核：赵立", True), ("責任編輯：王芳", True),
        ("编辑：你怎么看这座桥？", False), ("编辑工作从三月开始，持续了半年。", False), ("审核通过的项目共有十二个", False),
        ("校对：这是最难的工作，他说", False), ("编辑部：请把稿件寄到渡口", False),
        ("编辑：cyc", True), ("【责编：王芳】", True), ("编辑：王芳校对：李晓明", True), ("责任编辑：王芳_NB123", True),
        ("初审：4月1日至4月10日", False), ("终审：法院判决工程公司赔偿三百万元", False), ("编辑：您是从什么时候开始画画的", False),
    ],
)  # fmt: skip
def test_a_line_that_says_who_edited_a_text_is_none_of_it(text: str, edited: bool) -> None:
    assert feet.is_edited(said(text)[0]) is edited


@pytest.mark.parametrize(
    ("text", "formerly"),
    [
        ("（原标题：渡轮停航三天）", True), ("原标题：渡轮停航三天", True), ("（原题为《渡轮停航三天》）", True), ("原題：渡輪停航三天", True),
        ("原标题党的做法不再有效。", False), ("原题目更长，他说。", False), ("他把原标题：“渡轮”改成了“船”。", False), ("标题：渡轮停航", False),
        ("原题为《渡口》的电影将于周五上映。", False), ("原题《石头记》，后来改名为《红楼梦》。", False),
    ],
)  # fmt: skip
def test_a_line_that_says_what_the_headline_was_elsewhere_is_no_text(text: str, formerly: bool) -> None:
    assert feet.is_formerly(said(text)[0]) is formerly


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("免责声明：本文只代表作者个人观点。", True), ("【版权声明】未经许可不得使用。", True), ("更多资讯请下载“河口新闻”APP", True),
        ("欢迎扫描下方二维码关注河口新闻", True), ("相关资讯请关注：渡轮专区", True),
        ("他在声明中说，渡轮明天复航。", False), ("公司发表声明：渡轮明天复航。", False), ("市民可以下载“渡口”APP查看班次。", False),
        ("乘客扫描二维码上船，不用排队。", False), ("更多的船将在五月到港。", False),
        ("渡口推出更多便民服务，乘客用手机扫码即可进入微信小程序购票。", False), ("更多的年轻人通过下载客户端购买渡轮票。", False),
        ("主办方欢迎市民扫码进入小程序报名。", False), ("声明：我公司对大桥关闭给市民带来的不便深表歉意。", False),
        ("风险提示：台风将于周末登陆，请市民不要前往海边。", False), ("风险提示：本文不构成投资建议。", True),
        ("编辑：王芳 校对：李晓明", True),
    ],
)  # fmt: skip
def test_of_last_lines_those_go_that_say_in_chinese_where_more_is_or_what_nobody_is_held_to(
    text: str, gone: bool
) -> None:
    assert (len(feet._without_channels(said("One.", "Two.", "Three.", text))) == 3) is gone


@pytest.mark.parametrize(
    ("lines", "gone"), [(1, []), (2, [1]), (3, [1, 2]), (4, [1, 2, 3]), (5, [2, 3, 4]), (7, [4, 5, 6])]
)
def test_of_a_texts_last_three_lines_those_go_that_ask_to_follow_but_never_its_first(
    lines: int, gone: list[int]
) -> None:
    asking = said(*["Follow us on Facebook"] * lines)
    kept = [line.place for line in feet._without_channels(asking)]
    assert kept == [n for n in range(lines) if n not in gone]


@pytest.mark.parametrize(("length", "gone"), [(40, True), (41, False)])
def test_a_long_line_that_asks_to_follow_is_of_the_text(length: int, gone: bool) -> None:
    asking = said("One.", "Two.", f"Follow us on Facebook {words(length - 4)}")
    assert (len(feet._without_channels(asking)) == 2) is gone


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        (f"{words(37, '')} All rights reserved.", True),
        (f"{words(38, '')} All rights reserved.", False),
        (f"© Herald 2026 {words(37)}", True),
        (f"© Herald 2026 {words(39)}", False),
        (f"{words(18, '')} privacy policy", True),
        (f"{words(19, '')} privacy policy", False),
        (words(5), False),
    ],
)
def test_a_notice_says_in_a_few_words_whose_the_text_is_or_leads_to_the_houses_rules(text: str, notice: bool) -> None:
    assert feet.is_notice(said(text)[0]) is notice


@pytest.mark.parametrize(("linked", "notice"), [(0, False), (1, True), (2, True)])
def test_the_houses_rules_are_led_to_by_a_link(linked: int, notice: bool) -> None:
    told = ["privacy", "policy"]
    line = standing(p(f'See <a href="/x">{" ".join(told[:linked])}</a> {" ".join(told[linked:])}'))[0][0]
    assert line.text == "See privacy policy"
    assert feet.is_notice(line) is notice


@pytest.mark.parametrize(("above", "gone"), [(79, False), (80, True)])
@pytest.mark.parametrize("heading", ["Comments", "12 have your say: (4)"])
def test_what_readers_wrote_goes_below_an_article_of_eighty_words(above: int, gone: bool, heading: str) -> None:
    told = said(words(40), words(above - 40), heading, words(20), words(30))
    assert [line.place for line in feet._without_readers(told)] == ([0, 1] if gone else [0, 1, 2, 3, 4])


def test_a_line_that_only_speaks_of_comments_heads_none() -> None:
    told = said(words(90), "Comments were few", words(20), "Comments", words(30), "Comments")
    assert [line.place for line in feet._without_readers(told)] == [0, 1, 2]
    early = said(words(79), "Comments", "Comments", words(30))
    assert [line.place for line in feet._without_readers(early)] == [0, 1]


LINK = '<p><a href="/x">Home</a></p>'
TEXT = p(words(20))


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        (LINK * 3 + TEXT * 3, [3, 4, 5]),
        (TEXT * 3 + LINK * 3, [0, 1, 2]),
        (LINK * 3 + TEXT + LINK * 3, [3]),
        (LINK * 2 + TEXT * 3 + LINK * 2, [0, 1, 2, 3, 4, 5, 6]),
        (LINK * 2 + TEXT + LINK + TEXT * 3, [0, 1, 2, 3, 4, 5, 6]),  # three away is not near
        (TEXT * 3 + LINK + TEXT + LINK * 2, [0, 1, 2, 3, 4, 5, 6]),
        (LINK + TEXT + LINK * 2 + TEXT * 2, [0, 1, 2, 3, 4, 5]),
        (TEXT + LINK * 4 + TEXT, [0, 1, 2, 3, 4, 5]),  # amid a text they are its own
        (LINK * 5, [0, 1, 2, 3, 4]),
        (p('<a href="/x">Home again</a>') * 3 + TEXT, [0, 1, 2, 3]),
        (LINK + p('<a href="/x">one two three</a> four five') * 2 + TEXT, [0, 1, 2, 3]),  # six in ten
        (LINK + p('<a href="/x">one two</a> three') * 2 + TEXT, [1, 2, 3]),
    ],
)
def test_single_words_at_either_end_that_are_links_among_links_are_a_menus(page: str, kept: list[int]) -> None:
    lines, blocks = standing(page)
    assert [line.place for line in feet.without_menus(lines, blocks)] == kept


def test_a_line_of_no_block_is_in_no_menu() -> None:
    lines, blocks = standing(LINK * 4)
    unknown = Line("Home", 0, None, 1, "home")
    assert feet.without_menus([unknown, *lines], blocks) == [unknown]


BODY = f'<div class="body">{p(words(50, ""))}{p(words(30, ""))}</div>'


@pytest.mark.parametrize(
    ("foot", "kept"),
    [
        (f'<div class="foot">{p(words(20, ""))}</div>', False),
        (f'<div class="foot">{p(words(21, ""))}</div>', True),  # the body holds no four fifths then
        (f'<div class="foot"><ul><li>{words(20, "")}</li></ul></div>', True),
        (f'<div class="foot"><h4>{words(9, "")}</h4></div>', True),
        (f'<div class="body">{p(words(20, ""))}</div>', True),  # a part of it
        (f'<section class="body">{p(words(20, ""))}</section>', False),
        (f"<div>{p(words(20, ''))}</div>", False),
    ],
)
def test_what_stands_below_the_element_that_holds_four_fifths_goes(foot: str, kept: bool) -> None:
    assert (len(left(f"<main>{BODY}{foot}</main>")) == 3) is kept


def test_what_stands_above_the_bodys_element_and_lines_of_no_block_stay() -> None:
    assert left(f'<main><div class="top">{p(words(10, ""))}</div>{BODY}</main>') == [10, 50, 30]
    lines = standing(f'<main>{BODY}<div class="foot">{p(words(9, ""))}</div></main>')[0]
    unknown = Line("One two", 5, None, 2, "one two")
    assert feet.without([*lines, unknown]) == [*lines[:2], unknown]


def test_of_parts_that_no_maker_named_the_first_is_the_body() -> None:
    assert left(f"<main><div>{p(words(50, ''))}{p(words(9, ''))}</div></main>") == [50, 9]  # one paragraph is no part
    assert left(f"<main><div>{p(words(25, '')) * 2}</div><div>{p(words(9, ''))}</div></main>") == [25, 25]
    assert left(f"<main><div>{words(50, '')}</div><div>{p(words(9, ''))}</div></main>") == [50]


def test_the_element_of_all_paragraphs_that_end_is_the_bodys() -> None:
    body = f'<div class="body"><div>{STOPPED}</div><section>{STOPPED}</section></div>'
    assert left(f'<main>{body}<div class="foot">{p(words(40, ""))}</div></main>') == [15] * 6


def test_text_right_below_the_bodys_element_is_in_none_that_differs() -> None:
    page = "<main>{}" + words(9, "") + "</main>"
    assert left(page.format(BODY)) == [50, 30, 9]


def test_parts_are_alike_by_the_outermost_that_differ() -> None:
    def part(name: str, inner: str, length: int) -> str:
        return f'<section class="{name}"><div class="{inner}">{p(words(length, "")) * 2}</div></section>'

    assert left(part("a", "x", 40) + part("a", "y", 5)) == [40, 40, 5, 5]
    assert left(part("a", "x", 40) + part("b", "x", 5)) == [40, 40]


@pytest.mark.parametrize(
    ("told", "foot", "gone"),
    [
        (STOPPED, 45, True),
        (STOPPED, 46, False),  # more than half of the words
        (STOPPED + p(words(16)), 60, True),
        (p(words(16)) * 3, 40, True),
        (p(words(15)) * 2, 20, False),
        (p(words(15)) * 2 + p(words(14)), 20, False),
        (p(words(15)) * 2 + p(words(15, "")), 20, False),
    ],
)
def test_the_bodys_element_is_also_that_of_three_paragraphs_that_end(told: str, foot: int, gone: bool) -> None:
    count_ = told.count("<p>")
    found = left(f'<main><div class="body">{told}</div><div class="foot">{p(words(foot, ""))}</div></main>')
    assert (len(found) == count_) is gone


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Mia Orr", True), ("Mia Orr can be reached at mia@herald.example.", True), ("Contact reporter Mia Orr: @mia_orr", True),
        ("Mia Orr of the Herald won a prize for her book on the flood.", False), ("Register at office@herald.example by Friday.", False),
        ("The prize was given at one in the hall to Mia Orr, mia@herald.example.", False), ("김하늘 기자 sky@herald.example", True),
        ("采写：河口晚报记者 李晓明", True), ("河口晚报记者 王芳", False), ("记者李晓明从港务局获悉，渡轮明天复航。", False),
        (f"Mia Orr, mia@herald.example{'!' * feet.PRESENTED}", False), ("“I am Mia Orr,” she wrote to mia@herald.example.", False),
        ("Mia Orr asked @harbourtown whether the ferry would go on, and heard nothing.", False),
    ],
)  # fmt: skip
def test_a_writers_name_and_where_to_write_to_are_no_text(text: str, gone: bool) -> None:
    body = [(f"Paragraph {n} of a report.", n) for n in range(4)]
    people = ("Mia Orr", "김하늘", "李晓明")
    assert (feet.without_writers([*body, (text, 4)], people, []) == body) is gone
    assert feet.without_writers([*body, (text, 4)], (), []) == [*body, (text, 4)]
    assert feet.without_writers([(text, 0), *body], people, []) == [(text, 0), *body]  # nobody's foot
    assert feet.without_writers([(text, 0)], people, []) == [(text, 0)]


def test_a_text_that_is_hardly_more_than_its_writers_address_stays() -> None:
    told = [("In short.", 0), ("Mia Orr can be reached at mia@herald.example.", 1)]
    assert feet.without_writers(told, ("Mia Orr",), []) == told


@pytest.mark.parametrize(("last", "kept"), [("Mia Orr", 2), ("Jo Ray", 4)])
def test_the_heading_over_a_writers_name_goes_with_it(last: str, kept: int) -> None:
    blocks = walked(f"<p>Two of three.</p><p>Three of three.</p><h5>Hear from her first</h5><ul><li>{last}</li></ul>")
    told = [(block.text, n) for n, block in enumerate(blocks)]
    assert len(feet.without_writers(told, ("Mia Orr",), blocks)) == kept


def test_what_a_line_announces_is_of_the_text() -> None:
    told = said("One.", "Two.", "Three.", "To take part write to:", "mia@herald.example")
    assert feet._without_channels(told) == told
