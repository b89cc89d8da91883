"""What a person can be told of by [alerts], each in one line."""

from typing import Literal, get_args

Event = Literal[
    "run-failed",
    "run-missing",
    "feed-failing",
    "feed-silent",
    "entries-lost",
    "reading-bad",
    "topic-jump",
    "event-growing",
    "day",
    "new-matches",
]
EVENTS: tuple[Event, ...] = get_args(Event)
READ = frozenset[Event](("day", "new-matches"))  # what is read, not acted on: sent to those who ask for it only
UNASKED = tuple(event for event in EVENTS if event not in READ)

SAYS: dict[Event, str] = {
    "run-failed": "A run failed or died",
    "run-missing": "No ingest has finished for too long",
    "feed-failing": "A feed failed three times in a row",
    "feed-silent": "A feed brought far less than usual",
    "entries-lost": "Entries of a feed were probably lost",
    "reading-bad": "A site is read less well than before",
    "topic-jump": "A topic has far more stories than usual",
    "event-growing": "Outlets join an event faster than before",
    "day": "The day's page in words",
    "new-matches": "New stories on a topic",
}
