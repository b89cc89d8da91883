"""When to look at a feed again: from what it lists, what it asks for, and how it fails. Decides only."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from extract.keys import key
from extract.records import Feed, FeedDocument, Poll

DATED = 5  # entries with a date from which a window can be told
DEAD_AFTER = timedelta(days=30)  # without an answer
DAY = timedelta(days=1)
RARELY = timedelta(days=7)  # between polls of a dead feed
LONGEST = timedelta(days=30)  # between any two polls of a listed feed: none is given up for good


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which intervals newsduck chooses."""

    first: timedelta = timedelta(hours=1)  # a new feed's
    shortest: timedelta = timedelta(minutes=15)
    longest: timedelta = timedelta(days=1)


def window_hours(document: FeedDocument) -> float | None:
    """Hours between the newest entry and the oldest but for one in ten: a few old ones are pinned, not the end of the
    list. What stays away for longer may miss entries. None with too few dates to tell."""
    dates = sorted((entry.published_at for entry in document.entries if entry.published_at), reverse=True)
    if len(dates) < DATED:
        return None
    return round((dates[0] - dates[(len(dates) - 1) * 9 // 10]).total_seconds() / 3600, 2)


def decide_interval(feed: Feed, poll: Poll, bounds: Bounds) -> timedelta:
    """The interval to keep from now on.

    A list that shows much that is new is looked at sooner, one that shows little later; and always twice before it
    can have turned over. Factors: an interval that is four times too long is right after two looks, one that is four
    times too short after four.
    """
    interval = timedelta(minutes=feed.interval_minutes) or bounds.first
    if poll.outcome in ("new", "unchanged") and feed.interval_minutes:
        share = poll.entries_new / poll.entries_seen if poll.entries_seen else 0.0
        if poll.overlap is False:
            factor = 0.25
        elif share > 0.5:
            factor = 0.5
        elif share > 0.25:
            factor = 0.75
        else:
            factor = 1.0 if share > 0.1 else 1.4
        interval = interval * factor
    window = poll.window_hours if poll.window_hours is not None else feed.window_hours
    if window:
        interval = min(interval, timedelta(hours=window) / 2)
    return max(bounds.shortest, min(interval, bounds.longest))


def decide_next(feed: Feed, poll: Poll, bounds: Bounds) -> datetime:
    """When the feed is due again; `feed` is as it stands after the poll."""
    now = poll.polled_at
    if poll.outcome in ("new", "unchanged"):
        wait = timedelta(minutes=feed.interval_minutes) * _jitter(feed, now, 0.05)
        wait = max(wait, min(timedelta(seconds=poll.fresh_seconds), bounds.longest))
        # A feed that turns over within the interval it asks for asks for too much.
        if not (poll.overlap is False or (feed.window_hours and feed.wish_minutes > feed.window_hours * 30)):
            wait = max(wait, min(timedelta(minutes=feed.wish_minutes), bounds.longest))
        return _out_of_skipped(now + wait, feed)
    return max(now + _back_off(feed, now, bounds), poll.retry_at or now)


def _back_off(feed: Feed, now: datetime, bounds: Bounds) -> timedelta:
    """Twice as long with each failure in a row: to a day while it may be an outage, then to a week; to thirty days for a
    feed that says it is gone. A fifth more or less, so that feeds which failed together do not come back together."""
    base = max(bounds.shortest, timedelta(minutes=feed.interval_minutes))
    if feed.status == "gone":
        wait, most = DAY * (1 << min(max(feed.failures - 1, 0), 10)), LONGEST / 1.2
    else:
        wait, most = base * (1 << min(feed.failures, 12)), max(DAY, bounds.longest)
        most = RARELY if feed.status == "dead" else most
    return min(wait, most) * _jitter(feed, now, 0.2)


def _jitter(feed: Feed, now: datetime, share: float) -> float:
    """A number between 1 - share and 1 + share that is the feed's and the moment's own, the same whenever asked."""
    return 1 + share * (key(str(feed.feed_id), now.isoformat()) % 2001 - 1000) / 1000


def _out_of_skipped(when: datetime, feed: Feed) -> datetime:
    """The moment, or the next hour that the feed does not ask to skip."""
    for _ in range(24 * 7):
        if when.hour not in feed.skip_hours and when.weekday() not in feed.skip_days:
            return when
        when = (when + timedelta(hours=1)).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return when
