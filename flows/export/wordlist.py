"""Words of articles, counted and in no order: what may be handed on where a text may not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from extract import words
from storage.export.source import Column

NAMES = ("article_id", "word", "times")
COLUMNS = (
    Column("article_id", "BIGINT", "The article."),
    Column("word", "VARCHAR", "A word of its text, lower-case; of a script without blanks between words, a character."),
    Column("times", "INTEGER", "How often the text has it."),
)
ABOUT = "The words of each article's text with how often they stand in it: by letters, not in the text's order."
SOME = 100_000  # rows to a row group, a little more


def counts(texts: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, int]]:
    """(article, word, times) of each text's words, cut as searches cut them, with their accents; in the order of their letters."""
    for article_id, text in texts:
        for word, times in _counted(text):
            yield article_id, word, times


def _counted(text: str) -> list[tuple[str, int]]:
    return sorted(Counter(words.lowered(text)).items())


def write(texts: Iterable[tuple[int, str]], path: Path) -> None:
    """Write them as one Parquet file, in constant memory; the same texts give the same bytes."""
    import pyarrow as pa
    from pyarrow import parquet

    fields = [pa.field(n, t, nullable=False) for n, t in zip(NAMES, (pa.int64(), pa.string(), pa.int32()), strict=True)]
    schema = pa.schema(fields)
    with parquet.ParquetWriter(path, schema, compression="zstd", store_schema=False) as writer:
        for some in _batches(texts):
            writer.write_batch(
                pa.record_batch(
                    [pa.array(column, f.type) for column, f in zip(some, fields, strict=True)], schema=schema
                )
            )


def _batches(texts: Iterable[tuple[int, str]]) -> Iterator[tuple[list[int], list[str], list[int]]]:
    """Columns of some articles' words at a time."""
    ids: list[int] = []
    found: list[str] = []
    times: list[int] = []
    for article_id, text in texts:
        counted = _counted(text)
        ids += [article_id] * len(counted)
        found += [word for word, _ in counted]
        times += [count for _, count in counted]
        if len(ids) >= SOME:
            yield ids, found, times
            ids, found, times = [], [], []
    if ids:
        yield ids, found, times
