"""The search index beside the warehouse: caught up by each run, and by whoever searches where it is behind, missing or
damaged. What it cannot be trusted with costs time, never a wrong answer."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from extract.errors import Broken
from extract.tag import index
from extract.tag.index import Index
from extract.tracked import Document
from extract.words import Lines
from flows.board import progress
from storage.derived import index_mark
from storage.look import kept
from storage.look.kept import Kept
from storage.warehouse import Warehouse


@contextmanager
def opened(warehouse: Warehouse) -> Iterator[tuple[Index, Kept]]:
    """The index and the people's file it was made from, which stay as they are inside."""
    with ExitStack() as stack:
        look = stack.enter_context(kept.looked_at(warehouse.published))
        stack.enter_context(index_mark.held(warehouse.index, alone=False))
        found = _current(warehouse.index, look)
        if found is not None:
            yield found, look
            return
    with (
        index_mark.held(warehouse.index, alone=True),
        kept.looked_at(warehouse.published) as look,
    ):
        yield _catch_up(warehouse.index, look), look


def catch_up(warehouse: Warehouse, lines: Lines | None = None) -> None:
    """Bring the index up to what is published. `lines` are texts that are cut into words already."""
    with index_mark.held(warehouse.index, alone=True), kept.looked_at(warehouse.published) as look:
        _catch_up(warehouse.index, look, lines)


def _current(folder: Path, look: Kept) -> Index | None:
    """The index in a folder, if it can be trusted and is that of this very file."""
    mark = index_mark.read(folder)
    if mark is None or mark.format != index.FORMAT or mark.state != look.state:
        return None
    try:
        return Index(folder)
    except Broken:
        return None


def _catch_up(folder: Path, look: Kept, lines: Lines | None = None) -> Index:
    index_mark.recognize(folder)
    if (found := _current(folder, look)) is not None:
        return found
    mark = index_mark.read(folder)
    if mark is not None and mark.format == index.FORMAT and look.knows(mark.runs):
        with suppress(Broken):  # damaged in a way its files do not show
            return _brought_up(folder, look, mark.runs, lines)
    index_mark.empty(folder)
    return _brought_up(folder, look, (), lines)


def _brought_up(folder: Path, look: Kept, done: Sequence[int], lines: Lines | None) -> Index:
    """The index with what other runs than those `done` wrote, and without what is not kept any more."""
    found, changed = Index(folder), look.changed(done)
    if changed or not done:
        tick = progress.watcher.stage("index", len(changed)) if changed else lambda: None
        found.write(_ticked(look.documents(changed), tick), lines=lines)
    if found.count() != look.state[2]:
        found.write((), gone=found.ids() - look.ids())
    index_mark.write(folder, index.FORMAT, look.state, look.runs() if changed else set(done))
    return found


def _ticked(documents: Iterator[Document], tick: Callable[[], object]) -> Iterator[Document]:
    for document in documents:
        tick()
        yield document
