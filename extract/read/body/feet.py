"""What stands below a body and is not of it: a page's foot, where its makers gave it no name to know it by."""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from extract.read import terms
from extract.read.blocks import HEADINGS, Block, common, fold
from extract.read.body.lines import END, PARAGRAPH, RECOVER, Line
from extract.read.people import reporters
from extract.words import has_unspaced

ROOT = 0.8  # of the kept words: the element that holds them is the body's
GUARD = 0.5  # of the words stay
NOTICE, RULES = 40, 20  # words at most of a line that says whose the text is, of one that leads to the house's rules
LEAST = 80  # words of an article that readers write below
HEADING = 6  # words at most of the heading over theirs
ITEMS = (
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
)  # a list below may be the body's: of 378 guides' words in such, most are

_RIGHTS = tuple(terms.words("rights"))
_READERS = re.compile(rf"(?:\d+\s+)?(?:{terms.pattern('readers')})[\s:(\[]*\d*[\s:)\]]*", re.IGNORECASE)
_RULES = tuple(terms.words("house_rules"))
SOURCE = 12  # words at most of a last line that names one
_SOURCE = re.compile(rf"\W*(?:{terms.pattern('source')})\s*[:：|｜]\s*\w", re.IGNORECASE)
# Who edited it, read the proofs, let it be printed: labels with names, and no sentence, as those are that an editor says in a talk.
_EDITOR = r"(?:[A-Za-z_]{1,20}\d*|[^\W\d_]{1,4}(?:_[A-Za-z]{0,9}\d+)?|\d{3,})"  # a name, an account or a number
_EDITED = re.compile(
    rf"\W*(?:(?:{terms.pattern('edited')})(?:\s*[:：|｜/]\s*|\s+(?=\w{{2,4}}(?:\W|$))){_EDITOR}(?:[\s、/|·]+{_EDITOR})*[^\w。！？!?，]*)+"
)
FORMERLY = 40  # words at most of a line that says what the headline was elsewhere
_FORMERLY = re.compile(rf"\W*(?:{terms.pattern('formerly')})\s*(?:[:：]|[《〈“][^》〉”]{{1,60}}[》〉”]\W*$)")
LAST = 3  # lines of a text among which its house sends to its channels
CHANNEL = 40  # words at most of one that does
MISTAKE = 25  # words at most of one that asks what is wrong in the text
_MISTAKE = re.compile(rf"\W*(?:{terms.pattern('mistake')})", re.IGNORECASE)
LINKED = 0.6  # of a block's words: then it is a link
NEAR = 2  # blocks before and behind a word among which two more links make it a menu's
_NETS = r"(?:whatsapp|telegram|youtube|instagram|facebook|twitter|threads|bluesky|linkedin|tiktok)\b"
_CHANNEL = re.compile(
    rf"\b(?:{terms.pattern('our')})\s+(?:[\w-]+\s+){{0,2}}?{_NETS}|(?:^|[.!?:|•]\s*)(?:{terms.pattern('follow')})\b.{{0,100}}\b{_NETS}",
    re.IGNORECASE,
)
# Where more is to be found, as it is said in Chinese; what news says of an application or a channel asks nobody for more.
_MORE = re.compile(
    r"(?:^|[。！!?？，,]\W*)(?:更多[^。，]{0,15}请|欢迎|歡迎|敬请)[^。]{0,25}(?:扫描|扫码|长按|下载|关注)[^。]{0,30}(?:二维码|公众号|客户端|微信|小程序|app\b)|"
    r"^\W*(?:更多)?相关(?:资讯|内容|信息|新闻)\W{0,2}请(?:关注|点击|查看|访问)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    rf"\W*(?:{terms.pattern('disclaimer')})\s*[:：】](?=.*(?:本文|本站|本网|本网站|本号|本平台|作者|转载|观点|投资|版权|未经|许可|授权))"
)
DISCLAIMER = 80  # words at most of one
PRESENTED = 500  # letters at most of a line that says who a writer is
OPENING = 6  # words of one within which the name stands
_WRITE_TO = re.compile(r"[\w.+-]{2,40}@[\w-]+\.\w|(?:^|[\s(])@\w{3,}[\s.)]*$")  # a handle stands at the end
_SIGNED_OFF = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\((?:END|끝)\)")  # a writer's address, an agency's last word
_SAID = re.compile(r"\W{0,3}[\"'“”„«»‘’]")  # how a line begins that somebody says
_OWNED = re.compile(r"^\W*(?:©|\(c\)|copyright)\W.{0,40}\b(?:19|20)\d\d\b", re.IGNORECASE)


def is_notice(line: Line) -> bool:
    """Whether a line says whose a text is and what may be done with it, or leads to where that is said."""
    told = line.text.lower() if line.words <= NOTICE else ""
    if any(words in told for words in _RIGHTS) or (told and _OWNED.search(told)):
        return True
    linked = line.block is None or line.block.link_words > 0
    return linked and line.words <= RULES and any(words in told for words in _RULES)


def without(taken: Sequence[Line]) -> list[Line]:
    """Without the lines below the body's element that stand in none like it; the parts of a body are alike. That element
    holds most of the words, or all of the paragraphs."""
    taken = _without_channels(_without_readers(taken))
    found = [line for line in taken if line.block is not None]
    told = [line for line in found if line.words >= PARAGRAPH and END.search(line.text)]
    kept = _above(taken, common([line.block for line in found if line.block], ROOT))
    if len(told) >= RECOVER:
        kept = _above(kept, common([line.block for line in told if line.block], 1.0))
    return kept if sum(x.words for x in kept) >= GUARD * sum(x.words for x in taken) else list(taken)


