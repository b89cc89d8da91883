"""Whether a feed has moved, by what its redirects say. Decides only."""

from dataclasses import replace

import ada_url

from extract import urls
from extract.records import Feed, Page, Poll

PERMANENT = frozenset({301, 308})
SIGHTINGS = 3  # in a row: sites redirect everything "permanently" during an hour of maintenance
LOST = 3  # failures in a row at an adopted address, after which the listed one is asked again


def moved_to(page: Page) -> str:
    """Where a document was found when every hop there was permanent; empty otherwise."""
    return page.url if page.hops and all(hop.status in PERMANENT for hop in page.hops) else ""


def decide_move(feed: Feed, poll: Poll) -> Feed:
    """The feed with what a poll says of its address.

    A move within the site is followed after several sightings. One to another site, or to a home page, is held: expired
    domains redirect like that. Meanwhile the feed is asked for where the list has it, and redirects are followed.
    """
    if poll.outcome not in ("new", "unchanged"):
        if feed.address and feed.failures >= LOST:
            return replace(feed, address="", redirect_to="", redirects=0)
        if poll.moved_to and _is_home(poll.moved_to):
            return replace(
                feed,
                redirect_to=poll.moved_to,
                redirects=feed.redirects + 1,
                held=f"{feed.asked_at} redirects to a home page, {poll.moved_to}",
            )
        return feed
    if not poll.moved_to:  # where a move was held, it has been taken back
        return replace(feed, redirect_to="", redirects=0, held="" if feed.redirects else feed.held)
    sightings = feed.redirects + 1 if poll.moved_to == feed.redirect_to else 1
    feed = replace(feed, redirect_to=poll.moved_to, redirects=sightings)
    if sightings < SIGHTINGS:
        return feed
    if urls.site(poll.moved_to) != urls.site(feed.asked_at):
        return replace(feed, held=f"moved to {poll.moved_to}, on another site than {feed.asked_at}")
    if _is_home(poll.moved_to):
        return replace(feed, held=f"{feed.asked_at} redirects to a home page, {poll.moved_to}")
    return replace(feed, address=poll.moved_to, redirect_to="", redirects=0)


def _is_home(url: str) -> bool:
    parsed = ada_url.URL(url)
    return parsed.pathname in ("", "/") and not parsed.search
