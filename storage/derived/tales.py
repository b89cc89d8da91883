"""The derived file: the telling words of every story that is of an event, and how common words are. Truth commits first and
this catches up at the next use; lost or broken, it is made anew."""

import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from extract.errors import Broken
from extract.tales import Tale, Told
from storage import duck, wide
from storage.derived.beside import MOMENT, register, remove
from storage.duck import Connection

T = TypeVar("T")
Counts = dict[str, dict[str, int]]  # language → word → how much it is said; under the empty word, the stories
Words = tuple[
    dict[str, float], dict[str, float], dict[str, int]
]  # a story's vector, of it the words it is found by, how much it says each
Weigh = Callable[[Sequence[Tale], Callable[[Iterable[str]], Counts]], list[Words]]

# Of the events that a story may be likened to, somewhat more than it is (extract.group.events): words grow commoner meanwhile.
NEAREST, FAINT, BEHIND = 30, 0.006, 0.2
UNIT = 10_000  # of a weight
_WEIGHTS = tuple(n / UNIT for n in range(UNIT + 1))  # each once: a run holds millions
CHUNK = 5_000  # stories caught up with at a time
SEVERAL = 200_000  # rows of words beyond twice as many as there were when they were summed up, at which they are again

_TABLES = """
CREATE TABLE IF NOT EXISTS tales (
    story_id BIGINT PRIMARY KEY,
    event_id BIGINT NOT NULL,
    language VARCHAR NOT NULL,
    told_at  TIMESTAMPTZ NOT NULL,
    words    VARCHAR NOT NULL,  -- the most telling first, a line each: lists cost eight times as much to read
    weights  BLOB NOT NULL      -- of each in ten-thousandths, two bytes, the lower first
);
CREATE TABLE IF NOT EXISTS tale_keys (
    word     VARCHAR NOT NULL,
    story_id BIGINT NOT NULL,
    weight   INTEGER NOT NULL,  -- in ten-thousandths
    told_at  TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS tale_words (language VARCHAR NOT NULL, word VARCHAR NOT NULL, said BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS tale_words_summed (words BIGINT NOT NULL);  -- how many they were when each was there once
CREATE TABLE IF NOT EXISTS tale_method (method INTEGER NOT NULL);
"""
_EMPTY = f"""
DROP TABLE tales; DROP TABLE tale_keys; DROP TABLE tale_words; DROP TABLE tale_words_summed; DROP TABLE tale_method; {_TABLES}
INSERT INTO tale_method VALUES ($method);
"""
# As storage/wide.py says: by where their articles lie.
_LATE = f"""
WITH late AS MATERIALIZED (
    SELECT e.story_id, e.event_id, e.told_at, r.started_at, a.rowid AS place
    FROM truth.event_stories e JOIN truth.stories s USING (story_id) JOIN truth.articles a ON a.article_id = s.lead_article_id
    JOIN truth.runs r ON r.run_id = e.run_id
    WHERE e.story_id NOT IN (SELECT story_id FROM tales)
    ORDER BY r.started_at, e.told_at, e.story_id LIMIT {CHUNK}
)
SELECT l.story_id, event_id, language, title, text, told_at FROM late l JOIN truth.articles a ON a.rowid = place
ORDER BY started_at, told_at, l.story_id
"""
# Whether it has just what is decided: two numbers of two narrow columns, a tenth of what it takes to look for what it lacks. Hashed
# twice, for DuckDB's hash of two columns is that of each, xor, and pairs that changed alike would cancel out.
_EACH = "SELECT {'stories': count(*), 'are_of': bit_xor(hash(hash(story_id, event_id)))} FROM"
_LEVEL = f"SELECT ({_EACH} tales) = ({_EACH} truth.event_stories)"
_MOVED = """
UPDATE tales SET event_id = e.event_id FROM truth.event_stories e WHERE e.story_id = tales.story_id AND e.event_id <> tales.event_id
"""
# An event is as near to a story as its nearest member, by the words that either is found by. Read as storage/wide.py says, for the
# words are the table.
_NEAR = f"""
WITH alike AS (
    SELECT tale, any_value(w.language) AS language, story_id, sum(w.weight * k.weight) AS alike FROM tale_keys k JOIN wanted w USING (word)
    WHERE told_at BETWEEN $first AND $last GROUP BY tale, story_id
),
near AS MATERIALIZED (
    SELECT tale, event_id FROM alike JOIN tales USING (story_id, language) WHERE alike >= $faint GROUP BY tale, event_id
    QUALIFY row_number() OVER (PARTITION BY tale ORDER BY max(alike) DESC, event_id) <= $nearest
        AND max(alike) >= $behind * max(max(alike)) OVER (PARTITION BY tale)
)
SELECT story_id, event_id, language, told_at, words, weights FROM tales
WHERE {wide.those("tales", "event_id IN (SELECT event_id FROM near) OR event_id IN (SELECT unnest($also::BIGINT[]))")}
ORDER BY told_at, story_id
"""


@contextmanager
def opened(derived: Path, truth: Path) -> Iterator[Connection]:
    """The derived file with the truth beside it, as `truth`."""
    with duck.open_file(derived, in_log=True) as connection, duck.attached(connection, truth, "truth"):
        connection.execute(_TABLES)
        yield connection


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


