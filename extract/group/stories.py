"""Deciding which articles are one story, and who wrote it.

Sketches only find candidates (one SQL join, storage/derived/sketches.py); here whole texts are compared (extract/group/likeness.py).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from extract.group import shingles
from extract.group.likeness import OPENED, Likeness, Side, decide_alike
from extract.group.shingles import Keys, lowest, shared
from extract.keys import key
from extract.records import Copy, Credit, Member
from extract.vocabulary import CopyRole

METHOD = 4  # version of the decision; part of each row
WHOLE = 0.8  # of a text standing in the lead: a copy; below it: edited
HOUSE = 4  # articles of one site with the same shingle: the site's own words, not the story's
SAME = 16  # lowest shingles that tell one text's printings: all equal by chance of two articles that share half, 1 in 65,000
INHERIT = 0.5  # of a text standing in the lead: then its author wrote most of this one too


@dataclass(slots=True)
class _Story:
    story_id: int
    lead: Member
    members: dict[int, Member] = field(default_factory=dict)


def group(
    new: Sequence[Member],
    stored: Sequence[Member],
    window: timedelta,
    texts: Mapping[int, shingles.Text] | None = None,
) -> list[Copy]:
    """The rows of every article in the stories that `new` joins, makes or changes.

    `stored` holds all members of the stories that any new article may join. An article joins the story whose lead it
    is most like, not one that some other member resembles: chains of half-alike texts (market reports, round-ups)
    would otherwise become one story. Articles that already have a story keep it. `texts` are shingles known already, by
    article.
    """
    sides = _sides((*stored, *new), texts or {})
    stories = _stored_stories(stored)
    touched: set[int] = set()
    leads: dict[int, set[int]] = defaultdict(set)  # hash of a lead's sketch → stories
    for story in stories.values():
        _index(story, sides, leads)
    for member in sorted(new, key=_precedence):
        able = _alike(member, sides, stories, leads, window)
        best = max(able, key=lambda story_id: (able[story_id], -story_id), default=None)
        story_id = member.story_id or best or key("story", str(member.article_id))
        story = stories.setdefault(story_id, _Story(story_id, member))
        story.members[member.article_id] = replace(member, story_id=story_id)
        if story.lead.article_id == member.article_id or _precedence(member) < _precedence(story.lead):
            story.lead = story.members[member.article_id]
            parts = [stories[n] for n, like in able.items() if n != story_id and like.top >= OPENED]
            if parts:
                story = _merged(story, parts)
                for part in (story_id, *(part.story_id for part in parts)):
                    del stories[part]
                stories[story.story_id] = story
            _index(story, sides, leads)
        touched.add(story.story_id)
    return [copy for story_id in sorted(touched & stories.keys()) for copy in _rows(stories[story_id], sides)]


def _merged(story: _Story, parts: Sequence[_Story]) -> _Story:
    """One story of several: a late original has taken the lead, and its own top begins them all, for they were cut from it
    and seen before it. The oldest one's id stays. A round-up merges nothing: its top is its own."""
    together = (story, *parts)
    oldest = min(together, key=lambda s: (min(m.first_seen_at for m in s.members.values()), s.story_id)).story_id
    members = {m.article_id: replace(m, story_id=oldest) for s in together for m in s.members.values()}
    return _Story(oldest, members[story.lead.article_id], members)


def _sides(members: Sequence[Member], known: Mapping[int, shingles.Text]) -> dict[int, Side]:
    """Every article's shingles, and those that are not its site's."""
    texts = {m.article_id: known.get(m.article_id) or shingles.of(m.text) for m in members}
    house = _house_texts(members, {article: text.keys for article, text in texts.items()})
    return {
        m.article_id: Side(
            m,
            text := texts[m.article_id],
            np.setdiff1d(text.keys, house, assume_unique=True),
            np.setdiff1d(text.told, house, assume_unique=True),
        )
        for m in members
    }


