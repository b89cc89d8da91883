"""A news sitemap as a feed: what a publisher lists for news search engines (Google's news extension of sitemaps.org).

Often more complete than the feed, and for some outlets all there is. A plain sitemap is no feed: it lists everything.
"""

import re
from datetime import datetime

from lxml import etree

from extract import urls
from extract.errors import NotAFeed
from extract.poll.items import Item, entries
from extract.records import Feed, FeedDocument

_PREFIX = re.compile(rb"(</?)news:")  # of Google's namespace, which publishers misspell or leave undeclared
_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)[\s>]")


def is_one(head: bytes) -> bool:
    """Whether a document that begins like this is a sitemap, or an index of them."""
    return _ROOT.search(head) is not None


def parse(body: bytes, feed: Feed, url: str, fetched_at: datetime, most: int) -> FeedDocument:
    """The articles a news sitemap lists, `most` at most; raises NotAFeed, naming the way out."""
    # No entities, no network; huge trees are refused, the body's limit is far below what they take.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(_PREFIX.sub(rb"\1", body), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise NotAFeed(f"{url}: is no XML that can be read")
    if str(root.tag).rpartition("}")[2] == "sitemapindex":
        listed = [loc.text for loc in root.iter("{*}loc") if loc.text][:3]
        raise NotAFeed(
            f"{url}: is an index of sitemaps; add the one for news, among them {', '.join(listed) or 'none'}"
        )
    found = root.findall("{*}url")
    items = [item for item in found if item.find("{*}news") is not None]
    if found and not items:
        raise NotAFeed(f"{url}: is a sitemap without news; only a news sitemap is as good as a feed")
    listed_entries, odd = entries(items[:most], _item, feed, url, fetched_at)
    names = [name.text for name in root.iter("{*}name") if name.text]
    return FeedDocument(
        title=names[0].strip()[:500] if names else "",
        site_url=urls.canonical("/", base=url) or "",
        entries=listed_entries,
        left_out=max(0, len(items) - most) + odd,
        format="news-sitemap",
    )


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
