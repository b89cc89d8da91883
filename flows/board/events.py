"""What a run noticed or brought that a person may want to be told of, as events on the Prefect server: seen in its event feed, and
what [alerts] rests on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from prefect.events import emit_event

from flows.board.account import told_of, told_of_growth, told_of_jump
from flows.board.paper import sent
from flows.board.up.names import Names
from flows.happenings import Event
from flows.line.work import Looked, Work
from storage.look import dossier, edition
from storage.write.events import Growth
from storage.write.topics import Jump

FAILURES = 3  # looks in a row: a feed that failed once or twice mostly comes back by itself


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing worth a word."""

    event: Event
    about: str  # the feed's address, the site, the topic
    message: str
    more: dict[str, Any] = field(default_factory=dict)


def decide(
    work: Work,
    looked: Sequence[Looked],
    worse: Sequence[dict[str, Any]],
    jumps: Sequence[Jump],
    growths: Sequence[Growth] = (),
) -> Iterator[Happening]:
    """What is new in this run: each thing is told once, when it begins."""
    for look in looked:
        url, failures = look.feed.url, look.feed.failures + 1
        if look.poll.outcome in ("failed", "refused") and failures == FAILURES:
            yield Happening("feed-failing", url, f"{look.poll.error} ({failures} looks in a row)")
        if look.poll.overlap is False:
            said = (
                f"{url}: all {look.poll.entries_seen} entries were new, others were probably lost since the last look"
            )
            yield Happening("entries-lost", url, said)
    for site in worse:
        if site["host"] not in work.worse:
            yield Happening("reading-bad", site["host"], told_of(site))
    if work.run.kind == "ingest":
        for feed in work.warehouse.quiet():
            said = f"{feed['title'] or feed['url']}: {feed['seen']} entries on {feed['day']}, where {feed['expected']:.0f} were to be expected"
            yield Happening("feed-silent", feed["url"], said)
    for jump in jumps:
        behind = [{"story_id": story, "title": title, "outlets": outlets} for story, title, outlets in jump.behind]
        more = {"day": str(jump.day), "stories": jump.stories, "usual": jump.usual, "behind": behind}
        yield Happening("topic-jump", jump.topic, told_of_jump(jump), more)
    if work.run.kind == "ingest":
        yield from _to_read(work)
    for growth in growths:
        counts = {"outlets": growth.outlets, "joined": growth.joined}
        yield Happening("event-growing", str(growth.event_id), told_of_growth(growth), counts)


def _to_read(work: Work) -> Iterator[Happening]:
    """The day's page in words and each topic's new stories, for whom the settings send them to."""
    path, alerts = work.warehouse.published, work.settings.alerts
    if "day" in alerts.on and alerts.urls:
        today = datetime.now(ZoneInfo(work.settings.zone)).date()
        yield Happening("day", str(today), sent.day_text(edition.of(path, today)))
    if "new-matches" in alerts.on and alerts.urls:
        for topic, stories in dossier.new_in(path, work.run.run_id).items():
            yield Happening("new-matches", topic, sent.matches_text(topic, stories), {"stories": len(stories)})


def emit(happening: Happening, own: Names) -> None:
    """Send it to the server as the event `newsduck.NAME` about something of this data folder's."""
    emit_event(
        event=f"newsduck.{happening.event}",
        resource={"prefect.resource.id": f"{own.tag}.{happening.about}", "prefect.resource.name": happening.about},
        payload={"message": happening.message, **happening.more},
    )
