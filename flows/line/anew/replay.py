"""A run replayed: what it asks is answered as it was then, by its archive file, and its moments are those of then."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from extract import errors, urls
from extract.errors import Elsewhere, Later, NewsduckError
from extract.fetch import client, robots
from extract.records import Ask, Hop, Page, Robots
from flows.line.web import Answer
from storage import archive
from storage.salvage import Span
from storage.store.place import Place
from storage.write.batch import Run

if TYPE_CHECKING:
    from flows.line.work import Work

Key = tuple[str, str, str]  # role, address, subject


@dataclass(slots=True)
class Recorded:
    """What an archive file says of its run."""

    name: str
    run: Run | None = None  # None: written before runs had journals
    asked: dict[str, Any] = field(default_factory=dict)
    by: str = ""  # names what the run went by
    went_by: dict[str, Any] | None = None  # that itself, where this file has it
    moments: dict[str, datetime] = field(default_factory=dict)
    tells: bool = False  # it says how far it came; runs did not before
    ended: bool = False  # it was loaded; of one that does not tell: or about to be
    did: set[tuple[str, str]] = field(default_factory=set)  # (its own name or that of one that died, what it committed)
    notes: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    pages: list[Page] = field(default_factory=list)  # without their bodies

    @property
    def since(self) -> datetime | None:
        """The moment from which on a person asked for it, where one was named."""
        said = self.asked.get("since")
        return datetime.fromisoformat(said) if said else None


def read(place: Place, name: str, whole: Sequence[Span] | None = None) -> Recorded:
    """What an archive file says of its run; of one that is damaged, what is `whole` of it. Raises Damaged where it cannot be read."""
    found = Recorded(name)
    for one in archive.read_all(place, name, spans=whole):
        if isinstance(one, Page):
            found.pages.append(replace(one, body=b""))
            continue
        what, said = one
        if what == "begin":
            run = {**said["run"], "started_at": datetime.fromisoformat(said["run"]["started_at"])}
            found.run, found.asked, found.by = Run(**run), said["asked"], said["by"]
            found.went_by, found.tells = said.get("went_by"), said.get("tells", False)
        elif what == "end":
            found.moments |= {name: datetime.fromisoformat(at) for name, at in said["moments"].items()}
            found.ended |= not found.tells and found.run is not None and f"{found.run.name} written" in found.moments
        elif what == "done":
            found.did.add((said[0], said[1]))
        else:
            found.notes[what].append(said)
    found.ended |= found.run is not None and (found.run.name, "load") in found.did
    return found


class Kept(archive.ArchiveWriter):
    """The archive file of a run that is replayed: it is written already."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __exit__(self, *_: object) -> None: ...

    def keep(self, page: Page) -> Page:
        return page

    def note(self, what: str, said: Any) -> None: ...

    def sync(self) -> None: ...


class Answers:
    """What a run was answered."""

    def __init__(self, place: Place, recorded: Recorded) -> None:
        self._place = place
        self._pages: dict[Key, list[Page]] = defaultdict(list)
        self._others: dict[Key, list[dict[str, Any]]] = defaultdict(list)
        self._rules: list[Page | Robots] = []
        for page in recorded.pages:
            if page.ask.role == "robots":
                self._rules.append(page)
            elif page.ask.role != "capture":  # nobody was asked for it
                self._pages[_as_now(key_of(page.ask))].append(page)
        for batch in recorded.notes["answers"]:
            for one in batch:
                self._others[_as_now((one["role"], one["url"], one["subject"]))].append(one)
        self._rules += [robots_of(one) for batch in recorded.notes["robots"] for one in batch]
        self.unasked: list[str] = []  # what the run asked then and does not now, and the other way round

    def fetch(
        self,
        asks: Sequence[Ask],
        work: "Work",
        keep: Callable[[Page], Page],  # noqa: ARG002  it is kept
        tell: Callable[[Ask, Answer], object] = lambda *_: None,
        *,
        by_rules: bool = False,
        stop: client.Stop | None = None,  # noqa: ARG002  nothing is waited for
    ) -> list[Answer]:
        """As `Web.fetch`, from the archive."""
        if by_rules:
            self._learn(work.book)
        answers = [self._answer(ask) for ask in asks]
        for ask, answer in zip(asks, answers, strict=True):
            tell(ask, answer)
        return answers

    def left(self) -> list[str]:
        """The addresses that the run was answered and did not ask for now."""
        return [url for (_, url, _), pages in (*self._pages.items(), *self._others.items()) if pages]

    def _answer(self, ask: Ask) -> Answer:
        key = _as_now(key_of(ask))
        if pages := self._pages[key]:
            return self._document(pages.pop(0))
        if others := self._others[key]:
            return answered(others.pop(0))
        self.unasked.append(ask.url)
        return Later(f"{ask.url}: was not asked for in the run that is replayed")

    def _document(self, page: Page) -> Page:
        if page.ask.role == "page":
            return page  # its reader takes it from the archive
        return replace(page, body=archive.read_page(self._place, page.warc_file, page.warc_offset).body)

    def _learn(self, book: robots.Book) -> None:
        for one in self._rules:
            if isinstance(one, Page):
                whole = archive.read_page(self._place, one.warc_file, one.warc_offset)
                book.learn(robots.origin(one.ask.url), whole, one.fetched_at)
            else:
                book.take(one)
        self._rules = []


def answered(said: Mapping[str, Any]) -> Answer:
    """An answer that left no document, of its note."""
    if "error" in said:
        kind: type[NewsduckError] = getattr(errors, said["error"], NewsduckError)
        error = kind(said["said"])
        if isinstance(error, Elsewhere):
            error.led_to, error.hops = said["led_to"], tuple(Hop(**hop) for hop in said["hops"])
        elif isinstance(error, Later) and said["until"]:
            error.until = datetime.fromisoformat(said["until"])
        return error
    page = said["page"]
    return Page(
        ask=Ask(**page["ask"]),
        url=page["url"],
        status=page["status"],
        headers=tuple((name, value) for name, value in page["headers"]),
        body=b"",
        fetched_at=datetime.fromisoformat(page["fetched_at"]),
        seconds=page["seconds"],
        hops=tuple(Hop(**hop) for hop in page["hops"]),
        left_out=(page["left_out"][0], page["left_out"][1]),
    )


def key_of(ask: Ask) -> Key:
    """What an answer is found by."""
    return ask.role, ask.url, ask.subject


def _as_now(key: Key) -> Key:
    """An article's key by its address as it is made canonical now: what goes of one has grown since some were asked for."""
    role, *addresses = key
    url, subject = (urls.canonical(one) or one for one in addresses) if role == "page" else addresses
    return role, url, subject


def robots_of(said: Mapping[str, Any]) -> Robots:
    """Rules as they were noted."""
    moments = {name: datetime.fromisoformat(said[name]) for name in ("fetched_at", "expires_at") if said[name]}
    return Robots(**{**said, **moments})
