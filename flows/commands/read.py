"""`newsduck read`: pages named by JSON Lines in, one article a line out, in the same order."""

import sys
from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TextIO

import click
import msgspec

from extract import urls
from extract.errors import BadInput, NewsduckError
from extract.read.body import habits, places
from extract.read.page import page_habits, read_page
from extract.records import Article, Observation, Place
from extract.sandbox import Sandbox
from flows import telling
from flows.commands import _files
from flows.settings import load as load_settings
from flows.telling import echo

CHUNK = 64  # pages in memory at a time


class Job(msgspec.Struct, frozen=True):
    """A line of the input."""

    id: str | int
    url: str
    path: str


class Line(msgspec.Struct, frozen=True):
    """A line of the output. Where a page could not be read, `error` says why and the rest is empty. `authors` are the
    people; where none is named, whoever else the page names as its author, a newsroom or an agency: `signed_by` says so apart."""

    id: str | int
    url: str
    title: str = ""
    authors: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_from: str = ""
    published_precision: str = ""
    language: str = ""
    standfirst: str = ""
    byline: str = ""
    text: str = ""
    kind: str = ""
    agency: tuple[str, ...] = ()
    agency_evidence: tuple[str, ...] = ()
    error: str = ""


def read_lines(source: BinaryIO, out: TextIO, sandbox: Sandbox, *, learn: bool, agencies: tuple[Path, ...] = ()) -> int:
    """Read every page the source names; gives how many could not be read. Each bad page costs its own line.

    With `learn`, what each site repeats is counted over all pages first, and where it keeps its bodies is learned from
    the chunks that came before.
    """
    jobs = list(_jobs(source)) if learn else _jobs(source)
    repeated = _learn(jobs, sandbox) if isinstance(jobs, list) else {}
    taught: defaultdict[str, list[Observation]] = defaultdict(list)
    failed = 0
    for chunk in _chunks(jobs):
        known = {site: places.decide_places(seen) for site, seen in taught.items()}

        def job_of(job: Job, known: dict[str, tuple[Place, ...]] = known) -> tuple[object, ...]:
            site = urls.site(job.url)
            return job.path, job.url, agencies, repeated.get(site, frozenset()), known.get(site, ())

        for job, article in zip(chunk, sandbox.map(_read, map(job_of, chunk)), strict=True):
            failed += isinstance(article, NewsduckError)
            if learn and not isinstance(article, NewsduckError) and article.taught is not None:
                taught[article.site].append(article.taught)
            out.write(telling.json_line(msgspec.json.encode(_line(job, article)).decode()))
        out.flush()
    return failed


def _jobs(source: BinaryIO) -> Iterator[Job]:
    for number, raw in enumerate(source, 1):
        if raw.strip():
            try:
                yield msgspec.json.decode(raw.removeprefix(BOM_UTF8), type=Job)
            except msgspec.MsgspecError as error:
                raise BadInput(
                    f'line {number} of the input: {error}; each line is {{"id": …, "url": "https://…", "path": "page.html"}}'
                ) from error


def _chunks(jobs: Iterable[Job]) -> Iterator[tuple[Job, ...]]:
    """The jobs in slices; what stands before a bad line is given before the line is told."""
    chunk: list[Job] = []
    try:
        for job in jobs:
            chunk.append(job)
            if len(chunk) == CHUNK:
                yield tuple(chunk)
                chunk = []
    except BadInput:
        yield tuple(chunk)
        raise
    yield tuple(chunk)


def _learn(jobs: list[Job], sandbox: Sandbox) -> dict[str, frozenset[int]]:
    """What each site repeats on the pages given."""
    pages = defaultdict(list)
    for job, made_of in zip(jobs, sandbox.map(_habits, ((job.path, job.url) for job in jobs)), strict=True):
        if not isinstance(made_of, NewsduckError):
            pages[urls.site(job.url)].append(made_of)
    return {site: habits.decide_repeated(found) for site, found in pages.items()}


def _read(
    path: str, url: str, agencies: tuple[Path, ...], repeated: frozenset[int], known: tuple[Place, ...]
) -> Article:
    address = urls.canonical(url) or url
    return read_page(_files.load(path), address, "", datetime.now(UTC), agencies, repeated, known_places=known)


def _habits(path: str, url: str) -> tuple[str, tuple[int, ...]]:
    return page_habits(_files.load(path), url)


def _line(job: Job, article: Article | NewsduckError) -> Line:
    if isinstance(article, NewsduckError):
        return Line(job.id, job.url, error=f"{type(article).__name__}: {article}")
    return Line(
        id=job.id,
        url=job.url,
        title=article.title,
        authors=article.authors or article.signed_by,
        signed_by=article.signed_by,
        published_at=article.published_at,
        published_from=article.published_from,
        published_precision=article.published_precision,
        language=article.language,
        standfirst=article.standfirst,
        byline=article.byline,
        text=article.text,
        kind=article.kind,
        agency=article.agencies,
        agency_evidence=tuple(credit.evidence for credit in article.credits),
    )


@click.command()
@click.option("--learn", is_flag=True, help="Read all pages first to learn what each site repeats.")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Reader processes; read.workers of the settings by default."
)
def command(learn: bool, workers: int | None) -> None:
    """Read pages into articles: JSON Lines {"id", "url", "path"} in, one article a line out, in the same order."""
    found = load_settings()
    with Sandbox(workers or found.read.workers, found.read.seconds, found.read.memory_mb * 2**20) as sandbox:
        failed = read_lines(sys.stdin.buffer, sys.stdout, sandbox, learn=learn, agencies=found.extra_agencies)
    if failed:
        echo(f"{failed} pages could not be read; their lines say why under `error`.", err=True)
