"""Trying feeds by hand: is there one, where, and what it gives. Nothing is archived and nothing is learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from extract import moments, urls
from extract.errors import BadInput, NewsduckError, NotAFeed
from extract.fetch import client, robots
from extract.keys import key
from extract.poll import discovery, polls
from extract.records import Ask, Entry, Feed, FeedDocument, Page, Poll
from extract.sandbox import Sandbox
from extract.vocabulary import PAGE
from flows.line.look import looks
from flows.line.work import Looked
from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class Tried:
    """A feed as it answered."""

    feed: Feed
    page: Page
    poll: Poll
    document: FeedDocument


def get(addresses: Sequence[str], settings: Settings) -> list[Page | NewsduckError]:
    """What these addresses answer."""
    limit = int(settings.fetch.max_feed_mb * 2**20)
    asks = [Ask(address, "feed", address, limit) for address in addresses]
    return client.fetch_all(asks, settings.manners, lambda page: page)


def as_feeds(pages: Sequence[Page], sandbox: Sandbox, form: str = "") -> list[Tried | NewsduckError]:
    """Each page as a feed of that format, or why it is none."""
    now = datetime.now(UTC)
    jobs = [(Feed(key(page.ask.url), page.ask.url, format=form), page, now) for page in pages]
    return [_tried(look, page) for look, page in zip(looks(jobs, sandbox), pages, strict=True)]


def _tried(look: Looked, page: Page) -> Tried | NewsduckError:
    if look.document is None:
        return NotAFeed(look.poll.error.removesuffix(polls.ANOTHER))  # who asks is doing that
    return Tried(look.feed, page, look.poll, look.document)


def find(address: str, settings: Settings, sandbox: Sandbox) -> list[Tried]:
    """The feeds at an address: the one it is, or those of the site whose page it is, likeliest first; where it has none, its
    sitemap for news, or else the page itself, watched for links to articles. Raises what kept them from being found:
    NotAFeed, BadInput where the address is none, or the error of fetching it."""
    page = _first(address, settings)
    where = discovery.candidates(page.body if page.status == 200 else b"", page.url)
    tried: NewsduckError = NotAFeed(f"{page.url} answers HTTP {page.status}")
    if page.status == 200:
        (look,) = as_feeds([page], sandbox)
        if isinstance(look, Tried):
            return [look]
    if found := _feeds_at(where, settings, sandbox):
        return found
    (rules,) = get([f"{robots.origin(page.url)}/robots.txt"], settings)
    told = rules.body.decode("utf-8", "replace") if isinstance(rules, Page) and rules.status == 200 else ""
    maps = discovery.sitemaps(told, page.url)
    if found := _feeds_at(maps, settings, sandbox)[:1]:
        return found
    if page.status == 200:
        (look,) = as_feeds([page], sandbox, PAGE)
        if isinstance(look, Tried):
            return [look]
        tried = look
    raise NotAFeed(
        f"{tried}; none of {len(where) + len(maps)} likely addresses there is a feed either: give the feed's own address, or "
        "that of a page that lists articles"
    )


def _first(address: str, settings: Settings) -> Page:
    """The page at an address; a name is looked for as a browser would: https, http, and with www before it."""
    bare = "://" not in address
    ways = [f"{scheme}://{www}{address}" for www in ("", "www.") for scheme in ("https", "http")] if bare else [address]
    failed: NewsduckError | None = None
    for way in ways:
        if (url := urls.canonical(way)) is None:
            break
        (answer,) = get([url], settings)
        if isinstance(answer, Page):
            return answer
        failed = failed or answer
    raise failed or BadInput(f"{address!r} is no http(s) address")


def _feeds_at(addresses: Sequence[str], settings: Settings, sandbox: Sandbox) -> list[Tried]:
    """Of these addresses those that are feeds, one of two that answer alike; those of comments last, and before them those
    that list nothing, as a publishing system's own often does beside the one a site has made."""
    answers = [a for a in get(addresses, settings) if isinstance(a, Page) and a.status == 200]
    found: dict[int, Tried] = {}
    for each in as_feeds(answers, sandbox):
        if isinstance(each, Tried) and each.poll.body_hash is not None:
            found.setdefault(each.poll.body_hash, each)  # one feed under two names
    return sorted(
        found.values(), key=lambda one: (discovery.is_of_comments(one.document.title), not one.document.entries)
    )


