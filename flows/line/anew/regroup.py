"""`newsduck regroup`: the stories of a period decided anew by today's method, as if all its articles came at once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from extract.group import events, ids, stories
from extract.records import Copy, Member
from flows.line import journal
from flows.line.finish import finish
from flows.line.work import Work, alone
from flows.settings import Settings

SHOWN = 10  # differences named in the summary


@dataclass(slots=True)
class Regrouped:
    """What came of it."""

    articles: int = 0
    before: int = 0  # stories
    after: int = 0
    moved: list[str] = field(default_factory=list)  # articles that are of another story now
    rows: list[Copy] = field(default_factory=list)  # of the stories in which anything differs
    roles: int = 0  # articles whose role, share or credit differs, though their story does not


def regroup(settings: Settings, since: datetime | None, *, dry: bool, prefect_run: str = "") -> Regrouped:
    """Group all articles first seen since then, and the stories they are in, from nothing. Story ids stay where most of a
    story's articles stay together. Where any story changes, or events were decided by an older method, the events of that
    time are decided anew too, and keep their ids likewise."""
    asked = {"since": since.isoformat() if since else None}
    with alone("regroup", settings, prefect_run=prefect_run, asked=asked) as work:
        return decide_again(work, since, dry=dry)


def decide_again(work: Work, since: datetime | None, *, dry: bool = False) -> Regrouped:
    """As `regroup`, in a run that has begun."""
    warehouse = work.warehouse
    members = warehouse.members(warehouse.stories_since(since))
    fresh = [replace(member, story_id=None) for member in members]
    grouped = stories.group(fresh, [], timedelta(days=work.settings.group.window_days))
    old = {member.article_id: member.story_id for member in members if member.story_id is not None}
    found = _differences(members, decide_ids(grouped, old), warehouse.copies(list(old)))
    if not dry and (found.rows or warehouse.has_older_events(events.METHOD)):
        warehouse.untell(since)
        journal.done(work, "untell")
        finish(work, (), stored={}, regrouped=found.rows)
    return found


def decide_ids(grouped: Sequence[Copy], old: dict[int, int]) -> list[Copy]:
    """The rows under the ids that their stories had, as `ids.keep` has it; of equals the lead's."""
    members: dict[int, list[int]] = defaultdict(list)
    for copy in grouped:
        first = copy.article_id == copy.lead_article_id
        members[copy.story_id].insert(0 if first else len(members[copy.story_id]), copy.article_id)
    kept = ids.keep("story", members, old)
    return [replace(copy, story_id=kept[copy.story_id]) for copy in grouped]


def _differences(members: Sequence[Member], rows: Sequence[Copy], stood: dict[int, Copy]) -> Regrouped:
    titles = {member.article_id: member.title for member in members}
    found = Regrouped(len(rows), len({c.story_id for c in stood.values()}), len({c.story_id for c in rows}))
    changed = set()
    for row in rows:
        before = stood.get(row.article_id)
        if before is None or before.story_id != row.story_id:
            found.moved.append(titles[row.article_id])
            changed |= {row.story_id} | ({before.story_id} if before else set())
        elif _told(before) != _told(row):
            found.roles += 1
            changed.add(row.story_id)
    found.rows = [row for row in rows if row.story_id in changed]
    return found


def _told(copy: Copy) -> tuple[object, ...]:
    credit = (copy.credit.agency, copy.credit.found_in) if copy.credit else None
    return copy.lead_article_id, copy.role, round(copy.containment, 2), round(copy.lead_containment, 2), credit


def told(found: Regrouped, *, dry: bool) -> Iterator[str]:
    """What differs, in lines."""
    would = "would be" if dry else "are"
    yield f"{found.articles:,} articles grouped anew: {found.before:,} stories before, {found.after:,} now"
    yield f"{len(found.moved):,} articles {would} of another story; {found.roles:,} differ in role, share or credit within theirs"
    yield from (f"  {title}" for title in found.moved[:SHOWN])
    if len(found.moved) > SHOWN:
        yield f"  … and {len(found.moved) - SHOWN:,} more"
    if dry:
        yield "nothing was written"