def catch_up(c: Connection, weigh: Weigh, method: int, fresh: Sequence[tuple[Told, Words]] = ()) -> None:
    """Take in what was decided since: of `fresh` the words are known, `weigh` gives those of other stories. Words that another
    method weighed are weighed anew; so are all where most stories have no event any more, as after `regroup`: what those say is
    counted once more when they are decided."""
    by_another = c.execute("SELECT method FROM tale_method").fetchall() != [(method,)]
    if not by_another:
        _take_in(c, fresh)
        if c.execute(_LEVEL).fetchall() == [(True,)]:
            return
    gone = "FROM tales WHERE story_id NOT IN (SELECT story_id FROM truth.event_stories)"
    ((left, most),) = c.execute(f"SELECT count(*), count(*) > (SELECT count(*) / 2 FROM tales) {gone}").fetchall()
    if most or by_another:
        c.execute(_EMPTY.replace("$method", str(method)))
    elif left:
        c.execute(f"DELETE {gone}")
    c.execute(_MOVED)
    while late := c.execute(_LATE).fetchall():
        tales = [Tale(story, language, title, text, at) for story, _, language, title, text, at in late]
        weighed = weigh(tales, lambda asked: counts(c, asked))
        of = [
            Told(tale.story_id, event_id, tale.language, tale.at, {})
            for tale, (_, event_id, *_) in zip(tales, late, strict=True)
        ]
        _take_in(c, list(zip(of, weighed, strict=True)))


def _take_in(c: Connection, decided: Sequence[tuple[Told, Words]]) -> None:
    """The rows of stories that are not there, in one transaction."""
    if not decided:
        return
    rows, found, said = [], [], defaultdict[str, Counter[str]](Counter)
    for one, (vector, keys, every) in decided:
        rows.append((one.story_id, one.event_id, one.language, one.at, "\n".join(vector), _packed(vector.values())))
        found += [(word, one.story_id, round(weight * UNIT), one.at) for word, weight in keys.items()]
        said[one.language].update(every)
        said[one.language][""] += 1
    summed = [(language, *one) for language in sorted(said) for one in sorted(said[language].items())]
    c.begin()
    _put(c, "tales", rows, _TALE)
    _put(c, "tale_keys", found, _KEY)
    _put(c, "tale_words", summed, _WORD)
    c.commit()
    _sum_up(c)


def _sum_up(c: Connection) -> None:
    """Each run's words are rows of their own: make them one a word where they have become many, in one transaction."""
    counted = "SELECT (SELECT count(*) FROM tale_words), coalesce((SELECT max(words) FROM tale_words_summed), 0)"
    ((rows, before),) = c.execute(counted).fetchall()
    if rows <= 2 * before + SEVERAL:
        return
    c.begin()
    c.execute(
        """CREATE OR REPLACE TABLE tale_words AS
        SELECT language, word, sum(said)::BIGINT AS said FROM tale_words GROUP BY ALL ORDER BY language, word"""
    )
    c.execute("DELETE FROM tale_words_summed; INSERT INTO tale_words_summed SELECT count(*) FROM tale_words")
    c.commit()


def near(
    c: Connection,
    wanted: Sequence[tuple[int, str, str, float]],
    first: datetime,
    last: datetime,
    silent: timedelta,
    also: Sequence[int],
) -> list[Told]:
    """The stories of the events that were told of in that time and have among their most telling words those of `wanted`
    (story, its language, word, weight), for each story the nearest; and of the events `also`."""
    register(c, "wanted", [(story, language, word, round(w * UNIT)) for story, language, word, w in wanted], _WANTED)
    values = {"first": first - silent, "last": last + silent, "also": list(also), "nearest": NEAREST}
    values |= {"faint": round(FAINT * UNIT * UNIT), "behind": BEHIND}
    found = c.execute(_NEAR, values).fetchall()
    c.unregister("wanted")
    return [
        Told(
            story, event, language, at, dict(zip(map(sys.intern, names.splitlines()), _unpacked(weights), strict=True))
        )
        for story, event, language, at, names, weights in found
    ]


def safely(derived: Path, truth: Path, act: Callable[[Connection], list[T]]) -> list[T]:
    """What the act gives, of the derived file with the truth beside it; where that is broken, once more with one made anew."""
    try:
        with opened(derived, truth) as c:
            return act(c)
    except Broken:
        remove(derived)
    with opened(derived, truth) as c:
        return act(c)


_TALE = pa.schema(
    [
        ("story_id", pa.int64()),
        ("event_id", pa.int64()),
        ("language", pa.string()),
        ("told_at", MOMENT),
        ("words", pa.string()),
        ("weights", pa.binary()),
    ]
)
_KEY = pa.schema([("word", pa.string()), ("story_id", pa.int64()), ("weight", pa.int32()), ("told_at", MOMENT)])
_WORD = pa.schema([("language", pa.string()), ("word", pa.string()), ("said", pa.int64())])
_ASKED = pa.schema([("word", pa.string())])
_WANTED = pa.schema([("tale", pa.int64()), ("language", pa.string()), ("word", pa.string()), ("weight", pa.int32())])


def _packed(weights: Iterable[float]) -> bytes:
    found = array("H", [round(weight * UNIT) for weight in weights])
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def _unpacked(weights: bytes) -> list[float]:
    found = array("H", weights)
    if sys.byteorder == "big":
        found.byteswap()
    return list(map(_WEIGHTS.__getitem__, found))


def _put(c: Connection, table: str, rows: Sequence[tuple[object, ...]], schema: pa.Schema) -> None:
    register(c, "more", rows, schema)
    c.execute(f"INSERT INTO {table} BY NAME SELECT * FROM more")
    c.unregister("more")
