"""A section page as a feed: its links to articles, for sites that offer nothing better.

A link is an article's by what its address looks like and what is printed on it: a headline, not a menu's word. What stands
where most of these stand is one too.
"""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from extract import plain, urls
from extract.errors import NotAFeed, Refused
from extract.poll.items import Item, entries
from extract.read.blocks import count
from extract.read.body.engine import parse as tree_of
from extract.records import Entry, Feed, FeedDocument
from extract.vocabulary import PAGE

FEWEST = 5  # links to articles; a page with fewer is no list of them
HEADLINE = (4, 40)  # words
SHARED = 3  # articles at one place of the page, for others there to count too
LINKS = 5_000  # of a page that are looked at
CARD = 20  # links at most of one
ABOVE = 4  # elements above a link in which its date may stand
CUT = b'<!doctype html><html><head><meta name="newsduck-cut"><title>'  # how a page begins that `bare` has written

_FURNITURE = frozenset({"nav", "footer", "form", "dialog", "menu"})
_DATED = re.compile(
    r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2])(?:[/-]?\d\d?)?(?=[/_.-]|$)|(?<!\d)20\d\d-[01]\d-[0-3]\d(?!\d)"
)
_ID = re.compile(
    r"(?<![0-9])\d{5,}(?![0-9])|(?<=[-_./])[a-z]?\d{4,}(?=$|[.?/])|[0-9a-f]{8}-[0-9a-f]{4}-|(?<=[/-])[0-9a-f]{10,}(?=$|[./])"
)
_SLUG = re.compile(r"[^/]*[^\W_][-_][^/]*[^\W_][-_][^/]*[^\W_][-_][^/]*")
_NO_ARTICLES = """
tag tags topic topics thema themen tema temas sujet author authors autor autoren auteur profile people category
categories kategorie section page search suche buscar login signin register subscribe abo abonnement newsletter
newsletters privacy datenschutz about impressum imprint contact kontakt terms cookies account shop jobs careers help
faq advertise events weather wetter horoscope crossword games podcasts live-tv rss feed feeds wp-login.php cart tools
"""
_PARTS = frozenset(_NO_ARTICLES.split())  # of a path: what stands below it is no article
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|webp|svg|mp[34]|zip|xml|rss|css|js|json)$", re.IGNORECASE)


@dataclass(slots=True)
class _Link:
    url: str
    title: str = ""
    place: str = ""  # the names of the elements that it stands in
    published: str = ""
    heading: bool = False


def looks_like_an_article(url: str) -> bool:
    """Whether an address has what only articles' have: a date, a number, or a headline's words."""
    parts = [part for part in unquote(urlsplit(url).path).lower().split("/") if part]
    if not parts or _FILE.search(parts[-1]) or _PARTS & set(parts[:-1]) or parts[-1] in _PARTS:
        return False
    path, query = "/" + "/".join(parts), urlsplit(url).query
    return bool(
        _DATED.search(path)
        or _ID.search(path)
        or _SLUG.fullmatch(parts[-1])
        or re.search(r"\b(?:a|id|art(?:icle)?(?:_?id)?|story|news)=\d{3,}", query)
    )


def parse(body: bytes, feed: Feed, url: str, fetched_at: datetime, content_type: str = "") -> FeedDocument:
    """The articles that a section page links to, in its order; raises NotAFeed where they are too few."""
    try:
        tree = tree_of(body, url, content_type)
    except Refused as error:
        raise NotAFeed(str(error)) from error
    is_cut = body.startswith(CUT)
    found = _links(tree, url) if is_cut else _articles(tree, url)
    if len(found) < FEWEST and not is_cut:
        raise NotAFeed(f"{url}: is a page with {len(found)} links to articles; a list of them has {FEWEST} at least")
    items = [Item(link=one.url, title=one.title, plain=frozenset(("title",)), published=one.published) for one in found]
    listed, left = entries(items, lambda item: item, feed, url, fetched_at)
    return FeedDocument(
        title=plain.line(tree.findtext(".//title") or "")[:500],
        site_url=urls.canonical("/", base=url) or "",
        entries=listed,
        left_out=left,
        format=PAGE,
    )


