"""The questions that are asked of a news archive first, each with its query: flows/starter/questions.sql, read once."""

from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from flows import telling


@dataclass(frozen=True, slots=True)
class Question:
    """A question in words, and in SQL."""

    words: str
    sql: str


def _read(path: Path) -> tuple[Question, ...]:
    parts = path.read_text(encoding="utf-8").strip().split("\n\n")
    return tuple(
        Question(words.removeprefix("-- "), sql.rstrip(";")) for words, sql in (part.split("\n", 1) for part in parts)
    )


QUESTIONS = _read(Path(__file__).parent / "starter" / "questions.sql")


def show(questions: tuple[Question, ...], out: TextIO) -> None:
    """Print them, so that each can be pasted into `newsduck sql -`."""
    for question in questions:
        telling.echo(f"-- {question.words}", file=out)
        telling.echo(f"{question.sql};\n", file=out)
