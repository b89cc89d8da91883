"""Tagging: which topics a run's articles match."""

from collections.abc import Sequence
from dataclasses import replace

from extract.credit import agencies
from extract.records import Copy, Outcome
from extract.tag import queries, topics
from extract.tracked import Match, Topic
from flows.board import progress
from flows.line.work import Work
from flows.settings import configured_topics


def number_topics(work: Work) -> list[Topic]:
    """The topics of the settings with their versions: a query not seen before under its name is a new one."""
    versions: dict[str, list[Topic]] = {}
    for topic in work.warehouse.topics():
        versions.setdefault(topic.name, []).append(topic)
    found = []
    for topic in configured_topics(work.settings):
        before = versions.get(topic.name, [])
        same = [t.version for t in before if (t.query, t.stem) == (topic.query, topic.stem)]
        found.append(replace(topic, version=same[-1] if same else len(before) + 1))
    return found


def tag(outcomes: Sequence[Outcome], copies: Sequence[Copy], numbered: Sequence[Topic], work: Work) -> list[Match]:
    """Which topics this run's articles match, and those already stored whose story it touched: their agency may be
    another one now."""
    if not numbered:
        return []
    names = {agency.key: agency.name for agency in agencies.load(*work.settings.extra_agencies).all}
    credited = {
        copy.article_id: tuple(told for c in copy.credits for told in (c.agency, names.get(c.agency, c.agency)))
        for copy in copies
    }
    now = work.moment("written")
    found = {
        a.article_id: topics.document(a, now, credited.get(a.article_id, ()))
        for outcome in outcomes
        if (a := outcome.article) is not None
    }
    stored = work.warehouse.documents([copy.article_id for copy in copies if copy.article_id not in found])
    for document in stored:
        found[document.article_id] = replace(document, agency=credited.get(document.article_id, ()))
    return topics.tag(
        list(found.values()), [queries.parse(topic) for topic in numbered], progress.watcher.warn, work.lines
    )


def by_topic(
    outcomes: Sequence[Outcome], copies: Sequence[Copy], numbered: Sequence[Topic], matches: Sequence[Match]
) -> list[tuple[str, int, int]]:
    """(topic, articles of this run, stories they are) for each topic."""
    story = {copy.article_id: copy.story_id for copy in copies}
    own = {outcome.article.article_id for outcome in outcomes if outcome.article is not None}
    on: dict[str, list[int]] = {topic.name: [] for topic in numbered}
    for match in matches:
        if match.article_id in own:
            on[match.topic].append(match.article_id)
    return [(name, len(found), len({story.get(a, a) for a in found})) for name, found in on.items()]
