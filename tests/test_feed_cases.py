"""Feeds and what is expected of them, side by side in tests/cases/feeds: NAME.xml and NAME.toml, or for what happens from
one poll to the next NAME.1.xml and NAME.2.xml. A new case needs no Python."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extract.errors import NotAFeed
from extract.keys import key
from extract.poll import feeds, polls
from extract.records import Feed, FeedDocument

CASES = Path(__file__).with_name("cases") / "feeds"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://herald.example/feed"
FEED = Feed(key(URL), URL)
KNOWN = {
    "about", "refused", "entries", "urls", "titles", "title", "authors", "tags", "dated", "content", "minutes", "skip_hours", "skip_days",
    "new", "changed", "relisted", "parts",
}  # fmt: skip


def parse(path: Path) -> FeedDocument:
    return feeds.parse(path.read_bytes(), FEED, URL, NOW)


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.toml")))
def test_a_feed_gives_what_is_expected(name: str) -> None:
    want = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))
    assert set(want) <= KNOWN
    paths = sorted(p for p in CASES.glob(f"{name}.*") if p.suffix != ".toml")
    if "refused" in want:
        with pytest.raises(NotAFeed, match=want["refused"]):
            parse(paths[0])
        return
    first, last = parse(paths[0]), parse(paths[-1])
    assert len(last.entries) == want["entries"]
    assert len({e.entry_id for e in last.entries}) == want["entries"]
    told = {
        "title": last.title,
        "urls": [e.url for e in last.entries],
        "titles": [e.title for e in last.entries],
        "authors": [list(e.authors) for e in last.entries],
        "tags": [list(e.tags) for e in last.entries],
        "dated": sum(e.published_at is not None for e in last.entries),
        "minutes": last.wishes.minutes,
        "skip_hours": list(last.wishes.skip_hours),
        "skip_days": list(last.wishes.skip_days),
        "parts": list(last.parts),
    }
    assert {name: value for name, value in want.items() if name in told} == {n: v for n, v in told.items() if n in want}
    if "content" in want:
        assert last.entries[0].content.startswith(want["content"])
    before = {e.entry_id: e for e in first.entries}
    again = polls.decide_relisted([e for e in last.entries if e.entry_id not in before], first.entries)
    new = [e for e in last.entries if e.entry_id not in before and e.entry_id not in again]
    if "new" in want:
        assert len(new) == want["new"]
    if "changed" in want:
        assert (
            sum(e.claim_hash != before[e.entry_id].claim_hash for e in last.entries if e.entry_id in before)
            == want["changed"]
        )
    if "relisted" in want:
        assert len(again) == want["relisted"]
