"""Feeds that move: followed within their site after several sightings, held otherwise."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from extract.poll import moves
from extract.records import Ask, Feed, Hop, Page, Poll

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OLD, NEW = "http://a.example/rss", "https://www.a.example/feed"
FEED = Feed(1, OLD)


def seen(feed: Feed, times: int, to: str = NEW, **told: Any) -> Feed:
    for _ in range(times):
        feed = moves.decide_move(feed, Poll(1, NOW, **{"outcome": "new", "moved_to": to, **told}))
    return feed


@pytest.mark.parametrize(("statuses", "moved"), [((301,), True), ((308, 301), True), ((301, 302), False), ((), False)])
def test_only_permanent_hops_are_a_move(statuses: tuple[int, ...], moved: bool) -> None:
    hops = tuple(Hop(OLD, status, NEW) for status in statuses)
    page = Page(Ask(OLD, "feed", OLD, 1), NEW, 200, (), b"", NOW, 0.1, hops)
    assert bool(moves.moved_to(page)) is moved


def test_a_move_within_the_site_is_followed_after_three_sightings() -> None:
    assert seen(FEED, 2).asked_at == OLD
    assert seen(FEED, 3).asked_at == NEW


def test_sightings_are_counted_in_a_row_and_of_one_address() -> None:
    assert seen(seen(seen(FEED, 2), 1, to=""), 1).asked_at == OLD
    assert seen(seen(FEED, 2), 1, to="https://a.example/other").asked_at == OLD


def test_a_move_to_another_site_is_held() -> None:
    feed = seen(FEED, 5, to="https://squatter.example/feed")
    assert feed.asked_at == OLD
    assert "https://squatter.example/feed, on another site" in feed.held
    assert seen(feed, 1, to="").held == "", "until it is taken back"


def test_a_move_to_a_home_page_is_held() -> None:
    assert "home page" in seen(FEED, 3, to="https://a.example/").held
    failing = seen(FEED, 1, to="https://a.example/", outcome="refused")
    assert (failing.asked_at, "home page" in failing.held) == (OLD, True)


def test_an_adopted_address_that_fails_is_given_back() -> None:
    feed = replace(FEED, address=NEW, failures=moves.LOST)
    assert seen(feed, 1, to="", outcome="failed").asked_at == OLD
