"""`newsduck sql`: a person's query on the published warehouse."""

import os
import resource
import shutil
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from extract.errors import BadInput
from flows import telling
from flows.commands._drawn import table
from flows.commands._options import FORMAT
from flows.commands._tables import write, write_parquet
from flows.questions import QUESTIONS, show
from flows.settings import load as load_settings
from storage import duck

TALLEST = 1_000  # rows of a table that goes to a file or another program
FRAME = 8  # lines of a screen that are no rows: prompt, head, end
LARGEST = 10 * 10**9  # bytes of a file: as duck.SPILL has it for all of them
GRACE = 0.7  # seconds after Ctrl-C in which a query may end by itself: some of DuckDB's loops never look


def ask(path: Path, sql: str, form: str, out: TextIO, *, expand: bool = False) -> None:
    """Run read-only statements and write each one's result in the form asked for. Ctrl-C ends it within a second, whatever it
    is at. Raises BadInput where several would go into one Parquet file."""
    with duck.Question(path) as question, _stoppable(question), _bounded(out):
        statements = question.statements(sql)
        if form == "parquet" and len(statements) > 1:
            raise BadInput(f"these are {len(statements)} statements, and a Parquet file holds the rows of one")
        for number, statement in enumerate(statements):
            if number and form not in ("json", "jsonl"):
                telling.echo(file=out)
            question.ask(statement)
            if form == "table":
                most = max(10, shutil.get_terminal_size().lines - FRAME) if out.isatty() else TALLEST
                table(question.names, question.take(most), out, more=question.count_rest, expand=expand)
            elif form == "parquet":
                write_parquet(question.batches(), out)
            else:
                write(question.names, question.rows(), form, out)


@contextmanager
def _stoppable(question: duck.Question) -> Iterator[None]:
    """Inside, SIGINT ends the process within a second. Python's own handler waits for DuckDB to come back, which it may not;
    the system's part of signal handling wakes a thread at once, and that one ends what does not end."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    over = threading.Event()

    def watch() -> None:
        while signals := os.read(woken, 16):
            if signal.SIGINT in signals:
                question.interrupt()
                if not over.wait(GRACE):
                    question.abandon()
                    os.write(sys.stderr.fileno(), b"\nnewsduck: stopped\n")
                    os._exit(130)

    before = signal.set_wakeup_fd(wake)
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        signal.set_wakeup_fd(before)
        os.close(wake)
        watcher.join()
        os.close(woken)


@contextmanager
def _bounded(out: TextIO) -> Iterator[None]:
    """Inside, no file grows beyond what a query may lay aside; the system sees to it. Not where the rows go to a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if out is sys.stdout and not stat.S_ISREG(os.fstat(sys.__stdout__.fileno()).st_mode if sys.__stdout__ else 0):
        limits = [limit for limit in (LARGEST, *before) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_FSIZE, (min(limits), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _text(query: str | None) -> str:
    """The statements themselves; raises BadInput where there are none to read."""
    if query is None:
        raise BadInput("no query: `newsduck sql --examples` shows some, `newsduck sql -` reads one from standard input")
    try:
        return sys.stdin.read() if query == "-" else query
    except UnicodeDecodeError as error:
        raise BadInput(f"the query is no UTF-8 text: {error}") from error


@click.command()
@click.argument("query", required=False)
@FORMAT
@click.option("--expand", is_flag=True, help="A block a row, also where a table would fit.")
@click.option("--examples", is_flag=True, help="Show the questions that are asked first, each with its query.")
def command(query: str | None, form: str, expand: bool, examples: bool) -> None:
    """Ask the warehouse in SQL, e.g. newsduck sql "FROM stories_on('climate')". QUERY may hold several statements; - reads
    them from standard input."""
    if examples:
        show(QUESTIONS, sys.stdout)
        return
    ask(load_settings(needed=True).data_folder / "warehouse.duckdb", _text(query), form, sys.stdout, expand=expand)
