"""A part's own run: it asks for what is on its list, and says what it was answered by its archive file alone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from extract.captures.wayback import as_captured
from extract.fetch import client, robots
from extract.poll import polls
from extract.records import Ask, Page
from flows.board import progress
from flows.line.anew import replay
from flows.line.anew.replay import Key, key_of
from flows.line.parts import lists
from flows.line.web import Answer, Hosts
from storage import archive
from storage.store import names

if TYPE_CHECKING:
    from flows.line.work import Work

SYNCED = 100  # answers after which what came is safe from a power cut
BY_RULES = "page"  # the role of what robots.txt speaks for


@dataclass(frozen=True, slots=True)
class Asked:
    """What a part's run came to."""

    documents: int = 0
    others: int = 0  # answers that left none: unchanged, refused, unreachable
    before: int = 0  # that were answered in a run of this list that ended early


def ask(work: "Work", part: int, count: int) -> Asked:
    """Ask for what is on a part's list and was not asked for yet; whoever calls is the part's only one. Raises Broken where list or
    archive cannot be read or written."""
    wanted = lists.read(work.warehouse.data, part)
    if wanted is None:
        return Asked()
    before = _answered(work, part, wanted)
    if before is None:
        return Asked(before=len(wanted.asks))
    left = [one for one in wanted.asks if key_of(one) not in before]
    asked = {"part": part, "parts": count, "list": wanted.made_by}
    work.archive.first = lambda: ("begin", {"run": asdict(work.run), "asked": asked, "by": ""})
    for rules in wanted.robots:
        work.book.take(replay.robots_of(rules))
    for page in before.values():
        if isinstance(page, Page) and page.ask.role == "robots":
            work.book.learn(robots.origin(page.ask.url), page, page.fetched_at)
    work.book.learned.clear()  # they are known, to whoever takes this in too
    web, done = Hosts((part, count)), Asked(before=len(before))
    for name, some in (
        ("feeds", [one for one in left if one.role != BY_RULES]),
        ("pages", [one for one in left if one.role == BY_RULES]),
    ):
        if some:
            came = work.bar(f"fetch-{name}", partial(_fetch, some, work, web, name))
            done = Asked(done.documents + came.documents, done.others + came.others, done.before)
    if left:
        work.archive.note("end", {"moments": {f"{work.run.name} done": datetime.now(UTC)}})
        work.archive.sync()
    return done


def _fetch(asks: Sequence[Ask], work: "Work", web: Hosts, name: str) -> Asked:
    tick, told = progress.watcher.stage(name, len(asks)), 0

    def keep(page: Page) -> Page:
        if page.ask.role in ("feed", "older") and polls.is_unchanged(page):
            return page
        return work.archive.keep(as_captured(page) if page.ask.role == BY_RULES else page)

    def tell(_: Ask, __: Answer) -> None:
        nonlocal told
        told += 1
        tick()
        if told % SYNCED == 0:
            work.archive.sync()

    answers = web.fetch(client.in_turns(asks), work, keep, tell, by_rules=name == "pages")
    kept = sum(isinstance(one, Page) and bool(one.warc_file) for one in answers)
    return Asked(kept, len(answers) - kept)


def _answered(work: "Work", part: int, wanted: lists.Wanted) -> dict[Key, Answer] | None:
    """What runs of this list were answered that ended early; None where one was at its end. Raises Broken where their files cannot
    be read."""
    place, found = work.warehouse.archive, dict[Key, Answer]()
    for name in reversed(names.here(place.folder)):  # the last one of a part stays here, wherever the archive is
        if archive.part(name) != part or name == work.archive.name:
            continue
        archive.mend(place, name)
        recorded = replay.read(place, name)
        if recorded.asked.get("list") != wanted.made_by:
            break
        if recorded.ended:
            return None
        found |= {key_of(page.ask): page for page in archive.read_file(place, name)}
        for said in (one for batch in recorded.notes["answers"] for one in batch):
            found[said["role"], said["url"], said["subject"]] = replay.answered(said)
    return found


def told(asked: Asked) -> str:
    """What it came to, in words."""
    if not (asked.documents or asked.others):
        return "nothing was on its list that it had not asked for"
    before = f"; {asked.before:,} were answered before it was cut off" if asked.before else ""
    return f"{asked.documents + asked.others:,} asked for, {asked.documents:,} documents came{before}"
