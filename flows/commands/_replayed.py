"""The steps of each kind of run, for those that are replayed."""

from collections import Counter

import msgspec

import flows.backfill
import flows.ingest
import flows.poll
from extract.records import Feed, Import
from flows.line import events, retag
from flows.line.anew import regroup
from flows.line.anew.rebuild import Line as Steps
from flows.line.anew.replay import Recorded
from flows.line.anew.reread import read_all_again
from flows.line.back import addresses, captures
from flows.line.back.addresses import Line
from flows.line.given import Given, load_lines
from flows.line.load import load
from flows.line.work import Work


def _ingest(work: Work, listed: list[Feed], recorded: Recorded) -> None:
    asked = recorded.asked
    flows.ingest.line(work, listed, asked.get("feeds", ()), now=asked.get("now", False))
    for jump in work.warehouse.untold_jumps():  # the dashboard was told of them
        work.warehouse.jump_told(jump)
    work.warehouse.growths_told()


def _poll(work: Work, listed: list[Feed], _: Recorded) -> None:
    flows.poll.line(work, listed)


def _backfill(work: Work, listed: list[Feed], recorded: Recorded) -> None:
    if recorded.notes["captures"]:
        _captures(work, recorded)
        return
    if "pages" not in recorded.asked:  # one that only finished what another left
        load(work, work.moment("written"))
        return
    flows.backfill.line(work, listed, recorded.asked["feeds"], recorded.asked["pages"])


def _captures(work: Work, recorded: Recorded) -> None:
    pages = [page for page in recorded.pages if page.ask.role == "capture"]
    for said in recorded.notes["captures"]:
        captures.load(work, pages, Import(**{**said, "skipped": Counter(said["skipped"])}))


def _load(work: Work, _: list[Feed], recorded: Recorded) -> None:
    if "given" in recorded.asked:
        load_lines(msgspec.convert(recorded.asked["given"], list[Given]), work)
    for said in recorded.notes["addresses"]:
        addresses.put({url: Line(*line) for url, line in said["lines"]}, work, said["why"])


def _reread(work: Work, _: list[Feed], recorded: Recorded) -> None:
    read_all_again(work, recorded.since)


def _regroup(work: Work, _: list[Feed], recorded: Recorded) -> None:
    for said in recorded.notes["decided"]:
        events.decided(work, said["stories"], said["event"], said["decision"])
    if not recorded.notes["decided"]:
        regroup.decide_again(work, recorded.since)


def _retag(work: Work, _listed: list[Feed], _: Recorded) -> None:
    retag.apply_all(work)


def _forget(work: Work, _listed: list[Feed], recorded: Recorded) -> None:
    if (work.run.name, "retag") in recorded.did:  # what a new topic wants to keep was to be known before anything went
        retag.bring_up(work)
        return
    load(work, work.moment("written"))  # what went is not in the archive either


def _upkeep(work: Work, listed: list[Feed], recorded: Recorded) -> None:
    retag.bring_up(work)
    if any(row["run_id"] == work.run.run_id for said in recorded.notes["forgotten"] for row in said["erasures"]):
        _forget(work, listed, recorded)


LINES: dict[str, Steps] = {
    "ingest": _ingest,
    "poll": _poll,
    "backfill": _backfill,
    "load": _load,
    "reread": _reread,
    "regroup": _regroup,
    "retag": _retag,
    "forget": _forget,
    "upkeep": _upkeep,
}
