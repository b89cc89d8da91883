"""The derived file: the telling words of every story that is of an event, and how common words are. Truth commits first and
this catches up at the next use; lost or broken, it is made anew."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from extract.errors import Broken
from extract.tales import Tale, Told
from storage import duck
from storage.derived.sketches import remove
from storage.duck import Connection

Weigh = Callable[[Tale], tuple[dict[str, float], Iterable[str], Iterable[str]]]  # → vector, keys, all words

_TABLES = """
CREATE TABLE IF NOT EXISTS tales (
    story_id BIGINT PRIMARY KEY,
    event_id BIGINT NOT NULL,
    language VARCHAR NOT NULL,
    told_at  TIMESTAMPTZ NOT NULL,
    words    VARCHAR[] NOT NULL,
    weights  DOUBLE[] NOT NULL
);
CREATE TABLE IF NOT EXISTS tale_keys (word VARCHAR NOT NULL, event_id BIGINT NOT NULL, told_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS tale_words (language VARCHAR NOT NULL, word VARCHAR NOT NULL, stories BIGINT NOT NULL);
"""
_LATE = """
SELECT e.story_id, e.event_id, a.language, a.title, a.text, e.told_at
FROM truth.event_stories e JOIN truth.stories s USING (story_id) JOIN truth.articles a ON a.article_id = s.lead_article_id
JOIN truth.runs r ON r.run_id = e.run_id
WHERE e.story_id NOT IN (SELECT story_id FROM tales)
ORDER BY r.started_at, e.told_at, e.story_id LIMIT 5000
"""
_NEAR = """
SELECT story_id, event_id, language, told_at, words, weights FROM tales WHERE event_id IN (
    SELECT event_id FROM tale_keys JOIN wanted USING (word) WHERE told_at BETWEEN $first AND $last
) ORDER BY told_at, story_id
"""


@contextmanager
def opened(derived: Path, truth: Path) -> Iterator[Connection]:
    """The derived file with the truth beside it, as `truth`."""
    with duck.open_file(derived) as connection:
        connection.execute(_TABLES)
        connection.execute(f"ATTACH '{str(truth).replace(chr(39), chr(39) * 2)}' AS truth (READ_ONLY)")
        try:
            yield connection
        finally:
            connection.execute("DETACH truth")


def counts(c: Connection) -> dict[str, dict[str, int]]:
    """language → word → stories that have it; under the empty word, all of them."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for language, word, stories in c.execute(
        "SELECT language, word, sum(stories)::BIGINT FROM tale_words GROUP BY ALL"
    ).fetchall():
        found[language][word] = stories
    return found


def catch_up(c: Connection, weigh: Weigh) -> None:
    """Take in what was decided since; `weigh` gives a story's words, and counts them."""
    gone = "story_id NOT IN (SELECT story_id FROM truth.event_stories)"
    c.execute(f"DELETE FROM tales WHERE {gone}")
    moved = "SELECT t.story_id FROM tales t JOIN truth.event_stories e USING (story_id) WHERE t.event_id <> e.event_id"
    c.execute(f"DELETE FROM tales WHERE story_id IN ({moved})")
    while late := c.execute(_LATE).fetchall():
        tales, keys, words = [], [], []
        for story_id, event_id, language, title, text, at in late:
            vector, told, every = weigh(Tale(story_id, language, title, text, at))
            tales.append((story_id, event_id, language, at, list(vector), list(vector.values())))
            keys += [(word, event_id, at) for word in told]
            words += [(language, word, 1) for word in every] + [(language, "", 1)]
        c.begin()
        _put(c, "tales", tales, _TALE)
        _put(c, "tale_keys", keys, _KEY)
        c.register("more", _arrow(words, _WORD))
        c.execute("INSERT INTO tale_words SELECT language, word, sum(stories)::BIGINT FROM more GROUP BY ALL")
        c.unregister("more")
        c.commit()


def near(c: Connection, words: Iterable[str], first: datetime, last: datetime, silent: timedelta) -> list[Told]:
    """The stories of every event that was told of in that time and has one of these words among its most telling."""
    c.register("wanted", pa.table({"word": pa.array(sorted(set(words)), pa.string())}))
    values = {"first": first - silent, "last": last + silent}
    return [
        Told(story, event, language, at, dict(zip(names, weights, strict=True)))
        for story, event, language, at, names, weights in c.execute(_NEAR, values).fetchall()
    ]


def safely(derived: Path, act: Callable[[], list[Told]]) -> list[Told]:
    """What the act gives; where the derived file is broken, once more without it."""
    try:
        return act()
    except Broken:
        remove(derived)
        return act()


_MOMENT = pa.timestamp("us", tz="UTC")
_TALE = pa.schema(
    [
        ("story_id", pa.int64()),
        ("event_id", pa.int64()),
        ("language", pa.string()),
        ("told_at", _MOMENT),
        ("words", pa.list_(pa.string())),
        ("weights", pa.list_(pa.float64())),
    ]
)
_KEY = pa.schema([("word", pa.string()), ("event_id", pa.int64()), ("told_at", _MOMENT)])
_WORD = pa.schema([("language", pa.string()), ("word", pa.string()), ("stories", pa.int64())])


def _arrow(rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return pa.table([pa.array(c, type=f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _put(c: Connection, table: str, rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> None:
    c.register("more", _arrow(rows, schema))
    c.execute(f"INSERT INTO {table} BY NAME SELECT * FROM more")
    c.unregister("more")
