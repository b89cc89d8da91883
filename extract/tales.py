"""A story as events see it: what its lead says, and the event that it is of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tale:
    """A story's lead as events see it. `at` is when it was published, where that is known and not after first sight, else when
    it was first seen."""

    story_id: int
    language: str
    title: str
    text: str
    at: datetime
    event_id: int | None = None  # the event that a person has said it is of


@dataclass(frozen=True, slots=True)
class Told:
    """A story with its telling words and the event that it is of."""

    story_id: int
    event_id: int
    language: str
    at: datetime
    vector: dict[str, float]  # word → weight; of length 1
    likeness: float = 1.0  # to the event's centre; 1 for its first
    witnesses: tuple[str, ...] = ()  # the words that carried it
