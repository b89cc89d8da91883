"""What a step did, in a line of its run's log: numbers, by what the step gives."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from extract.records import Copy, Outcome
from flows.line.parts import ask
from flows.line.parts.ask import Asked
from flows.line.work import Looked, Passed, Planned
from flows.telling import some


def told(found: Any) -> str:
    """The line, without the step's name; empty where what it gives says nothing."""
    match found:
        case Planned():
            return (
                f"{some(len(found.plan.fetch), 'page')} to fetch, {len(found.plan.settled):,} entries settled already"
            )
        case [Looked(), *_]:
            return _looks([look for look in found if isinstance(look, Looked)])
        case [Outcome(), *_]:
            return _counted(outcome.outcome for outcome in found if isinstance(outcome, Outcome))
        case Asked():
            return ask.told(found)
        case Passed():
            return f"{some(found.pages, 'page')} in the archive, {found.missing:,} not had"
        case ([Copy(), *_], _, list()):
            copies, _, matches = found
            return (
                f"{some(len(copies), 'article')} placed in stories, {some(len(matches), 'match', 'matches')} of topics"
            )
        case {"stored": stored, "stories_new": stories}:
            return f"{stored:,} stored, {stories:,} new stories"
        case bool():
            return ""
        case int():
            return f"{found:,}"
    return ""


def _looks(looks: Sequence[Looked]) -> str:
    failed = sum(look.poll.outcome in ("failed", "refused") for look in looks)
    seen = sum(look.poll.entries_seen for look in looks)
    return f"{some(len(looks), 'feed')}, {failed:,} failed; {seen:,} entries"


def _counted(outcomes: Iterable[str]) -> str:
    return ", ".join(f"{count:,} {outcome}" for outcome, count in Counter(outcomes).most_common())
