"""Whether two texts are one: the decision behind every story.

Containment says how much of the smaller text stands in the larger. It survives what outlets do to agency copy (cutting,
embedding, a local top), and is fooled by four things, which are looked at here: reporters who print the same quotes; a
block that a site sets into many articles (a gallery's captions, a round-up's parts); one form filled with other numbers or
names (weather, markets, lottery, fixtures, police appeals); and texts of different times.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from extract.group.forms import is_filled
from extract.group.shingles import Keys, Text, shared
from extract.records import Member

LIKE = 0.4  # containment: of 48 hand-read copies 46 lie above it
LIKE_AT_HOME = 0.5  # within one site, where articles share more than their story
LIKE_TITLED = 0.3  # under nearly one headline: an agency's text that an outlet rewrote sentence by sentence
LIKE_LATER = 0.6  # where the claimed dates lie further apart than the window, and only our own sight says one time
TOLD = 0.3  # of what stands outside quotation marks: of 48 copies the least has 0.35, of pairs that share quotes only the most 0.03
LEAST = 25  # shared shingles: a set phrase, a company's description of itself
OPENING = 60  # shingles: an article's top
OPENED = 0.15  # of the top shared: both begin with one text; of 27 templates the most has 0.03, but one 0.12
BLOCK = 0.5  # of what is shared in one piece, and neither top in it: a block set into both
WHOLE_BLOCK = 0.9  # in one piece, on one site, below a top of its own and under another headline: a round-up's part
FILLED = 0.88  # containment from which on a text is no form filled anew: two corrected words leave as much of a hundred
TITLED = 0.7  # of the shorter headline's words in the other

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Side:
    """An article with its shingles, those that its site prints everywhere taken out."""

    member: Member
    text: Text
    own: Keys  # of its shingles those that are not its site's
    told: Keys  # of these those outside quotation marks


@dataclass(frozen=True, slots=True, order=True)
class Likeness:
    """How two texts are one."""

    containment: float  # of the smaller text in the larger, 0 to 1
    top: float  # how much of the first one's top stands in the other


def decide_alike(one: Side, other: Side, window: timedelta) -> Likeness | None:
    """How the two are one text; None where they are not."""
    smaller = min(len(one.own), len(other.own))
    common = shared(one.own, other.own)
    at_home = one.member.site == other.member.site
    titled = likeness_of_titles(one.member.title, other.member.title) >= TITLED
    if one.text.is_brief or other.text.is_brief:
        return _alike_as_briefs(one, other, window) if len(common) else None
    needed = LIKE_TITLED if titled and not at_home else LIKE_AT_HOME if at_home else LIKE
    if len(common) < LEAST * one.text.scale or len(common) < needed * smaller:
        return None
    told = min(len(one.told), len(other.told))
    if told and len(shared(one.told, other.told)) < TOLD * told:
        return None
    tops, piece = _tops_and_piece(one.text, other.text)
    if piece >= BLOCK and (
        max(tops) < OPENED or (at_home and not titled and min(tops) < OPENED and piece >= WHOLE_BLOCK)
    ):
        return None
    found = len(common) / smaller
    if found < FILLED and is_filled(one.member.text, other.member.text, one.member.title, other.member.title):
        return None
    if not near(one.member, other.member, window):
        seen_together = abs(one.member.first_seen_at - other.member.first_seen_at) <= window
        if not seen_together or found < LIKE_LATER or max(tops) < OPENED:
            return None
    return Likeness(found, tops[0])


def _alike_as_briefs(one: Side, other: Side, window: timedelta) -> Likeness | None:
    """How two equal briefs are one text: a site that prints one under several headlines prints its own form."""
    mine, theirs = (_WORD.findall(side.member.title.casefold()) for side in (one, other))
    own_form = one.member.site == other.member.site and mine != theirs
    return Likeness(1.0, 1.0) if near(one.member, other.member, window) and not own_form else None


def near(one: Member, other: Member, window: timedelta) -> bool:
    """Whether two articles are of one time: by their dates where both have one, else by when we first saw them."""
    if one.published_at is not None and other.published_at is not None:
        return abs(one.published_at - other.published_at) <= window
    return abs(one.first_seen_at - other.first_seen_at) <= window


def likeness_of_titles(one: str, other: str) -> float:
    """How much of the shorter headline's words stand in the other; 0 for headlines too short to tell."""
    mine, theirs = (set(_WORD.findall(title.casefold())) for title in (one, other))
    shorter = min(len(mine), len(theirs))
    return len(mine & theirs) / shorter if shorter >= 4 else 0.0


def _tops_and_piece(one: Text, other: Text) -> tuple[list[float], float]:
    """How much of each one's top is shared; and how much of what is shared stands in one piece."""
    common = shared(one.keys, other.keys)
    tops, piece = [], 0.0
    for text in (one, other):
        hits = np.isin(text.order, common)
        tops.append(float(hits[: OPENING * text.scale].mean()))
        ends = np.flatnonzero(np.diff(np.concatenate(([False], hits, [False])).astype(np.int8)))
        piece = max(piece, float((ends[1::2] - ends[::2]).max(initial=0) / max(1, hits.sum())))
    return tops, piece
