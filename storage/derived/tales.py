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
from storage.derived.beside import MOMENT, attach, register, remove
from storage.duck import Connection

Counts = dict[str, dict[str, int]]  # language → word → how much it is said; under the empty word, the stories
Words = tuple[
    dict[str, float], list[str], dict[str, int]
]  # a story's vector, the words it is found by, how much it says each
Weigh = Callable[[Sequence[Tale], Callable[[Iterable[str]], Counts]], list[Words]]

NEAREST = 60  # events at most that a story may be likened to, as many as it is
CHUNK = 5_000  # stories caught up with at a time

_TABLES = """
CREATE TABLE IF NOT EXISTS tales (
    story_id BIGINT PRIMARY KEY,
    event_id BIGINT NOT NULL,
    language VARCHAR NOT NULL,
    told_at  TIMESTAMPTZ NOT NULL,
    words    VARCHAR[] NOT NULL,         -- the most telling first
    weights  DOUBLE[] NOT NULL
);
CREATE TABLE IF NOT EXISTS tale_keys (word VARCHAR NOT NULL, event_id BIGINT NOT NULL, told_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS tale_words (language VARCHAR NOT NULL, word VARCHAR NOT NULL, said BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS tale_method (method INTEGER NOT NULL);
"""
_EMPTY = f"""
DROP TABLE tales; DROP TABLE tale_keys; DROP TABLE tale_words; DROP TABLE tale_method; {_TABLES} INSERT INTO tale_method VALUES ($method);
"""
_LATE = f"""
SELECT e.story_id, e.event_id, a.language, a.title, a.text, e.told_at
FROM truth.event_stories e JOIN truth.stories s USING (story_id) JOIN truth.articles a ON a.article_id = s.lead_article_id
JOIN truth.runs r ON r.run_id = e.run_id
WHERE e.story_id NOT IN (SELECT story_id FROM tales)
ORDER BY r.started_at, e.told_at, e.story_id LIMIT {CHUNK}
"""
_MOVED = """
CREATE OR REPLACE TEMP TABLE moved AS
SELECT t.story_id, e.event_id FROM tales t JOIN truth.event_stories e USING (story_id) WHERE t.event_id <> e.event_id;
UPDATE tales SET event_id = moved.event_id FROM moved WHERE moved.story_id = tales.story_id;
INSERT INTO tale_keys SELECT unnest(words[:$keys]), event_id, told_at FROM tales WHERE story_id IN (SELECT story_id FROM moved);
"""
_NEAR = """
WITH hits AS (
    SELECT tale, event_id, count(DISTINCT word) AS hits FROM tale_keys JOIN wanted USING (word)
    WHERE told_at BETWEEN $first AND $last GROUP BY tale, event_id
    QUALIFY row_number() OVER (PARTITION BY tale ORDER BY hits DESC, event_id) <= $nearest
)
SELECT story_id, event_id, language, told_at, words, weights FROM tales
WHERE event_id IN (SELECT event_id FROM hits) OR event_id IN (SELECT unnest($also::BIGINT[])) ORDER BY told_at, story_id
"""


@contextmanager
def opened(derived: Path, truth: Path) -> Iterator[Connection]:
    """The derived file with the truth beside it, as `truth`."""
    with duck.open_file(derived) as connection:
        connection.execute(_TABLES)
        attach(connection, truth)
        try:
            yield connection
        finally:
            connection.execute("DETACH truth")


def counts(c: Connection, words: Iterable[str]) -> Counts:
    """How much each of these words is said, by language."""
    register(c, "asked", [(word,) for word in {"", *words}], _ASKED)
    found: Counts = defaultdict(dict)
    for language, word, said in c.execute(
        "SELECT language, word, sum(said)::BIGINT FROM tale_words JOIN asked USING (word) GROUP BY ALL"
    ).fetchall():
        found[language][word] = said
    c.unregister("asked")
    return found


def catch_up(c: Connection, weigh: Weigh, keys: int, method: int) -> None:
    """Take in what was decided since; `weigh` gives the words of stories, of which the first `keys` are what each is found
    by. Words that another method weighed are weighed anew; so are all where most stories have no event any more, as after
    `regroup`: what those say is counted once more when they are decided."""
    gone = "FROM tales WHERE story_id NOT IN (SELECT story_id FROM truth.event_stories)"
    ((left, most),) = c.execute(f"SELECT count(*), count(*) > (SELECT count(*) / 2 FROM tales) {gone}").fetchall()
    if most or c.execute("SELECT method FROM tale_method").fetchall() != [(method,)]:
        c.execute(_EMPTY.replace("$method", str(method)))
    elif left:
        c.execute(f"DELETE {gone}")
    c.execute(_MOVED, {"keys": keys})
    while late := c.execute(_LATE).fetchall():
        tales = [Tale(story, language, title, text, at) for story, _, language, title, text, at in late]
        rows, found, words = [], [], []
        for tale, (_, event_id, *_), (vector, told, every) in zip(
            tales, late, weigh(tales, lambda asked: counts(c, asked)), strict=True
        ):
            rows.append((tale.story_id, event_id, tale.language, tale.at, list(vector), list(vector.values())))
            found += [(word, event_id, tale.at) for word in told]
            words += [(tale.language, word, said) for word, said in every.items()] + [(tale.language, "", 1)]
        c.begin()
        _put(c, "tales", rows, _TALE)
        _put(c, "tale_keys", found, _KEY)
        register(c, "more", words, _WORD)
        c.execute(
            "INSERT INTO tale_words SELECT language, word, sum(said)::BIGINT FROM more GROUP BY ALL ORDER BY word"
        )
        c.unregister("more")
        c.commit()


def near(
    c: Connection,
    wanted: Sequence[tuple[int, str]],
    first: datetime,
    last: datetime,
    silent: timedelta,
    also: Sequence[int],
) -> list[Told]:
    """The stories of the events that were told of in that time and have among their most telling words those of `wanted`
    (story, word), for each story the nearest; and of the events `also`."""
    register(c, "wanted", wanted, _WANTED)
    values = {"first": first - silent, "last": last + silent, "nearest": NEAREST, "also": list(also)}
    found = c.execute(_NEAR, values).fetchall()
    c.unregister("wanted")
    return [
        Told(story, event, language, at, dict(zip(names, weights, strict=True)))
        for story, event, language, at, names, weights in found
    ]


def safely(derived: Path, act: Callable[[], list[Told]]) -> list[Told]:
    """What the act gives; where the derived file is broken, once more without it."""
    try:
        return act()
    except Broken:
        remove(derived)
        return act()


_TALE = pa.schema(
    [
        ("story_id", pa.int64()),
        ("event_id", pa.int64()),
        ("language", pa.string()),
        ("told_at", MOMENT),
        ("words", pa.list_(pa.string())),
        ("weights", pa.list_(pa.float64())),
    ]
)
_KEY = pa.schema([("word", pa.string()), ("event_id", pa.int64()), ("told_at", MOMENT)])
_WORD = pa.schema([("language", pa.string()), ("word", pa.string()), ("said", pa.int64())])
_ASKED = pa.schema([("word", pa.string())])
_WANTED = pa.schema([("tale", pa.int64()), ("word", pa.string())])


def _put(c: Connection, table: str, rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> None:
    register(c, "more", rows, schema)
    c.execute(f"INSERT INTO {table} BY NAME SELECT * FROM more")
    c.unregister("more")
