"""Events: which stories tell of one happening. Whatever story is of no event yet is looked at, whichever run brought it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice

from extract.group import events, ids, terms
from extract.group.frequencies import Frequencies
from extract.group.terms import Terms
from extract.tales import Tale, Told
from flows.line.load import load
from flows.line.work import Work
from storage.derived import tales as derived
from storage.duck import Connection
from storage.write.events import decide

CHUNK = 250  # stories decided at a time: the members of every event that one of them may join are in memory
MOST = 20_000  # in one run; an upgrade's older ones wait for the next

Decided = tuple[Told, derived.Words]
Ask = Callable[[Iterable[str]], derived.Counts]


def tell(work: Work) -> int:
    """Say of every story that is of no event yet which one it is, and note the events that are growing; gives how many
    stories those were."""
    warehouse, untold = work.warehouse, work.warehouse.untold(MOST)
    fresh: list[Decided] = []  # what was decided just now, and the derived file does not have
    for n in range(0, len(untold), CHUNK):
        tales = warehouse.tales(untold[n : n + CHUNK])
        fresh = derived.safely(*warehouse.side_by_side(), partial(_decided, tales, fresh))
        told = [one for one, _ in fresh]
        warehouse.tell(told, events.METHOD, work.run.run_id, last=n + CHUNK >= len(untold))
    if len(untold) < MOST:  # also where a run that died had decided all
        _keep_ids(work)
    if fresh:
        derived.safely(*warehouse.side_by_side(), partial(_caught_up, fresh))
        warehouse.notice_growth(work.run.run_id)
    return len(untold)


def _keep_ids(work: Work) -> None:
    """Give events that were decided anew the ids that most of their stories had, once all are decided."""
    former, now, fixed = work.warehouse.former_events()
    if not former:
        return
    groups: dict[int, list[int]] = defaultdict(list)
    for story, event in now.items():
        groups[event].append(story)
    # Stories told of before the first that is decided anew are of the events that they were of. Others came after a run that died: they
    # were of none, and have no say in what an event was.
    begin = next((n for n, story in enumerate(now) if story in former), 0)
    old = dict(islice(now.items(), begin)) | former
    kept = ids.keep("event", groups, {story: event for story, event in old.items() if story in now}, fixed)
    work.warehouse.rename_events(
        {event: new for event, new in kept.items() if event != new}, work.moment("written"), work.run.run_id
    )


def decided(work: Work, stories: Sequence[int], event: int, decision: str) -> None:
    """Put stories into an event for good, as a person has decided, in a run of its own."""
    work.archive.note("decided", {"stories": list(stories), "event": event, "decision": decision})
    now, run = work.moment("written"), work.run.run_id
    load(work, now, first=partial(decide, stories=stories, event_id=event, decision=decision, now=now, run_id=run))


def _caught_up(fresh: Sequence[Decided], c: Connection) -> list[Decided]:
    """The derived file has what was decided just now, which the next run need not weigh anew."""
    derived.catch_up(c, _weighed, events.METHOD, fresh)
    return []


def _decided(tales: list[Tale], fresh: Sequence[Decided], c: Connection) -> list[Decided]:
    """The events of stories, and the words of each; `fresh` are those that were decided before them."""
    counted = [terms.of(tale.title, tale.text) for tale in tales]
    derived.catch_up(c, _weighed, events.METHOD, fresh)
    known = _frequencies(counted, lambda asked: derived.counts(c, asked))
    keys = events.likely_keys([(tale.language, found) for tale, found in zip(tales, counted, strict=True)], known)
    wanted = [
        (tale.story_id, tale.language, word, weight)
        for tale, asked in zip(tales, keys, strict=True)
        for word, weight in asked.items()
    ]
    settled = [tale.event_id for tale in tales if tale.event_id is not None]
    near = derived.near(c, wanted, tales[0].at, tales[-1].at, events.SILENT, settled)
    of = {tale.story_id: found for tale, found in zip(tales, counted, strict=True)}
    return [(one, _words(one.vector, of[one.story_id])) for one in events.join(tales, near, known, of)]


def _weighed(tales: Sequence[Tale], ask: Ask) -> list[derived.Words]:
    """The words of stories that were decided before, each weighed by what was known when its turn came."""
    counted = [terms.of(tale.title, tale.text) for tale in tales]
    known = _frequencies(counted, ask)
    weighed = []
    for tale, found in zip(tales, counted, strict=True):
        vector = events.vector(found, tale.language, known)
        known.add(tale.language, found)
        weighed.append(_words(vector, found))
    return weighed


def _words(vector: dict[str, float], found: Terms) -> derived.Words:
    return vector, events.keys_of(vector), dict(zip(found.words, found.said(), strict=True))


def _frequencies(counted: Iterable[Terms], ask: Ask) -> Frequencies:
    """How common the words of stories are, of all that is kept."""
    known = Frequencies()
    for language, said in ask({word for found in counted for word in found.words}).items():
        known.count(language, said.pop("", 0), said.items())
    return known
