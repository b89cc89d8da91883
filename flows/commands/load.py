"""`newsduck load`: articles made elsewhere, as JSON Lines, grouped, tagged, loaded and published as `ingest` would."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from extract import urls
from extract.errors import BadInput, NewsduckError
from extract.keys import key
from extract.read.given import given_article
from extract.records import Article, Entry, Outcome
from extract.sandbox import Sandbox
from flows.board.account import summary
from flows.line.finish import finish
from flows.line.group import settle
from flows.line.work import Finished, Work, alone
from flows.settings import Settings
from flows.settings import load as load_settings
from flows.telling import echo


class Given(msgspec.Struct, frozen=True):
    """A line of the file; keys it does not name are ignored."""

    url: str
    title: str
    text: str
    authors: list[str] | None = None
    published_at: str | None = None
    source: str | None = None


def load_file(path: Path, settings: Settings, sandbox: Sandbox) -> Finished:
    """Load every article of a file in one run. The same file again adds a row of `runs` and nothing else."""
    given = list(_lines(path))  # all of it, before anything is written: a bad line loads nothing
    with alone("load", settings, sandbox, asked={"given": msgspec.to_builtins(given)}) as work:
        return load_lines(given, work)


def load_lines(given: Sequence[Given], work: Work) -> Finished:
    """Load articles in a run that has begun."""
    jobs = [(line, work.run.started_at, work.settings.extra_agencies) for line in given]
    read = work.sandbox.map(_article, jobs)
    outcomes, stored = settle([_outcome(g, a) for g, a in zip(given, read, strict=True)], work)
    return finish(work, outcomes, stored=stored)


def _lines(path: Path) -> Iterator[Given]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    with file:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            try:
                line = msgspec.json.decode(raw, type=Given)
            except msgspec.MsgspecError as error:
                raise BadInput(
                    f"{path}, line {number}: {error}; each line is an object with at least url, title and text"
                ) from error
            if urls.canonical(line.url) is None:
                raise BadInput(f"{path}, line {number}: {line.url[:200]!r} is no http(s) URL")
            if line.published_at and _moment(line.published_at) is None:
                raise BadInput(f"{path}, line {number}: published_at {line.published_at!r} is no ISO date or time")
            yield line


def _moment(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _article(line: Given, now: datetime, extra: tuple[Path, ...]) -> Article:
    return given_article(
        url=line.url,
        title=line.title,
        text=line.text,
        authors=line.authors or (),
        published_at=_moment(line.published_at) if line.published_at else None,
        outlet=line.source or "",
        fetched_at=now,
        extra_agencies=extra,
    )


def _outcome(line: Given, article: Article | NewsduckError) -> Outcome:
    url = urls.canonical(line.url) or line.url
    entry = Entry(entry_id=key("load", url), feed_id=0, url=url, title=line.title)
    if isinstance(article, NewsduckError):
        return Outcome(entry, "quarantined", f"{line.url} {article}")
    precision = "day" if line.published_at and len(line.published_at) <= 10 else article.published_precision
    article = replace(article, published_precision=precision, published_claim=line.published_at or "")
    return Outcome(entry, "stored", article=article, article_id=article.article_id)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Load articles made elsewhere: JSON Lines with url, title, text and, where known, authors, published_at, source."""
    found = load_settings()
    with Sandbox(found.read.workers, found.read.seconds, found.read.memory_mb * 2**20) as sandbox:
        loaded = load_file(file, found, sandbox)
    echo(summary(loaded.row, loaded.topics, found.data_folder))