def _precedence(member: Member) -> tuple[object, ...]:
    """Sorts the lead first: on the agency's own site, then by our own first sight; a claimed date decides nothing.
    Articles first seen together: the fullest text, for a cut can be made from it."""
    return (not member.own_site, member.first_seen_at, -len(member.text), member.article_id)


def _stored_stories(stored: Sequence[Member]) -> dict[int, _Story]:
    stories: dict[int, _Story] = {}
    for member in sorted(stored, key=_precedence):
        if member.story_id is not None:
            stories.setdefault(member.story_id, _Story(member.story_id, member)).members[member.article_id] = member
    return stories


def _house_texts(members: Sequence[Member], texts: dict[int, Keys]) -> Keys:
    """Shingles that many articles of one site share: newsletter forms, transcript notices, templates. One text that a
    site runs under several URLs counts once, for what repeats there is the story."""
    sites: dict[str, dict[bytes, Keys]] = defaultdict(dict)
    for member in members:
        own = texts[member.article_id]
        if len(own):
            sites[member.site].setdefault(_likeness(own), own)
    found = [np.empty(0, np.int64)]
    for pages in sites.values():
        if len(pages) >= HOUSE:
            keys, times = np.unique(np.concatenate(list(pages.values())), return_counts=True)
            found.append(keys[times >= HOUSE])
    return np.unique(np.concatenate(found))


def _likeness(own: Keys) -> bytes:
    """Equal for two printings of one text: its lowest shingles. Texts of one template share some, not all of these."""
    return own[:SAME].tobytes()


def _index(story: _Story, sides: dict[int, Side], leads: dict[int, set[int]]) -> None:
    for shingle in lowest(sides[story.lead.article_id].own).tolist():
        leads[shingle].add(story.story_id)


def _alike(
    member: Member,
    sides: dict[int, Side],
    stories: dict[int, _Story],
    leads: dict[int, set[int]],
    window: timedelta,
) -> dict[int, Likeness]:
    """The stories with whose lead this article is one text."""
    own = sides[member.article_id]
    found = {}
    for story_id in {s for shingle in lowest(own.own).tolist() for s in leads.get(shingle, ())} & stories.keys():
        if like := decide_alike(own, sides[stories[story_id].lead.article_id], window):
            found[story_id] = like
    return found


def _rows(story: _Story, sides: dict[int, Side]) -> list[Copy]:
    lead = story.lead
    author = _author(story)
    rows = []
    role: CopyRole
    for member in sorted(story.members.values(), key=_precedence):
        mine, theirs = sides[member.article_id].own, sides[lead.article_id].own
        common = len(shared(mine, theirs))
        kept = common / len(mine) if len(mine) else 0.0
        if member.article_id == lead.article_id:
            role = "original"
            kept = 1.0
        elif member.site == lead.site:
            role = "update"
        else:
            role = "copy" if kept >= WHOLE else "edited"
        rows.append(
            Copy(
                article_id=member.article_id,
                story_id=story.story_id,
                lead_article_id=lead.article_id,
                role=role,
                containment=round(kept, 4),
                lead_containment=round(common / len(theirs), 4) if len(theirs) else 0.0,
                credits=_credits(member, kept, author),
            )
        )
    return rows


def _author(story: _Story) -> Credit | None:
    """Who wrote the story: the agency on whose site it stands, else the one most of its articles credit as its writer."""
    written = [c for m in story.members.values() for c in m.credits if not c.partial]
    if not written:
        return None
    own = [c for c in written if c.found_in == "site"]
    times = Counter(c.agency for c in written)
    return max(own or written, key=lambda c: (times[c.agency], c.agency))


def _credits(member: Member, kept: float, author: Credit | None) -> tuple[Credit, ...]:
    """The article's own credits; without any, the story's author where most of the text is the story's."""
    if member.credits:
        return member.credits
    if author is not None and kept >= INHERIT:
        return (replace(author, found_in="inherited", partial=False),)
    return ()