def explain(tried: Tried, settings: Settings) -> list[str]:
    """What a person wants to know of a feed before they trust it, a line each."""
    page, document, poll = tried.page, tried.document, tried.poll
    kind = page.header("content-type").split(";")[0] or "no content type"
    way = "".join(f" ← {hop.status} from {hop.url}" for hop in reversed(page.hops))
    lines = [
        f"answers   HTTP {page.status}, {kind}, {len(page.body) / 1024:,.0f} KB in {page.seconds:.2f} s, at {page.url}{way}"
    ]
    listed = document.entries
    lines.append(
        f"is        {document.format or 'a feed'}, {document.title or 'without a title'!r}, {len(listed)} entries"
    )
    dates = sorted(e.published_at for e in listed if e.published_at)
    if dates:
        window = f", a window of {poll.window_hours:.0f} hours" if poll.window_hours else ""
        lines.append(f"covers    {dates[0]:%Y-%m-%d %H:%M} to {dates[-1]:%Y-%m-%d %H:%M} UTC{window}")
    whole = sum(len(e.content.split()) >= 150 for e in listed)
    lines.append(
        f"gives     links {_of(listed, [bool(e.url) for e in listed])}, dates {_of(listed, [e.published_at is not None for e in listed])}, "
        f"authors {_of(listed, [bool(e.authors) for e in listed])}, whole texts {whole}/{len(listed)}"
    )
    after = polls.after(tried.feed, poll, settings.bounds)
    wishes = [f"{document.wishes.minutes:g} minutes between looks"] if document.wishes.minutes else []
    wishes += [f"answers kept for {poll.fresh_seconds:g} s"] if poll.fresh_seconds else []
    wishes += [f"hours {', '.join(map(str, after.skip_hours))} skipped"] if after.skip_hours else []
    validators = [name for name in ("ETag", "Last-Modified") if page.header(name)]
    lines.append(f"asks for  {'; '.join(wishes) or 'nothing'}; validators: {' and '.join(validators) or 'none'}")
    if after.next_poll_at:
        wait = (after.next_poll_at - poll.polled_at).total_seconds() / 60
        lines.append(f"next look {wait:.0f} minutes later, to begin with")
    lines += [f"note      {note}" for note in [*_notes(listed, document, poll), *_pages(listed, settings)]]
    return lines


def _of(listed: Sequence[Entry], have: Sequence[bool]) -> str:
    return f"{sum(have)}/{len(listed)}"


def _notes(listed: Sequence[Entry], document: FeedDocument, poll: Poll) -> list[str]:
    notes = []
    guids = [e.guid for e in listed if e.guid]
    links = [e.url for e in listed if e.url]
    if len(set(guids)) < len(guids):
        notes.append("items share GUIDs; they are told apart by link, or title and date")
    if len(set(links)) < len(links):
        notes.append("items share links; they are told apart by GUID, or title and date")
    if not guids and listed:
        notes.append("no GUIDs; entries are known by their links")
    unclear = [
        e.published_claim for e in listed if e.published_at is None and moments.read(e.published_claim).ambiguous
    ]
    if unclear:
        notes.append(
            f"{len(unclear)} dates are ambiguous, as {unclear[0]} is, and left empty: no other date of the feed's, nor its "
            "language or country, tells which number is the month"
        )
    if document.left_out:
        notes.append(f"{document.left_out} items are beyond the newest 2,000, or too odd to read, and are left out")
    if document.parts:
        notes.append(f"leads to {', '.join(document.parts)}, which are looked at with it")
    elif not listed:
        notes.append("lists nothing just now")
    if document.format == PAGE:
        notes.append("is a page, watched for links to articles: what leaves it between two looks is not seen")
    if poll.window_hours and document.wishes.minutes > poll.window_hours * 30:
        notes.append("its list turns over sooner than it asks to be looked at: newsduck looks sooner")
    if poll.moved_to:
        notes.append(f"it has moved for good: put {poll.moved_to} on your list")
    return notes


def _pages(listed: Sequence[Entry], settings: Settings) -> list[str]:
    """What robots.txt says of the first article's page."""
    url = next((e.url for e in listed if e.url), None)
    if url is None:
        return []
    where = robots.origin(url)
    (answer,) = get([f"{where}/robots.txt"], settings)
    book = robots.Book()
    found = book.learn(where, answer, datetime.now(UTC))
    if found.verdict == "unreachable":
        return [f"{where}/robots.txt cannot be had: articles are not fetched until it can"]
    notes = (
        []
        if book.allows(found, url)
        else [f"{where}/robots.txt asks that articles be left alone: only the feed's own text is kept"]
    )
    if delay := book.delay(found):
        notes.append(f"{where}/robots.txt asks for {delay:g} s between pages")
    return notes
