"""Times that a clock gone wrong has set: a run with the clock ahead would stop every feed until that day.

A moment further away than the settings can put it is void. What waits for such a moment is due again, feeds spread over the
interval each of them keeps, so that not all are asked at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import duck
from storage.duck import Connection

SLACK = timedelta(minutes=5)  # clocks differ
DAY = timedelta(days=1)
WEEK = timedelta(days=7)  # a feed may ask to be left alone on all days of the week but one
MONTH = timedelta(days=30)

# As extract/poll/schedule.py can set them: by how a feed is doing, a fifth of jitter on top. A look in the future tells by itself.
_FEEDS = """
UPDATE feeds SET next_poll_at = $now + to_seconds((feed_id % 1000 + 1000) % 1000 / 1000 * 60 * greatest(interval_minutes, 1))
WHERE next_poll_at > $now + CASE status
        WHEN 'gone' THEN $month
        WHEN 'dead' THEN $week
        WHEN 'failing' THEN greatest($day, $longest) * 1.2
        ELSE $longest * 1.05 + CASE WHEN len(skip_hours) + len(skip_days) > 0 THEN $week ELSE $none END END + $slack
    OR (last_polled_at > $now + $slack AND next_poll_at > $now + to_seconds(60 * greatest(interval_minutes, 1)))
RETURNING feed_id
"""
_ENTRIES = "UPDATE entries SET retry_at = $now WHERE retry_at > $now + $furthest RETURNING entry_id"
_ROBOTS = "UPDATE robots SET expires_at = $now WHERE expires_at > $now + $day + $slack RETURNING origin"


@dataclass(frozen=True, slots=True)
class Mended:
    """How many times were void."""

    feeds: int = 0
    entries: int = 0
    robots: int = 0


def mend(c: Connection, now: datetime, longest: timedelta, again: timedelta) -> Mended:
    """Void them, in one transaction. `longest` is the longest interval between two looks at a feed that is well, `again`
    the longest until an article is looked at once more."""
    values = {
        "now": now, "longest": longest, "day": DAY, "week": WEEK * 1.2, "month": MONTH * 1.2, "slack": SLACK,
        "none": timedelta(0), "furthest": max(again, DAY) + SLACK,
    }  # fmt: skip
    c.begin()
    try:
        counts = [
            len(c.execute(sql, {name: value for name, value in values.items() if f"${name}" in sql}).fetchall())
            for sql in (_FEEDS, _ENTRIES, _ROBOTS)
        ]
        c.commit()
    except BaseException:
        duck.roll_back(c)
        raise
    return Mended(*counts)
