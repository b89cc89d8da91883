"""What is forgotten, past its time or named by a person: chosen, said, and taken out of every file.

choose ─ archive files written anew beside ─ dashboard and logs ─ rows deleted, stories decided anew: one transaction
       ─ working file written anew, published ─ archive files in place ─ index, topics' and days' pages

A kill before the transaction leaves everything as it was, but for the dashboard; whatever comes after it finishes the rest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from extract import urls
from extract.errors import BadInput, NewsduckError
from extract.group import stories
from extract.keys import key
from extract.poll import cutting
from extract.records import Copy, Feed
from flows.board import mentions, progress
from flows.board.mentions import Sought
from flows.board.paper import dossiers, newspaper
from flows.line import index, journal
from flows.line.anew.regroup import decide_ids
from flows.line.events import tell as tell_events
from flows.line.load import load
from flows.line.parts import lists
from flows.line.tag import number_topics, tag
from flows.line.work import Work
from flows.settings import Settings
from flows.telling import some
from storage import disk, duck, upgrade
from storage.erase import place as files_of
from storage.erase import rewrite
from storage.erase.house import Wanted
from storage.erase.rewrite import Cut, Listing, Rewritten
from storage.erase.rows import Asked, Chosen
from storage.retention import NEVER, Limits

SHOWN = 10  # files that are named


@dataclass(frozen=True, slots=True)
class Gone:
    """What goes, or went."""

    chosen: Chosen
    whole: tuple[str, ...] = ()  # archive files that are deleted
    files: Sequence[Rewritten] = ()  # those that are written anew
    mentioned: int = 0  # rows and lines of the dashboard's and of logs
    odd: Sequence[str] = field(default_factory=tuple)  # what may have it and is the person's to delete

    def __bool__(self) -> bool:
        return bool(self.chosen)


def decide_limits(settings: Settings, now: datetime) -> Limits:
    """Since when something must have been seen of a story for it to stay, by the settings."""

    def since(days: int) -> datetime:
        return now - timedelta(days=days) if days else NEVER

    keep = settings.keep
    others = since(keep.others_days if keep.articles == "matching" else keep.days)
    topics = {
        name: since(keep.days if topic.keep_days is None else topic.keep_days)
        for name, topic in settings.topics.items()
    }
    return Limits(others, topics)


def look(work: Work, wanted: Wanted) -> Gone:
    """What would go. Raises BadInput where a person names what is not kept."""
    return _look(work, _with_hosts(wanted, work), only_say=True)


def _with_hosts(wanted: Wanted, work: Work) -> Wanted:
    """What is wanted, sites' entries by the hosts that are their own: `a.github.io` is none of github.io's."""
    if not isinstance(wanted, Asked) or not wanted.sites:
        return wanted
    hosts = [host for host in work.warehouse.hosts() if host and urls.site(f"https://{host}/") in wanted.sites]
    return replace(wanted, hosts=hosts)


def _look(work: Work, wanted: Wanted, *, only_say: bool) -> Gone:
    if isinstance(wanted, Asked):
        _look_up(work, wanted)
    chosen, whole = work.warehouse.what_goes(wanted)
    if not chosen:
        return Gone(chosen)
    place, named = work.warehouse.archive, isinstance(wanted, Asked)
    out = rewrite.Wanted(
        chosen.urls,
        journal.without(chosen.urls),
        chosen.places,
        None if named else chosen.first,
        None if named else chosen.last,
        None if named else frozenset(chosen.listed),
    )
    cut = _cutter(chosen, work)
    names = [name for name in rewrite.names(place, out) if name not in whole]
    tick = progress.watcher.stage("archive", len(names))
    done = []
    for name in names:
        stays = work.warehouse.stays_in(name, chosen.articles)
        if (one := rewrite.rewrite(place, name, out, cut, stays, only_say=only_say)) is not None:
            done.append(one)
        tick()
    return Gone(chosen, whole, done, odd=files_of.odd(work.warehouse.data, place))


def _look_up(work: Work, asked: Asked) -> None:
    parts = (
        *((url, Asked(urls=(url,))) for url in asked.urls),
        *((site, Asked(sites=(site,))) for site in asked.sites),
        *((story, Asked(stories=(story,))) for story in asked.stories),
    )
    for named, part in parts:
        if not work.warehouse.what_goes(_with_hosts(part, work))[0]:
            raise BadInput(
                f"nothing is kept of {named}: `newsduck search` and `newsduck sql` show what is; an address is that of the article, "
                "a site the domain in `articles.site`, a story its id"
            )


def _cutter(chosen: Chosen, work: Work) -> Cut:
    """Cuts what goes out of a list, in a process with limits, as lists are read. Lists of feeds that brought it are read whole, of
    others those in whose bytes a part of an address stands."""
    feeds = {feed.url: feed for feed in work.warehouse.feeds().values()}
    hosts = {(urlsplit(url).hostname or "").encode(): set[tuple[bytes, str]]() for url in chosen.urls}
    for url in chosen.urls:
        hosts[(urlsplit(url).hostname or "").encode()].add((cutting.telling(url).encode(), url))

    def cut(one: Listing) -> bytes | None:
        body = one.body
        own = chosen.listed.get(one.subject, frozenset())
        near = {u for host, told in hosts.items() if host in body for part, u in told if part in body}
        if not own and not near:
            return body
        feed = feeds.get(one.subject) or Feed(key(one.subject), one.subject)
        feed = Feed(feed.feed_id, feed.url, feed.title, format=feed.format)
        keys, links = frozenset(k for k, _ in own), frozenset({*near, *(u for _, u in own)} - {""})
        job = (body, feed, one.url, one.fetched_at, one.content_type, keys, links)
        (found,) = work.sandbox.map(cutting.cut, [job])
        if isinstance(found, NewsduckError):  # no list, or one that broke its reader
            return None if near else body
        return found

    return cut


def delete(work: Work, wanted: Wanted, now: datetime, tell: Callable[[str], object] = lambda _: None) -> Gone:
    """Take out of every file what is past these limits, or named, or was listed again since it was forgotten; gives what went. What
    is kept from before the last upgrade goes with it, for it has the same texts; that is told."""
    finish(work, tell)
    rewrite.sweep(work.warehouse.archive)
    wanted = _with_hosts(wanted, work)
    gone = _look(work, wanted, only_say=False)
    if not gone:
        return gone
    if upgrade.drop_before(work.warehouse.path):
        tell("what was kept from before the last upgrade is deleted too: there is no way back to it any more")
    chosen, settings = gone.chosen, work.settings
    sought = Sought(chosen.titles, chosen.passages, chosen.urls)
    reports, home = settings.data_folder / "reports", settings.data_folder / "prefect"
    days = {day for day in chosen.days if (reports / f"{day}.html").exists()} | mentions.days(reports, sought)
    mentioned = mentions.clean_database(home / "prefect.db", sought) + mentions.clean_logs(home, sought)
    copies = _decided_anew(work, chosen)
    numbered = number_topics(work) if copies else None
    matches = tag((), copies, numbered, work) if numbered else ()
    lists.forget(work.warehouse.data, chosen.urls)  # before, for nothing that comes after a kill knows the addresses
    first = work.warehouse.deletion(wanted, work.run.run_id, now, gone.files, gone.whole, days)
    load(work, work.moment("written"), copies=copies, topics=numbered, matches=matches, first=first)
    if copies:
        tell_events(work)
    finish(work, tell)
    return replace(gone, mentioned=mentioned)


def _decided_anew(work: Work, chosen: Chosen) -> list[Copy]:
    """The rows of what stays of the stories that lose an article, as if the others had come alone; the larger part keeps the id."""
    found = [m for m in work.warehouse.members(chosen.touched) if m.article_id not in chosen.articles]
    fresh = [replace(member, story_id=None) for member in found]
    grouped = stories.group(fresh, [], timedelta(days=work.settings.group.window_days))
    return decide_ids(grouped, {m.article_id: m.story_id for m in found if m.story_id is not None})


def finish(work: Work, tell: Callable[[str], object] | None = None) -> None:
    """Finish the erasures whose rows are gone: files in place, index and pages made anew. What of the archive is elsewhere is
    finished where that answers; else by the next run, and that is told."""
    warehouse, settings = work.warehouse, work.settings
    waiting = warehouse.settle(settings.share.group)
    if not waiting:
        return
    try:
        index.catch_up(warehouse)
    except (NewsduckError, OSError) as error:
        progress.watcher.warn(f"the search index is behind ({error}); the next search brings it up")
    _write_pages(settings, {day for one in waiting for day in one.days})
    try:
        files_of.send_on(warehouse.archive, waiting)
    except NewsduckError as error:
        (tell or progress.watcher.warn)(
            f"what is forgotten is not yet out of {warehouse.archive}: {error}; the next run goes on"
        )
        return
    for one in waiting:  # whoever finishes it says so in his journal, for a rebuild
        work.archive.note("forgotten", warehouse.erasure(one.run_id))
    work.archive.sync()
    warehouse.erased([one.run_id for one in waiting], datetime.now(UTC))


def _write_pages(settings: Settings, days: set[date]) -> None:
    """Write anew the days' pages that are there, and those of all topics."""
    reports = settings.data_folder / "reports"
    topics = [*(reports / "topics").glob("*.html"), *(reports / "topics").glob("*.atom")]
    with disk.told(f"writing pages of {reports} anew", "the warehouse has everything, and the next run writes them"):
        for path in topics:
            path.unlink(missing_ok=True)
    with duck.held_open(settings.data_folder / "warehouse.duckdb"):
        if topics:
            dossiers.write(settings)
        for day in sorted(days):
            if (reports / f"{day}.html").exists():
                newspaper.write(settings, day)


