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


def test_every_sighting_is_counted_and_forgotten_with_the_move() -> None:
    once = seen(FEED, 1)
    assert (once.redirect_to, once.redirects) == (NEW, 1)
    assert seen(FEED, 2).redirects == 2
    moved = seen(FEED, 3)
    assert (moved.address, moved.redirect_to, moved.redirects) == (NEW, "", 0)
    assert seen(seen(FEED, 2), 1, to="https://www.a.example/other").redirects == 1
    held = seen(FEED, 2, to="https://a.example/", outcome="failed")
    assert (held.redirects, held.redirect_to) == (2, "https://a.example/")


@pytest.mark.parametrize(("failures", "given_back"), [(2, False), (3, True), (4, True)])
def test_an_adopted_address_has_three_tries(failures: int, given_back: bool) -> None:
    feed = seen(replace(FEED, address=NEW, failures=failures), 1, to="", outcome="failed")
    assert (feed.asked_at == OLD) is given_back
    assert seen(replace(FEED, failures=failures), 1, to="", outcome="failed") == replace(FEED, failures=failures)


@pytest.mark.parametrize(
    ("to", "home"), [("https://a.example", True), ("https://a.example/?p=feed", False), ("https://a.example/x", False)]
)
def test_a_home_page_is_an_address_without_path_and_query(to: str, home: bool) -> None:
    assert ("home page" in seen(FEED, 3, to=to).held) is home


def test_what_was_held_for_another_reason_stays() -> None:
    assert seen(replace(FEED, held="listed anew"), 1, to="").held == "listed anew"
    assert seen(replace(FEED, held="moved", redirects=1), 1, to="").held == ""
