"""`newsduck rebuild`: the warehouse computed anew from its archive, held against the one in use, and put in its place."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from extract.errors import Broken
from extract.sandbox import Sandbox
from flows.commands._options import DAY
from flows.line import index
from flows.line.rebuild import Rebuilt, rebuild
from flows.settings import VERSION, Settings
from flows.settings import load as load_settings
from flows.telling import echo, say, some
from storage import compare, disk, duck, generation, lock, publish
from storage.compare import Difference
from storage.derived import beside
from storage.files import sync_folder
from storage.warehouse import Warehouse

SHOWN = 10  # lines of what could not be replayed


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it."""

    rebuilt: Rebuilt
    differences: list[Difference]
    placed: Path


def run(settings: Settings, since: datetime | None, into: Path | None) -> Came:
    """Replay the archive, and put what comes of it in the place of the working file and of the people's, or at `into`. Raises
    Broken where runs of the old file are in no archive file that is there: then nothing is changed."""
    from flows.commands import _replayed

    live = Warehouse(settings.data_folder)
    limits = settings.read
    with lock.held(live.work, "rebuild", datetime.now(UTC)):
        live.prepare(say)
        with Sandbox(limits.workers, limits.seconds, limits.memory_mb * 2**20) as sandbox:
            rebuilt = rebuild(settings, sandbox, _replayed.LINES, since.date() if since else None, _days())
        new = rebuilt.warehouse
        publish.publish(new.path, new.published)
        differences = compare.compare(live.path, new.published)
        missing = compare.missing_runs(live.path, new.published)
        if into is not None:
            with disk.told(f"writing {into}", "nothing was changed"):
                new.published.replace(into)
                sync_folder(into.resolve().parent)
            return Came(rebuilt, differences, into)
        if missing:
            raise Broken(
                f"{some(len(missing), 'run')} of {live.path} (the first is {missing[0]}) cannot be replayed: their archive files "
                "are gone, or are older than the journal; nothing was changed, and --into FILE writes what can be replayed"
            )
        _place(new, live, settings)
    return Came(rebuilt, differences, live.published)


def _days() -> Callable[[str], None]:
    """Tells of each day whose runs are replayed, once."""
    told: set[str] = set()

    def tell(name: str) -> None:
        day = name.rpartition("/")[0]
        if day not in told:
            told.add(day)
            say(f"replaying {day.replace('/', '-')} …")

    return tell


def _place(new: Warehouse, live: Warehouse, settings: Settings) -> None:
    """One rename, and what follows from the working file made anew after it."""
    with duck.open_file(new.path) as connection:
        connection.execute("CHECKPOINT")
    beside.remove(live.derived)  # of the old one, and made anew of either
    with disk.told(f"putting {live.path} in place", "the old one is as it was"):
        new.path.replace(live.path)
        sync_folder(live.path.parent)
    publish.publish(live.path, live.published, settings.share.group)
    generation.drop(live.published)
    index.catch_up(live)
    shutil.rmtree(new.data, ignore_errors=True)


def tell(came: Came) -> None:
    """Print what came of it."""
    rebuilt = came.rebuilt
    echo(f"{some(rebuilt.runs, 'run')} replayed into {came.placed}")
    for line in rebuilt.told[:SHOWN]:
        echo(f"  {line}")
    if len(rebuilt.told) > SHOWN:
        echo(f"  … and {len(rebuilt.told) - SHOWN:,} more")
    if not came.differences:
        echo("every table is as it was, row by row")
        return
    for one in came.differences:
        echo(f"{one.table}: {one.missing:,} rows are not there any more, {one.more:,} are new")
    if others := rebuilt.versions - {VERSION}:
        echo(
            f"it was written by newsduck {', '.join(sorted(others))} and replayed by {VERSION}: readers and rules differ"
        )


@click.command()
@click.option("--from", "since", type=DAY, help="Only runs that began on that day or later (UTC).")
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="Write it there; what is in use stays.")
def command(since: datetime | None, into: Path | None) -> None:
    """Compute the warehouse anew from the archive: every run replayed as it was, what differs told, and the new file put in place
    of the old."""
    tell(run(load_settings(needed=True), since, into))
