"""Everything computed anew from the archive: each run replayed, in the order in which they began, into a new file; and what
differs from the old one, told."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from extract.entries import RELISTED
from extract.fetch.robots import Book
from extract.keys import key
from extract.records import Feed
from extract.sandbox import Sandbox
from flows import feed_list, house
from flows.line import heal
from flows.line.anew import replay
from flows.line.anew.replay import Recorded
from flows.line.parts import taking
from flows.line.work import Work, start
from flows.settings import Settings
from storage import archive
from storage.store import send
from storage.warehouse import Warehouse
from storage.write.batch import Run

HEALING = ("ingest", "poll", "backfill", "upkeep")  # kinds of runs that finish first what others left
FOLDER = "rebuild"  # beside the working file
Line = Callable[[Work, list[Feed], Recorded], object]


@dataclass(slots=True)
class Rebuilt:
    """What came of it."""

    warehouse: Warehouse  # the new one
    runs: int = 0
    told: list[str] = field(default_factory=list)  # what could not be replayed, or not as it was
    damaged: list[str] = field(default_factory=list)  # files of which only a part could be, or nothing
    versions: set[str] = field(default_factory=set)  # of newsduck, that wrote what was replayed


@dataclass(slots=True)
class _Going:
    """How far a rebuild is."""

    settings: Settings
    sandbox: Sandbox
    lines: dict[str, Line]
    done: Rebuilt
    went_by: dict[str, dict[str, Any]] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)  # files of parts, until a run after them takes them in
    dead: list[str] = field(default_factory=list)  # files of runs that died, until a run after them finishes them


def rebuild(
    settings: Settings,
    sandbox: Sandbox,
    lines: dict[str, Line],
    since: date | None = None,
    tick: Callable[[str], object] = lambda _: None,
) -> Rebuilt:
    """Replay the runs whose archive files are there, those since a day where one is given, into a new working file beside the
    one in use, whose lock the caller holds. `lines` are the runs' steps, by their kind; `tick` is told of each file."""
    live = house.warehouse(settings)
    shutil.rmtree(live.work / FOLDER, ignore_errors=True)  # of one that was broken off
    new = Warehouse(live.work / FOLDER)
    new.archive = live.archive
    new.prepare()
    if live.path.exists():  # what was forgotten does not come back, whatever archive files are gone
        new.take_over(live.path)
    going = _Going(settings, sandbox, lines, Rebuilt(new))
    with new.at_hand():  # nobody else knows of it
        for name in archive.files(live.archive):
            began = archive.began(name)
            if since is not None and began is not None and began.date() < since:
                continue
            tick(name)
            with send.at_hand(live.archive, name):
                try:
                    _replay(replay.read(live.archive, name), going)
                except archive.Damaged as error:
                    _what_is_whole(name, str(error), going)
    if live.path.exists():  # with what feeds have listed again since
        new.take_over(live.path)
    return going.done


def _what_is_whole(name: str, why: str, going: _Going) -> None:
    """The run of a damaged file, as far as that is whole: what it lost is answered as if a host had asked for patience."""
    going.done.damaged.append(name)
    whole = archive.whole(going.done.warehouse.archive, name)
    try:
        recorded = replay.read(going.done.warehouse.archive, name, whole)
        if recorded.run is None or not recorded.ended:
            going.done.told.append(f"{why}; its beginning or its end is lost, and the run is passed over")
            return
        going.done.told.append(
            f"{why}; {sum(span.end - span.start for span in whole):,} bytes of it are whole and were replayed"
        )
        _replay(recorded, going)
    except archive.Damaged as error:
        going.done.told.append(f"{error}; the run is passed over")


def _replay(recorded: Recorded, going: _Going) -> None:
    """One archive file's run. Raises Damaged where the file cannot be read, before anything is replayed."""
    done, name = going.done, recorded.name
    if recorded.went_by is not None:
        going.went_by[recorded.by] = recorded.went_by
    for decision in recorded.notes[archive.DECISION]:
        for feed_id in decision["accepted"]:
            done.warehouse.accept(feed_id, datetime.fromisoformat(decision["at"]), RELISTED)
    if archive.decides(name):
        return
    if recorded.run is None:
        done.told.append(f"{name} was written before runs had journals: its documents are there, its moments are not")
        _without_journal(name, going)
        return
    done.versions.add(recorded.run.newsduck)
    if recorded.run.kind == "fetch":  # the run that took it in takes it in again
        going.fetched.append(name)
    elif (line := going.lines.get(recorded.run.kind)) is None:
        done.told.append(f"{name}: runs of the kind {recorded.run.kind} are not replayed")
    else:
        _run(recorded, recorded.run, line, going)


