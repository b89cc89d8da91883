"""Grouping: which of a run's articles are copies of one story, one SQL join and then a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from extract import entries
from extract.group import shingles, stories
from extract.records import Copy, Member, Outcome, Stored
from extract.vocabulary import GROUPED
from flows.line.work import Work
from storage.derived import sketches


def settle(outcomes: Sequence[Outcome], work: Work) -> tuple[list[Outcome], dict[int, Stored]]:
    """The outcomes likened to what is stored, and what is stored of their articles."""
    with work.warehouse.at_hand():
        forgotten = _forgotten(outcomes, work)
        outcomes = [_unless_forgotten(outcome, forgotten) for outcome in outcomes]
        stored = work.warehouse.stored([o.article.article_id for o in outcomes if o.article is not None])
    return entries.settle(outcomes, stored), stored


def _forgotten(outcomes: Sequence[Outcome], work: Work) -> set[str]:
    return work.warehouse.forgotten([o.article.url for o in outcomes if o.article is not None])


def _unless_forgotten(outcome: Outcome, forgotten: set[str]) -> Outcome:
    """A page under another address of an article that was forgotten stays away, with what its feed says of it; not an article
    that the person gives."""
    article = outcome.article
    if article is None or article.url not in forgotten or article.text_from == "given":
        return outcome
    bare = replace(outcome.entry, title="", summary="", content="", authors=(), tags=())
    told = replace(outcome, entry=bare, outcome="refused", reason="its article was forgotten", forgotten=article.url)
    return replace(told, article=None, article_id=None)


def group(
    outcomes: Sequence[Outcome], stored: Mapping[int, Stored], seen: Mapping[int, datetime], work: Work, now: datetime
) -> list[Copy]:
    """The rows of every article in the stories that this run's articles join, make or change. `seen` tells when an
    entry was first seen; entries without a feed are seen now."""
    new = []
    for outcome in outcomes:
        if (article := outcome.article) is not None:
            old = stored.get(article.article_id)
            first = old.first_seen_at if old else seen.get(outcome.entry.entry_id, now)
            text = article.text if article.kind in GROUPED else ""
            new.append(
                Member(
                    article_id=article.article_id,
                    site=article.site,
                    text=text,
                    title=article.title,
                    first_seen_at=first,
                    published_at=article.published_at,
                    credits=article.credits,
                    own_site=any(credit.found_in == "site" for credit in article.credits),
                    story_id=old.story_id if old else None,
                )
            )
    texts = {m.article_id: shingles.of(m.text) for m in new}
    fresh = [
        sketches.Sketched(m.article_id, m.first_seen_at, m.published_at, shingles.sketch_of(texts[m.article_id]))
        for m in new
    ]
    warehouse = work.warehouse
    window = timedelta(days=work.settings.group.window_days)
    near = sketches.candidates(*warehouse.side_by_side(), fresh, shingles.sketch, shingles.VERSION, window)
    own = [m.story_id for m in new if m.story_id is not None]
    fresh_ids = {m.article_id for m in new}
    known = [m for m in warehouse.members([*near, *own]) if m.article_id not in fresh_ids]
    return stories.group(new, known, window, texts)
