"""The web of a run that loads: what parts were answered is its answer, by their archive files; what they were not asked yet is put
on their lists."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from extract.errors import Broken, Elsewhere, NewsduckError, RedirectLoop, Refused, Transient
from extract.fetch import client, robots
from extract.fetch.parts import part_of
from extract.records import Ask, Hop, Page
from flows.line.anew import replay
from flows.line.anew.replay import Key, key_of
from flows.line.parts.lists import Wanted
from flows.line.web import Answer
from storage import archive
from storage.store.place import Place
from storage.write.batch import Run

if TYPE_CHECKING:
    from flows.line.work import Work

OLDEST = timedelta(days=7)  # of answers that wait for somebody to need them


@dataclass(frozen=True, slots=True)
class Come:
    """An answer of a part, and when its run began."""

    at: datetime
    answer: Answer | None  # documents without their body; None: it is in the file, which is read once it is needed
    file: str = ""  # of the archive, where it is a document
    note: dict[str, Any] | None = None  # of an answer that left none


class Parts:
    """What came of the parts' runs, and what they are to ask next."""

    def __init__(self, place: Place, count: int, book: robots.Book) -> None:
        """`place` is the archive, `count` how many parts there are now; `book` learns what parts learned of hosts' rules."""
        self._place, self._count, self._book = place, count, book
        self._come: dict[Key, Come] = {}
        self._used: dict[str, dict[Key, Come]] = defaultdict(dict)  # feed → the answers that a look at it has used
        self._wanted: dict[Key, Ask] = {}
        self.runs: list[Run] = []  # of the parts: they are loaded with the run that takes them in

    def take(self, name: str) -> None:
        """Take in a part's archive file. Raises Damaged where it cannot be read."""
        recorded = replay.read(self._place, name)
        if recorded.run is None:
            raise archive.Damaged(f"{name} does not say of which run it is")
        self.runs.append(replace(recorded.run, archive_file=name))
        began = recorded.run.started_at
        for page in recorded.pages:
            if page.ask.role == "robots":
                whole = archive.read_page(self._place, name, page.warc_offset)
                self._book.learn(robots.origin(page.ask.url), whole, page.fetched_at)
            else:
                self._come[key_of(page.ask)] = Come(began, page, name)
        for said in (one for batch in recorded.notes["answers"] for one in batch):
            self._come[said["role"], said["url"], said["subject"]] = Come(began, replay.answered(said), note=said)
        for said in (one for batch in recorded.notes["robots"] for one in batch):
            self._book.take(replay.robots_of(said))

    def hold(self, held: Iterable[dict[str, Any]]) -> None:
        """Take in what earlier runs left unused."""
        for one in held:
            at, note = datetime.fromisoformat(one["at"]), one.get("note")
            come = Come(at, replay.answered(note), note=note) if note else Come(at, None, one["file"])
            self._come[one["role"], one["url"], one["subject"]] = come

    def held(self, now: datetime) -> list[dict[str, Any]]:
        """What is left unused, but for what nobody has needed for a week."""
        return [_held(key, come) for key, come in self._come.items() if now - come.at < OLDEST]

    def feeds(self) -> frozenset[str]:
        """The feeds that were answered already: they are looked at now, whenever they are due."""
        return frozenset(subject for role, _, subject in self._come if role == "feed")

    def fetch(
        self,
        asks: Sequence[Ask],
        work: "Work",  # noqa: ARG002  as every Web
        keep: Callable[[Page], Page],  # noqa: ARG002  a part has kept it
        tell: Callable[[Ask, Answer], object] = lambda *_: None,
        *,
        by_rules: bool = False,  # noqa: ARG002  a part has gone by them
        stop: client.Stop | None = None,  # noqa: ARG002  nothing is waited for
    ) -> list[Answer]:
        """As `Web.fetch`, of what parts were answered. What they were not is Elsewhere, and goes on their lists."""
        answers = []
        for ask in asks:
            answers.append(self._answer(ask))
            tell(ask, answers[-1])
        return answers

    def want(self, asks: Iterable[Ask]) -> None:
        """Put on the lists what has not been answered yet."""
        self._wanted |= {key_of(ask): ask for ask in asks if key_of(ask) not in self._come}

    def lists(self, made_by: str, now: datetime) -> dict[int, Wanted]:
        """What each part is to ask for."""
        asks: dict[int, list[Ask]] = {part: [] for part in range(1, self._count + 1)}
        for ask in client.in_turns(self._wanted.values()):
            asks[part_of(ask.url, self._count)].append(ask)
        return {part: Wanted(made_by, tuple(found), self._rules(found, now)) for part, found in asks.items()}

    def _rules(self, asks: Iterable[Ask], now: datetime) -> list[dict[str, Any]]:
        known = (
            self._book.at(where, now) for where in sorted({robots.origin(a.url) for a in asks if a.role == "page"})
        )
        return [asdict(rules) for rules in known if rules is not None]

    def _answer(self, ask: Ask, before: tuple[Hop, ...] = ()) -> Answer:
        """The answer to an ask, which these redirects of other parts led to."""
        key = key_of(ask)
        come = self._come.get(key)
        try:
            if come is not None and come.answer is None:
                self._open(come.file)
        except (Transient, Refused) as error:  # its file is elsewhere, and nobody answers there: it is held on
            return Elsewhere(f"{ask.url}: answered, and not to be had just now: {error}")
        except Broken:  # its file is damaged, or went whole with what had its time: it is asked for again
            del self._come[key]
        come = self._come.pop(key, None)
        if come is None or come.answer is None:  # never asked, or forgotten since
            return self._not_yet(ask)
        if isinstance(come.answer, Elsewhere):
            return self._onward(ask, come, come.answer, before)
        if ask.role in ("feed", "older"):
            self._used[ask.subject][key] = come
            if isinstance(come.answer, Page) and come.answer.warc_file:
                whole = archive.read_page(self._place, come.answer.warc_file, come.answer.warc_offset)
                return replace(come.answer, body=whole.body)
        return come.answer

    def _open(self, name: str) -> None:
        """Read what is held of an archive file. Raises Damaged where it cannot be read."""
        for page in archive.read_file(self._place, name):
            come = self._come.get(key_of(page.ask))
            if come is not None and come.answer is None and come.file == name:
                self._come[key_of(page.ask)] = replace(come, answer=replace(page, body=b""))

    def _not_yet(self, ask: Ask) -> Elsewhere:
        self._wanted[key_of(ask)] = ask
        if ask.role == "older":  # the look that leads to it is done once all that it leads to is there
            self._come |= self._used.pop(ask.subject, {})
        return Elsewhere(f"{ask.url}: part {part_of(ask.url, self._count)} asks for it")

    def _onward(self, ask: Ask, come: Come, turned: Elsewhere, before: tuple[Hop, ...]) -> Answer:
        """The answer of the part that a redirect led to; a loop from part to part is one as within a part."""
        hops = (*before, *turned.hops)
        if turned.led_to in {hop.url for hop in hops}:
            return RedirectLoop(f"{ask.url}: redirects lead round in a circle; a browser may show where")
        answer = self._answer(replace(ask, url=turned.led_to, etag="", last_modified=""), hops)
        if isinstance(answer, Elsewhere):
            self._come[key_of(ask)] = come
            return answer
        if isinstance(answer, NewsduckError):
            return answer
        if len(hops) + len(answer.hops) > client.MAX_HOPS:
            return RedirectLoop(f"{ask.url}: more than {client.MAX_HOPS} redirects; a browser may show where they end")
        return replace(answer, ask=ask, hops=(*turned.hops, *answer.hops))


def _held(key: Key, come: Come) -> dict[str, Any]:
    role, url, subject = key
    said = {"role": role, "url": url, "subject": subject, "at": come.at.isoformat()}
    return {**said, "note": come.note} if come.note is not None else {**said, "file": come.file}
