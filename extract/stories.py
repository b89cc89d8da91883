"""Same story: what two texts share, and deciding which articles are one story.

A text is the set of its 5-word shingles' 64-bit keys. Its sketch keeps those in the lowest eighth of the range: the
same shingles in every text, so the sketches' overlap estimates *containment*, the share of the smaller text that
stands in the larger. Containment survives what outlets do to agency copy (cutting, embedding, a local lead), which
pulls Jaccard's likeness below .45 while containment stays at .85 and more.

Sketches only find candidates (one SQL join, storage/sketches.py); the decision here compares whole texts.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np
import xxhash
from numpy.typing import NDArray

from extract.keys import key
from extract.records import Copy, Credit, Member

Shingles = NDArray[np.int64]  # sorted, each once

METHOD = 1  # version of the decision; part of each row
SHINGLE = 5  # words
SKETCH_BELOW = -(1 << 63) + (1 << 61)  # the lowest eighth of the signed 64-bit range
SHORTEST = 50  # words: below this a text is a headline or an alert, and shares its few shingles with anything
LIKE = (
    0.4  # containment: of 46 hand-read copies 42 lie above it, of 353 independent pairs none once house texts are out
)
LIKE_AT_HOME = 0.55  # within one site, where templates live and an update keeps most of the old text
LEAST = 25  # shared shingles: a press quote of 29 words, which two reporters may well both print
WHOLE = 0.8  # of a text standing in the lead: a copy; below it: edited
HOUSE = 4  # articles of one site with the same shingle: the site's own words, not the story's
SAME = 16  # lowest shingles that tell one text's printings: all equal by chance of two articles that share half, 1 in 65,000
INHERIT = 0.5  # of a text standing in the lead: then its author wrote most of this one too

_WORD = re.compile(r"\w+")
_PRIME = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / the golden ratio, odd: its powers spread a word over all 64 bits


def shingles(text: str) -> Shingles:
    """The keys of a text's 5-word shingles, words lower-cased; empty below SHORTEST words.

    Each word is hashed once and five neighbours' hashes are mixed by arithmetic modulo 2^64, all at a time.
    """
    words = _WORD.findall(text.lower())
    if len(words) < SHORTEST:
        return np.empty(0, np.int64)
    keys = {w: xxhash.xxh3_64_intdigest(w.encode("utf-8", "replace")) for w in dict.fromkeys(words)}
    hashes = np.fromiter(map(keys.__getitem__, words), np.uint64, len(words))
    mixed = np.zeros(len(words) - SHINGLE + 1, np.uint64)
    for n in range(SHINGLE):
        mixed = mixed * _PRIME + hashes[n : n + len(mixed)]
    mixed = (mixed ^ (mixed >> np.uint64(32))) * _PRIME
    return np.unique((mixed ^ (mixed >> np.uint64(29))).view(np.int64))


def sketch(text: str) -> list[int]:
    """The eighth of a text's shingles that candidates are found by."""
    return [int(s) for s in _lowest(shingles(text))]


def _lowest(found: Shingles) -> Shingles:
    return found[: np.searchsorted(found, SKETCH_BELOW)]


@dataclass(slots=True)
class _Story:
    story_id: int
    lead: Member
    members: dict[int, Member] = field(default_factory=dict)


def group(new: Sequence[Member], stored: Sequence[Member], window: timedelta) -> list[Copy]:
    """The rows of every article in the stories that `new` joins, makes or changes.

    `stored` holds all members of the stories that any new article may join. An article joins the story whose lead it
    is most like, not one that some other member resembles: chains of half-alike texts (market reports, round-ups)
    would otherwise become one story. Nor does it join a lead more than `window` away. Articles that already
    have a story keep it.
    """
    members = (*stored, *new)
    texts = {m.article_id: shingles(m.text) for m in members}
    house = _house_texts(members, texts)
    texts = {article: np.setdiff1d(found, house, assume_unique=True) for article, found in texts.items()}
    stories = _stored_stories(stored)
    touched: set[int] = set()
    leads: dict[int, set[int]] = defaultdict(set)  # hash of a lead's sketch → stories
    for story in stories.values():
        _index(story, texts, leads)
    for member in sorted(new, key=_precedence):
        story_id = (
            member.story_id or _best(member, texts, stories, leads, window) or key("story", str(member.article_id))
        )
        story = stories.setdefault(story_id, _Story(story_id, member))
        story.members[member.article_id] = replace(member, story_id=story_id)
        touched.add(story_id)
        if story.lead.article_id == member.article_id or _precedence(member) < _precedence(story.lead):
            story.lead = story.members[member.article_id]
            _index(story, texts, leads)
    return [copy for story_id in sorted(touched) for copy in _rows(stories[story_id], texts)]


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


def _house_texts(members: Sequence[Member], texts: dict[int, Shingles]) -> Shingles:
    """Shingles that many articles of one site share: newsletter forms, transcript notices, templates. One text that a
    site runs under several URLs counts once, for what repeats there is the story."""
    sites: dict[str, dict[bytes, Shingles]] = defaultdict(dict)
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


def _likeness(own: Shingles) -> bytes:
    """Equal for two printings of one text: its lowest shingles. Texts of one template share some, not all of these."""
    return own[:SAME].tobytes()


def _index(story: _Story, texts: dict[int, Shingles], leads: dict[int, set[int]]) -> None:
    for shingle in _lowest(texts[story.lead.article_id]).tolist():
        leads[shingle].add(story.story_id)


def _best(
    member: Member,
    texts: dict[int, Shingles],
    stories: dict[int, _Story],
    leads: dict[int, set[int]],
    window: timedelta,
) -> int | None:
    """The story whose lead shares most with this article, if that is enough."""
    own = texts[member.article_id]
    able = []
    for story_id in {s for shingle in _lowest(own).tolist() for s in leads.get(shingle, ())}:
        lead = stories[story_id].lead
        if not near(lead, member, window):
            continue
        theirs = texts[lead.article_id]
        shared = _shared(own, theirs)
        needed = LIKE_AT_HOME if lead.site == member.site else LIKE
        if shared >= LEAST and shared >= needed * min(len(own), len(theirs)):
            able.append((shared / min(len(own), len(theirs)), -story_id))
    return -max(able)[1] if able else None


def near(one: Member, other: Member, window: timedelta) -> bool:
    """Whether two articles are of one time: by their dates where both have one, else by when we first saw them."""
    if one.published_at is not None and other.published_at is not None:
        return abs(one.published_at - other.published_at) <= window
    return abs(one.first_seen_at - other.first_seen_at) <= window


def _shared(one: Shingles, other: Shingles) -> int:
    return len(np.intersect1d(one, other, assume_unique=True))


def _rows(story: _Story, texts: dict[int, Shingles]) -> list[Copy]:
    lead = story.lead
    author = _author(story)
    rows = []
    for member in sorted(story.members.values(), key=_precedence):
        mine, theirs = texts[member.article_id], texts[lead.article_id]
        shared = _shared(mine, theirs)
        kept = shared / len(mine) if len(mine) else 0.0
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
                lead_containment=round(shared / len(theirs), 4) if len(theirs) else 0.0,
                credit=_credit(member, kept, author),
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


def _credit(member: Member, kept: float, author: Credit | None) -> Credit | None:
    """The article's own first credit; without one, the story's author where most of the text is the story's."""
    if member.credits:
        return member.credits[0]
    if author is not None and kept >= INHERIT:
        return replace(author, found_in="inherited", partial=False)
    return None
