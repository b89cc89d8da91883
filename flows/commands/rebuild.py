"""`newsduck rebuild`: the warehouse computed anew from its archive, held against the one in use, and put in its place."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from extract.errors import BadInput, Broken
from flows import house
from flows.commands._options import DAY
from flows.line import index
from flows.line.anew.rebuild import FOLDER, Rebuilt, rebuild
from flows.line.readers.crew import readers
from flows.settings import VERSION, Settings
from flows.settings import load as load_settings
from flows.telling import echo, say, some
from storage import compare, disk, duck, generation, lock, publish, whole
from storage.compare import Difference
from storage.derived import beside
from storage.files import sync_folder
from storage.warehouse import Warehouse

WROTE = {
    "reader": "texts were read by reader",
    "extractor": "texts were taken from their pages by",
    "grouping": "copies were grouped by method",
    "events": "events were told by method",
}
SHOWN = 10  # lines of what could not be replayed


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it."""

    rebuilt: Rebuilt
    differences: list[Difference]
    placed: Path
    reasons: list[str]  # why rows differ


def run(settings: Settings, since: datetime | None, into: Path | None, *, sure: bool = False) -> Came:
    """Replay the archive, and put what comes of it in the place of the working file and of the people's, or at `into`. Raises
    Broken where runs of the old file are in no archive file that is there, or, unless one is `sure`, articles of it would not be there
    any more, or be of stories or events with other ids; BadInput where `into` is no place for it: then nothing is changed."""
    from flows.commands import _replayed

    _check(since, into)
    live = house.warehouse(settings)
    with lock.held(live.work, "rebuild", datetime.now(UTC)), ExitStack() as stack:
        stack.callback(shutil.rmtree, live.work / FOLDER, ignore_errors=True)
        live.prepare(say, settings.share.group)
        with readers(settings) as sandbox:
            rebuilt = rebuild(settings, sandbox, _replayed.LINES, since.date() if since else None, _days())
        new = rebuilt.warehouse
        publish.publish(new.path, new.published)
        differences = compare.compare(live.path, new.published)
        reasons = _reasons(live.path, new.published) if differences else []
        missing = compare.missing_runs(live.path, new.published)
        if into is not None:
            with disk.told(f"writing {into}", "nothing was changed"):
                fresh = into.with_name(f".{into.name}.new")
                whole.copy(new.published, fresh)  # it may be another disk
                fresh.replace(into)
                sync_folder(into.parent)
            return Came(rebuilt, differences, into, reasons)
        if rebuilt.damaged:
            raise Broken(
                f"{some(len(rebuilt.damaged), 'archive file')} (the first is {rebuilt.damaged[0]}) cannot be replayed whole, and what "
                "they lost stands in the warehouse as it is: nothing was changed, and --into FILE writes what can be replayed"
            )
        if missing:
            raise Broken(
                f"{some(len(missing), 'run')} of {live.path} (the first is {missing[0]}) cannot be replayed: their archive files "
                "are gone, or are older than the journal; nothing was changed, and --into FILE writes what can be replayed"
            )
        if not sure and (lost := compare.missing_articles(live.path, new.published)):
            why = next(iter(rebuilt.told), "today's reader and rules take them for none")
            raise Broken(
                f"{some(lost, 'article')} of {live.path} would not be there any more ({why}): nothing was changed; --into FILE writes "
                "what can be replayed, to look at, and --yes puts it in place all the same"
            )
        stories, events = (0, 0) if sure else compare.moved(live.path, new.published)
        if stories or events:
            told = [f"the story of {some(stories, 'article')}"] if stories else []
            told += [f"the event of {some(events, 'story', 'stories')}"] if events else []
            why = "; ".join(reasons) or "why, the files do not say"
            raise Broken(
                f"{' and '.join(told)} would have another id ({why}): nothing was changed; --into FILE writes what was computed, to "
                "look at, and --yes puts it in place all the same"
            )
        _place(new, live, settings)
    return Came(rebuilt, differences, live.published, reasons)


def _check(since: datetime | None, into: Path | None) -> None:
    """Before hours are spent on it. Raises BadInput."""
    if into is None:
        if since is not None:
            raise BadInput("--from leaves out what was before that day: name a file for the rest behind --into")
        return
    if into.exists():
        raise BadInput(f"{into} is there already: name a file that is not, or move it away")
    if not into.parent.is_dir():
        raise BadInput(f"{into.parent} is no folder: --into names a file in one that is there")


def _reasons(old: Path, new: Path) -> list[str]:
    """Why rows differ, of what the files say of themselves."""
    found = [f"{WROTE[what]} {before}, and by {now} now" for what, (before, now) in compare.writers(old, new).items()]
    if compare.has_forgotten(old):
        found.append("documents were forgotten: what was computed with these cannot be computed again")
    return found


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
    beside.remove(live.derived)  # of the old one, and made anew of either where the new one's is lost on its way
    with disk.told(f"putting {live.path} in place", "the old one is as it was"):
        new.path.replace(live.path)
        sync_folder(live.path.parent)
    beside.move(new.derived, live.derived)
    publish.publish(live.path, live.published, settings.share.group)
    generation.drop(live.published)
    index.catch_up(live)


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
    for reason in came.reasons:
        echo(f"because {reason}")
    if others := rebuilt.versions - {VERSION}:
        echo(
            f"because it was written by newsduck {', '.join(sorted(others))} and replayed by {VERSION}: readers and rules differ"
        )


@click.command()
@click.option("--from", "since", type=DAY, help="Only runs that began on that day or later (UTC).")
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="Write it there; what is in use stays.")
@click.option(
    "--yes", is_flag=True, help="Put it in place though articles would go, or stories and events have other ids."
)
def command(since: datetime | None, into: Path | None, yes: bool) -> None:
    """Compute the warehouse anew from the archive: every run replayed as it was, what differs told, and the new file put in place
    of the old."""
    tell(run(load_settings(needed=True), since, into, sure=yes))
