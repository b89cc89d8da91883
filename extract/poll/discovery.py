"""Where a site keeps its feeds: what its page announces, what it links to, and where publishing systems put them; and its
sitemaps, for the many that have no feeds any more."""

import re

import lxml.html
from lxml import etree

from extract import plain, urls
from extract.poll.sitemaps import NEWS

TYPES = re.compile(
    r"application/(rss|atom|rdf|feed)\+xml|application/feed\+json|application/xml|text/xml", re.IGNORECASE
)
LOOKS = re.compile(r"(?:^|[/._-])(?:rss|atom|feed|feeds|rdf)(?:[/._-]|\d|$)|\.(?:rss|atom|rdf)$", re.IGNORECASE)
COMMENTS = re.compile(r"comment|kommentar|comentari", re.IGNORECASE)  # in a path
# In a title, a link's or a feed's own: the feed of one post's comments says so nowhere else. "News and comment" are articles.
_TITLED_COMMENTS = re.compile(
    r"comments|commentaires|commenti|comentári|comentari|kommentar|komentar|komentář|reacties|yorum|комментари|коментар|σχολί|コメント|评论|留言|댓글",
    re.IGNORECASE,
)
# WordPress, Drupal, Ghost, Blogger, Hugo, Arc, and what is left of hand-made sites.
USUAL = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/posts/default", "/feed.json")
MOST = 12  # candidates to try
SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/sitemap_index.xml", "/sitemap.xml")


def candidates(body: bytes, url: str) -> list[str]:
    """Addresses that may be feeds of the site this page belongs to, likeliest first; feeds of comments last."""
    announced: list[str] = []
    linked: list[str] = []
    comments = set[str]()
    try:
        tree = lxml.html.fromstring(body, base_url=url)
    except (etree.ParserError, ValueError, AssertionError):
        tree = None
    if tree is not None:
        base = urls.canonical(str(next(iter(tree.xpath("//base/@href")), "")), base=url) or url
        for link in tree.iter("link", "a"):
            address = urls.canonical(link.get("href") or "", base=base)
            if address is None:
                continue
            if COMMENTS.search(address.split("/", 3)[-1]) or is_of_comments(link.get("title") or ""):
                comments.add(address)
            if link.tag == "link":
                if "alternate" in (link.get("rel") or "").lower() and TYPES.match((link.get("type") or "").strip()):
                    announced.append(address)
            elif LOOKS.search(address.split("//", 1)[1]) and urls.site(address) == urls.site(url):
                linked.append(address)
    usual = [address for path in USUAL if (address := urls.canonical(path, base=url))]
    found = [a for a in dict.fromkeys([*announced, *linked[:6], *usual]) if a != url]
    return sorted(found, key=comments.__contains__)[:MOST]


def is_of_comments(title: str) -> bool:
    """Whether a feed of this title is one of what readers write."""
    return _TITLED_COMMENTS.search(title) is not None


def sitemaps(robots: str, url: str) -> list[str]:
    """The sitemaps of a site that may be as good as a feed, likeliest first: those its robots.txt names, and the usual ones."""
    named = [urls.canonical(plain.line(a)) for a in re.findall(r"(?im)^\s*sitemap\s*:\s*(\S+)", robots)]
    found = list(dict.fromkeys(address for address in named if address))
    for_news = [address for address in found if NEWS.search(address)][:3]
    usual = [urls.canonical(path, base=url) or "" for path in SITEMAPS]
    return list(dict.fromkeys([*for_news, *found[:3], *usual]))
