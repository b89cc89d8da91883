"""Asking the web, as a run's steps do: of hosts, with a note of each answer that leaves no document; or of what an earlier run was
answered, when that is replayed."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, Protocol

from extract.errors import Elsewhere, Later, NewsduckError
from extract.fetch import client, robots
from extract.records import Ask, Page

if TYPE_CHECKING:
    from flows.line.work import Work

Answer = Page | NewsduckError


class Web(Protocol):
    """Whoever answers a run's asks."""

    def fetch(
        self,
        asks: Sequence[Ask],
        work: "Work",
        keep: Callable[[Page], Page],
        tell: Callable[[Ask, Answer], object] = lambda *_: None,
        *,
        by_rules: bool = False,
        stop: client.Stop | None = None,
    ) -> list[Answer]:
        """For each ask its page, as `keep` gives it back, or why there is none; in the order of the asks.

        Args:
            keep: Takes each page as soon as it is whole, and archives it.
            tell: Is told of each answer thereafter.
            by_rules: Ask only what robots.txt allows.
            stop: Whoever holds it ends the asking.
        """
        ...


_NOTED = [field.name for field in fields(Page) if field.name not in ("body", "warc_file", "warc_offset")]


class Hosts:
    """The hosts themselves; of a divided fetch those of one part."""

    def __init__(self, part: tuple[int, int] | None = None) -> None:
        self._part = part

    def fetch(
        self,
        asks: Sequence[Ask],
        work: "Work",
        keep: Callable[[Page], Page],
        tell: Callable[[Ask, Answer], object] = lambda *_: None,
        *,
        by_rules: bool = False,
        stop: client.Stop | None = None,
    ) -> list[Answer]:
        """As `Web.fetch`, politely."""
        left: list[dict[str, Any]] = []
        known, documents = set(work.book.learned), set[str]()

        def kept(page: Page) -> Page:
            if page.ask.role == "robots":
                documents.add(robots.origin(page.ask.url))
            return keep(page)

        def told(ask: Ask, answer: Answer) -> None:
            if not (isinstance(answer, Page) and answer.warc_file):
                left.append(noted(ask, answer))
            tell(ask, answer)

        book = work.book if by_rules else None
        manners = replace(work.settings.manners, part=self._part)
        answers = client.fetch_all(asks, manners, kept, work.turns, book, told, stop=stop)
        if left:
            work.archive.note("answers", left)
        if unheard := work.book.learned.keys() - known - documents:
            work.archive.note("robots", [asdict(work.book.learned[where]) for where in sorted(unheard)])
        return answers


def noted(ask: Ask, answer: Answer) -> dict[str, Any]:
    """An answer that left no document, as its note: what it was asked for, and what it said."""
    asked = {"role": ask.role, "url": ask.url, "subject": ask.subject}
    if isinstance(answer, NewsduckError):
        told: dict[str, Any] = {**asked, "error": type(answer).__name__, "said": str(answer)}
        if isinstance(answer, Elsewhere):
            return {**told, "led_to": answer.led_to, "hops": [asdict(hop) for hop in answer.hops]}
        return {**told, "until": answer.until} if isinstance(answer, Later) else told
    said = {field: getattr(answer, field) for field in _NOTED}
    inner = {"ask": asdict(answer.ask), "hops": [asdict(hop) for hop in answer.hops]}
    return {**asked, "page": said | inner | {"left_out": (answer.size, answer.key)}}
