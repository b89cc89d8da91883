"""Same story: what two texts share, and deciding which articles are one story.

A text is the set of its 5-word shingles' 64-bit keys. Its sketch keeps those in the lowest eighth of the range: the
same shingles in every text, so the sketches' overlap estimates *containment*, the share of the smaller text that
stands in the larger. Containment survives what outlets do to agency copy (cutting, embedding, a local lead), which
pulls Jaccard's likeness below .45 while containment stays at .85 and more.

Sketches only find candidates (one SQL join, storage/sketches.py); the decision here compares whole texts.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import xxhash

from extract.keys import key, signed
from extract.records import Copy, Credit, Member

METHOD = 1  # version of the decision; part of each row
SHINGLE = 5  # words
SKETCH_BELOW = -(1 << 63) + (1 << 61)  # the lowest eighth of the signed 64-bit range
SHORTEST = 50  # words: below this a text is a headline or an alert, and shares its few shingles with anything
LIKE = 0.4  # containment: of 46 hand-read copies 42 lie above it, of 353 independent pairs none once house texts are out
LIKE_AT_HOME = 0.55  # within one site, where templates live and an update keeps most of the old text
LEAST = 25  # shared shingles: a press quote of 29 words, which two reporters may well both print
WHOLE = 0.8  # of a text standing in the lead: a copy; below it: edited
HOUSE = 4  # articles of one site with the same shingle: the site's own words, not the story's
INHERIT = 0.5  # of a text standing in the lead: then its author wrote most of this one too

_WORD = re.compile(r"\w+")


def shingles(text: str) -> frozenset[int]:
    """The keys of a text's 5-word shingles, words lower-cased; empty below SHORTEST words."""
    words = _WORD.findall(text.lower())
    if len(words) < SHORTEST:
        return frozenset()
    joined = (" ".join(words[n : n + SHINGLE]) for n in range(len(words) - SHINGLE + 1))
    return frozenset(signed(xxhash.xxh3_64_intdigest(shingle.encode())) for shingle in joined)


def sketch(text: str) -> list[int]:
    """The eighth of a text's shingles that candidates are found by."""
    return sorted(s for s in shingles(text) if s < SKETCH_BELOW)


@dataclass(slots=True)
class _Story:
    story_id: int
    lead: Member
    members: dict[int, Member] = field(default_factory=dict)


def group(new: Sequence[Member], stored: Sequence[Member]) -> list[Copy]:
    """The rows of every article in the stories that `new` joins, makes or changes.

    `stored` holds all members of the stories that any new article may join. An article joins the story whose lead it
    is most like, not one that some other member resembles: chains of half-alike texts (market reports, round-ups)
    would otherwise become one story. Articles that already have a story keep it.
    """
    texts = {m.article_id: shingles(m.text) for m in (*stored, *new)}
    house = _house_texts((*stored, *new), texts)
    texts = {article: found - house for article, found in texts.items()}
    stories = _stored_stories(stored)
    touched: set[int] = set()
    by_shingle: dict[int, set[int]] = defaultdict(set)  # shingle of a lead → stories
    for story in stories.values():
        _index(story, texts, by_shingle)
    for member in sorted(new, key=_precedence):
        story_id = member.story_id or _best(member, texts, stories, by_shingle) or key("story", str(member.article_id))
        story = stories.setdefault(story_id, _Story(story_id, member))
        story.members[member.article_id] = replace(member, story_id=story_id)
        touched.add(story_id)
        if story.lead.article_id == member.article_id or _precedence(member) < _precedence(story.lead):
            story.lead = story.members[member.article_id]
            _index(story, texts, by_shingle)
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


def _house_texts(members: Iterable[Member], texts: dict[int, frozenset[int]]) -> set[int]:
    """Shingles that many articles of one site share: newsletter forms, transcript notices, templates."""
    times: Counter[tuple[str, int]] = Counter()
    for member in members:
        times.update((member.site, s) for s in texts[member.article_id])
    return {shingle for (_, shingle), n in times.items() if n >= HOUSE}


def _index(story: _Story, texts: dict[int, frozenset[int]], by_shingle: dict[int, set[int]]) -> None:
    for shingle in texts[story.lead.article_id]:
        by_shingle[shingle].add(story.story_id)


def _best(member: Member, texts: dict[int, frozenset[int]], stories: dict[int, _Story], by_shingle: dict[int, set[int]]) -> int | None:
    """The story whose lead shares most with this article, if that is enough."""
    own = texts[member.article_id]
    shared = Counter(story_id for shingle in own for story_id in by_shingle.get(shingle, ()))
    able = []
    for story_id, count in shared.items():
        lead = stories[story_id].lead
        smaller = min(len(own), len(texts[lead.article_id]))
        needed = LIKE_AT_HOME if lead.site == member.site else LIKE
        if count >= LEAST and smaller and count / smaller >= needed:
            able.append((count / smaller, -story_id))
    return -max(able)[1] if able else None


def _rows(story: _Story, texts: dict[int, frozenset[int]]) -> list[Copy]:
    lead = story.lead
    author = _author(story)
    rows = []
    for member in sorted(story.members.values(), key=_precedence):
        mine, theirs = texts[member.article_id], texts[lead.article_id]
        shared = len(mine & theirs)
        kept = shared / len(mine) if mine else 1.0 if member is lead else 0.0
        if member.article_id == lead.article_id:
            role, kept = "original", 1.0
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
                lead_containment=round(shared / len(theirs), 4) if theirs else kept,
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
