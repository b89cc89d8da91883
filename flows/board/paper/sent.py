"""What is sent to be read: a day's page in words, and the new stories on a topic, copies folded."""

from collections.abc import Sequence

from flows.telling import some
from storage.look.edition import Edition, Row

LEADS = 8  # events of the day
STORIES = 15  # of a topic


def day_text(day: Edition) -> str:
    """A day's page in plain lines: what arrived, what several outlets told, each topic's part, and what is missing."""
    counts, looks = day.counts.rows[0], day.looks.rows[0]
    lines = [
        f"{day.day:%A, %d %B %Y}: {some(counts['articles'], 'article')}, {some(counts['stories'], 'story', 'stories')}, "
        f"{some(counts['outlets'], 'outlet')}."
    ]
    for event in day.leads.rows[:LEADS]:
        topics = day.topics.get(event["event_id"], {}).get("topics") or []
        on = f"; on {', '.join(topics)}" if topics else ""
        lines.append(
            f"- {event['title']} ({some(event['outlets'], 'outlet')}{on}{'; growing' if event['growing'] else ''})"
        )
    today = [row for row in day.attention.rows if row["seen_day"] == day.day and row["stories"]]
    if today:
        lines.append(
            "Topics: " + ", ".join(f"{r['topic']} {r['stories']} ({r['share'] * 100:.1f} %)" for r in today) + "."
        )
    if day.changed.rows:
        lines.append(f"Changed after publication: {some(len(day.changed.rows), 'article')}.")
    lost = f"; after {some(looks['losses'], 'look')} entries were probably lost" if looks["losses"] else ""
    lines.append(f"{looks['answered']} of {some(looks['feeds'], 'feed')} answered{lost}.")
    return "\n".join(lines)


def matches_text(topic: str, stories: Sequence[Row]) -> str:
    """The new stories on a topic, a line each with how many outlets ran it."""
    lines = [f"{topic}: {some(len(stories), 'new story', 'new stories')}"]
    for row in stories[:STORIES]:
        others = f", and {some(row['outlets'] - 1, 'other outlet')}" if row["outlets"] > 1 else ""
        lines.append(f"- {row['title']} ({row['outlet']}{others}) {row['url']}")
    if len(stories) > STORIES:
        lines.append(f"and {len(stories) - STORIES} more")
    return "\n".join(lines)
