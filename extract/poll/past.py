"""A site's sitemaps as far back as a day: which of an index's parts to look at, and which addresses are articles of the time since."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from lxml import etree

from extract import moments, plain, urls
from extract.errors import NotAFeed
from extract.poll import document, sections

USUAL = ("/sitemap_index.xml", "/sitemap.xml")  # where none is named
LONGEST = 500  # letters of a title
_NAMED = re.compile(r"(?im)^\s*sitemap\s*:\s*(\S+)")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-](0?[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, slots=True)
class Listed:
    """An article that a sitemap lists."""

    url: str
    title: str
    claim: str  # when it was published, as printed; empty where only its last change is told


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What of a sitemap is of the time since."""

    parts: tuple[str, ...] = ()  # sitemaps that it is an index of
    listed: tuple[Listed, ...] = ()
    older: int = 0  # parts and addresses that are of before
    odd: int = 0  # addresses of other sites, or of what is no article


def named(robots: str, home: str) -> list[str]:
    """The sitemaps that a site's robots.txt names, of its own; the usual ones where it names none."""
    found = [urls.canonical(plain.line(address)) for address in _NAMED.findall(robots)]
    own = [address for address in found if address and urls.site(address) == urls.site(home)]
    return list(dict.fromkeys(own or [address for path in USUAL if (address := urls.canonical(path, base=home))]))


def read(body: bytes, url: str, content_type: str, since: date) -> Sitemap:
    """A sitemap, or an index of them, as far as it is of the time since that day. Raises NotAFeed where it is neither."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(document.mended(document.unpacked(body), content_type), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    kind = str(root.tag).rpartition("}")[2] if root is not None else ""
    if root is None or kind not in ("sitemapindex", "urlset"):
        raise NotAFeed(f"{url}: is no sitemap")
    start = datetime(since.year, since.month, since.day, tzinfo=UTC)
    return _index(root, url, start) if kind == "sitemapindex" else _listing(root, url, start)


def _index(root: etree._Element, url: str, since: datetime) -> Sitemap:
    parts: dict[str, None] = {}
    older = odd = 0
    for part in root.iterfind("{*}sitemap"):
        address = _address(part, url)
        if address is None:
            odd += 1
        elif _is_before(_moment(part, address), since):
            older += 1
        else:
            parts[address] = None
    return Sitemap(parts=tuple(parts), older=older, odd=odd)


def _listing(root: etree._Element, url: str, since: datetime) -> Sitemap:
    listed: dict[str, Listed] = {}
    older = odd = 0
    for item in root.iterfind("{*}url"):
        address, news = _address(item, url), item.find("{*}news")
        claim = (news.findtext("{*}publication_date") or "").strip() if news is not None else ""
        if address is None or not (news is not None or sections.looks_like_an_article(address)):
            odd += 1
        elif (at := moments.read(claim).at or _moment(item, address)) is None or _is_before(at, since):
            older += 1
        else:
            title = plain.line(news.findtext("{*}title") or "")[:LONGEST] if news is not None else ""
            listed[address] = Listed(address, title, claim)
    return Sitemap(listed=tuple(listed.values()), older=older, odd=odd)


def _address(item: etree._Element, url: str) -> str | None:
    """The address of an item of the sitemap's own site."""
    found = urls.canonical((item.findtext("{*}loc") or "").strip(), base=url)
    return found if found is not None and urls.site(found) == urls.site(url) else None


def _moment(item: etree._Element, address: str) -> datetime | None:
    """When it last changed, or the end of the day or month that its address names: sites have written all their pages anew."""
    told, named_at = moments.read((item.findtext("{*}lastmod") or "").strip()).at, _in(address)
    return named_at or told


def _in(address: str) -> datetime | None:
    path = urlsplit(address).path
    if found := _DAY.search(path):
        try:
            return datetime(int(found[1]), int(found[2]), int(found[3]), 23, 59, tzinfo=UTC)
        except ValueError:
            return None
    if found := _MONTH.search(path):
        year, month = int(found[1]), int(found[2])
        return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) - timedelta(minutes=1)
    return None


def _is_before(at: datetime | None, since: datetime) -> bool:
    return at is not None and at < since
