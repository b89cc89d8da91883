"""What is written to a terminal, a log or a file of rows: publishers' words, and none of the signs that a terminal or a
spreadsheet obeys. The one place that prints lines; a test holds that."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, TextIO

import click

from extract import unseen

if TYPE_CHECKING:
    from rich.text import Text

# Letters for private use, which stand for our own emphasis until everything else has been made harmless.
_BOLD, _DIM, _END = "\ue000", "\ue001", "\ue002"
_STYLED = re.compile(f"([{_BOLD}{_DIM}])([^{_BOLD}{_DIM}{_END}]*){_END}")


def bold(words: str) -> str:
    """Words that `echo` prints bold."""
    return f"{_BOLD}{words}{_END}"


def dim(words: str) -> str:
    """Words that `echo` prints dim."""
    return f"{_DIM}{words}{_END}"


def emphasised(marked: str) -> str:
    """Text with its **marked** words bold, on a terminal; elsewhere as it is."""
    if not sys.stdout.isatty():
        return marked
    return re.sub(r"\*\*(.+?)\*\*", lambda m: bold(m[1]), marked)


def some(count: int, one: str, many: str = "") -> str:
    """So many of a thing: "1 story", "2,000 stories"."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def short(text: str, most: int) -> str:
    """A text of so many letters at most, cut where it has more."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def echo(line: str = "", *, err: bool = False, file: TextIO | None = None, nl: bool = True, **style: Any) -> None:
    """Print a line, to standard error with `err`; style as click has it, and none where there is no terminal."""
    text = _STYLED.sub(
        lambda m: click.style(m[2], bold=m[1] == _BOLD or None, dim=m[1] == _DIM or None), unseen.harmless(line)
    )
    click.echo(click.style(text, **style) if style else text, err=err, file=file, nl=nl)


def say(line: str) -> None:
    """A line to the person, apart from the command's output."""
    echo(line, err=True)


def json_line(told: str) -> str:
    """A line of JSON; signs that a terminal obeys stand in it as JSON writes any sign by its number."""
    return unseen.SIGNS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", told) + "\n"


def text(words: str, **style: Any) -> "Text":
    """Words for a table of rich's."""
    from rich.text import Text

    return Text(unseen.harmless(words), **style)


class _Harmless(logging.LoggerAdapter[Any]):
    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        told = str(msg) % args if args else str(msg)
        self.logger.log(level, "%s", unseen.harmless(told), **kwargs)

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return msg, kwargs


def log() -> logging.LoggerAdapter[Any]:
    """The log of this process's flow run, as the dashboard shows it."""
    from prefect import get_run_logger

    return _Harmless(get_run_logger(), {})
