"""What travels through the house. Frozen, slotted, every time aware UTC; `None` where nobody knows.

Three kinds of fact stand apart: what a publisher *claimed* (names ending in `_claim`, GUIDs, canonical links), what we
*measured* (times of our own clock, hashes, statuses) and what we *concluded* (kind, language, agency, story, topics).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from extract import unseen
from extract.keys import body_key
from extract.vocabulary import (
    AskRole,
    CopyRole,
    CreditFrom,
    DateFrom,
    EntryOutcome,
    FeedStatus,
    NamedBy,
    PollOutcome,
    Precision,
    SeenBy,
    TextFrom,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: where it is, what we need to ask for it again, and how it is doing."""

    feed_id: int  # key of its URL
    url: str  # as the list gives it, canonical
    title: str = ""  # as the list or the feed names it
    site_url: str = ""  # the outlet's home page
    categories: tuple[str, ...] = ()  # the folders it stands in, outermost first
    address: str = ""  # where it is asked for since it moved for good; empty: at its url
    status: FeedStatus = "new"
    held: str = ""  # what waits for the person's word
    last_outcome: str = ""  # of its last poll
    last_error: str = ""
    failures: int = 0  # in a row
    failing_since: datetime | None = None
    polls: int = 0
    interval_minutes: float = 0.0  # learned; 0 before the first look
    wish_minutes: float = 0.0  # asked for by the feed; 0 for none
    skip_hours: tuple[int, ...] = ()  # UTC, 0 to 23
    skip_days: tuple[int, ...] = ()  # Monday 0
    window_hours: float | None = None  # age of the oldest entry listed, but for outliers, behind the newest
    losses: int = 0  # looks between which entries were probably lost
    lost_at: datetime | None = None
    redirect_to: str = ""  # where permanent redirects point
    redirects: int = 0  # sightings of that in a row
    etag: str = ""  # validator of the last whole answer
    last_modified: str = ""  # likewise
    body_hash: int | None = None  # key of the last body; the same body again is `unchanged`
    lying: bool = False  # its validators called a body unchanged that was not
    whole_at: datetime | None = None  # when it last answered with a body
    format: str = ""  # rss20, atom10, json11, news-sitemap, sitemap, page …
    added_at: datetime | None = None
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    next_poll_at: datetime | None = None

    @property
    def asked_at(self) -> str:
        """The address it is asked for at."""
        return self.address or self.url


