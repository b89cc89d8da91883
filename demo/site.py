"""All addresses of the newsroom on one day, each with its answer."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit
from zlib import crc32

from demo.content import Content
from demo.feeds import Entry, render
from demo.pages import front, page, template
from demo.records import Article, Feed, Outlet, Place
from demo.server import Answer

Addresses = dict[tuple[str, str], Answer]  # (host, path with query) -> answer

PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


class Site:
    """The newsroom's addresses and answers. Knows its port and its clock; asks neither network nor time."""

    def __init__(self, content: Content, now: datetime, port: int) -> None:
        self.content = content
        self.now = now
        self.port = port

    def standing(self, day: int) -> list[Article]:
        """The articles of that day, each in its latest edition, newest first."""
        latest = {(a.outlet, a.slug): a for a in self.content.articles if a.edition <= day}
        return sorted(latest.values(), key=self.published, reverse=True)

    def published(self, article: Article) -> datetime:
        return self._local(article, self._end(article.day) - article.ago)

    def updated(self, article: Article) -> datetime:
        """When it was openly changed; a silent edit leaves the published time."""
        if article.updated is None:
            return self.published(article)
        return self._local(article, self._end(article.edition) - article.updated)

    def home(self, outlet: Outlet) -> str:
        return f"http://{outlet.host}:{self.port}/"

    def url(self, article: Article) -> str:
        outlet = self.content.outlets[article.outlet]
        at = self.published(article)
        number = crc32(article.slug.encode()) % 900_000 + 100_000
        path = outlet.path.format(
            slug=article.slug, number=number, year=at.year, month=f"{at.month:02}", day=f"{at.day:02}"
        )
        return self.home(outlet)[:-1] + (f"/docs/{article.slug}.pdf" if article.kind == "other" else path)

    def addresses(self, day: int) -> Addresses:
        """Every address that answers on that day; what is not in it is 404, a dead outlet's 503."""
        found: Addresses = {}
        standing = self.standing(day)
        for outlet in self.content.outlets.values():
            if outlet.dead:
                continue
            own = [article for article in standing if article.outlet == outlet.key]
            links = [(article.title, self.url(article)) for article in own]
            found[outlet.host, "/"] = _html(front(outlet, links, self.home(outlet)), outlet)
            found[outlet.host, "/robots.txt"] = Answer(b"User-agent: *\nAllow: /\n", "text/plain")
            for feed in outlet.feeds:
                found |= self._feed(feed, outlet, own)
            for article in own:
                if article.kind != "missing":
                    found[outlet.host, path_of(self.url(article))] = self._page(article, outlet)
        return found

    def answer(self, addresses: Addresses, host: str, path: str) -> Answer:
        """What that address answers; campaign parameters are looked through, as sites do."""
        outlet = next((o for o in self.content.outlets.values() if o.host == host), None)
        if outlet and outlet.dead:
            return Answer(b"<h1>Service Unavailable</h1>", status=503)
        if outlet and path.startswith("/img/"):
            return Answer(PIXEL, "image/gif")
        missing = Answer(b"<!doctype html><title>Not found</title><h1>404</h1><p>No such page.</p>", status=404)
        return addresses.get((host, path_of(path)), missing)

    def _feed(self, feed: Feed, outlet: Outlet, own: Sequence[Article]) -> Addresses:
        home = self.home(outlet)
        if feed.format == "html":
            words = template("_nofeed").substitute(name=escape(outlet.name), title=escape(feed.title), home=home)
            return {(outlet.host, feed.path): _html(words, outlet)}
        chosen = [article for article in own if feed.section in ("", article.section)][: feed.limit]
        body, media = render(feed, outlet, [self._entry(article, feed) for article in chosen], home)
        newest = max((self.updated(article) for article in chosen), default=None)
        answer = Answer(body, media, gzip=outlet.gzip, validator=feed.validator, modified=newest)
        found: Addresses = {(outlet.host, feed.path): answer}
        if feed.moved_from:
            location = home[:-1] + feed.path
            found[outlet.host, feed.moved_from] = Answer(b"Moved.", "text/plain", 301, location)
        return found

    def _entry(self, article: Article, feed: Feed) -> Entry:
        url = self.url(article)
        if feed.utm:
            campaign = urlencode({"utm_source": "rss", "utm_medium": "feed", "utm_campaign": feed.utm})
            url += ("&" if "?" in url else "?") + campaign
        named = article.author_field != self.content.outlets[article.outlet].name
        return Entry(
            link=url,
            guid=article.slug,
            title=article.title,
            author=article.author_field if named else "",
            summary=article.summary,
            paragraphs=tuple(block.text for block in article.blocks if block.kind in ("paragraph", "credit")),
            section=article.section,
            published=self.published(article),
            updated=self.updated(article),
        )

    def _page(self, article: Article, outlet: Outlet) -> Answer:
        if article.kind == "other":
            return Answer(PDF, "application/pdf")
        place = Place(self.url(article), self.home(outlet), self.published(article), self.updated(article))
        return _html(page(article, outlet, place), outlet)

    def _end(self, day: int) -> datetime:
        return self.now - timedelta(hours=24 * (2 - day))

    def _local(self, article: Article, at: datetime) -> datetime:
        hours = self.content.outlets[article.outlet].hours
        zone = timezone(timedelta(hours=hours)) if hours else UTC
        return at.astimezone(zone).replace(microsecond=0)


def path_of(url: str) -> str:
    """Path and query without campaign parameters."""
    parts = urlsplit(url)
    query = urlencode([(key, value) for key, value in parse_qsl(parts.query) if not key.startswith("utm_")])
    return parts.path + (f"?{query}" if query else "")


def _html(words: str, outlet: Outlet) -> Answer:
    return Answer(words.encode(), gzip=outlet.gzip)