def _run(recorded: Recorded, run: Run, line: Line, going: _Going) -> None:
    """A run as far as it came, with what it finished of those before it."""
    done = going.done
    settings, listed = _by(recorded, going)
    answers = replay.Answers(done.warehouse.archive, recorded)
    work = _work(settings, run, recorded.name, recorded.moments, going)
    work.web = answers
    work.did = frozenset(recorded.did) if recorded.tells else None
    if run.kind in HEALING:
        _heal(work, recorded, listed, going)
    _forget(work, recorded)
    if not recorded.ended:  # it died: a run after it finished it
        if (run.name, "untell") in recorded.did:
            done.warehouse.untell(recorded.since)
        going.dead.append(recorded.name)
        return
    taken = taking.replayed(work, recorded)
    going.fetched = [one for one in going.fetched if one not in taken]
    line(work, listed, recorded)
    done.runs += 1
    wrong = [*answers.unasked, *answers.left()]
    if wrong:
        done.told.append(
            f"{recorded.name}: {len(wrong):,} addresses were asked for then and not now, or now and not then: {wrong[0]}"
        )


def _heal(work: Work, recorded: Recorded, listed: list[Feed], going: _Going) -> None:
    """What a run did first: finish those that had died before, as far as it came with that if it has died too."""
    if work.settings.fetch.parts == 1:  # it found what parts had fetched when there were several
        going.dead, going.fetched = [*going.fetched, *going.dead], []
    heal.mend_times(work, lambda _: None)
    for dead in list(going.dead):
        whose = archive.run_of(dead)
        if (whose, "load") in recorded.did or (
            not recorded.tells and (recorded.ended or f"{whose} written" in recorded.moments)
        ):
            going.dead.remove(dead)
            _finish(work, dead, listed, going.done)


def _forget(work: Work, recorded: Recorded) -> None:
    """What the run forgot, or finished forgetting, stays so."""

    def row(said: dict[str, Any]) -> dict[str, Any]:
        return {name: datetime.fromisoformat(v) if name.endswith("_at") and v else v for name, v in said.items()}

    for said in recorded.notes["forgotten"]:
        work.warehouse.take_erasure({table: list(map(row, found)) for table, found in said.items()})


def _finish(work: Work, dead: str, listed: list[Feed], done: Rebuilt) -> None:
    """Finish a run that died, as the run after it did."""
    try:
        heal.recover(work, dead, listed)
    except archive.Damaged as error:
        done.damaged.append(dead)
        done.told.append(f"{error}; the run is passed over")


def _without_journal(name: str, going: _Going) -> None:
    """A run of before: its documents, dated by when it began."""
    began = archive.began(name)
    assert began is not None  # or it would be no file of the archive's
    run = start("recovered", began)
    whose = archive.run_of(name)
    moments = {f"{whose} {what}": began for what in ("looked", "read", "written")}
    heal.recover(_work(going.settings, run, name, moments, going), name, [])
    going.done.runs += 1


def _work(settings: Settings, run: Run, name: str, moments: dict[str, datetime], going: _Going) -> Work:
    """What the steps of a run share that is replayed of this archive file, at these moments."""
    rules = Book(going.done.warehouse.robots())
    kept, new = replay.Kept(name), going.done.warehouse
    return Work(settings, new, run, going.sandbox, kept, book=rules, moments=moments, publishes=False)


def _by(recorded: Recorded, going: _Going) -> tuple[Settings, list[Feed]]:
    """The settings and the feed list that a run went by; where no file that is there has them, those of the run before it, and
    today's where there is none."""
    by = going.went_by.get(recorded.by)
    if by is None:
        before = list(going.went_by.values())[-1:]
        whose = "those of the run before it are" if before else "today's are"
        going.done.told.append(
            f"{recorded.name}: the settings and feeds it went by are in no file that is there; {whose} taken"
        )
        if not before:
            path = going.settings.path(going.settings.feeds)
            return going.settings, feed_list.FeedList(path).feeds() if path.exists() else []
        by = before[0]
    known = {**msgspec.to_builtins(going.settings), **by["settings"]}
    folder, known["agencies"] = going.done.warehouse.work, ""  # today's are none of a run that had none
    if by["agencies"]:
        path = folder / f"agencies-{recorded.by}.toml"
        path.write_text("\n".join(by["agencies"]), encoding="utf-8")
        known["agencies"] = str(path)
    settings = msgspec.convert(known, Settings)
    listed = [
        Feed(key(url), url, title=title, site_url=site, categories=tuple(folders), status=status, format=form)
        for url, title, site, folders, status, form in by["feeds"]
    ]
    return settings, listed