def bare(title: str, stays: Sequence[Entry]) -> bytes:
    """A section page that has these entries and nothing besides, whatever stood around them."""
    lines = []
    for entry in stays:
        # A title is escaped twice, for whoever reads a list unescapes it once more; without a moment of its own a link takes another's.
        link = f'<a href="{html.escape(entry.url)}">{html.escape(html.escape(entry.title))}</a>'
        lines.append(f'<li>{link}<time datetime="{html.escape(entry.published_claim)}"></time>')
    listed = "\n".join([f"{html.escape(title)}</title></head><body><ul>", *lines, "</ul></body></html>"])
    return CUT + listed.encode("ascii", "xmlcharrefreplace")


def _articles(tree: HtmlElement, url: str) -> list[_Link]:
    links = _links(tree, url)
    sure = {link.url for link in links if looks_like_an_article(link.url) and _is_headline(link.title)}
    places = Counter(link.place for link in links if link.url in sure)
    usual = {
        place for place, n in places.items() if n >= SHARED and n * 2 >= sum(link.place == place for link in links)
    }
    found = [
        link
        for link in links
        if link.url in sure
        or (_is_headline(link.title) and (link.heading or link.place in usual) and _may_be_one(link.url))
    ]
    shared = Counter(link.published for link in found)
    for link in found:  # one date above many links is the list's, not theirs
        link.published = link.published if shared[link.published] == 1 or "T" in link.published else ""
    return found


def _may_be_one(url: str) -> bool:
    parts = [part for part in unquote(urlsplit(url).path).lower().split("/") if part]
    return (
        bool(parts) and not _FILE.search(parts[-1]) and not _PARTS & set(parts) and (len(parts) > 1 or "-" in parts[0])
    )


def _is_headline(text: str) -> bool:
    return HEADLINE[0] <= count(text) <= HEADLINE[1]


def _links(tree: HtmlElement, url: str) -> list[_Link]:
    """The page's links to its own site, each address once where it is first met, with the longest of its texts."""
    base = urls.canonical(str(next(iter(tree.xpath("//base/@href")), "")), base=url) or url
    here = urls.canonical(url)
    found: dict[str, _Link] = {}
    for anchor in islice(tree.iter("a"), LINKS):
        address = urls.canonical(anchor.get("href") or "", base=base)
        if (
            address is None
            or address == here
            or urls.site(address) != urls.site(url)
            or "@" in urlsplit(address).netloc
        ):
            continue
        above = [str(one.tag) for one in anchor.iterancestors()]
        if _FURNITURE & set(above):
            continue
        link = found.setdefault(address, _Link(address))
        title, heading = _title(anchor)
        if (heading, len(title)) > (link.heading, len(link.title)):
            link.title, link.heading, link.place = title, heading, _place(anchor)
        link.published = link.published or _date(anchor, address, base)
    return list(found.values())


def _title(anchor: HtmlElement) -> tuple[str, bool]:
    """(what is printed on the link, whether it is a heading): of a card that is a link as a whole its heading."""
    headings = ("h1", "h2", "h3", "h4", "h5")
    inside = next(anchor.iter(*headings), None)
    text = plain.line(" ".join((anchor if inside is None else inside).itertext()))
    above = [one.tag for one in anchor.iterancestors()][:2]
    return text, inside is not None or any(tag in headings for tag in above)


def _place(anchor: HtmlElement) -> str:
    names = [f"{one.tag}.{(one.get('class') or '').split(' ')[0]}" for one in (anchor, *anchor.iterancestors())]
    return "<".join(names[:4])


def _date(anchor: HtmlElement, address: str, base: str) -> str:
    """The moment that the link's own card gives; a list's are of no use."""
    for above in islice(anchor.iterancestors(), ABOVE):
        for number, link in enumerate(above.iter("a")):
            other = urls.canonical(link.get("href") or "", base=base)
            if number >= CARD or (other not in (None, address) and looks_like_an_article(str(other))):
                return ""
        for time in above.iter("time"):
            return plain.line(time.get("datetime") or "")
    return ""
