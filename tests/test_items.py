"""What a feed lists, item by item: what one that is odd costs, which moments are plausible, which links lead home."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from extract.keys import key
from extract.poll import items
from extract.poll.items import Item
from extract.records import Entry, Feed

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
URL = "https://herald.example/feed"
FEED = Feed(1, URL)


def listed(*raw: Item, **changes: Any) -> tuple[list[Entry], int]:
    """The entries of these items, and how many were left out."""
    found, left = items.entries(raw, changes.get("make", lambda item: item), FEED, URL, NOW)
    return list(found), left


def item(n: int, **changes: Any) -> Item:
    return replace(Item(link=f"https://herald.example/{n}", title=f"Title {n}"), **changes)


def test_an_item_that_cannot_be_made_costs_itself_only() -> None:
    def make(one: Item) -> Item:
        if one.title == "Title 1":
            raise ValueError(one.title)
        return one

    found, left = listed(*map(item, range(4)), make=make)
    assert ([entry.title for entry in found], left) == (["Title 0", "Title 2", "Title 3"], 1)


def test_nor_does_one_that_makes_no_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = items._entry

    def odd(one: Item, *told: Any) -> Entry:
        if one.title == "Title 1":
            raise KeyError(one.title)
        return entry(one, *told)

    monkeypatch.setattr(items, "_entry", odd)
    found, left = listed(*map(item, range(4)))
    assert ([entry.title for entry in found], left) == (["Title 0", "Title 2", "Title 3"], 1)


def test_an_item_that_says_nothing_is_none() -> None:
    assert listed(Item(), Item(published="2026-11-26")) == ([], 0)
    for said in (Item(link="/1"), Item(guid="g"), Item(title="t"), Item(summary="s")):
        assert len(listed(said)[0]) == 1


def test_the_newest_come_first_and_those_without_a_day_behind_them_in_their_order() -> None:
    days = ["", "2026-11-20", "", "2026-11-22", "2026-11-21"]
    found, _ = listed(*(item(n, published=day) for n, day in enumerate(days)))
    assert [entry.title[-1] for entry in found] == ["3", "4", "1", "0", "2"]
    updated, _ = listed(item(0, updated="2026-11-20"), item(1, published="2026-11-19", updated="2026-11-25"), item(2))
    assert [entry.title[-1] for entry in updated] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("at", "kept"),
    [
        (items.EARLIEST, True),
        (items.EARLIEST - timedelta(seconds=1), False),
        (NOW + timedelta(hours=24), True),
        (NOW + timedelta(hours=24, seconds=1), False),
        (NOW, True),
    ],
)
def test_a_moment_can_be_one_from_the_first_online_papers_to_tomorrow(at: datetime, kept: bool) -> None:
    assert items.plausible(at, NOW) == (at if kept else None)
    assert items.plausible(None, NOW) is None


@pytest.mark.parametrize(
    ("links", "by_guid"),
    [
        (["https://herald.example/"] * 2, True),
        ([URL] * 2, True),
        (["https://herald.example/"], False),
        (["https://herald.example/live"] * 2, False),
        (["https://other.example/"] * 2, False),
    ],
)
def test_a_link_home_that_several_share_tells_nothing(links: list[str], by_guid: bool) -> None:
    found, _ = listed(*(item(n, link=link, guid=f"https://herald.example/g{n}") for n, link in enumerate(links)))
    assert [entry.url for entry in found] == (
        [f"https://herald.example/g{n}" for n in range(len(links))] if by_guid else links
    )


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        (
            "https://www.google.com/url?rct=j&sa=t&url=https://a.example/x%3Fid%3D7&ct=ga&usg=AFQj",
            "https://a.example/x?id=7",
        ),
        ("https://google.co.uk/url?q=https%3A%2F%2Fa.example%2Fx&sa=U", "https://a.example/x"),
        (
            "http://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fa.example%2fx&c=1",
            "https://a.example/x",
        ),
        ("https://r.search.yahoo.com/_ylt=Aw/RV=2/RU=https%3a%2f%2fa.example%2fx/RK=0/RS=y-", "https://a.example/x"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fx&h=AT0", "https://a.example/x"),
    ],
)
def test_a_link_that_names_where_it_leads_is_that_address(link: str, leads: str) -> None:
    assert listed(item(1, link=link))[0][0].url == leads


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/search?q=https://a.example/x",
        "https://www.google.com/url?sa=t&ct=ga",
        "https://news.google.com/rss/articles/CBMiU2h0?oc=5",
        "https://herald.example/url?url=https://a.example/x",
        "https://www.facebook.com/sharer.php?u=https://a.example/x",
        "https://notgoogle.com/url?url=https://a.example/x",
    ],
)
def test_a_link_that_only_mentions_an_address_is_itself(link: str) -> None:
    assert listed(item(1, link=link))[0][0].url == link


def test_an_entry_is_known_by_what_tells_it_apart() -> None:
    both = "https://herald.example/both"
    found, _ = listed(
        item(1, link=both, guid="a"),
        item(2, link=both, guid="b"),
        item(3, link="", guid="c"),
        item(3, link="", guid="c"),
    )
    assert [entry.entry_id for entry in found] == [key(URL, "a"), key(URL, "b"), key(URL, "c")]
    alone, _ = listed(item(1, link="", guid="g", published="d1"), item(2, link="", guid="g", published="d2"))
    assert [entry.entry_id for entry in alone] == [key(URL, "Title 1", "d1"), key(URL, "Title 2", "d2")]


@pytest.mark.parametrize(
    ("dates", "first"),
    [(["03/04/2026", "13/04/2026"], 3), (["03/04/2026", "04/13/2026"], 4), (["03/04/2026"], None)],
)
def test_which_number_is_the_month_is_told_by_the_lists_other_dates(dates: list[str], first: int | None) -> None:
    found, _ = listed(*(item(n, published=said) for n, said in enumerate(dates)))
    at = next(entry.published_at for entry in found if entry.title == "Title 0")
    assert (at.day if at else None) == first
