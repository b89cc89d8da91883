"""A run's journal: what cannot be computed again of it, beside its documents in the archive.

    begin     which run, when, what a person asked for, and what it went by where that changed: settings, feeds, agencies
    answers   what hosts said that left no document
    robots    rules that were learned without one
    end       the moments by which the run's rows are dated
    done      how far it came: what it has committed, its own or that of a run that died
    decision  what a person has decided outside of any run, in a file of its own

`newsduck rebuild` replays runs by it.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from extract import urls
from extract.records import Feed
from storage import disk
from storage.archive import DECISION, ArchiveWriter
from storage.warehouse import Warehouse

if TYPE_CHECKING:
    from flows.line.work import Work
    from flows.settings import Settings

# The keys of the settings that decide what a run makes of what it is given; the others say where things are, and whom to tell.
DECIDING = ("fetch", "poll", "read", "group", "keep", "schedule", "outlets", "groups", "topics")
Step = Literal["untell", "load", "retag", "events"]  # what a run commits one after the other
KEPT = "journal"  # a file beside the working file: which day's runs have said in full what they went by


def begin(work: "Work", asked: Mapping[str, Any] | None = None, listed: Sequence[Feed] = ()) -> None:
    """Have the run's file begin with who it is and what it goes by, in full once a day and where that changed."""
    work.archive.first = lambda: ("begin", _begun(work, dict(asked or {}), listed))


def _begun(work: "Work", asked: dict[str, Any], listed: Sequence[Feed]) -> dict[str, Any]:
    by = went_by(work.settings, listed)
    digest = hashlib.sha256(json.dumps(by, sort_keys=True, default=str).encode()).hexdigest()[:16]
    told, line = work.warehouse.work / KEPT, f"{digest} {work.run.started_at:%Y-%m-%d}".encode()
    with disk.told(f"reading {told}", "nothing was changed"):
        known = told.exists() and told.read_bytes() == line
    work.said = b"" if known else line
    said = {"run": asdict(work.run), "asked": asked, "by": digest, "tells": True}  # it tells how far it comes
    return {**said, **({} if known else {"went_by": by})}


def went_by(settings: "Settings", listed: Sequence[Feed]) -> dict[str, Any]:
    """What a run goes by, as JSON has it: settings, the feed list, and the text of a person's own agencies."""
    all_of_it = msgspec.to_builtins(settings)
    return {
        "settings": {name: all_of_it[name] for name in DECIDING},
        "feeds": [
            [feed.url, feed.title, feed.site_url, list(feed.categories), feed.status, feed.format] for feed in listed
        ],
        "agencies": [path.read_text(encoding="utf-8") for path in settings.extra_agencies],
    }


def decide(warehouse: Warehouse, now: datetime, said: Mapping[str, Any]) -> None:
    """Write down what a person has decided outside of any run, in a small file of its own. Raises Broken where the disk takes no
    more."""
    with ArchiveWriter(warehouse.archive, f"{DECISION}-{now:%Y%m%dT%H%M%SZ}", now) as writer:
        writer.note(DECISION, {**said, "at": now})


def without(gone: Collection[str]) -> Callable[[str, Any], Any]:
    """What is left of a note, by what it is of, where these addresses are forgotten: what `load` was given, lists of addresses, what
    hosts answered."""

    def left(what: str, said: Any) -> Any:
        if what == "begin" and "given" in said["asked"]:
            given = [one for one in said["asked"]["given"] if urls.canonical(one["url"]) not in gone]
            return {**said, "asked": {**said["asked"], "given": given}}
        if what == "addresses":
            return {**said, "lines": [line for line in said["lines"] if line[0] not in gone]}
        if what == "parts":
            held = [one for one in said["held"] if one["url"] not in gone and one["subject"] not in gone]
            return {**said, "held": held}
        if what == "answers":
            return [one for one in said if one["url"] not in gone]
        return said

    return left


def done(work: "Work", step: Step) -> None:
    """Note that the run has committed a step; not of one that comes after another: of a run that dies it is to be seen how far it came."""
    work.archive.note("done", [work.run.name, step])


def end(work: "Work") -> None:
    """Note the moments that the run's rows are dated by; it is synced, so that what is committed can be replayed."""
    work.archive.note("end", {"moments": work.moments})
    work.archive.sync()
    if work.said:  # only now, for a run that dies before has said nothing that a later one could go by
        told = work.warehouse.work / KEPT
        with disk.told(f"writing {told}", "the run's file says all that this one would"):
            told.write_bytes(work.said)
