"""RSS 2.0 that is plainly that is read as feedparser reads it, and everything else by feedparser."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from extract.errors import NewsduckError
from extract.poll import feeds, rss
from extract.records import Feed, FeedDocument
from tests.test_feed_cases import CASES

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
FEED = Feed(1, "https://paper.example/feed")
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
)
TEXTS = (
    "", " ", "Rain", " Rain \n on the coast ", "5 < 6 & 7 > 3", "<p>A <b>bold</b> claim.</p>", "Zürich – «naïve»", "ZÃ¼rich", "Itâ€™s late",
    "It\x92s late", "https://paper.example/a", "https:///paper.example/a?x=1&y=2", "/a?b=1&amp;c=2", "a@paper.example (Ann Lee)", "Ann Lee, Bo Li",
    "Mon, 23 Nov 2026 06:30:00 +0100", "03/04/2026", "true", "60", "hourly", "東京で雨", "x" * 3000,
)  # fmt: skip
IN_ITEM = (
    "title", "link", "guid", 'guid isPermaLink="false"', 'guid isPermaLink="true"', "description", "pubDate", "category", 'category domain="d"',
    "dc:creator", "author", "content:encoded", "dc:subject", "comments", "slash:comments", 'source url="https://a.example/"',
    'enclosure url="https://a.example/a.mp3" length="3" type="audio/mpeg"', 'media:content url="https://a.example/a.jpg" medium="image"',
    'media:thumbnail url="https://a.example/a.jpg"', "wfw:commentRss", "dc:date", "summary", "media:title", 'title type="html"', "updated",
)  # fmt: skip
IN_FEED = (
    "title", "link", "description", "language", "ttl", "generator", "lastBuildDate", "sy:updatePeriod", "sy:updateFrequency", "copyright",
    "managingEditor", 'atom:link rel="self" href="https://paper.example/feed"', 'atom:link rel="next" href="/feed?page=2"',
    'atom:link href="https://paper.example/"', "skipHours", "author",
)  # fmt: skip


def read(body: bytes) -> FeedDocument | str:
    try:
        return feeds.parse(body, FEED, FEED.url, NOW)
    except NewsduckError as error:
        return repr(error)


def held_against_feedparser(bodies: Iterable[bytes], monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[bytes]]:
    """(how many were plainly RSS 2.0, those that feedparser reads otherwise)."""
    taken, plainly = list[bool](), rss.read

    def counting(body: bytes) -> object:
        found = plainly(body)
        taken.append(found is not None)
        return found

    wrong = []
    for body in bodies:
        monkeypatch.setattr(rss, "read", counting)
        ours = read(body)
        monkeypatch.setattr(rss, "read", lambda _: None)
        if ours != read(body):
            wrong.append(body)
    return sum(taken), wrong


def invented(dice: random.Random) -> bytes:
    """A feed of elements in any order, most of them once, with any text."""

    def element(name: str) -> str:
        said = escape(dice.choice(TEXTS)) if dice.random() < 0.8 else f"<![CDATA[{dice.choice(TEXTS)}]]>"
        said += "<!-- of the editor's -->rest" * (dice.random() < 0.05) + "<b>bold</b>" * (dice.random() < 0.02)
        return f"<{name}>{said}</{name.split()[0]}>"

    def some(names: tuple[str, ...], common: int) -> str:
        chosen = dice.sample(names[:common], dice.randint(2, common)) + dice.choices(names, k=dice.random() < 0.15)
        dice.shuffle(chosen)
        return "".join(map(element, chosen))

    items = "".join(f"<item>{some(IN_ITEM, 20)}</item>" for _ in range(dice.randint(0, 4)))
    image = "<image><title>A</title><url>https://a.example/a.png</url><link>https://a.example/</link></image>"
    head, image = some(IN_FEED, 13), image * (dice.random() < 0.3)
    return f'<rss version="2.0" {SPACES}><channel>{image}{head}{items}</channel></rss>'.encode()


@pytest.mark.promise("A plainly valid feed is read as feedparser reads it")
@pytest.mark.parametrize("seed", range(4))
def test_whatever_its_elements_and_their_order(
    seed: int, monkeypatch: pytest.MonkeyPatch, trials: Callable[[int, int, int], int]
) -> None:
    dice, documents = random.Random(seed), trials(50, 100, 1_000)
    taken, wrong = held_against_feedparser((invented(dice) for _ in range(documents)), monkeypatch)
    assert wrong == []
    assert taken > documents / 20


def test_of_all_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [path.read_bytes() for path in sorted(CASES.iterdir()) if path.suffix != ".toml"]
    taken, wrong = held_against_feedparser(bodies, monkeypatch)
    assert wrong == []
    assert taken > 3


def test_of_all_documents_at_hand(real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [path.read_bytes() for path in sorted((real / "data" / "feeds").rglob("*")) if path.is_file()]
    taken, wrong = held_against_feedparser((body for body in bodies if b"<rss" in body[:4000]), monkeypatch)
    assert wrong == []
    assert taken > 100
