"""The article's own words on a page: its standfirst and its text."""

from collections.abc import Sequence
from dataclasses import dataclass

from extract import plain
from extract.read.blocks import count, fold
from extract.read.body import boilerplate, engine, feet, scattered, scripts, standfirsts
from extract.read.body.habits import mask
from extract.read.layout import Layout

MORE = 2  # times as long as what is shown
OPENING = 80  # letters by which two texts are one
SHORT = 150  # words: a text of fewer may be the rest of one that only the page's scripts carry


@dataclass(frozen=True, slots=True)
class Text:
    """What there is to read, and where on the page it stands."""

    standfirst: str
    text: str  # a line for each paragraph
    words: int
    places: Sequence[int]  # of its lines among the page's blocks, in their order
    script: Sequence[str] = ()  # its lines, where they stand in the page's scripts only


def decide(page: Layout, description: str, repeated: frozenset[int] = frozenset(), people: Sequence[str] = ()) -> Text:
    """The words of a page's article. `description` is the page's own, `repeated` are the masks of blocks that its site
    prints on many pages (see `habits`), `people` the article's authors."""
    standfirst = _own(standfirsts.marked(page, description, people), repeated)
    lines = [page.blocks[n].text for n in page.placed] or engine.lines(page.tree, page.blocks)
    chosen = boilerplate.choose(page, lines, standfirst, repeated)
    if not page.placed:
        chosen = scattered.instead(page, chosen, standfirst, repeated) or chosen
    chosen = feet.without_writers(chosen, people, page.blocks)
    places = [n for _, n in chosen if n < len(page.blocks)]
    standfirst = standfirst or _own(standfirsts.above(page, places, people), repeated)
    text = plain.paragraphs("\n".join(line for line, _ in chosen))
    words = count(text)
    free = page.claims.free is not False  # what is to be paid for is read as it is shown
    claimed = plain.paragraphs(page.claims.text("articleBody")) if free else ""
    if words and _goes_on(claimed, text):
        return Text(standfirst, claimed, count(claimed), places, claimed.splitlines())
    if words < SHORT and engine.BEHIND * count(stated := plain.paragraphs(scripts.body(page.tree, page.title))) > words:
        return Text(standfirst, stated, count(stated), places, stated.splitlines())
    return Text(standfirst, text, words, places)


def _own(standfirst: str, repeated: frozenset[int]) -> str:
    """A standfirst, unless its site prints it on many pages: then it is the house's."""
    return "" if standfirst and mask(fold(standfirst)) in repeated else standfirst


def _goes_on(claimed: str, text: str) -> bool:
    """Whether what a page claims to be its article begins with what it shows, and is much longer: the rest is behind a button."""
    if not claimed:
        return False
    shown = fold(text)
    return count(claimed) >= MORE * count(text) and fold(claimed).startswith(shown[:OPENING]) and len(shown) >= OPENING