def _without_readers(taken: Sequence[Line]) -> list[Line]:
    """Without what readers wrote below an article of LEAST words, from its heading on."""
    above = 0
    for number, line in enumerate(taken):
        if above >= LEAST and line.words <= HEADING and _READERS.fullmatch(line.text):
            return list(taken[:number])
        above += line.words
    return list(taken)


def _without_channels(taken: Sequence[Line]) -> list[Line]:
    """Without those of the last lines that ask to follow house or author elsewhere, or what is wrong in the text, say what their
    house is not to be held to or who edited the text, or are no more than an address."""
    end = len(taken) - LAST

    def asks(line: Line, before: str) -> bool:
        if _SAID.match(line.text) or before.endswith((":", "：")):  # what is announced is of the text
            return False
        if _SIGNED_OFF.fullmatch(line.text) or is_edited(line):
            return True
        if line.words <= CHANNEL and (_CHANNEL.search(line.text) or _MORE.search(line.text)):
            return True
        return (line.words <= DISCLAIMER and _DISCLAIMER.match(line.text) is not None) or _asks_for_mistakes(line)

    return [x for n, x in enumerate(taken) if n < max(1, end) or not asks(x, taken[n - 1].text)]


def _asks_for_mistakes(line: Line) -> bool:
    """Whether a line asks its reader what is wrong in the text: by a question, a link, a key to press, or in hardly more words."""
    if line.words > MISTAKE or not _MISTAKE.match(line.text):
        return False
    linked = line.block is None or line.block.link_words > 0
    return linked or line.words <= HEADING or "?" in line.text or "ctrl" in line.text.lower()


def is_edited(line: Line) -> bool:
    """Whether a line says no more than who edited the text, or was to."""
    return line.words <= SOURCE and _EDITED.fullmatch(line.text) is not None


def is_formerly(line: Line | Block) -> bool:
    """Whether a line says what the headline was where the text is from."""
    return line.words <= FORMERLY and _FORMERLY.match(line.text) is not None


def without_source(taken: list[Line]) -> list[Line]:
    """Without the last lines that say no more than where a text is from."""
    end = len(taken)
    while end > 1 and taken[end - 1].words <= SOURCE and _SOURCE.match(taken[end - 1].text):
        end -= 1
    return taken[:end]


def without_writers(
    taken: list[tuple[str, int]], people: Sequence[str], blocks: Sequence[Block]
) -> list[tuple[str, int]]:
    """Without those of the last lines, each with its place among the page's blocks, that are a writer's name of two words or more, say
    whose reporter one is, or begin with the name and say where to write to, with the heading over them; unless they are most of the text."""
    names = [f" {told} " for name in people if " " in (told := fold(name)) or has_unspaced(told)]

    def presents(text: str) -> bool:
        told = fold(text) if len(text) <= PRESENTED and not _SAID.match(text) else ""
        if f" {told} " in names or any(name in people for name in reporters.alone(text)):
            return True
        opening = f" {' '.join(told.split()[:OPENING])} "
        return any(name in opening for name in names) and _WRITE_TO.search(text) is not None

    if not names:
        return taken
    end = len(taken) - LAST
    kept = [x for n, x in enumerate(taken) if n < max(1, end) or not presents(x[0])]
    while len(kept) > 1 and len(kept) < len(taken) and _is_heading(kept[-1][1], blocks):
        kept.pop()
    return kept if sum(len(text) for text, _ in kept) >= GUARD * sum(len(text) for text, _ in taken) else taken


def _is_heading(place: int, blocks: Sequence[Block]) -> bool:
    return place < len(blocks) and blocks[place].tag in HEADINGS


def without_menus(taken: list[Line], blocks: Sequence[Block]) -> list[Line]:
    """Without the single words at the beginning and the end that are links among links."""

    def is_link(place: int) -> bool:
        return 0 <= place < len(blocks) and blocks[place].link_density > LINKED

    def is_item(line: Line) -> bool:
        if line.block is None or line.words != 1 or not is_link(line.place):
            return False
        return sum(is_link(line.place + step) for step in range(-NEAR, NEAR + 1)) > 2

    first, end = 0, len(taken)
    while first < end and is_item(taken[first]):
        first += 1
    while end > first and is_item(taken[end - 1]):
        end -= 1
    return taken[first:end] or taken


def _above(taken: Sequence[Line], root: HtmlElement | None) -> list[Line]:
    if root is not None and any(x.block is not None and x.block.path[-1] is root and x.block.tag == "p" for x in taken):
        root = root.getparent()  # one paragraph that is most of a body is not its element
    last = max((x.place for x in taken if x.block is not None and root in x.block.path), default=0)
    around = [root, *root.iterancestors()][::-1] if root is not None else []

    def is_below(line: Line) -> bool:
        if line.block is None or line.place <= last or line.block.tag in ITEMS:
            return False
        own, other = next(((a, b) for a, b in zip(around, line.block.path, strict=False) if a is not b), (root, root))
        return own is not None and other is not None and not _are_alike(own, other)

    return [line for line in taken if not is_below(line)]


def _are_alike(one: HtmlElement, other: HtmlElement) -> bool:
    return one.tag == other.tag and (one.get("class") or "") == (other.get("class") or "") != ""