def told(gone: Gone) -> str:
    """What goes, in words."""
    chosen = gone.chosen
    pages, lists = sum(one.pages for one in gone.files), sum(one.cut for one in gone.files)
    words = (
        f"{some(chosen.stories, 'story', 'stories')} with {some(len(chosen.articles), 'article')}, "
        f"{some(chosen.entries, 'entry', 'entries')}; of the archive {some(pages, 'page')}, an item of {some(lists, 'list')}, "
        f"{some(len(gone.whole), 'file')} as a whole"
    )
    return f"{words}; {some(len(chosen.touched), 'story is', 'stories are')} decided anew" if chosen.touched else words


def details(gone: Gone) -> list[str]:
    """Which files, and what is left to the person, in lines."""
    lines = []
    for said, names in (
        ("written anew", [one.name for one in gone.files]),
        ("deleted", gone.whole),
        (
            "in which a whole list goes, for the item cannot be cut out of it",
            [one.name for one in gone.files if one.lists],
        ),
        ("damaged, and kept as they were beside", [one.name for one in gone.files if one.damaged]),
    ):
        if names:
            more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
            lines.append(f"{some(len(names), 'archive file')} {said}: {', '.join(names[:SHOWN])}{more}")
    if gone.odd:
        lines.append(
            "not touched, for they are yours: "
            + ", ".join(gone.odd)
            + " (set aside as damaged, or no run's); they may have what "
            "is forgotten: look at them, and delete them"
        )
    return lines
