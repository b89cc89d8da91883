"""Events: which stories tell of one happening. Whatever story is of no event yet is looked at, whichever run brought it."""

from extract.group import events
from extract.tales import Tale, Told
from flows.line.work import Work
from storage.derived import tales as derived

CHUNK = 2_000  # stories decided at a time
MOST = 20_000  # in one run; an upgrade's older ones wait for the next


def tell(work: Work) -> int:
    """Say of every story that is of no event yet which one it is; gives how many those were."""
    warehouse, told = work.warehouse, 0
    while told < MOST and (tales := warehouse.untold(CHUNK)):
        decided = derived.safely(warehouse.derived, lambda tales=tales: _decided(tales, work))  # type: ignore[misc]
        warehouse.tell(decided, events.METHOD, work.run.run_id)
        told += len(decided)
    return told


def _decided(tales: list[Tale], work: Work) -> list[Told]:
    known = events.Frequencies()
    with derived.opened(work.warehouse.derived, work.warehouse.path) as c:
        for language, words in derived.counts(c).items():
            known.stories[language] = words.pop("", 0)
            known.words[language].update(words)

        def weigh(tale: Tale) -> tuple[events.Vector, list[str], list[str]]:
            counted = events.terms(tale.title, tale.text)
            vector = events.vector(counted, tale.language, known)
            known.add(tale.language, counted)
            return vector, events.keys_of(vector), list(counted)

        derived.catch_up(c, weigh)
        # Words grow commoner as stories are counted, so that each is looked up by a few more than it will be known by.
        wanted = {
            word
            for tale in tales
            for word in events.keys_of(events.vector(events.terms(tale.title, tale.text), tale.language, known), 2)
        }
        near = derived.near(c, wanted, tales[0].at, tales[-1].at, events.SILENT)
    return events.join(tales, near, known)
