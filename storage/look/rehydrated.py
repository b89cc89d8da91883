"""What has become of articles that somebody else's data set lists, asked of the people's file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from storage import duck

# Known under its own id, or brought by an entry with its address, which may have led to another form of it.
_STATES = """
WITH wanted AS (SELECT unnest($ids::BIGINT[]) AS wanted_id, unnest($urls::VARCHAR[]) AS wanted_url),
tried AS (
    SELECT url, max(article_id) AS led_to, max_by(outcome, last_seen_at) AS outcome, max_by(reason, last_seen_at) AS reason FROM entries
    WHERE url IN (SELECT wanted_url FROM wanted) GROUP BY url
)
SELECT wanted_id, a.article_id, a.text_hash, a.read_version, a.fetched_at, coalesce(tried.outcome, '') AS outcome,
    coalesce(tried.reason, '') AS reason, EXISTS (FROM tombstones WHERE tombstones.url = wanted_url) AS forgotten
FROM wanted LEFT JOIN tried ON tried.url = wanted_url
LEFT JOIN articles a ON a.article_id = CASE WHEN wanted_id IN (SELECT article_id FROM articles) THEN wanted_id ELSE led_to END
"""
State = Literal["same", "changed", "gone", "waiting", "forgotten", "unknown"]


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as a data set lists it."""

    article_id: int
    url: str
    text_hash: int
    read_version: int


@dataclass(frozen=True, slots=True)
class Found:
    """What has become of it."""

    listed: Listed
    state: State
    reason: str = ""
    article_id: int | None = None  # under which it is kept here
    text_hash: int | None = None
    read_version: int | None = None
    fetched_at: datetime | None = None


def found(path: Path, listed: Sequence[Listed]) -> list[Found]:
    """What has become of each, in their order."""
    values = {"ids": [one.article_id for one in listed], "urls": [one.url for one in listed]}
    rows = {row["wanted_id"]: row for row in duck.ask_rows(path, _STATES, values)}
    told = []
    for one in listed:
        row = rows[one.article_id]
        kept = (row["article_id"], row["text_hash"], row["read_version"], row["fetched_at"])
        told.append(Found(one, *_decide(one, row["text_hash"], row["read_version"], row), *kept))
    return told


def _decide(one: Listed, text_hash: int | None, reader: int | None, row: dict[str, object]) -> tuple[State, str]:
    if text_hash is not None and text_hash == one.text_hash:
        return "same", ""
    if text_hash is not None:
        other = f"read by version {reader} of the reader, there by {one.read_version}"
        return "changed", other if reader != one.read_version else ""
    if row["outcome"] in ("refused", "quarantined"):
        return "gone", str(row["reason"])
    if row["outcome"] == "deferred":
        return "waiting", str(row["reason"])
    return ("forgotten", "`newsduck forget` removed it here") if row["forgotten"] else ("unknown", "")
