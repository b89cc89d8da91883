"""What the newsroom is made of: outlets, feeds, articles, and what is true of each page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# Kinds of page. Only "article" and "paywall" hold text that a reporter wrote.
KINDS = ("article", "paywall", "consent", "video", "missing", "other")


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of an outlet."""

    path: str
    format: str  # rss, rdf, atom, json; html: a web page where a feed was promised; dead: its host is gone
    title: str
    category: str  # folder in the OPML, "Coast/English" for nested ones
    section: str = ""  # only articles of this section; all if empty
    limit: int = 20  # newest entries listed
    full: bool = False  # whole text in the entry (content:encoded, content, content_html)
    charset: str = "utf-8"
    utm: str = ""  # campaign name hung onto every link
    moved_from: str = ""  # old path, which is the one subscribed to and answers 301
    validator: str = ""  # etag, modified: what the feed can be asked for conditionally


@dataclass(frozen=True, slots=True)
class Box:
    """Boilerplate inside an outlet's content area, the same on all its pages."""

    after: int  # paragraphs above it; 99 for the end of the text
    html: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """A site: how its pages look and where its articles live."""

    key: str
    name: str
    language: str
    category: str
    path: str  # address of an article, with {slug} {number} {year} {month} {day}
    date: str  # name of the printed date's style, see dates.py
    hours: int  # its clock, hours east of UTC
    paragraph: str  # HTML around a paragraph's text, as are the next five
    byline: str
    figure: str
    quote: str
    credit: str
    structured: str = ""  # newsarticle, graph: form of the JSON-LD; none if empty
    gzip: bool = False
    dead: bool = False  # answers 503 to everything
    autolink: tuple[str, ...] = ()  # words the site links to a tag page
    boxes: tuple[Box, ...] = ()
    feeds: tuple[Feed, ...] = ()

    @property
    def host(self) -> str:
        return f"{self.key}.localhost"


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of an article's text area, in printed order."""

    kind: str  # paragraph, caption, quote, credit
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article page as it stands from `edition` on. A changed article is two of these with one slug."""

    slug: str
    outlet: str
    day: int  # day of publication
    edition: int  # day from which this form of it stands
    ago: timedelta  # published so long before the end of `day`
    updated: timedelta | None  # changed, openly, so long before the end of `edition`
    kind: str
    language: str
    section: str
    title: str
    byline: str  # as printed
    authors: tuple[str, ...]  # the people in it
    author_field: str  # what meta name=author and dc:creator say
    author_entity: str  # organisation in JSON-LD's author; empty: the authors, else the outlet
    blocks: tuple[Block, ...]
    story: str
    role: str  # original, copy, edited, own
    agency: str | None
    inherited: str | None
    credits: Mapping[str, str]  # style of credit -> its words
    topics: tuple[str, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind == "paragraph")

    @property
    def summary(self) -> str:
        """The first paragraph, or its first 160 characters up to a word's end."""
        text = next(iter(self.paragraphs), self.title)
        return text if len(text) <= 160 else text[:160].rsplit(" ", 1)[0] + " …"


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a page stands, on one port and one clock."""

    url: str
    home: str  # the outlet's front page, with the slash
    published: datetime  # in the outlet's zone
    updated: datetime  # the same unless the change was an open one


@dataclass(frozen=True, slots=True)
class Expected:
    """What is true of one article page, for tests to hold the product against."""

    url: str
    day: int  # from which this holds; a page changed on day two has two records
    outlet: str  # name, as the site prints it
    title: str
    authors: tuple[str, ...]  # people; never the agency, never the paper
    paragraphs: tuple[str, ...]  # the article's own body, no boilerplate; with its dateline
    language: str
    story: str  # shared by all copies of one text
    role: str  # original, copy, edited (own words added before or after), own
    agency: str | None  # key of the agency the page credits; "agencies" where it names none
    inherited: str | None  # key of the story's agency where the page credits nobody
    topics: tuple[str, ...]
    kind: str = "article"  # article, paywall, consent, video, missing, other
    credits: tuple[str, ...] = ()  # where the credit stands: byline, dateline, trailer, contributed, copyright, …
    beside: tuple[str, ...] = ()  # captions, quotes and credit lines: neither demanded of the text nor wrong in it
