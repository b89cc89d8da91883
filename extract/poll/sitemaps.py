"""A news sitemap as a feed: what a publisher lists for news search engines (Google's news extension of sitemaps.org).

Often more complete than the feed, and for some outlets all there is. An index is followed to the sitemaps for news, or to
those that changed last. A plain sitemap lists everything: of it the pages that changed in the last days count, where their
addresses are articles'.
"""

import math
import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree

from extract import moments, urls
from extract.errors import NotAFeed
from extract.poll import sections
from extract.poll.items import Item, entries
from extract.records import Feed, FeedDocument

INDEX = "sitemap-index"
PARTS = 3  # sitemaps of an index that are looked at
LATELY = timedelta(days=3)
NEWS = re.compile(r"news|noticia|nachricht|actu|latest|recent|aktuell", re.IGNORECASE)
_PREFIX = re.compile(rb"(</?)news:")  # of Google's namespace, which publishers misspell or leave undeclared
NAMED = re.compile(rb"urlset|sitemapindex")  # stands in every one, and in few other documents
_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]")


def is_one(head: bytes) -> bool:
    """Whether a document that begins like this is a sitemap, or an index of them."""
    return _ROOT.search(head) is not None


def parse(body: bytes, feed: Feed, url: str, fetched_at: datetime) -> FeedDocument:
    """The articles a sitemap lists; raises NotAFeed, naming what it is instead."""
    # No entities, no network; huge trees are refused, the body's limit is far below what they take.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(_PREFIX.sub(rb"\1", body), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise NotAFeed(f"{url}: is no XML that can be read")
    home = urls.canonical("/", base=url) or ""
    if str(root.tag).rpartition("}")[2] == "sitemapindex":
        if not (parts := _parts(root, url)):
            raise NotAFeed(f"{url}: is an index of sitemaps that names none of its own site")
        return FeedDocument(title="", site_url=home, entries=(), format=INDEX, parts=parts)
    found = root.findall("{*}url")
    items = [item for item in found if item.find("{*}news") is not None]
    form = "news-sitemap"
    if found and not items:
        form, items = "sitemap", _lately(found, fetched_at)
        if not items:
            raise NotAFeed(
                f"{url}: is a sitemap without news, and with no article that changed in the last {LATELY.days} days"
            )
    language = next((one.text or "" for one in root.iter("{*}language")), "")
    listed, left = entries(items, _item, feed, url, fetched_at, language.strip())
    names = [name.text for name in root.iter("{*}name") if name.text]
    return FeedDocument(
        title=names[0].strip()[:500] if names else "",
        site_url=home,
        entries=listed,
        left_out=left,
        format=form,
    )


def _parts(root: etree._Element, url: str) -> tuple[str, ...]:
    """Of an index the sitemaps for news, by their names; where none has one, those that changed last."""
    told: dict[str, str] = {}
    for part in root.findall("{*}sitemap"):
        address = urls.canonical((part.findtext("{*}loc") or "").strip(), base=url)
        if address is not None and urls.site(address) == urls.site(url):
            told.setdefault(address, (part.findtext("{*}lastmod") or "").strip())
    if news := [address for address in told if NEWS.search(urlsplit(address).path)]:
        told = {address: told[address] for address in news}
    # Those without a moment are the last and the first listed: sites write on at one end or the other.
    order = {address: min(n, len(told) - 1 - n) for n, address in enumerate(told)}
    age = {address: -at.timestamp() if (at := moments.read(told[address]).at) else math.inf for address in told}
    return tuple(sorted(told, key=lambda address: (age[address], order[address]))[:PARTS])


def _lately(found: list[etree._Element], now: datetime) -> list[etree._Element]:
    """The articles, by their addresses, that changed in the last days, newest first."""
    told = []
    for item in found:
        at = moments.read((item.findtext("{*}lastmod") or "").strip()).at
        if at is not None and at >= now - LATELY and sections.looks_like_an_article(item.findtext("{*}loc") or ""):
            told.append((at, item))
    return [item for _, item in sorted(told, key=lambda one: one[0], reverse=True)]


def _item(item: etree._Element) -> Item:
    news = item.find("{*}news")

    def text(name: str) -> str:
        found = news.findtext(name) if news is not None else None  # not an image's or a video's title
        return (found or "").strip()

    published = text("{*}publication_date")
    return Item(
        link=(item.findtext("{*}loc") or "").strip(),
        title=text("{*}title"),
        plain=frozenset(("title",)),
        published=published,
        updated=(item.findtext("{*}lastmod") or "").strip(),
        tags=tuple(word.strip() for word in text("{*}keywords").split(",")),
    )
