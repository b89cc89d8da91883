"""Topics that are new or whose query changed, applied to everything kept: in one pass for all of them, before a run tags
what is new, or by `newsduck retag`. The matches of the versions before stay."""

from collections import Counter
from collections.abc import Sequence

from extract.tag import queries, topics
from extract.tracked import Topic
from flows.board import progress
from flows.line import journal
from flows.line.load import load
from flows.line.tag import number_topics
from flows.line.work import Work

CHUNK = 5_000  # articles in memory at a time


def apply(numbered: Sequence[Topic], work: Work, *, every: bool = False) -> Counter[str]:
    """Tag what earlier runs stored with those topics that have not been applied to it (or with `every` one); gives the
    articles found for each. The run has written its topics and its own articles' matches already. One that dies half-way
    leaves the rest to the next."""
    warehouse = work.warehouse
    done: set[tuple[str, int]] = set() if every else warehouse.whole_topics()
    wanted = [topic for topic in numbered if (topic.name, topic.version) not in done]
    found: Counter[str] = Counter()
    kept = warehouse.to_tag(work.run.run_id) if wanted else []
    if kept:
        asked = [queries.parse(topic) for topic in wanted]
        tick = progress.watcher.stage("retag", len(kept))
        for n in range(0, len(kept), CHUNK):
            some = kept[n : n + CHUNK]
            matches = topics.tag(warehouse.documents(some), asked, progress.watcher.warn)
            warehouse.keep_matches(matches, wanted, some, work.run.run_id)
            found.update(match.topic for match in matches)
            for _ in some:
                tick()
        progress.watcher.note(
            f"{', '.join(topic.name for topic in wanted)}: applied to all {len(kept):,} articles kept; {found.total():,} matches"
        )
    if wanted:
        warehouse.finish_topics(wanted)
    return found


def apply_all(work: Work) -> Counter[str]:
    """Apply every topic of the settings to everything kept; gives the articles found for each."""
    numbered = set_topics(work)
    found = _applied(numbered, work, every=True)
    return Counter({topic.name: found[topic.name] for topic in numbered})


def _applied(numbered: Sequence[Topic], work: Work, *, every: bool = False) -> Counter[str]:
    if not work.goes_on("retag"):
        return Counter()
    found = apply(numbered, work, every=every)
    journal.done(work, "retag")
    return found


def bring_up(work: Work) -> bool:
    """Apply what is new or changed among the topics of the settings; gives whether anything was."""
    numbered = number_topics(work)
    if {(topic.name, topic.version) for topic in numbered} != work.warehouse.whole_topics():
        _applied(set_topics(work), work)
        return True
    return False


def set_topics(work: Work) -> list[Topic]:
    """The topics of the settings, written as those in force."""
    numbered = number_topics(work)
    load(work, work.moment("written"), topics=numbered)
    return numbered
