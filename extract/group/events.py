"""Which stories tell of one happening: online clusters of their leads' telling words, a language at a time.

A story is a vector of the words that tell of it (extract/group/terms.py), weighed by how rare they are. It joins the event whose centre
it is most like, if half of the event's last members are like it too: a centre alone drifts, and a beat (a war, a trial) would
become one event of years.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from extract.group import terms
from extract.group.frequencies import Frequencies
from extract.group.terms import Terms
from extract.keys import key
from extract.tales import Tale, Told

METHOD = 4
TERMS = 200  # of a story that are kept, the most telling
KEYS = 14  # of these that candidates are found by
POWER = 0.65  # of a word's rarity: the rarest must not carry a join alone
LIKE = 0.23  # to the centre, of one member; more of many
GROWTH = 0.5  # how much more for each tenfold
VOTE = 0.195  # likeness to a member for it to vote yes
VOTERS = 30  # the last members
SILENT = timedelta(days=14)  # after which an event is over
FADE = timedelta(days=6)  # in which a member's weight in the centre falls to 1/e
WITNESSES = 5  # words that are shown of what carried the join
LOOKED_AT = 20  # events at most that a story is likened to
FAINT = 0.01  # likeness by keys alone, below which none is, …
BEHIND = 0.3  # … and the part of the likest event's
PRECISION = 4  # digits of a weight: as many as the derived file keeps

Vector = dict[str, float]


def vector(terms: Terms, language: str, known: Frequencies) -> Vector:
    """A story's most telling words, of length 1 together but for what rounding takes, the most telling first."""
    return _vector(terms, known.rarities(language, terms.words))


def _vector(terms: Terms, rarities: NDArray[np.float64], most: int = TERMS) -> Vector:
    """As `vector`, by how rare each word is, and so many of them."""
    weighed = np.sqrt(terms.weights) * rarities**POWER
    order = np.argsort(-weighed, kind="stable")[:TERMS]
    kept = weighed[order]
    if not (length := math.sqrt(kept @ kept)):
        return {}
    shown = np.round(kept[:most] / length, PRECISION).tolist()
    return {terms.words[n]: weight for n, weight in zip(order.tolist(), shown, strict=False) if weight}


def likely_keys(told: Sequence[tuple[str, Terms]], known: Frequencies) -> list[Vector]:
    """Of stories (language, terms) that are decided together, the words that each may be looked up by: twice as many as it will be,
    for words grow commoner while those before it are decided."""
    return [_vector(terms, known.rarities(language, terms.words), 2 * KEYS) for language, terms in told]


def keys_of(told: Vector) -> Vector:
    """The words that a story is looked up by: the first, for a vector has the most telling first."""
    return dict(islice(told.items(), KEYS))


def likeness(one: Vector, other: Vector) -> float:
    """Cosine of two vectors of length 1."""
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    weight = large.get
    return sum([w * weight(t, 0.0) for t, w in small.items()])  # a list: half the time of a generator's


def centre(members: Sequence[Told], at: datetime) -> Vector:
    """The middle of an event's members, the newer the heavier, of length 1."""
    if len(members) == 1:  # as most events are; its vector is of length 1 already
        return members[0].vector
    total: defaultdict[str, float] = defaultdict(float)
    for member in members:
        weight = math.exp(-abs(at - member.at) / FADE)
        for term, w in member.vector.items():
            total[term] += weight * w
    length = math.sqrt(sum(w * w for w in total.values()))
    return {t: w / length for t, w in total.items()} if length else {}


def decide(tale: Tale, told: Vector, events: Mapping[int, Sequence[Told]]) -> Told:
    """The event that a story is of: the one that a person has said, else of those given (event → its members, in order of
    time) the likest, else its own."""
    if tale.event_id is not None:
        middle = centre(events.get(tale.event_id, ()), tale.at)
        return _joined(tale, told, tale.event_id, likeness(told, middle) if middle else 1.0, middle)
    best: tuple[float, int, Vector] = (0.0, 0, {})
    for event_id, members in events.items():
        if not members[0].at - SILENT <= tale.at <= members[-1].at + SILENT:
            continue
        middle = centre(members, tale.at)
        like = likeness(told, middle)
        if like < LIKE * (1 + GROWTH * math.log10(len(members))) or (like, -event_id) <= (best[0], -best[1]):
            continue
        voters = members[-VOTERS:]
        if 2 * sum(likeness(told, m.vector) >= VOTE for m in voters) >= len(voters):
            best = like, event_id, middle
    like, event_id, middle = best
    if not like:
        return Told(tale.story_id, key("event", str(tale.story_id)), tale.language, tale.at, told)
    return _joined(tale, told, event_id, like, middle)


def _joined(tale: Tale, told: Vector, event_id: int, like: float, middle: Vector) -> Told:
    shared = sorted((t for t in told if t in middle), key=lambda t: (-told[t] * middle[t], t))
    return Told(tale.story_id, event_id, tale.language, tale.at, told, round(like, 4), tuple(shared[:WITNESSES]))


def join(
    tales: Sequence[Tale],
    near: Sequence[Told],
    known: Frequencies,
    counted: Mapping[int, Terms] | None = None,
) -> list[Told]:
    """The event of each story, in the order of their times. `near` are the members of every event that one of them may
    join; `known` goes on counting: so many stories in one call or in many come to the same. `counted` are the stories' terms, where they are
    counted already."""
    events: dict[int, list[Told]] = defaultdict(list)
    of: dict[int, int] = {}  # story → event
    by_key: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)

    def take(one: Told) -> None:
        members = events[one.event_id]
        members.append(one)
        members.sort(key=lambda m: (m.at, m.story_id))
        of[one.story_id] = one.event_id
        for term, w in keys_of(one.vector).items():
            by_key[one.language, term][one.story_id] = w

    def nearest(told: Vector, language: str) -> list[int]:
        alike: defaultdict[int, float] = defaultdict(float)
        for term, w in keys_of(told).items():
            for story, weight in by_key.get((language, term), {}).items():
                alike[story] += w * weight
        best: dict[int, float] = {}
        for story, like in alike.items():
            best[of[story]] = max(like, best.get(of[story], 0.0))
        least = max(FAINT, BEHIND * max(best.values(), default=0.0))
        able = [event for event, like in best.items() if like >= least]
        return sorted(able, key=lambda event: (-best[event], event))[:LOOKED_AT]

    for one in near:
        take(one)
    found = []
    for tale in sorted(tales, key=lambda t: (t.at, t.story_id)):
        found_in = counted[tale.story_id] if counted else terms.of(tale.title, tale.text)
        told = vector(found_in, tale.language, known)
        known.add(tale.language, found_in)
        able = nearest(told, tale.language) if tale.event_id is None else [tale.event_id]
        decided = decide(tale, told, {event: events[event] for event in able if event in events})
        take(decided)
        found.append(decided)
    return found
