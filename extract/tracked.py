"""What is tracked, what topics and searches look at of an article, and what they find in it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Topic:
    """A tracked subject."""

    name: str
    query: str
    version: int = 1
    stem: str = ""  # ISO 639-1: articles in that language match by the stems of their words
    description: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What topics and searches look at of an article."""

    article_id: int
    at: datetime  # when it was published, else when it was first seen
    title: str
    parts: tuple[str, ...]  # standfirst and text
    language: str = ""
    outlet: str = ""
    site: str = ""
    section: str = ""
    authors: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()  # key and name of the one that wrote it
    url: str = ""  # to show; no field of a query
    story_id: int | None = None  # likewise


@dataclass(frozen=True, slots=True)
class Match:
    """One article under one topic, and why."""

    topic: str
    version: int
    article_id: int
    score: float  # 0 to 1: how much of the query it has, and how often; to order by within a topic
    matched: tuple[str, ...]  # the words and phrases of the article that the query found
    snippet: str  # where most of them stand, **marked**