@dataclass(frozen=True, slots=True)
class Ask:
    """A document to fetch."""

    url: str
    role: AskRole  # older: a feed's earlier part; capture: a page that a web archive captured, and nobody was asked for
    subject: str  # the feed's URL, the entry's link, or the capture's record: what the archive files it under
    limit: int  # bytes at most, once decoded
    etag: str = ""
    last_modified: str = ""
    last: int | None = None  # key of the body that a feed had at the last look: the same again is not kept again


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way to a document."""

    url: str
    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched document, of whatever type, as it came."""

    ask: Ask
    url: str  # where it was found after redirects, canonical
    status: int  # HTTP status
    headers: tuple[tuple[str, str], ...]  # in the order received
    body: bytes  # decoded; empty for 304
    fetched_at: datetime
    seconds: float  # from the first byte sent to the last received
    hops: tuple[Hop, ...] = ()
    warc_file: str = ""  # where the archive has it, relative to the archive folder
    warc_offset: int = 0  # bytes from that file's start
    left_out: tuple[int, int] | None = None  # bytes and key of a body that is not here, for it was not kept again

    @property
    def size(self) -> int:
        """Bytes of the body, decoded."""
        return self.left_out[0] if self.left_out else len(self.body)

    @property
    def key(self) -> int:
        """The key of the body."""
        return self.left_out[1] if self.left_out else body_key(self.body)

    def header(self, name: str) -> str:
        """A header's value, empty when it was not sent, without signs that a terminal obeys."""
        return next((unseen.without(value) for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed claims about one item."""

    entry_id: int  # key of feed and canonical link (GUID where there is no link): never of the item's place
    feed_id: int
    url: str  # canonical form of the link
    guid: str = ""
    title: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()
    published_claim: str = ""  # as printed
    published_at: datetime | None = None
    updated_claim: str = ""
    tags: tuple[str, ...] = ()
    content: str = ""  # the whole article as HTML, where the feed carries it
    claim_hash: int = 0  # key of what the feed says; another one is an update


@dataclass(frozen=True, slots=True)
class Wishes:
    """When a feed asks to be looked at, in its own words."""

    minutes: float = 0.0  # ttl, or sy:updatePeriod over sy:updateFrequency; 0 for none
    skip_hours: tuple[int, ...] = ()  # UTC, 0 to 23
    skip_days: tuple[int, ...] = ()  # Monday 0


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A parsed feed: what it says of itself, and its entries, newest first as listed."""

    title: str
    site_url: str
    entries: tuple[Entry, ...]
    left_out: int = 0  # entries beyond the cap, counted only
    wishes: Wishes = Wishes()
    format: str = ""  # rss20, atom10, json11, news-sitemap …
    older: str = ""  # address of the next older part of the list, where there is one
    parts: tuple[str, ...] = ()  # addresses of the documents that hold its entries, where it is only their index


@dataclass(frozen=True, slots=True)
class Poll:
    """One look at one feed."""

    feed_id: int
    polled_at: datetime
    outcome: PollOutcome
    status: int | None = None  # HTTP status, where there was an answer
    url: str = ""  # where it was found after redirects
    entries_seen: int = 0
    entries_new: int = 0
    left_out: int = 0  # listed but not kept: beyond the cap, or too odd to read
    overlap: bool | None = None  # whether anything of the last look was still listed; None when there was none
    seconds: float = 0.0
    bytes: int = 0
    error: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: int | None = None
    lying: bool = False  # 304 was answered where the body had changed
    whole: bool = False  # it brought a body
    format: str = ""  # of the document, as of a feed
    title: str = ""
    site_url: str = ""
    wishes: Wishes | None = None  # None: not told, for there was no document
    window_hours: float | None = None
    fresh_seconds: float = 0.0  # for which HTTP caches may keep the answer
    retry_at: datetime | None = None  # Retry-After of a host that was busy
    moved_to: str = ""  # where it was found when every hop there was permanent
    relisted: int = 0  # entries known under another address


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt was when last asked for."""

    origin: str  # scheme, host and port
    verdict: Verdict
    status: int | None  # HTTP status; None where there was no answer
    body: str
    fetched_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Credit:
    """An agency that a text is credited to, and the words that prove it."""

    agency: str  # key, as in agencies.toml
    evidence: str  # the words as printed
    found_in: CreditFrom
    partial: bool = False  # "with material from": contributed, not written
    joint: bool = False  # others wrote with it: a second agency, or the paper's own people


@dataclass(frozen=True, slots=True)
class Observation:
    """What one full reading taught: the element around headline and body, the body's own, its parts kept and dropped."""

    frame: str
    body: str
    kept: tuple[int, ...] = ()
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a site's bodies stand, and which of the parts there belong to them."""

    frame: str
    body: str
    kept: frozenset[int]
    dropped: frozenset[int]


@dataclass(frozen=True, slots=True)
class Article:
    """The reading of one URL."""

    article_id: int  # key of the URL
    url: str  # its address: of the forms of one page (AMP, print …) the one its site calls canonical
    fetched_url: str = ""  # the one fetched, after redirects, canonical; empty where no page was
    title: str = ""
    standfirst: str = ""  # the deck under the headline
    byline: str = ""  # as printed
    authors: tuple[str, ...] = ()  # people, in order
    signed_by: tuple[str, ...] = ()  # where there are none: the newsroom or agency the page gives as its author
    text: str = ""  # paragraphs kept apart by a blank line
    words: int = 0
    language: str = ""  # ISO 639-1, concluded from the text
    outlet: str = ""  # the one name of its site
    outlet_claim: str = ""  # what the page calls its outlet
    locale: str = ""  # as claimed: en-GB
    site: str = ""  # registered domain
    kind: str = "article"  # article, paywall, video, gallery, consent …
    text_from: TextFrom = "page"
    published_at: datetime | None = None
    published_from: DateFrom = ""
    published_precision: Precision = ""
    published_claim: str = ""  # as printed
    published_day: date | None = None  # in the publisher's zone, as far as its claim has one
    modified_at: datetime | None = None
    canonical_url: str = ""  # rel=canonical, only within the same site
    image: str = ""
    image_caption: str = ""
    image_credit: str = ""  # whose picture it is, as printed
    section: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    free: bool | None = None  # isAccessibleForFree
    credits: tuple[Credit, ...] = ()
    fetched_at: datetime | None = None
    warc_file: str = ""
    warc_offset: int = 0
    seen_by: SeenBy = "newsduck"  # whose clock first saw it
    text_hash: int = 0  # key of title, standfirst and text: another one is another version
    extractor: str = ""  # what found the text: a library with its version, or the place learned from the site's pages
    masks: tuple[int, ...] = ()  # of the page's short blocks: what its site's habits are learned from; no column
    taught: Observation | None = None  # where a full reading found the body; no column

    @property
    def agencies(self) -> tuple[str, ...]:
        """The agencies credited, each once, in order of evidence."""
        return tuple(dict.fromkeys(credit.agency for credit in self.credits))


@dataclass(frozen=True, slots=True)
class Outlet:
    """A site, and the one name it goes by."""

    site: str
    name: str
    named_by: NamedBy
    country: str = ""  # ISO 3166
    language: str = ""  # ISO 639-1


@dataclass(frozen=True, slots=True)
class Known:
    """What the warehouse already holds of an entry."""

    claim_hash: int
    outcome: str
    article_id: int | None
    attempts: int
    first_seen_at: datetime
    idle: int = 0  # refetches in a row that found nothing new
    retry_at: datetime | None = None  # for deferred: not before then
    extractor: str = ""  # what found the text that is stored of it


@dataclass(frozen=True, slots=True)
class Stored:
    """What the warehouse already holds of an article, where a new reading has to be likened to it."""

    article_id: int
    text_hash: int
    text_from: TextFrom
    first_seen_at: datetime
    story_id: int | None
    fetched_url: str = ""  # of the page that it was read from
    brought_by: tuple[int, ...] = ()  # the entries that led to that page


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry in one run: exactly one of six, with a reason.

    stored: a new article, or a new reading of one; unchanged: nothing new; duplicate: another entry brought its URL;
    refused: no article there; quarantined: the page broke its reader; deferred: its page is still to be fetched.
    """

    entry: Entry
    outcome: EntryOutcome
    reason: str = ""
    article: Article | None = None  # the reading to keep: for stored, and for unchanged where a page was read again
    article_id: int | None = None  # the article it led to, now or earlier
    tried: bool = False  # whether its page was asked for in this run
    retry_at: datetime | None = None  # for deferred: not before then
    extractor: str = ""  # what found the text that is stored of it
    again: bool = False  # an archived page read again: says nothing new of its entry
    forgotten: str = ""  # the address of the article that its page turned out to be, and that was forgotten


@dataclass(frozen=True, slots=True)
class Import:
    """How far a web archive's file was gone through, for one wish."""

    source: str  # its path or address; a file within another behind an exclamation mark
    wanted: str  # what was wished for, as one line
    size: int  # bytes
    mark: str  # what tells it from another file of that name: its ETag, or when it was last written
    reached: int = 0  # byte at which the part begins that is gone on with
    within: int = 0  # bytes of that part, unpacked, that are done
    records: int = 0  # looked at
    kept: int = 0  # of these, pages taken
    skipped: Mapping[str, int] = field(default_factory=dict)  # why the others were not → how many
    done: bool = False  # to its end


@dataclass(frozen=True, slots=True)
class Member:
    """What grouping needs to know of an article, new or stored."""

    article_id: int
    site: str
    text: str
    first_seen_at: datetime
    title: str = ""
    published_at: datetime | None = None
    credits: tuple[Credit, ...] = ()
    own_site: bool = False  # stands on its agency's own site
    story_id: int | None = None  # where it stands already


@dataclass(frozen=True, slots=True)
class Copy:
    """One article as part of one story."""

    article_id: int
    story_id: int
    lead_article_id: int
    role: CopyRole
    containment: float  # share of this article's shingles that stand in the lead
    lead_containment: float  # share of the lead's shingles that stand in this article
    credits: tuple[Credit, ...] = ()  # its own, the best first; where it has none, its story's author

    @property
    def credit(self) -> Credit | None:
        """The best of its credits."""
        return self.credits[0] if self.credits else None
