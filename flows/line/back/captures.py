"""Pages out of web archives: records that are wanted go into newsduck's own archive and are read, grouped, tagged and loaded as any
page is, a batch a run. How far a file was gone through is written with what was taken of it, so that it can be stopped anywhere.

    records ─ decide ─ archive ─┬─ read ─ learn ─ finish        a batch
                                └─ and on, from the next record
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta

from extract import urls
from extract.captures.answers import unpacked
from extract.captures.parts import Place, Torn
from extract.captures.tape import Record, moment, records, unbracketed
from extract.captures.wanted import Wish, decide_answer, decide_record, entry_of, id_of, page_of
from extract.errors import TooLarge, Unreachable
from extract.keys import key
from extract.records import Import, Page
from extract.vocabulary import SkipReason
from flows.line import journal, send
from flows.line.back.sources import Source
from flows.line.finish import finish, keep
from flows.line.group import settle
from flows.line.learn import clean
from flows.line.load import publish_warehouse
from flows.line.read import read
from flows.line.work import Work, start
from flows.telling import some
from storage import archive, publish
from storage.archive import ArchiveWriter

PAGES = 200  # taken to a batch: read by two processes in some ten seconds
RECORDS = 50_000  # looked at to a batch; of CC-NEWS about a file


class _Skipped(Exception):
    """A record is not taken."""

    def __init__(self, why: SkipReason) -> None:
        self.why = why


@dataclass(slots=True)
class Came:
    """What came of the files that one command went through."""

    files: int = 0
    before: int = 0  # of these, gone through before
    records: int = 0
    kept: int = 0
    skipped: Counter[str] = field(default_factory=Counter)  # why → how many
    outcomes: Counter[str] = field(default_factory=Counter)  # of the pages kept


@dataclass(slots=True)
class _Batch:
    """What is taken and not yet loaded."""

    work: Work  # of the run that loads it
    records: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    taken: dict[str, str] = field(default_factory=dict)  # address → record of its capture
    pages: dict[str, Page] = field(default_factory=dict)  # those taken now; their bodies are in the archive


class Captures:
    """Takes pages out of files, in the work of one command."""

    def __init__(self, work: Work, wish: Wish, tell: Callable[[str], object] = lambda _: None) -> None:
        self._work, self._wish, self._tell = work, wish, tell
        self.came = Came()
        self._sends = True  # until that fails: whoever began this tries again at the end

    def take(self, source: Source) -> None:
        """Go through a file, from where that was left. Raises BadInput where it is no WARC file, Unreachable where its host gives no
        more of it: what was taken is kept, and the next run goes on."""
        self.came.files += 1
        file = Import(source.name, self._wish.line, source.size, source.mark)
        before = self._work.warehouse.import_of(file.source, file.wanted)
        if before is not None and (before.size, before.mark) == (file.size, file.mark):
            if before.done:
                self.came.before += 1
                return
            file = before
            self._tell(f"{source.name}: goes on at byte {file.reached:,}, behind {some(file.records, 'record')}")
        batch = self._begin()
        try:
            for record in records(source.file, source.name, Place(file.reached, file.within)):
                if record is not None and (len(batch.taken) >= PAGES or batch.records >= RECORDS):
                    file = self._load(batch, file, record.place)
                    batch = self._begin()
                batch.records += 1
                try:
                    self._one(record, batch)
                    batch.kept += 1
                except _Skipped as skipped:
                    batch.skipped[skipped.why] += 1
            self._load(batch, file, None)
        finally:
            batch.work.archive.close()

    def close(self) -> None:
        """Publish what was loaded."""
        if publish.is_behind(self._work.warehouse.last_finished(), self._work.warehouse.published):
            publish_warehouse(self._work)

    def _begin(self) -> _Batch:
        """A batch is a run with a file of the archive, so that one that dies is finished as any run is."""
        now, place = datetime.now(UTC), self._work.warehouse.archive
        run = start("backfill", now, place=place)  # more than one may end within a second, by which they are named
        writer = ArchiveWriter(place, run.name, run.started_at)
        work = replace(self._work, run=replace(run, started_at=now), archive=writer)
        journal.begin(work)
        return _Batch(work)

    def _load(self, batch: _Batch, file: Import, place: Place | None) -> Import:
        """Load a batch, and with it how far the file was gone through; gives that. Without a place that is its end."""
        file = replace(
            file,
            reached=place.at if place else max(file.size, file.reached),
            within=place.within if place else 0,
            records=file.records + batch.records,
            kept=file.kept + batch.kept,
            skipped=Counter(file.skipped) + batch.skipped,
            done=place is None,
        )
        batch.work.archive.note("captures", asdict(replace(file, skipped=dict(file.skipped))))
        batch.work.archive.sync()
        self.came.outcomes += load(batch.work, list(batch.pages.values()), file)
        batch.work.archive.close()
        if self._sends:  # what goes through months of others' archives finds room here
            self._sends = not send.send(batch.work, self._tell, own=True).told
        self.came.records += batch.records
        self.came.kept += batch.kept
        self.came.skipped += batch.skipped
        self._tell(f"{file.source}: {_far(file)}{some(file.records, 'record')}, {some(file.kept, 'page')} kept")
        return file

    def _one(self, record: Record | None, batch: _Batch) -> None:
        """Take a record's page. Raises _Skipped where it is not taken."""
        if record is None:
            raise _Skipped("damaged")
        if why := decide_record(record, self._wish):
            raise _Skipped(why)
        url, at = urls.canonical(record.url), record.date
        if url is None or at is None:
            raise _Skipped("no address")
        if record.kind == "revisit":
            if not self._is_taken(record, url, batch):
                headers, body = self._revisited(record, url, batch)
                self._keep(page_of(record, url, headers, body, at), batch)
            return
        try:
            answer = record.answer(self._wish.limit)
        except TooLarge as error:
            raise _Skipped("too large") from error
        except Torn as error:
            raise _Skipped("damaged") from error
        if why := decide_answer(answer):
            raise _Skipped(why)
        if self._is_taken(record, url, batch):
            return
        try:
            body = unpacked(answer, self._wish.limit)
        except TooLarge as error:
            raise _Skipped("too large") from error
        except Unreachable as error:
            raise _Skipped("undecodable") from error
        self._keep(page_of(record, url, answer.headers, body, at), batch)

    def _is_taken(self, record: Record, url: str, batch: _Batch) -> bool:
        """Whether this very capture was taken before, by a run that died. Raises _Skipped where another of its address is kept."""
        if url in batch.taken:
            if batch.taken[url] == record.id:
                return True
            raise _Skipped("known")
        held = self._work.warehouse.held(url, key(url), id_of(url))
        if held.forgotten:
            raise _Skipped("forgotten")
        if held.record == record.id:
            batch.taken[url] = record.id
            return True
        if held.stored:
            raise _Skipped("known")
        return False

    def _keep(self, page: Page, batch: _Batch) -> None:
        kept = batch.work.archive.keep(page)
        batch.taken[page.url] = page.ask.subject
        batch.pages[page.url] = replace(kept, body=b"")

    def _revisited(self, record: Record, url: str, batch: _Batch) -> tuple[tuple[tuple[str, str], ...], bytes]:
        """Headers and body of the page that a record says is as it was. Raises _Skipped where that page is not at hand."""
        told = urls.canonical(unbracketed(record.header("WARC-Refers-To-Target-URI"))) or url
        at, page = moment(record.header("WARC-Refers-To-Date")), batch.pages.get(told)
        places = [(page.warc_file, page.warc_offset)] if page else self._work.warehouse.places(told, key(told))
        for name, offset in places:
            page = archive.read_page(self._work.warehouse.archive, name, offset)
            if at is None or abs(page.fetched_at - at) < timedelta(seconds=1):
                return page.headers, page.body
        raise _Skipped("revisit")


def load(work: Work, pages: Sequence[Page], file: Import) -> Counter[str]:
    """Read captures that are in the archive, and load them with how far their file was gone through; gives what came of them."""
    if not pages:
        keep(work, [], listed=(), seen={}, imports=[file], published=False)
        return Counter()
    ready = [(entry_of(page), page) for page in pages]
    read_all = read(ready, {}, work, expected=[page.url for page in pages])
    outcomes, stored = settle(clean(ready, read_all, work), work)
    finish(work, outcomes, stored=stored, imports=[file], published=False)
    own = {entry.entry_id for entry, _ in ready}
    return Counter(o.outcome for o in outcomes if o.entry.entry_id in own and not o.again)


def _far(file: Import) -> str:
    return "to its end, " if file.done else f"{100 * file.reached // file.size} %, " if file.size > 0 else ""
